"""A posture that tires, held for longer than two minutes without a release."""

from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.remarks import Remark, clock, seconds
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.timeline import HeldPosture, Timeline
from orchestrator.units import MINUTE, SECOND, Ms

LONGEST: Ms = 2 * MINUTE
RELEASE: Ms = 5 * SECOND
"""Nobody lets go and takes it up again in less."""


class HeldTime(NamedTuple):
    """How long a posture is held on end, and from which step on."""

    posture: HeldPosture
    chapter: int
    lasts: Ms


def held_times(timeline: Timeline) -> Iterator[HeldTime]:
    """Each time that a posture is held, steps that follow each other together, waits as they usually are."""
    held: HeldTime | None = None
    for index, chapter in enumerate(timeline.chapters):
        goes_on = held is not None and chapter.posture is not None and held.posture.is_as(chapter.posture)
        if held is not None and (goes_on or chapter.usual < RELEASE):
            held = held._replace(lasts=held.lasts + chapter.usual)
            continue
        if held is not None:
            yield held
        held = None if chapter.posture is None else HeldTime(chapter.posture, index, chapter.usual)
    if held is not None:
        yield held


def posture_remarks(plan: Planned) -> Iterator[Remark]:
    """Those that are held for longer than LONGEST, at the step where it begins."""
    for held in held_times(plan.timeline):
        if held.lasts > LONGEST:
            side = f" ({held.posture.side})" if held.posture.side else ""
            message = (
                f"{held.posture.posture}{side} for {seconds(round(held.lasts, -3))} on end, "
                f"{clock(plan.timeline.starts[held.chapter])}; {seconds(LONGEST)} is the most (our measure): "
                f"a step of {seconds(RELEASE)} without this posture is a release"
            )
            path: KeyPath = (*plan.paths[held.chapter], "posture")
            yield Remark(path, "long-posture", held.lasts, message)
