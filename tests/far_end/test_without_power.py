"""A lamp that was dark for a moment comes back at full: once it is the mains, soon again it is a hand."""

import time
from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, ROUNDS, Evening, home_of, zigbee
from tests.witness.twins import Said

FULL = 254.0
LOW = 254 * 0.15
GLIDE = 10.0
"""Seconds in which it is brought to what the room wants."""


def away(name: str) -> tuple[Said, ...]:
    return (Said(f"{name}-bridge/lamp/availability", {"state": "offline"}, retain=True),)


def back(name: str) -> tuple[Said, ...]:
    if name == "announced":
        device = {"friendly_name": "lamp", "ieee_address": "0x00158d0001a2b3c4"}
        return (Said(f"{name}-bridge/bridge/event", {"type": "device_announce", "data": device}),)
    return (Said(f"{name}-bridge/lamp/availability", {"state": "online"}, retain=True),)


ROOMS = ("offline-online", "announced")
"""It was said to be away and is there again; or it joins its bridge anew, which says so."""


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_lamp_that_was_without_power_glides_to_what_the_room_wants_and_the_second_time_is_a_hand(
    seed: int, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    home = home_of({room: {"main": room} for room in ROOMS}, {room: zigbee(room) for room in ROOMS})
    with Evening(tmp_path, mosquitto.port, home, before=dict.fromkeys(ROOMS, BRIGHT), seed=seed) as evening:
        lamps = evening.devices

        def cycle(room: str) -> None:
            """Off and on at the wall."""
            if room == "offline-online":
                for said in away(room):
                    lamps.publish(said.topic, said.payload, retain=True)
                evening.until(lambda: evening.state(room)["missing"] == [room], "it is away")
            lamps.power_up(room, *back(room))

        for room in ROOMS:
            evening.start(room, parameters={"rest": "10min"})
        evening.until(lambda: all(abs(lamps.units(room) - LOW) < 2 for room in ROOMS), "the room is low")
        for room in ROOMS:
            cycle(room)
        evening.until(lambda: all(lamps.units(room) > 250 for room in ROOMS), "they are at full")
        began = time.monotonic()
        half: dict[str, float] = {}
        while len(half) < len(ROOMS):
            for room in ROOMS:
                if lamps.units(room) < (FULL + LOW) / 2:
                    half.setdefault(room, time.monotonic() - began)
            assert time.monotonic() < began + 3 * GLIDE, f"they stay at full: {half}"
            time.sleep(0.02)
        evening.until(
            lambda: all(abs(lamps.units(room) - LOW) < 2 for room in ROOMS), "the room is low again", 2 * GLIDE
        )
        assert all(seconds > GLIDE / 4 for seconds in half.values()), f"they leap: {half}"
        assert evening.hands_seen() == {}
        for room in ROOMS:
            cycle(room)
        evening.until(lambda: all(evening.state(room)["overridden"] for room in ROOMS), "it is a hand", 2 * GLIDE)
        for room in ROOMS:
            evening.tell(room, "stop")
        evening.play_to_the_end()
        assert evening.not_given_back(by_hand=dict.fromkeys(ROOMS, FULL)) == []
