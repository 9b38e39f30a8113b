"""What comes of random evenings with devices as homes have them, and people: RELAX_HANDS says how many of each kind."""

import os

import pytest

from orchestrator.stage import accuracy, lateness
from orchestrator.stage.accuracy import Accuracy
from orchestrator.stage.lateness import Lateness
from orchestrator.units import SECOND
from tests.stage.evenings import Verdict, total
from tests.stage.wires import WIRES

EVENINGS = int(os.environ.get("RELAX_HANDS", "30"))
LEAST = 20
PARTS = {"lamp": 1, "group": 10, "colour": 5, "volume": 25, "music": 1, "switch": 1}
"""Of a lamp so many, and of what takes longer a part of them."""
FEWEST = 200
"""Of so few a share of one in a hundred, or in a thousand, says something."""


def evenings(of: str) -> range:
    return range(max(EVENINGS // PARTS[of], LEAST))


def share(verdict: Verdict, what: str, of: str) -> float:
    return verdict.counts[what] / max(verdict.counts[of], FEWEST)


@pytest.mark.parametrize("of", WIRES)
def test_nobody_is_heard_where_nobody_is_and_hardly_a_room_is_wrongly_called_given_back(of: str) -> None:
    found = total(evenings(of), with_hands=False, of=of)
    assert found.seeds.get("false hands", []) == []
    if of in ("lamp", "group", "colour", "switch"):
        assert share(found, "lied", "sessions") <= 0.001, found.seeds


@pytest.mark.parametrize("of", WIRES)
def test_a_hand_that_nothing_of_ours_explains_is_noticed_as_soon_as_it_is_told(of: str) -> None:
    found = total(evenings(of), with_hands=True, of=of)
    assert found.counts["plain"], "somebody was told of"
    assert share(found, "plain missed", "plain") <= 0.01, found.seeds
    late = [delay for delay in found.flagged_after if delay > 3 * SECOND]
    assert len(late) <= 0.01 * max(len(found.flagged_after), FEWEST)
    assert share(found, "false hands", "sessions") <= 0.001, found.seeds


def test_of_what_can_be_known_one_hand_in_ten_is_missed_at_most() -> None:
    found = total(evenings("lamp"), with_hands=True, natures="prompt")
    assert found.counts["blurred to be known missed"] <= max(0.1 * found.counts["blurred to be known"], 1.0), (
        found.seeds
    )


def test_a_lamp_that_behaves_is_asked_little() -> None:
    found = total(evenings("group"), with_hands=False, natures="prompt")
    assert found.counts["questions"] <= 3 * found.counts["sessions"], "one of them is the room's own, at the start"


def test_a_stopwatch_hears_people_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """These evenings can fail: with a lateness of 2 s, and no inexactness, persons are made up."""
    monkeypatch.setattr(Lateness, "longest", property(lambda self: 2 * SECOND))
    monkeypatch.setattr(Accuracy, "tolerance", lambda self, told: 3.0)
    found = total(range(30), with_hands=False)
    assert found.counts["false hands"] > 0


def test_whoever_explains_everything_misses_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """And with a lateness without end nobody is heard."""
    monkeypatch.setattr(accuracy, "CREDIBLE", 10.0)
    monkeypatch.setattr(Accuracy, "tolerance", lambda self, told: 1000.0)
    monkeypatch.setattr(lateness, "AT_FIRST", 1000 * SECOND)
    found = total(range(30), with_hands=True, of="lamp")
    noticed = found.counts["hands"] - sum(count for what, count in found.counts.items() if what.endswith(" missed"))
    assert noticed < 0.5 * found.counts["hands"]
