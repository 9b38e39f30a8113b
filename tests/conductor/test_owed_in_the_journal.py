"""What a journal knows to be owed is what the stage owes, at whatever moment the process may die."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import GiveBack, Stop
from orchestrator.conductor.journal_entries import Entry, Owed, Settled
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.journal.journal import Journal
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.stage.heard import Debt
from orchestrator.units import HOUR
from orchestrator.values import Attribute
from tests.conductor.evening import LAMPS, Act, Evening, Find, Hear, Lose, Plug, Turn, Unplug
from tests.conductor.test_after_a_restart import TIMELINE
from tests.conductor.test_random_evenings import accidents, hands, pauses, told
from tests.conftest import FEW
from tests.session.timelines import timelines

WALL = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)


class Witness:
    """Writes what the conductor has for the journal before each of its messages, and looks what it says is owed."""

    def __init__(self, evening: Evening, journal: Journal) -> None:
        self.entries: list[Entry] = []
        self.looked = 0
        self._evening = evening
        self._journal = journal
        self._take = evening.conductor.take
        evening.conductor.take = self.take  # type: ignore[method-assign]
        self.take()

    def take(self) -> tuple[list[Message], list[EventRecord]]:
        conductor, now = self._evening.conductor, self._evening.now
        entries = conductor.entries()
        self.entries.extend(entries)
        self._journal.write(entries, now)
        self.looked += 1
        assert self.owed() == _plain(conductor.stage.debts)
        return self._take()

    def owed(self) -> set[tuple[str, Attribute, str]]:
        return _plain(self._journal.open_debts(self._evening.now))


def _plain(debts: list[Debt]) -> set[tuple[str, Attribute, str]]:
    """A value may come back from the journal in another of Python's numbers."""
    return {(debt.device, debt.attribute, repr(debt.value)) for debt in debts}


def witnessed(evening: Evening, folder: str) -> Witness:
    journal = Journal(Path(folder) / "journal.db")
    journal.open(WALL, evening.now)
    return Witness(evening, journal)


def test_what_a_give_back_owes_is_in_the_journal_before_its_message(tmp_path: Path) -> None:
    evening = Evening(TIMELINE)
    witness = witnessed(evening, str(tmp_path))
    evening.until(25_000)
    evening.act(Turn("ceiling", 90.0))
    assert Settled("s", "ceiling", Attribute.LEVEL, by_hand=True) in witness.entries
    witness.entries.clear()
    evening.act(GiveBack("ceiling"))
    [owed] = [entry for entry in witness.entries if isinstance(entry, Owed)]
    assert owed == Owed("s", Debt("ceiling", Attribute.LEVEL, pytest.approx(90.0, abs=0.5), evening.now))  # type: ignore[arg-type]


def test_a_debt_that_is_too_old_is_dropped_from_the_journal_as_well(tmp_path: Path) -> None:
    evening = Evening(TIMELINE)
    witness = witnessed(evening, str(tmp_path))
    evening.until(25_000)
    evening.act(Unplug("ceiling"))
    evening.act(Stop())
    evening.until(evening.now + 13 * HOUR)
    evening.act(Plug("ceiling"))
    assert evening.conductor.stage.debts == []
    assert witness.entries


def test_a_lamp_that_was_away_when_it_was_paid_is_owed_again_in_the_journal(tmp_path: Path) -> None:
    evening = Evening(TIMELINE)
    witness = witnessed(evening, str(tmp_path))
    evening.until(25_000)
    evening.act(Stop())
    while not evening.conductor.is_settled("room"):
        evening.until(evening.now + 100)
    witness.entries.clear()
    evening.act(Unplug("ceiling"))
    assert [entry.debt.device for entry in witness.entries if isinstance(entry, Owed)] == ["ceiling"]


alarms = st.sampled_from([Hear("house/smoke", '{"smoke": true}'), Hear("house/gas", "alarm")])
speaker = st.sampled_from([Unplug("speaker"), Plug("speaker")])
given_back = st.sampled_from([*LAMPS, "speaker"]).map(GiveBack)


@FEW
@given(
    timelines(),
    st.lists(st.tuples(pauses, st.one_of(told, accidents, hands, hands, given_back, speaker, alarms)), max_size=15),
    st.sampled_from([0, 0, 200]),
)
def test_the_journal_owes_what_the_stage_owes(timeline: Timeline, acts: list[tuple[int, Act]], latency: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        evening = Evening(timeline, latency=latency)
        witness = witnessed(evening, folder)
        for pause, act in acts:
            evening.until(evening.now + pause)
            evening.act(act)
        afterwards: list[Act] = [Find(), Lose(), Find(), *(Plug(device) for device in (*LAMPS, "speaker"))]
        for act in afterwards:
            evening.until(evening.now + 2000)
            evening.act(act)
        evening.until(evening.now + 60_000)
        assert witness.looked > 0
        assert witness.owed() == _plain(evening.conductor.stage.debts)
