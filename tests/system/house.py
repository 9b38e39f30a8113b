"""The demo home on a real broker: simulated devices on one connection, the daemon on another, a recorder on a third."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import orchestrator.home
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.request import Start
from orchestrator.daemon.clock import now
from orchestrator.daemon.daemon import Daemon
from orchestrator.devices.messages import Message
from orchestrator.events.codec import to_wire
from orchestrator.events.event import EventRecord
from orchestrator.events.facts import Fact
from orchestrator.home.library import Home
from orchestrator.home.library import load as load_home
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.scenes.library import load as load_scene
from orchestrator.simulator.serve import SimulatorService
from tests.conftest import LIMIT


def by_day(home: Home) -> Home:
    """The same home where it is never night: there nothing is paid late that would make a room brighter."""
    rooms = {name: room.model_copy(update={"night": None}) for name, room in home.model.rooms.items()}
    return replace(home, model=home.model.model_copy(update={"rooms": rooms, "location": None}))


DEMO = by_day(load_home(Path(orchestrator.home.__file__).with_name("demo.yaml")))
COMMANDS = ("speakers/den/set", "den-strip/light/strip/command", "zigbee2mqtt/+/set")


def start_of(scene: str = "foot-massage", rate: int = 1000, **given: object) -> Start:
    return prepare(load_scene(scene), DEMO, "den", given, name="den-1", rate=rate)


@dataclass
class House:
    daemon: Daemon
    simulator: SimulatorService
    heard: list[tuple[int, Message]] = field(default_factory=list)
    records: list[EventRecord] = field(default_factory=list)

    def levels(self) -> dict[str, float]:
        """What each lamp really shows now, in percent of its own scale."""
        return {lamp.name: lamp.level for lamp in self.simulator.simulated.lamps(self.simulator.now())}

    def heard_by(self, lamp: str) -> list[Message]:
        """What a lamp has been told."""
        topics = {"lamp": "zigbee2mqtt/den_lamp/set", "ceiling": "zigbee2mqtt/den_ceiling/set"}
        return [message for _, message in self.heard if message.topic == topics[lamp]]

    def events(self, name: str) -> list[dict[str, Fact]]:
        return [to_wire(record.event) for record in self.records if record.event.kind == name]


@asynccontextmanager
async def house(address: Address, on_heard: Callable[[], None] = lambda: None) -> AsyncIterator[House]:
    """Everything connected, nothing begun. `on_heard` is called for each message that the recorder hears."""
    simulator = SimulatorService(DEMO, address)
    records: list[EventRecord] = []
    daemon = Daemon(DEMO, address, on_event=records.append)
    place = House(daemon, simulator, records=records)

    def record(message: Message) -> None:
        place.heard.append((now(), message))
        on_heard()

    recorder = Connection(
        address,
        client_id="recorder",
        subscriptions=COMMANDS,
        on_message=record,
        on_connected=lambda: None,
        on_lost=lambda _: None,
    )
    async with recorder, simulator:
        await recorder.first(LIMIT)
        await simulator.first(LIMIT)
        async with daemon:
            yield place


def said(message: Message) -> tuple[str, object]:
    """A message without what the wire adds."""
    try:
        return message.topic, json.loads(message.payload)
    except ValueError:
        return message.topic, message.payload
