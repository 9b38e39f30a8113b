"""A bridge whose list cannot be read is not waited for, and what is wrong with it is said."""

import json

import pytest

from orchestrator.devices.discovery.survey import LONGEST_LIST, Survey
from orchestrator.devices.messages import Message

ONLINE = Message("zigbee2mqtt/bridge/state", '{"state": "online"}', retain=True)
LAMP = {
    "friendly_name": "lamp",
    "ieee_address": "0x1",
    "definition": {"exposes": [{"type": "light", "features": [{"name": "brightness"}]}]},
}
TOO_LONG = json.dumps([LAMP]) + " " * LONGEST_LIST
CASES = {
    "cut": ('[{"friendly_name": "la', "is no JSON"),
    "no list": ('{"friendly_name": "lamp"}', "is no list"),
    "a word": ("online", "is no JSON"),
    "too long": (TOO_LONG, "is longer than"),
}


def survey(*messages: Message) -> Survey:
    heard = Survey("relax-test")
    for message in messages:
        heard.hear(message)
    return heard


def devices(payload: str, part: str = "devices", base: str = "zigbee2mqtt") -> Message:
    return Message(f"{base}/bridge/{part}", payload, retain=True)


@pytest.mark.parametrize(("payload", "why"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("is_first", [True, False])
def test_it_is_not_waited_for_and_what_is_wrong_is_said(payload: str, why: str, is_first: bool) -> None:
    said = [devices(payload), ONLINE] if is_first else [ONLINE, devices(payload)]
    heard = survey(*said)
    assert list(heard.starting) == []
    (left,) = heard.left_out()
    assert (left.title, left.announced_by) == ("zigbee2mqtt", "zigbee2mqtt/bridge/devices")
    assert left.why.startswith(f"its list of devices {why}")
    assert heard.unreadable == (left,)


def test_one_that_can_be_read_in_the_end_is_as_if_nothing_had_been() -> None:
    heard = survey(ONLINE, devices("[{"), devices(json.dumps([LAMP])))
    assert [device.title for device in heard.found()] == ["lamp"]
    assert heard.left_out() == ()


def test_one_that_cannot_be_read_any_more_goes_by_what_it_said() -> None:
    heard = survey(ONLINE, devices(json.dumps([LAMP])), devices("[{"))
    assert [device.title for device in heard.found()] == ["lamp"]


def test_a_list_of_groups_that_cannot_be_read_is_said_as_well() -> None:
    heard = survey(ONLINE, devices(json.dumps([LAMP])), devices("nothing", "groups"))
    assert [device.title for device in heard.found()] == ["lamp"]
    assert [left.why for left in heard.left_out()] == ["its list of groups is no JSON: is it cut off at the broker?"]


def test_what_is_no_bridge_at_all_is_no_matter() -> None:
    heard = survey(Message("garage/bridge/devices", "hello", retain=True))
    assert heard.left_out() == ()


def test_a_bridge_that_has_just_started_is_still_waited_for() -> None:
    assert list(survey(ONLINE).starting) == ["zigbee2mqtt"]
