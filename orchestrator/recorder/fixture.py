"""A recording as a test fixture: what `tests/devices/payloads/` holds, without anything secret or personal.

Every case is what the dialect makes of the messages *after* they were scrubbed, with an entry of the home file that
was scrubbed in the same way: so the fixture is whole in itself, and a test of today.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from orchestrator.devices.dialect import Dialect
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import Report
from orchestrator.errors import RelaxError
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.recorder import notation
from orchestrator.recorder.description import Description
from orchestrator.recorder.exercise import GENTLE
from orchestrator.recorder.keys import is_topical
from orchestrator.recorder.recorder import Recording
from orchestrator.recorder.scrubber import Scrubber

MOST_MESSAGES = 60
"""So many different messages tell all that a device has to say."""


class Fixture(NamedTuple):
    """`content` is what goes into the file; `lost` how many messages mean less without what was taken out of them."""

    content: dict[str, Any]
    lost: int

    @property
    def name(self) -> str:
        """What the file is called, below the folder of its dialect: vendor, model and version."""
        device = self.content["device"]
        told = " ".join(str(device.get(key, "")) for key in ("vendor", "model", "firmware"))
        return re.sub(r"[^a-z0-9.]+", "-", told.casefold()).strip("-.") or "device"

    @property
    def dialect(self) -> str:
        return str(self.content["devices"]["device"]["dialect"])

    def text(self) -> str:
        """The file: a line for each case, so that people can read and compare it."""
        parts = (f"{_json(key)}: {_lines(value, key)}" for key, value in self.content.items())
        return "{\n  " + ",\n  ".join(parts) + "\n}\n"


def fixture(recording: Recording, home: Home, how: str, said: Description) -> Fixture:
    """The fixture of a recording. `how` it was recorded; `said`: what a person says of the device, where it did not."""
    scrubber = Scrubber(_words_of(recording.device, home))
    _learn(scrubber, home)
    _written(recording, home, scrubber, how, said)
    return _written(recording, home, scrubber.again(), how, said)


def _written(recording: Recording, home: Home, scrubber: Scrubber, how: str, said: Description) -> Fixture:
    device, told = recording.device, recording.description
    entries = {"device": _entry(home.model.devices[device.name], scrubber)}
    for number, name in enumerate(device.members, 1):
        entries[f"member_{number}"] = _entry(home.model.devices[name], scrubber)
    if device.members:
        entries["device"]["members"] = [name for name in entries if name != "device"]
    codec = _codec(entries["device"])
    decode, lost = _decoded(recording, home, codec, scrubber)
    identity = {
        key: scrubber.text(getattr(said, key) or getattr(told, key), identity=True)
        for key in ("vendor", "model", "firmware", "bridge")
    }
    content: dict[str, Any] = {
        "source": f"{' '.join(filter(None, identity.values())) or 'a device'}: {how}",
        "device": {key: value for key, value in identity.items() if value} | {"recorded": how},
        "devices": entries,
        "described": [
            {"topic": scrubber.topic(topic), "payload": _described(value, scrubber)} for topic, value in told.said
        ],
        "encode": [
            {
                "device": "device",
                "change": notation.change(change),
                "cost": codec.cost(change),
                "messages": [notation.wire(message) for message in codec.encode(change)],
            }
            for change in dict.fromkeys(recording.exercised.changes)
        ],
        "query": {"device": [notation.wire(message) for message in codec.query()]},
        "decode": decode,
    }
    return Fixture(content, lost)


def _decoded(recording: Recording, home: Home, codec: Dialect, scrubber: Scrubber) -> tuple[list[dict[str, Any]], int]:
    """Each different message once, with what it means; those that lost their meaning are left out and counted."""
    cases: list[dict[str, Any]] = []
    lost = 0
    own = [text for text in _texts(home.model.devices[recording.device.name]) if "/" in text]
    for message in dict.fromkeys(recording.messages):
        clean = message._replace(
            topic=scrubber.topic(message.topic),
            payload=scrubber.payload(message.payload),
            reply_to=None,
            correlation=None,
            expiry=None,
        )
        before, after = recording.device.dialect.decode(message), codec.decode(clean)
        if not before and not message.topic.startswith(tuple(own)):
            continue  # others share the topics of a bridge
        if _kinds(before) != _kinds(after):
            lost += 1
            continue
        case = {"device": "device", "topic": clean.topic, "payload": notation.payload(clean)}
        case |= {"retain": True} if clean.retain else {}
        case |= {"reports": [notation.report(report) for report in after]}
        if case not in cases and len(cases) < MOST_MESSAGES:
            cases.append(case)
    return cases, lost


def _kinds(reports: Iterable[Report]) -> list[type[Report]]:
    return [type(report) for report in reports]


def _entry(written: Mapping[str, Any], scrubber: Scrubber) -> dict[str, Any]:
    """An entry of the home file, with stand-ins."""
    kept = {key: written[key] for key in ("kind", "dialect")}
    left = {key: value for key, value in written.items() if key not in (*kept, "title", "members")}
    clean = {key: _entry_value(value, key, scrubber) for key, value in left.items()}
    return kept | clean


def _entry_value(value: Any, key: str, scrubber: Scrubber) -> Any:
    if isinstance(value, str) and is_topical(key):
        return scrubber.topic(value)
    if isinstance(value, dict):
        return {name: _entry_value(each, name, scrubber) for name, each in value.items()}
    if isinstance(value, list):
        return [_entry_value(each, key, scrubber) for each in value]
    return scrubber.value(value, key)


def _codec(entry: Mapping[str, Any]) -> Dialect:
    family = DIALECTS[entry["dialect"]]
    try:
        return family.codec("device", family.settings.model_validate(entry))
    except ValidationError:
        raise RelaxError(
            "Without its names the entry of the device makes no sense any more.",
            "Give the device topics that are not words of its templates, and try again.",
        ) from None


def _described(value: Any, scrubber: Scrubber) -> Any:
    """A bridge's list says what its library knows; an announcement says what somebody called things."""
    return scrubber.definition(value) if isinstance(value, list) else scrubber.value(value)


def _words_of(device: Device, home: Home) -> set[str]:
    """The levels of topics that the dialect itself adds to what the home file says: nobody's names."""
    dialect = device.dialect
    told = (*dialect.query(), *(message for change in GENTLE for message in dialect.encode(change)))
    topics = (*dialect.topics, *(message.topic for message in told))
    given = {level for text in _texts(home.model.devices[device.name]) for level in text.split("/")}
    return {level for topic in topics for level in topic.split("/")} - given


def _learn(scrubber: Scrubber, home: Home) -> None:
    """What the home file calls its things, and its secrets."""
    model = home.model
    names: list[object] = [model.home]
    for broker in model.brokers:
        names += [broker.host, broker.username, broker.password]
    for room, each in model.rooms.items():
        names += [room, *_texts(each.title), *_texts(each.sites)]
    for device in home.devices.values():
        names += [device.name, device.title]
    for name in names:
        if isinstance(name, str):
            scrubber.learn(name)
    for entry in model.devices.values():
        _entry(entry, scrubber)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [text for each in inner for text in _texts(each)]


def _lines(value: Any, key: str) -> str:
    if key == "device" or not value:
        return _json(value)
    if isinstance(value, dict):
        return "{\n    " + ",\n    ".join(f"{_json(name)}: {_json(each)}" for name, each in value.items()) + "\n  }"
    if isinstance(value, list):
        return "[\n    " + ",\n    ".join(_json(each) for each in value) + "\n  ]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
