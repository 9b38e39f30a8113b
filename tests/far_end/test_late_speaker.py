"""A speaker whose word comes seconds late, doubled, or out of order is no person at its knob."""

from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import LOUD, ROUNDS, Evening, home_of, speaker
from tests.far_end.line import Line

LINES = {
    "buffers": Line(late=3.0),
    "doubled": Line(late=0.3, doubled=True, uneven=0.8),
    "out-of-order": Line(late=0.5, uneven=2.5),
    "all-of-it": Line(late=2.0, uneven=1.5, doubled=True),
}


ROOMS = {f"{name}-{ends}": line for name, line in LINES.items() for ends in ("by-itself", "by-stop")}


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_speaker_that_is_late_is_not_taken_for_a_person(seed: int, tmp_path: Path, mosquitto: Mosquitto) -> None:
    home = home_of({room: {"music": room} for room in ROOMS}, {room: speaker(room) for room in ROOMS})
    before = dict.fromkeys(ROOMS, LOUD)
    with Evening(tmp_path, mosquitto.port, home, lines=ROOMS, before=before, seed=seed) as evening:
        stopped = [room for room in ROOMS if room.endswith("by-stop")]
        for room in ROOMS:
            evening.start(room, parameters={"rest": "10min" if room in stopped else "3s"})
        evening.until(lambda: all(evening.devices.speaker(room).playing.final for room in ROOMS), "music plays")
        evening.until(lambda: all(evening.state(room)["chapter"] == "sink" for room in stopped), "the second step")
        for room in stopped:
            evening.tell(room, "stop")
        evening.play_to_the_end()
        assert evening.not_given_back() == []
        assert evening.hands_seen() == {}
