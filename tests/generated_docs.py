"""What of the documents is made from something else: `make docs` writes it, `test_docs.py` says where it is stale."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from orchestrator.commands import ButtonDoor, Toggle, VoiceDoor, through
from orchestrator.devices.abilities import ColourMode, FadeBy, Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.home.device import Device
from orchestrator.integrations.asyncapi import text as asyncapi
from orchestrator.integrations.spoken_scenes import assist_scenes
from orchestrator.scenes.library import catalogue, load
from orchestrator.units import HOUR, MINUTE, SECOND
from tests.hermes_sentences import RHASSPY, rhasspy_sentences

HERE = Path(__file__).parents[1]
PAYLOADS = HERE / "tests/devices/payloads"


def supported_devices() -> str:
    """The table of the devices that have a fixture, by dialect."""
    rows = ["| dialect | vendor | model | version | kinds | recorded |", "| --- | --- | --- | --- | --- | --- |"]
    for path in sorted(PAYLOADS.glob("*/*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        device = content.get("device", {})
        entries = content["devices"].values()
        settings = [DIALECTS[entry["dialect"]].settings.model_validate(entry) for entry in entries]
        kinds = dict.fromkeys(str(kind) for each in settings for kind in each.kinds)
        version = ", ".join(device[key] for key in ("firmware", "bridge") if device.get(key))
        told = (
            device.get("vendor", ""),
            device.get("model", ""),
            version,
            ", ".join(kinds),
            device.get("recorded", ""),
        )
        rows.append(f"| `{path.parent.name}` | {' | '.join(cell.replace('|', '/') for cell in told)} |")
    return "\n".join(rows)


_OF_VOICES = {
    "done": "says when it has spoken",
    "hush": "can be stopped",
    "rate": "keeps a rate",
    "gap": "keeps silences",
}


def dialect_abilities() -> str:
    """What each dialect can of each kind, by the devices of its fixtures; and who judged that."""
    judges = json.loads((HERE / "tests/devices/judges.json").read_text(encoding="utf-8"))
    rows = ["| dialect | as a | can | judged by |", "| --- | --- | --- | --- |"]
    for name, family in DIALECTS.items():
        devices = fixture_devices(name)
        for kind in sorted(family.kinds - {Kind.SENSOR}, key=list(Kind).index):
            of_kind = [device for device in devices if kind in device.kinds]
            who = [f"{claim['judge']}: {claim['name']}" for claim in judges.get(name, ()) if kind in claim["of"]]
            told = "; ".join(_abilities(kind, of_kind)) or "each press is a signal"
            rows.append(f"| `{name}` | {kind} | {told} | {'; '.join(who) or 'our twin only'} |")
    return "\n".join(rows)


def fixture_devices(dialect: str) -> list[Device]:
    """Every device of a dialect's fixtures, once it has heard what the fixture says of it."""
    devices: list[Device] = []
    for path in sorted((PAYLOADS / dialect).glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for name, entry in content["devices"].items():
            settings = DIALECTS[dialect].settings.model_validate(entry)
            codec = DIALECTS[dialect].codec(name, settings)
            devices.append(Device(name, settings.kinds, name, (), settings, codec))
    return devices


def _abilities(kind: Kind, devices: Sequence[Device]) -> Iterator[str]:
    """What any device of a kind can, in a few words each."""
    if kind is Kind.LIGHT:
        lights = [device.abilities.light for device in devices if device.abilities.light is not None]
        longest = max((each.longest_fade for each in lights if each.fade is FadeBy.NATIVE), default=None)
        yield "relax fades it in steps" if longest is None else f"fades by itself, {_length(longest)} at most"
        modes = (ColourMode.TEMPERATURE, "whites"), (ColourMode.RGB, "colours")
        yield " and ".join(word for mode, word in modes if any(mode in each.colours for each in lights)) or "white only"
    if kind is Kind.PLAYER:
        yield (
            "pauses"
            if any(device.abilities.player and device.abilities.player.pause for device in devices)
            else "plays"
        )
    if kind is Kind.VOICE:
        voices = [device.abilities.voice for device in devices if device.abilities.voice is not None]
        words = {
            "done": "says when it has spoken",
            "hush": "can be stopped",
            "rate": "keeps a rate",
            "gap": "keeps silences",
        }
        yield from (word for key, word in words.items() if any(getattr(voice, key) for voice in voices))
    if kind is not Kind.BUTTON and kind is not Kind.VOICE:
        yield _says(kind, devices)
        if any(device.dialect.query() for device in devices):
            yield "can be asked"


def _says(kind: Kind, devices: Sequence[Device]) -> str:
    """Whether it says how it is, and when that is only when it changes what makes it known otherwise."""
    if not any(_reports(device, kind) for device in devices):
        return "does not say how it is"
    to_keep = DIALECTS[devices[0].settings.dialect].to_keep
    return f"says how it is only when that changes: {to_keep}, and the broker keeps it" if to_keep else "says how it is"


def _reports(device: Device, kind: Kind) -> bool:
    own = getattr(device.abilities, kind.value)
    return own is not None and own.reports


def _length(length: int) -> str:
    hours, minutes = length / HOUR, length / MINUTE
    return f"{hours:.1f} h" if hours >= 1 else f"{minutes:.0f} min" if minutes >= 2 else f"{length / SECOND:g} s"


def button_words() -> str:
    """The words that a button of the home file may have."""
    rows = ["| word | what it does |", "| --- | --- |"]
    for spec, door in through(ButtonDoor):
        once_more = " Once more: it goes on." if door.gives is Toggle else ""
        length = f" By {spec.argument.default}." if spec.argument is not None else ""
        rows.append(f"| `{spec.word}` | {spec.about}{length}{once_more} |")
    return "\n".join(rows)


def intents() -> str:
    """What people can say to a satellite in a session, with the first thing that the English sentences have for it."""
    sentences = (HERE / HERMES / "sentences.en.ini").read_text(encoding="utf-8")
    first = dict(re.findall(r"^\[(\w+)\]\n\(?([^|\[(\n)]+)", sentences, re.MULTILINE))
    rows = ["| intent | for example | does |", "| --- | --- | --- |"]
    for spec, door in through(VoiceDoor):
        length = f" By {spec.argument.default}." if spec.argument is not None else ""
        named = ", ".join(f"`{intent}`" for intent in door.intents)
        rows.append(f"| {named} | “{first[door.intents[0]].strip()}” | {spec.about}{length} |")
    return "\n".join(rows)


HERMES = "docs/integrations/hermes"
MADE = {
    "docs/devices.md": {"dialects": dialect_abilities, "devices": supported_devices},
    "docs/home.md": {"button words": button_words},
    f"{HERMES}/README.md": {"intents": intents},
}
"""Document, name of a part, and what makes it."""


def made_anew(document: str) -> str:
    """A document with its made parts as they have to be now."""
    text = (HERE / document).read_text(encoding="utf-8")
    for name, make in MADE[document].items():
        begin, end = f"<!-- made by `make docs`: {name} -->", "<!-- end -->"
        part = f"{begin}\n\n{make()}\n\n{end}"
        text, count = re.subn(rf"{re.escape(begin)}.*?{end}", part.replace("\\", r"\\"), text, flags=re.DOTALL)
        assert count == 1, f"{document} has no place for {name}"
    return text


def _listed(kind: str | list[str]) -> list[str]:
    return [kind] if isinstance(kind, str) else kind


def scene_list(language: str) -> str:
    """The scenes that ship, as Assist is told what they are called."""
    return (
        "# The scenes that ship, as people call them; made by `make docs`. With your own: `relax scenes sentences "
        f"--language {language}`.\n" + assist_scenes([load(name).model for name in catalogue()], language)
    )


WHOLE: dict[str, Callable[[], str]] = {
    "docs/asyncapi.json": asyncapi,
    **{
        f"docs/integrations/home_assistant/sentences/{language}/relax_scenes.yaml": partial(scene_list, language)
        for language in RHASSPY
    },
    **{f"{HERMES}/sentences.{language}.ini": partial(rhasspy_sentences, language) for language in RHASSPY},
}
"""Documents that are made as a whole. What is made of others comes after them."""


if __name__ == "__main__":
    for document, make in WHOLE.items():
        (HERE / document).write_text(make(), encoding="utf-8")
    for document in MADE:
        (HERE / document).write_text(made_anew(document), encoding="utf-8")
