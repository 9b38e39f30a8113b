"""The real conductor, stage and journal with one lamp, made to do what the model has done, step by step."""

import json
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from orchestrator.commands import Next, Stop
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Entry, Settled
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.daemon.recovery import recover
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.home.library import read
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Heartbeat, SessionRecord
from orchestrator.scenes import library

HOME = read(
    "{home: house, format: 1, devices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}},"
    " rooms: {den: {roles: {main: lamp}}}}",
    "house.yaml",
)
SCENE = library.read(
    """
scene: looks
format: 1
languages: [en]
title: Looks
roles: {main: {kind: light}}
looks: {one: {main: {brightness: 40%}}, two: {main: {brightness: 30%}}}
steps:
"""
    + "".join(f"  - {{step: s{n}, look: {('one', 'two')[n % 2]}, fade: 0s, lasts: 1h}}\n" for n in range(9))
    + "finish: {look: restore, fade: 0s}\nstopped: {look: restore, fade: 0s}\nlost: {look: restore, fade: 0s}\n",
    "scene.yaml",
)
OWN, HAND = 178, 230
"""Of 254; what the scene has is neither."""
WALL = datetime(2026, 6, 14, 13, tzinfo=UTC)
MOMENT = 300
"""So much time passes with each step, for nobody does everything at once."""
PATIENCE = 600_000
"""So long the driver may take for what the model does in one step."""
EVENING = 2 * 3600_000


class Pending(NamedTuple):
    """A turn that has been made: what is to be written, and what is to be sent then."""

    entries: list[Entry]
    messages: list[Message]


