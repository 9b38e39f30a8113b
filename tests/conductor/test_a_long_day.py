"""A day and a night of sessions on virtual time, back to back, with people and accidents: nothing piles up in memory.

All that a service keeps beside its connection is there: conductor, interface, journal, trace and the desk.
"""

import gc
import json
import os
import random
import sqlite3
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FunctionType, ModuleType

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.rehearsal import live
from orchestrator.daemon.display_publisher import DisplayPublisher
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.daemon.refusal_publisher import RefusalPublisher
from orchestrator.daemon.request_handler import RequestHandler
from orchestrator.daemon.scene_repository import SceneFile, SceneRepository
from orchestrator.daemon.session_starter import SessionStarter
from orchestrator.devices.messages import Message
from orchestrator.events.session import Ending, Landed
from orchestrator.home.library import read as read_home
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import Last
from orchestrator.journal.device_trace import DeviceTrace
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Heartbeat
from orchestrator.scenes.library import read as read_scene
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import HOUR, MINUTE, SECOND, Ms, Percent

HOME = read_home(
    """
home: house
format: 1
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}
  strip: {kind: light, dialect: home_assistant, command_topic: strip/command, state_topic: strip/state,
    availability_topic: strip/status, supported_color_modes: [rgb], segment: 5s}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  burner: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/burner}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
rooms:
  den:
    roles: {main: ceiling, glow: strip, music: speaker, voice: speaker, scent: burner}
    buttons: {remote: {toggle: pause, up: next}}
    mode: queued
music: {calm: "http://example.invalid/calm"}
""",
    "house.yaml",
)
SCENE = """
scene: short
format: 1
languages: [en]
title: Short
roles:
  main: {kind: light}
  glow: {kind: light, optional: true}
  music: {kind: player, optional: true}
  voice: {kind: voice, optional: true}
  scent: {kind: switch, optional: true}
parameters: {rest: {duration: 5min, min: 1s, max: 10min}}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}, glow: {brightness: 30%, color: "#ff9a3c"}}
  low: {main: {brightness: 15%, temperature: 2200K}, glow: off}
steps:
  - {step: arrive, look: warm, fade: 20s, music: {play: [calm], volume: 60%, fade: 10s}, switch: {scent: on},
    say: Sit down and lean back., lasts: 30s}
  - {step: sink, look: low, fade: 40s, say: Let your shoulders sink., lasts: "{{ rest }}",
    cues: [{at: 50%, say: Half way., look: warm, fade: 10s}]}
  - {step: when-ready, say: Say when you are ready., wait: {at_most: 30s}}
  - {step: rise, look: warm, fade: 10s, lasts: 20s}
finish: {look: restore, fade: 10s, music: {stop: true, fade: 5s}, say: That is all.}
stopped: {look: restore, fade: 5s}
"""
BEGAN = datetime(2026, 11, 23, 4, tzinfo=UTC)
BEAT: Ms = MINUTE
ROOM = "den"
HOURS = int(os.environ.get("RELAX_HOURS", "12"))
"""Of sessions. CI plays all twenty-four."""
MORE_AT_MOST = 4 * 1024
"""Bytes. Eight hours are some sixty sessions: seventy bytes left behind by each would be noticed, thirty in CI."""
_EVERYBODYS = (type, FunctionType, ModuleType, sqlite3.Connection)


