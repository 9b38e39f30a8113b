"""The next session begins while reports of the last are on their way: its light is nobody's wish."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, LOUD, ROUNDS, Evening, home_of, json_lamp, speaker, zigbee
from tests.far_end.line import Line

LATE = {"prompt": 0.2, "slow": 0.5, "slower": 1.0}
WAYS = ("queued", "restart", "at-once")
ROOMS = [f"{way}-{late}" for way in WAYS for late in LATE]


def home() -> dict[str, Any]:
    devices: dict[str, object] = {}
    rooms: dict[str, dict[str, object]] = {}
    for room in ROOMS:
        devices |= {f"{room}-lamp": zigbee(room), f"{room}-strip": {**json_lamp(room), "fade": "stepped"}}
        devices |= {f"{room}-speaker": speaker(room)}
        rooms[room] = {"main": [f"{room}-lamp", f"{room}-strip"], "music": f"{room}-speaker"}
    return home_of(rooms, devices)


@pytest.mark.parametrize("seed", ROUNDS)
def test_what_a_session_showed_is_not_what_the_room_was_before_the_next(
    seed: int, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    devices = home()["devices"]
    lines = {name: Line(late=LATE[name.rsplit("-", 2)[1]]) for name in devices}
    before = {name: LOUD if name.endswith("speaker") else BRIGHT for name in devices}
    with Evening(tmp_path, mosquitto.port, home(), lines=lines, before=before, seed=seed) as evening:
        for room in ROOMS:
            evening.start(room, parameters={"rest": "300ms"})
        for room in ROOMS:
            if not room.startswith("at-once"):
                evening.start(room, mode=room.split("-")[0], parameters={"rest": "300ms"})
        waiting = {room for room in ROOMS if room.startswith("at-once")}
        while waiting:
            for room in [room for room in waiting if evening.is_over(room)]:
                evening.start(room, parameters={"rest": "300ms"})
                waiting.discard(room)
            time.sleep(0.005)
        landed = {room: 1 if room.startswith("restart") else 2 for room in ROOMS}
        evening.until(lambda: all(evening.is_over(*each) for each in landed.items()), "every session is over")
        evening.given_back()
        evening.no_hand_was_seen()
