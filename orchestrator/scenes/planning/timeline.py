"""What planning a scene gives: chapters with their cues, and one pure answer to "what should the room be like at t?".

A chapter's own axis begins with its words (0 to `words`), goes on with the doing (`lasts` more), and may end in a wait.
A cue's `at` is an offset on that axis; its anchor says what it hangs from, so that `extend` knows what moves along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypeAlias

from orchestrator.fade import Curve, Fade
from orchestrator.units import FULL, Ms, Percent, WordsPerMinute
from orchestrator.values import Attribute, Playing, Track, Value

RoomState: TypeAlias = Mapping[Track, Value]
"""What the room is like. A track that is absent is untouched (or, before a session, unknown)."""


DIMMEST = 20.0
"""L* below which hands and feet are hard to see: least light to work and to walk by (docs/decisions/0036)."""


class Anchor(StrEnum):
    """What a cue hangs from."""

    START = "start"
    """The chapter's beginning, when its words begin."""
    WORDS = "words"
    """The end of the chapter's words."""
    END = "end"
    """The end of the chapter's doing, or of its wait."""


class Hands(StrEnum):
    """What the person can touch."""

    FREE = "free"
    BUSY = "busy"
    OILY = "oily"


class Posture(StrEnum):
    """What tires whoever holds it for long."""

    ARMS_RAISED = "arms-raised"
    """A hand at the shoulder or above; with a side, one arm."""
    LEG_CROSSED = "leg-crossed"
    """A foot on the other thigh."""
    LEG_LIFTED = "leg-lifted"
    HEAD_TILTED = "head-tilted"
    HEAD_TURNED = "head-turned"
    BENT_FORWARD = "bent-forward"
    TWISTED = "twisted"
    KNEELING = "kneeling"
    SQUATTING = "squatting"
    STANDING = "standing"


class HeldPosture(NamedTuple):
    """A posture that is held through a chapter, and on which side, where it has one."""

    posture: Posture
    side: str | None = None

    def is_as(self, other: "HeldPosture") -> bool:
        """Whether it goes on in another: where one of them says no side, it may."""
        return self.posture is other.posture and (self.side == other.side or None in (self.side, other.side))


@dataclass(frozen=True, slots=True)
class Before:
    """A target: as the room was before the session; a level at most `at_most`."""

    at_most: Percent | None = None

    def of(self, value: Value) -> Value:
        if self.at_most is not None and isinstance(value, float):
            return min(value, float(self.at_most))
        return value


class Move(NamedTuple):
    """A track goes to a target, in `lasts` ms of running time, from wherever it is."""

    track: Track
    target: Value | Before
    lasts: Ms = 0
    curve: Curve = Curve.PERCEPTUAL
    swells: bool = False
    """A beat of light or sound: its target holds where the track rests. While that is still on its way there, as in an
    arrival, it swells on top of it. One that lasts 0 is the last: from then on the track only goes on to rest."""


class Say(NamedTuple):
    """An announcement. `lasts` is its planned length, slack included; `volume` is of the room's voice level."""

    text: str
    lasts: Ms
    volume: Percent = Percent(100.0)
    rate: WordsPerMinute = WordsPerMinute(110.0)
    gap: Ms = 2000
    """Silence between sentences."""
    beat: bool = False
    """A beat of a count never holds the playhead, and is dropped while the voice is busy."""
    language: str | None = None
    """Where it is another than the timeline's."""


class Chime(NamedTuple):
    """A short sound. Never holds; dropped while the voice is busy."""

    sound: str = "soft"


class Cue(NamedTuple):
    """One thing at one moment."""

    at: Ms
    anchor: Anchor
    what: Move | Say | Chime


class Wait(NamedTuple):
    """The end of a chapter that lasts until the person says next, or `at_most`.

    Its cues are words only: START counts from where the wait begins, END back from its limit (`at` is then negative).
    """

    at_most: Ms
    usually: Ms
    cues: tuple[Cue, ...] = ()
    is_answered: bool = True
    """False where nobody can say next: then it runs to its limit."""

    def extended(self, by: Ms) -> "Wait":
        """A longer wait; it takes as much longer as it was told to."""
        return self._replace(at_most=self.at_most + by, usually=self.usually + by)


