"""A scene's steps as they come: conditions decided, loops turned, parts opened, each occurrence with its id."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.format.model import Block, LoopModel, PartModel, SceneModel, StepModel
from orchestrator.scenes.planning.counts import PlannedCount, counted
from orchestrator.scenes.planning.scope import LoopTurn, Scope, Unplannable

MOST_CHAPTERS = 1000


class Occurrence(NamedTuple):
    """One time that a step is done: the step, what it sees, its place, the part that `skip` leaves, its rounds.

    `hands_on`: hands are on a body, as the step says, or what it stands in.
    """

    id: str
    step: StepModel
    scope: Scope
    path: KeyPath
    part: str | None
    rounds: PlannedCount | None = None
    hands_on: bool = False


class _Place(NamedTuple):
    scope: Scope
    path: KeyPath
    turns: tuple[str, ...] = ()
    part: str | None = None
    hands_on: bool = False


def occurrences(scene: SceneModel, scope: Scope) -> list[Occurrence]:
    """All occurrences in order. Ids by rule 12: `strokes:left`, then `#2`. Raises Unplannable."""
    found: list[Occurrence] = []
    seen: Counter[str] = Counter()
    for occurrence in _within(scene.steps, _Place(scope, ("steps",))):
        seen[occurrence.id] += 1
        if len(found) == MOST_CHAPTERS:
            raise Unplannable(occurrence.path, f"the scene has more than {MOST_CHAPTERS} steps here")
        times = seen[occurrence.id]
        found.append(occurrence._replace(id=f"{occurrence.id}#{times}") if times > 1 else occurrence)
    if not found:
        raise Unplannable(("steps",), "no step is left: each `when` says no")
    return found


def _within(blocks: Sequence[Block], place: _Place) -> Iterator[Occurrence]:
    for index, block in enumerate(blocks):
        here = place._replace(path=(*place.path, index), hands_on=place.hands_on or block.hands_on)
        if isinstance(block, LoopModel):
            yield from _turns(block, here)
        elif here.scope.holds(block.when, (*here.path, "when")):
            if isinstance(block, PartModel):
                part = block.part if block.skip else here.part
                yield from _within(block.steps, here._replace(path=(*here.path, "steps"), part=part))
            else:
                count = counted(block.count, here.scope, (*here.path, "count")) if block.count else None
                name = ":".join((block.step, *here.turns))
                yield Occurrence(name, block, here.scope, here.path, here.part, count, here.hands_on)


def _turns(loop: LoopModel, place: _Place) -> Iterator[Occurrence]:
    """The loop's steps for each value that its `when` lets through."""
    values = [
        value
        for value in place.scope.values(loop.values, (*place.path, "in"))
        if place.scope.within(**{loop.loop: value}).holds(loop.when, (*place.path, "when"))
    ]
    for index, value in enumerate(values, start=1):
        turn = LoopTurn(first=index == 1, last=index == len(values), index=index)
        scope = place.scope.within(**{loop.loop: value, "loop": turn})
        inner = place._replace(scope=scope, path=(*place.path, "steps"), turns=(*place.turns, str(value)))
        yield from _within(loop.steps, inner)
