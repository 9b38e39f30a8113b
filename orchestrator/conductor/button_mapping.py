"""What is meant, and in which room, by what people press, tap and say: the words of the home file.

While the hands are oily, whatever is pressed in a room means next, unless the home file says what it means.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from orchestrator.conductor.buttons import Presses, counts_alone, oily
from orchestrator.conductor.event_sources import RoomSignal
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.home.model import HomeModel
from orchestrator.stage.heard import Pressed
from orchestrator.values import Ms

RunnerIn: TypeAlias = Callable[[str], SessionRunner | None]
"""The session that is on in a room."""


class MappedPress(NamedTuple):
    """A word that is meant in a room, whether something is on there or not."""

    room: str
    word: str


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
            word: str | None = mapped.get(pressed.action)
            is_oily = runner is not None and runner.is_oily
            if word is None and runner is not None and is_oily and begins and counts_alone(pressed.action, mapped):
                word = oily(runner.status)
            if word is not None:
                yield MappedPress(room, word)

    @staticmethod
    def of_event(event: RoomSignal, playing: RunnerIn) -> Iterator[MappedPress]:
        """Of something that happened in a room and acts like a button."""
        runner = playing(event.room)
        if event.do is not None:
            yield MappedPress(event.room, event.do)
        elif runner is not None and runner.is_oily:
            yield MappedPress(event.room, oily(runner.status))
