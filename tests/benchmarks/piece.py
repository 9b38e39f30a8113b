"""What all responders play: a home, a scene, and the score, which says what is to be sent when.

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
from orchestrator.mqtt.address import Address
from orchestrator.scenes import library as scenes

CUES = 20
EVERY_MS = 500
STEP_MS = 50
BEFORE = '{"state":"ON","brightness":3}'
"""How each lamp says it is, retained: a session then starts without asking."""
SPEAKER = '{"abilities":["say"]}'
"""What each voice says of itself: it speaks, and does not say when it is done."""
WORDS = 4
"""Each so manieth cue comes with words."""


class Stroke(NamedTuple):
    """One message of the score: milliseconds after the trigger, the number of the lamp in its room, the payload."""

    at: int
    lamp: int
    payload: str


class Cast(NamedTuple):
    """What each room has. The voice counts as one more lamp: its number is that behind the last."""

    lamps: int = 1
    voice: bool = False
    is_stepped: bool = False


class Piece(NamedTuple):
    """So many rooms with a cast each, the scene that they play, and what one room is to send."""

    rooms: int
    cast: Cast
    scene: str
    score: tuple[Stroke, ...]

    @property
    def lasts(self) -> float:
        """Seconds from the trigger to the last message."""
        return self.score[-1].at / 1000

    @property
    def states(self) -> list[tuple[str, str]]:
        """Topic and payload of what each device says of itself."""
        return [state for room in range(self.rooms) for state in _states(room, self.cast)]

    def write(self, folder: Path, address: Address) -> None:
        """The files from which a responder starts."""
        (folder / "home.yaml").write_text(home(self.rooms, self.cast, address))
        (folder / "scenes").mkdir()
        (folder / "scenes" / "bench.yaml").write_text(self.scene)
        (folder / "score.json").write_text(json.dumps(self.score))


def cues(rooms: int, count: int = CUES, cast: Cast = Cast()) -> Piece:  # noqa: B008 it never changes
    """Rooms with so many cues, one every half second; each sets another level. A voice says something now and then."""
    return _piece(rooms, cast, _cue_scene(count, voice=cast.voice), (count - 1) * EVERY_MS)


def fade(lamps: int, seconds: int) -> Piece:
    """One room whose lamps all fade in steps, twenty a second. At 255 units each step is another level."""
    return _piece(1, Cast(lamps, is_stepped=True), _fade_scene(seconds), seconds * 1000)


def home(rooms: int, cast: Cast, address: Address) -> str:
    """A home file of `home_assistant` lamps: no bridge, so no budget."""
    fades = f", fade: stepped, segment: {STEP_MS}ms" if cast.is_stepped else ""
    lines = ["home: bench", "format: 1", f"broker: {{host: {address.host}, port: {address.port}}}", "devices:"]
    for room in range(rooms):
        for lamp in range(cast.lamps):
            topic = f"bench/lamp/{room}/{lamp}"
            lines.append(
                f"  lamp-{room}-{lamp}: {{kind: light, dialect: home_assistant, "
                f"command_topic: {topic}/set, state_topic: {topic}/state{fades}}}"
            )
        if cast.voice:
            speaker = f"{{kind: voice, dialect: relax_speaker, topic: bench/lamp/{room}/{cast.lamps}}}"
            lines.append(f"  lamp-{room}-{cast.lamps}: {speaker}")
    lines.append("rooms:")
    for room in range(rooms):
        lamps = ", ".join(f"lamp-{room}-{lamp}" for lamp in range(cast.lamps))
        voice = f", voice: lamp-{room}-{cast.lamps}" if cast.voice else ""
        lines.append(f"  room-{room}: {{roles: {{main: [{lamps}]{voice}}}}}")
    return "\n".join(lines) + "\n"


def words_or_payload(payload: str) -> str:
    """What tells one stroke from another: of words the text, for their id is the session's."""
    return str(json.loads(payload)["text"]) if '"text"' in payload else payload


def _states(room: int, cast: Cast) -> list[tuple[str, str]]:
    lamps = [(f"bench/lamp/{room}/{lamp}/state", BEFORE) for lamp in range(cast.lamps)]
    topic = f"bench/lamp/{room}/{cast.lamps}"
    return [*lamps, (f"{topic}/status", "online"), (f"{topic}/state", SPEAKER)] if cast.voice else lamps


_HEAD = """\
scene: bench
format: 1
languages: [en]
title: Bench
roles: {main: {kind: light}, voice: {kind: voice, optional: true}}
finish: {look: restore, fade: 0s}
looks:
"""


def _cue_scene(count: int, *, voice: bool) -> str:
    looks = "".join(f"  level_{number}: {{main: {{brightness: {10 + 4 * number}%}}}}\n" for number in range(count))
    later = "".join(
        f"      - {{at: {number * EVERY_MS}ms, look: level_{number}, fade: 0s{_words(number) if voice else ''}}}\n"
        for number in range(1, count)
    )
    cues = f"    cues:\n{later}" if later else ""
    return f"{_HEAD}{looks}steps:\n  - step: play\n    look: level_0\n    fade: 0s\n    lasts: 10min\n{cues}"


def _fade_scene(seconds: int) -> str:
    return (
        f"{_HEAD}  bright: {{main: {{brightness: 100%}}}}\n"
        f"steps:\n  - step: play\n    look: bright\n    fade: {seconds}s\n    curve: perceptual\n    lasts: 10min\n"
    )


def _words(number: int) -> str:
    return f", say: Breath {number}." if number % WORDS == 0 else ""


def _piece(rooms: int, cast: Cast, scene: str, until: int) -> Piece:
    return Piece(rooms, cast, scene, _score(cast, scene, until))


def _score(cast: Cast, text: str, until: int) -> tuple[Stroke, ...]:
    """What a session of one room sends up to a moment, from the conductor itself."""
    one_room = homes.read(home(1, cast, Address("localhost", 1883)), "home.yaml")
    conductor = Conductor(one_room, bridge_rates(one_room))
    for topic, payload in _states(0, cast):
        conductor.receive(Message(topic, payload, retain=True), 0)
    conductor.start(prepare(scenes.read(text, "bench.yaml"), one_room, "room-0", {}, name="score"), 0)
    strokes: list[Stroke] = []
    moment: int | None = 0
    while moment is not None and moment <= until:
        conductor.advance(moment)
        messages, _ = conductor.take()
        strokes += [Stroke(moment, int(message.topic.split("/")[3]), message.payload) for message in messages]
        moment = conductor.next_deadline()
    return tuple(strokes)
