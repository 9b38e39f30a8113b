"""Who is told first where a bridge takes only four commands a second: whoever has waited longest."""

from orchestrator.devices.messages import Message
from orchestrator.fade import Fade
from orchestrator.home.library import read
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import SECOND
from orchestrator.values import Attribute

LAMPS = tuple(f"lamp_{letter}" for letter in "abcdefghij")
HOME = f"""
home: house
format: 1
devices:
{"".join(f"  {name}: {{kind: light, dialect: zigbee2mqtt, topic: z/{name}}}{chr(10)}" for name in LAMPS)}
rooms: {{room: {{roles: {{main: [{", ".join(LAMPS)}]}}}}}}
"""


def stage_of_ten() -> Stage:
    """Each lamp is on at half its light."""
    stage = Stage(read(HOME, "house.yaml").devices.values(), {})
    for name in LAMPS:
        stage.receive(Message(f"z/{name}", '{"state": "ON", "brightness": 127}'), 0)
    return stage


def wish(stage: Stage, name: str, now: int, target: float, seconds: int = 0) -> None:
    here = stage.value(name, Attribute.LEVEL, now)
    assert here is not None
    fade = Fade(now, now + seconds * SECOND, here, target) if seconds else Fade.still(now, target)
    stage.wish(name, Attribute.LEVEL, Want(fade), now)


def told(stage: Stage, now: int) -> list[str]:
    """The lamps that are told something now."""
    return [message.topic.removeprefix("z/").removesuffix("/set") for message in stage.advance(now)]


def test_a_lamp_in_the_middle_of_a_fade_does_not_wait_behind_those_that_were_called_later() -> None:
    stage = stage_of_ten()
    fading, *others = LAMPS
    wish(stage, fading, 0, 20.0, seconds=8)
    assert told(stage, 0) == [fading]
    wish(stage, fading, 2 * SECOND, 60.0)
    for name in others:
        wish(stage, name, 2 * SECOND + 1, 60.0)
    assert fading in told(stage, 2 * SECOND + 1)


def test_a_lamp_that_waits_for_its_bridge_keeps_its_place_when_something_else_is_wanted_of_it() -> None:
    stage = stage_of_ten()
    for name in LAMPS:
        wish(stage, name, 0, 60.0)
    first = told(stage, 0)
    late = next(name for name in LAMPS if name not in first)
    # Everybody else is called anew, then the one that waits: it is older than they are.
    for name in first:
        wish(stage, name, 400, 30.0)
    wish(stage, late, 500, 30.0)
    assert late in told(stage, SECOND)
