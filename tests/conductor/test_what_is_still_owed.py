"""What sessions that are over still owe: told to a person, who pays it or drops it."""

import json

import pytest

from orchestrator.commands import Abort, DropOwed, PayOwed, Stop
from orchestrator.conductor.journal_entries import Settled
from orchestrator.conductor.outstanding import WhyOwed
from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused
from orchestrator.events.device import GivenBack
from orchestrator.stage.closing import GivingBack
from orchestrator.stage.heard import Debt
from orchestrator.units import HOUR, MINUTE, SECOND
from orchestrator.values import Attribute
from tests.conductor.wired import Wired

LEVEL = Attribute.LEVEL
HOME = """
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: a/lamp, base: a, colors: []}
  other: {kind: light, dialect: zigbee2mqtt, topic: b/lamp, base: b, colors: []}
rooms: {bedroom: {roles: {main: [lamp, other]}}, hall: {roles: {}}}
"""
SCENE = """
scene: low
format: 1
title: Low
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 20%}}}
steps:
  - {step: one, look: low, fade: 1s, lasts: 20s}
finish: {look: restore, fade: 1s}
stopped: {look: restore, fade: 1s}
"""


class Lamp:
    """Does, and says, what it is told, where its radio reaches it."""

    def __init__(self, topic: str) -> None:
        self.topic, self.brightness, self.is_reached = topic, 178, True

    def __call__(self, message: Message) -> list[Message]:
        if not self.is_reached or message.topic not in (f"{self.topic}/set", f"{self.topic}/get"):
            return []
        self.brightness = int(json.loads(message.payload).get("brightness") or self.brightness)
        return [self.state()]

    def state(self) -> Message:
        return Message(self.topic, json.dumps({"state": "ON", "brightness": self.brightness}))

    def availability(self, word: str) -> Message:
        return Message(f"{self.topic}/availability", json.dumps({"state": word}), retain=True)


class House(Wired):
    """Two lamps, of which `lamp` is out of reach as its session ends."""

    def __init__(self, *, away: bool = False) -> None:
        self.lamp, self.other = Lamp("a/lamp"), Lamp("b/lamp")
        super().__init__(HOME, self.lamp, self.other)
        self.start(SCENE)
        self.until(10 * SECOND)
        self.lamp.is_reached = False
        if away:
            self.say(self.lamp.availability("offline"))
        self.until(2 * MINUTE)

    def owed(self) -> list[tuple[str, WhyOwed]]:
        return [(each.device, each.why) for each in self.conductor.outstanding("bedroom")]

    def settled(self) -> set[str]:
        return {entry.device for entry in self.conductor.entries() if isinstance(entry, Settled)}


@pytest.mark.parametrize(("away", "why"), [(False, WhyOwed.UNANSWERED), (True, WhyOwed.AWAY)])
def test_what_is_owed_is_known_with_what_it_was_since_when_and_why(away, why):
    house = House(away=away)
    (owed,) = house.conductor.outstanding("bedroom")
    assert (owed.device, owed.why, owed.since) == ("lamp", why, 0)
    ((attribute, value),) = owed.values
    assert attribute is LEVEL
    assert isinstance(value, float)
    assert round(value) == 70
    assert house.conductor.outstanding("hall") == []


def test_while_a_session_plays_with_a_device_nothing_of_it_is_left_over():
    house = House()
    house.lamp.is_reached = True
    house.start(SCENE)
    assert house.owed() == []


def test_paid_it_comes_back_slowly():
    house = House()
    house.settled()
    house.lamp.is_reached = True
    house.sent.clear()
    house.command(PayOwed())
    house.until(house.now + MINUTE)
    (told,) = (json.loads(payload) for payload in house.payloads("a/lamp/set"))
    assert told["transition"] >= 10
    assert house.payloads("b/lamp/set") == []
    assert house.lamp.brightness == 178
    assert house.owed() == []
    assert "lamp" in house.settled()
    assert house.told(GivenBack)[-1].given == ("lamp",)


def test_paid_at_night_it_comes_back_as_well():
    house = House(away=True)
    house.conductor.night(frozenset({"bedroom"}), house.now)
    house.lamp.is_reached = True
    house.say(house.lamp.availability("online"), house.lamp.state())
    house.until(house.now + MINUTE)
    assert (house.owed(), house.lamp.brightness) == ([("lamp", WhyOwed.MORNING)], 51)
    house.command(PayOwed("lamp"))
    house.until(house.now + MINUTE)
    assert house.lamp.brightness == 178
    assert house.owed() == []


def test_dropped_it_stays_as_it_is_also_when_it_comes_back():
    house = House(away=True)
    house.settled()
    house.command(DropOwed("lamp"))
    assert house.owed() == []
    assert house.settled() == {"lamp"}
    assert house.told(GivenBack)[-1].left == ("lamp",)
    house.lamp.is_reached = True
    house.sent.clear()
    house.say(house.lamp.availability("online"), house.lamp.state())
    house.until(house.now + MINUTE)
    assert house.payloads("a/lamp/set") == []


