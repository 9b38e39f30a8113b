"""The broker dies ten times in a session, a lamp loses its plug, another is turned by hand: the rules hold."""

import asyncio
import os
from itertools import pairwise
from pathlib import Path

import pytest

from orchestrator.daemon.clock import now
from orchestrator.devices.messages import Message
from orchestrator.units import Percent
from tests.conftest import Mosquitto, until
from tests.daemon.serving import House, house, room_of
from tests.daemon.test_service import begin

OUTAGES = int(os.environ.get("RELAX_OUTAGES", "3"))
UNPLUGGED = float(os.environ.get("RELAX_UNPLUGGED", "2"))
"""Seconds that a lamp is offline. CI takes a minute, and ten outages."""


def listen(place: House) -> list[tuple[int, Message]]:
    """What devices are told from now on of how they shall be, with the moment for which that was decided."""
    sent: list[tuple[int, Message]] = []
    stage = place.service.daemon.conductor.stage
    advance = stage.advance

    def told(moment: int) -> list[Message]:
        messages = advance(moment)
        sent.extend((moment, message) for message in messages)
        return messages

    stage.advance = told  # type: ignore[method-assign, assignment]
    return sent


async def passed(moment: int) -> None:
    await until(lambda: now() >= moment)


def to(sent: list[tuple[int, Message]], topic: str) -> list[tuple[int, Message]]:
    return [(moment, message) for moment, message in sent if message.topic == topic]


@pytest.mark.timeout(600 + 60 * OUTAGES + 2 * UNPLUGGED)
async def test_ten_outages_a_lamp_without_a_plug_and_a_hand(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto) as place:
        before = room_of(place.simulator)
        session = await begin(place)
        await until(lambda: place.client.state()["chapter"] == "sink")
        place.simulator.turn("strip", level=Percent(90.0))
        await until(lambda: place.client.state()["overridden"])
        sent = listen(place)

        for _ in range(OUTAGES):
            mosquitto.restart()
            returned = now()
            place.client.heard.clear()
            await until(lambda: place.service.daemon.is_connected and place.client.state())
            assert place.client.state()["id"] == session
            await passed(returned + 1000)
            bridge = [moment for moment, message in sent if message.topic.startswith("zigbee2mqtt/")]
            bridge = [moment for moment in bridge if returned <= moment]
            assert all(later - earlier >= 1000 for earlier, later in zip(bridge, bridge[4:], strict=False)), "a burst"

        place.simulator.set_online("ceiling", online=False)
        await until(lambda: place.client.state()["missing"] == ["ceiling"])
        away = len(sent)
        await asyncio.sleep(UNPLUGGED)
        assert not to(sent[away:], "zigbee2mqtt/ceiling/set")
        place.simulator.set_online("ceiling", online=True)
        await until(lambda: room_of(place.simulator)["ceiling"] == 15)

        await place.client.ask("stop")
        await until(lambda: place.client.state()["status"] == "idle")
        await until(lambda: room_of(place.simulator) == {**before, "strip": 90})
        levels = [message for _, message in to(sent, "strip/command") if "brightness" in message.payload]
        assert not levels, "something went to what a person had taken"
        moments = [moment for moment, message in sent if message.topic == "zigbee2mqtt/ceiling/set"]
        assert min(later - earlier for earlier, later in pairwise(moments)) >= 1000
