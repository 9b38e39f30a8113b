"""Rooms, their sessions and the one stage: commands and messages in, messages and notes out, one next deadline.

Pure: the daemon gives it the real clock, a simulation jumps from deadline to deadline, both through this same code.
"""

import heapq
from collections.abc import Iterable, Mapping
from contextlib import suppress

from orchestrator.conductor import interruptions
from orchestrator.conductor.alarm import lamps_of, light
from orchestrator.conductor.buttons import command_of
from orchestrator.conductor.gestures import Gesture, Gestures
from orchestrator.conductor.holders import Holders
from orchestrator.conductor.ledger import Entry, Remembered, Settled
from orchestrator.conductor.notice import Notice, speak, voice_of
from orchestrator.conductor.onsets import Turn, Turned
from orchestrator.conductor.performance import Performance
from orchestrator.conductor.queue import Queue
from orchestrator.conductor.request import Mode, Note, Start
from orchestrator.conductor.surroundings import RoomEvent, alarm_in, rooms_of, surroundings
from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused
from orchestrator.home.library import Home
from orchestrator.session.commands import Command
from orchestrator.session.state import Ending, Event, Happened, Status
from orchestrator.stage.budget import BridgeRates
from orchestrator.stage.heard import Debt, Heard, Missing, Overridden, Paid, Pressed, Returned
from orchestrator.stage.stage import Stage
from orchestrator.values import Ms, Percent


