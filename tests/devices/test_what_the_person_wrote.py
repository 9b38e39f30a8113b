"""What a person wrote of how a device reports holds, whatever the device or its bridge says of itself later."""

import json
from typing import Any

import pytest
import yaml

from orchestrator.devices.messages import LightAbilitiesReport, Message
from orchestrator.home.library import Home, read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.stage.stage import Stage
from tests.devices import payload_notation

FILES = {f"{dialect} {version}": content for dialect, version, content in payload_notation.files()}
SETTLES = 47_000


def home(content: dict[str, Any], **written: object) -> Home:
    devices = {name: {**entry, **written} for name, entry in content["devices"].items()}
    rooms: dict[str, Any] = {"room": {"roles": {}}}
    return read(yaml.safe_dump({"home": "h", "format": 1, "rooms": rooms, "devices": devices}), "home.yaml")


def said(content: dict[str, Any], place: Home) -> list[Message]:
    """What the twins of the devices announce and answer, and what real ones were heard to say."""
    twins = SimulatedHome(place)
    questions = [message for one in place.devices.values() for message in one.dialect.query()]
    heard = [*twins.connected(0), *(answer for each in questions for answer in twins.receive(each, 0))]
    spelt = [(case["topic"], case["payload"]) for case in content["decode"]]
    return [*heard, *twins.advance(1000)] + [
        Message(topic, words if isinstance(words, str) else json.dumps(words)) for topic, words in spelt
    ]


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_it_holds_in_every_dialect(content: dict[str, Any]) -> None:
    place = home(content, reports=False, settle="47s")
    stage = Stage(place.devices.values(), {})
    for message in said(content, place):
        stage.receive(message, 1000)
    for name in place.devices:
        abilities = stage.staged(name).abilities
        for each in (abilities.light, abilities.player, abilities.switch):
            assert each is None or (each.reports, each.settle) == (False, SETTLES)
        assert not stage.staged(name).reports


def test_there_are_dialects_whose_lamps_say_at_run_time_what_they_can() -> None:
    telling = set()
    for name, content in FILES.items():
        place = home(content)
        reports = [
            each for m in said(content, place) for one in place.devices.values() for each in one.dialect.decode(m)
        ]
        telling |= {name.split()[0] for each in reports if isinstance(each, LightAbilitiesReport)}
    assert {"zigbee2mqtt", "home_assistant", "homie", "tasmota"} <= telling
