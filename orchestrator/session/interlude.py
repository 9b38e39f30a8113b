"""What goes on while a session stands for an interruption: lights that are up, words that are not the scene's.

All in real time: the running clock stands, and with it everything that the scene does.
"""

from typing import NamedTuple

from orchestrator.fade import Fade
from orchestrator.scenes.timeline import RoomState, Say
from orchestrator.values import Attribute, Ms, Percent, Track, Value

LIFT: Ms = 1500
"""How long lights take to come up: within two seconds, and slower than what dazzles (user-needs 3.1: 0.5 s)."""


class Words(NamedTuple):
    """Words that were begun in a pause, and until when they are in the air."""

    id: str
    say: Say
    until: Ms


class Interlude:
    """Of one session; empty while it goes on."""

    def __init__(self) -> None:
        self.fades: dict[Track, Fade] = {}
        """Lights that are higher than the scene has them. They only rise."""
        self.words: Words | None = None

    def light_up(self, room: RoomState, level: Percent, now: Ms) -> list[Track]:
        """Bring what is darker up to a level; gives the tracks that have to move. `room` is how it is now."""
        darker = [
            (track, value)
            for track, value in room.items()
            if track.attribute is Attribute.LEVEL and isinstance(value, float) and value < level
        ]
        self.fades.update((track, Fade(now, now + LIFT, value, float(level))) for track, value in darker)
        return [track for track, _ in darker]

    def at(self, now: Ms) -> dict[Track, Value]:
        """Where the lights are."""
        return {track: fade.at(now) for track, fade in self.fades.items()}

    def quiet_from(self, now: Ms) -> Ms:
        """When the words that were begun here are over."""
        return self.words.until if self.words is not None else now

    def spoken(self, id_: str | None) -> None:
        """Words are over, or (None) the voice is gone."""
        if self.words is not None and id_ in (None, self.words.id):
            self.words = None

    def end(self, now: Ms) -> tuple[dict[Track, Value], Words | None]:
        """It is over: where the lights are, and the words that are still in the air."""
        lights, words = self.at(now), self.words
        self.fades, self.words = {}, None
        return lights, words if words is not None and words.until > now else None