class Conductor:
    """One home. Moments given in are real milliseconds of one monotonic clock and never go back."""

    def __init__(self, home: Home, rates: Mapping[str, BridgeRates]) -> None:
        self._home = home
        self.stage = Stage(home.devices.values(), rates, home.model.debts_at_most)
        self._rooms: dict[str, Performance] = {}
        self._room_of: dict[str, str] = {}
        self._holders = Holders(home.devices)
        self._deadlines: list[tuple[Ms, str]] = []
        self._entered: dict[str, Ms] = {}
        self._messages: list[Message] = []
        self._notes: list[Note] = []
        self._entries: list[Entry] = []
        self._stirred: dict[str, None] = {}
        self._waiting = Queue()
        self._leaving: dict[str, Performance] = {}
        self._gestures = Gestures(home.model)
        self._surroundings = surroundings(home.model)
        self._unclaimed: list[tuple[str, str]] = []
        self._notices = 0
        self._is_connected = True
        self._cast_in: dict[str, dict[str, None]] = {}
        for room in home.model.rooms:
            for name in (name for device in home.cast_in(room) for name in (device.name, *device.members)):
                self._cast_in.setdefault(name, {})[room] = None

    # Sessions

    def start(self, start: Start, now: Ms) -> bool:
        """Begin a session; False where it has to wait for the one before it.

        Raises Refused, having changed nothing, where the room or a device that it cannot do without is busy.
        """
        running = self._rooms.get(start.room)
        self._refuse_in_alarm(start.room, now)
        start = self._holders.without_busy(start)
        if running is not None and not running.is_over and running.status is not Status.LANDING:
            if start.mode is Mode.QUEUED:
                self._waiting.add(start, now)
                self._say(start.room, now, Event.SESSION_QUEUED, scene=start.timeline.scene)
                return False
            if start.mode is Mode.SINGLE:
                raise Refused(
                    Reason.ROOM_BUSY,
                    f"In {start.room} the scene {running.start.timeline.scene} is on.",
                    "Stop it first: relax stop.",
                )
        self._begin(start, now)
        return True

    def resume(self, start: Start, remembered: Remembered, now: Ms) -> None:
        """Go on with a session that was cut off, or land it. The debts are those of before."""
        for debt in remembered.debts:
            self.stage.owe(debt)
        for device, attribute in remembered.by_hand:
            self.stage.leave_to_person(device, attribute)
        self._begin(start, now, remembered)

    def owe(self, debts: Iterable[Debt], now: Ms) -> None:
        """Debts of sessions that are long over: paid as their devices come."""
        for debt in debts:
            self.stage.owe_alone(debt, now)
        self._tell_stage(now)

    def _begin(self, start: Start, now: Ms, remembered: Remembered | None = None) -> None:
        """The new session is there before the old one goes: what is common to both never looks free."""
        before = self._rooms.get(start.room)
        performance = Performance(start, self._home.model, self.stage, now, remembered)
        if before is not None:
            before.give_up(performance.uses(), now)
            self._collect(before)
        if not self._is_connected:
            performance.lost(now)
        self._rooms[start.room] = performance
        self._room_of.update(dict.fromkeys(performance.devices, start.room))
        self._holders.take(performance)
        self._collect(performance)
        self._tell_stage(now)

    def _refuse_in_alarm(self, room: str, now: Ms) -> None:
        alarm = alarm_in(room, self._home.model, self._surroundings, now)
        if alarm is not None:
            said = f"{self._surroundings[alarm].topic} says so"
            raise Refused(Reason.NOT_NOW, f"{alarm} is on: {said}.", "See to it first; then start again.")

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

    def say_aside(self, room: str, text: str, now: Ms, *, gives_way: bool = False) -> None:
        """Let the voice of a room's session answer somebody. Raises Refused."""
        performance = self._running(room)
        performance.say_aside(text, now, gives_way=gives_way)
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

    def notify(self, room: str, notice: Notice, now: Ms, *, at_night: bool = False) -> bool:
        """Say something in a room where nothing is on; False where nobody can hear it."""
        voice = voice_of(self._home, room)
        if voice is None or self._playing(room) is not None:
            return False
        self._notices += 1
        words = speak(notice, f"{room}-notice-{self._notices}", self._home, room, at_night=at_night)
        self._messages.extend(said := self.stage.tell(voice, words))
        self._tell_stage(now)
        return bool(said)

    def _playing(self, room: str) -> Performance | None:
        performance = self._rooms.get(room)
        return None if performance is None or performance.is_over else performance

    def unclaimed(self) -> list[tuple[str, str]]:
        """The rooms and words of buttons that were pressed since the last call where nothing is on."""
        unclaimed, self._unclaimed = self._unclaimed, []
        return unclaimed

    def _running(self, room: str) -> Performance:
        performance = self._playing(room)
        if performance is None:
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
        return performance.is_over and not any(
            self.stage.owes(device) and not self.stage.is_away(device) for device in performance.devices
        )

    # The broker

    @property
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to beside the devices' own topics."""
        return self._surroundings.topics

    def receive(self, message: Message, now: Ms) -> None:
        """A message from a device."""
        self.stage.receive(message, now)
        self._listen(now)
        self._notice(self._surroundings.receive(message, now), now)
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
        moments = (
            self.stage.next_deadline(),
            self._rooms_deadline(),
            self._waiting.next_deadline(),
            self._surroundings.next_deadline(),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def advance(self, now: Ms) -> None:
        """Let time pass up to `now`."""
        while (deadline := self._rooms_deadline()) is not None and deadline <= now:
            _, room = heapq.heappop(self._deadlines)
            del self._entered[room]
            self._rooms[room].advance(now)
            self._collect(self._rooms[room])
        self._notice(self._surroundings.advance(now), now)
        self._tell_stage(now)

    def take(self) -> tuple[list[Message], list[Note]]:
        """Messages to publish and notes of what happened, in order, since the last call."""
        messages, self._messages = self._messages, []
        notes, self._notes = self._notes, []
        return messages, notes

    def entries(self) -> list[Entry]:
        """What the journal must know since the last call; durable before the messages of `take` go out."""
        entries, self._entries = self._entries, []
        return entries

    def stirred(self) -> list[str]:
        """The rooms in which something may have changed since the last call."""
        rooms, self._stirred = self._stirred, {}
        return list(rooms)

    # Inside

    def _collect(self, performance: Performance) -> None:
        """Take what a performance has to say, and note when it is due again."""
        self._stirred[performance.start.room] = None
        if performance.messages:
            self._messages.extend(performance.messages)
            performance.messages = []
        if performance.notes:
            self._notes.extend(performance.notes)
            performance.notes = []
        if performance.entries:
            self._entries.extend(performance.entries)
            performance.entries = []
        if performance.is_over and not performance.is_accounted:
            self._leaving[performance.start.room] = performance
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
        self._tell_what_was_given(now)
        self._call_next(now)

    def _tell_what_was_given(self, now: Ms) -> None:
        """Once a room has been given back, one line says what was, what was left to a person, and what is owed."""
        for room, performance in list(self._leaving.items()):
            if not self.is_settled(room):
                continue
            del self._leaving[room]
            performance.is_accounted = True
            given, left = performance.account()
            owed = tuple(performance.owed())
            if given or left or owed:
                names = {"given": given, "left": left, "owed": owed}
                self._say(room, now, Event.GIVEN_BACK, **{key: ", ".join(value) for key, value in names.items()})

    def _call_next(self, now: Ms) -> None:
        """Start what waits for a room that is free, and drop what has waited too long."""
        if not self._waiting.rooms():
            return
        for start in self._waiting.expired(now):
            self._say(start.room, now, Event.QUEUE_DROPPED, scene=start.timeline.scene, reason="waited too long")
        for room in self._waiting.rooms():
            if self._playing(room) is not None:
                continue
            start = self._waiting.next(room)
            try:
                self._refuse_in_alarm(room, now)
                self._begin(self._holders.without_busy(start), now)
            except Refused as refused:
                self._say(room, now, Event.QUEUE_DROPPED, scene=start.timeline.scene, reason=refused.message)

    def _say(self, room: str, now: Ms, event: Event, **details: str) -> None:
        self._stirred[room] = None
        self._notes.append(Note(now, room, Happened(event, tuple(details.items()))))

    def _listen(self, now: Ms) -> None:
        """Bring what the stage heard to the room that it concerns."""
        for heard in self.stage.heard():
            self._bring(heard, now)

    def _bring(self, heard: Heard, now: Ms) -> None:
        if isinstance(heard, Pressed):
            self._obey(self._gestures.of_press(heard, self._playing, now), now)
            return
        if isinstance(heard, Missing | Returned):
            self._stirred.update(self._cast_in.get(heard.device, {}))
        room = self._room_of.get(heard.device)
        is_nobodys = room is None or (isinstance(heard, Overridden) and self._rooms[room].is_over)
        if is_nobodys and isinstance(heard, Paid | Overridden):
            self._entries.append(Settled("", heard.device, heard.attribute, by_hand=False))
        if room is not None and (isinstance(heard, Paid) or not self._rooms[room].is_over):
            self._rooms[room].hear(heard, now)
            self._collect(self._rooms[room])

    def _obey(self, gestures: Iterable[Gesture], now: Ms) -> None:
        """What makes no sense now does nothing. Where nothing is on it may be meant for what is announced."""
        for room, word in gestures:
            performance = self._playing(room)
            if performance is None:
                self._unclaimed.append((room, word))
                continue
            command = command_of(word, performance.status)
            if command is not None:
                with suppress(Refused):
                    performance.handle(command, now)
                self._collect(performance)

    # What goes on around

    def _notice(self, turned: Iterable[Turned[RoomEvent | str]], now: Ms) -> None:
        for about, turn in turned:
            if isinstance(about, str):
                self._break_in(about, turn, now)
            elif turn is Turn.BEGAN:
                self._obey(self._gestures.of_event(about, self._playing), now)

    def _break_in(self, name: str, turn: Turn, now: Ms) -> None:
        """An interruption begins or is over, in each of its rooms."""
        interruption = self._home.model.interruptions[name]
        for room in rooms_of(interruption, self._home.model):
            performance = self._playing(room)
            is_on = performance is not None
            if performance is not None:
                if turn is Turn.OVER:
                    interruptions.signal_over(performance, name, now)
                else:
                    interruptions.interrupt(performance, name, interruption, now)
                self._collect(performance)
            elif turn is Turn.BEGAN and interruption.when_idle:
                self._say(room, now, Event.INTERRUPTED, name=name, do=interruption.do)
            if interruption.do == "abort" and turn is Turn.BEGAN and (is_on or interruption.when_idle):
                self._light(room, interruption.lit, now)

    def _light(self, room: str, level: Percent, now: Ms) -> None:
        """Light a room up for good, but for lamps that a session elsewhere plays with."""
        model = self._home.model.rooms[room]
        lamps = [lamp for lamp in lamps_of(model, self._home.devices) if self._holders.elsewhere(lamp, room) is None]
        lit = light(lamps, min(level, model.limits.brightness), self.stage, now)
        performance = self._rooms.get(room)
        if performance is not None:
            performance.lit |= frozenset(lit)
