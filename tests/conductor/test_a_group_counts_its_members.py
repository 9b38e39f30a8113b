"""A group that is cast is a way to reach its lamps: each of them is as it was before, afterwards, by itself."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import Abort, Back, GiveBack, Next, Pause, Resume, RoomCommand, Stop
from orchestrator.conductor.journal_entries import Entry, Owed, RecoveryRecord, Settled
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.request import Mode
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.device import DeviceMissing, DeviceReturned, GivenBack, Overridden
from orchestrator.events.session import Ending
from orchestrator.scenes import library
from orchestrator.stage.heard import Debt
from orchestrator.units import MINUTE, SECOND
from orchestrator.values import Attribute, Temperature, Track
from tests.conductor.wired import Wired

LEVEL, COLOUR = Attribute.LEVEL, Attribute.COLOUR
HOME = """
devices:
  left: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/left, colors: [temperature]}
  right: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/right, colors: [temperature]}
  both: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/both, colors: [temperature], members: [left, right]}
rooms: {bedroom: {roles: {main: both}}}
interruptions: {smoke: {topic: house/smoke, equals: alarm, do: abort, when_idle: true}}
"""
SCENE = """
scene: low
format: 1
title: Low
roles: {main: {kind: light}}
looks:
  low: {main: {brightness: 20%, temperature: 2700K}}
  lower: {main: {brightness: 10%, temperature: 2200K}}
steps:
  - {step: one, look: low, fade: 8s, lasts: 20s}
  - {step: two, look: lower, fade: 20s, lasts: 40s}
