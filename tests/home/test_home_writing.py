"""A home file that is written for somebody is sound, whatever was found; what was not known stands in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.discovery import parsing
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.home import library
from orchestrator.home.additions import known_as
from orchestrator.home.library import Home
from orchestrator.home.proposal import HomeProposal, proposed, proposed_devices, refusal
from orchestrator.home.writing import home_text
from tests.devices.discovery.homes import content, homes, names, recorded

BROKER = {"host": "broker.local", "port": 1883, "username": "relax", "password": "${RELAX_BROKER_PASSWORD}"}


def written(proposal: HomeProposal) -> str:
    return home_text("home", "en", BROKER, proposal)


def read(text: str) -> Home:
    return library.read(text, "home.yaml", {"RELAX_BROKER_PASSWORD": "secret"})


@pytest.mark.parametrize(("name", "part", "told"), homes())
def test_the_file_of_each_recorded_home_is_sound(name: str, part: str, told: dict[str, Any]) -> None:
    found = recorded(name, part).surveyed().found()
    proposal = proposed(proposed_devices(found))
    home = read(written(proposal))
    assert list(home.devices) == [device.name for device in proposal.devices if not device.refused]
    assert all(device.title in written(proposal) for device in found)
    assert home.remarks == []


@pytest.mark.parametrize(("name", "part", "told"), homes())
def test_an_entry_of_a_dialect_that_is_spoken_is_never_refused(name: str, part: str, told: dict[str, Any]) -> None:
    """So nothing of a dialect that comes later stays a comment."""
    for each in told["found"]:
        if each["entry"]["dialect"] in DIALECTS:
            assert refusal(each["entry"]) == ""


def test_what_was_not_known_stands_at_its_device() -> None:
    found = recorded("zigbee2mqtt/real-2.14.1-simulated-lamps").surveyed().found()
    lines = written(proposed(proposed_devices(found))).splitlines()
    strip = lines.index("  led_strip:")
    assert any(line.startswith("  # NOT KNOWN coolest, warmest:") for line in lines[strip - 3 : strip])


def test_what_relax_does_not_speak_is_a_comment_that_says_so() -> None:
    entry = {"kind": "light", "dialect": "smoke-signals", "topic": "hill"}
    device = FoundDevice(("hill",), entry, "Hill", ("hill/announce",))
    text = written(proposed(proposed_devices([device])))
    assert "  # left as a comment: relax does not speak `smoke-signals` yet\n  # hill:\n" in text
    assert read(text).devices == {}


def test_the_first_line_is_for_editors_and_the_password_is_not_in_the_file() -> None:
    text = written(proposed(()))
    assert text.startswith("# yaml-language-server: $schema=home.schema.json\n")
    assert "${RELAX_BROKER_PASSWORD}" in text
    assert "secret" not in text


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_names_make_a_sound_file(title: str, area: str, topic: str) -> None:
    entry = {"kind": "light", "dialect": "zigbee2mqtt", "topic": f"zigbee2mqtt/{parsing.topic(topic) or 'x'}"}
    named = parsing.text(title)
    device = FoundDevice((topic,), entry, named, (topic,), area=parsing.text(area) or None)
    home = read(written(proposed(proposed_devices([device]))))
    assert [each.settings.title for each in home.devices.values()] == [named]


def test_a_device_of_the_file_is_known_again_and_a_new_one_is_not() -> None:
    for name in (name for name in names() if "status" not in content(name)):
        found = [device for device in recorded(name).surveyed().found() if not refusal(device.entry)]
        if not found:
            continue
        home = read(written(proposed(proposed_devices(found))))
        assert [known_as(device, home) for device in found] == list(home.devices)
        others = recorded("home_assistant/cync2mqtt-illegal-modes").surveyed().found()
        if name != "home_assistant/cync2mqtt-illegal-modes":
            assert [known_as(device, home) for device in others] == [None], name


def test_a_lamp_that_stands_there_in_another_dialect_is_known() -> None:
    (lamp,) = recorded("zigbee2mqtt/homebridge-smoke").surveyed().found()
    entry = {"kind": "light", "dialect": "home_assistant", "command_topic": "zigbee2mqtt/test_light/set"}
    other = FoundDevice(("x",), entry, "by hand", ("x",))
    assert known_as(lamp, read(written(proposed(proposed_devices([other]))))) == "by_hand"
