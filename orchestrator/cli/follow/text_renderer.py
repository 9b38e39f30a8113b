"""A session as text: a line for each thing that happens, and where this process plays for each change of light."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import IO, TYPE_CHECKING, NamedTuple

from orchestrator.cli.event_text import accounted, event_sentence
from orchestrator.cli.follow.renderer import FollowedEvent
from orchestrator.cli.follow.session_summary import SessionSummary
from orchestrator.cli.follow.track_changes import TrackChanges
from orchestrator.cli.value_text import clock_text
from orchestrator.conductor.request import Start
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.devices.messages import Message
from orchestrator.events.device import DeviceMissing, DeviceRefused, DeviceReturned, GivenBack
from orchestrator.events.event import RoomEvent
from orchestrator.events.session import Landed, Landing, SessionStarted
from orchestrator.events.step import StepStarted
from orchestrator.home.library import Home
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.units import Ms

if TYPE_CHECKING:
    from orchestrator.cli.client.client import Client

_BEGINS_ALONE = (SessionStarted, StepStarted, Landing, Landed, GivenBack)


class LineStyle(NamedTuple):
    """How lines look: the time in front of each, and how far what happens within a step is set in.

    `begins` words the first, with `title` and `room`. `accounts`: what was given back is a line as well.
    """

    time: Callable[[datetime], str]
    indent: str
    begins: str
    accounts: bool


TIME_OF_DAY = LineStyle(lambda at: f"{at.astimezone():%H:%M:%S}", " " * 4, "{title} begins.", accounts=True)
"""For who looks on: `21:40:11`."""


def elapsed(clock: Callable[[], Ms]) -> LineStyle:
    """For a session that this process plays: `   3:20` since its start command; what was given back is said later."""
    return LineStyle(lambda _: f"{clock_text(clock()):>7}", " " * 7, "{title} begins in {room}.", accounts=False)


def played_text(
    start: Start,
    home: Home,
    clock: Callable[[], Ms],
    runner: Callable[[], SessionRunner | None],
    cautions: Sequence[str] | None = None,
) -> "TextRenderer":
    """The text of a session that this process plays; `clock`: real milliseconds since its start command.

    `cautions`: the lines before the first; by default each that applies.
    """
    timeline = start.timeline
    lines = [f"Mind: {caution}" for caution in timeline.cautions] if cautions is None else cautions
    return TextRenderer(
        elapsed(clock),
        home,
        lambda *_: timeline.title,
        timeline=timeline,
        tracks=TrackChanges(runner),
        cautions=lines,
    )


def followed_text(client: "Client", *, names_rooms: bool = False) -> "TextRenderer":
    """The text of what the service plays. With `names_rooms` each line names its own."""
    from orchestrator.cli.client.status_text import scene_title

    return TextRenderer(
        TIME_OF_DAY, client.where.home, partial(scene_title, client), names_rooms=names_rooms, aside=sys.stdout
    )


class TextRenderer:
    """Writes lines to standard output, and what is no event to `aside`. With `names_rooms` each line names its own.

    `title` gives what a scene is called in a language. `timeline` and `tracks` are there where this process plays:
    what was news is said when something was sent. `cautions` stand before the first line.
    """

    def __init__(
        self,
        style: LineStyle,
        home: Home | None,
        title: Callable[[str, str], str],
        *,
        timeline: Timeline | None = None,
        tracks: TrackChanges | None = None,
        cautions: Sequence[str] = (),
        names_rooms: bool = False,
        aside: IO[str] | None = None,
    ) -> None:
        self._style = style
        self._home = home
        self._title = title
        self._timeline = timeline
        self._tracks = tracks
        self._cautions = cautions
        self._names_rooms = names_rooms
        self._aside = aside
        self._last: FollowedEvent | None = None
        """What happened last, once it has begun: before that the room is only looked at."""
        self._refused: set[str] = set()
        """Devices of which it was said why they cannot be told: that they are not there as well is no news."""

    def happened(self, event: FollowedEvent) -> None:
        if isinstance(event.event, SessionStarted) or self._last is not None:
            self._last = event
        is_alone = isinstance(event.event, _BEGINS_ALONE)
        if isinstance(event.event, SessionStarted):
            for line in self._cautions:
                self._line(event, line)
        if event.event is not None and (words := self._words(event.event, event.room)):
            self._line(event, words if is_alone else f"{self._style.indent}{words}")
        if isinstance(event.event, StepStarted | Landing | Landed):
            self._say_changes()

    def sent(self, _at: Ms, _message: Message) -> None:
        """A tap: something may have changed."""
        self._say_changes()

    def told(self, sentence: str) -> None:
        print(sentence, file=self._aside if self._aside is not None else sys.stderr, flush=True)

    def ended(self, summary: SessionSummary) -> None:
        del summary
        self._say_changes()

    def print(self, line: str) -> None:
        print(line, flush=True)

    def _words(self, event: RoomEvent, room: str) -> str:
        if isinstance(event, DeviceRefused):
            self._refused.add(event.device)
        elif isinstance(event, DeviceReturned):
            self._refused.discard(event.device)
        match event:
            case SessionStarted(scene=scene, language=language):
                return self._style.begins.format(title=self._title(scene, language), room=room)
            case StepStarted(_, title, number, of):
                return f"{number}/{of} {title}"
            case DeviceMissing(device) if device in self._refused:
                return ""
            case GivenBack():
                return accounted(event, self._home) if self._style.accounts else ""
            case _:
                return event_sentence(event, self._home, self._timeline)

    def _say_changes(self) -> None:
        if self._tracks is not None and self._last is not None and (words := self._tracks.latest()):
            self._line(self._last, f"{self._style.indent}{words}")

    def _line(self, event: FollowedEvent, words: str) -> None:
        place = f"{event.room}: " if self._names_rooms else ""
        self.print(f"{self._style.time(event.at)}  {place}{words}")
