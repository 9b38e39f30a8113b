"""The broker is killed, a lamp is turned by hand, a plug is pulled: on a real mosquitto."""

import asyncio

import pytest

from orchestrator.commands import Stop
from orchestrator.daemon.clock import now
from orchestrator.values import Attribute, Percent, Track
from tests.conftest import Mosquitto, until
from tests.system.house import House, house, start_of

BRIGHTEST = 45.0
"""A foot massage that is stopped dazzles nobody: `at_most` of its `stopped`."""
ROLES = {"ceiling": "main", "lamp": "glow", "strip": "glow"}


def wanted(place: House) -> dict[str, float]:
    """Where the room should be now."""
    runner = place.daemon.conductor.runner("den")
    assert runner is not None
    assert runner.session is not None
    room = runner.session.room(now())
    levels = {}
    for lamp, role in ROLES.items():
        value = room[Track(role, Attribute.LEVEL)]
        assert isinstance(value, float)
        levels[lamp] = min(value, 90.0)
    return levels


def strayed(place: House) -> float:
    """How far the lamp that is furthest off is from where it should be."""
    levels = place.levels()
    return max(abs(levels[lamp] - level) for lamp, level in wanted(place).items())


async def test_after_five_seconds_without_a_broker_every_lamp_is_where_it_should_be_within_two(
    mosquitto: Mosquitto,
) -> None:
    async with house(mosquitto.address) as place:
        place.daemon.start(start_of())
        await asyncio.sleep(6)
        mosquitto.kill()
        await asyncio.sleep(5)
        mosquitto.start()
        await until(lambda: place.daemon.is_connected, within=5)
        returned = now()
        await until(lambda: now() >= returned + 2000, within=3)
        assert strayed(place) <= 3.0
        place.daemon.command("den", Stop())
        async with asyncio.timeout(30):
            await place.daemon.settled("den")


async def test_a_lamp_turned_by_hand_stays_and_the_others_are_given_back(mosquitto: Mosquitto) -> None:
    async with house(mosquitto.address) as place:
        await until(lambda: len(place.levels()) == 3)
        before = place.levels()
        place.daemon.start(start_of(bath=False, feet="left"))
        await asyncio.sleep(4)
        place.simulator.turn("lamp", level=Percent(100.0))
        await until(lambda: place.events("overridden"))
        assert place.events("overridden")[0]["device"] == "lamp"
        turned = len(place.heard)
        await asyncio.sleep(12)
        place.daemon.command("den", Stop())
        async with asyncio.timeout(60):
            await place.daemon.settled("den")
        after = [message for _, message in place.heard[turned:] if message.topic == "zigbee2mqtt/den_lamp/set"]
        assert not [message for message in after if "brightness" in message.payload]
        await until(lambda: abs(place.levels()["ceiling"] - min(before["ceiling"], BRIGHTEST)) < 1, within=15)
        assert place.levels()["lamp"] == 100.0
        assert place.levels()["strip"] == pytest.approx(min(before["strip"], BRIGHTEST), abs=1)


async def test_a_device_that_never_answers_is_said_once_and_the_session_goes_on(mosquitto: Mosquitto) -> None:
    async with house(mosquitto.address) as place:
        place.simulator.set_online("strip", online=False)
        await until(lambda: place.daemon.conductor.stage.is_away("strip"))
        place.daemon.start(start_of(rate=60_000, bath=False, feet="left"), hold=1000)
        async with asyncio.timeout(60):
            await place.daemon.settled("den")
        assert [event["about"] for event in place.events("device_missing")] == ["strip"]
        assert place.events("landed")[0]["ending"] == "finished"


async def test_a_lamp_that_was_away_at_the_end_is_given_back_when_it_returns(mosquitto: Mosquitto) -> None:
    async with house(mosquitto.address) as place:
        before = place.levels()["strip"]
        place.daemon.start(start_of())
        await asyncio.sleep(3)
        place.simulator.set_online("strip", online=False)
        await until(lambda: place.daemon.conductor.stage.is_away("strip"))
        place.daemon.command("den", Stop())
        async with asyncio.timeout(30):
            await place.daemon.settled("den")
        assert place.levels()["strip"] != pytest.approx(min(before, BRIGHTEST), abs=1)
        assert {debt.device for debt in place.daemon.conductor.stage.debts} == {"strip"}
        place.simulator.set_online("strip", online=True)
        await until(lambda: abs(place.levels()["strip"] - min(before, BRIGHTEST)) < 1)
        await until(lambda: not place.daemon.conductor.stage.debts)
