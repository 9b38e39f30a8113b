"""Rooms, their sessions and the one stage: commands and messages in, messages and records out, one next deadline.

Pure: the daemon gives it the real clock, a simulation jumps from deadline to deadline, both through this same code.
"""

import heapq
from collections.abc import Iterable, Mapping
from contextlib import suppress

from orchestrator.commands import EVERYTHING, DropOwed, OwedCommand, PayOwed, RoomCommand
from orchestrator.conductor.alarm import lamps_of, light
from orchestrator.conductor.button_mapping import ButtonMapping, MappedPress
from orchestrator.conductor.edge_detection import Detected, Edge
from orchestrator.conductor.event_sources import RoomSignal, alarm_in, event_sources, interrupted_rooms
from orchestrator.conductor.group_members import with_groups, with_members
from orchestrator.conductor.journal_entries import Entry, Owed, ProfileLearnt, RecoveryRecord, Settled
from orchestrator.conductor.notice import Notice, speak, voice_of
from orchestrator.conductor.outstanding import Outstanding, WhyOwed, outstanding, overdue_sentence
from orchestrator.conductor.patience import Patience
from orchestrator.conductor.queue import Queue
from orchestrator.conductor.request import Mode, Start
from orchestrator.conductor.reservations import Reservations
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused
from orchestrator.events.device import GivenBack
from orchestrator.events.event import EventRecord, RoomEvent
from orchestrator.events.interruption import Interrupted
from orchestrator.events.session import Ending, QueueDropped, SessionQueued
from orchestrator.home.library import Home
from orchestrator.scenes.planning.timeline import never_out
from orchestrator.session.state import Status
from orchestrator.stage.budget import BridgeRates
from orchestrator.stage.heard import (
    Debt,
    DebtExpired,
    DebtOpened,
    Heard,
    Learnt,
    Missing,
    Paid,
    Pressed,
    ProfileChanged,
    Returned,
    TakenByHand,
    Unanswered,
    Withheld,
)
from orchestrator.stage.stage import Stage
from orchestrator.stage.topics import matches
from orchestrator.units import Ms, Percent
from orchestrator.values import Attribute


