"""A session that this process plays, followed until the room is given back: the way that it goes, and the ways out."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from orchestrator.cli.event_text import ENDINGS, accounted, device_titles
from orchestrator.cli.exit_codes import FAILED
from orchestrator.cli.follow.renderer import FollowedEvent, MessageTap, Renderer
from orchestrator.cli.follow.session_summary import SessionSummary
from orchestrator.cli.interrupts import on_interrupt
from orchestrator.commands import RoomCommand, Stop
from orchestrator.conductor.request import Start
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.daemon.clock import local_time, now
from orchestrator.daemon.daemon import Daemon
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Ending
from orchestrator.home.library import Home
from orchestrator.units import SECOND, Ms

STEADY = timedelta(seconds=1)
"""A clock on the wall that is off by less was not set."""

RESTS = "The light stays low for a minute, then goes on to what it was. Ctrl-C leaves it low."


class LocalSession:
    """One session. Make it first, give its `record` and `sent` to a daemon, then `play`.

    The first signal stops the session, which gives the room back; the second gives up. A renderer that fails (its
    reader is gone, say) shows no more, and the session stops as well: nobody follows it. In a home that is simulated
    nobody waits for lights that are low for a minute after a stop.
    """

    def __init__(self, start: Start, home: Home, *, is_simulated: bool = False) -> None:
        self._is_simulated = is_simulated
        self.start = start
        self.home = home
        self.daemon: Daemon | None = None
        self.has_given_up = False
        self._renderer: Renderer | None = None
        self._tap: MessageTap | None = None
        self._summary = SessionSummary(start.timeline.scene, start.room, start.name)
        self._began: Ms | None = None
        self._anchor: tuple[datetime, Ms] | None = None
        self._gave_up: asyncio.Future[None] | None = None
        self._is_leaving = False
        self._task: asyncio.Task[object] | None = None
        self._trouble: Exception | None = None

    # What the daemon says

    def record(self, record: EventRecord) -> None:
        """Something happened in the home."""
        event = FollowedEvent.played(record, self._wall(record.at))
        if not event.concerns(self.start.room, self.start.name):
            return
        self._summary.hear(event.event)
        self._show(lambda renderer: renderer.happened(event))

    def sent(self, moment: Ms, message: Message) -> None:
        """We published something."""
        tap = self._tap
        if tap is not None:
            self._show(lambda _: tap(self._since_start(moment), message))

    # What people do

    def command(self, command: RoomCommand) -> None:
        """Tell the session something; what makes no sense now is said."""
        if self.daemon is None:
            return
        try:
            self.daemon.command(self.start.room, command)
        except Refused as refused:
            sentence = refused.message
            self._show(lambda renderer: renderer.told(sentence))

    def interrupt(self) -> None:
        """The first time stop and give back, then give up. Before there is anything to give back: leave."""
        if self._gave_up is None:
            if self._task is not None:
                self._task.cancel()
            return
        if self._gave_up.done():
            return
        if self._is_leaving:
            self._gave_up.set_result(None)
            return
        self._is_leaving = True
        self._show(lambda renderer: renderer.told("Giving the room back. Ctrl-C again leaves it as it is."))
        self._stop()

    def fail(self, error: Exception) -> None:
        """The renderer cannot go on: show no more, and give the room back."""
        self._renderer, self._trouble = None, error
        asyncio.get_running_loop().call_soon(self._stop)

    # The session

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C and its like for `interrupt`, until the block is left."""
        self._task = asyncio.current_task()
        with on_interrupt(self.interrupt):
            yield

    async def play(self, daemon: Daemon, renderer: Renderer, hold: Ms | None, tap: MessageTap | None = None) -> int:
        """Start, and follow until the room is given back. The exit code. Raises Refused, and what a renderer raised.

        With `hold` a simulated person answers the waits.
        """
        self.daemon, self._renderer, self._tap = daemon, renderer, tap
        self._gave_up = asyncio.get_running_loop().create_future()
        with self._log():
            self._began = now()
            daemon.start(self.start, hold)
            is_given_back = await self._until_settled(daemon, self._gave_up, but_rest=True)
            if is_given_back and not self._is_simulated and not daemon.conductor.is_settled(self.start.room):
                self._show(lambda renderer: renderer.told(RESTS))
                self._is_leaving = True
                is_given_back = await self._until_settled(daemon, self._gave_up, but_rest=False)
            self.has_given_up = not is_given_back
            self._summary.seconds = self.elapsed() / SECOND
            self._show(lambda renderer: renderer.ended(self._summary))
            if not self._gave_up.done():
                self._gave_up.cancel()
        if self._trouble is not None and not isinstance(self._trouble, BrokenPipeError):
            raise self._trouble
        return FAILED if self.has_given_up or self._summary.ending is Ending.FAILED else 0

    async def _until_settled(self, daemon: Daemon, gave_up: "asyncio.Future[None]", *, but_rest: bool) -> bool:
        """False where somebody gave up before."""
        settled = asyncio.create_task(daemon.settled(self.start.room, but_rest=but_rest))
        await asyncio.wait([settled, gave_up], return_when=asyncio.FIRST_COMPLETED)
        is_settled = settled.done()
        settled.cancel()
        await asyncio.wait([settled])
        return is_settled

    def elapsed(self) -> Ms:
        """Real time since the start command; 0 before it."""
        return self._since_start(now())

    @property
    def runner(self) -> SessionRunner | None:
        return self.daemon.conductor.runner(self.start.room) if self.daemon is not None else None

    def owed(self) -> list[str]:
        """The devices that have not been given back what they had."""
        return self.runner.owed() if self.runner is not None else []

    def farewell(self) -> str:
        """How it ended, what was given back and what could not be."""
        if self.runner is None:
            return "It was not begun."
        ending, owed = self._summary.ending, self.owed()
        if self.has_given_up or ending is None:
            left = f" Not given back: {device_titles(owed, self.home)}." if owed else ""
            return f"Left in the middle.{left}"
        standing = self.runner.standing(now())
        return " ".join((ENDINGS[ending], *([accounted(standing, self.home)] if standing is not None else [])))

    # Inside

    def _wall(self, moment: Ms) -> datetime:
        """What the clock on the wall showed then: as steady as ours, unless it was set or the machine slept."""
        wall = local_time() - timedelta(milliseconds=now() - moment)
        if self._anchor is not None:
            steady = self._anchor[0] + timedelta(milliseconds=moment - self._anchor[1])
            if abs(wall - steady) < STEADY:
                return steady
        self._anchor = wall, moment
        return wall

    def _since_start(self, moment: Ms) -> Ms:
        return max(moment - self._began, 0) if self._began is not None else 0

    def _show(self, show: Callable[[Renderer], None]) -> None:
        if self._renderer is None:
            return
        try:
            show(self._renderer)
        except Exception as error:  # noqa: BLE001 the room comes first: it is raised when that is given back
            self.fail(error)

    def _stop(self) -> None:
        if self.daemon is not None:
            with suppress(Refused):
                self.daemon.command(self.start.room, Stop())

    @contextmanager
    def _log(self) -> Iterator[None]:
        """What the rooms below log is said in one line each."""
        handler = _LogHandler(lambda sentence: self._show(lambda renderer: renderer.told(sentence)))
        logger = logging.getLogger("orchestrator")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)


class _LogHandler(logging.Handler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(record.getMessage())
