"""Counted repetitions: rounds of beats that are said, and that light and sound breathe with."""

from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.fade import Curve
from orchestrator.scenes.format.model import CountModel, CountPart
from orchestrator.scenes.planning.scope import Scope, TextMap, Unplannable
from orchestrator.scenes.planning.timeline import Move
from orchestrator.scenes.planning.wants import RoleWants
from orchestrator.units import FULL, Ms
from orchestrator.values import Attribute, Track

MOST_ROUNDS = 1000


class Beat(NamedTuple):
    """One beat: when it comes (from the end of the words), how long it lasts, what is said, which way it swells."""

    at: Ms
    lasts: Ms
    text: str
    swell: str | None
    path: KeyPath


class PlannedCount(NamedTuple):
    """The beats of a count, and its length."""

    beats: tuple[Beat, ...]
    lasts: Ms


class _Part(NamedTuple):
    """A beat of every round: its length, and what is said at it (`model` is a part, or the count itself)."""

    lasts: Ms
    model: CountPart | CountModel
    path: KeyPath

    @property
    def swell(self) -> str | None:
        return self.model.swell if isinstance(self.model, CountPart) else None

    def text(self, n: int, times: int) -> tuple[str, TextMap | None]:
        """The text of a round, and its key; a round that is first and last is said as the first."""
        if isinstance(self.model, CountPart):
            if n == 1 and self.model.first is not None:
                return "first", self.model.first
            if n == times > 1 and self.model.last is not None:
                return "last", self.model.last
        return "say", self.model.say


def counted(count: CountModel, scope: Scope, path: KeyPath) -> PlannedCount:
    """A count laid out, at the scope's pace. Raises Unplannable."""
    parts = _parts(count, scope, path)
    round_lasts = sum(part.lasts for part in parts)
    if round_lasts <= 0:
        raise Unplannable(path, "a round of this count takes no time; give its parts a length")
    times = _times(count, round_lasts, scope, path)
    beats, at = [], 0
    for n in range(1, times + 1):
        heard = count.spoken is None or (count.spoken > 0 and (n <= count.spoken or n == times))
        inner = scope.within(n=n, times=times) if heard else scope
        for part in parts:
            key, text = part.text(n, times)
            said = inner.text(text, (*part.path, key)) if heard and text is not None else ""
            beats.append(Beat(at, part.lasts, said, part.swell, part.path))
            at += part.lasts
    return PlannedCount(tuple(beats), at)


def swells(beat: Beat, count: CountModel, wants: RoleWants) -> Iterator[Move]:
    """The moves of a beat that swells: up by so many points of percent from where the track rests, or back down there.

    Never above full. A track of which nobody knows where it rests, or that is off, stays as it is.
    """
    for track, rest, points in _swelling(count, wants) if beat.swell else ():
        target = min(FULL, rest + points) if beat.swell == "up" else rest
        yield Move(track, float(target), beat.lasts, Curve.EASE, swells=True)


def rests(count: CountModel, wants: RoleWants) -> Iterator[Move]:
    """The end of all swelling: what was still on its way as the count began goes on by itself."""
    yield from (Move(track, float(rest), swells=True) for track, rest, _ in _swelling(count, wants))


def _swelling(count: CountModel, wants: RoleWants) -> Iterator[tuple[Track, float, float]]:
    """Each track that swells, where it rests, and by how much."""
    for role, points in (count.swell or {}).items():
        for attribute in (Attribute.LEVEL, Attribute.VOLUME):
            track = Track(role, attribute)
            rest = wants.level(track)
            if rest is not None:
                yield track, rest, points


def _parts(count: CountModel, scope: Scope, path: KeyPath) -> list[_Part]:
    if count.parts is None:
        if count.every is None:
            raise Unplannable(path, "a count has either `parts`, or `every` with `say`")
        return [_Part(scope.doing(count.every, (*path, "every")), count, path)]
    return [
        _Part(scope.doing(part.lasts, (*path, "parts", index, "lasts")), part, (*path, "parts", index))
        for index, part in enumerate(count.parts)
    ]


def _times(count: CountModel, round_lasts: Ms, scope: Scope, path: KeyPath) -> int:
    """How many rounds: as written, or as many whole ones as fit, but at least one."""
    if count.times is None:
        if count.lasts is None:
            raise Unplannable(path, "a count has either `times` or `lasts`")
        fitting = scope.doing(count.lasts, (*path, "lasts")) // round_lasts
        if fitting > MOST_ROUNDS:
            raise Unplannable((*path, "lasts"), f"{fitting} rounds are too many; {MOST_ROUNDS} is the most")
        return max(1, fitting)
    times = scope.number(count.times, (*path, "times"), 1, MOST_ROUNDS)
    if not times.is_integer():
        raise Unplannable((*path, "times"), f"{times:g} times? Only whole rounds can be counted")
    return int(times)
