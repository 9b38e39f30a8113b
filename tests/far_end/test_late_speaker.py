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


@pytest.mark.parametrize("seed", ROUNDS)
@pytest.mark.parametrize("ends", ["by itself", "by stop"])
def test_a_speaker_that_is_late_is_not_taken_for_a_person(
    ends: str, seed: int, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    home = home_of({room: {"music": room} for room in LINES}, {room: speaker(room) for room in LINES})
    before = dict.fromkeys(LINES, LOUD)
    with Evening(tmp_path, mosquitto.port, home, lines=LINES, before=before, seed=seed) as evening:
        for room in LINES:
            evening.start(room, parameters={"rest": "4s" if ends == "by itself" else "10min"})
        evening.until(lambda: all(evening.devices.speaker(room).playing.final for room in LINES), "music plays")
        if ends == "by stop":
            evening.until(lambda: all(evening.state(room)["chapter"] == "sink" for room in LINES), "the second step")
            for room in LINES:
                evening.tell(room, "stop")
        evening.until(lambda: all(evening.is_over(room) for room in LINES), "over")
        evening.given_back()
        assert {room: evening.events(room, "overridden") for room in LINES} == {room: [] for room in LINES}
