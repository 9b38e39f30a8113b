"""The lamps and plugs of each payload file follow over a real broker: a dialect on one side, its twin on the other."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from orchestrator.devices.messages import Change, LightReport, Message, Report, SetLight, SetSwitch, SwitchReport
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.mqtt.connection import Connection
from orchestrator.simulator.serve import SimulatorService
from orchestrator.units import Percent
from tests.conftest import LIMIT
from tests.contracts.test_dialect_contract import SUBJECTS

Says = Callable[[Report], bool]
HERE = "relax-test/here"


def told() -> Iterator[tuple[Home, Device, Change, Says]]:
    """Each device that says how it is, what it is told, and what it has to say then."""
    for subject in SUBJECTS:
        light, switch = subject.device.abilities.light, subject.device.abilities.switch
        if subject.is_simulated and light is not None and light.reports:
            yield subject.home, subject.device, SetLight(Percent(40.0), None, 0), _at(40.0 if light.dimmable else 100.0)
        elif subject.is_simulated and switch is not None and switch.reports:
            yield subject.home, subject.device, SetSwitch(on=True), lambda report: report == SwitchReport(on=True)


def _at(level: float) -> Says:
    def says(report: Report) -> bool:
        return isinstance(report, LightReport) and report.level is not None and abs(report.level - level) < 1.01

    return says


class Heard:
    """What the devices of a home say, as their dialects read it."""

    def __init__(self, home: Home) -> None:
        self.reports: dict[str, list[Report]] = {name: [] for name in home.devices}
        self._is_heard = asyncio.Event()
        self._home = home
        self._news = asyncio.Event()

    def __call__(self, message: Message) -> None:
        if message.topic == HERE:
            self._is_heard.set()
        for name, device in self._home.devices.items():
            self.reports[name].extend(device.dialect.decode(message))
        self._news.set()

    async def word_of(self, connection: Connection) -> None:
        """What it says comes here: so the broker has read before what it subscribes to, and we have."""
        self._is_heard.clear()
        connection.publish([Message(HERE, "")])
        async with asyncio.timeout(LIMIT):
            await self._is_heard.wait()

    async def until(self, name: str, says: Says) -> None:
        async with asyncio.timeout(LIMIT):
            while not any(says(report) for report in self.reports[name]):
                self._news.clear()
                await self._news.wait()


TOLD = list(told())
HOMES = {home.source: home for home, _, _, _ in TOLD}


@pytest.mark.broker
@pytest.mark.parametrize("source", HOMES)
async def test_they_follow_and_say_so(mosquitto, source):
    home = HOMES[source]
    heard = Heard(home)
    topics = sorted({topic for device in home.devices.values() for topic in device.dialect.topics})
    watching = Connection(mosquitto.address, client_id="relax", subscriptions=[*topics, HERE], on_message=heard)
    async with watching as connection:
        await connection.first(LIMIT)
        await heard.word_of(connection)
        async with SimulatorService(home, mosquitto.address) as service:
            await service.first(LIMIT)
            await heard.word_of(service._connection)
            for _, device, change, says in (each for each in TOLD if each[0] is home):
                connection.publish(device.dialect.encode(change))
                await heard.until(device.name, says)
                assert any(says(report) for report in heard.reports[device.name])
