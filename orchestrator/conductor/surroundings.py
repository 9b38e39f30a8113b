"""What a home listens to beside its devices: events that act like buttons, and what breaks in on sessions."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from orchestrator.conductor.onsets import Onset, Onsets
from orchestrator.home.interruption import InterruptionModel
from orchestrator.home.model import HomeModel
from orchestrator.values import MINUTE, Ms

BELIEVED: Ms = 10 * MINUTE
"""For so long an alarm that says nothing more keeps sessions from starting: a sensor may have died while it was on."""


class RoomEvent(NamedTuple):
    """An entry of a room's `events`. `do` None: it counts only while the hands are oily."""

    room: str
    number: int
    do: str | None


Surroundings: TypeAlias = Onsets[RoomEvent | str]
"""Events by their room and place, interruptions by their name."""


def surroundings(home: HomeModel) -> Surroundings:
    """All of a home's."""
    return Onsets([*_events(home), *_interruptions(home)])


def _events(home: HomeModel) -> Iterator[tuple[RoomEvent | str, Onset]]:
    for name, room in home.rooms.items():
        for number, event in enumerate(room.events):
            yield RoomEvent(name, number, event.do), Onset(event.signal(), is_momentary=event.is_momentary)


def _interruptions(home: HomeModel) -> Iterator[tuple[RoomEvent | str, Onset]]:
    for name, each in home.interruptions.items():
        yield name, Onset(each.signal(), is_momentary=each.is_momentary, heeds_retained=each.do == "abort")


def rooms_of(interruption: InterruptionModel, home: HomeModel) -> list[str]:
    """The rooms in which it breaks in."""
    return list(home.rooms) if interruption.rooms is None else interruption.rooms


def alarm_in(room: str, home: HomeModel, listening: Surroundings, now: Ms) -> str | None:
    """The alarm that is on in a room, as far as it can be believed."""
    for name, interruption in home.interruptions.items():
        if interruption.do == "abort" and room in rooms_of(interruption, home):
            onset = listening[name]
            if onset.is_on and now - onset.heard < BELIEVED:
                return name
    return None
