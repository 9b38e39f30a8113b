"""What was to be seen, heard and read in one evening: by a person in the room, at the broker, in the journal."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from orchestrator.devices.messages import Message
from orchestrator.scenes.planning.timeline import Before, Move, Timeline
from orchestrator.units import SECOND, Ms
from orchestrator.values import Attribute
from tests.storm import judge
from tests.storm.life import Life
from tests.storm.radio import FINE, Change, Place, Value

if TYPE_CHECKING:
    from tests.storm.world import World

HANDED_OVER: Ms = 5 * SECOND
"""So long two services may both tell a lamp something: one of them has to find out."""
A_MINUTE = 1500
"""So many commands to devices in a minute are a flood of ours."""
IN_FLIGHT = 3000
FLASH = 4.0
"""L* above what a lamp is to be at most: its own steps, and what rounding leaves."""
SWELL = 12.0
_WAYS = {"finished": "finish", "stopped": "stopped", "aborted": "stopped", "failed": "lost", "lost": "lost"}
_OF_LIGHT = {Attribute.LEVEL: "level", Attribute.COLOUR: "colour", Attribute.ON: "on"}


class Finding(NamedTuple):
    """Something that may not be. `kind` is the promise that was broken."""

    kind: str
    about: str
    sentence: str
    at: Ms

    def __str__(self) -> str:
        return f"{self.kind}: {self.sentence} (at {self.at / 1000:.1f} s)"


class AtMost(NamedTuple):
    """As it was, but no brighter than so much L*."""

    light: float


class Said(NamedTuple):
    """A word of the last account of a device, when it was said, and how the device was then."""

    words: frozenset[str]
    at: Ms


@dataclass
class Played:
    """A session that began: its room, what it casts, and how it leaves each place that it does not restore."""

    session: str
    room: str
    devices: frozenset[str]
    ways: dict[str, dict[Place, Value]]
    began: Ms
    swells: bool = False
    most: dict[str, float] = field(default_factory=dict)
    """By lamp, the most L* of its plan."""
    ended: Ms | None = None
    ending: str | None = None

    @property
    def left(self) -> list[dict[Place, Value]]:
        """How it left what it does not restore; while it is not known how it ended: in any of its ways."""
        return [*self.ways.values()] if self.ending is None else [self.ways[_WAYS[self.ending]]]


@dataclass
class Watcher:
    """Of one world."""

    world: "World"
    findings: list[Finding] = field(default_factory=list)
    trace: list[tuple[Ms, str]] = field(default_factory=list)
    before: dict[Place, Value] = field(default_factory=dict)
    sessions: dict[str, Played] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    owed: dict[str, set[str]] = field(default_factory=dict)
    """By room, what its state says of devices that have not been given back."""
    unknown: dict[Place, list[Value]] = field(default_factory=dict)
    """What a device showed when it was said that nobody knew how it was: that is how a later session finds it.

    And what a second service said that it still owed, which then went for good, with its journal.
    """
    admitted: set[str] = field(default_factory=set)
    """Of which it was said as a session began that nobody knew how they were."""
    taken: list[tuple[Ms, str, str]] = field(default_factory=list)
    """What was said to be a hand: when, device, attribute."""
    told: dict[str, dict[int, Ms]] = field(default_factory=dict)
    """By device, when each life told it something last."""
    contested: dict[str, tuple[Ms, Ms]] = field(default_factory=dict)
    """By device, from when to when two lives told it something."""
    told_last: Ms = 0
    told_places: dict[Place, Ms] = field(default_factory=dict)
    caps: dict[str, float] = field(default_factory=dict)
    """By lamp, the most L* that a plan of this evening gives it."""
    served: list[tuple[Ms, Ms, int]] = field(default_factory=list)
    """From when to when which life was heard of."""
    most_in_flight: int = 0
    most_waiting: int = 0
    messages: int = 0
    _minute: Ms = 0
    _in_minute: int = 0
    _flashed: set[str] = field(default_factory=set)
    is_traced: bool = False

    def traces(self) -> None:
        """Every message and every write is wanted."""
        self.is_traced = True
        self.world.disk.tell = self.tell

    # What is found

    def find(self, kind: str, sentence: str, about: str = "") -> None:
        if not any(one.kind == kind and one.about == about for one in self.findings):
            self.findings.append(Finding(kind, about, sentence, self.world.agenda.now))
            self.tell(f"FOUND {kind}: {sentence}")

    def tell(self, sentence: str) -> None:
        """A line of the trace."""
        self.trace.append((self.world.agenda.now, sentence))

    # What happens

    def begins(self) -> None:
        self.before = self.world.radio.state()
        for (device, what), value in self.before.items():
            if what == "level":
                self.caps[device] = self.world.radio.lightness(device, value)

    def hand(self, device: str, how: dict[str, Any]) -> None:
        """Somebody makes it as bright as they like."""
        if "level" in how:
            for name in self.world.radio.members(device):
                if name in self.caps:
                    light = self.world.radio.lightness(name, float(how["level"]))
                    self.caps[name] = max(self.caps[name], light)

    def shines(self, device: str, level: float, now: Ms) -> None:
        """Relax has told a lamp to be so bright (its own percent)."""
        radio = self.world.radio
        fault = self.world.evening.radios.get(device, FINE)
        most = self.caps.get(device, 100.0) + FLASH
        for change in radio.seen.history.get((device, "level"), []):
            if change.who != "relax":
                most = max(most, radio.lightness(device, float(change.to)) + FLASH)
        if not fault.is_exact:
            most = most * max(fault.gain, 1.0) + fault.jitter + 4.0
        shown = radio.lightness(device, level)
        if shown > most and device not in self._flashed:
            self._flashed.add(device)
            self.find("flash", f"{device} was told to shine with {shown:.0f} L*, and {most:.0f} is the most", device)
        self._told(device, now)

    def _told(self, device: str, now: Ms) -> None:
        self.told_last = now

    def measures(self) -> None:
        """Nothing may grow without end."""
        self.most_in_flight = max(self.most_in_flight, self.world.broker.in_flight)
        waiting = sum(len(each) for life in self.world.lives if not life.is_over for each in life.connections)
        self.most_waiting = max(self.most_waiting, waiting)
        if self.world.broker.in_flight > IN_FLIGHT or waiting > IN_FLIGHT:
            self.find("unbounded", f"{self.world.broker.in_flight} messages on their way, {waiting} wait")

    def hear(self, sender: object, message: Message) -> None:
        """Whatever anybody publishes."""
        self.messages += 1
        topic, now = message.topic, self.world.agenda.now
        if isinstance(sender, Life):
            self._serves(sender)
            if topic in self.world.broker.device_topics:
                self._command(sender, message)
            elif topic.startswith("relax/rooms/"):
                _, _, room, leaf = topic.split("/", 3)
                if leaf == "event":
                    self._event(sender, room, json.loads(message.payload))
                elif leaf == "session":
                    self._state(room, json.loads(message.payload))
                elif leaf == "reply" and '"ok":false' in message.payload:
                    self.tell(f"   refused: {json.loads(message.payload)['error']['code']}")
        elif self.is_traced and topic not in self.world.broker.device_topics:
            self.trace.append(
                (now, f"   {'said' if sender == 'devices' else 'heard'}: {topic} {message.payload[:150]}")
            )

    # Inside

    def _serves(self, life: Life) -> None:
        now = self.world.agenda.now
        if self.served and self.served[-1][2] == life.number:
            self.served[-1] = (self.served[-1][0], now, life.number)
        else:
            self.served.append((now, now, life.number))

    def _command(self, life: Life, message: Message) -> None:
        now = self.world.agenda.now
        self.told_last = now
        self._learn(life)
        if self.is_traced:
            self.trace.append((now, f"   tells {life.number}: {message.topic} {message.payload[:150]}"))
        if now // 60_000 != self._minute:
            self._minute, self._in_minute = now // 60_000, 0
        self._in_minute += 1
        if self._in_minute > A_MINUTE:
            self.find("unbounded", f"more than {A_MINUTE} commands to devices in a minute")
        for name in self.world.radio.simulated._by_topic.get(message.topic, ()):
            for device in self.world.radio.members(name):
                self._drives(device, life, now)

    def _drives(self, device: str, life: Life, now: Ms) -> None:
        """Two that both live, and both tell a device something for longer than they need to find out."""
        told = self.told.setdefault(device, {})
        told[life.number] = now
        is_contested = any(
            number != life.number and now - at < HANDED_OVER and not self.world.lives[number].is_over
            for number, at in told.items()
        )
        if not is_contested:
            return
        since, last = self.contested.get(device, (now, now))
        if now - last > HANDED_OVER:
            since = now
        self.contested[device] = since, now
        if now - since > HANDED_OVER:
            self.find("two drivers", f"{device} is told something by two services", device)

    def _event(self, life: Life, room: str, event: dict[str, Any]) -> None:
        kind, session, details = event["event"], str(event.get("session")), event["details"]
        now = self.world.agenda.now
        if kind not in ("announced", "words_dropped"):
            self.tell(f"   event in {room}: {kind} {_short(details)}")
        match kind:
            case "session_started" | "session_resumed":
                self._learn(life)
                if kind == "session_resumed":
                    self._resumed(session)
                if session in self.sessions and self.sessions[session].ended is not None:
                    self.find("played again", f"{session} had ended, and began again", room)
            case "step_started" if session in self.sessions and self.sessions[session].ended is not None:
                self.find("played again", f"{session} had ended, and goes on", room)
            case "landed":
                played = self.sessions.get(session)
                if played is not None:
                    played.ended, played.ending = now, details["ending"]
            case "overridden":
                self.taken.append((now, details["device"], details["attribute"]))
                judge.judge_hand(self, details["device"], details["attribute"])
            case "given_back":
                self._account(life, details)
            case "snapshot_unknown":
                played = self.sessions.get(session)
                assert life.service is not None
                runner = life.service.daemon.conductor.runner(room)
                if played is not None and runner is not None and runner.start.name == session:
                    self.admitted.update(runner.start.reached.get(details["about"], ()))

    def _learn(self, life: Life) -> None:
        """What is played now, of which nothing has been said yet: its first messages go before the word of it."""
        assert life.service is not None
        for room in self.world.home.model.rooms:
            runner = life.service.daemon.conductor.runner(room)
            if runner is None or runner.start.name in self.sessions:
                continue
            start, scale = runner.start, runner._scale
            roles = start.reached
            devices = frozenset(name for cast in roles.values() for name in cast)
            ways = {
                name: dict(_way(getattr(start.timeline, name), roles, scale)) for name in ("finish", "stopped", "lost")
            }
            self.sessions[start.name] = Played(start.name, room, devices, ways, self.world.agenda.now)
            self._cap(self.sessions[start.name], start.timeline, roles, scale)

    def _resumed(self, session: str) -> None:
        """A lamp that was at the top of a swell when relax was cut off swells on top of its way down from there."""
        played = self.sessions.get(session)
        if played is not None and played.swells:
            for device in played.devices & self.caps.keys():
                self.caps[device] = max(self.caps[device], min(played.most.get(device, 0.0) + SWELL, 100.0))

    def _cap(self, played: Played, timeline: Timeline, roles: dict[str, tuple[str, ...]], scale: Any) -> None:
        """No lamp of these is told more, but for what breaks in."""
        home = self.world.home
        lit = [float(each.lit) for each in home.model.interruptions.values()]
        chapters = (*timeline.chapters, timeline.finish, timeline.stopped, timeline.lost)
        moves = [cue.what for chapter in chapters for cue in chapter.cues if isinstance(cue.what, Move)]
        played.swells = any(move.swells for move in moves)
        swells = SWELL if played.swells else 0.0
        for role, cast in roles.items():
            of_role = [move for move in moves if move.track == (role, Attribute.LEVEL)]
            of_role = [move for move in of_role if not isinstance(move.target, Before)]
            levels = [float(scale.value(Attribute.LEVEL, move.target)) for move in of_role]
            looks = [level for level, move in zip(levels, of_role, strict=True) if not move.swells]
            for device in cast:
                if device in self.caps:
                    for group in home.devices.values():
                        if device in group.members:  # one that has not said how it is may be as the group is
                            self.caps[device] = max(self.caps[each] for each in group.members)
                    start = self.caps[device] + swells if swells else self.caps[device]
                    played.most[device] = max(levels, default=0.0)
                    # A swell is on top of the way down from an earlier look, or an interruption's light, as well.
                    ways_down = [max(looks, default=0.0), *lit]
                    self.caps[device] = max(start, played.most[device], max(ways_down) + swells)

    def _account(self, life: Life, details: dict[str, Any]) -> None:
        now = self.world.agenda.now
        conceded = {"unknown", "fallback", *(judge.HONEST if life.is_for_a_while else ())}
        words: dict[str, set[str]] = {}
        for word, devices in details.items():
            for device in _names(devices):
                words.setdefault(device, set()).add(word)
        for device, of_it in words.items():
            self.said[device] = Said(frozenset(of_it), now)
            if of_it & conceded:
                for place, value in self.world.radio.goals().items():
                    if place[0] == device:
                        self.unknown.setdefault(place, []).append(value)
            if "given" in of_it:
                judge.judge_promise(self, device)

    def _state(self, room: str, state: dict[str, Any]) -> None:
        self.owed[room] = {*state.get("owed", []), *state.get("unanswered", [])}
        if state.get("problem"):  # a sentence that says that the room may not be as it was
            self.owed[room].update(
                name for cast in self.world.home.cast_in(room) for name in (cast.name, *cast.members)
            )

    # At the end, and where it is cut off

    def was_cut_off(self) -> None:
        judge.judge_journal(self)

    def ends(self) -> None:
        judge.judge_end(self)


def _way(chapter: Any, roles: dict[str, tuple[str, ...]], scale: Any) -> list[tuple[Place, Value]]:
    """What a way out leaves that is not as it was before: levels in L*, colours, on or off, silence."""
    found: dict[Place, Value] = {}
    for cue in chapter.cues:
        move = cue.what
        if not isinstance(move, Move):
            continue
        what = _OF_LIGHT.get(move.track.attribute)
        for device in roles.get(move.track.role, ()):
            if what is None:
                continue
            if isinstance(move.target, Before):
                found.pop((device, what), None)
                if move.target.at_most is not None and chapter.id == "finish":
                    found[device, what] = AtMost(float(move.target.at_most))
            else:
                found[device, what] = scale.value(move.track.attribute, move.target)
    return list(found.items())


def _names(devices: Any) -> list[str]:
    """The names in a fact of `given_back`: joined by commas, or with levels."""
    if isinstance(devices, str):
        return [each.strip().split(" ")[0] for each in devices.split(",") if each.strip()]
    return [
        each if isinstance(each, str) else next(iter(each.values() if isinstance(each, dict) else each))
        for each in devices
    ]


def _short(details: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in details.items() if value not in ((), [], "", None))[:170]


def history(watcher: Watcher, place: Place) -> list[Change]:
    """What became of a place, oldest first."""
    return watcher.world.radio.seen.history.get(place, [])


Judge = Callable[[Watcher], None]
