"""What is meant, and in which room, by what people press, tap and say: the words of the home file.

While the hands are oily, whatever is pressed in a room means next, unless the home file says what it means.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, Self, TypeAlias

from orchestrator.commands import RoomCommand, word_of
from orchestrator.conductor.buttons import OILY, Presses, command_of, counts_alone
from orchestrator.conductor.event_sources import RoomSignal
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.home.model import HomeModel
from orchestrator.stage.heard import Pressed
from orchestrator.units import Ms

RunnerIn: TypeAlias = Callable[[str], SessionRunner | None]
"""The session that is on in a room."""


class MappedPress(NamedTuple):
    """What is meant in a room, whether something is on there or not: as a word of the home file, and to a session."""

    room: str
    word: str
    command: RoomCommand | None

    @classmethod
    def of(cls, room: str, word: str) -> Self:
        return cls(room, word, command_of(word))

    @classmethod
    def oily(cls, room: str) -> Self:
        return cls(room, word_of(OILY), OILY)


class ButtonMapping:
    """Of one home."""

    def __init__(self, home: HomeModel) -> None:
        self._home = home
        self._presses = Presses()

    def of_press(self, pressed: Pressed, playing: RunnerIn, now: Ms) -> Iterator[MappedPress]:
        """In every room that lists the button. One press that is said twice is one."""
        if self._presses.bounces(pressed, now):
            return
        begins = self._presses.begins(pressed, now)
        for room, model in self._home.rooms.items():
            mapped, runner = model.buttons.get(pressed.device), playing(room)
            if mapped is None:
                continue
            word = mapped.get(pressed.action)
            if word is not None:
                yield MappedPress.of(room, word)
            elif runner is not None and runner.is_oily and begins and counts_alone(pressed.action, mapped):
                yield MappedPress.oily(room)

    @staticmethod
    def of_event(event: RoomSignal, playing: RunnerIn) -> Iterator[MappedPress]:
        """Of something that happened in a room and acts like a button."""
        runner = playing(event.room)
        if event.do is not None:
            yield MappedPress.of(event.room, event.do)
        elif runner is not None and runner.is_oily:
            yield MappedPress.oily(event.room)
