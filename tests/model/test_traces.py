"""What the model can do the real conductor, stage and journal are made to do: they keep the same promises."""

import os
import random
from pathlib import Path

import pytest

from orchestrator.conductor.journal_entries import Entry, Owed, Settled
from tests.model.promises import search, way
from tests.model.protocol import Place, Rules, State
from tests.model.rig import Rig

TRACES = int(os.environ.get("RELAX_TRACES", "40"))
"""How many are played, of some forty thousand."""


@pytest.fixture(scope="module")
def traces() -> list[list[str]]:
    """Shortest ways to states of all kinds, the deep ones too. Who drives is no matter of what is played here."""
    found = search(State(places=(Place.DRIVES, Place.AWAY)), Rules()).came_from
    ours = [state for state in found if state.places[1] is Place.AWAY]
    chosen = random.Random(4711).sample(ours, min(TRACES, len(ours)))
    return [way(found, state) for state in chosen]


def test_the_real_driver_keeps_the_promises_in_what_the_model_does(traces: list[list[str]], tmp_path: Path) -> None:
    for names in traces:
        assert Rig(tmp_path / "journal.db").play(names) == [], names


@pytest.mark.parametrize(
    ("forgets", "names", "fault"),
    [
        (Owed, "start, commit, send", "after send the lamp is, or will be, at"),
        (Owed, "start, commit, send, deliver, crash", "at the end the lamp is at 102"),
        (Settled, "start, commit, send, deliver, stop, commit, send", "at the end the lamp is as it was, and its"),
        (Settled, "start, commit, send, deliver, hand, commit, crash, we drive", "and it is a person's"),
    ],
)
def test_the_judging_notices_a_journal_that_is_not_told(
    forgets: type[Entry], names: str, fault: str, tmp_path: Path
) -> None:
    faults = Rig(tmp_path / "journal.db", forgets).play(names.split(", "))
    assert any(fault in each for each in faults), faults
