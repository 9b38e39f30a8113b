"""All that the golden tests know of relax's inside. Whoever renames something there mends it here, and nowhere else.

A `House` is the world: simulated devices, a broker with what it keeps, clocks. It outlives the daemons. A `Life` is one
life of the daemon in it, on virtual time, put together as `daemon/service.py` and `daemon/daemon.py` do it.
"""

import json
import sqlite3
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.person import Person
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Mode
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.daemon.recovery import recover
from orchestrator.daemon.refusal_publisher import RefusalPublisher
from orchestrator.daemon.request_handler import RequestHandler
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.scheduler import Scheduler
from orchestrator.daemon.service import BEAT, TRACED, Service
from orchestrator.daemon.session_starter import SessionStarter
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.codec import ROOM_EVENTS
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Ending
from orchestrator.home.library import read as read_home
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.room_state import room_status, state
from orchestrator.integrations.scheduling import Scheduling
from orchestrator.journal.device_trace import DeviceTrace
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Heartbeat, SessionRecord
from orchestrator.scenes import library
from orchestrator.scenes.planning.timeline import Before, Move, Say, Timeline
from orchestrator.simulator.faults import parse
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import SECOND, Percent
from orchestrator.values import Rgb, Temperature

EVENTS = tuple(ROOM_EVENTS)
"""Every word that goes out as an `event`."""
LOOK = 2 * SECOND
"""How often the daemon looks after its journal."""
State = dict[str, dict[str, Any]]
"""What is to be seen and heard, by device: `level` (its own percent) and `looks`, `colour`, `volume`, `playing` …"""


class Line(NamedTuple):
    """Something that happened: as it was published, and its details as they lie in the journal's table of events."""

    event: str
    topic: str | None
    payload: str | None
    journal: str


class Back(NamedTuple):
    """When a daemon starts: which start of the machine it is, how long ago that was, and what the wall shows."""

    boot: str
    boot_ms: int
    wall: datetime


# The world


def shown_by(simulated: SimulatedHome, now: int) -> State:
    """What the devices of a home show."""
    shown: State = {}
    for lamp in simulated.lamps(now):
        shown[lamp.name] = {"level": round(float(lamp.level), 2), "looks": round(float(lamp.lightness), 2)}
        if isinstance(lamp.colour, Temperature):
            shown[lamp.name]["colour"] = {"mired": round(lamp.colour.mired, 1)}
        elif isinstance(lamp.colour, Rgb):
            colour = lamp.colour
            shown[lamp.name]["colour"] = {"rgb": [round(part) for part in (colour.red, colour.green, colour.blue)]}
    for player in simulated.players():
        shown[player.name] = {
            "volume": round(float(player.volume), 1),
            "playing": player.playing,
            "paused": player.is_paused,
        }
    for switch in simulated.switches():
        shown[switch.name] = {"on": switch.is_on}
    return shown


