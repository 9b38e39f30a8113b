"""`relax simulate` and `relax demo` in a home with a device that nobody can simulate."""

from pathlib import Path

import pytest

from orchestrator.devices.dialects import DIALECTS
from orchestrator.home import library
from tests.simulator.twinless import FAMILY, HOME

SAID = "Left out, because nobody has written how it is simulated: Star strip (twinless).\n"


@pytest.fixture
def toys(monkeypatch, tmp_path):
    monkeypatch.setattr(library, "DIALECTS", {**DIALECTS, "twinless": FAMILY})
    file = tmp_path / "toys.yaml"
    file.write_text(HOME)
    return str(file)


def test_simulate_says_it_in_one_line_and_plays_on(relax, toys):
    assert relax("home", "check", toys).code == 0
    done = relax("simulate", "box-breathing", "--home", toys, "--room", "den")
    assert (done.code, done.err) == (0, SAID)
    assert "It is finished." in done.out


def test_simulate_plays_on_where_nothing_is_left_of_the_room(relax, toys):
    done = relax("simulate", "box-breathing", "--home", toys, "--room", "nook", "--json")
    assert (done.code, done.err) == (0, SAID)
    assert '"status": "finished"' in done.out.splitlines()[-1]


def test_a_room_without_it_does_not_speak_of_it(relax, toys):
    file = Path(toys)
    file.write_text(file.read_text().replace("main: lamp, glow: strip", "main: lamp"))
    assert relax("simulate", "box-breathing", "--home", toys, "--room", "den").err == ""


@pytest.mark.broker
def test_demo_says_it_in_one_line_and_plays_on(relax, toys):
    done = relax("demo", "box-breathing", "--home", toys, "--room", "den", "--speed", "1000", "--hold", "1s")
    assert (done.code, done.err) == (0, SAID)
