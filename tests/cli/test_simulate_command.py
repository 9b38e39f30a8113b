"""`relax simulate`: the session on virtual time, as JSON lines and as a log."""

import json
from typing import Any

import pytest

from tests.cli.conftest import processor_seconds

SHIPPED = ("box-breathing", "evening-wind-down", "foot-massage", "hand-massage", "neck-and-shoulders")


def records(text: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *messages, last = (json.loads(line) for line in text.splitlines())
    return messages, last["summary"]


def test_the_same_words_give_the_same_bytes(relax):
    assert relax("simulate", "foot-massage", "--json").out == relax("simulate", "foot-massage", "--json").out


@pytest.mark.parametrize("scene", SHIPPED)
def test_each_scene_that_ships_finishes_in_the_demo_home(relax, scene):
    done = relax("simulate", scene, "--json")
    messages, summary = records(done.out)
    assert done.code == 0
    assert summary["status"] == "finished"
    assert summary["messages"] == len(messages) > 0
    assert summary["announcements"] > 0


def test_a_line_is_a_message_with_its_time(relax):
    messages, summary = records(relax("simulate", "box-breathing", "--json").out)
    times = [message["t"] for message in messages]
    assert all(set(message) == {"t", "topic", "payload", "qos", "retain"} for message in messages)
    assert times == sorted(times)
    assert all(round(moment, 3) == moment for moment in times)
    assert summary["seconds"] >= times[-1]
    assert not any(message["retain"] for message in messages)
    assert all(isinstance(message["payload"], dict) for message in messages)


def test_the_foot_massage_visits_every_step_of_both_feet(relax):
    _, summary = records(relax("simulate", "foot-massage", "--json").out)
    sides = [[step for step in summary["steps"] if step.endswith(f":{side}")] for side in ("left", "right")]
    assert [step.partition(":")[0] for step in sides[0]] == [step.partition(":")[0] for step in sides[1]]
    assert "strokes:left" in sides[0]
    assert summary["room"] == "den"


def test_a_choice_changes_the_session(relax):
    _, summary = records(relax("simulate", "foot-massage", "--set", "feet=left", "--set", "bath=no", "--json").out)
    assert not [step for step in summary["steps"] if step.endswith(":right") or step == "soak"]


def test_speed_shortens_it(relax):
    _, once = records(relax("simulate", "box-breathing", "--json").out)
    _, tenfold = records(relax("simulate", "box-breathing", "--speed", "10", "--json").out)
    assert tenfold["steps"] == once["steps"]
    assert tenfold["seconds"] == pytest.approx(once["seconds"] / 10, abs=6)  # what lasts in real seconds stays


def test_nobody_who_says_next_takes_longer(relax):
    _, quick = records(relax("simulate", "foot-massage", "--hold", "1s", "--json").out)
    _, slow = records(relax("simulate", "foot-massage", "--hold", "never", "--json").out)
    assert slow["steps"] == quick["steps"]
    assert slow["seconds"] > quick["seconds"] + 600


def test_a_lamp_that_is_away_is_said_once_and_harms_nothing(relax):
    done = relax("simulate", "box-breathing", "--fault", "lamp=offline")
    assert done.code == 0
    assert done.out.count("Floor lamp is not there") == 1
    assert "It is finished." in done.out


def test_the_log_reads_as_it_happens(relax, snapshot):
    assert relax("simulate", "box-breathing").out == snapshot


def test_the_whole_process_is_quick():
    """With bytecode, as an installed program has it: no more than twelve times `import typer`, in turns (6 to 8)."""
    bare, ours = [], []
    for _ in range(4):  # the first one compiles
        bare.append(processor_seconds("-c", "import typer"))
        ours.append(processor_seconds("-m", "orchestrator", "simulate", "foot-massage", "--json"))
    assert min(ours) < 12 * min(bare)
