"""How a session in the daemon is shown to one who follows it: a line an event, a line with a bar below, or JSON."""

import json
import sys
from textwrap import fill
from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from orchestrator.cli.arguments import clock_text
from orchestrator.cli.event_text import accounted, sentence
from orchestrator.cli.steer.client import Client, News
from orchestrator.cli.steer.status_text import as_json, remaining
from orchestrator.daemon.clock import Timer, local_time, now
from orchestrator.events.device import GivenBack
from orchestrator.events.event import RoomEvent
from orchestrator.events.session import Landed, Landing, SessionStarted
from orchestrator.events.step import StepStarted
from orchestrator.home.library import Home
from orchestrator.integrations.outgoing import EventMessage, SessionState
from orchestrator.session.state import Status
from orchestrator.values import SECOND

_HANGING = " " * 14
_BEGINS_ALONE = (StepStarted, Landing, Landed, SessionStarted, GivenBack)


class Face(Protocol):
    """Shows what is new; used in `with`, in the loop."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, news: News) -> None:
        """Something is new."""

    def say(self, words: str) -> None:
        """Something to be said beside it."""


class Lines:
    """A line an event, with the time of day. With several rooms each line names its own."""

    def __init__(self, client: Client, *, names_rooms: bool = False) -> None:
        self._client = client
        self._names_rooms = names_rooms

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to be put away."""

    def show(self, news: News) -> None:
        line = _presence(news.what) if isinstance(news.what, bool) else self._line(news)
        if line:
            self.say(line)

    def say(self, words: str) -> None:
        print(words, flush=True)

    def _line(self, news: News) -> str:
        if not isinstance(news.what, EventMessage):
            return ""
        event = news.what.happened()
        text = event_words(event, self._client)
        if not text:
            return ""
        place = f"{news.room}: " if self._names_rooms else ""
        indent = "" if isinstance(event, _BEGINS_ALONE) else "    "
        return f"{news.what.at.astimezone():%H:%M:%S}  {place}{indent}{text}"


class Bar(Lines):
    """For a terminal: the lines, and below them the step, how far it is, and what remains."""

    def __init__(self, client: Client, room: str) -> None:
        super().__init__(client)
        self._room = room
        self._began = now()
        self._timer: Timer | None = None
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            console=Console(highlight=False),
            auto_refresh=False,
            transient=True,
        )
        self._bar = self._progress.add_task("", total=1.0, left="")

    def __enter__(self) -> Self:
        self._timer = Timer(self._tick)
        self._progress.start()
        self._tick()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._progress.stop()

    def show(self, news: News) -> None:
        super().show(news)
        self._draw()

    def say(self, words: str) -> None:
        width = max(self._progress.console.width, 2 * len(_HANGING))
        self._progress.console.print(fill(words, width, subsequent_indent=_HANGING), markup=False)

    def _tick(self) -> None:
        self._draw()
        if self._timer is not None:
            self._timer.set(now() + SECOND)

    def _draw(self) -> None:
        state = self._client.states.get(self._room)
        left = remaining(state, local_time()) if state is not None else None
        if state is None or left is None:
            return
        gone = (now() - self._began) / SECOND * (state.rate or 1.0)
        words = "paused" if state.status is Status.PAUSED else f"{clock_text(round(left * SECOND))} to go"
        step = f"{state.number}/{state.of} {state.step}" if state.number is not None else state.step or ""
        self._progress.update(self._bar, description=step, completed=gone, total=max(gone + left, 1.0), left=words)
        self._progress.refresh()


class JsonLines:
    """An object a line: the room, and the event or the state as it is published."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to be put away."""

    def show(self, news: News) -> None:
        match news.what:
            case bool():
                print_json({"online": news.what})
            case SessionState():
                print_json({"room": news.room, "session": as_json(news.what)})
            case EventMessage():
                print_json({"room": news.room, **news.what.model_dump(mode="json")})

    def say(self, words: str) -> None:
        print(words, file=sys.stderr, flush=True)


def print_json(record: dict[str, Any]) -> None:
    print(json.dumps(record, ensure_ascii=False), flush=True)


def event_words(event: RoomEvent | None, client: Client) -> str:
    """What an event says to a person; empty where that is nothing, or what only a newer relax knows."""
    home: Home | None = client.where.home
    match event:
        case None:
            return ""
        case SessionStarted(scene=scene, language=language):
            return f"{title_of_scene(client, scene, language)} begins."
        case StepStarted(_, title, number, of):
            return f"{number}/{of} {title}"
        case GivenBack():
            return accounted(event, home)
        case _:
            return sentence(event, home)


def title_of_scene(client: Client, scene: str, language: str) -> str:
    """What the scene is called, where the daemon says it."""
    listed = client.scenes.scenes if client.scenes is not None else []
    return next((each.title.get(language, scene) for each in listed if each.scene == scene), scene)


def _presence(online: bool) -> str:
    return "The daemon is there." if online else "The daemon or its broker is away; what it plays may go on."
