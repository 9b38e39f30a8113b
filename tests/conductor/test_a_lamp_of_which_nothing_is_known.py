"""A lamp of which nobody knows how it is need not be where another of its role is: it goes straight to the look."""

import json

import pytest

from orchestrator.commands import Pause, Resume, Stop
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack
from tests.conductor.wired import Wired

HOME = """
devices:
  known: {kind: light, dialect: zigbee2mqtt, topic: known, base: zigbee2mqtt}
  unknown: {kind: light, dialect: zigbee2mqtt, topic: unknown, base: zigbee2mqtt KEYS}
rooms: {bedroom: {roles: {main: CAST}}}
"""
SCENE = """
scene: dim
format: 1
title: Dim
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 30%, temperature: 2200K}}}
steps: [{step: a, look: low, fade: 30s, lasts: 60s}]
finish: {look: restore, fade: 25s}
"""
LOW, WARM = 76, 454
"""30 % of 254, and the warmest that a lamp has of itself."""
BRIGHT = {"state": "ON", "brightness": 254, "color_mode": "color_temp", "color_temp": 200}
OUT = {"state": "OFF", "brightness": 254, "color_mode": "color_temp", "color_temp": 200}
NOTHING = [None, {"state": "ON"}, {"state": None, "brightness": None, "color_temp": None}]


def said(topic: str, state: object) -> Message:
    return Message(topic, json.dumps(state))


def evening(keys: str, cast: str, neighbour: object, says: object) -> Wired:
    wired = Wired(HOME.replace("KEYS", keys).replace("CAST", cast))
    wired.say(said("known", neighbour))
    if says is not None:
        wired.say(said("unknown", says))
    wired.start(SCENE)
    return wired


def told(wired: Wired) -> list[tuple[int, str]]:
    return [(at, message.payload) for at, message in wired.sent if message.topic == "unknown/set"]


@pytest.mark.parametrize("keys", ["", ", fade: stepped", ", fade: none", ", one_attribute_per_fade: true"])
@pytest.mark.parametrize("says", NOTHING, ids=["silent", "state alone", "nulls"])
@pytest.mark.parametrize("neighbour", [BRIGHT, OUT], ids=["bright", "out"])
def test_it_is_told_what_it_would_be_told_alone(keys: str, says: object, neighbour: object) -> None:
    beside, alone = (evening(keys, cast, neighbour, says) for cast in ("[known, unknown]", "[unknown]"))
    for wired in (beside, alone):
        wired.until(50_000)
    assert [payload for _, payload in told(beside)] == [payload for _, payload in told(alone)]
    wishes = [json.loads(payload) for _, payload in told(beside)]
    assert {wish["brightness"] for wish in wishes if "brightness" in wish} == {LOW}
    assert {wish["color_temp"] for wish in wishes if "color_temp" in wish} == {WARM}
    assert all(wish.get("transition") != 1 for wish in wishes), "it is behind nobody"


def test_a_pause_on_the_way_makes_it_no_brighter() -> None:
    wired = evening("", "[known, unknown]", BRIGHT, None)
    wired.until(5_000)
    wired.command(Pause())
    wired.until(15_000)
    wired.command(Resume())
    wired.until(60_000)
    assert {json.loads(payload).get("brightness", LOW) for _, payload in told(wired)} == {LOW}


def test_one_that_says_how_it_is_comes_from_there() -> None:
    wired = evening("", "[known, unknown]", OUT, BRIGHT)
    wired.until(50_000)
    levels = [json.loads(payload)["brightness"] for _, payload in told(wired)]
    assert len(set(levels)) == 3
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == LOW


TWO_LOOKS = """
scene: dim
format: 1
title: Dim
roles: {main: {kind: light}}
looks:
  high: {main: {brightness: 80%, temperature: 2700K}}
  low: {main: {brightness: 40%, temperature: 2200K}}
steps: [{step: a, look: high, lasts: 10s}, {step: b, look: low, fade: 60s, lasts: 90s}]
finish: {look: restore, fade: 25s}
stopped: {look: restore, fade: 5s, at_most: 20%, say: "It is over now. Take your time."}
"""


@pytest.mark.parametrize("keys", ["", ", fade: stepped", ", one_attribute_per_fade: true"])
@pytest.mark.parametrize("cast", ["[known, unknown]", "[unknown]"])
def test_whoever_stops_leaves_it_as_it_is_then(keys: str, cast: str) -> None:
    """Nobody knows what to give back: it stays, in level and colour, and is not dimmed for eyes that see it already."""
    wired = Wired(HOME.replace("KEYS", keys).replace("CAST", cast))
    wired.say(said("known", BRIGHT))
    wired.start(TWO_LOOKS)
    wired.until(41_000)
    wired.command(Stop())
    before = len(told(wired))
    wired.finish()
    after = [json.loads(payload) for _, payload in told(wired)[before:]]
    assert all(abs(wish.get("brightness", 152) - 152) <= 3 for wish in after), after
    assert all(abs(wish.get("color_temp", 411) - 411) <= 3 for wish in after), after


def obeys(message: Message) -> list[Message]:
    """The one that is known does as it is told; it is where it was when it is asked."""
    if message.topic == "known/get":
        return [said("known", BRIGHT)]
    return [said("known", BRIGHT | json.loads(message.payload))] if message.topic == "known/set" else []


def test_one_that_was_away_all_the_time_is_told_nothing_when_it_returns_after_that() -> None:
    """It is as it was, or as somebody wants it: no scene has touched it. Nothing is owed to it, nothing said of it."""
    wired = Wired(HOME.replace("KEYS", "").replace("CAST", "[known, unknown]"), obeys)
    wired.say(said("known", BRIGHT), Message("unknown/availability", '{"state": "offline"}'))
    wired.start(SCENE)
    wired.finish()
    wired.say(Message("unknown/availability", '{"state": "online"}'), said("unknown", BRIGHT))
    wired.until(wired.now + 60_000)
    assert told(wired) == []
    assert wired.conductor.stage.debts == []
    assert [each.given for each in wired.told(GivenBack)] == [("known",)]
    assert not any("unknown" in (*each.owed, *dict(each.unknown)) for each in wired.told(GivenBack))


def test_one_that_returned_and_was_told_something_is_given_back_as_far_as_it_is_known() -> None:
    wired = Wired(HOME.replace("KEYS", "").replace("CAST", "[known, unknown]"), obeys)
    wired.say(said("known", BRIGHT), Message("unknown/availability", '{"state": "offline"}'))
    wired.start(SCENE)
    wired.until(40_000)
    wired.say(Message("unknown/availability", '{"state": "online"}'))
    wired.finish()
    assert told(wired) != []
    assert any("unknown" in each.unanswered for each in wired.told(GivenBack))


def test_one_that_says_on_its_return_how_it_is_is_given_that_back() -> None:
    wired = Wired(HOME.replace("KEYS", "").replace("CAST", "[known, unknown]"), obeys)
    wired.say(said("known", OUT), Message("unknown/availability", '{"state": "offline"}'))
    wired.start(SCENE)
    wired.until(40_000)
    wired.say(Message("unknown/availability", '{"state": "online"}'), said("unknown", BRIGHT))
    assert told(wired) == []
    wired.finish()
    wishes = [json.loads(payload) for _, payload in told(wired)]
    assert LOW in [wish["brightness"] for wish in wishes]
    assert (wishes[-1]["brightness"], wishes[-1]["color_temp"]) == (BRIGHT["brightness"], BRIGHT["color_temp"])
