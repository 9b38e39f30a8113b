"""A person turns one lamp of a group: that one is theirs, and the others are given back."""

from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import ROUNDS, Evening, home_of

ENTRY = {"kind": "light", "dialect": "zigbee2mqtt", "base": "hall"}
ROOMS = ("turned", "off")


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_hand_on_one_of_a_group_is_that_ones(seed: int, tmp_path: Path, mosquitto: Mosquitto) -> None:
    devices: dict[str, object] = {}
    for room in ROOMS:
        base = {**ENTRY, "base": room}
        devices |= {f"{room}-{lamp}": {**base, "topic": f"{room}/{lamp}"} for lamp in ("left", "right", "far")}
        members = [f"{room}-left", f"{room}-right", f"{room}-far"]
        devices[f"{room}-all"] = {**base, "topic": f"{room}/all", "members": members}
    was = {"left": 178, "right": 90, "far": 254}
    before = {f"{room}-{lamp}": {"units": units} for room in ROOMS for lamp, units in was.items()}
    home = home_of({room: {"main": f"{room}-all"} for room in ROOMS}, devices)
    with Evening(tmp_path, mosquitto.port, home, before=before, seed=seed) as evening:
        for room in ROOMS:
            evening.start(room, parameters={"rest": "5s"})
        evening.until(lambda: all(evening.state(room)["chapter"] == "sink" for room in ROOMS), "the second step")
        by_hand = {"turned-left": 230.0, "off-left": 0.0}
        for lamp, units in by_hand.items():
            evening.devices.turn(lamp, units)
        evening.until(lambda: all(evening.events(room, "overridden") for room in ROOMS), "the hands are seen")
        evening.play_to_the_end()
        assert evening.not_given_back(by_hand=by_hand) == []
        taken = {each["details"]["device"] for room in ROOMS for each in evening.events(room, "overridden")}
        assert taken == set(by_hand)
