"""The live view: the room, what is said, how far it is; and keys. Drawn ten times a second at most, when it changed."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live as Painting

from orchestrator.cli.caution_door import CautionLines
from orchestrator.cli.event_text import event_sentence
from orchestrator.cli.follow.local_session import LocalSession
from orchestrator.cli.follow.renderer import FollowedEvent
from orchestrator.cli.follow.session_summary import SessionSummary
from orchestrator.cli.live_view.frame import Frame
from orchestrator.cli.live_view.frame_builder import FrameBuilder
from orchestrator.cli.live_view.screen_layout import screen
from orchestrator.daemon.clock import Timer, now
from orchestrator.daemon.standalone import House
from orchestrator.events.session import Landed, Landing
from orchestrator.events.step import Paused, Resumed, Waiting
from orchestrator.events.words import Announced
from orchestrator.units import SECOND, Ms

REDRAWN_EVERY: Ms = 100
NOTE_STAYS: Ms = 8 * SECOND
CAUTIONS_STAY: Ms = 12 * SECOND
"""How long the cautions are shown where nobody presses a key."""
LAST_PICTURE_STAYS: Ms = 1500
"""How long the last picture stays: the room as it was given back."""
_QUIET = (Announced, Waiting, Paused, Resumed, Landing, Landed)


class LiveView:
    """A renderer for a terminal: it draws what the simulated devices of a session do. Use it in `with`, in the loop.

    `keys` says what keys do, and `press` does it.
    """

    def __init__(self, session: LocalSession, house: House, keys: str, press: Callable[[str], None]) -> None:
        self._session = session
        self._keys = keys
        self._press = press
        self._builder = FrameBuilder(session, house)
        self._console = Console(highlight=False)
        self._painting = Painting(console=self._console, screen=True, auto_refresh=False, transient=True)
        self._drawn: tuple[Frame, int, int] | None = None
        self._note = ""
        self._note_until: Ms = 0
        self._cautions: tuple[str, ...] = ()
        self._read: asyncio.Future[None] | None = None
        self._has_quit = False
        self._timer: Timer | None = None

    def __enter__(self) -> Self:
        self._timer = Timer(self._tick)
        self._painting.start()
        self._tick()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._painting.stop()

    async def cautions(self, shown: CautionLines) -> bool:
        """Show them until a key is pressed, or for a while. False where the person would rather leave.

        One line in place of several, for whoever knows them, is a note.
        """
        if not shown.is_whole:
            self.told("".join(shown.lines))
            return True
        self._cautions = self._session.start.timeline.cautions
        if self._cautions:
            await self._pause(CAUTIONS_STAY)
        self._cautions = ()
        return not self._has_quit

    async def farewell(self) -> None:
        """Let the room be seen as it was given back."""
        await self._pause(LAST_PICTURE_STAYS)

    async def _pause(self, length: Ms) -> None:
        self._read = asyncio.get_running_loop().create_future()
        handle = asyncio.get_running_loop().call_later(length / SECOND, self._go_on)
        try:
            await self._read
        finally:
            handle.cancel()
            self._read = None

    def _go_on(self) -> None:
        if self._read is not None and not self._read.done():
            self._read.set_result(None)

    # Keys

    def press(self, key: str) -> None:
        if self._read is not None:
            self._has_quit = key == "q"
            self._go_on()
        else:
            self._press(key)

    # The renderer

    def happened(self, event: FollowedEvent) -> None:
        self._builder.hear(event.event)
        if event.event is None or isinstance(event.event, _QUIET):
            return
        if words := event_sentence(event.event, self._session.home, self._session.start.timeline):
            self.told(words)

    def told(self, sentence: str) -> None:
        self._note, self._note_until = sentence, now() + NOTE_STAYS

    def ended(self, summary: SessionSummary) -> None:
        del summary
        self._draw()

    # Drawing

    def _tick(self) -> None:
        try:
            self._draw()
        except Exception as error:  # noqa: BLE001 a picture that cannot be drawn does not harm the room
            self._session.fail(error)
        else:
            if self._timer is not None:
                self._timer.set(now() + REDRAWN_EVERY)

    def _draw(self) -> None:
        moment = now()
        frame = self._builder.frame(moment)._replace(
            note=self._note if moment < self._note_until else "",
            cautions=self._cautions,
            keys="any key begins · q leaves" if self._cautions else self._keys,
        )
        width, height = self._console.size
        if (frame, width, height) != self._drawn:
            self._drawn = (frame, width, height)
            has_colours = self._console.color_system is not None and not self._console.no_color
            self._painting.update(Group(*screen(frame, width, height, colours=has_colours)), refresh=True)
