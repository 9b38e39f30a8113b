"""A broker half a second away: how the room was is heard, though it takes more than a second."""

from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, LOUD, ROUNDS, Evening, home_of, json_lamp, speaker, zigbee
from tests.far_end.line import Line

AWAY = 0.55
"""Seconds each way."""


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_room_at_a_far_broker_is_given_back(seed: int, tmp_path: Path, mosquitto: Mosquitto) -> None:
    rooms = {
        "asked": {"main": "asked-lamp"},
        "radio": {"main": "radio-lamp"},
        "kept": {"main": "kept-lamp", "music": "kept-speaker"},
    }
    devices = {"asked-lamp": zigbee("asked"), "radio-lamp": zigbee("radio"), "kept-lamp": json_lamp("kept")}
    devices["kept-speaker"] = speaker("kept")
    before = {name: LOUD if name.endswith("speaker") else BRIGHT for name in devices}
    lines = {"radio-lamp": Line(late=0.3)}
    with Evening(
        tmp_path, mosquitto.port, home_of(rooms, devices), lines=lines, before=before, seed=seed, away=AWAY
    ) as evening:
        for room in rooms:
            evening.start(room, parameters={"rest": "3s"})
        evening.play_to_the_end()
        assert evening.not_given_back() == []
        for room in rooms:
            assert evening.events(room, "snapshot_unknown") == []
            assert evening.events(room, "overridden") == []
            assert evening.events(room, "given_back")[-1]["details"].get("given")
