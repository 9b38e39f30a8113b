"""For a terminal: the lines of the text, and below them the step, how far it is, and what remains."""

from functools import partial
from textwrap import fill
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from orchestrator.cli.client.client import Client
from orchestrator.cli.client.status_text import remaining, scene_title
from orchestrator.cli.follow.renderer import FollowedEvent
from orchestrator.cli.follow.text_renderer import HANGING, TIME_OF_DAY, TextRenderer
from orchestrator.cli.value_text import clock_text
from orchestrator.daemon.clock import Timer, local_time, now
from orchestrator.session.state import Status
from orchestrator.units import SECOND


class ProgressBar(TextRenderer):
    """A renderer of what the service plays in a room. Use it in `with`, in the loop."""

    def __init__(self, client: Client, room: str) -> None:
        super().__init__(TIME_OF_DAY, client.where.home, partial(scene_title, client))
        self._client = client
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

    def happened(self, event: FollowedEvent) -> None:
        super().happened(event)
        self._draw()

    def told(self, sentence: str) -> None:
        self.print(sentence)

    def print(self, line: str) -> None:
        """Above the bar."""
        width = max(self._progress.console.width, 2 * HANGING)
        self._progress.console.print(fill(line, width, subsequent_indent=" " * HANGING), markup=False)

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
