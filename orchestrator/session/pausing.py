"""What goes on while a session is paused: since when, what was cut, lights that are up, words that are not the scene's.

All in real time: the running clock stands, and with it everything that the scene does.
"""

from typing import NamedTuple

from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import RoomState, Say
from orchestrator.session.voice import Speech
from orchestrator.units import Ms, Percent
from orchestrator.values import Attribute, Track, Value

LIFT: Ms = 1500
"""How long lights take to come up: within two seconds, and slower than what dazzles (user-needs 3.1: 0.5 s)."""


class PausedSpeech(NamedTuple):
    """Words in the air that are not the scene's, and until when they may be."""

    speech: Speech
    until: Ms


class PauseEnd(NamedTuple):
    """What a pause leaves: what it had cut (None: nothing), where the lights are, and words still in the air."""

    cut: list[tuple[Ms, Say]] | None
    lights: dict[Track, Value]
    speech: PausedSpeech | None


class Pausing:
    """Of one session; empty while it goes on. `now` is real."""

    def __init__(self, at_most: Ms) -> None:
        self._at_most = at_most
        self._since: Ms | None = None
        self._cut: list[tuple[Ms, Say]] | None = None
        self._lifted: dict[Track, Fade] = {}
        self._speech: PausedSpeech | None = None

    @property
    def is_on(self) -> bool:
        return self._since is not None

    def begin(self, now: Ms, cut: list[tuple[Ms, Say]] | None) -> None:
        """`cut`: the scene's words that were cut, after their pauses; None where nothing was."""
        self._since, self._cut = now, cut

    def end(self, now: Ms) -> PauseEnd:
        """The session goes on."""
        speech = self._speech if self._speech is not None and self._speech.until > now else None
        ended = PauseEnd(self._cut, self.lights(now), speech)
        self._since, self._cut, self._lifted, self._speech = None, None, {}, None
        return ended

    # Time

    def due(self, now: Ms, *, has_queued: bool, free_at: Ms) -> Ms:
        """When something is to be done: it is too long, or the next queued words can be said.

        `free_at`: when words of the scene that could not be cut are over.
        """
        assert self._since is not None, "asked of a session that goes on"
        too_long = self._since + self._at_most
        if not has_queued:
            return too_long
        return min(too_long, max(now, free_at, self._speech.until if self._speech is not None else now))

    def is_too_long(self, now: Ms) -> bool:
        """Whether it has lasted longer than anybody means to."""
        return self._since is not None and now >= self._since + self._at_most

    # Lights

    def lift(self, room: RoomState, level: Percent, now: Ms) -> list[Track]:
        """Bring lights that are darker up to a level; gives those that have to move. `room` is how it is now."""
        darker = [
            (track, value)
            for track, value in room.items()
            if track.attribute is Attribute.LEVEL and isinstance(value, float) and value < level
        ]
        self._lifted.update((track, Fade(now, now + LIFT, value, float(level))) for track, value in darker)
        return [track for track, _ in darker]

    def lifted(self, track: Track) -> Fade | None:
        """The fade (in real time) of a light that is higher than the scene has it. It only rises."""
        return self._lifted.get(track)

    def lights(self, now: Ms) -> dict[Track, Value]:
        """Where the lights are that are up."""
        return {track: fade.at(now) for track, fade in self._lifted.items()}

    # Words

    def say(self, speech: Speech, until: Ms) -> None:
        """These words are in the air, until then at most."""
        self._speech = PausedSpeech(speech, until)

    def is_saying(self, say: Say) -> bool:
        return self._speech is not None and self._speech.speech.say.text == say.text

    def spoken(self, name: str | None) -> None:
        """Words are over, or (None) the voice is gone."""
        if self._speech is not None and name in (None, self._speech.speech.id):
            self._speech = None
