"""The simulated home on a real broker."""

import asyncio
import json
from collections.abc import Callable

import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerUnreachable
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.simulator.faults import parse
from orchestrator.simulator.serve import SimulatorService
from orchestrator.units import Percent
from tests.conftest import LIMIT
from tests.simulator.simulated import home


class Listener:
    """Hears everything, and can be waited on."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self._news = asyncio.Event()

    def __call__(self, message: Message) -> None:
        self.heard.append(message)
        self._news.set()

    async def until(self, condition: Callable[[Message], object]) -> Message:
        async with asyncio.timeout(LIMIT):
            while not (found := [message for message in self.heard if condition(message)]):
                self._news.clear()
                await self._news.wait()
        return found[0]


@pytest.fixture
def listener():
    return Listener()


def watching(address, listener):
    return Connection(address, client_id="watcher", subscriptions=["#"], on_message=listener)


@pytest.mark.broker
async def test_simulated_devices_answer_over_a_real_broker(mosquitto, listener):
    async with watching(mosquitto.address, listener) as watcher, SimulatorService(home(), mosquitto.address) as service:
        await watcher.first(LIMIT)
        await service.first(LIMIT)
        await listener.until(lambda message: message.topic == "speakers/den/status" and message.payload == "online")
        watcher.publish([Message("zigbee2mqtt/lamp/set", '{"state":"ON","brightness":50,"transition":0.2}')])
        await listener.until(
            lambda message: message.topic == "zigbee2mqtt/lamp" and '"brightness":50' in message.payload
        )
        watcher.publish([Message("speakers/den/set", '{"do":"say","id":"1","text":"Up.","rate":220,"gap":0}')])
        await listener.until(lambda message: "done" in message.payload and message.topic == "speakers/den/event")
        assert round(service.simulated.lamps(service.now())[0].level) == 20


@pytest.mark.broker
async def test_hands_fingers_and_absences_travel_over_the_broker(mosquitto, listener):
    faults = parse(["lamp=intermediate"])
    address = mosquitto.address
    async with watching(address, listener) as watcher, SimulatorService(home(), address, faults) as service:
        await watcher.first(LIMIT)
        await service.first(LIMIT)
        service.turn("lamp", level=Percent(90.0))
        await listener.until(lambda message: '"brightness":229' in message.payload)
        service.press("remote", "toggle")
        pressed = await listener.until(
            lambda message: message.topic == "zigbee2mqtt/remote" and "action" in message.payload
        )
        assert json.loads(pressed.payload)["action"] == "toggle"
        service.set_online("strip", online=False)
        await listener.until(lambda message: message.topic == "strip/status" and message.payload == "offline")


@pytest.mark.broker
async def test_a_home_that_is_left_is_offline_in_the_broker(mosquitto, listener):
    async with watching(mosquitto.address, listener) as watcher:
        await watcher.first(LIMIT)
        async with SimulatorService(home(), mosquitto.address) as service:
            await service.first(LIMIT)
            await listener.until(lambda message: message.payload == "online" and message.topic == "strip/status")
        await listener.until(lambda message: message.payload == "offline" and message.topic == "strip/status")


@pytest.mark.broker
async def test_two_simulated_homes_at_one_broker_do_not_kick_each_other_out(mosquitto, listener):
    async with (
        watching(mosquitto.address, listener) as watcher,
        SimulatorService(home(), mosquitto.address) as one,
        SimulatorService(home(), mosquitto.address) as two,
    ):
        await watcher.first(LIMIT)
        await one.first(LIMIT)
        await two.first(LIMIT)
        for service, name in ((one, "first"), (two, "second"), (one, "third")):
            service.say("hall/bell", name)
            await listener.until(lambda message, name=name: message.payload == name)
        assert [message.payload for message in listener.heard if message.topic == "strip/status"] == ["online"] * 2


async def test_without_a_broker_it_says_so():
    async with SimulatorService(home(), Address(port=1)) as service:
        with pytest.raises(BrokerUnreachable):
            await service.first(0.5)
