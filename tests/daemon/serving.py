"""A home in service on a real broker: in this process, or as a process of its own that can be killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.daemon.clock import boot_clock, local_time, now
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.service import Service
from orchestrator.devices.messages import Message
from orchestrator.home.library import Home, load
from orchestrator.integrations.interface import Interface
from orchestrator.journal.journal import Journal
from orchestrator.mqtt.connection import Connection
from orchestrator.simulator.serve import SimulatorService
from orchestrator.units import Percent
from tests.conftest import LIMIT, Mosquitto, until

HOME = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {port}, username: relax, password: "${{RELAX_BROKER_PASSWORD}}"}}
devices:
  ceiling: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}}
  strip: {{kind: light, dialect: home_assistant, command_topic: strip/command, state_topic: strip/state,
    availability_topic: strip/status, supported_color_modes: [rgb]}}
  speaker: {{kind: [player, voice], dialect: relax_speaker, topic: speakers/den}}
  burner: {{kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/burner}}
  remote: {{kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}}
rooms:
  den: {{roles: {{main: ceiling, glow: strip, music: speaker, voice: speaker, scent: burner}}}}
music: {{calm: "http://example.invalid/calm.mp3"}}
"""
SCENE = """
scene: quiet
format: 1
languages: [en]
title: Quiet
roles:
  main: {kind: light}
  glow: {kind: light, optional: true}
  music: {kind: player, optional: true}
  voice: {kind: voice, optional: true}
  scent: {kind: switch, optional: true}
parameters:
  rest: {duration: 2s, min: 1s, max: 10min}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}, glow: {brightness: 30%, color: "#ff9a3c"}}
  low: {main: {brightness: 15%, temperature: 2200K}, glow: off}
steps:
  - {step: arrive, look: warm, fade: 1s, music: {play: [calm], volume: 60%, fade: 1s}, switch: {scent: on}, lasts: 2s}
  - {step: sink, look: low, fade: 3s, lasts: "{{ rest }}"}
  - {step: rise, look: warm, fade: 1s, lasts: 2s}
  - {step: stay, lasts: 2s}
finish: {look: restore, fade: 1s, music: {stop: true, fade: 500ms}}
stopped: {look: restore, fade: 500ms}
"""
BRIEF = """
scene: brief
format: 1
languages: [en]
title: Brief
roles:
  main: {kind: light}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}}
parameters:
  rest: {duration: 1s, min: 1s, max: 10min}
steps:
  - {step: only, look: warm, fade: 500ms, lasts: "{{ rest }}"}
finish: {look: restore, fade: 500ms}
"""
"""Over in two seconds."""
SECRET = "open-sesame-4711"
ENVIRONMENT = {**os.environ, "RELAX_BROKER_PASSWORD": SECRET}


def write_house(folder: Path, port: int, more: str = "", text: str = HOME) -> Path:
    """The home file, with a scene beside it; `more` goes to its end."""
    home = folder / "home.yaml"
    home.write_text(text.format(port=port) + more)
    (folder / "scenes").mkdir(exist_ok=True)
    (folder / "scenes" / "quiet.yaml").write_text(SCENE)
    (folder / "scenes" / "brief.yaml").write_text(BRIEF)
    return home


@dataclass
class Client:
    """Somebody on the broker who hears everything of ours and can ask."""

    connection: Connection
    heard: list[Message] = field(default_factory=list)
    asked: int = 0

    def tell(self, command: str | dict[str, Any], room: str = "den") -> None:
        """Publish a command, and wait for nothing."""
        payload = command if isinstance(command, str) else json.dumps(command)
        self.connection.publish([Message(f"relax/rooms/{room}/command", payload)])

    async def ask(self, command: str | dict[str, Any], room: str = "den") -> dict[str, Any]:
        """Publish a command; the reply."""
        if isinstance(command, str):
            command = {"command": command}
        self.asked += 1
        name = f"request-{self.asked}"
        payload = json.dumps({"request_id": name, **command})
        before = len(self.heard)
        self.connection.publish([Message(f"relax/rooms/{room}/command", payload)])
        await until(lambda: self.has_replies(before))
        return self.replies(before)[-1]

    async def caught_up(self) -> None:
        """What was published before has come to the service, and what it made of it has come to us."""
        await self.ask("fly")

    def wills(self) -> list[Message]:
        """How often it was heard that the daemon is gone."""
        return [one for one in self.heard_of("relax/status") if one.payload == "offline"]

    def heard_of(self, topic: str) -> list[Message]:
        """What was heard on one topic."""
        return [one for one in self.heard if one.topic == topic]

    def has_replies(self, since: int = 0, number: int = 1) -> bool:
        """Whether there are so many; without reading them."""
        return len(self._of_rooms("reply", since)) >= number

    def replies(self, since: int = 0) -> list[dict[str, Any]]:
        return [json.loads(one.payload) for one in self._of_rooms("reply", since)]

    def events(self, name: str) -> list[dict[str, Any]]:
        events = [json.loads(one.payload) for one in self._of_rooms("event")]
        return [event for event in events if event["event"] == name]

    def _of_rooms(self, leaf: str, since: int = 0) -> list[Message]:
        heard = (one for one in self.heard[since:] if one.topic.startswith("relax/rooms/"))
        return [one for one in heard if one.topic.endswith(f"/{leaf}")]

    def state(self, room: str = "den") -> dict[str, Any]:
        """How the room was told to stand last."""
        states = [one.payload for one in self.heard if one.topic == f"relax/rooms/{room}/session"]
        return json.loads(states[-1]) if states else {}


