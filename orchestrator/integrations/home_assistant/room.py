"""A room as Home Assistant is told of it."""

from collections.abc import Sequence
from typing import NamedTuple

from orchestrator.scenes.model import SceneModel


class ScheduleSummary(NamedTuple):
    """A schedule of a room; `title` is in the home's language."""

    name: str
    title: str
    room: str


class Room(NamedTuple):
    """`scenes` are those that it can cast, `chosen` the one that it would start; texts are in `language`."""

    name: str
    title: str
    language: str
    scenes: Sequence[SceneModel] = ()
    chosen: SceneModel | None = None
    schedules: Sequence[ScheduleSummary] = ()
