"""One session in one room: its wishes go to the room's devices, what they say comes back to it.

States: starting (the snapshot is asked for: `Patience`), playing, over. Moments are real milliseconds.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from orchestrator.commands import Abort, GiveBack, Pause, Repeat, Resume, SessionCommand
from orchestrator.conductor.account import Account
from orchestrator.conductor.announcement import announcement
from orchestrator.conductor.announcer import Announcer
from orchestrator.conductor.device_wants import DeviceWants
from orchestrator.conductor.interruptions import Action, Interruptions
from orchestrator.conductor.journal_entries import Begun, Ended, Entered, Entry, RecoveryRecord, Settled, SpeechMeasured
from orchestrator.conductor.patience import Patience
from orchestrator.conductor.recovery import recovery, snapshot_of
from orchestrator.conductor.request import Start
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.conductor.snapshot import Snapshot, snapshot
from orchestrator.devices.messages import Message, SpeechEvent
from orchestrator.errors import Reason, Refused
from orchestrator.events.device import (
    DeviceMissing,
    DeviceRefused,
    DeviceReturned,
    DeviceSilent,
    GivenBack,
    OutOfRange,
    Overridden,
    SnapshotUnknown,
)
from orchestrator.events.event import EventRecord, RoomEvent, SessionEvent
from orchestrator.events.music import MusicUnknown
from orchestrator.events.session import Ending, Landed, Landing, SessionResumed, SessionStarted
from orchestrator.events.step import StepStarted
from orchestrator.events.words import WordsDropped
from orchestrator.home.interruption import InterruptionModel
from orchestrator.home.model import HomeModel
from orchestrator.scenes.planning.timeline import Hands, touched
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.session.outputs import Announce, HushWords, Output, Ring, Wish
from orchestrator.session.reports import Spoken, VoiceIs, VolumeByHand
from orchestrator.session.session import Session
from orchestrator.session.state import Status
from orchestrator.session.view import View
from orchestrator.session.voice import Traits
from orchestrator.stage.heard import (
    Heard,
    Learnt,
    Missing,
    Paid,
    Returned,
    SaidNonsense,
    Silent,
    Spoke,
    TakenByHand,
    Unanswered,
    WasRefused,
    Withheld,
)
from orchestrator.stage.stage import Stage
from orchestrator.units import Ms, Percent
from orchestrator.values import Attribute, Track, Value


class RunnerOutput(NamedTuple):
    """What a runner has for the outside; the entries are for the journal, before the messages go."""

    messages: list[Message]
    records: list[EventRecord]
    entries: list[Entry]


class SessionRunner:
    """A session with its cast."""

    def __init__(
        self,
        start: Start,
        home: HomeModel,
        stage: Stage,
        patience: Patience,
        now: Ms,
        recovered: RecoveryRecord | None = None,
    ) -> None:
        self.start = start
        self.session: Session | None = None
        self._messages: list[Message] = []
        self._records: list[EventRecord] = []
        self._entries: list[Entry] = []
        self._account = Account(stage, (device for device, _ in recovered.by_hand) if recovered is not None else ())
        self._is_accounted = False
        self._recovered = recovered
        self._home = home
        self._room = home.rooms[start.room]
        self._stage = stage
        self._scale = RoomScale.of(self._room, at_night=start.at_night, needs_light=start.timeline.needs_light)
        self._wants = DeviceWants(start.roles, home, self._scale, stage)
        self._started = now
        self._patience = patience
        self._begins_by = now + patience.of_all
        self._before: dict[tuple[str, Attribute], Value] = {}
        self._unsaid: frozenset[tuple[str, Attribute]] = frozenset()
        self._early: list[Command] = []
        self._interruptions = Interruptions(start.name, start.timeline.language, start.timing)
        self._said: set[RoomEvent] = set()
        self._told_unknown: set[str] = set()
        """Devices of which it was said that nobody knows how they were."""
        self._left_words: str | None = None
        """Words that are over since the session has left them behind, in a silence between their sentences."""
        voices = start.roles.get(start.voice, ()) if start.voice is not None else ()
        self._announcer = Announcer(
            voices[0] if voices else None,
            start.timeline.language,
            stage,
            self._scale,
            timing=start.timing,
            rate=start.rate,
        )
        self.devices = tuple(dict.fromkeys(device for cast in start.roles.values() for device in cast))
        self._roles_of = {
            device: [role for role, cast in start.roles.items() if device in cast] for device in self.devices
        }

    # Time

    def begin(self) -> None:
        """Ask the devices of which nobody knows how they are. The session starts once all have answered."""
        self._stage.forget_old(self.devices, self._started)
        for device in self.devices:
            if not self._stage.knows(device, self._started):
                self._stage.ask(device, self._started)
        for group, members in self.start.groups.items():
            if not all(self._stage.knows(device, self._started) for device in (group, *members)):
                self._stage.ask(group, self._started, members)
        self.advance(self._started)

    def next_deadline(self) -> Ms | None:
        if self.session is None:
            return self._begins_by
        held_until = min(map(self._held_until, self._wants.held), default=None)
        moments = (self.session.next_deadline(), self._interruptions.due, self._announcer.due, held_until)
        return min((moment for moment in moments if moment is not None), default=None)

    def advance(self, now: Ms) -> None:
        if self.session is None:
            if now >= self._begins_by or self._is_known(now):
                self._start_session(now)
            return
        if overdue := [device for device in self._wants.held if self._held_until(device) <= now]:
            self._wait_no_longer(overdue, now)
        while (due := self._interruptions.due) is not None and due <= now:
            self._take(self.session.advance(due), due)
            self._do(self._interruptions.pass_due(due), due)
        self._take(self.session.advance(now), now)
        self._messages.extend(self._announcer.advance(now))

    def _is_known(self, now: Ms) -> bool:
        return all(self._has_said(device, now) for device in self.devices)

    def _has_said(self, device: str, now: Ms) -> bool:
        """Nobody has to wait for what it says."""
        return self._stage.knows(device, now) or self._stage.is_surely_away(device)

    def _start_session(self, now: Ms) -> None:
        start = self.start
        taken = self._snapshot(now)
        if self._recovered is not None:
            taken = snapshot_of(taken, self._recovered, start, self._scale)
        else:
            unsaid = {device for device, _ in taken.may_come_late if not self._has_said(device, now)}
            waited_for = [device for device in self.devices if device in unsaid]
            self._wants.hold([each for each in waited_for if self._patience.is_for(each, self._started, now)])
        self._before, self._unsaid = taken.devices, taken.may_come_late
        known = tuple((device, attribute, value) for (device, attribute), value in taken.devices.items())
        self._entries.append(Begun(start.name, start.room, now, known))
        self.session = Session(
            self.start.name,
            self.start.timeline,
            taken.before,
            now,
            traits=self._announcer.traits,
            rate=self.start.rate,
            paused_at_most=self._home.paused_at_most,
            recovery=recovery(self._recovered, start) if self._recovered is not None else None,
        )
        for device in self.devices:
            if self._stage.is_away(device):
                self._record_once(DeviceMissing(device), now)
            for nonsense in self._stage.staged(device).nonsense.values():
                self._tell_nonsense(OutOfRange(device, *nonsense), now)
        self._tell_unknown(taken, now)
        for volume in self._volumes_by_hand():
            self._take(self.session.report(volume, now), now)
        self._take(self.session.advance(now), now)
        for command in self._early:
            with suppress(Refused):
                self._take(self.session.handle(command, now), now)
        self._early.clear()
        self._notice_going_on(now)

    def _snapshot(self, now: Ms) -> Snapshot:
        return snapshot(self.start, self._stage, now, room=self._room, scale=self._scale)

    def _tell_unknown(self, taken: Snapshot, now: Ms) -> None:
        """Of which roles nobody knows how they were; those that are still waited for may say so yet."""
        held = self._wants.held
        self._account.guess(taken.guessed.difference(held))
        self._stage.guess(taken.guessed, self.devices)
        unsaid = {device for device, attribute in taken.unsaid if attribute is not Attribute.COLOUR}
        news = unsaid.difference(held, self._told_unknown)
        self._told_unknown |= news
        for role, has_fallback in taken.unknown.items():
            if self._recovered is not None or not news.isdisjoint(self.start.roles[role]):
                devices = tuple(device for device in self.start.roles[role] if device in news)
                self._record_once(SnapshotUnknown(role, has_fallback, devices), now)

    def _held_until(self, device: str) -> Ms:
        """A device that is waited for had its time by then."""
        return self._patience.until(device, self._started)

    def _wait_no_longer(self, devices: Iterable[str], now: Ms) -> None:
        """Devices that have had all of our patience are told what is wanted, though nobody knows how they were."""
        for device in devices:
            self._patience.is_over(device)
            self._let_go(device, now)
        self._tell_unknown(self._snapshot(now), now)

    def _let_go(self, device: str, now: Ms) -> None:
        for unknown in self._wants.let_go(device, self._before, now):
            self._record_once(unknown, now)

    def _learn(self, device: str, now: Ms) -> None:
        """What a device says before anything of ours was sent to it is how it was, however late it says it."""
        late = {(name, attribute) for name, attribute in self._unsaid if name == device}
        late = {each for each in late if self._stage.debt(*each) is None and self._stage.value(*each, now) is not None}
        late |= {(device, attribute) for attribute in self._stage.take_its_word(device, now)}
        if late and self.session is not None:
            taken = self._snapshot(now)
            self._before |= {each: taken.devices[each] for each in late if each in taken.devices}
            tracks = {Track(role, attribute) for _, attribute in late for role in self._roles_of[device]}
            self.session.learn({track: value for track, value in taken.before.items() if track in tracks})
            self._unsaid -= late
            if not any(name == device for name, _ in self._unsaid - taken.may_come_late):
                self._account.know(device)
        if device in self._wants.held and self._has_said(device, now):
            self._let_go(device, now)

    def _volumes_by_hand(self) -> Iterator[VolumeByHand]:
        """What a person had chosen in a former life is the session's own level in this one."""
        for device, attribute in self._recovered.by_hand if self._recovered is not None else ():
            debt = self._stage.debt(device, Attribute.VOLUME)
            if attribute is Attribute.VOLUME and debt is not None and isinstance(debt.value, float):
                for role in self._roles_of.get(device, ()):
                    yield VolumeByHand(Track(role, Attribute.VOLUME), self._scale.scene_volume(debt.value))

    # What people and devices say

    def handle(self, command: Command | SessionCommand | GiveBack, now: Ms) -> None:
        """Raises Refused, having changed nothing; what was due by then has happened all the same.

        A command that comes while the devices are still asked how they are waits for the answer: 5 s at most.
        """
        if isinstance(command, GiveBack):
            self._hand_back(command.device, now)
            return
        self.advance(now)
        if isinstance(command, Repeat) and (left := self._announcer.cut(self._announcer.saying)) is not None:
            self._report(Spoken(left), now)
        self._tell(command, now)
        if isinstance(command, Pause):
            self._interruptions.paused()

    def _tell(self, command: Command, now: Ms) -> None:
        if self.session is None:
            self._early.append(command)
        else:
            self._take(self.session.handle(command, now), now)

    def _hand_back(self, device: str, now: Ms) -> None:
        """A person hands a device to the session again."""
        members = self.meant_by(device)
        if not set(members) <= set(self.devices):
            raise Refused(Reason.UNKNOWN_DEVICE, f"{device} plays no part in {self.start.room} now.")
        taken = {member: self._stage.overridden(member) for member in members}
        given = [member for member in members if self._stage.give_back(member, now)]
        if not given:
            raise Refused(Reason.NOT_NOW, f"Nobody has taken {device} by hand.")
        for member in given:
            self._account.take_back(member)
            if self.session is not None and self.session.ending is not None:
                backs = self.session.backs.items()
                own = {track.attribute: back for track, back in backs if track.role in self._roles_of[member]}
                self._wants.hand_back(member, {each: own[each] for each in taken[member] if each in own}, now)

    def end(self, ending: Ending, now: Ms) -> None:
        if self.session is None:
            self._start_session(now)
        assert self.session is not None
        self._take(self.session.end(ending, now), now)

    def abort(self, now: Ms) -> None:
        """End it at once, even where it has not begun."""
        if self.session is None:
            self._start_session(now)
        assert self.session is not None
        self._take(self.session.handle(Abort(), now), now)

    # What breaks in

    def interrupt(self, name: str, interruption: InterruptionModel, now: Ms) -> None:
        """The doorbell, the phone, an alarm. A room that is being given back already is only aborted."""
        self.advance(now)
        if self.is_over:
            return
        light = self._scale.scene_value(Attribute.LEVEL, float(interruption.lit))
        assert isinstance(light, float)
        self._do(self._interruptions.interrupt(name, interruption, Percent(light), self.status, now), now)

    def signal_over(self, name: str, now: Ms) -> None:
        """The signal of an interruption is off again."""
        self.advance(now)
        self._do(self._interruptions.signal_over(name), now)

    def _notice_going_on(self, now: Ms) -> None:
        """Whoever lets the session go on, or ends it, ends what it stood for."""
        if not (self._interruptions.is_empty or self._early or self.status is Status.PAUSED):
            self._do(self._interruptions.gone_on(), now)

    def _do(self, actions: Iterable[Action], now: Ms) -> None:
        """What an interruption, or its end, wants done. What makes no sense by now is left."""
        for action in actions:
            match action:
                case Abort():
                    self.abort(now)
                case Announce():
                    self._messages.extend(self._announcer.say(action, now, at_once=True))
                case Interrupt() | Tell() | Resume():
                    with suppress(Refused):
                        self._tell(action, now)
                case _:
                    self._record(action, now)

    # What devices say

    def hear(self, heard: Heard, now: Ms) -> None:
        """Something about one of its devices."""
        match heard:
            case Learnt(device):
                self._learn(device, now)
                self.advance(now)
            case Spoke(device, name, event):
                if device == self._announcer.device:
                    self._spoken(name, event, now)
            case TakenByHand(device, attribute, value):
                self._overridden(device, attribute, value, now)
            case Missing(device) | Returned(device) if device in self.start.groups:
                pass  # it is away with its members, and they say so
            case Missing(device):
                if self.session is not None:
                    self._record_once(DeviceMissing(device), now)
                if device == self._announcer.device:
                    self._announcer.away()
                    self._report(Spoken(None, done=False), now)
                    self._report(VoiceIs(Traits()), now)
            case Returned(device):
                if self.session is not None:
                    self._record(DeviceReturned(device), now)
                self._said.discard(DeviceMissing(device))
                if device == self._announcer.device:
                    self._report(VoiceIs(self._announcer.traits), now)
            case Paid(device, attribute):
                self._account.pay(heard, now)
                self._is_accounted = False
                self._entries.append(Settled(self.start.name, device, attribute, by_hand=False))
            case Unanswered() | Withheld():
                self._is_accounted = False
            case Silent(device):
                self._record_once(DeviceSilent(device), now)
            case SaidNonsense(device, (what, value, expected)):
                self._tell_nonsense(OutOfRange(device, what, value, expected), now)
                if what == "volume":
                    self._doubt_volume(device)
            case WasRefused(device, why):
                if not any(isinstance(said, DeviceRefused) and said.device == device for said in self._said):
                    self._record_once(DeviceRefused(device, why), now)

    def _doubt_volume(self, device: str) -> None:
        """It counts otherwise than the home file says: how loud it was before is not known, and no reason to shout."""
        debt, comfortable = self._stage.debt(device, Attribute.VOLUME), min(self._scale.music, self._scale.loudest)
        if debt is not None and isinstance(debt.value, float | int) and debt.value > comfortable:
            self._stage.owe_instead(device, Attribute.VOLUME, comfortable)
            self._account.doubt(device)

    def _tell_nonsense(self, event: OutOfRange, now: Ms) -> None:
        """Once for each value of a device, whatever it says next; before it begins, with the snapshot."""
        is_said = any(
            isinstance(said, OutOfRange) and (said.device, said.what) == (event.device, event.what)
            for said in self._said
        )
        if self.session is not None and not is_said:
            self._record_once(event, now)

    def _overridden(self, device: str, attribute: Attribute, value: Value | None, now: Ms) -> None:
        self._record(Overridden.of(device, attribute, value), now)
        self._account.leave(device)
        self._entries.append(Settled(self.start.name, device, attribute, by_hand=True))
        if attribute is Attribute.VOLUME and isinstance(value, float):
            for role in self._roles_of[device]:
                track = Track(role, Attribute.VOLUME)
                self._report(VolumeByHand(track, self._scale.scene_volume(value)), now)

    def _report(self, heard: Spoken | VolumeByHand | VoiceIs, now: Ms) -> None:
        if self.session is not None:
            self._take(self.session.report(heard, now), now)

    def lost(self, now: Ms) -> None:
        """The broker is gone: the playhead goes on, with captions."""
        self._announcer.lost()
        self._report(VoiceIs(Traits()), now)

    def connected(self, now: Ms) -> None:
        """The broker is back: words that are still fresh are said, the others are not."""
        unheard = self._announcer.connected()
        self._report(VoiceIs(self._announcer.traits), now)
        for announce in unheard:
            self._say(announce, now)

    # What the session wants

    def _take(self, outputs: list[Output], now: Ms) -> None:
        self._act(outputs, now)
        self._announcer.stand(stands=self.status is Status.PAUSED)
        if (left := self._left_words) is not None:
            self._left_words = None
            self._report(Spoken(left), now)
        if self.session is not None and self.session.is_over and outputs:
            self._announcer.fall_silent()
            self._wants.hold(())
            self._stage.settle(self.devices, now)
        self._notice_going_on(now)

    def _act(self, outputs: list[Output], now: Ms) -> None:
        before = self._announcer.saying
        for output in outputs:
            match output:
                case Wish():
                    for unknown in self._wants.wish(output, self._before, self._way_out, now):
                        self._record_once(unknown, now)
                case Announce():
                    self._say(output, now)
                case HushWords(name):
                    self._messages.extend(self._announcer.hush(name))
                case Ring(sound):
                    self._messages.extend(self._announcer.ring(sound))
                case _:
                    if isinstance(output, StepStarted | Landing):
                        self._left_words = self._announcer.cut(before)
                    if isinstance(output, Landing):
                        self._wants.forget_held()
                        if self._is_lost:
                            self._stage.hold_down(self.devices)
                    self._record(output, now)
                    self._enter(output, now)
                    if isinstance(output, SessionStarted | SessionResumed):
                        for names in self.start.unknown_music:
                            self._record_once(MusicUnknown(names), now)

    @property
    def _way_out(self) -> Ending | None:
        """How the room is given back: what had finished, and was stopped or cut off as it landed, is as if stopped."""
        ending = self.session.ending if self.session is not None else None
        if ending is Ending.FINISHED and self.session is not None:
            return ending if self.session.chapter is self.start.timeline.finish else Ending.STOPPED
        return ending

    @property
    def _is_lost(self) -> bool:
        """Whether it lands as one that was cut off, or failed: perhaps nobody is awake."""
        return self.session is not None and self.session.chapter is self.start.timeline.lost

    def _enter(self, event: SessionEvent | WordsDropped, now: Ms) -> None:
        """What of it the journal keeps."""
        session = self.session
        if session is None:
            return
        if isinstance(event, StepStarted):
            touched = tuple(session.fades)
            self._entries.append(Entered(self.start.name, session.index, session.chapter.id, touched))
            self._measure()
        elif isinstance(event, Landed):
            self._measure()
            self._entries.append(Ended(self.start.name, event.ending, now))

    # Words

    def _say(self, announce: Announce, now: Ms) -> None:
        if (unsaid := self._announcer.fall_silent()) is not None:
            self._record(WordsDropped(unsaid.id, now - unsaid.at), now)
        if not self._announcer.is_too_late(announce, now):
            self._messages.extend(self._announcer.say(announce, now))
        elif not announce.beat:
            self._record(WordsDropped(announce.id, now - announce.at), now)

    def _spoken(self, name: str, event: SpeechEvent, now: Ms) -> None:
        over = self._announcer.heard(name, event, now)
        if over is not None:
            self._report(Spoken(over, done=event is SpeechEvent.DONE), now)

    def _measure(self) -> None:
        """How long words really took is for the sessions to come."""
        device, timing, language = self._announcer.device, self._announcer.timing, self.start.timeline.language
        for words, lasted in self._announcer.samples():
            if device is not None:
                self._entries.append(SpeechMeasured(device, language, timing.rate, timing.gap, words, lasted))

    @property
    def has_voice(self) -> bool:
        """True where its words are to be heard, and no captions."""
        return self._announcer.traits.cast

    def answer(self, text: str, now: Ms, *, language: str, gives_way: bool = False) -> None:
        """Answer somebody, in the language of the text, once the voice is free.

        `gives_way`: the step's words, on or to come at once, are enough.
        """
        self.advance(now)
        session = self.session
        chapter = session.chapter if session is not None else None
        is_in_words = session is None or (session.status is not Status.PAUSED and session.is_in_words)
        if self.has_voice and not (gives_way and is_in_words):
            with suppress(Refused):
                self.handle(Tell(announcement(text, language, chapter, timing=self._announcer.timing)), now)

    # What happened

    def _record_once(self, event: RoomEvent, now: Ms) -> None:
        if event not in self._said:
            self._said.add(event)
            self._record(event, now)

    def _record(self, event: RoomEvent, now: Ms) -> None:
        self._records.append(EventRecord(now, self.start.room, self.start.name, event))

    # What goes out

    def take(self) -> RunnerOutput:
        """What there is for the outside since the last call."""
        taken = RunnerOutput(self._messages, self._records, self._entries)
        self._messages, self._records, self._entries = [], [], []
        return taken

    # What is shown

    @property
    def is_over(self) -> bool:
        return self.session is not None and self.session.is_over

    @property
    def status(self) -> Status:
        return Status.STARTING if self.session is None else self.session.status

    @property
    def is_oily(self) -> bool:
        """Whether nobody can touch anything but a button now."""
        session = self.session
        return session is not None and session.ending is None and session.chapter.hands is Hands.OILY

    def view(self, now: Ms) -> View | None:
        """How the session stands; None before it has begun."""
        return self.session.view(now) if self.session is not None else None

    def missing(self) -> list[str]:
        """The devices that are away."""
        return [device for device in self.devices if self._stage.is_away(device)]

    def meant_by(self, device: str) -> tuple[str, ...]:
        """The devices that somebody means who names one: a group's members, or itself."""
        return self.start.groups.get(device, (device,))

    def overridden(self) -> list[tuple[str, Attribute]]:
        """What people have taken by hand."""
        return [(device, attribute) for device in self.devices for attribute in self._stage.overridden(device)]

    def uses(self) -> frozenset[tuple[str, Attribute]]:
        """What of the devices that are cast the session may touch."""
        line = self.start.timeline
        tracks = touched((*line.chapters, line.finish, line.stopped, line.lost))
        return frozenset(
            (device, track.attribute) for track in tracks for device in self.start.roles.get(track.role, ())
        )

    def leave_off(self, now: Ms) -> bool:
        """Another session is about to take the room over: fall silent and let all stand. False where it was over.

        Before the other wants anything, or the last wishes of this one would count.
        """
        if self.is_over or (self.session is None and self._recovered is None):
            return False
        if self.session is not None:
            self._act(self.session.replaced(now), now)
        elif self._recovered is not None:
            # It began in a former life. Left open in the journal it would be taken up again after the next crash.
            self._entries.append(Ended(self.start.name, self._recovered.ending or Ending.STOPPED, now))
        return True

    def give_up(self, keeping: frozenset[tuple[str, Attribute]], now: Ms) -> None:
        """It has left off: give back what the session that took over does not use."""
        for device in self.devices:
            self._wants.give_back(device, keeping, now)
        kept = {device for device, _ in keeping}
        self._stage.settle([device for device in self.devices if device not in kept], now)

    def leave(self, device: str) -> None:
        """A person wants one of its devices as it is, now that it is over."""
        self._account.leave(device)
        self._is_accounted = False

    def lit_by_alarm(self, lamps: Iterable[str]) -> None:
        """An alarm has lit these lamps: they are nobody's to be given back."""
        self._account.light(lamps)

    @property
    def is_to_account(self) -> bool:
        """Whether it is over and there may be something new to say of what was given back."""
        return self.is_over and not self._is_accounted

    def account(self, now: Ms) -> GivenBack | None:
        """Say, once, what became of the devices; None where there is nothing new."""
        self._is_accounted = True
        return self._account.news(self.devices, now)

    def standing(self, now: Ms) -> GivenBack | None:
        """What has become of the devices up to now."""
        return self._account.standing(self.devices, now)

    def owed(self) -> list[str]:
        """The devices that have not been given back what they had."""
        return [device for device in self.devices if self._stage.owes(device)]