class Conductor:
    """One home. Moments given in are real milliseconds of one monotonic clock and never go back."""

    def __init__(self, home: Home, rates: Mapping[str, BridgeRates]) -> None:
        self._home = home
        self.stage = Stage(home.devices.values(), rates, home.model.debts_at_most)
        self.patience = Patience(self.stage)
        self._rooms: dict[str, SessionRunner] = {}
        self._room_of: dict[str, str] = {}
        self._reservations = Reservations(home.devices)
        self._deadlines: list[tuple[Ms, str]] = []
        self._entered: dict[str, Ms] = {}
        self._messages: list[Message] = []
        self._records: list[EventRecord] = []
        self._entries: list[Entry] = []
        self._stirred: dict[str, None] = {}
        self._waiting = Queue()
        self._leaving: dict[str, SessionRunner] = {}
        self._button_mapping = ButtonMapping(home.model)
        self._event_sources = event_sources(home.model)
        self._unclaimed: list[tuple[str, str]] = []
        self._notices = 0
        self._dark_rooms: frozenset[str] = frozenset()
        self._is_connected = True
        self._cast_in: dict[str, dict[str, None]] = {}
        self._cast_of: dict[str, dict[str, None]] = {}
        for room in home.model.rooms:
            self._look_who_is_cast(room)

    # Sessions

    def start(self, start: Start, now: Ms) -> bool:
        """Begin a session; False where it has to wait for the one before it.

        Raises Refused, having changed nothing, where the room or a device that it cannot do without is busy.
        """
        self._look_who_is_cast(start.room)
        running = self._rooms.get(start.room)
        self._refuse_in_alarm(start.room, now)
        start = self._reservations.without_busy(with_groups(start, self._home.devices))
        if running is not None and not running.is_over and running.status is not Status.LANDING:
            if start.mode is Mode.QUEUED:
                self._waiting.add(start, now)
                self._record(start.room, now, SessionQueued(start.timeline.scene))
                return False
            if start.mode is Mode.SINGLE:
                raise Refused(
                    Reason.ROOM_BUSY,
                    f"In {start.room} the scene {running.start.timeline.scene} is on.",
                    "Stop it first: relax stop.",
                )
        self._begin(start, now)
        return True

    def resume(self, start: Start, recovered: RecoveryRecord, now: Ms) -> None:
        """Go on with a session that was cut off, or land it. The debts are those of before."""
        for debt in recovered.debts:
            self.stage.owe(debt)
        for device, attribute in recovered.by_hand:
            is_level = attribute is Attribute.VOLUME and self.stage.debt(device, attribute) is not None
            if not is_level:  # a person's volume is the session's own level from then on, and owed as such (rule 18)
                self.stage.leave_to_person(device, attribute)
        lit = {device for track in never_out(start.timeline) for device in start.roles.get(track.role, ())}
        self.stage.resumed(recovered.debts, lit, now)
        self._begin(start, now, recovered)

    def owe(self, debts: Iterable[Debt], now: Ms) -> None:
        """Debts of sessions that were over in a life before: paid as their devices come."""
        owed = list(debts)
        for debt in owed:
            self.stage.owe_alone(debt, now)
        self.stage.resumed(owed, (), now)
        self._tell_stage(now)

    def introduce(self, messages: Iterable[Message], now: Ms) -> None:
        """What bridges say of their devices, before anything else counts: of which lamps a group is, what they can."""
        for message in messages:
            if self.stage.is_of_a_bridge(message.topic):
                self.stage.receive(message, now)

    def night(self, rooms: frozenset[str], now: Ms) -> None:
        """In these rooms it is night now: what is paid late, or given back after a session was lost, lights up none."""
        self._dark_rooms = rooms
        lamps = (name for name, cast in self._cast_in.items() if not rooms.isdisjoint(cast))
        self.stage.dark(frozenset(lamps), now)
        self._tell_stage(now)

    def _look_who_is_cast(self, room: str) -> None:
        """Groups with their members: of some only their bridge knows these, and says so later."""
        for name in (name for device in self._home.cast_in(room) for name in (device.name, *device.members)):
            self._cast_in.setdefault(name, {})[room] = None
            self._cast_of.setdefault(room, {})[name] = None

    def _begin(self, start: Start, now: Ms, recovered: RecoveryRecord | None = None) -> None:
        """The new session is there before the old one goes: what is common to both never looks free."""
        before = self._rooms.get(start.room)
        known = {device for device, _, _ in recovered.snapshot} if recovered is not None else ()
        start = with_members(start, self.stage.owes, known)
        runner = SessionRunner(start, self._home.model, self.stage, self.patience, now, recovered)
        self.stage.play(runner.devices, start.groups)
        has_left_off = before is not None and before.leave_off(now)
        runner.begin()
        if before is not None:
            if has_left_off:
                before.give_up(runner.uses(), now)
            self._collect(before)
        if not self._is_connected:
            runner.lost(now)
        self._rooms[start.room] = runner
        self._room_of.update(dict.fromkeys((*runner.devices, *start.groups), start.room))
        self._reservations.take(runner)
        self._collect(runner)
        if has_left_off:  # what a person has taken from the one before stays theirs, also after a crash
            self._entries += [
                Settled(start.name, device, attribute, by_hand=True)
                for device in runner.devices
                for attribute in self.stage.overridden(device)
            ]
        self._tell_stage(now)

    def _refuse_in_alarm(self, room: str, now: Ms) -> None:
        alarm = alarm_in(room, self._home.model, self._event_sources, now)
        if alarm is not None:
            said = f"{self._event_sources[alarm].topic} says so"
            raise Refused(Reason.NOT_NOW, f"{alarm} is on: {said}.", "See to it first; then start again.")

    def command(self, room: str, command: RoomCommand, now: Ms, step: str | None = None) -> None:
        """Tell a room, or its session, something. With `step`, only if that step is on. Raises Refused."""
        if step is not None:
            self._refuse_moved_on(room, step)
        if isinstance(command, PayOwed | DropOwed):
            self._see_to_owed(room, command, now)
            return
        runner = self._running(room)
        try:
            runner.handle(command, now)
        finally:
            self._collect(runner)
            self._tell_stage(now)

    def _refuse_moved_on(self, room: str, step: str) -> None:
        session = self._running(room).session
        if session is not None and session.chapter.id != step:
            raise Refused(Reason.MOVED_ON, f"{step} is over: {session.chapter.id} is on.")

    def end(self, room: str, ending: Ending, now: Ms) -> None:
        """Land a room for a reason of the house."""
        runner = self._running(room)
        runner.end(ending, now)
        self._collect(runner)
        self._tell_stage(now)

    def _see_to_owed(self, room: str, command: OwedCommand, now: Ms) -> None:
        """Pay what sessions that are over still owe, or owe it no more. Raises Refused."""
        named, owed = command.device, self.outstanding(room)
        if named != EVERYTHING:
            if room not in self._cast_in.get(named, {}):
                raise Refused(Reason.UNKNOWN_DEVICE, f"{named} plays no part in {room}.")
            meant = (named, *self._home.devices[named].members)
            owed = [each for each in owed if each.device in meant]
        if not owed:
            raise Refused(Reason.NOT_NOW, f"Nothing is owed {f'to {named}' if named != EVERYTHING else f'in {room}'}.")
        if isinstance(command, PayOwed):
            there = [each.device for each in owed if each.why is not WhyOwed.AWAY]
            if not there:
                away = " and ".join(each.device for each in owed)
                later = "What was before comes as soon as it is back; to leave it as it is: relax owed drop."
                raise Refused(Reason.NOT_NOW, f"Away: {away}.", later)
            for device in there:
                self.stage.pay(device, now)
            self._stirred[room] = None
        else:
            for each in owed:
                self._drop(each.device, room, now)
        self._tell_stage(now)

    def _drop(self, device: str, room: str, now: Ms) -> None:
        """Owe a device no more, and say that it is left to a person."""
        self.stage.drop(device)
        runner = self._rooms.get(self._room_of.get(device, room))
        if runner is not None and device in runner.devices:
            runner.leave(device)
            self._collect(runner)
        else:
            self._record(room, now, GivenBack(given=(), left=(device,), owed=()))

    def outstanding(self, room: str) -> list[Outstanding]:
        """What devices of a room are still owed by sessions that are over."""
        last = self._rooms.get(room)
        devices = (*(last.devices if last is not None else ()), *self._cast_of.get(room, ()))
        return outstanding((device for device in devices if not self._is_busy(device)), self.stage)

    def _is_busy(self, device: str) -> bool:
        """Whether a session plays with it, in whatever room."""
        runner = self._playing(self._room_of.get(device, ""))
        return runner is not None and device in runner.devices

    def overdue(self, room: str, now: Ms) -> str | None:
        """What a person should know of what has been owed for long, once it is day; None where there is nothing."""
        if room in self._dark_rooms or self._playing(room) is not None:
            return None
        return overdue_sentence(self.outstanding(room), now)

    def answer(self, room: str, text: str, now: Ms, *, language: str, gives_way: bool = False) -> None:
        """Let the voice of a room's session answer somebody, in the language of the text. Raises Refused."""
        runner = self._running(room)
        runner.answer(text, now, language=language, gives_way=gives_way)
        self._collect(runner)
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

    def _playing(self, room: str) -> SessionRunner | None:
        runner = self._rooms.get(room)
        return None if runner is None or runner.is_over else runner

    def unclaimed(self) -> list[tuple[str, str]]:
        """The rooms and words of buttons that were pressed since the last call where nothing is on."""
        unclaimed, self._unclaimed = self._unclaimed, []
        return unclaimed

    def _running(self, room: str) -> SessionRunner:
        runner = self._playing(room)
        if runner is None:
            raise Refused(Reason.NOT_NOW, f"Nothing is on in {room}.", "Start a scene: relax run SCENE.")
        return runner

    def runner(self, room: str) -> SessionRunner | None:
        """What is, or was last, on in a room."""
        return self._rooms.get(room)

    def is_settled(self, room: str) -> bool:
        """True once nothing is on in a room and nothing is owed to a device that is there and answers."""
        runner = self._rooms.get(room)
        if runner is None:
            return True
        return runner.is_over and not any(self._is_open(device) for device in runner.devices)

    def is_resting(self, room: str, now: Ms) -> bool:
        """True where all that is left to do is to let lights go on that are low for a minute after a stop."""
        runner = self._rooms.get(room)
        return runner is None or (
            runner.is_over and all(self.stage.rests(device, now) for device in runner.devices if self._is_open(device))
        )

    def _is_open(self, device: str) -> bool:
        is_heard = not self.stage.is_away(device) and not self.stage.is_unanswered(device)
        return is_heard and self.stage.owes(device) and not self.stage.waits_for_morning(device)

    # The broker

    @property
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to beside the devices' own topics."""
        return self._event_sources.topics

    def receive(self, message: Message, now: Ms) -> None:
        """A message from a device."""
        self.stage.receive(message, now)
        self._listen(now)
        self._notice(self._event_sources.receive(message, now), now)
        self._tell_stage(now)

    def new_topics(self) -> list[str]:
        """What else to subscribe to since the last call: devices have said that they speak there."""
        return self.stage.new_topics()

    def asking(self, topic: str) -> list[Message]:
        """What asks the devices that tell of themselves on a topic how they are."""
        tell = (one for one in self._home.devices.values() if any(matches(each, topic) for each in one.dialect.topics))
        return [message for device in tell for message in device.dialect.query()]

    def lost(self, now: Ms) -> None:
        """The broker is gone; playheads go on."""
        self._is_connected = False
        self.stage.lost()
        for runner in self._active():
            runner.lost(now)
            self._collect(runner)
        self._listen(now)

    def slept(self, length: Ms, now: Ms) -> None:
        """The machine slept for so long, and its clock stood; devices went on."""
        self.stage.slept(length, now)

    def connected(self, now: Ms) -> None:
        """The broker is back: every device gets what its room wants now."""
        self._is_connected = True
        self.stage.connected(now)
        for runner in self._active():
            runner.connected(now)
            self._collect(runner)
        self._tell_stage(now)

    def _active(self) -> list[SessionRunner]:
        return [runner for runner in self._rooms.values() if not runner.is_over]

    # Time

    def next_deadline(self) -> Ms | None:
        """When something is due; None while nothing is on and nothing is owed."""
        moments = (
            self.stage.next_deadline(),
            self._rooms_deadline(),
            self._waiting.next_deadline(),
            self._event_sources.next_deadline(),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def advance(self, now: Ms) -> None:
        """Let time pass up to `now`."""
        while (deadline := self._rooms_deadline()) is not None and deadline <= now:
            _, room = heapq.heappop(self._deadlines)
            del self._entered[room]
            self._rooms[room].advance(now)
            self._collect(self._rooms[room])
        self._notice(self._event_sources.advance(now), now)
        self._tell_stage(now)

    def take(self) -> tuple[list[Message], list[EventRecord]]:
        """Messages to publish and records of what happened, in order, since the last call."""
        messages, self._messages = self._messages, []
        records, self._records = self._records, []
        return messages, records

    def entries(self) -> list[Entry]:
        """What the journal must know since the last call; durable before the messages of `take` go out."""
        entries, self._entries = self._entries, []
        return entries

    def stirred(self) -> list[str]:
        """The rooms in which something may have changed since the last call."""
        rooms, self._stirred = self._stirred, {}
        return list(rooms)

    # Inside

    def _collect(self, runner: SessionRunner) -> None:
        """Take what a session runner has to say, and note when it is due again."""
        self._stirred[runner.start.room] = None
        messages, records, entries = runner.take()
        self._messages.extend(messages)
        self._records.extend(records)
        self._entries.extend(entries)
        if runner.is_to_account:
            self._leaving[runner.start.room] = runner
        deadline, room = runner.next_deadline(), runner.start.room
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
        for room, runner in list(self._leaving.items()):
            if self._rooms[room] is not runner:
                del self._leaving[room]  # whoever took the room over gives it back
                continue
            if not self.is_resting(room, now):
                continue
            del self._leaving[room]
            if (given_back := runner.account(now)) is not None:
                self._record(room, now, given_back)

    def _call_next(self, now: Ms) -> None:
        """Start what waits for a room that is free, and drop what has waited too long."""
        if not self._waiting.rooms():
            return
        for start in self._waiting.expired(now):
            self._record(start.room, now, QueueDropped(start.timeline.scene, "waited too long"))
        for room in self._waiting.rooms():
            if self._playing(room) is not None:
                continue
            start = self._waiting.next(room)
            try:
                self._refuse_in_alarm(room, now)
                self._begin(self._reservations.without_busy(start), now)
            except Refused as refused:
                self._record(room, now, QueueDropped(start.timeline.scene, refused.message))

    def _record(self, room: str, now: Ms, event: RoomEvent) -> None:
        """Something that no session says of itself: it is about the one that is, or was last, on in the room."""
        runner = self._rooms.get(room)
        self._stirred[room] = None
        self._records.append(EventRecord(now, room, runner.start.name if runner is not None else None, event))

    def _listen(self, now: Ms) -> None:
        """Bring what the stage heard to the room that it concerns, and what comes of that."""
        while heard := self.stage.heard():
            for each in heard:
                self._bring(each, now)

    def _bring(self, heard: Heard, now: Ms) -> None:
        if isinstance(heard, Pressed):
            self._obey(self._button_mapping.of_press(heard, self._playing, now), now)
            return
        if isinstance(heard, DebtOpened | DebtExpired):
            self._enter_debt(heard)
            return
        if isinstance(heard, ProfileChanged):
            fingerprint = self._home.fingerprint(heard.device)
            self._entries.append(ProfileLearnt(heard.device, fingerprint, heard.profile))
            return
        if isinstance(heard, Learnt):
            self.patience.answered(heard.device)
        if isinstance(heard, Missing | Returned):
            self._stirred.update(self._cast_in.get(heard.device, {}))
        room = self._room_of.get(heard.device)
        if room is None:
            self._stirred.update(self._cast_in.get(heard.device, {}))  # what is owed there may be another
        is_nobodys = room is None or (isinstance(heard, TakenByHand) and self._rooms[room].is_over)
        if is_nobodys and isinstance(heard, Paid | TakenByHand):
            self._entries.append(Settled("", heard.device, heard.attribute, by_hand=False))
        if room is not None and (isinstance(heard, Paid | Unanswered | Withheld) or not self._rooms[room].is_over):
            self._rooms[room].hear(heard, now)
            self._collect(self._rooms[room])

    def _enter_debt(self, heard: DebtOpened | DebtExpired) -> None:
        """What is owed is of the session that plays with the device, or played with it last."""
        if isinstance(heard, DebtExpired):
            self._stirred.update(self._cast_in.get(heard.device, {}))
            self._entries.append(Settled("", heard.device, heard.attribute, by_hand=False))
            return
        room = self._room_of.get(heard.debt.device)
        self._entries.append(Owed(self._rooms[room].start.name if room is not None else "", heard.debt))

    def _obey(self, presses: Iterable[MappedPress], now: Ms) -> None:
        """What makes no sense now does nothing. Where nothing is on it may be meant for what is announced."""
        for room, word, command in presses:
            runner = self._playing(room)
            if runner is None:
                self._unclaimed.append((room, word))
                self.stage.go_on(self._rooms[room].devices if room in self._rooms else (), now)
            elif command is not None and not isinstance(command, PayOwed | DropOwed):  # which no button gives
                with suppress(Refused):
                    runner.handle(command, now)
                self._collect(runner)

    # What goes on around

    def _notice(self, turned: Iterable[Detected[RoomSignal | str]], now: Ms) -> None:
        for about, turn in turned:
            if isinstance(about, str):
                self._break_in(about, turn, now)
            elif turn is Edge.BEGAN:
                self._obey(self._button_mapping.of_event(about, self._playing), now)

    def _break_in(self, name: str, turn: Edge, now: Ms) -> None:
        """An interruption begins or is over, in each of its rooms."""
        interruption = self._home.model.interruptions[name]
        for room in interrupted_rooms(interruption, self._home.model):
            runner = self._playing(room)
            is_on = runner is not None
            if runner is not None:
                if turn is Edge.OVER:
                    runner.signal_over(name, now)
                else:
                    runner.interrupt(name, interruption, now)
                self._collect(runner)
            elif turn is Edge.BEGAN and interruption.when_idle:
                self._record(room, now, Interrupted(name, interruption.do))
            if interruption.do == "abort" and turn is Edge.BEGAN and (is_on or interruption.when_idle):
                self._light(room, interruption.lit, now)

    def _light(self, room: str, level: Percent, now: Ms) -> None:
        """Light a room up for good, but for lamps that a session elsewhere plays with."""
        model = self._home.model.rooms[room]
        all_of_room, groups = lamps_of(model, self._home.devices, self.stage.owes)
        lamps = [lamp for lamp in all_of_room if self._reservations.elsewhere(lamp, room) is None]
        self.stage.play(lamps, {name: members for name, members in groups.items() if set(members) <= set(lamps)})
        lit = light(lamps, min(level, model.limits.brightness), self.stage, now)
        runner = self._rooms.get(room)
        if runner is not None:
            runner.lit_by_alarm(lit)
