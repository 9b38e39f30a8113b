"""Rooms, their sessions and the one stage: commands and messages in, messages and notes out, one next deadline.

Pure: the daemon gives it the real clock, a simulation jumps from deadline to deadline, both through this same code.
"""

import heapq
from collections.abc import Mapping
from contextlib import suppress

from orchestrator.conductor.buttons import command_of
from orchestrator.conductor.performance import Performance
from orchestrator.conductor.request import Note, Start
from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused
from orchestrator.home.library import Home
from orchestrator.session.commands import Command
from orchestrator.session.state import Ending
from orchestrator.stage.budget import BridgeRates
from orchestrator.stage.heard import Heard, Pressed
from orchestrator.stage.stage import Stage
from orchestrator.values import Ms

BOUNCE: Ms = 300
"""The same press again within so short a time is no second press (devices sheet, 4)."""


class Conductor:
    """One home. Moments given in are real milliseconds of one monotonic clock and never go back."""

    def __init__(self, home: Home, rates: Mapping[str, BridgeRates]) -> None:
        self._home = home
        self.stage = Stage(home.devices.values(), rates, home.model.debts_at_most)
        self._rooms: dict[str, Performance] = {}
        self._room_of: dict[str, str] = {}
        self._holders: dict[str, Performance] = {}
        self._deadlines: list[tuple[Ms, str]] = []
        self._entered: dict[str, Ms] = {}
        self._messages: list[Message] = []
        self._notes: list[Note] = []
        self._presses: dict[Pressed, Ms] = {}
        self._is_connected = True

    # Sessions

    def start(self, start: Start, now: Ms) -> None:
        """Begin a session. Raises Refused, having changed nothing, where the room or one of its devices is busy."""
        running = self._rooms.get(start.room)
        if running is not None and not running.is_over:
            raise Refused(
                Reason.ROOM_BUSY,
                f"In {start.room} the scene {running.start.timeline.scene} is on.",
                "Stop it first: relax stop.",
            )
        for device in dict.fromkeys(device for cast in start.roles.values() for device in cast):
            self._refuse_if_busy(device, start.room)
        performance = Performance(start, self._home.model, self.stage, now)
        if not self._is_connected:
            performance.lost(now)
        self._rooms[start.room] = performance
        for device in performance.devices:
            self._room_of[device] = start.room
            self._holders.update(dict.fromkeys(self._busy_with(device), performance))
        self._collect(performance)
        self._tell_stage(now)

    def _refuse_if_busy(self, device: str, room: str) -> None:
        for name in self._busy_with(device):
            holder = self._holders.get(name)
            if holder is not None and holder.start.room != room and not holder.is_over:
                raise Refused(Reason.DEVICE_BUSY, f"{device} is in use by the session in {holder.start.room}.")

    def _busy_with(self, device: str) -> tuple[str, ...]:
        """A group is busy with its members, and they with it."""
        return (device, *self._home.devices[device].members)

    def command(self, room: str, command: Command, now: Ms, step: str | None = None) -> None:
        """Tell a room's session something. With `step`, only if that step is on. Raises Refused."""
        performance = self._running(room)
        if step is not None and performance.session is not None and performance.session.chapter.id != step:
            raise Refused(Reason.MOVED_ON, f"{step} is over: {performance.session.chapter.id} is on.")
        try:
            performance.handle(command, now)
        finally:
            self._collect(performance)
            self._tell_stage(now)

    def end(self, room: str, ending: Ending, now: Ms) -> None:
        """Land a room for a reason of the house."""
        performance = self._running(room)
        performance.end(ending, now)
        self._collect(performance)
        self._tell_stage(now)

    def give_back(self, room: str, device: str, now: Ms) -> None:
        """A person hands a device to the room's session again. Raises Refused."""
        performance = self._running(room)
        if device not in performance.devices:
            raise Refused(Reason.UNKNOWN_DEVICE, f"{device} plays no part in {room} now.")
        if not self.stage.give_back(device, now):
            raise Refused(Reason.NOT_NOW, f"Nobody has taken {device} by hand.")
        self._collect(performance)
        self._tell_stage(now)

    def _running(self, room: str) -> Performance:
        performance = self._rooms.get(room)
        if performance is None or performance.is_over:
            raise Refused(Reason.NOT_NOW, f"Nothing is on in {room}.", "Start a scene: relax run SCENE.")
        return performance

    def performance(self, room: str) -> Performance | None:
        """What is, or was last, on in a room."""
        return self._rooms.get(room)

    def is_settled(self, room: str) -> bool:
        """True once nothing is on in a room and nothing is owed to a device that is there."""
        performance = self._rooms.get(room)
        if performance is None:
            return True
        present = [debt for debt in self.stage.debts if debt.device in performance.devices]
        return performance.is_over and all(self.stage.is_away(debt.device) for debt in present)

    # The broker

    def receive(self, message: Message, now: Ms) -> None:
        """A message from a device."""
        self.stage.receive(message, now)
        self._listen(now)
        self._tell_stage(now)

    def lost(self, now: Ms) -> None:
        """The broker is gone; playheads go on."""
        self._is_connected = False
        self.stage.lost()
        for performance in self._active():
            performance.lost(now)
            self._collect(performance)

    def connected(self, now: Ms) -> None:
        """The broker is back: every device gets what its room wants now."""
        self._is_connected = True
        self.stage.connected(now)
        for performance in self._active():
            performance.connected(now)
            self._collect(performance)
        self._tell_stage(now)

    def _active(self) -> list[Performance]:
        return [performance for performance in self._rooms.values() if not performance.is_over]

    # Time

    def next_deadline(self) -> Ms | None:
        """When something is due; None while nothing is on and nothing is owed."""
        moments = (self.stage.next_deadline(), self._rooms_deadline())
        return min((moment for moment in moments if moment is not None), default=None)

    def advance(self, now: Ms) -> None:
        """Let time pass up to `now`."""
        while (deadline := self._rooms_deadline()) is not None and deadline <= now:
            _, room = heapq.heappop(self._deadlines)
            del self._entered[room]
            self._rooms[room].advance(now)
            self._collect(self._rooms[room])
        self._tell_stage(now)

    def take(self) -> tuple[list[Message], list[Note]]:
        """Messages to publish and notes of what happened, in order, since the last call."""
        messages, self._messages = self._messages, []
        notes, self._notes = self._notes, []
        return messages, notes

    # Inside

    def _collect(self, performance: Performance) -> None:
        """Take what a performance has to say, and note when it is due again."""
        if performance.messages:
            self._messages.extend(performance.messages)
            performance.messages = []
        if performance.notes:
            self._notes.extend(performance.notes)
            performance.notes = []
        deadline, room = performance.next_deadline(), performance.start.room
        if deadline is None:
            self._entered.pop(room, None)
        elif self._entered.get(room) != deadline:
            self._entered[room] = deadline
            heapq.heappush(self._deadlines, (deadline, room))

    def _rooms_deadline(self) -> Ms | None:
        """When the next room is due. What was entered for a room before it last changed is passed over."""
        while self._deadlines and self._entered.get(self._deadlines[0][1]) != self._deadlines[0][0]:
            heapq.heappop(self._deadlines)
        return self._deadlines[0][0] if self._deadlines else None

    def _tell_stage(self, now: Ms) -> None:
        deadline = self.stage.next_deadline()
        if deadline is not None and deadline <= now:
            self._messages.extend(self.stage.advance(now))
        self._listen(now)

    def _listen(self, now: Ms) -> None:
        """Bring what the stage heard to the room that it concerns."""
        for heard in self.stage.heard():
            self._bring(heard, now)

    def _bring(self, heard: Heard, now: Ms) -> None:
        if isinstance(heard, Pressed):
            self._press(heard, now)
            return
        room = self._room_of.get(heard.device)
        if room is not None and not self._rooms[room].is_over:
            self._rooms[room].hear(heard, now)
            self._collect(self._rooms[room])

    def _press(self, pressed: Pressed, now: Ms) -> None:
        """A button acts in every room that lists it and has a session; what makes no sense now does nothing.

        Zigbee2MQTT may say one press on two topics, and contacts bounce.
        """
        last, self._presses[pressed] = self._presses.get(pressed), now
        if last is not None and now - last < BOUNCE:
            return
        for room, performance in self._rooms.items():
            word = self._home.model.rooms[room].buttons.get(pressed.device, {}).get(pressed.action)
            command = command_of(word, performance.status) if word is not None else None
            if command is None or performance.is_over:
                continue
            with suppress(Refused):
                performance.handle(command, now)
            self._collect(performance)
