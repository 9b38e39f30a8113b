"""A device floods: what is late for that is late by our own backlog, and no hand."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, LOUD, ROUNDS, Evening, home_of, speaker, zigbee

FLOOD = 25_000
"""Messages: at 5,000 a second they last for five seconds, while sessions are played and landed."""


def flood(port: int, topic: str, payload: str, a_second: int = 5_000) -> None:
    """Somebody says the same again and again."""
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-t", topic, "-l"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as flooding:
        assert flooding.stdin is not None
        for _ in range(FLOOD * 20 // a_second):
            flooding.stdin.write(f"{payload}\n".encode() * (a_second // 20))
            flooding.stdin.flush()
            time.sleep(0.05)


@pytest.mark.parametrize("seed", ROUNDS)
def test_what_comes_late_by_a_flood_is_no_hand(seed: int, tmp_path: Path, mosquitto: Mosquitto) -> None:
    rooms = {"flooded": {"main": "lamp"}, "beside": {"main": "other", "music": "speaker"}}
    devices = {"lamp": zigbee("lamp"), "other": zigbee("other"), "speaker": speaker("speaker")}
    before = {"lamp": BRIGHT, "other": BRIGHT, "speaker": LOUD}
    with Evening(tmp_path, mosquitto.port, home_of(rooms, devices), before=before, seed=seed) as evening:
        for room in rooms:
            evening.start(room)
        evening.until(lambda: all(evening.state(room)["status"] == "running" for room in rooms), "playing")
        # What the lamp says is true as the scene begins, and old soon after.
        flood(mosquitto.port, "lamp-bridge/lamp", '{"state": "ON", "brightness": 102}')
        evening.play_to_the_end()
        assert evening.not_given_back() == []
        assert evening.hands_seen() == {}
