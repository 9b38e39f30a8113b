"""A session that the service plays, followed until it is over, or until somebody has seen enough."""

import asyncio

from orchestrator.cli.client.client import Client, News
from orchestrator.cli.exit_codes import FAILED, INTERRUPTED
from orchestrator.cli.follow.renderer import FollowedEvent, Renderer
from orchestrator.cli.follow.session_summary import SessionSummary
from orchestrator.daemon.clock import now
from orchestrator.errors import Reason, Refused
from orchestrator.events.device import GivenBack
from orchestrator.events.event import RoomEvent
from orchestrator.events.session import Ending, Landed, QueueDropped
from orchestrator.integrations.outgoing import EventMessage, SessionState
from orchestrator.session.state import Status
from orchestrator.units import SECOND

ACCOUNT = 20.0
"""Seconds after the end in which the daemon mostly says what became of the devices: one may be told again meanwhile."""
_BADLY = (Ending.FAILED, Ending.LOST)


class RemoteSession:
    """One session, from its start on."""

    def __init__(self, client: Client, room: str, session: str, scene: str) -> None:
        self.client = client
        self.room = room
        self.ending: Ending | None = None
        self._summary = SessionSummary(scene, room, session)
        self._began = now()
        self._has_begun = False
        self._is_accounted = False

    async def follow(self, renderer: Renderer) -> int:
        """Show it until it is over, or until the client leaves; the exit code.

        Raises Refused where it waited for the room and never began, and what the renderer raises.
        """
        code = INTERRUPTED
        while (news := await self.client.next()) is not None:
            self._show(news, renderer)
            if self._is_over(news):
                await self._hear_out(renderer)
                code = FAILED if self.ending is None or self.ending in _BADLY else 0
                break
        else:
            renderer.told(f"It goes on in {self.room}. To end it: relax stop --room {self.room}")
        self._summary.ending, self._summary.seconds = self.ending, (now() - self._began) / SECOND
        renderer.ended(self._summary)
        return code

    def _show(self, news: News, renderer: Renderer) -> None:
        if isinstance(news.what, bool):
            renderer.told(presence_text(is_online=news.what))
        elif isinstance(news.what, EventMessage):
            event = FollowedEvent.received(news.room, news.what)
            if event.concerns(self.room, self._summary.session):
                self._is_accounted |= isinstance(event.event, GivenBack)
                self._summary.hear(event.event)
                renderer.happened(event)

    async def _hear_out(self, renderer: Renderer) -> None:
        """What was given back is said once the devices have it."""
        if self.ending is None:
            return
        try:
            async with asyncio.timeout(ACCOUNT):
                while not self._is_accounted and (news := await self.client.next()) is not None:
                    self._show(news, renderer)
        except TimeoutError:
            renderer.told(f"It is still made sure that all is given back: relax status --room {self.room}")

    def _is_over(self, news: News) -> bool:
        if news.room != self.room:
            return False
        match news.what:
            case EventMessage():
                self._note(news.what.happened())
            case SessionState(id=name, last=last, status=status):
                if name == self._summary.session:
                    self._has_begun = True
                elif last is not None and last.session == self._summary.session:
                    self.ending = last.ending
                elif self._has_begun and status is not Status.STARTING:
                    return True  # the daemon came back and knows nothing of it
            case _:
                pass
        return self.ending is not None

    def _note(self, event: RoomEvent | None) -> None:
        match event:
            case QueueDropped(scene, reason) if not self._has_begun and scene == self._summary.scene:
                raise Refused(Reason.ROOM_BUSY, f"{scene} waited and did not begin: {reason}.")
            case Landed(session, ending) if session == self._summary.session:
                self.ending = ending
            case _:
                pass


def presence_text(*, is_online: bool) -> str:
    """Whether the daemon is there, as a sentence."""
    return "The daemon is there." if is_online else "The daemon or its broker is away; what it plays may go on."
