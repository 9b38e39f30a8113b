"""What a broker has and a home has not: what is offered, and what is not."""

import json
from typing import Any

import pytest

from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import Message
from orchestrator.home.additions import offered
from orchestrator.home.library import Home, read
from tests.devices.discovery.homes import recorded

HEAD = "home: ours\nformat: 1\nrooms: {den: {roles: {}}}\n"


def home(devices: str = "", ignore: str = "") -> Home:
    listed = f"devices:\n{devices}" if devices else ""
    return read(f"{HEAD}{listed}" + (f"ignore: {ignore}\n" if ignore else ""), "home.yaml")


def titles(place: Home) -> list[str]:
    return [
        device.title
        for device in offered(recorded("zigbee2mqtt/real-2.14.1-simulated-lamps").surveyed().found(), place)
    ]


def test_lamps_are_offered_and_plugs_and_groups_are_not() -> None:
    found = recorded("zigbee2mqtt/real-2.14.1-simulated-lamps").surveyed().found()
    assert titles(home()) == [device.title for device in found if device.proposed]
    assert 0 < len(titles(home())) < len(found)


def test_what_the_home_has_is_not_offered_in_whatever_dialect_it_is_written() -> None:
    everything = titles(home())
    own = home("  hall: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/hall}\n")
    assert titles(own) == [title for title in everything if title != "hall"]
    by_template = home("  hall: {kind: light, dialect: template, set: {topic: zigbee2mqtt/hall/set, payload: x}}\n")
    assert titles(by_template) == titles(own)


@pytest.mark.parametrize(
    ("ignore", "left"),
    [("[zigbee2mqtt/hall]", -1), ("[zigbee2mqtt/#]", None), ('["#"]', None), ("[zigbee2mqtt/hal]", 0)],
)
def test_what_is_ignored_is_not_offered(ignore: str, left: int | None) -> None:
    everything = titles(home())
    assert len(titles(home(ignore=ignore))) == (0 if left is None else len(everything) + left)


def test_the_address_is_what_ignore_takes() -> None:
    survey = Survey("probe")
    said: list[tuple[str, Any]] = [
        ("hermes/tts/say", {"siteId": "bedroom"}),
        ("wled/0455f0/status", "online"),
        ("mopidy/stat/plstate", "stopped"),
    ]
    for topic, payload in said:
        survey.hear(Message(topic, payload if isinstance(payload, str) else json.dumps(payload), retain=True))
    addresses = [device.address for device in survey.found()]
    assert sorted(addresses) == ["bedroom", "mopidy", "wled/0455f0"]
    assert offered(survey.found(), home(ignore="[bedroom, mopidy, wled/+]")) == []
