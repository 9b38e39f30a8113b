"""The devices of a home behind radios that lose, lag and lie: our own twins, on lines with faults.

The truth is in the twins. What they were told and what they said passes here, and nothing else does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, TypeAlias

from orchestrator.devices.messages import Message
from orchestrator.home.library import Home
from orchestrator.simulator.bulb import Bulb, Order
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.home import SimulatedHome
from orchestrator.simulator.light import Light
from orchestrator.simulator.line import Line
from orchestrator.simulator.plug import SimulatedPlug
from orchestrator.simulator.view import looks
from orchestrator.units import FULL, OFF, Ms, Percent
from orchestrator.values import Colour, Temperature
from tests.storm.virtual_time import Agenda

Value: TypeAlias = Any
Place: TypeAlias = tuple[str, str]
"""A device, and what of it: `level`, `colour`, `on`, `volume`, `playing`."""


@dataclass(frozen=True, slots=True)
class RadioFault:
    """What is wrong with a device or its radio, all evening long. Nothing by default; times in ms, chances 0 to 1."""

    late: Ms = 0
    """What it says comes so much later, or less."""
    slow: Ms = 0
    """What it is told comes so much later, or less."""
    loses_commands: float = 0.0
    loses_reports: float = 0.0
    doubles: float = 0.0
    reorders: float = 0.0
    gain: float = 1.0
    """It does so much of what it is told."""
    jitter: float = 0.0
    """And so many percent more or less."""
    reports: str = "at once"
    """`at once`, `at the end`, `polled`, `mute`."""
    jumps: bool = False
    flashes: bool = False
    on_the_way: bool = False

    @property
    def is_exact(self) -> bool:
        return self.gain == 1.0 and self.jitter == 0.0


FINE = RadioFault()
POLLED_EVERY: Ms = 40_000
ANSWERS_FOR: Ms = 60


@dataclass(slots=True)
class Change:
    """Who changed something last, when, and to what. `was` is what it showed before."""

    who: str
    at: Ms
    to: Value
    was: Value = None


@dataclass
class Seen:
    """What a person in the room could tell."""

    changes: dict[Place, Change] = field(default_factory=dict)
    history: dict[Place, list[Change]] = field(default_factory=dict)
    brightest: Callable[[str, float, Ms], None] = lambda _device, _level, _now: None

    def note(self, place: Place, change: Change) -> None:
        self.changes[place] = change
        self.history.setdefault(place, []).append(change)


class Radio:
    """The devices of one home. `say` gives to the broker what gets through."""

    def __init__(
        self,
        home: Home,
        faults: dict[str, RadioFault],
        agenda: Agenda,
        say: Callable[[Message], None],
        seed: object,
    ) -> None:
        self._agenda = agenda
        self._say = say
        self._home = home
        self._faults = faults
        own = {name: _own(each) for name, each in faults.items()}
        self.simulated = SimulatedHome(home, {name: each for name, each in own.items() if each is not None})
        self._chances = {name: Random(f"{seed} {name}") for name in home.devices}
        self._due: Ms | None = None
        self._asked: dict[str, Ms] = {}
        self._said_until: dict[str, Ms] = {}
        self._on_way: dict[str, Ms] = {}
        """Until when something is on its way to it: one does not overtake the other."""
        self._at_end: dict[str, Ms] = {}
        self._without_power: set[str] = set()
        self.seen = Seen()
        self._who = "nobody"
        self._is_silent = False
        for name, line in self._lines.items():
            self._wrap(name, line)
            if faults.get(name, FINE).reports == "polled":
                agenda.after(self._chances[name].randrange(1000, POLLED_EVERY), partial(self._poll, name))

    @property
    def _lines(self) -> dict[str, Line]:
        return self.simulated._lines

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self.simulated.topics)

    # The truth

    def state(self) -> dict[Place, Value]:
        """What is to be seen and heard now."""
        now = self._agenda.now
        shown: dict[Place, Value] = {}
        for lamp in self.simulated.lamps(now):
            shown[lamp.name, "level"] = round(float(lamp.level), 2)
            shown[lamp.name, "colour"] = lamp.colour
        for player in self.simulated.players():
            shown[player.name, "volume"] = round(float(player.volume), 1)
            shown[player.name, "playing"] = player.playing if not player.is_paused else f"{player.playing} (paused)"
        for switch in self.simulated.switches():
            shown[switch.name, "on"] = switch.is_on
        return shown

    def goals(self) -> dict[Place, Value]:
        """Where all is going."""
        goals: dict[Place, Value] = {}
        for name, line in self._lines.items():
            device: Any = line.device
            if isinstance(device, Light):
                if not device.is_group:
                    goals[name, "level"], goals[name, "colour"] = device.lamp.goal
            elif isinstance(device, SimulatedPlug):
                goals[name, "on"] = device.is_on
            elif hasattr(device, "volume"):
                goals[name, "volume"] = float(device.volume)
                goals[name, "playing"] = f"{device.playing} (paused)" if device.is_paused else device.playing
        return goals

    def rests_within(self, device: str, length: Ms) -> bool:
        """Whether a lamp is where it is going, or soon will be."""
        light = self._lines[device].device
        return not isinstance(light, Light) or light.lamp.rests_at <= self._agenda.now + length

    def lightness(self, device: str, level: float) -> float:
        light = self._home.devices[device].abilities.light
        assert light is not None
        return float(looks(Percent(level), light.curve))

    def members(self, device: str) -> tuple[str, ...]:
        return self._home.devices[device].members or (device,)

    # What happens to them

    def receive(self, message: Message) -> None:
        """A command on its way, as the broker has it."""
        names = self.simulated._by_topic.get(message.topic, [])
        slow = max((self._faults.get(name, FINE).slow for name in names), default=0)
        if slow:
            chance = self._chances[names[0]]
            due = self._agenda.now + round(slow * chance.uniform(0.4, 1.0))
            self._on_way[names[0]] = due = max(due, self._on_way.get(names[0], 0))
            self._agenda.at(due, lambda: self._arrive(message))
        else:
            self._arrive(message)

    def _arrive(self, message: Message) -> None:
        now = self._agenda.now
        for name in self.simulated._by_topic.get(message.topic, []):
            device: Any = self._lines[name].device
            firmware = getattr(device, "_firmware", None)
            if firmware is not None and hasattr(firmware, "asks") and firmware.asks(message):
                for each in (name, *self.members(name)):
                    self._asked[each] = now
        self._as("relax", lambda: self.simulated.receive(message, now))

    def connected(self, *, only_kept: bool = False) -> None:
        """They come to the broker."""
        for message in self.simulated.connected(self._agenda.now):
            if message.retain or not only_kept:
                self._say(message)
        self._plan()

    def advance(self) -> None:
        self._as("nobody", lambda: self.simulated.advance(self._agenda.now))

    def turn(self, device: str, **to: Any) -> None:
        """A hand."""
        if device in self._without_power:
            return
        self._as("a person", lambda: self.simulated.turn(device, self._agenda.now, **to))

    def put(self, device: str, **to: Any) -> None:
        """How it is before anything begins; nobody hears of it yet."""
        self._is_silent = True
        self.simulated.turn(device, self._agenda.now, **to)
        self._is_silent = False

    def puts_on(self, device: str, uri: str) -> None:
        """What plays before anything begins."""
        self._play(device, uri)

    def plays(self, device: str, uri: str) -> None:
        """Somebody puts on music of their own, or takes it off."""
        self._as("a person", lambda: self._lines[device].said(self._play(device, uri), self._agenda.now))

    def _play(self, device: str, uri: str) -> Sequence[Message]:
        wish = f'{{"do": "play", "uri": "{uri}"}}' if uri else '{"do": "stop"}'
        speaker: Any = self._lines[device].device
        said: Sequence[Message] = speaker.receive(
            Message(f"{self._home.model.devices[device]['topic']}/set", wish), self._agenda.now
        )
        return said

    def press(self, button: str, action: str) -> None:
        self._as("a person", lambda: self.simulated.press(button, action, self._agenda.now))

    def offline(self, device: str) -> None:
        self._as("nobody", lambda: self.simulated.offline(device, self._agenda.now))

    def online(self, device: str) -> None:
        if device not in self._without_power:
            self._as("nobody", lambda: self.simulated.online(device, self._agenda.now))

    def lose_power(self, device: str) -> None:
        """Dark, and nobody tells the broker."""
        self._without_power.add(device)
        line = self._lines[device]
        line.is_online = False
        self._as("the power", lambda: self._obey(device, Order(level=OFF)))

    def get_power(self, device: str, level: float, *, says: bool) -> None:
        """Back, at its power-on level."""
        if device not in self._without_power:
            return
        self._without_power.discard(device)
        line = self._lines[device]
        line.is_online = True
        self._as("the power", lambda: self._obey(device, Order(level=Percent(level))))
        if says:
            light: Any = line.device
            self._as("nobody", lambda: line.said(light._is(self._agenda.now), self._agenda.now))

    def _obey(self, device: str, order: Order) -> Sequence[Message]:
        light: Any = self._lines[device].device
        if isinstance(light, Light):
            light._order += 1
            light.lamp.obey(order, self._agenda.now)
        return ()

    # Inside

    def _as(self, who: str, do: Callable[[], Iterable[Message]]) -> None:
        """Do something, note who changed what by it, and give to the broker what is said of it."""
        self._who = who
        before = self.goals() if who != "nobody" else {}
        messages = list(do())
        if who != "nobody":
            for place, now in self.goals().items():
                if now != before[place]:
                    self.seen.note(place, Change(who, self._agenda.now, now, before[place]))
        for message in messages:
            self._say(message)
        self._plan()

    def _plan(self) -> None:
        due = self.simulated.next_deadline()
        if due is not None and due != self._due:
            self._due = due

            def happens() -> None:
                if self._due == due:
                    self._due = None
                self.advance()

            self._agenda.at(due, happens)

    def _wrap(self, name: str, line: Line) -> None:
        """Put the faults between a device and the broker."""
        fault, chance, said = self._faults.get(name, FINE), self._chances[name], line.said
        device = line.device
        if isinstance(device, Light) and not device.is_group:
            self._watch(name, device.lamp, fault, chance)
        if fault == FINE:
            return

        def says(messages: Iterable[Message], now: Ms) -> list[Message]:
            through: list[Message] = []
            for message in said(messages, now):
                self._send(name, message, fault, chance, through)
            return through

        wrapped: Any = line
        wrapped.said = says
        if fault.loses_commands:
            hears = line.hears
            wrapped.hears = lambda: hears() and chance.random() >= fault.loses_commands

    def _send(self, name: str, message: Message, fault: RadioFault, chance: Random, through: list[Message]) -> None:
        """What becomes of one message of a device's."""
        now = self._agenda.now
        if self._is_silent:
            return
        if not self._is_state(name, message):
            through.append(message)
            return
        if fault.reports == "mute" or (
            fault.reports == "polled" and now - self._asked.get(name, -1_000_000) > ANSWERS_FOR
        ):
            return
        if fault.reports == "at the end" and self._is_moving(name):
            return
        if chance.random() < fault.loses_reports:
            return
        delay = 0
        if fault.late:  # one does not overtake the other
            due = max(now + round(fault.late * chance.uniform(0.5, 1.0)), self._said_until.get(name, 0))
            self._said_until[name], delay = due, due - now
        if fault.reorders and chance.random() < fault.reorders:
            delay += chance.randrange(200, 1500)
        if delay:
            self._agenda.after(delay, lambda: self._say(message))
        else:
            through.append(message)
        if fault.doubles and chance.random() < fault.doubles:
            self._agenda.after(delay + chance.randrange(20, 900), lambda: self._say(message))

    def _is_moving(self, name: str) -> bool:
        """On its way: it says where it is once it is there."""
        device = self._lines[name].device
        if not isinstance(device, Light) or device.lamp.rests_at <= self._agenda.now:
            return False
        end = device.lamp.rests_at
        if self._at_end.get(name) != end:
            self._at_end[name] = end

            def arrived() -> None:
                if self._at_end.get(name) == end:
                    self._tell_state(name)

            self._agenda.at(end, arrived)
        return True

    def _is_state(self, name: str, message: Message) -> bool:
        """Whether it tells how the device is, and not that it is there or what happened."""
        device = self._lines[name].device
        if isinstance(device, Light | SimulatedPlug):
            return message not in (*device.availability(online=True), *device.availability(online=False))
        return message.topic.endswith("/state")

    def _poll(self, name: str) -> None:
        self._asked[name] = self._agenda.now
        self._tell_state(name)
        self._agenda.after(POLLED_EVERY, lambda: self._poll(name))

    def _tell_state(self, name: str) -> None:
        line, now = self._lines[name], self._agenda.now
        if not line.is_online:
            return
        device: Any = line.device
        state = device._is() if hasattr(device, "volume") else device._is(now)
        for message in line.said(state, now):
            self._say(message)

    def _watch(self, name: str, lamp: Bulb, fault: RadioFault, chance: Random) -> None:
        """A lamp that does not quite do what it is told, and whoever watches how bright it becomes."""
        obey = lamp.obey

        def obeys(order: Order, now: Ms) -> None:
            if self._who == "relax" and order.level and not fault.is_exact:
                level = order.level * fault.gain + chance.uniform(-fault.jitter, fault.jitter)
                order = order._replace(level=Percent(min(max(level, 0.4), FULL)))
            obey(order, now)
            if self._who == "relax":
                self.seen.brightest(name, float(lamp.goal[0]), now)

        wrapped: Any = lamp
        wrapped.obey = obeys


def _own(fault: RadioFault) -> Faults | None:
    """What the twins themselves can have."""
    if not (fault.jumps or fault.flashes or fault.on_the_way):
        return None
    return Faults(ignores_transitions=fault.jumps, full_when_turned_on=fault.flashes, intermediate=fault.on_the_way)


def same(place: Place, one: Value, other: Value, tolerance: float = 1.6) -> bool:
    """Equal, but for a step of a device's scale."""
    what = place[1]
    if what in ("level", "volume"):
        return abs(float(one) - float(other)) <= tolerance and (float(one) == 0.0) == (float(other) == 0.0)
    if what == "colour":
        return _same_colour(one, other)
    return bool(one == other)


def _same_colour(one: Colour | None, other: Colour | None) -> bool:
    if one is None or other is None:
        return one is other
    if isinstance(one, Temperature) and isinstance(other, Temperature):
        return abs(one.mired - other.mired) <= 8.0
    a, b = one.xy, other.xy
    return abs(a.x - b.x) <= 0.015 and abs(a.y - b.y) <= 0.015
