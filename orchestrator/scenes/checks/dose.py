"""Light that keeps people awake: what reaches the eye in the evening. Figures and sources: `melanopic`."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from orchestrator.scenes.checks.lamps import ORDINARY_ROOM, LightRoom, ShownLight
from orchestrator.scenes.checks.melanopic import EVENING_LIMIT, LAMP_LUX
from orchestrator.scenes.checks.remarks import PlacedChapter, Remark, clock, there
from orchestrator.scenes.planning.courses import courses
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.units import Ms


class Dose(NamedTuple):
    """The most melanopic light of a timeline, in lx at the eye, and when."""

    lux: float
    at: Ms


def most_light(timeline: Timeline, room: LightRoom = ORDINARY_ROOM) -> Dose:
    """The dose of a timeline in a room, from its first look on: what was before is not its own."""
    doses = _doses(ShownLight.of(courses(timeline, {}), room))
    return max(doses, key=lambda dose: dose.lux, default=Dose(0.0, 0))


def dose_remarks(lights: ShownLight, places: Sequence[PlacedChapter], *, is_measured: bool) -> Iterator[Remark]:
    """Where an evening scene has light that keeps people awake. `is_measured`: the home says how bright lamps are."""
    by = "with the home's own lamps" if is_measured else f"at {LAMP_LUX:.0f} lx for each lamp at full"
    for dose in _doses(lights):
        if dose.lux > EVENING_LIMIT:
            message = (
                f"{dose.lux:.0f} lx melanopic at the eye, {clock(dose.at)}, {by}; in the evening {EVENING_LIMIT:.0f} "
                "is the most (CIE S 026; Brown et al. 2022): dimmer, or warmer"
            )
            yield Remark(there(dose.at, places).path, "wakeful", dose.lux, message)


def _doses(lights: ShownLight) -> Iterator[Dose]:
    for frame in lights.frames:
        yield Dose(sum(lamp.dose(lit) for lamp, lit in zip(lights.lamps, frame.lit, strict=True)), frame.at)