class Chapter(NamedTuple):
    """One step occurrence. `cues` are in the order in which they fire."""

    id: str
    title: str
    words: Ms
    lasts: Ms
    wait: Wait | None
    cues: tuple[Cue, ...]
    part: str | None = None
    """The part that `skip` leaves, where the scene lets it."""
    hands: Hands = Hands.FREE
    counted: bool = False
    """A count: it begins when the words before it are over; `extend` adds quiet at its end."""
    walking: bool = False
    """The person is on their feet."""
    hands_on: bool = False
    """Hands are on a body: a stroke, oil that is spread, a grip; what a massage is for."""
    posture: HeldPosture | None = None

    @property
    def length(self) -> Ms:
        """Words and doing, without a wait."""
        return self.words + self.lasts

    @property
    def longest(self) -> Ms:
        """Words, doing and the whole wait: what an undisturbed chapter takes."""
        return self.length + (self.wait.at_most if self.wait else 0)

    @property
    def usual(self) -> Ms:
        """Words, doing and the wait as it usually is."""
        return self.length + (self.wait.usually if self.wait else 0)

    def extended(self, by: Ms, fired: int = 0) -> "Chapter":
        """A longer chapter: the doing grows (where there is only a wait, the wait); what hangs from the end moves on.

        The first `fired` cues are history and stay where they were.
        """
        if self.wait is not None and self.lasts == 0:
            return self._replace(wait=self.wait.extended(by))
        rest = (cue._replace(at=cue.at + by) if cue.anchor is Anchor.END else cue for cue in self.cues[fired:])
        cues = (*self.cues[:fired], *sorted(rest, key=lambda cue: cue.at))
        return self._replace(lasts=self.lasts + by, cues=cues)


class HandsOn(NamedTuple):
    """When hands are on a body first, for how long in all, and of what whole."""

    first: Ms
    lasts: Ms
    whole: Ms

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.lasts / self.whole


@dataclass(frozen=True)
class Timeline:
    """A planned scene: what happens when nobody interferes, and how every way out ends."""

    scene: str
    title: str
    language: str
    chapters: tuple[Chapter, ...]
    finish: Chapter
    stopped: Chapter
    lost: Chapter
    roles: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @cached_property
    def starts(self) -> tuple[Ms, ...]:
        """When each chapter begins, `finish` last, if every wait runs to its limit."""
        starts, moment = [], 0
        for chapter in self.chapters:
            starts.append(moment)
            moment += chapter.longest
        return (*starts, moment)

    @property
    def lasts(self) -> Ms:
        """The whole, landing included, with every wait run to its limit."""
        return self.starts[-1] + self.finish.longest

    @property
    def needs_light(self) -> bool:
        """Whether hands work or somebody walks in the course of it."""
        return any(chapter.walking or chapter.hands is not Hands.FREE for chapter in self.chapters)

    @property
    def hands_on(self) -> "HandsOn | None":
        """How long hands are on a body, waits as they usually are, and from when on; None where they never are."""
        usual = self.as_usual()
        worked = [(start, each) for start, each in zip(usual.starts, usual.chapters, strict=False) if each.hands_on]
        if not worked:
            return None
        return HandsOn(worked[0][0], sum(chapter.usual for _, chapter in worked), usual.lasts)

    @cached_property
    def music(self) -> Mapping[str, tuple[Playing, ...]]:
        """What each player is to play in the course of it, by its role; nothing of roles that are only silent."""
        found: dict[str, dict[Playing, None]] = {}
        for chapter in (*self.chapters, self.finish, self.stopped, self.lost):
            for cue in chapter.cues:
                if isinstance(cue.what, Move) and isinstance(cue.what.target, Playing) and cue.what.target.names:
                    found.setdefault(cue.what.track.role, {})[cue.what.target] = None
        return {role: tuple(programmes) for role, programmes in found.items()}

    def as_usual(self) -> "Timeline":
        """The same with each wait as long as it usually is: what people want to read in a plan."""
        chapters = (
            chapter._replace(wait=chapter.wait._replace(at_most=chapter.wait.usually)) if chapter.wait else chapter
            for chapter in self.chapters
        )
        return replace(self, chapters=tuple(chapters))

    def state_at(self, t: Ms, before: RoomState) -> dict[Track, Value]:
        """What an undisturbed session shows `t` ms after its start, of the tracks that it has touched by then.

        A look or music that names a track whose state is not in `before` jumps there: nobody knows whence to fade.
        """
        return {track: fade.at(t) for track, fade in self.fades_at(t, before).items()}

    def fades_at(self, t: Ms, before: RoomState) -> dict[Track, Fade]:
        """The fade that each touched track is in (or has come to rest by) at `t`; times are of the timeline."""
        fades: dict[Track, Fade] = {}
        for start, chapter in zip(self.starts, (*self.chapters, self.finish), strict=True):
            if start > t:
                break
            follow(fades, chapter, start, before, until=t)
        return fades

    def entering(self, index: int, before: RoomState) -> dict[Track, Fade]:
        """The fades that an undisturbed session is in as it enters chapter `index`, before that chapter's own cues."""
        fades: dict[Track, Fade] = {}
        for start, chapter in zip(self.starts[:index], self.chapters[:index], strict=True):
            follow(fades, chapter, start, before, until=self.starts[index])
        return fades