class House:
    """Simulated devices behind a broker. `now` is the one clock of everything; moments are milliseconds."""

    def __init__(self, home: str, faults: Sequence[str] = ()) -> None:
        self.home = read_home(home, "house.yaml")
        self.now = 1_000_000
        self.life: Life | None = None
        self.sent: list[tuple[int, str, str]] = []
        """What reached the broker from us for devices: when, topic, payload."""
        self._simulated = SimulatedHome(self.home, parse(faults))
        self._kept: dict[str, Message] = {}
        self._wire: deque[tuple[bool, Message]] = deque()
        self._is_connected = True
        self._away: set[str] = set()
        self._say(self._simulated.connected(self.now))

    # What is to be seen and heard

    def state(self) -> State:
        return shown_by(self._simulated, self.now)

    def away(self) -> list[str]:
        """The devices that are not there."""
        return sorted(self._away)

    def is_fading(self) -> bool:
        """Whether any lamp is on its way."""
        lamps = (line.device for line in self._simulated._lines.values() if hasattr(line.device, "lamp"))
        return any(light.lamp.rests_at > self.now + 300 for light in lamps)

    def words(self) -> list[str]:
        """What is being said."""
        return [voice.saying for voice in self._simulated.voices() if voice.saying]

    # What people do, and what happens

    def turn(self, device: str, **to: Any) -> None:
        """A hand: `level`, `mired`, `rgb`, `on`; `volume` and `playing` of a player; `paused`."""
        if "playing" in to or "paused" in to:
            topic = self.home.model.devices[device]["topic"]
            if to.get("playing"):
                self._say(self._simulated.receive(_speaker(topic, do="play", uri=to["playing"]), self.now))
            elif "playing" in to:
                self._say(self._simulated.receive(_speaker(topic, do="stop"), self.now))
            if to.get("paused"):
                self._say(self._simulated.receive(_speaker(topic, do="pause"), self.now))
        level = to.get("level", to.get("volume"))
        colour = Temperature(to["mired"]) if "mired" in to else Rgb(*map(float, to["rgb"])) if "rgb" in to else None
        if level is not None or colour is not None or "on" in to:
            percent = Percent(float(level)) if level is not None else None
            self._say(self._simulated.turn(device, self.now, level=percent, colour=colour, on=to.get("on")))
        self._exchange()

    def put(self, state: State) -> None:
        """Have every device show what `state` told."""
        for device, shown in state.items():
            to = {name: value for name, value in shown.items() if name not in ("looks", "colour")}
            self.turn(device, **to, **shown.get("colour", {}))

    def unplug(self, device: str) -> None:
        self._away.add(device)
        self._say(self._simulated.offline(device, self.now))
        self._exchange()

    def plug(self, device: str) -> None:
        self._away.discard(device)
        self._say(self._simulated.online(device, self.now))
        self._exchange()

    def hear(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Something in the house says something: a doorbell, a button."""
        self._say([Message(topic, payload, retain=retain)])
        self._exchange()

    def lose(self) -> None:
        """The broker is gone."""
        self._is_connected = False
        if self.life is not None:
            self.life.lost()

    def find(self) -> None:
        """The broker is back, and tells what it keeps."""
        self._is_connected = True
        if self.life is not None:
            self.life.connected()
        self._say([message for message in self._simulated.connected(self.now) if message.retain])
        self.greet()

    def greet(self) -> None:
        """What the broker keeps comes to whoever has just subscribed."""
        self._wire.extend((False, message) for message in self._kept.values())
        self._exchange()

    # Time

    def until(self, moment: int) -> None:
        """Let time pass."""
        while (due := self._next()) is not None and due <= moment:
            self.now = max(self.now, due)
            self._say(self._simulated.advance(self.now))
            self._deliver()
            if self.life is not None:
                self.life.turn()
            self._exchange()
        self.now = max(self.now, moment)

    def after(self, milliseconds: int) -> None:
        self.until(self.now + milliseconds)

    def send(self, message: Message) -> None:
        """A message of ours."""
        self._wire.append((True, message))

    def _next(self) -> int | None:
        due = (self._simulated.next_deadline(), self.life.due() if self.life is not None else None)
        return min((moment for moment in due if moment is not None), default=None)

    def _say(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if message.retain and self._is_connected:
                self._kept[message.topic] = message
            self._wire.append((False, message._replace(retain=False)))  # it is retained only for who comes later

    def _exchange(self) -> None:
        while True:
            has_told = self.life is not None and self.life.tell()
            if not self._deliver() and not has_told:
                return

    def _deliver(self) -> bool:
        came = False
        while self._wire:
            came = True
            is_ours, message = self._wire.popleft()
            if not self._is_connected:
                continue
            if is_ours:
                self.sent.append((self.now, message.topic, message.payload))
                self._say(self._simulated.receive(message, self.now))
            elif self.life is not None:
                self.life.receive(message)
        return came


def _speaker(topic: str, **wish: str) -> Message:
    return Message(f"{topic}/set", json.dumps(wish))


# The daemon


class Life:
    """One life of the daemon. It takes up what the journal says, and lives until it is killed."""

    def __init__(self, house: House, journal: Path, back: Back) -> None:
        self.house = house
        self.events: list[dict[str, Any]] = []
        """What was published on the topics of events, with its `room`."""
        self.said: list[tuple[str, str, str]] = []
        """The same as it went out: event, topic, payload."""
        self.dies_before_sending = False
        self.is_dead = False
        self._back = back
        self._from = house.now
        self._traced: dict[str, int] = {}
        self._people: list[Person] = []
        home = house.home
        self._journal = Journal(journal)
        self._journal.open(back.wall, house.now)
        ((self._last_before,),) = self._journal.read("SELECT coalesce(max(id), 0) FROM events")
        self._conductor = Conductor(home, bridge_rates(home))
        self._interface = Interface(home.model.rooms)
        self._wire = DeviceTrace(home.devices.values(), self._journal)
        self._plans = PlanCache(home)
        repository, _ = read_scenes(())
        self._starter = SessionStarter(self._conductor, self._plans, lambda: repository, self._journal, wall=self.wall)
        self._request_handler = RequestHandler(
            home,
            self._conductor,
            self._starter,
            self._interface,
            self._journal,
            display_publisher=None,  # type: ignore[arg-type]  # no panel is asked anything here
            refusals=RefusalPublisher(self._interface, self._journal, tell=self._publish_event, wall=self._wall_at),
        )
        self._scheduler: Scheduler | None = None
        recover(self._journal, home, self._conductor, self._sign(), house.now)
        self._next_beat = self._next_look = house.now
        self._beat()
        house.life = self
        house.greet()

    def wall(self) -> datetime:
        return self._wall_at(self.house.now)

    # What people ask for

    def start(
        self,
        room: str,
        name: str,
        scene: str,
        source: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        language: str | None = None,
        rate: float = 1.0,
        mode: str = "single",
    ) -> str:
        """Begin a session, as `Opening` does, under a name of our own; why not, if it was refused."""
        found = library.read(scene, source)
        given, rate_in = dict(parameters or {}), round(rate * 1000)
        now, wall = self.house.now, self.wall()
        how: dict[str, Any] = {"name": name, "language": language, "rate": rate_in, "mode": Mode(mode), "wall": wall}
        start = self._plans.start(found, room, given, trigger="mqtt", **how)
        try:
            self._conductor.start(start, now)
        except Refused as refused:
            return str(refused)
        self._journal.expect(
            SessionRecord(
                id=name,
                room=room,
                scene=start.timeline.scene,
                scene_text=found.text,
                source=found.source,
                parameters=given,
                language=start.timeline.language,
                started_at=wall,
                roles=start.reached,
                voice=start.voice,
                rate=start.rate,
                trigger=start.trigger,
                at_night=start.at_night,
            )
        )
        self.house._exchange()
        return ""

    def ask(self, room: str, payload: str) -> list[dict[str, Any]]:
        """Publish a command, as anybody may; the replies."""
        asked = self._interface.asked(Message(f"{self._interface.base}/rooms/{room}/command", payload))
        assert asked is not None
        replies = self._request_handler.answer(asked, self.house.now)
        self.house._exchange()
        return [json.loads(reply.payload) for reply in replies]

    def fail(self, room: str) -> None:
        """A session lands for a reason of the house: no way out of today's code leads there but this one."""
        self._conductor.end(room, Ending.FAILED, self.house.now)
        self.house._exchange()

    def answer_waits(self, room: str, hold: int) -> None:
        """From now on somebody says next where a step waits, after `hold` ms."""
        self._people.append(Person(room, hold))

    def sleep(self, milliseconds: int) -> None:
        """The machine slept for so long, and woke up."""
        service = SimpleNamespace(
            _suspend_detector=SimpleNamespace(slept=lambda _: milliseconds),
            _journal=self._journal,
            home=self.house.home,
            playing=lambda: [room for room in self.house.home.model.rooms if self.is_on(room)],
            daemon=SimpleNamespace(
                conductor=self._conductor, end=lambda room, ending: self._conductor.end(room, ending, self.house.now)
            ),
        )
        Service._notice_sleep(service, self.house.now)  # type: ignore[arg-type]
        self.house._exchange()

    def keep_schedules(self) -> None:
        """From now on somebody sees to the schedules of the home."""
        scheduling = Scheduling(self.house.home.model.schedules, self._interface.base)
        self._scheduler = Scheduler(
            self.house.home, self._conductor, self._starter, self._journal, scheduling, machine=ZoneInfo("UTC")
        )
        self._scheduler.open(self.wall())

    def forget_debts(self) -> None:
        """What the daemon does once a day."""
        self._journal.forget_debts(self.house.now, self.house.home.model.debts_at_most)

    # How it stands

    def state(self, room: str) -> dict[str, Any]:
        """What stands on the room's topic `session`."""
        here = room_status(self._conductor.runner(room), self.house.now)
        told: dict[str, Any] = json.loads(state(here, self.house.now, self.wall()).payload())
        return told

    def is_on(self, room: str) -> bool:
        runner = self._conductor.runner(room)
        return runner is not None and not runner.is_over

    def is_settled(self, room: str) -> bool:
        """Nothing is on, and whatever is there has been given back."""
        return self._conductor.is_settled(room)

    def owed(self) -> list[str]:
        """The devices that the daemon believes it owes something."""
        return sorted({debt.device for debt in self._conductor.stage.debts})

    def journal_says(self) -> dict[str, Any]:
        """What a daemon would find that started now."""
        now = self.house.now
        return {
            "unfinished": [each.record.id for each in self._journal.unfinished(now)],
            "owed": sorted({debt.device for debt in self._journal.open_debts(now)}),
            "endings": dict(self._journal.read("SELECT id, ending FROM sessions")),
            "trouble": self._journal.trouble,
        }

    def timeline(self, room: str) -> Timeline:
        runner = self._conductor.runner(room)
        assert runner is not None
        return runner.start.timeline

    def roles(self, room: str) -> dict[str, tuple[str, ...]]:
        runner = self._conductor.runner(room)
        assert runner is not None
        return runner.start.roles

    # How it ends

    def die(self, keep: Path) -> None:
        """kill -9: what waited to be written is gone. The journal as it lies there, as one file."""
        keep.unlink(missing_ok=True)
        with closing(sqlite3.connect(self._journal._store.path)) as connection:
            connection.execute("VACUUM INTO ?", (str(keep),))
        self.end()

    def end(self) -> None:
        self.is_dead = True
        self.house.life = None
        self._journal._store._pending.clear()
        self._journal.close()

    def lines(self) -> list[Line]:
        """Everything that happened in this life, as it was published and as it was written."""
        said = deque(self.said)
        lines = []
        rows = "SELECT event, details FROM events WHERE id > ? ORDER BY id"
        for event, details in self._journal.read(rows, (self._last_before,)):
            topic = payload = None
            if event in EVENTS:
                name, topic, payload = said.popleft()
                assert name == event
            lines.append(Line(event, topic, payload, details))
        return lines

    # What the house calls

    def due(self) -> int | None:
        moments = [
            self._next_look,
            self._conductor.next_deadline(),
            *(each.due(self._conductor) for each in self._people),
        ]
        if self._scheduler is not None:
            moments.append(self._scheduler.due(self.house.now, self.wall()))
        return min(moment for moment in moments if moment is not None)

    def turn(self) -> None:
        now = self.house.now
        self._conductor.advance(now)
        for person in self._people:
            person.advance(self._conductor, now)
        self.tell()
        if self._scheduler is not None:
            self._scheduler.turn(now, self.wall())
        if now >= self._next_look:
            self._next_look = now + LOOK
            if now >= self._next_beat:
                self._beat()
            self._journal.flush()

    def receive(self, message: Message) -> None:
        self._wire.heard(message, self.house.now)
        self._conductor.receive(message, self.house.now)
        self.tell()

    def lost(self) -> None:
        self._conductor.lost(self.house.now)
        self.tell()

    def connected(self) -> None:
        self._conductor.connected(self.house.now)
        self.tell()

    def tell(self) -> bool:
        """First into the journal, then to the devices, then to whoever listens; whether there was anything."""
        if self.is_dead:
            return False
        now = self.house.now
        messages, records = self._conductor.take()
        entries = self._conductor.entries()
        if entries:
            self._journal.write(entries, now)
            if self.dies_before_sending:
                self.is_dead = True
                return False
        for message in messages:
            self.house.send(message)
            last = self._traced.get(message.topic)
            if last is None or now - last >= TRACED:
                self._traced[message.topic] = now
                self._wire.sent(now, message)
        for record in records:
            self._happened(record)
        return bool(messages or records or entries)

    # Inside

    def _happened(self, record: EventRecord) -> None:
        self._journal.record(record)
        self._publish_event(record)

    def _publish_event(self, record: EventRecord) -> None:
        message = self._interface.event(record, self._wall_at(record.at))
        self.said.append((record.event.kind, message.topic, message.payload))
        self.events.append({"room": record.room, **json.loads(message.payload)})

    def _sign(self) -> Heartbeat:
        passed = self.house.now - self._from
        return Heartbeat(self._back.boot, self._back.boot_ms + passed, self.wall())

    def _beat(self) -> None:
        self._next_beat = self.house.now + BEAT
        self._next_look = self.house.now + LOOK
        self._journal.heartbeat(self._sign(), self.house.now)

    def _wall_at(self, moment: int) -> datetime:
        return self._back.wall + timedelta(milliseconds=moment - self._from)


# For those who record


class Way(NamedTuple):
    """A way out of a scene: what becomes of a role's attribute. `to` None: as before, at most `at_most`."""

    role: str
    attribute: str
    to: Any = None
    at_most: float | None = None


def ways_out(timeline: Timeline) -> dict[str, list[Way]]:
    """What `finish`, `stopped` and `lost` leave behind, of the tracks that they name."""
    found = {}
    for name in ("finish", "stopped", "lost"):
        last = {}
        for cue in getattr(timeline, name).cues:
            if isinstance(cue.what, Move):
                track, target = cue.what.track, cue.what.target
                before = isinstance(target, Before)
                at_most = float(target.at_most) if isinstance(target, Before) and target.at_most is not None else None
                last[track] = Way(track.role, str(track.attribute), None if before else target, at_most)
        found[name] = list(last.values())
    return found


def chapters(timeline: Timeline) -> list[dict[str, Any]]:
    """What a recorder has to know of each chapter to find its moments."""
    return [
        {
            "id": chapter.id,
            "words": chapter.words,
            "lasts": chapter.lasts,
            "waits": chapter.wait is not None,
            "counts": any(isinstance(cue.what, Say) and cue.what.beat for cue in chapter.cues),
            "fades": any(
                isinstance(cue.what, Move) and cue.what.lasts >= 8000 for cue in chapter.cues if cue.at < 5000
            ),
            "part": chapter.part,
        }
        for chapter in timeline.chapters
    ]


def shipped(name: str) -> str:
    """The text of a scene that comes with relax."""
    return library.load(name).text


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