finish: {look: FINISH, fade: 4s}
stopped: {look: restore, fade: 4s}
"""
DIM = {"state": "ON", "brightness": 100, "color_temp": 370, "color_mode": "color_temp"}
BRIGHT = {"state": "ON", "brightness": 254, "color_temp": 250, "color_mode": "color_temp"}


class Bridge:
    """A bridge with two lamps and their group, which publishes of each what it was told and of the group the last."""

    def __init__(self, left: dict[str, Any], right: dict[str, Any]) -> None:
        self.lamps = {"left": dict(left), "right": dict(right)}
        self.away: set[str] = set()

    def __call__(self, message: Message) -> Iterable[Message]:
        _, name, verb = message.topic.split("/")
        reached = [lamp for lamp in (("left", "right") if name == "both" else (name,)) if lamp not in self.away]
        if verb == "set":
            told = json.loads(message.payload)
            told.pop("transition", None)
            for lamp in reached:
                self.lamps[lamp].update(told)
        for lamp in reached:
            yield self.says(lamp)
        if name == "both" and reached:
            yield Message("zigbee2mqtt/both", json.dumps(self.lamps[reached[0]]))

    def says(self, lamp: str) -> Message:
        return Message(f"zigbee2mqtt/{lamp}", json.dumps(self.lamps[lamp]))

    def turn(self, lamp: str, **state: Any) -> Message:
        """A hand at one lamp."""
        self.lamps[lamp].update(state)
        return self.says(lamp)

    def shows(self, lamp: str) -> tuple[str, int, int]:
        state = self.lamps[lamp]
        return state["state"], state["brightness"], state["color_temp"]


class House(Wired):
    """The two lamps, their group, and what the journal is told."""

    def __init__(self, left: dict[str, Any] = DIM, right: dict[str, Any] = BRIGHT, home: str = HOME) -> None:
        self.bridge = Bridge(left, right)
        self.entries: list[Entry] = []
        super().__init__(home, self.bridge)

    def play(self, finish: str = "restore") -> "House":
        self.start(SCENE.replace("FINISH", finish))
        return self

    def again(self) -> None:
        """The scene anew, whatever is on."""
        scene = library.read(SCENE.replace("FINISH", "restore"), "low.yaml")
        start = prepare(scene, self.home, "bedroom", {}, name=f"s{self.now}")
        self.conductor.start(start._replace(mode=Mode.RESTART), self.now)
        self._exchange()

    def since(self, moment: int) -> set[str]:
        """Who was told something since then."""
        return {
            message.topic.split("/")[1] for at, message in self.sent if at > moment and message.topic[-4:] == "/set"
        }


def availability(name: str, state: str) -> Message:
    return Message(f"zigbee2mqtt/{name}/availability", json.dumps({"state": state}))


@pytest.mark.parametrize("way_out", [None, Stop(), Abort()])
def test_each_lamp_of_a_group_is_given_back_what_it_had_itself(way_out: RoomCommand | None) -> None:
    house = House().play()
    if way_out is not None:
        house.until(35 * SECOND)
        house.command(way_out)
    house.finish()
    assert house.bridge.shows("left") == ("ON", 100, 370)
    assert house.bridge.shows("right") == ("ON", 254, 250)
    assert [event.given for event in house.told(GivenBack)] == [("left", "right")]


def test_a_lamp_of_a_group_that_was_out_goes_out_and_the_other_does_not() -> None:
    house = House(left={**DIM, "state": "OFF"}).play()
    house.finish()
    assert [house.bridge.shows(lamp)[0] for lamp in ("left", "right")] == ["OFF", "ON"]


def test_what_is_the_same_for_all_is_told_to_the_group() -> None:
    house = House().play()
    house.until(55 * SECOND)
    assert house.since(20 * SECOND) == {"both"}


def test_what_all_had_alike_is_given_back_with_the_group_too() -> None:
    house = House(left=BRIGHT).play()
    house.finish()
    assert house.since(0) | {"both"} == {"both"}
    assert house.bridge.shows("left") == house.bridge.shows("right") == ("ON", 254, 250)


def test_a_landing_look_that_stays_is_told_to_the_group() -> None:
    house = House().play("low")
    house.finish()
    assert house.since(20 * SECOND) == {"both"}
    assert house.bridge.shows("left") == house.bridge.shows("right") == ("ON", 51, 370)


def test_each_lamp_is_owed_its_own_before_the_first_message_and_the_group_nothing() -> None:
    house = House()
    house.start(SCENE.replace("FINISH", "restore"))
    owed = [entry.debt for entry in house.conductor.entries() if isinstance(entry, Owed)]
    assert {(debt.device, debt.attribute) for debt in owed} == {
        (lamp, attribute) for lamp in ("left", "right") for attribute in (LEVEL, COLOUR)
    }
    assert {debt.value for debt in owed if debt.attribute is COLOUR} == {Temperature(370.0), Temperature(250.0)}


def test_a_hand_at_one_lamp_is_that_lamp_s_and_the_others_go_on() -> None:
    house = House().play()
    house.until(24 * SECOND)
    house.say(house.bridge.turn("right", brightness=200, color_temp=300))
    assert {(event.device, event.attribute) for event in house.told(Overridden)} == {
        ("right", LEVEL),
        ("right", COLOUR),
    }
    house.until(55 * SECOND)
    assert house.since(24 * SECOND) == {"left"}
    assert house.bridge.shows("left") == ("ON", 25, 454)
    house.finish()
    assert house.bridge.shows("left") == ("ON", 100, 370)
    assert house.bridge.shows("right") == ("ON", 200, 300)
    (event,) = house.told(GivenBack)
    assert (event.given, event.left) == (("left",), ("right",))
    by_hand = [entry for entry in house.conductor.entries() if isinstance(entry, Settled) and entry.by_hand]
    assert {entry.device for entry in by_hand} == {"right"}


def test_a_level_that_a_hand_took_is_left_alone_when_the_group_changes_colour() -> None:
    house = House().play()
    house.until(24 * SECOND)
    house.say(house.bridge.turn("right", brightness=200))
    house.until(55 * SECOND)
    assert house.bridge.shows("right")[:2] == ("ON", 200)
    assert "both" not in house.since(24 * SECOND)


@pytest.mark.parametrize("name", ["both", "right"])
def test_a_lamp_that_a_person_hands_back_is_told_with_the_group_again(name: str) -> None:
    house = House().play()
    house.until(24 * SECOND)
    house.say(house.bridge.turn("right", brightness=200, color_temp=300))
    house.command(GiveBack(name))
    house.until(55 * SECOND)
    assert house.bridge.shows("right") == house.bridge.shows("left") == ("ON", 25, 454)
    assert "both" in house.since(30 * SECOND)


def test_nobody_hands_back_a_group_that_nobody_has_taken() -> None:
    house = House().play()
    house.until(24 * SECOND)
    with pytest.raises(Refused):
        house.command(GiveBack("both"))


def test_a_group_whose_lamp_is_away_goes_on_and_the_lamp_is_told_when_it_returns() -> None:
    house = House().play()
    house.until(10 * SECOND)
    house.bridge.away.add("right")
    house.say(availability("right", "offline"))
    house.until(50 * SECOND)
    assert house.bridge.shows("left")[1] == 25
    house.bridge.away.clear()
    house.say(availability("right", "online"))
    house.until(54 * SECOND)
    assert house.bridge.shows("right") == ("ON", 25, 454)
    house.finish()
    assert house.bridge.shows("right") == ("ON", 254, 250)
    assert house.told(DeviceMissing) == [DeviceMissing("right")]
    assert house.told(DeviceReturned) == [DeviceReturned("right")]


def test_a_lamp_that_is_away_at_the_end_is_owed_and_paid_when_it_returns() -> None:
    house = House().play()
    house.until(10 * SECOND)
    house.bridge.away.add("right")
    house.say(availability("right", "offline"))
    house.command(Stop())
    house.finish()
    assert [(event.given, event.owed) for event in house.told(GivenBack)] == [(("left",), ("right",))]
    house.bridge.away.clear()
    house.say(availability("right", "online"))
    house.until(house.now + MINUTE)
    assert house.bridge.shows("right") == ("ON", 254, 250)
    assert house.conductor.stage.debts == []


def test_of_a_lamp_that_does_not_say_how_it_is_the_group_says_it() -> None:
    house = House()
    house.bridge.away.add("right")  # it does not answer, and nobody knows that it is away
    house.play()
    house.until(4 * SECOND)
    assert house.conductor.stage.debt("right", COLOUR) is None, (
        "the group is on where any lamp is: each may say itself how it is"
    )
    house.until(8 * SECOND)
    assert house.conductor.stage.debt("right", COLOUR) == Debt("right", COLOUR, Temperature(370.0), 5 * SECOND)


def test_a_lamp_that_says_late_that_it_was_off_was_not_as_its_group_is() -> None:
    house = House()
    house.bridge.lamps["right"]["state"] = "OFF"
    house.bridge.away.add("right")
    house.play()
    house.until(3 * SECOND)
    house.bridge.away.clear()
    house.say(house.bridge.says("right"))
    house.until(10 * SECOND)
    assert house.conductor.stage.debt("right", LEVEL) == Debt("right", LEVEL, 0.0, 3 * SECOND)
    house.finish()
    assert house.bridge.shows("right")[0] == "OFF"


def recovered(*debts: Debt) -> RecoveryRecord:
    """What a journal knows of a session in which the scene had touched these."""
    snapshot = tuple((debt.device, debt.attribute, debt.value) for debt in debts if debt.value is not None)
    touched = tuple(Track("main", attribute) for attribute in (LEVEL, COLOUR))
    return RecoveryRecord(0, snapshot, debts, touched, (), Ending.LOST)


def resume(house: House, record: RecoveryRecord) -> None:
    start = prepare(library.read(SCENE.replace("FINISH", "restore"), "low.yaml"), house.home, "bedroom", {}, name="s")
    house.conductor.resume(start, record, house.now)
    house.finish()


def test_a_session_that_was_cut_off_gives_each_lamp_back_its_own() -> None:
    owed = [Debt("left", LEVEL, 40.0, 0), Debt("left", COLOUR, Temperature(370.0), 0)]
    owed += [Debt("right", LEVEL, 100.0, 0), Debt("right", COLOUR, Temperature(250.0), 0)]
    house = House(left={**DIM, "brightness": 51}, right={**DIM, "brightness": 51})
    resume(house, recovered(*owed))
    assert (house.bridge.shows("left"), house.bridge.shows("right")) == (("ON", 102, 370), ("ON", 254, 250))
    assert house.conductor.stage.debts == []


def test_what_an_older_version_owes_to_the_group_itself_is_paid_to_the_group() -> None:
    owed = [Debt("both", LEVEL, 100.0, 0), Debt("both", COLOUR, Temperature(250.0), 0)]
    house = House(left={**DIM, "brightness": 51}, right={**DIM, "brightness": 51})
    resume(house, recovered(*owed))
    assert house.since(-1) == {"both"}
    assert house.bridge.shows("left") == house.bridge.shows("right") == ("ON", 254, 250)
    assert house.conductor.stage.debts == []
    assert {entry.device for entry in house.conductor.entries() if isinstance(entry, Settled)} == {"both"}


def test_after_that_the_group_counts_its_members_again() -> None:
    house = House(left={**DIM, "brightness": 51}, right={**DIM, "brightness": 51})
    resume(house, recovered(Debt("both", LEVEL, 100.0, 0)))
    house.say(house.bridge.turn("left", **DIM), house.bridge.turn("right", **BRIGHT))
    house.play().finish()
    assert house.bridge.shows("left") == ("ON", 100, 370)


def test_an_alarm_lights_each_lamp_of_a_group_and_leaves_it_so() -> None:
    house = House().play()
    house.until(35 * SECOND)
    house.say(Message("house/smoke", "alarm"))
    house.finish()
    house.until(house.now + 5 * MINUTE)
    assert [house.bridge.shows(lamp)[1] for lamp in ("left", "right")] == [254, 254]


def test_an_alarm_lights_lamps_with_their_group_where_it_can() -> None:
    house = House(left=DIM, right={**DIM, "brightness": 20})
    house.say(house.bridge.says("left"), house.bridge.says("right"), Message("house/smoke", "alarm"))
    assert house.since(-1) == {"both"}
    assert [house.bridge.shows(lamp)[1] for lamp in ("left", "right")] == [254, 254]


def test_lamps_that_are_cast_one_by_one_are_told_one_by_one() -> None:
    house = House(home=HOME.replace("main: both", "main: [left, right]")).play()
    house.finish()
    assert house.since(-1) == {"left", "right"}


def test_a_group_of_which_the_home_has_one_lamp_is_told_as_one() -> None:
    house = House(home=HOME.replace("[left, right]", "[left]")).play()
    house.finish()
    assert house.since(-1) == {"both"}


# Nothing of ours explains what a hand sets here, unless it was so before.
TURNS = st.sampled_from([("turn", "left", 5, 160), ("turn", "right", 5, 160)])
ABSENCES = st.sampled_from([("leave", "left"), ("leave", "right")])
STARTS = st.just(("start",))
COMMANDS = st.sampled_from([("say", word) for word in (Pause(), Resume(), Next(), Back(), Stop(), Abort())])
ACTS = st.lists(
    st.tuples(st.integers(0, 15 * SECOND), st.one_of(COMMANDS, COMMANDS, TURNS, ABSENCES, STARTS)), max_size=6
)


@given(ACTS)
def test_whatever_happens_each_lamp_is_a_person_s_or_as_it_was_and_the_journal_knows_what_is_owed(acts: Any) -> None:
    house = House().play()
    owed: dict[tuple[str, Attribute], object] = {}

    def journal() -> None:
        for entry in house.conductor.entries():
            if isinstance(entry, Owed):
                owed[entry.debt.device, entry.debt.attribute] = entry.debt.value
            elif isinstance(entry, Settled):
                owed.pop((entry.device, entry.attribute), None)
        assert owed == {(debt.device, debt.attribute): debt.value for debt in house.conductor.stage.debts}

    hands: dict[str, tuple[str, int, int]] = {}
    journal()
    for pause, (what, *how) in acts:
        house.until(house.now + pause)
        _come_back(house)
        if what == "say":
            with suppress(Refused):
                house.command(how[0])
        elif what == "start":
            house.again()
        elif what == "leave":
            house.bridge.away.add(how[0])
            house.say(availability(how[0], "offline"))
        else:
            lamp, brightness, color_temp = how
            house.until(house.now + 10 * SECOND)
            house.say(house.bridge.turn(lamp, brightness=brightness, color_temp=color_temp))
            hands[lamp] = house.bridge.shows(lamp)
        journal()
    _come_back(house)
    house.finish()
    house.until(house.now + 3 * MINUTE)
    journal()
    before = {"left": ("ON", 100, 370), "right": ("ON", 254, 250)}
    assert {lamp: house.bridge.shows(lamp) for lamp in before} == {**before, **hands}
    assert owed == {}


def _come_back(house: House) -> None:
    for lamp in sorted(house.bridge.away):
        house.bridge.away.discard(lamp)
        house.say(availability(lamp, "online"))
    house.until(house.now + 2 * SECOND)
