"""What a scene makes of each of its lights, moment by moment: what the checks of light look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from orchestrator.fade import luminance
from orchestrator.scenes.checks.melanopic import LAMP_LUX, at_eye, brightness
from orchestrator.scenes.planning.courses import Course
from orchestrator.units import FULL, Ms
from orchestrator.values import Attribute, Colour, Rgb, Temperature, Track


def _as_written(level: float) -> float:
    return level


@dataclass(frozen=True, slots=True)
class LightRoom:
    """The room that a scene's light is judged in: by default an ordinary one, with a lamp for each role.

    `lux` is what a role's lamps give at the eye at their full light; `level` makes of a scene's level what is shown
    there; `is_evening` where it is one whatever the scene says.
    """

    lux: Mapping[str, float] = field(default_factory=dict)
    level: Callable[[float], float] = _as_written
    is_evening: bool = False


ORDINARY_ROOM = LightRoom()


class Lit(NamedTuple):
    """What a light shows: its level (L*) and its colour, where that is known."""

    level: float
    colour: Colour | None

    @property
    def luminance(self) -> float:
        """Of the lamp's own full white light."""
        return luminance(self.level) * (brightness(self.colour) if self.colour is not None else 1.0)


class LampCourse(NamedTuple):
    """A light role's way through a timeline; or that of a switch, of which nobody knows what hangs from it."""

    role: str
    level: Course
    colour: Course | None
    room: LightRoom

    @property
    def lux(self) -> float:
        return self.room.lux.get(self.role, LAMP_LUX)

    def at(self, moment: Ms) -> Lit:
        return self._lit(self.level.at(moment), self.colour.at(moment) if self.colour else None)

    def coming_to(self, moment: Ms) -> Lit:
        """As a moment comes, before what begins then."""
        return self._lit(self.level.coming_to(moment), self.colour.coming_to(moment) if self.colour else None)

    def dose(self, lit: Lit) -> float:
        """Melanopic lx at the eye."""
        return at_eye(self.lux, lit.level, lit.colour)

    def _lit(self, level: object, colour: object) -> Lit:
        shown = self.room.level(level) if isinstance(level, float) else float(FULL) if level is True else 0.0
        return Lit(shown, colour if isinstance(colour, Rgb | Temperature) else None)


class LitMoment(NamedTuple):
    """All lights at one moment, in the order of the lamps. Where they jump there are two: before it, and after."""

    at: Ms
    lit: tuple[Lit, ...]


class ShownLight(NamedTuple):
    """All lights of a timeline, and what they show from corner to corner."""

    lamps: tuple[LampCourse, ...]
    frames: tuple[LitMoment, ...]

    @classmethod
    def of(
        cls, tracks: Mapping[Track, Course], room: LightRoom, *, with_plugs: bool = False, around: Ms = 0
    ) -> "ShownLight":
        """Of a timeline's courses. `with_plugs`: switches as well, as lamps that are on or off.

        `around`: also so long before and after each corner.
        """
        attributes = (Attribute.LEVEL, Attribute.ON) if with_plugs else (Attribute.LEVEL,)
        lamps = tuple(
            LampCourse(track.role, course, tracks.get(Track(track.role, Attribute.COLOUR)), room)
            for track, course in tracks.items()
            if track.attribute in attributes
        )
        return cls(lamps, tuple(_frames(lamps, around)))

    def of_lamp(self, index: int) -> list[tuple[Ms, Lit]]:
        """What one of them shows, in order, from when it is first touched: nobody knows what it showed before."""
        begun = self.lamps[index].level.starts[0]
        seen = [(frame.at, frame.lit[index]) for frame in self.frames if frame.at >= begun]
        return seen[1:]  # the first is what it came from


def _frames(lamps: Sequence[LampCourse], around: Ms) -> Iterator[LitMoment]:
    """Every corner of every lamp's course, and the middle between two; from one to the next each goes one way."""
    courses = [course for lamp in lamps for course in (lamp.level, lamp.colour) if course is not None]
    found = {moment for course in courses for moment, _ in course.points()}
    corners = sorted(found.union(*({moment - around, moment + around} for moment in found)) if around else found)
    for moment, following in zip_longest(corners, corners[1:]):
        yield LitMoment(moment, tuple(lamp.coming_to(moment) for lamp in lamps))
        yield LitMoment(moment, tuple(lamp.at(moment) for lamp in lamps))
        if following is not None:
            middle = (moment + following) // 2
            yield LitMoment(middle, tuple(lamp.at(middle) for lamp in lamps))