def follow(fades: dict[Track, Fade], chapter: Chapter, start: Ms, before: RoomState, until: Ms) -> None:
    """Let the moves of a chapter that begins at `start` act on `fades`, as far as `until` (included)."""
    for cue in chapter.cues:
        moment = start + cue.at
        if moment > until:
            break
        if isinstance(cue.what, Move):
            fade = moved(cue.what, moment, fades.get(cue.what.track), before)
            if fade is not None:
                fades[cue.what.track] = fade


def moved(move: Move, moment: Ms, running: Fade | None, before: RoomState) -> Fade | None:
    """The fade that a move starts at a moment, from where its track is; None where it has nothing to do.

    `Before` moves nothing that was not touched. What it was before, where that is unknown, is how it is: a fade that it
    was in goes no further.
    """
    known = before.get(move.track)
    if isinstance(move.target, Before):
        if running is None or (known is None and running.end <= moment):
            return None
        if known is None:
            return Fade.still(moment, running.at(moment))
        target = move.target.of(known)
    else:
        target = move.target
    if move.swells and running is not None and isinstance(target, float):
        return _swell(move, target, moment, running)
    origin = running.at(moment) if running is not None else known
    return Fade(moment, moment + move.lasts, target if origin is None else origin, target, move.curve)


def _swell(move: Move, target: float, moment: Ms, running: Fade) -> Fade | None:
    look, here = running.look or running, running.at(moment)
    if move.lasts == 0:
        return Fade(moment, look.end, here, target, look.curve) if look.end > moment else None
    end = moment + move.lasts
    return Fade(moment, end, here, risen(target, look, end), move.curve, look)


def risen(target: float, look: Fade, moment: Ms) -> float:
    """Where a swell goes that goes to `target` once its look rests, at a moment on the way of the look."""
    there, rest = look.at(moment), look.target
    assert isinstance(there, float | int)
    assert isinstance(rest, float | int)
    return min(FULL, target + float(there) - float(rest))


def touched(chapters: Iterable[Chapter]) -> list[Track]:
    """The tracks that these chapters name, in order of first mention."""
    return list(
        dict.fromkeys(cue.what.track for chapter in chapters for cue in chapter.cues if isinstance(cue.what, Move))
    )


def never_out(timeline: "Timeline") -> frozenset[Track]:
    """The tracks of light that the scene touches and at no time wants to be out, but where they were before."""
    chapters = (*timeline.chapters, timeline.finish, timeline.stopped, timeline.lost)
    moves = [cue.what for chapter in chapters for cue in chapter.cues if isinstance(cue.what, Move)]
    out = {move.track for move in moves if move.target == 0.0}
    return frozenset(move.track for move in moves if move.track.attribute is Attribute.LEVEL) - out


def is_light(track: Track) -> bool:
    """True for what people see of a lamp."""
    return track.attribute in (Attribute.LEVEL, Attribute.COLOUR)