class House:
    """A home in service on virtual time, and its simulated devices."""

    def __init__(self, folder: Path) -> None:
        scene = read_scene(SCENE, "short.yaml")
        repository = SceneRepository({"short": SceneFile(folder / "short.yaml", (), scene, None)})
        self.conductor = Conductor(HOME, bridge_rates(HOME))
        self.simulated = SimulatedHome(HOME)
        self.journal = Journal(folder / "journal.db")
        self.interface = Interface(HOME.model.rooms)
        self.wire = DeviceTrace(HOME.devices.values(), self.journal)
        self.now: Ms = 0
        self.endings: dict[str, int] = {}
        self.states: dict[str, str] = {}
        self._asked = 0
        self._beat: Ms = 0
        self.journal.open(BEGAN, 0)
        self.display_publisher = DisplayPublisher(
            HOME,
            self.conductor,
            self.interface,
            self.journal,
            repository.models(),
            publish=lambda _messages: None,
            wall=lambda moment: BEGAN + timedelta(milliseconds=moment),
        )
        opening = SessionStarter(self.conductor, PlanCache(HOME), lambda: repository, self.journal)
        self.request_handler = RequestHandler(
            HOME,
            self.conductor,
            opening,
            self.interface,
            self.journal,
            display_publisher=self.display_publisher,
            refusals=RefusalPublisher(
                self.interface,
                self.journal,
                tell=lambda _record: None,
                wall=lambda moment: BEGAN + timedelta(milliseconds=moment),
            ),
        )
        self._hear(self.simulated.connected(0))

    def until(self, moment: Ms) -> None:
        """Let time pass."""
        while (due := self._next()) <= moment:
            self.now = max(self.now, due)
            self._hear(live(self.simulated.advance(self.now)))
            self.conductor.advance(self.now)
            self._pump()
            if self.now >= self._beat:
                self._beat = self.now + BEAT
                self.journal.heartbeat(Heartbeat("boot", self.now, self._wall()), self.now)
        self.now = moment

    def ask(self, **command: object) -> dict[str, object]:
        """Somebody publishes a command; the reply."""
        self._asked += 1
        payload = json.dumps({"request_id": f"r{self._asked}", **command})
        asked = self.interface.asked(Message(f"relax/rooms/{ROOM}/command", payload))
        assert asked is not None
        (reply,) = self.request_handler.answer(asked, self.now)
        self._pump()
        return dict(json.loads(reply.payload))

    def happens(self, chance: random.Random) -> None:
        """Something that people do, or that goes wrong."""
        match chance.randrange(12):
            case 0:
                self._say(self.simulated.turn("ceiling", self.now, level=Percent(chance.uniform(1, 100))))
            case 1:
                self._say(self.simulated.turn("speaker", self.now, level=Percent(chance.uniform(5, 50))))
            case 2:
                name = chance.choice(["ceiling", "strip", "speaker", "burner"])
                self._say(self.simulated.offline(name, self.now))
                self.until(self.now + chance.randrange(MINUTE))
                self._say(self.simulated.online(name, self.now))
            case 3:
                self.conductor.lost(self.now)
                self._pump()
                self.until(self.now + chance.randrange(20 * SECOND))
                self.conductor.connected(self.now)
                self.interface.forget()
                self._say([message for message in self.simulated.connected(self.now) if message.retain])
            case 4:
                for _ in range(5):
                    action = f"gesture_{chance.randrange(10**9)}"
                    self._say([Message("zigbee2mqtt/remote", json.dumps({"action": action}))])
            case 5:
                self.ask(command="start", scene="short", mode=chance.choice(["single", "restart", "queued"]))
            case 6:
                for mode in ("single", "single", "queued"):
                    self.ask(command="start", scene="short", mode=mode)
                self.ask(command="start", scene=f"scene-{chance.randrange(10**9)}")
            case 7:
                self.ask(command="give_back", device=chance.choice(["ceiling", "speaker"]))
            case _:
                self.ask(command=chance.choice(["next", "back", "repeat", "pause", "resume", "extend", "stop"]))

    # Inside, as the service does it.

    def _pump(self) -> None:
        while True:
            messages, notes = self.conductor.take()
            self.journal.write(self.conductor.entries(), self.now)
            for message in messages:
                self.wire.sent(self.now, message)
            for note in notes:
                self.journal.record(note)
                self.interface.event(note, self._wall())
                if isinstance(note.event, Landed):
                    self._ended(note.event)
            stirred = self.conductor.stirred()
            self.display_publisher.stir(stirred)
            self.display_publisher.rest(self.now)
            for room in stirred:
                for state in self.interface.session(room, self.conductor.runner(room), self.now, self._wall()):
                    self.states[room] = state.payload
            if not messages:
                return
            for message in messages:
                self._hear(live(self.simulated.receive(message, self.now)))

    def _ended(self, landed: Landed) -> None:
        self.endings[landed.ending] = self.endings.get(landed.ending, 0) + 1
        last = Last(session=landed.session, scene="short", ending=landed.ending, ended_at=self._wall())
        self.interface.session(ROOM, self.conductor.runner(ROOM), self.now, self._wall(), last)

    def _say(self, messages: Iterable[Message]) -> None:
        self._hear(messages)
        self._pump()

    def _hear(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.wire.heard(message, self.now)
            self.conductor.receive(message, self.now)

    def _next(self) -> Ms:
        due = (self.conductor.next_deadline(), self.simulated.next_deadline(), self._beat)
        return min(moment for moment in due if moment is not None)

    def _wall(self) -> datetime:
        return BEGAN + timedelta(milliseconds=self.now)


def test_a_day_and_a_night_of_sessions_leave_nothing_behind(tmp_path: Path) -> None:
    house, chance, sessions = House(tmp_path), random.Random(24), 0
    kept: dict[int, int] = {}
    for hour in (4, HOURS):
        while house.now < hour * HOUR:
            assert house.ask(command="start", scene="short")["ok"]
            sessions += 1
            for _ in range(chance.randrange(4)):
                house.until(house.now + chance.randrange(2 * MINUTE))
                house.happens(chance)
            while not house.conductor.is_settled(ROOM):
                house.until(house.now + 10 * SECOND)
                if json.loads(house.states[ROOM])["status"] == "paused":
                    house.ask(command="resume")
            house.until(house.now + 5 * SECOND)
        kept[hour] = _kept(house)
    house.journal.close()
    assert sessions > 6 * HOURS
    assert house.endings[Ending.FINISHED] > sessions / 3
    assert house.endings[Ending.STOPPED] > HOURS / 3
    assert kept[HOURS] - kept[4] < MORE_AT_MOST


def _kept(root: object) -> int:
    """Bytes of all that can be reached from an object; without code, and what SQLite has for itself."""
    seen: dict[int, object] = {id(root): root}
    heap = [root]
    while heap:
        for found in gc.get_referents(heap.pop()):
            if id(found) not in seen and not isinstance(found, _EVERYBODYS):
                seen[id(found)] = found
                heap.append(found)
    return sum(sys.getsizeof(found) for found in seen.values())