@asynccontextmanager
async def client(mosquitto: Mosquitto) -> AsyncIterator[Client]:
    heard: list[Message] = []
    connection = Connection(
        mosquitto.address,
        client_id="somebody",
        subscriptions=["relax/#", "speakers/#", "home/#", "tv/#"],
        on_message=heard.append,
    )
    async with connection:
        await connection.first(LIMIT)
        yield Client(connection, heard)


def facts(state: dict[str, Any]) -> dict[str, object]:
    """How a room stands, without the moments."""
    return {name: state[name] for name in ("status", "id", "chapter", "position", "overridden", "owed", "missing")}


def room_of(simulator: SimulatorService) -> dict[str, object]:
    """Everything that can be seen and heard in the house."""
    moment, house = simulator.now(), simulator.simulated
    state: dict[str, object] = {lamp.name: round(lamp.level) for lamp in house.lamps(moment)}
    for player in house.players():
        state.update(volume=round(player.volume), music=player.playing)
    for switch in house.switches():
        state[switch.name] = switch.is_on
    return state


@asynccontextmanager
async def devices(home: Home, mosquitto: Mosquitto) -> AsyncIterator[SimulatorService]:
    """The devices of the house, with the lamps on."""
    async with SimulatorService(home, mosquitto.address) as simulator:
        await simulator.first(LIMIT)
        for name, level in (("ceiling", 70.0), ("strip", 20.0)):
            if name in home.devices:
                simulator.turn(name, level=Percent(level))
        yield simulator


@dataclass
class House:
    service: Service
    simulator: SimulatorService
    client: Client
    journal: Journal


@asynccontextmanager
async def house(
    folder: Path,
    mosquitto: Mosquitto,
    *,
    boot: Callable[[], int] = boot_clock,
    journal: Path | None = None,
    wall: Callable[[], datetime] = local_time,
    more: str | None = "",
    text: str = HOME,
    room: str = "den",
) -> AsyncIterator[House]:
    """All in this process; `more` goes to the end of the home file. Without it the file is there already."""
    path = folder / "home.yaml" if more is None else write_house(folder, mosquitto.port, more, text)
    home = load(path, ENVIRONMENT)
    repository, errors = read_scenes([folder / "scenes"])
    assert not errors
    record = Journal(journal or folder / "state" / "journal.db")
    record.open(wall(), now())
    try:
        async with devices(home, mosquitto) as simulator, client(mosquitto) as somebody:
            interface = Interface(home.model.rooms)
            async with Service(home, repository, record, interface, boot=boot, wall=wall) as service:
                await until(lambda: somebody.state(room))
                yield House(service, simulator, somebody, record)
    finally:
        record.close()


class Process:
    """The service as a process of its own."""

    def __init__(self, folder: Path, *, log_format: str = "text") -> None:
        self._folder = folder
        self._format = log_format
        self._process: subprocess.Popen[bytes] | None = None
        self.log = folder / "relax.log"

    def start(self, **environment: str) -> None:
        """In the environment: AHEAD, the seconds that its clock on the wall is ahead of ours; FIRST_CONNECT; CUT_AT."""
        code = (
            "import os, sys; from datetime import timedelta; from orchestrator.daemon import clock, daemon; "
            "daemon.FIRST_CONNECT = float(os.environ.get('FIRST_CONNECT', daemon.FIRST_CONNECT)); "
            "real, ahead = clock.local_time, timedelta(seconds=float(os.environ.get('AHEAD', 0))); "
            "clock.local_time = lambda: real() + ahead; "
            "from tests.daemon.cut_short import cut_short; 'CUT_AT' in os.environ and cut_short(os.environ); "
            "from orchestrator.daemon.service_runner import run_service; "
            "from orchestrator.daemon.settings import read_settings; sys.exit(run_service(read_settings()))"
        )
        settings = {
            "RELAX_HOME": str(self._folder / "home.yaml"),
            "RELAX_STATE_DIR": str(self._folder / "state"),
            "RELAX_LOG_FORMAT": self._format,
            "RELAX_LOG_LEVEL": "debug",
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code], env={**ENVIRONMENT, **settings, **environment}, stdout=log, stderr=log
            )

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code, after a signal."""
        assert self._process is not None
        self._process.send_signal(number)
        code = self._process.wait(timeout=LIMIT)
        self._process = None
        return code

    def tell(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def says(self, words: str) -> bool:
        return words in self.log.read_text()


class Listener:
    """`mosquitto_sub`, and what it has printed."""

    def __init__(self, folder: Path, port: int, *arguments: str) -> None:
        self._file = folder / f"heard-{time.monotonic_ns()}.txt"
        with self._file.open("wb") as file:
            self._process = subprocess.Popen(
                [tool("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(port), *arguments], stdout=file
            )

    def lines(self) -> list[str]:
        return self._file.read_text().splitlines()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


def publish(port: int, *arguments: str) -> None:
    """`mosquitto_pub`."""
    subprocess.run([tool("mosquitto_pub"), "-h", "127.0.0.1", "-p", str(port), *arguments], check=True, timeout=LIMIT)


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI must run the tests with {name}: install mosquitto-clients")
        pytest.skip(f"no {name} is installed")
    return found
