"""Which schedules of a home begin their scenes after sunset: those scenes are of the evening, whatever they say."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from orchestrator.daemon.clock import local_time, local_zone
from orchestrator.home.library import Home
from orchestrator.home.programme import programme
from orchestrator.schedules.evening import first_evening
from orchestrator.schedules.model import Coordinates, SceneChoice


class EveningStart(NamedTuple):
    """A scene that a schedule begins in the evening: the first such time of the coming year, and with what chosen."""

    schedule: str
    room: str
    at: datetime
    choice: SceneChoice


def evening_starts(home: Home) -> Iterator[EveningStart]:
    """All of a home. One that goes backwards from an end is judged by its end."""
    location = home.model.location
    place = Coordinates(location.latitude, location.longitude) if location is not None else None
    for schedule in programme(home, local_zone()).values():
        at = first_evening(schedule, place, local_time())
        if at is not None:
            for piece in schedule.pieces:
                yield EveningStart(schedule.name, schedule.room, at.astimezone(schedule.zone), piece)