def test_what_a_life_before_owed_is_paid_and_dropped_as_well():
    lamp = Lamp("a/lamp")
    for command, brightness in ((PayOwed(), 178), (DropOwed(), 51)):
        house = Wired(HOME, lamp)
        lamp.brightness, lamp.is_reached = 51, False
        house.say(lamp.state())
        house.conductor.owe([Debt("lamp", LEVEL, 70.0, -HOUR)], 0)
        house.until(MINUTE)
        lamp.is_reached = True
        assert [each.device for each in house.conductor.outstanding("bedroom")] == ["lamp"]
        house.conductor.stirred()
        house.command(command)
        house.until(house.now + MINUTE)
        assert house.conductor.outstanding("bedroom") == []
        assert lamp.brightness == brightness
        assert "bedroom" in house.conductor.stirred()


def test_what_cannot_be_done_is_refused_with_what_to_do():
    def refused(house: Wired, room: str, command: PayOwed | DropOwed) -> Refused:
        with pytest.raises(Refused) as found:
            house.conductor.command(room, command, house.now)
        return found.value

    house = House(away=True)
    assert refused(house, "hall", PayOwed()).message == "Nothing is owed in hall."
    assert refused(house, "bedroom", PayOwed("other")).message == "Nothing is owed to other."
    assert refused(house, "hall", DropOwed("lamp")).reason is Reason.UNKNOWN_DEVICE
    with pytest.raises(Refused, match="Nothing is on in bedroom"):
        house.conductor.command("bedroom", DropOwed(), house.now, step="one")
    away = refused(house, "bedroom", PayOwed())
    assert (away.message, away.reason) == ("Away: lamp.", Reason.NOT_NOW)
    assert "relax owed drop" in str(away)


@pytest.mark.parametrize(("away", "why"), [(False, "lamp does not answer"), (True, "lamp is away")])
def test_a_person_is_told_after_an_hour_by_day(away, why):
    house = House(away=away)
    assert house.conductor.overdue("bedroom", HOUR - 1) is None
    told = house.conductor.overdue("bedroom", HOUR)
    assert told == f"Not given back: {why}. To try again: relax owed pay. To leave it so: relax owed drop."
    house.conductor.night(frozenset({"bedroom"}), HOUR)
    assert house.conductor.overdue("bedroom", HOUR) is None
    house.conductor.night(frozenset(), 9 * HOUR)
    assert house.conductor.overdue("bedroom", 9 * HOUR) == told
    assert house.conductor.overdue("hall", 9 * HOUR) is None
    house.command(DropOwed())
    assert house.conductor.overdue("bedroom", 9 * HOUR) is None


def test_nobody_is_told_while_a_session_is_on():
    house = House()
    house.until(HOUR)
    assert house.conductor.overdue("bedroom", house.now)
    house.start(SCENE)
    assert house.conductor.overdue("bedroom", house.now) is None


def test_who_pays_is_told_by_when_it_is_paid():
    house = House()
    house.lamp.is_reached = True
    house.conductor.stirred()
    house.command(PayOwed("lamp"))
    assert house.conductor.stirred() == ["bedroom"]


def course(house: Wired) -> GivingBack:
    """How far `lamp` is."""
    (owed,) = [each for each in house.conductor.outstanding("bedroom") if each.device == "lamp"]
    assert owed.why is WhyOwed.UNDER_WAY
    assert owed.giving_back is not None
    return owed.giving_back


def test_a_lamp_that_was_stopped_is_said_to_be_low_then_under_way_then_waited_for():
    house = Wired(HOME, Lamp("a/lamp"), Lamp("b/lamp"))
    house.start(SCENE.replace("stopped: {look: restore,", "stopped: {look: restore, at_most: 20%,"))
    house.until(10 * SECOND)
    house.command(Stop())
    house.until(15 * SECOND)
    told = course(house)
    assert (told.low_until, told.back_by) == (70 * SECOND, 100 * SECOND)
    assert told.answer_by is not None
    assert told.answer_by > told.back_by
    house.until(told.back_by - 1)
    assert course(house) == told, "nobody has to be told again"
    house.until(told.answer_by)
    assert house.conductor.outstanding("bedroom") == []


def test_a_lamp_that_says_nothing_is_waited_for_until_it_is_said_not_to_answer():
    house = Wired(HOME, Lamp("a/lamp"), lamp := Lamp("b/lamp"))
    house.start(SCENE)
    house.until(10 * SECOND)
    lamp.is_reached = False
    house.command(Abort())
    house.until(11 * SECOND)

    def why() -> WhyOwed:
        return next(each.why for each in house.conductor.outstanding("bedroom") if each.device == "other")

    (owed,) = [each for each in house.conductor.outstanding("bedroom") if each.device == "other"]
    assert owed.giving_back is not None
    assert owed.giving_back.answer_by is not None
    house.until(owed.giving_back.answer_by - 1)
    assert why() is WhyOwed.UNDER_WAY
    house.until(owed.giving_back.answer_by)
    assert why() is WhyOwed.UNANSWERED
