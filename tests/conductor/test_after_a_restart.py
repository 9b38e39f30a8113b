"""The process died in the middle of a session, and another one takes over from what the journal knows."""

from dataclasses import replace

import pytest

from orchestrator.commands import GiveBack
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Begun, Ended, Entered, Owed, RecoveryRecord, Settled
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Mode, Start
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack
from orchestrator.events.session import Ending, Landed
from orchestrator.events.words import Announced
from orchestrator.scenes.planning.timeline import Anchor, Before, Chapter, Cue, Move, Timeline
from orchestrator.simulator.faults import Faults
from orchestrator.stage.heard import Debt
from orchestrator.units import Percent
from orchestrator.values import Attribute, Playing
from tests.conductor.evening import HOME, LAMPS, Evening, Hear, Turn
from tests.session.timelines import GLOW, MAIN, MUSIC, VOLUME, landing

TIMELINE = Timeline(
    "three",
    "Three",
    "en",
    (
        Chapter("dim", "Dim", 0, 20_000, None, (Cue(0, Anchor.START, Move(MAIN, 30.0, 5000)),)),
        Chapter("glow", "Glow", 0, 60_000, None, (Cue(0, Anchor.START, Move(GLOW, 40.0, 5000)),)),
        Chapter("rest", "Rest", 0, 20_000, None, ()),
    ),
    landing("finish", 6000),
    landing("stopped", 3000),
    landing("lost", 3000),
)


DUCKED = Message("speakers/room/set", '{"do": "volume", "level": 0.15}')
"""As a speaker is found where relax was cut off while words were on."""


def line_with_music() -> Timeline:
    """The first chapter puts on music, and it plays on."""
    first, *others = TIMELINE.chapters
    music = (Cue(0, Anchor.START, Move(VOLUME, 50.0, 2000)), Cue(0, Anchor.START, Move(MUSIC, Playing(("calm",)))))
    return replace(TIMELINE, chapters=(first._replace(cues=(*first.cues, *music)), *others))


def die_and_come_back(
    one: Evening, ending: Ending | None = None, *, hears: bool = True, is_ducked: bool = False, guessed: str = ""
) -> None:
    """A new conductor that knows what the old one had told the journal, and what it hears at once of the devices.

    `guessed`: a lamp that is owed 20 % because nothing was known of it.
    """
    runner = one.conductor.runner("room")
    assert runner is not None
    entries = one.conductor.entries()
    entered = [entry for entry in entries if isinstance(entry, Entered)][-1]
    [begun] = [entry for entry in entries if isinstance(entry, Begun)]
    session = runner.session
    assert session is not None
    owed: dict[tuple[str, Attribute], Debt] = {}
    by_hand: list[tuple[str, Attribute]] = []
    for entry in entries:
        if isinstance(entry, Owed):
            owed[entry.debt.device, entry.debt.attribute] = entry.debt
        elif isinstance(entry, Settled):
            owed.pop((entry.device, entry.attribute), None)
            by_hand += [(entry.device, entry.attribute)] if entry.by_hand else []
    if guessed:
        owed[guessed, Attribute.LEVEL] = Debt(guessed, Attribute.LEVEL, 20.0, 0, is_guess=True)
    remembered = RecoveryRecord(
        entered.number, begun.snapshot, tuple(owed.values()), tuple(session.fades), tuple(by_hand), ending
    )
    one.conductor = Conductor(HOME, bridge_rates(HOME))
    if is_ducked:
        one.simulated.receive(DUCKED, one.now)
    if hears:
        one._hear(one.simulated.connected(one.now))
    one.until(one.now + 100)
    one.conductor.resume(runner.start, remembered, one.now)
    one._exchange()


def test_it_goes_on_from_the_start_of_the_chapter_and_says_so() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    die_and_come_back(one)
    one.until(one.now + 5000)
    assert one.events("session_resumed")
    assert "I was away" in one.told(Announced)[-1].text
    assert one.state()["ceiling"] == pytest.approx(30.0, abs=1)
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)
    assert one.conductor.stage.debts == []


def test_after_too_long_it_lands_without_words_and_gives_back_the_room_of_before() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    die_and_come_back(one, Ending.LOST)
    one.play([])
    assert not one.events("announced")
    assert one.state() == pytest.approx(one.before, abs=0.5)
    assert one.told(Landed)[-1].ending == "lost"


def test_what_a_person_had_taken_stays_theirs_through_a_restart() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    one.act(Turn("ceiling", 100.0))
    die_and_come_back(one)
    one.play([])
    assert one.state()["ceiling"] == 100.0
    assert one.state()["linear"] == pytest.approx(one.before["linear"], abs=0.5)


