"""A session in a daemon, followed until the room is given back: the way that it goes, and the ways out of it."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from orchestrator.cli.entry import INTERRUPTED
from orchestrator.cli.event_text import ENDINGS, listed
from orchestrator.cli.play.face import Face
from orchestrator.commands import RoomCommand, Stop
from orchestrator.conductor.request import Start
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.daemon.clock import now
from orchestrator.daemon.daemon import Daemon
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Ending, Landed, Landing
from orchestrator.home.library import Home
from orchestrator.values import Ms

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def played(session: Coroutine[Any, Any, int]) -> int:
    """Run it. The exit code, also where a signal ended it before it began."""
    try:
        return asyncio.run(session)
    except asyncio.CancelledError:
        return INTERRUPTED


class Playing:
    """One session. Make it first, give its `note` and `sent` to a daemon, then `play`.

    The first signal stops the session, which gives the room back; the second gives up. A face that fails (its reader is
    gone, say) is shown no more, and the session stops as well: nobody follows it.
    """

    def __init__(self, start: Start, home: Home) -> None:
        self.start = start
        self.home = home
        self.face: Face | None = None
        self.daemon: Daemon | None = None
        self.ending: Ending | None = None
        self.has_given_up = False
        self._began: Ms | None = None
        self._gave_up: asyncio.Future[None] | None = None
        self._is_leaving = False
        self._task: asyncio.Task[object] | None = None
        self._trouble: Exception | None = None
        self._owed: list[str] = []

    # What the daemon says

    def record(self, record: EventRecord) -> None:
        if isinstance(record.event, Landing | Landed):
            self.ending = record.event.ending
        if isinstance(record.event, Landing):
            self._owed = list(dict.fromkeys([*self._owed, *self.owed()]))
        self._show(lambda face: face.happened(self._since_start(record.at), record))

    def sent(self, moment: Ms, message: Message) -> None:
        self._show(lambda face: face.sent(self._since_start(moment), message))

    # What people do

    def command(self, command: RoomCommand) -> None:
        """Tell the session something; what makes no sense now is said."""
        if self.daemon is None:
            return
        try:
            self.daemon.command(self.start.room, command)
        except Refused as refused:
            sentence = refused.message
            self._show(lambda face: face.told(sentence))

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
        self._show(lambda face: face.told("Giving the room back. Ctrl-C again leaves it as it is."))
        self._stop()

    def fail(self, error: Exception) -> None:
        """The face cannot go on: show no more, and give the room back."""
        self.face, self._trouble = None, error
        asyncio.get_running_loop().call_soon(self._stop)

    # The session

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C and its like for `interrupt`, until the block is left."""
        loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.interrupt)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    async def play(self, daemon: Daemon, face: Face, hold: Ms | None) -> int:
        """Start, and follow until the room is given back. The exit code. Raises Refused."""
        self.daemon, self.face = daemon, face
        self._gave_up = asyncio.get_running_loop().create_future()
        with self._log():
            self._began = now()
            daemon.start(self.start, hold)
            settled = asyncio.create_task(daemon.settled(self.start.room))
            await asyncio.wait([settled, self._gave_up], return_when=asyncio.FIRST_COMPLETED)
            self.has_given_up = not settled.done()
            settled.cancel()
            await asyncio.wait([settled])
            self._show(lambda face: face.ended(self._since_start(now())))
            if not self._gave_up.done():
                self._gave_up.cancel()
        if self._trouble is not None and not isinstance(self._trouble, BrokenPipeError):
            raise self._trouble
        return 1 if self.has_given_up or self.ending is Ending.FAILED else 0

    @property
    def runner(self) -> SessionRunner | None:
        return self.daemon.conductor.runner(self.start.room) if self.daemon is not None else None

    def owed(self) -> list[str]:
        """The devices that have not been given back what they had."""
        return self.runner.owed() if self.runner is not None else []

    def farewell(self) -> str:
        """How it ended, what was given back and what could not be."""
        owed = self.owed()
        given = [device for device in self._owed if device not in owed]
        if self.runner is None:
            return "It was not begun."
        parts = ["Left in the middle." if self.has_given_up or self.ending is None else ENDINGS[self.ending]]
        if given:
            parts.append(f"Given back: {listed(given, self.home)}.")
        if owed:
            parts.append(f"Not given back: {listed(owed, self.home)}.")
        return " ".join(parts)

    # Inside

    def _since_start(self, moment: Ms) -> Ms:
        return max(moment - self._began, 0) if self._began is not None else 0

    def _show(self, show: Callable[[Face], None]) -> None:
        if self.face is None:
            return
        try:
            show(self.face)
        except Exception as error:  # noqa: BLE001 the room comes first: it is raised when that is given back
            self.fail(error)

    def _stop(self) -> None:
        if self.daemon is not None:
            with suppress(Refused):
                self.daemon.command(self.start.room, Stop())

    @contextmanager
    def _log(self) -> Iterator[None]:
        """What the rooms below log is said in one line each."""
        handler = _Telling(self)
        logger = logging.getLogger("orchestrator")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)

    def tell(self, sentence: str) -> None:
        self._show(lambda face: face.told(sentence))


class _Telling(logging.Handler):
    def __init__(self, playing: Playing) -> None:
        super().__init__(logging.INFO)
        self._playing = playing

    def emit(self, record: logging.LogRecord) -> None:
        self._playing.tell(record.getMessage())
