"""What goes on while a session stands: since when, what it cut, lights that are up, words that are not the scene's.

All in real time: the running clock stands, and with it everything that the scene does.
"""

from typing import NamedTuple

from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import RoomState, Say
from orchestrator.session.running import RunningClock
from orchestrator.session.tracks import Tracks
from orchestrator.session.voice import Voice
from orchestrator.values import Attribute, Ms, Percent, Track, Value

LIFT: Ms = 1500
"""How long lights take to come up: within two seconds, and slower than what dazzles (user-needs 3.1: 0.5 s)."""


class Words(NamedTuple):
    """Words that were begun in a pause, and until when they may be in the air."""

    id: str
    say: Say
    until: Ms


class Interlude:
    """Of one session; empty while it goes on. `now` is real."""

    def __init__(self, at_most: Ms) -> None:
        self._at_most = at_most
        self._since: Ms | None = None
        self.cut: list[tuple[Ms, Say]] | None = None
        """The scene's words that were cut, after their pauses; None where nothing was."""
        self.fades: dict[Track, Fade] = {}
        """Lights that are higher than the scene has them. They only rise."""
        self.words: Words | None = None

    @property
    def is_on(self) -> bool:
        return self._since is not None

    def begin(self, now: Ms, cut: list[tuple[Ms, Say]] | None) -> None:
        self._since, self.cut = now, cut

    def is_too_long(self, now: Ms) -> bool:
        """Whether it stands for longer than anybody means to."""
        return self._since is not None and now >= self._since + self._at_most

    # Lights

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

    # Words

    def due(self, voice: Voice, clock: RunningClock, now: Ms) -> Ms:
        """When something is to be done: it stands for too long, or words that wait can be said."""
        assert self._since is not None
        too_long = self._since + self._at_most
        if not voice.has_asides:
            return too_long
        in_air = [clock.when(voice.speech.limit)] if voice.speech is not None else []
        begun = [self.words.until] if self.words is not None else []
        return min(too_long, max([now, *in_air, *begun]))

    def next_words(self, name: str, voice: Voice, clock: RunningClock, now: Ms) -> Words | None:
        """Begin what waits, under this id. No music has to be lowered for it: that stands as well."""
        moment = clock.at(now)
        voice.fall_silent(moment)
        say = voice.next_in_line(moment)
        self.words = Words(name, say, now + voice.longest(say) * 1000 // clock.rate) if say is not None else None
        return self.words

    def spoken(self, name: str | None) -> None:
        """Words are over, or (None) the voice is gone."""
        if self.words is not None and name in (None, self.words.id):
            self.words = None

    def is_saying(self, say: Say) -> bool:
        return self.words is not None and self.words.say.text == say.text

    def end(self, tracks: Tracks, voice: Voice, clock: RunningClock, now: Ms) -> None:
        """The session goes on, its clock not yet: fades begin where the lights are, and words are spoken to the end."""
        moment = clock.at(now)
        tracks.come_down(self.at(now), moment)
        if self.words is not None and self.words.until > now:
            left = (self.words.until - now) * clock.rate // 1000
            voice.carry_on(self.words.id, self.words.say, moment, left)
        self.fades, self.words = {}, None
        self._since, self.cut = None, None
