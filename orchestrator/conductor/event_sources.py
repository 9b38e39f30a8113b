"""What a home listens to beside its devices: events that act like buttons, and what breaks in on sessions."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from orchestrator.conductor.edge_detection import EdgeDetector, EdgeDetectors
from orchestrator.home.interruption import InterruptionModel
from orchestrator.home.model import HomeModel
from orchestrator.units import MINUTE, Ms

BELIEVED: Ms = 10 * MINUTE
"""For so long an alarm that says nothing more keeps sessions from starting: a sensor may have died while it was on."""


class RoomSignal(NamedTuple):
    """An entry of a room's `events`. `do` None: it counts only while the hands are oily."""

    room: str
    number: int
    do: str | None


EventSources: TypeAlias = EdgeDetectors[RoomSignal | str]
"""Events by their room and place, interruptions by their name."""


def event_sources(home: HomeModel) -> EventSources:
    """All of a home's."""
    return EdgeDetectors([*_events(home), *_interruptions(home)])


def _events(home: HomeModel) -> Iterator[tuple[RoomSignal | str, EdgeDetector]]:
    for name, room in home.rooms.items():
        for number, event in enumerate(room.events):
            yield RoomSignal(name, number, event.do), EdgeDetector(event.signal(), is_momentary=event.is_momentary)


def _interruptions(home: HomeModel) -> Iterator[tuple[RoomSignal | str, EdgeDetector]]:
    for name, each in home.interruptions.items():
        yield name, EdgeDetector(each.signal(), is_momentary=each.is_momentary, heeds_retained=each.do == "abort")


def interrupted_rooms(interruption: InterruptionModel, home: HomeModel) -> list[str]:
    """The rooms in which it breaks in."""
    return list(home.rooms) if interruption.rooms is None else interruption.rooms


def alarm_in(room: str, home: HomeModel, listening: EventSources, now: Ms) -> str | None:
    """The alarm that is on in a room, as far as it can be believed."""
    for name, interruption in home.interruptions.items():
        if interruption.do == "abort" and room in interrupted_rooms(interruption, home):
            detector = listening[name]
            if detector.is_on and now - detector.heard < BELIEVED:
                return name
    return None
