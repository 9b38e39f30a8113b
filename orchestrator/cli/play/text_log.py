"""A session as a log for people: a line for each step, each announcement, each change of light and music."""

import sys
from collections.abc import Container
from typing import IO

from orchestrator.cli.arguments import clock_text
from orchestrator.cli.event_text import sentence
from orchestrator.cli.play.face import Looking
from orchestrator.cli.value_text import ORDER, value_text
from orchestrator.conductor.request import Start
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Landed, Landing, SessionStarted
from orchestrator.events.step import StepStarted
from orchestrator.fade import Fade
from orchestrator.home.library import Home
from orchestrator.values import SECOND, Ms, Track, Value

_INDENT = " " * 7


class TextLog:
    """Writes to a stream. Moments are real milliseconds since the start command."""

    def __init__(self, start: Start, home: Home, looking: Looking, out: IO[str]) -> None:
        self._start = start
        self._home = home
        self._looking = looking
        self._out = out
        self._shown: dict[Track, Value] = {}
        self._has_begun = False

    def sent(self, at: Ms, message: Message) -> None:
        del message
        if self._has_begun:
            self._say_changes(at)

    def happened(self, at: Ms, record: EventRecord) -> None:
        match record.event:
            case SessionStarted():
                for caution in self._start.timeline.cautions:
                    self._line(at, f"Mind: {caution}")
                self._line(at, f"{self._start.timeline.title} begins in {self._start.room}.")
                self._has_begun = True
            case StepStarted(_, title, number, of):
                self._line(at, f"{number}/{of} {title}")
                self._say_changes(at)
            case Landing() | Landed():
                self._line(at, sentence(record.event, self._home))
                self._say_changes(at)
            case _:
                if words := sentence(record.event, self._home):
                    self._line(at, f"{_INDENT}{words}")

    def told(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def ended(self, at: Ms) -> None:
        self._say_changes(at)

    def _say_changes(self, at: Ms) -> None:
        """What the tracks are on their way to, where that has changed; in a count, where all swells, nothing."""
        runner = self._looking()
        session = runner.session if runner is not None else None
        if session is None or session.chapter.counted:
            return
        changed: dict[str, list[tuple[Track, Fade]]] = {}
        backs = session.backs
        for track, fade in session.fades.items():
            if self._shown.get(track) != fade.target:
                self._shown[track] = fade.target
                changed.setdefault(track.role, []).append((track, fade))
        parts = [_change(role, fades, backs) for role, fades in changed.items()]
        if parts:
            self._line(at, f"{_INDENT}{' · '.join(parts)}")

    def _line(self, at: Ms, text: str) -> None:
        self._out.write(f"{clock_text(at):>7}  {text}\n")
        self._out.flush()


def _change(role: str, fades: list[tuple[Track, Fade]], backs: Container[Track]) -> str:
    """`main 45 %, 2700 K in 0:40`, `glow as before in 0:05`."""
    in_order = sorted(fades, key=lambda pair: ORDER.index(pair[0].attribute))
    values = ", ".join(
        dict.fromkeys("as before" if track in backs else value_text(track, fade.target) for track, fade in in_order)
    )
    longest = max(fade.end - fade.start for _, fade in fades)
    return f"{role} {values}{f' in {clock_text(longest)}' if longest >= SECOND else ''}"
