"""What a group is told: what is the next thing for each of its members, and what a message to it can say."""

from dataclasses import replace

import pytest

from orchestrator.devices.abilities import ColourMode, FadeBy, LightAbilities
from orchestrator.devices.messages import Message
from orchestrator.fade import Fade
from orchestrator.home.library import read
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import SECOND
from orchestrator.values import Attribute, Rgb, Value

HOME = """
home: house
format: 1
devices:
  one: {kind: light, dialect: zigbee2mqtt, topic: z/one}
  two: {kind: light, dialect: zigbee2mqtt, topic: z/two}
  three: {kind: light, dialect: zigbee2mqtt, topic: z/three}
  all: {kind: light, dialect: zigbee2mqtt, topic: z/all, members: [one, two, three]}
rooms: {room: {roles: {main: all}}}
"""
LAMPS = ("one", "two", "three")


def stage_of(home: str = HOME) -> Stage:
    """Each lamp is on at half its light, and they are played as a group."""
    stage = Stage(read(home, "house.yaml").devices.values(), {})
    for name in LAMPS:
        stage.receive(Message(f"z/{name}", '{"state": "ON", "brightness": 127}'), 0)
    stage.play(LAMPS, {"all": LAMPS})
    return stage


def wish(stage: Stage, now: int, target: Value, seconds: int = 0, attribute: Attribute = Attribute.LEVEL) -> None:
    for name in LAMPS:
        here = stage.value(name, attribute, now)
        fade = Fade(now, now + seconds * SECOND, target if here is None else here, target)
        stage.wish(name, attribute, Want(fade), now)


def told(stage: Stage, now: int) -> list[str]:
    """Who is told something up to now. Each lamp says what it was told."""
    names = []
    while (due := stage.next_deadline()) is not None and due <= now:
        for message in stage.advance(due):
            name = message.topic.split("/")[1]
            names.append(name)
            for lamp in LAMPS if name == "all" else (name,):
                stage.receive(Message(f"z/{lamp}", message.payload), due)
    return names


def test_one_message_tells_all_members_and_no_one_again() -> None:
    stage = stage_of()
    wish(stage, 0, 20.0)
    assert told(stage, 20 * SECOND) == ["all"]
    assert [round(float(str(stage.value(name, Attribute.LEVEL, 1)))) for name in LAMPS] == [20, 20, 20]


def test_a_long_fade_is_a_message_a_segment() -> None:
    stage = stage_of()
    wish(stage, 0, 20.0, seconds=60)
    assert told(stage, 70 * SECOND) == ["all"] * 6


def test_a_member_that_is_elsewhere_comes_by_itself_and_then_with_the_others() -> None:
    stage = stage_of()
    stage.receive(Message("z/two", '{"state": "ON", "brightness": 250}'), 0)
    wish(stage, 0, 20.0, seconds=15)
    assert sorted(told(stage, 9 * SECOND)) == sorted(LAMPS)
    assert told(stage, 40 * SECOND) == ["all"]


def test_where_a_person_has_one_member_nothing_goes_to_the_group() -> None:
    stage = stage_of()
    wish(stage, 0, 20.0)
    assert told(stage, 0) == ["all"]
    stage.receive(Message("z/two", '{"state": "ON", "brightness": 250}'), 20 * SECOND)
    wish(stage, 20 * SECOND, 30.0)
    assert told(stage, 30 * SECOND) == ["one", "three"]
    assert stage.overridden("two") == [Attribute.LEVEL]
    assert [debt.device for debt in stage.debts] == ["one", "three"]


def test_what_a_hand_has_of_a_member_that_is_away_is_still_theirs() -> None:
    stage = stage_of()
    wish(stage, 0, 20.0)
    assert told(stage, 0) == ["all"]
    stage.receive(Message("z/two", '{"state": "ON", "brightness": 250}'), 20 * SECOND)
    stage.receive(Message("z/two/availability", '{"state": "offline"}'), 20 * SECOND)
    wish(stage, 20 * SECOND, 30.0)
    assert told(stage, 30 * SECOND) == ["one", "three"]


def test_a_member_that_is_away_is_not_taken_for_told() -> None:
    stage = stage_of()
    stage.receive(Message("z/two/availability", '{"state": "offline"}'), 0)
    wish(stage, 0, 20.0)
    assert told(stage, 10 * SECOND) == ["all"]
    stage.receive(Message("z/two/availability", '{"state": "online"}'), 20 * SECOND)
    assert told(stage, 30 * SECOND) == ["two"]


def test_a_group_that_is_away_is_not_told_for_its_members() -> None:
    stage = stage_of()
    stage.receive(Message("z/all/availability", '{"state": "offline"}'), 0)
    wish(stage, 0, 20.0)
    assert told(stage, 0) == ["one", "three", "two"]


def test_what_the_bridge_has_no_room_for_comes_later_and_to_the_group() -> None:
    stage = stage_of()
    for second in range(9):
        wish(stage, second * SECOND, 20.0 + 5.0 * second)
        told(stage, second * SECOND)
    assert told(stage, 20 * SECOND) == ["all"]
    assert [round(float(str(stage.value(name, Attribute.LEVEL, 20 * SECOND)))) for name in LAMPS] == [60, 60, 60]


LAMP = LightAbilities(steps=254)


@pytest.mark.parametrize(
    "light",
    [
        replace(LAMP, fade=FadeBy.STEPPED),
        replace(LAMP, longest_fade=SECOND),
        replace(LAMP, dimmable=False),
        replace(LAMP, colours=ColourMode.NONE),
    ],
)
def test_what_the_group_cannot_be_told_is_told_to_its_members(light: LightAbilities) -> None:
    stage = stage_of()
    group = stage.staged("all")
    group.abilities = replace(group.abilities, light=light)
    wish(stage, 0, Rgb(255, 100, 0), attribute=Attribute.COLOUR)
    wish(stage, 0, 20.0, seconds=5)
    assert "all" not in told(stage, 10 * SECOND)


def test_members_of_other_abilities_get_what_they_can() -> None:
    stage = stage_of(HOME.replace("topic: z/two}", "topic: z/two, curve: linear}"))
    wish(stage, 0, 20.0)
    assert sorted(told(stage, 10 * SECOND)) == sorted(LAMPS)


def test_a_lamp_that_plays_alone_afterwards_is_no_member_any_more() -> None:
    stage = stage_of()
    stage.play(["two"], {})
    wish(stage, 0, 20.0)
    assert sorted(told(stage, 10 * SECOND)) == sorted(LAMPS)
