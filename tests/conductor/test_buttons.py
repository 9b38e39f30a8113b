"""Buttons, and whatever acts like one: one finger is one command, and with oil on the hands every button says next."""

import json

import pytest

from orchestrator.commands import Pause
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Hands, Move, Timeline
from orchestrator.session.state import Status
from orchestrator.units import MINUTE
from tests.conductor.evening import START, Act, Evening, Hear
from tests.session.timelines import MAIN, landing

REMOTE = "zigbee2mqtt/remote"


def evening(hands: Hands = Hands.FREE) -> Evening:
    """Ten steps of ten minutes; ten seconds into the second."""
    moves = (Cue(0, Anchor.START, Move(MAIN, 20.0, 5000)),)
    steps = tuple(Chapter(f"step{number}", "", 0, 10 * MINUTE, None, moves, hands=hands) for number in range(10))
    ways_out = landing("finish", 3000), landing("stopped", 3000), landing("lost", 3000)
    one = Evening(Timeline("t", "T", "en", steps, *ways_out))
    one.until(START + 10 * MINUTE + 10_000)
    return one


def press(action: str, topic: str = REMOTE, *, retain: bool = False) -> Hear:
    return Hear(topic, json.dumps({"action": action, "battery": 90}), retain)


def on_action(action: str) -> Hear:
    """As Zigbee2MQTT 2 says it on a topic of its own."""
    return Hear(f"{REMOTE}/action", action)


def step(one: Evening) -> int:
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.session is not None
    return runner.session.index


def is_paused(one: Evening) -> bool:
    runner = one.conductor.runner("room")
    assert runner is not None
    return runner.status is Status.PAUSED


PAUSES = [
    ("a press", [(0, press("toggle"))], True),
    ("the same on both topics", [(0, press("toggle")), (20, on_action("toggle"))], True),
    ("the other one first", [(0, on_action("toggle")), (20, press("toggle"))], True),
    ("only on the topic of its own", [(0, on_action("toggle"))], True),
    ("a contact that bounces", [(0, press("toggle")), (120, press("toggle")), (120, press("toggle"))], True),
    ("two presses", [(0, press("toggle")), (300, press("toggle"))], False),
    ("a retained press", [(0, press("toggle", retain=True))], False),
    ("a retained press on the other topic", [(0, on_action("toggle")._replace(retain=True))], False),
    ("the action taken back, as old versions do", [(0, press(""))], False),
    ("no action at all", [(0, Hear(REMOTE, '{"action": null, "battery": 90}'))], False),
    ("an action that is not mapped", [(0, press("arrow_left_click"))], False),
    ("a button that the room does not list", [(0, press("toggle", "zigbee2mqtt/wand"))], False),
    ("power that is above", [(0, Hear("kettle/power", "1800"))], True),
    ("power that stays above", [(0, Hear("kettle/power", "1800")), (900, Hear("kettle/power", "1810"))], True),
    (
        "power that falls and rises",
        [(0, Hear("kettle/power", f"{watts}")) for watts in (1800, 2)] + [(500, Hear("kettle/power", "1700"))],
        False,
    ),
    (
        "power that was above before",
        [(0, Hear("kettle/power", "1800", True)), (500, Hear("kettle/power", "1800"))],
        False,
    ),
]


@pytest.mark.parametrize(("acts", "paused"), [pytest.param(*case, id=name) for name, *case in PAUSES])
def test_one_finger_is_one_command(acts: list[tuple[int, Act]], paused: bool) -> None:
    one = evening()
    for pause, act in acts:
        one.until(one.now + pause)
        one.act(act)
    assert is_paused(one) is paused
    assert step(one) == 1


VIBRATES = press("vibration", "cushion")
EVENTS = [
    ("once", [(0, VIBRATES)], 1),
    ("and again, which is as good as a press", [(0, VIBRATES), (2000, VIBRATES)], 2),
    ("twice at once", [(0, VIBRATES), (100, VIBRATES)], 1),
    ("long ago", [(0, VIBRATES._replace(retain=True))], 0),
    ("otherwise", [(0, press("tilt", "cushion"))], 0),
    ("nonsense", [(0, Hear("cushion", "{"))], 0),
    ("an event for oily hands only", [(0, Hear("mat", "step"))], 0),
]


