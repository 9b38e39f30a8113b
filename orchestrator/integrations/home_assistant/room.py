"""A room as Home Assistant is told of it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from orchestrator.home.library import Home
from orchestrator.integrations.choices import Choices
from orchestrator.integrations.wording import worded
from orchestrator.scenes.format.model import SceneModel


class ScheduleSummary(NamedTuple):
    """A schedule of a room; `title` is in the home's language."""

    name: str
    title: str
    room: str


def summaries_of(home: Home) -> list[ScheduleSummary]:
    """The schedules of the home: by a title of their own, else by their name."""
    language = home.model.language
    return [
        ScheduleSummary(name, worded(model.title or "", language) or name.replace("-", " ").capitalize(), model.room)
        for name, model in home.model.schedules.items()
    ]


class AnnouncedRoom(NamedTuple):
    """`scenes` are those that it can cast, `chosen` the one that it would start; texts are in `language`."""

    name: str
    title: str
    language: str
    scenes: Sequence[SceneModel] = ()
    chosen: SceneModel | None = None
    schedules: Sequence[ScheduleSummary] = ()


def room_of(home: Home, name: str, choices: Choices, schedules: Iterable[ScheduleSummary] = ()) -> AnnouncedRoom:
    """A room of the home, with what it would start and those of the schedules that are its own."""
    model = home.model
    return AnnouncedRoom(
        name,
        worded(model.rooms[name].title or name, model.language),
        model.language,
        choices.offered(name),
        choices.scene(name),
        tuple(schedule for schedule in schedules if schedule.room == name),
    )
