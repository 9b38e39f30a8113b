"""An evening on virtual time: a session in a simulated home with people and accidents in it."""

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeAlias, TypeVar

from orchestrator.commands import Abort, RoomCommand
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.rehearsal import live
from orchestrator.conductor.request import Start
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.event import EventRecord
from orchestrator.home.library import read
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent

HOME = read(
    """
home: house
format: 1
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}
  linear: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/linear, curve: linear}
  ikea: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ikea, one_attribute_per_fade: true}
  strip:
    kind: light
    dialect: home_assistant
    command_topic: strip/command
    state_topic: strip/state
    availability_topic: strip/status
    supported_color_modes: [rgb]
  bulb:
    kind: light
    dialect: home_assistant
    command_topic: bulb/command
    state_topic: bulb/state
    availability_topic: bulb/status
    supported_color_modes: [color_temp]
    fade: stepped
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/room}
  burner: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/burner}
  hall: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/hall, base: hall}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
  wand: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/wand}
rooms:
  room:
    roles: {main: [ceiling, linear, ikea], glow: [strip, bulb], music: speaker, voice: speaker, scent: burner}
    limits: {volume: 80%, brightness: 95%}
    buttons: {remote: {toggle: pause, on_press_release: back, release_2: back}}
    events:
      - {topic: cushion, template: "{{ value_json.action }}", equals: vibration, do: next}
      - {topic: mat, equals: step}
      - {topic: kettle/power, above: 1000, do: pause}
  hall:
    roles: {main: hall}
interruptions:
  doorbell: {topic: house/bell, equals: ring, do: pause, goes_on: after 2min, say: {en: The doorbell., de: Es läutet.}}
  phone: {topic: house/phone, equals: ringing, do: pause, light: 20%, goes_on: when over}
  visitor: {topic: house/visitor, equals: here, do: pause, goes_on: never}
  oven: {topic: house/oven, above: 180, for: 10s, do: announce, say: The oven is hot.}
  smoke: {topic: house/smoke, template: "{{ value_json.smoke }}", rooms: [room], do: abort, say: Smoke. Please leave.}
  gas: {topic: house/gas, equals: alarm, do: abort, when_idle: true}
music: {calm: "http://example.invalid/calm", rain: "http://example.invalid/rain"}
""",
    "house.yaml",
)
START = 10_000
"""When the session begins: what was said of the room before is known by then."""
LAMPS = ("ceiling", "linear", "ikea", "strip", "bulb")

E = TypeVar("E")


class Turn(NamedTuple):
    """A hand at a lamp."""

    device: str
    level: float


class Unplug(NamedTuple):
    device: str


class Plug(NamedTuple):
    device: str


class Lose(NamedTuple):
    """The broker goes away."""


class Find(NamedTuple):
    """The broker is back."""


class Hear(NamedTuple):
    """Something in the house says something: a doorbell, a button."""

    topic: str
    payload: str
    retain: bool = False


Act: TypeAlias = RoomCommand | Turn | Unplug | Plug | Lose | Find | Hear


class Evening:
    """One session; acts happen at their moments (ms), in order."""

    def __init__(
        self, timeline: Timeline, faults: Mapping[str, Faults] | None = None, rate: int = 1000, latency: int = 0
    ) -> None:
        cast = HOME.model.rooms["room"].roles
        roles = {role: (names,) if isinstance(names, str) else tuple(names) for role, names in cast.items()}
        self.conductor = Conductor(HOME, bridge_rates(HOME))
        self.simulated = SimulatedHome(HOME, faults or {})
        self.now = 0
        self.sent: list[tuple[int, Message]] = []
        self.records: list[EventRecord] = []
        self.is_connected = True
        self._latency = latency
        self._wire: deque[tuple[int, bool, Message]] = deque()
        self._hear(self.simulated.connected(0))
        for lamp in LAMPS:
            self._hear(
                live(self.simulated.turn(lamp, 0, level=Percent(70.0 if lamp in ("ceiling", "linear") else 0.0)))
            )
        self.until(START)
        self.before = self.state()
        self.conductor.start(Start("s", "room", timeline, roles, "voice", rate), START)
        self._exchange()

    def state(self) -> dict[str, object]:
        """What is to be seen and heard now."""
        lamps: dict[str, object] = {lamp.name: round(lamp.level, 1) for lamp in self.simulated.lamps(self.now)}
        for player in self.simulated.players():
            lamps["volume"] = round(player.volume)
            lamps["music"] = player.playing
        for switch in self.simulated.switches():
            lamps[switch.name] = switch.is_on
        return lamps

    def until(self, moment: int) -> None:
        """Let time pass."""
        while (due := self._next()) is not None and due <= moment:
            self.now = max(self.now, due)
            self._deliver()
            self._hear(live(self.simulated.advance(self.now)))
            self.conductor.advance(self.now)
            self._exchange()
        self.now = max(self.now, moment)

    def act(self, act: Act) -> None:
        """Something happens now. What the house refuses is refused."""
        match act:
            case Turn(device, level):
                self._hear(live(self.simulated.turn(device, self.now, level=Percent(level))))
            case Unplug(device):
                self._hear(live(self.simulated.offline(device, self.now)))
            case Plug(device):
                self._hear(live(self.simulated.online(device, self.now)))
            case Hear(topic, payload, retain):
                self._hear([Message(topic, payload, retain=retain)])
            case Lose():
                self.is_connected = False
                self.conductor.lost(self.now)
            case Find():
                self.is_connected = True
                self.conductor.connected(self.now)
                self._hear([message for message in self.simulated.connected(self.now) if message.retain])
            case _:
                with suppress(Refused):
                    self.conductor.command("room", act, self.now)
        self._exchange()

    def play(self, acts: Sequence[tuple[int, Act]]) -> "Evening":
        """All acts, each so long after the one before, then to the end and until everything has come to rest."""
        for pause, act in acts:
            self.until(self.now + pause)
            self.act(act)
        if not self.is_connected:
            self.act(Find())
        while not self.conductor.is_settled("room"):
            due = self._next()
            assert due is not None, "nothing is due, and the session is not over"
            self.until(due)
        self.until(self.now + 60_000)
        return self

    def abort(self) -> "Evening":
        self.act(Abort())
        return self.play([])

    def _next(self) -> int | None:
        wire = self._wire[0][0] if self._wire else None
        due = (self.conductor.next_deadline(), self.simulated.next_deadline(), wire)
        return min((moment for moment in due if moment is not None), default=None)

    def _exchange(self) -> None:
        """Send what is to be sent. Without latency it is there, and answered, at once."""
        while True:
            messages, records = self.conductor.take()
            self.records.extend(records)
            for message in messages:
                self.sent.append((self.now, message))
                self._wire.append((self.now + self._latency, True, message))
            if not (messages or records) and not self._deliver():
                return

    def _hear(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._wire.append((self.now + self._latency, False, message))

    def _deliver(self) -> bool:
        """Bring what has come through the wire; nothing does while the broker is away."""
        came = False
        while self._wire and self._wire[0][0] <= self.now:
            _, is_command, message = self._wire.popleft()
            came = True
            if not self.is_connected:
                continue
            if is_command:
                self._hear(live(self.simulated.receive(message, self.now)))
            else:
                self.conductor.receive(message, self.now)
        return came

    def told(self, kind: type[E]) -> list[E]:
        """What happened of one kind."""
        return [record.event for record in self.records if isinstance(record.event, kind)]

    def events(self, *names: str) -> list[EventRecord]:
        return [record for record in self.records if record.event.kind in names]