@pytest.mark.parametrize(("acts", "steps"), [pytest.param(*case, id=name) for name, *case in EVENTS])
def test_an_event_acts_like_a_button(acts: list[tuple[int, Act]], steps: int) -> None:
    one = evening()
    for pause, act in acts:
        one.until(one.now + pause)
        one.act(act)
    assert step(one) == 1 + steps


OILY = [
    ("a press that means nothing otherwise", [(0, press("arrow_left_click"))], 1),
    ("on both topics", [(0, press("on")), (30, on_action("on"))], 1),
    ("a press and its release", [(0, press("off_press")), (150, press("off_press_release"))], 1),
    (
        "a finger that stays",
        [(0, press("up_press")), *[(800, press("up_hold"))] * 5, (300, press("up_hold_release"))],
        1,
    ),
    ("a dimmer that is held", [(0, press("brightness_move_up")), (3000, press("brightness_stop"))], 1),
    ("held and let go", [(0, press("hold")), (2000, press("release"))], 1),
    ("one that says single and then double", [(0, press("single")), (350, press("double"))], 1),
    ("one that says its halves", [(0, press("btn_down")), (200, press("btn_up")), (300, press("single_push"))], 1),
    ("let go after a restart", [(0, press("off_press_release"))], 0),
    ("one that numbers its keys", [(0, press("press_1")), (2000, press("release_1"))], 1),
    ("two of its keys at once", [(0, press("press_1_and_3")), (2000, press("release_1_and_3"))], 1),
    ("one that was pressed and released", [(0, press("pressed")), (2000, press("released"))], 1),
    ("held and then released", [(0, press("hold")), (2000, press("hold_released"))], 1),
    ("a key that is only called like an end", [(0, press("nonstop")), (2000, press("clearly"))], 2),
    ("a numbered press whose release is mapped", [(0, press("press_2"))], 0),
    ("a numbered release that is mapped", [(0, press("press_2")), (2000, press("release_2"))], -1),
    ("two presses, after each other", [(0, press("on")), (1500, press("on"))], 2),
    ("two presses with their releases", [(0, press("p")), (150, press("p_release")), (600, press("p"))], 2),
    ("a retained press", [(0, press("on", retain=True))], 0),
    ("a button of another room", [(0, press("on", "zigbee2mqtt/wand"))], 0),
    ("the first half of what is mapped", [(0, press("on_press"))], 0),
    ("what is mapped keeps its meaning", [(0, press("on_press")), (200, press("on_press_release"))], -1),
    ("and what is held after it is no other press", [(0, press("toggle")), (800, press("toggle_hold"))], 0),
    ("a foot on the mat", [(0, Hear("mat", "step"))], 1),
    ("the mat, twice", [(0, Hear("mat", "step")), (1000, Hear("mat", "step"))], 2),
]


@pytest.mark.parametrize(("acts", "steps"), [pytest.param(*case, id=name) for name, *case in OILY])
def test_with_oily_hands_every_button_of_the_room_is_next(acts: list[tuple[int, Act]], steps: int) -> None:
    one = evening(Hands.OILY)
    for pause, act in acts:
        one.until(one.now + pause)
        one.act(act)
    assert step(one) == 1 + steps


@pytest.mark.parametrize("act", [press("arrow_left_click"), Hear("mat", "step")])
def test_with_oily_hands_a_paused_session_goes_on_where_it_is(act: Hear) -> None:
    one = evening(Hands.OILY)
    one.act(Pause())
    one.until(one.now + 5000)
    one.act(act)
    assert not is_paused(one)
    assert step(one) == 1


@pytest.mark.parametrize("hands", [Hands.FREE, Hands.BUSY])
def test_with_other_hands_an_unknown_press_is_nothing(hands: Hands) -> None:
    one = evening(hands)
    one.act(press("arrow_left_click"))
    assert step(one) == 1


def test_while_the_room_is_given_back_a_press_changes_nothing() -> None:
    one = evening(Hands.OILY)
    one.until(START + 100 * MINUTE + 1000)
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.status is Status.LANDING
    one.act(press("on"))
    one.act(VIBRATES)
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)