class Rig:
    """One lamp that tells each time what it was told, a wire, and a driver that can die.

    `forgets` is a kind of entry that never comes to the journal: what the judging has to notice.
    """

    def __init__(self, file: Path, forgets: type[Entry] | None = None) -> None:
        self.level = OWN
        self.faults: list[str] = []
        self.now = 1_000_000
        self.was_taken = False
        """A person took the lamp, and the journal has it …"""
        self._is_theirs = False
        """… or the driver has it, and may die with it."""
        self.had_hand = False
        self._is_crossed = False
        """A hand was heard of while a command was on its way to the lamp: nobody can tell which of them is to stand."""
        self._file = file
        self._forgets = forgets
        for ending in ("", "-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
        self._wire: deque[Message] = deque()
        self._words: deque[Message] = deque()
        self._pending: Pending | None = None
        self._journal: Journal | None = None
        self._conductor: Conductor | None = None
        self._number = 0
        self._drive()
        self._hear(self._word())
        self._go_on()

    # What the model does

    def play(self, names: Sequence[str]) -> list[str]:
        """Take these steps, and then all that gives the room back. The promises that were broken, in words."""
        for name in names:
            self._let_pass(MOMENT, lambda: False)
            self._do(name)
            self._judge(name)
        self._end()
        if self._journal is not None:
            self._journal.close()
        return self.faults

    def _do(self, name: str) -> None:
        known: dict[str, Callable[[], None]] = {
            "start": self._start,
            "commit": self._commit,
            "send": self._send,
            "deliver": self._deliver,
            "lose command": lambda: self._pop(self._wire),
            "hear": self._hear_next,
            "lose word": lambda: self._pop(self._words),
            "unheard": lambda: self._pop(self._words),
            "hand": self._hand,
            "hand unheard": self._turn_knob,
            "cue": lambda: self._command(Next()),
            "stop": lambda: self._command(Stop()),
            "ask": self._tick,
            "try again": self._tick,
            "crash": self._crash,
            "we drive": self._drive,
        }
        known.get(name, lambda: None)()

    def _start(self) -> None:
        assert self._conductor is not None
        self._number += 1
        name = f"s{self._number}"
        start = prepare(SCENE, HOME, "den", {}, name=name)
        self._conductor.start(start, self.now)
        assert self._journal is not None
        self._journal.expect(
            SessionRecord(
                id=name,
                room="den",
                scene="looks",
                scene_text=SCENE.text,
                source="scene.yaml",
                parameters={},
                language="en",
                started_at=self._wall(),
                roles=start.reached,
            )
        )
        self.was_taken = self._is_crossed = self._is_theirs = False
        self._settle_snapshot()

    def _commit(self) -> None:
        if self._pending is not None and self._journal is not None:
            written = [each for each in self._pending.entries if type(each) is not self._forgets]
            self._journal.write(written, self.now)
            self._pending = self._pending._replace(entries=[])
            self.was_taken = self._is_theirs

    def _send(self) -> None:
        if self._pending is None:
            return
        told, self._pending = self._pending.messages, None
        for message in told:
            if message.topic.endswith("/get"):
                self._hear(self._word())
            elif message.topic == "zigbee2mqtt/lamp/set":
                self._wire.append(message)

    def _deliver(self) -> None:
        if self._wire:
            told = json.loads(self._wire.popleft().payload)
            self.level = told.get("brightness", self.level)
            self._words.append(self._word())

    def _hear_next(self) -> None:
        if self._words:
            self._hear(self._words.popleft())

    def _pop(self, wire: deque[Message]) -> None:
        if wire:
            wire.popleft()

    def _hand(self) -> None:
        self._turn_knob()
        self._hear(self._word())

    def _turn_knob(self) -> None:
        self.had_hand = True
        self.level = HAND

    def _command(self, command: Next | Stop) -> None:
        with suppress(Refused):
            if self._conductor is not None:
                self._conductor.command("den", command, self.now)
        self._take()
        if isinstance(command, Stop):
            self._let_pass(PATIENCE, lambda: not self._is_on())

    def _tick(self) -> None:
        """Let time pass until the driver has something to send."""
        self._let_pass(PATIENCE, lambda: self._pending is not None)

    def _crash(self) -> None:
        if self._journal is not None:
            self._journal._store._pending.clear()
            self._journal.close()
        self._journal = self._conductor = self._pending = None
        self._is_theirs = self.was_taken

    def _drive(self) -> None:
        """What was on its way when it died has come, unheard, by the time it is back."""
        while self._wire:
            self._deliver()
        self._words.clear()
        self._conductor, self._journal = Conductor(HOME, bridge_rates(HOME)), Journal(self._file)
        self._journal.open(self._wall(), self.now)
        sign = Heartbeat("boot-1", self.now, self._wall())
        recover(self._journal, HOME, self._conductor, sign, self.now)
        self._journal.heartbeat(sign, self.now)
        self._settle_snapshot()

    # Inside

    def _settle_snapshot(self) -> None:
        """A session that asks how the lamp is has its answer at once."""
        self._take()
        if self._pending is not None and any(each.topic.endswith("/get") for each in self._pending.messages):
            kept = [each for each in self._pending.messages if not each.topic.endswith("/get")]
            self._pending = self._pending._replace(messages=kept)
            self._hear(self._word())

    def _hear(self, word: Message) -> None:
        if self._conductor is not None:
            self._conductor.receive(word, self.now)
            self._take()

    def _take(self) -> None:
        if self._conductor is None:
            return
        messages, _ = self._conductor.take()
        entries = self._conductor.entries()
        if messages or entries:
            before = self._pending or Pending([], [])
            if self._is_theirs:
                told = [each.payload for each in messages if each.topic.endswith("/set")]
                self.faults += [f"the lamp was told {payload}, and it is a person's" for payload in told]
            elif any(isinstance(entry, Settled) and entry.by_hand for entry in entries):
                self._is_theirs, self._is_crossed = True, bool(self._wire or before.messages)
            self._pending = Pending([*before.entries, *entries], [*before.messages, *messages])

    def _let_pass(self, most: int, over: Callable[[], bool]) -> None:
        end = self.now + most
        while not over() and self._conductor is not None:
            due = self._conductor.next_deadline()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
            self._conductor.advance(self.now)
            self._take()
        if not over():
            self.now = end

    def _go_on(self) -> None:
        """All that waits is written, sent, delivered and heard."""
        while self._pending is not None or self._wire or self._words:
            self._commit()
            self._send()
            self._deliver()
            self._hear_next()

    def _is_on(self) -> bool:
        runner = self._conductor.runner("den") if self._conductor is not None else None
        return runner is not None and not runner.is_over

    def _end(self) -> None:
        """Nothing is lost any more: the room is given back, and nothing is owed."""
        if self._conductor is None:
            self._drive()
        self._go_on()
        if self._is_on():
            self._command(Stop())
            self._go_on()
        end = self.now + EVENING
        while self.now < end and self._owed():
            self._go_on()
            self._tick()
            if self._pending is None:
                break
        self._go_on()
        wanted = [HAND] if self.was_taken else [OWN, HAND] if self.had_hand else [OWN]
        if self.level not in wanted and not (self._is_crossed or self._owed()):
            self.faults.append(f"at the end the lamp is at {self.level}, and was to be at one of {wanted}")
        if self.level in wanted and self._owed():
            self.faults.append(f"at the end the lamp is as it was, and its {self._owed()} is owed")

    def _judge(self, name: str) -> None:
        shown = [self.level, *(json.loads(message.payload).get("brightness") for message in self._wire)]
        if any(level not in (OWN, HAND, None) for level in shown) and not (self._owed() or self._is_crossed):
            self.faults.append(f"after {name} the lamp is, or will be, at {shown}, and nothing is owed")

    def _owed(self) -> list[str]:
        """What the journal knows to be owed, whoever lives."""
        journal = self._journal or Journal(self._file)
        return [str(attribute) for (attribute,) in journal.read("SELECT attribute FROM debts")]

    def _word(self) -> Message:
        return Message("zigbee2mqtt/lamp", json.dumps({"state": "ON", "brightness": self.level}))

    def _wall(self) -> datetime:
        return WALL + timedelta(milliseconds=self.now)
