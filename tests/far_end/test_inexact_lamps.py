"""Lamps that are a tenth off what they are told, or whose word jitters, are no hands."""

from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, ROUNDS, Evening, home_of, json_lamp, zigbee
from tests.far_end.line import Line

LINES = {
    "dimmer": Line(shows=0.9),
    "brighter": Line(shows=1.1, late=0.4),
    "jitters": Line(jitter=8),
    "jitters-on": Line(jitter=8, repeats=0.7),
    "both": Line(shows=0.95, jitter=3, late=0.3),
}


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_lamp_that_is_not_exact_is_given_back(seed: int, tmp_path: Path, mosquitto: Mosquitto) -> None:
    kinds = {
        f"{room}-{kind}": (LINES[room], make) for room in LINES for kind, make in (("z", zigbee), ("j", json_lamp))
    }
    home = home_of({name: {"main": name} for name in kinds}, {name: make(name) for name, (_, make) in kinds.items()})
    lines = {name: line for name, (line, _) in kinds.items()}
    with Evening(
        tmp_path, mosquitto.port, home, lines=lines, before=dict.fromkeys(kinds, BRIGHT), seed=seed
    ) as evening:
        for room in kinds:
            evening.start(room, parameters={"rest": "3s"})
        evening.play_to_the_end()
        assert evening.not_given_back() == []
        assert evening.hands_seen() == {}
