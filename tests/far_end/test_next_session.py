"""The next session begins while reports of the last are on their way: its light is nobody's wish."""

import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, LOUD, ROUNDS, Evening, home_of, json_lamp, speaker, zigbee
from tests.far_end.line import Line

LINES = {
    "prompt": Line(late=0.2),
    "slow": Line(late=0.5),
    "slower": Line(late=1.0),
    **{f"twice{number}": Line(late=0.1, uneven=1.2, doubled=True) for number in range(3)},
}
"""Each thing is said once, in its order; or twice, and not in order, as by a bridge that asks a lamp once more."""
WAYS = ("queued", "restart", "landed", "shown")
"""The next one waits for the last, takes its room over, or begins as soon as the last has landed, or within a second of
all being shown that it gave back."""
ROOMS = {f"{way}-{name}": line for way in WAYS for name, line in LINES.items()}
TURNED = "turned-slow"
"""In this one a person turns the lamps up between the two sessions: that is how the room was before the second."""
ROOMS[TURNED] = LINES["slow"]
REST = {"rest": "300ms"}
UP = 230.0


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
    lines = {name: ROOMS[name.rpartition("-")[0]] for name in devices}
    before = {name: LOUD if name.endswith("speaker") else BRIGHT for name in devices}
    chance = Random(seed)
    with Evening(tmp_path, mosquitto.port, home(), lines=lines, before=before, seed=seed) as evening:
        for room in ROOMS:
            evening.start(room, parameters=REST)
        for room in ROOMS:
            if room.startswith(("queued", "restart")):
                evening.start(room, mode=room.split("-")[0], parameters=REST)
        waits = {room: 0.8 * chance.random() if room.startswith("shown") else 0.0 for room in ROOMS}
        at: dict[str, float] = {}
        waiting = {room for room in ROOMS if room.startswith(("landed", "shown"))}
        while waiting:
            for room in [room for room in waiting if evening.is_over(room)]:
                if room.startswith("landed") or not evening.state(room)["owed"]:
                    at.setdefault(room, time.monotonic() + waits[room])
                if time.monotonic() >= at.get(room, float("inf")):
                    evening.start(room, parameters=REST)
                    waiting.discard(room)
            time.sleep(0.005)
        turn_up(evening)
        landed = {room: 1 if room.startswith("restart") else 2 for room in ROOMS}
        evening.until(lambda: all(evening.is_over(*each) for each in landed.items()), "every session is over")
        assert evening.not_given_back(by_hand=dict.fromkeys((f"{TURNED}-lamp", f"{TURNED}-strip"), UP)) == []
        assert evening.hands_seen() == {}


def turn_up(evening: Evening) -> None:
    """Between two sessions; the second begins once it was heard."""
    lamps = (f"{TURNED}-lamp", f"{TURNED}-strip")
    evening.until(lambda: evening.is_over(TURNED) and not evening.state(TURNED)["owed"], "the first is over")
    for lamp in lamps:
        evening.devices.turn(lamp, UP)
    evening.until(lambda: all(evening.said(lamp)["brightness"] == UP for lamp in lamps), "they say so")
    assert evening.tell(TURNED, "next")["error"]["code"] == "not_now"  # by then it was heard
    evening.start(TURNED, parameters=REST)
