"""The broker is killed, a lamp is turned by hand, a plug is pulled: on a real mosquitto."""

import asyncio

import pytest

from orchestrator.commands import Goto, Stop
from orchestrator.daemon.clock import now
from orchestrator.units import Percent
from orchestrator.values import Attribute, Track
from tests.conftest import LIMIT, Mosquitto, until
from tests.system.house import House, house, start_of

BRIGHTEST = 40.0
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


async def settled(place: House) -> None:
    """But for lights that are low for a minute after a stop: that is a matter of virtual time."""
    async with asyncio.timeout(LIMIT):
        await place.daemon.settled("den", but_rest=True)


async def test_without_a_broker_the_room_moves_on_and_then_every_lamp_goes_to_where_it_should_be(
    mosquitto: Mosquitto,
) -> None:
    """How soon is a matter of virtual time: `tests/conductor/test_accidents.py`, `tests/mqtt/test_backoff.py`."""
    async with house(mosquitto.address) as place:
        place.daemon.start(start_of(rate=12_000))
        await until(lambda: place.events("step_started") and strayed(place) <= 3.0)
        mosquitto.kill()
        await until(lambda: strayed(place) > 6.0)
        mosquitto.start()
        await until(lambda: place.daemon.is_connected)
        await until(lambda: strayed(place) <= 3.0)
        place.daemon.command("den", Stop())
        await settled(place)


async def test_a_lamp_turned_by_hand_stays_and_the_others_are_given_back(mosquitto: Mosquitto) -> None:
    async with house(mosquitto.address) as place:
        await until(lambda: len(place.levels()) == 3)
        before = place.levels()
        place.daemon.start(start_of(rate=4000, bath=False, feet="left"))
        await until(lambda: place.heard_by("lamp"))
        place.simulator.turn("lamp", level=Percent(100.0))
        await until(lambda: place.events("overridden"))
        assert place.events("overridden")[0]["device"] == "lamp"
        turned, ceiling = len(place.heard), len(place.heard_by("ceiling"))
        place.daemon.command("den", Goto("rest"))
        await until(lambda: len(place.heard_by("ceiling")) >= ceiling + 2)
        place.daemon.command("den", Stop())
        await settled(place)
        after = [message for _, message in place.heard[turned:] if message.topic == "zigbee2mqtt/den_lamp/set"]
        assert not [message for message in after if "brightness" in message.payload]
        await until(lambda: abs(place.levels()["ceiling"] - min(before["ceiling"], BRIGHTEST)) < 1)
        assert place.levels()["lamp"] == 100.0
        assert place.levels()["strip"] == pytest.approx(min(before["strip"], BRIGHTEST), abs=1)


async def test_a_device_that_never_answers_is_said_once_and_the_session_goes_on(mosquitto: Mosquitto) -> None:
    async with house(mosquitto.address) as place:
        place.simulator.set_online("strip", online=False)
        await until(lambda: place.daemon.conductor.stage.is_away("strip"))
        place.daemon.start(start_of("box-breathing", rate=60_000), hold=1000)
        await settled(place)
        assert [event["about"] for event in place.events("device_missing")] == ["strip"]
        assert place.events("landed")[0]["ending"] == "finished"


async def test_a_lamp_that_was_away_at_the_end_is_given_back_when_it_returns(mosquitto: Mosquitto) -> None:
    async with house(mosquitto.address) as place:
        before = place.levels()["strip"]
        place.daemon.start(start_of(rate=12_000))
        await until(lambda: abs(place.levels()["strip"] - before) > 5)
        await until(lambda: abs(place.levels()["strip"] - min(before, BRIGHTEST)) > 5)
        place.simulator.set_online("strip", online=False)
        await until(lambda: place.daemon.conductor.stage.is_away("strip"))
        place.daemon.command("den", Stop())
        await settled(place)
        assert place.levels()["strip"] != pytest.approx(min(before, BRIGHTEST), abs=1)
        assert "strip" in {debt.device for debt in place.daemon.conductor.stage.debts}
        place.simulator.set_online("strip", online=True)
        await until(lambda: abs(place.levels()["strip"] - min(before, BRIGHTEST)) < 1)
