"""What is judged of a radio's log can fail: each fault that was seen is found, and a quiet session has none."""

from typing import Any

import pytest

from tests.far_end.real_zigbee import radio_log

LIT = {"on": 1, "level": 200, "mode": 2, "mired": 300, "x": 30000, "y": 26000, "hue": 5000, "saturation": 120}
COLOURED = LIT | {"mode": 1}


def told(t: float, command: str, lamp: str = "lamp", **payload: int) -> dict[str, Any]:
    return {"t": t, "lamp": lamp, "command": command, "payload": payload}


@pytest.mark.parametrize(
    ("was", "is_", "words"),
    [
        (LIT, LIT | {"level": 201, "mired": 301}, []),
        (LIT, LIT | {"level": 190}, ["lamp: level 190, it was 200"]),
        (LIT, LIT | {"on": 0}, ["lamp: off, it was on"]),
        (LIT, LIT | {"mired": 370}, ["lamp: mired 370, it was 300"]),
        (LIT, LIT | {"x": 100}, []),
        (LIT, LIT | {"mode": 1}, ["lamp: colour mode 1, it was 2"]),
        (COLOURED, COLOURED | {"x": 100}, ["lamp: x 100, it was 30000"]),
        (LIT | {"on": 0}, LIT | {"on": 1}, ["lamp: on, it was off"]),
        (LIT | {"on": 0}, LIT | {"on": 0, "level": 1}, []),
        ({"on": 0}, LIT | {"on": 0}, []),
        ({"on": 1, "level": 100}, LIT, ["lamp: level 200, it was 100"]),
    ],
)
def test_a_lamp_that_is_left_otherwise_is_named(was: dict[str, int], is_: dict[str, int], words: list[str]) -> None:
    assert radio_log.left_otherwise({"lamp": was}, {"lamp": is_}) == words


def test_a_lamp_is_as_it_was_shown_last() -> None:
    entries = [{"t": 0.0, "shows": {"lamp": LIT}}, {"t": 1.0, "shows": {"lamp": COLOURED, "other": LIT}}]
    assert radio_log.shown(entries) == {"lamp": COLOURED, "other": LIT}


def test_commands_are_counted_and_questions_are_not() -> None:
    quiet = [told(second / 4, "moveToLevelWithOnOff", level=1, transtime=0) for second in range(80)]
    assert radio_log.most_at_once(quiet, 1.0) == radio_log.A_SECOND
    assert radio_log.most_at_once(quiet) <= radio_log.IN_THE_WINDOW
    asked = [told(3.0, "read") for _ in range(40)]
    assert radio_log.most_at_once([*quiet, *asked], 30.0) == len(quiet)
    flood = [told(second / 6, "on") for second in range(80)]
    assert radio_log.most_at_once(flood) > radio_log.IN_THE_WINDOW


def test_commands_to_groups_are_counted_by_themselves() -> None:
    entries = [told(0.0, "on"), {"t": 0.1, "group": 7, "command": "off", "payload": {}}]
    assert radio_log.most_at_once(entries, groups=True) == 1


def test_a_level_that_jumps_beside_a_colour_that_fades_is_found() -> None:
    level = told(1.0, "moveToLevelWithOnOff", level=50, transtime=0)
    assert radio_log.jumps_in_fades([level, told(1.02, "moveToColorTemp", colortemp=400, transtime=100)])
    for after in (
        told(1.02, "moveToColorTemp", colortemp=400, transtime=0),
        told(1.02, "moveToColorTemp", "other", colortemp=400, transtime=100),
        told(2.0, "moveToColorTemp", colortemp=400, transtime=100),
    ):
        assert not radio_log.jumps_in_fades([level, after])
    fades = told(1.0, "moveToLevelWithOnOff", level=50, transtime=100)
    assert not radio_log.jumps_in_fades([fades, told(1.02, "moveToColorTemp", colortemp=400, transtime=100)])


def test_the_largest_step_is_that_of_half_a_second() -> None:
    slow = [{"t": eighth / 8, "shows": {"lamp": LIT | {"level": 200 - eighth}}} for eighth in range(40)]
    assert radio_log.largest_steps(slow) == {"lamp": 4}
    jump = {"t": 5.0, "shows": {"lamp": LIT | {"on": 0, "level": 150}}}
    assert radio_log.largest_steps([*slow, jump])["lamp"] > 150


def test_what_was_ignored_or_refused_is_named() -> None:
    entries = [{"lamp": "lamp", "ignored": "moveToLevel"}, {"lamp": "lamp", "refused": "out of range"}]
    assert radio_log.ignored(entries) == ["lamp: moveToLevel"]
    assert radio_log.refused(entries) == ["lamp: out of range"]
