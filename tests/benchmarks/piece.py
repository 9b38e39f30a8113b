"""What both responders play: a home, a scene, and the score, which says what is to be sent when.

The score is what our pure conductor sends on virtual time, so that the bare responder has the same number of messages,
the same payloads and the same due times, without anything to work out.
"""

import json
from pathlib import Path
from typing import NamedTuple

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.devices.messages import Message
from orchestrator.home import library as homes
from orchestrator.scenes import library as scenes

CUES = 20
EVERY_MS = 500
STEP_MS = 50
BEFORE = '{"state":"ON","brightness":3}'
"""How each lamp says it is, retained: a session then starts without asking."""


class Stroke(NamedTuple):
    """One message of the score: milliseconds after the trigger, the number of the lamp in its room, the payload."""

    at: int
    lamp: int
    payload: str


class Piece(NamedTuple):
    """So many rooms with so many lamps each, the scene that they play, and what one room is to send."""

    name: str
    rooms: int
    lamps: int
    scene: str
    score: tuple[Stroke, ...]
    is_stepped: bool

    @property
    def lasts(self) -> float:
        """Seconds from the trigger to the last message."""
        return self.score[-1].at / 1000

    @property
    def states(self) -> list[tuple[str, str]]:
        """Topic and payload of what each lamp says of itself."""
        return [(f"bench/lamp/{room}/{lamp}/state", BEFORE) for room in range(self.rooms) for lamp in range(self.lamps)]

    def write(self, folder: Path) -> None:
        """The files from which a responder starts."""
        (folder / "home.yaml").write_text(home(self.rooms, self.lamps, is_stepped=self.is_stepped))
        (folder / "scene.yaml").write_text(self.scene)
        (folder / "score.json").write_text(json.dumps(self.score))


def cues(rooms: int, count: int = CUES) -> Piece:
    """Rooms with one lamp each and so many cues, one every half second; each sets another level."""
    return _piece("cues", rooms, 1, _cue_scene(count), (count - 1) * EVERY_MS, is_stepped=False)


def fade(lamps: int, seconds: int) -> Piece:
    """One room whose lamps all fade in steps, twenty a second. At 255 units each step is another level."""
    return _piece("fade", 1, lamps, _fade_scene(seconds), seconds * 1000, is_stepped=True)


def home(rooms: int, lamps: int, *, is_stepped: bool) -> str:
    """A home file of `home_assistant` lamps: no bridge, so no budget."""
    fades = f", fade: stepped, segment: {STEP_MS}ms" if is_stepped else ""
    lines = ["home: bench", "format: 1", "devices:"]
    for room in range(rooms):
        for lamp in range(lamps):
            topic = f"bench/lamp/{room}/{lamp}"
            lines.append(
                f"  lamp-{room}-{lamp}: {{kind: light, dialect: home_assistant, "
                f"command_topic: {topic}/set, state_topic: {topic}/state{fades}}}"
            )
    lines.append("rooms:")
    for room in range(rooms):
        cast = ", ".join(f"lamp-{room}-{lamp}" for lamp in range(lamps))
        lines.append(f"  room-{room}: {{roles: {{main: [{cast}]}}}}")
    return "\n".join(lines) + "\n"


_HEAD = """\
scene: bench
format: 1
languages: [en]
title: Bench
roles: {main: {kind: light}}
finish: {look: restore, fade: 0s}
looks:
"""


def _cue_scene(count: int) -> str:
    looks = "".join(f"  level_{number}: {{main: {{brightness: {10 + 4 * number}%}}}}\n" for number in range(count))
    later = "".join(
        f"      - {{at: {number * EVERY_MS}ms, look: level_{number}, fade: 0s}}\n" for number in range(1, count)
    )
    cues = f"    cues:\n{later}" if later else ""
    return f"{_HEAD}{looks}steps:\n  - step: play\n    look: level_0\n    fade: 0s\n    lasts: 10min\n{cues}"


def _fade_scene(seconds: int) -> str:
    return (
        f"{_HEAD}  bright: {{main: {{brightness: 100%}}}}\n"
        f"steps:\n  - step: play\n    look: bright\n    fade: {seconds}s\n    curve: perceptual\n    lasts: 10min\n"
    )


def _piece(name: str, rooms: int, lamps: int, scene: str, until: int, *, is_stepped: bool) -> Piece:
    score = _score(homes.read(home(1, lamps, is_stepped=is_stepped), "home.yaml"), scene, lamps, until)
    return Piece(name, rooms, lamps, scene, score, is_stepped)


def _score(one_room: homes.Home, text: str, lamps: int, until: int) -> tuple[Stroke, ...]:
    """What a session of one room sends up to a moment, from the conductor itself."""
    conductor = Conductor(one_room, bridge_rates(one_room))
    for lamp in range(lamps):
        conductor.receive(Message(f"bench/lamp/0/{lamp}/state", BEFORE, retain=True), 0)
    conductor.start(prepare(scenes.read(text, "scene.yaml"), one_room, "room-0", {}, name="score"), 0)
    strokes: list[Stroke] = []
    moment: int | None = 0
    while moment is not None and moment <= until:
        conductor.advance(moment)
        messages, _ = conductor.take()
        strokes += [Stroke(moment, int(message.topic.split("/")[3]), message.payload) for message in messages]
        moment = conductor.next_deadline()
    return tuple(strokes)
