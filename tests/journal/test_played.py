"""A whole session, played in a simulated home: what the journal tells of it is what was played."""

import pytest

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.person import Person
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.rehearsal import live
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Landed, SessionStarted
from orchestrator.events.step import StepStarted
from orchestrator.events.words import Announced
from orchestrator.journal.device_trace import DeviceTrace
from orchestrator.journal.history import history
from orchestrator.journal.journal import Journal
from orchestrator.journal.trace import trace
from orchestrator.scenes.library import load
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import MINUTE, SECOND, Ms
from tests.conductor.evening import HOME
from tests.journal.lives import EVENING, opened, record


class Life:
    """The daemon's turn of things without its clock: entries, then messages, then notes."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.conductor = Conductor(HOME, bridge_rates(HOME))
        self.simulated = SimulatedHome(HOME)
        self.wire = DeviceTrace(HOME.devices.values(), journal)
        self.records: list[EventRecord] = []
        self.sent = 0
        self.now: Ms = 0
        for message in self.simulated.connected(0):
            self._hear(message)

    def play(self, scene_name: str) -> None:
        scene = load(scene_name)
        start = prepare(scene, HOME, "room", {}, name="s1")
        self.journal.expect(
            record(
                "s1",
                "room",
                scene=scene_name,
                scene_text=scene.text,
                source=scene.source,
                parameters={},
                roles=start.roles,
                voice=start.voice,
            )
        )
        person = Person("room", 5 * SECOND)
        self.conductor.start(start, 0)
        self._pump()
        while not self.conductor.is_settled("room"):
            due = (self.conductor.next_deadline(), self.simulated.next_deadline(), person.due(self.conductor))
            self.now = max(self.now, min(moment for moment in due if moment is not None))
            for message in live(self.simulated.advance(self.now)):
                self._hear(message)
            self.conductor.advance(self.now)
            person.advance(self.conductor, self.now)
            self._pump()

    def _hear(self, message: Message) -> None:
        self.wire.heard(message, self.now)
        self.conductor.receive(message, self.now)

    def _pump(self) -> None:
        while True:
            messages, records = self.conductor.take()
            self.journal.write(self.conductor.entries(), self.now)
            for event in records:
                self.records.append(event)
                self.journal.record(event)
            if not messages:
                return
            for message in messages:
                self.sent += 1
                self.wire.sent(self.now, message)
                for answer in live(self.simulated.receive(message, self.now)):
                    self._hear(answer)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    journal = opened(tmp_path_factory.mktemp("played") / "journal.db")
    life = Life(journal)
    life.play("evening-wind-down")
    journal.close()
    return life


@pytest.fixture
def journal(life: Life) -> Journal:
    return life.journal


def test_the_trace_has_every_step_and_every_word_in_order(life: Life, journal: Journal) -> None:
    told = trace(journal, "s1")
    wanted: list[tuple[type[StepStarted | Announced], str]] = [(StepStarted, "title"), (Announced, "text")]
    for event, name in wanted:
        noted = [getattr(record.event, name) for record in life.records if isinstance(record.event, event)]
        assert noted
        assert [one.about for one in told.events if one.event == event.kind] == noted


def test_every_message_of_the_session_is_in_the_trace(life: Life, journal: Journal) -> None:
    sent = [one for one in trace(journal, "s1").events if one.event == "sent"]
    assert len(sent) == life.sent


def test_what_was_told_to_a_lamp_was_answered(life: Life, journal: Journal) -> None:
    told = [one for one in trace(journal, "s1").events if one.event == "sent" and one.about.startswith("ceiling")]
    assert told
    answered = [one for one in told if one.answered is not None]
    assert len(answered) > len(told) / 2
    assert all(one.sent is not None and one.answered is not None and one.sent <= one.answered for one in answered)


def test_every_word_was_spoken_to_its_end(journal: Journal) -> None:
    spoken = [one for one in trace(journal, "s1").events if one.event == Announced.kind]
    assert all(one.answered is not None and one.answered > one.due and not one.why for one in spoken)


def test_at_the_end_nothing_is_owed_and_nothing_unfinished(life: Life, journal: Journal) -> None:
    assert journal.open_debts(life.now) == []
    assert journal.unfinished(life.now) == []


def test_the_session_lasted_as_long_as_it_did(life: Life, journal: Journal) -> None:
    (row,) = history(journal, EVENING.tzinfo).played  # type: ignore[arg-type]
    ended = next(record.at for record in life.records if isinstance(record.event, Landed))
    began = next(record.at for record in life.records if isinstance(record.event, SessionStarted))
    assert row.ending == "finished"
    assert row.minutes == round((ended - began) / MINUTE)