def test_a_volume_that_a_person_had_chosen_is_that_of_the_session_and_of_the_room_through_a_restart() -> None:
    one = Evening(line_with_music())
    one.until(45_000)
    one.act(Turn("speaker", 61.0))
    one.until(50_000)
    die_and_come_back(one, is_ducked=True)
    one.until(one.now + 30_000)
    assert one.state()["volume"] == pytest.approx(61, abs=1)
    one.play([])
    assert one.state()["volume"] == pytest.approx(61, abs=1)
    assert one.conductor.stage.debts == []


def test_a_device_that_a_person_had_taken_before_the_restart_is_said_to_be_left() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    one.act(Turn("ceiling", 100.0))
    die_and_come_back(one)
    one.play([])
    (account,) = one.told(GivenBack)
    assert account.left == ("ceiling",)
    assert "ceiling" not in account.given


def test_a_device_that_was_handed_to_the_session_again_is_said_to_be_given_back() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    one.act(Turn("ceiling", 100.0))
    one.act(GiveBack("ceiling"))
    one.play([])
    (account,) = one.told(GivenBack)
    assert account.left == ()
    assert "ceiling" in account.given


def test_an_announcement_of_the_life_before_is_told_from_those_of_this_one() -> None:
    """A speaker may still be at the first one, and say afterwards how it went."""
    one = Evening(TIMELINE)
    one.until(45_000)
    for _ in range(3):
        die_and_come_back(one)
        one.until(one.now + 5000)
    ids = [event.id for event in one.told(Announced)]
    assert len(ids) == 3
    assert len(set(ids)) == 3


def test_a_session_that_comes_back_into_an_alarm_ends_in_full_light() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    die_and_come_back(one)
    one.act(Hear("house/smoke", '{"smoke": true}', retain=True))
    one.until(one.now + 5000)
    assert one.told(Landed)[-1].ending == "aborted"
    lit = {lamp: one.state()[lamp] for lamp in LAMPS}
    assert lit == pytest.approx({**dict.fromkeys(LAMPS, 95.0), "linear": 87.8}, abs=1)
    one.until(one.now + 15_000)
    assert one.conductor.stage.debts == []


def test_one_that_is_replaced_before_it_goes_on_is_over_and_what_the_next_does_not_use_is_given_back() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    die_and_come_back(one, hears=False)
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.session is None
    roles = {"main": runner.start.roles["main"]}
    one.conductor.start(Start("next", "room", TIMELINE, roles, mode=Mode.RESTART), one.now)
    ended = [entry for entry in one.conductor.entries() if isinstance(entry, Ended)]
    assert [(entry.session, entry.ending) for entry in ended] == [(runner.start.name, Ending.STOPPED)]
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)
    assert one.conductor.stage.debts == []


def test_what_is_cut_off_as_it_finishes_is_low_for_a_minute_and_then_as_it_was() -> None:
    dim = landing("lost", 3000)
    cues = tuple(
        cue._replace(what=cue.what._replace(target=Before(Percent(20.0)))) if isinstance(cue.what, Move) else cue
        for cue in dim.cues
    )
    one = Evening(replace(TIMELINE, lost=dim._replace(cues=cues)))
    one.until(45_000)
    die_and_come_back(one, Ending.FINISHED)
    one.until(one.now + 30_000)
    assert one.state()["ceiling"] == pytest.approx(20.0, abs=0.5)
    one.play([])
    assert one.told(Landed)[-1].ending is Ending.FINISHED
    assert one.state() == pytest.approx(one.before, abs=0.5)


def test_a_lamp_that_was_turned_off_while_nobody_was_there_stays_off() -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    one.simulated.turn("ceiling", one.now, level=Percent(0.0))
    die_and_come_back(one)
    one.until(one.now + 5000)
    assert one.state()["ceiling"] == 0.0
    one.play([])
    assert one.state()["ceiling"] == 0.0
    assert "ceiling" in one.told(GivenBack)[-1].left
    assert one.state()["linear"] == pytest.approx(one.before["linear"], abs=0.5)


@pytest.mark.parametrize("level", [70.0, 30.0, 45.0])
def test_a_late_word_of_the_life_before_is_no_hand(level: float) -> None:
    one = Evening(TIMELINE)
    one.until(45_000)
    die_and_come_back(one, hears=False)
    one.act(Hear("zigbee2mqtt/ceiling", f'{{"state": "ON", "brightness": {round(level * 2.54)}}}'))
    one.until(one.now + 1500)
    one.act(Hear("zigbee2mqtt/ceiling", f'{{"state": "ON", "brightness": {round(level * 2.54)}}}'))
    assert not one.events("overridden")
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)


def test_a_lamp_of_which_nothing_was_known_is_not_taken_for_one_that_was_turned_off() -> None:
    one = Evening(TIMELINE, {"ikea": Faults(offline=True)})
    one.until(45_000)
    one.simulated.online("ikea", one.now)
    assert one.state()["ikea"] == 0.0
    die_and_come_back(one, guessed="ikea")
    one.until(one.now + 20_000)
    assert one.state()["ikea"] == pytest.approx(30.0, abs=1)
    assert not one.events("overridden")
