"""One command that gives a lamp back is lost on its way: it is sent again until the lamp shows it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, ROUNDS, Evening, home_of, json_lamp, zigbee
from tests.far_end.line import Line, brighter_than, first

ROOMS = {
    "silent": (json_lamp, Line()),
    "asked": (zigbee, Line()),
    "says-so": (json_lamp, Line(repeats=1.0)),
    "bridge-says-so": (zigbee, Line(repeats=1.0)),
    "assumed": (zigbee, Line(assumes=True)),
}
"""Lamps that cannot be asked and say nothing, or go on to say how they are; lamps that can be asked, whose bridge says
nothing, repeats how they are, or says that it was done."""


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_lamp_that_missed_what_gives_it_back_is_told_again(seed: int, tmp_path: Path, mosquitto: Mosquitto) -> None:
    home = home_of({room: {"main": room} for room in ROOMS}, {room: make(room) for room, (make, _) in ROOMS.items()})
    # The scene's brightest is 40 % of 254: whatever is brighter gives the room back.
    lines = {room: replace(line, late=0.1, loses=first(brighter_than(120))) for room, (_, line) in ROOMS.items()}
    with Evening(
        tmp_path, mosquitto.port, home, lines=lines, before=dict.fromkeys(ROOMS, BRIGHT), seed=seed
    ) as evening:
        for room in ROOMS:
            evening.start(room)
        evening.play_to_the_end()
        assert evening.not_given_back() == []
