"""Following a session in the daemon until it is over, or until somebody has seen enough."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from orchestrator.cli.entry import INTERRUPTED
from orchestrator.cli.play.faces import Face
from orchestrator.cli.steer.client import Client, News
from orchestrator.errors import Reason, Refused
from orchestrator.events.device import GivenBack
from orchestrator.events.session import Ending, Landed, QueueDropped
from orchestrator.integrations.outgoing import EventMessage, SessionState
from orchestrator.session.state import Status

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ACCOUNT = 5.0
"""Seconds after the end in which the daemon says what became of the devices."""
_BADLY = (Ending.FAILED, Ending.LOST)


class Following:
    """One session, from its start on."""

    def __init__(self, client: Client, room: str, session: str, scene: str) -> None:
        self.room = room
        self.session = session
        self.ending: Ending | None = None
        self._client = client
        self._scene = scene
        self._has_begun = False
        self._accounts = 0

    async def follow(self, face: Face) -> int:
        """Show it until it is over, or until the client leaves; the exit code.

        Raises Refused where it waited for the room and never began.
        """
        with face:
            while (news := await self._client.next()) is not None:
                if self._concerns(news):
                    face.show(news)
                if self._is_over(news):
                    await self._hear_out(face)
                    return 1 if self.ending is None or self.ending in _BADLY else 0
            face.say(f"It goes on in {self.room}. To end it: relax stop --room {self.room}")
        return INTERRUPTED

    async def _hear_out(self, face: Face) -> None:
        """What was given back is said once the devices have it."""
        if self.ending is None:
            return
        try:
            async with asyncio.timeout(ACCOUNT):
                while not self._accounts and (news := await self._client.next()) is not None:
                    if self._concerns(news):
                        face.show(news)
        except TimeoutError:
            return

    def _concerns(self, news: News) -> bool:
        if isinstance(news.what, EventMessage):
            if news.room != self.room or news.what.session not in (None, self.session):
                return False
            self._accounts += isinstance(news.what.happened(), GivenBack)
            return True
        return isinstance(news.what, bool) or (news.room == self.room and news.what.id == self.session)

    def _is_over(self, news: News) -> bool:
        if news.room != self.room:
            return False
        match news.what.happened() if isinstance(news.what, EventMessage) else news.what:
            case QueueDropped(scene, reason) if not self._has_begun and scene == self._scene:
                raise Refused(Reason.ROOM_BUSY, f"{scene} waited and did not begin: {reason}.")
            case Landed(session, ending) if session == self.session:
                self.ending = ending
            case SessionState(id=name, last=last, status=status):
                if name == self.session:
                    self._has_begun = True
                elif last is not None and last.session == self.session:
                    self.ending = last.ending
                elif self._has_begun and status is not Status.STARTING:
                    return True  # the daemon came back and knows nothing of it
            case _:
                pass
        return self.ending is not None


@contextmanager
def interruptible(client: Client) -> Iterator[None]:
    """Take Ctrl-C and its like for the end of the news, until the block is left."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, client.leave)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
