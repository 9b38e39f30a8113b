"""A fade that nobody wants any more goes no further: the room lands, or somebody else takes it over."""

from collections.abc import Mapping

import pytest

from orchestrator.commands import Abort, Goto, RoomCommand, Stop
from orchestrator.events.session import Ending
from orchestrator.fade import Curve
from orchestrator.scenes.planning.timeline import Anchor, Before, Chapter, Cue, Move, Say, Timeline
from orchestrator.session.outputs import Wish
from orchestrator.session.session import Session
from orchestrator.units import SECOND, Ms
from orchestrator.values import Temperature, Track, Value
from tests.session.timelines import BEFORE, MAIN, VOLUME, WHITE

SLOWLY: Ms = 240 * SECOND
ARRIVAL = Chapter(
    "arrive",
    "Arrive",
    0,
    300 * SECOND,
    None,
    (
        Cue(0, Anchor.START, Move(MAIN, 20.0, SLOWLY)),
        Cue(0, Anchor.START, Move(WHITE, Temperature(450.0), SLOWLY)),
        Cue(0, Anchor.START, Move(VOLUME, 20.0, SLOWLY, Curve.DECIBEL)),
    ),
)
EMPTY = Chapter("before", "Before", 0, 5 * SECOND, None, ())
FIRST = Chapter(
    "first",
    "First",
    0,
    5 * SECOND,
    None,
    (
        Cue(0, Anchor.START, Move(MAIN, 80.0)),
        Cue(0, Anchor.START, Move(WHITE, Temperature(250.0))),
        Cue(0, Anchor.START, Move(VOLUME, 80.0)),
    ),
)
"""Where nobody knows how anything was, it is somewhere from here on."""


def dark(name: str, words: Ms = 4 * SECOND) -> Chapter:
    """A way out that says some words and then puts the light out, and nothing of its colour."""
    says = (Cue(0, Anchor.START, Say("Good night.", words)),) if words else ()
    return Chapter(name, name, words, 9000, None, (*says, Cue(words, Anchor.WORDS, Move(MAIN, 0.0, 9000))))


def back(name: str) -> Chapter:
    """A way out that gives the light back as it was."""
    cues = tuple(Cue(0, Anchor.WORDS, Move(track, Before(), 9000)) for track in (WHITE, MAIN, VOLUME))
    return Chapter(name, name, 0, 9000, None, cues)


def session(landing: Chapter, before: Mapping[Track, Value] = BEFORE, *first: Chapter) -> Session:
    line = Timeline("slow", "Slow", "en", (*first, ARRIVAL), dark("finish"), landing, landing)
    return Session("s", line, dict(before), 0)


def seen(one: Session, track: Track, *moments: Ms) -> set[object]:
    values: set[object] = set()
    for moment in moments:
        one.advance(moment)
        values.add(one.room(moment)[track])
    return values


@pytest.mark.parametrize("words", [0, 4 * SECOND])
@pytest.mark.parametrize("way_out", [Stop(), Abort()], ids=["stop", "abort"])
@pytest.mark.parametrize("track", [WHITE, VOLUME], ids=["colour", "volume"])
def test_what_the_landing_does_not_name_stays_where_it_was(way_out: RoomCommand, words: Ms, track: Track) -> None:
    one = session(dark("stopped", words))
    one.advance(60 * SECOND)
    here = one.room(60 * SECOND)[track]
    one.handle(way_out, 60 * SECOND)  # type: ignore[arg-type]
    assert seen(one, track, 60_500, 63_000, 66_000, 70_000) == {here}


@pytest.mark.parametrize("track", [MAIN, WHITE, VOLUME], ids=["level", "colour", "volume"])
def test_nothing_goes_on_under_the_words_of_a_landing(track: Track) -> None:
    one = session(dark("stopped"))
    one.advance(60 * SECOND)
    here = one.room(60 * SECOND)[track]
    one.handle(Stop(), 60 * SECOND)
    assert seen(one, track, 60_500, 62_000, 63_900) == {here}


def test_each_lamp_of_a_role_stays_where_it_is_itself_and_its_debt_as_it_was() -> None:
    one = session(dark("stopped"))
    one.advance(60 * SECOND)
    outputs = one.handle(Stop(), 60 * SECOND)
    stands = {each.track: (each.stands, each.landing) for each in outputs if isinstance(each, Wish)}
    assert stands[MAIN] == stands[WHITE] == (True, False)


@pytest.mark.parametrize("ending", [Ending.LOST, Ending.FAILED])
def test_what_is_lost_goes_no_further(ending: Ending) -> None:
    one = session(dark("lost", 0))
    one.advance(60 * SECOND)
    here = one.room(60 * SECOND)[WHITE]
    one.end(ending, 60 * SECOND)
    assert seen(one, WHITE, 61_000, 65_000) == {here}


def test_what_is_left_to_another_session_goes_no_further() -> None:
    one = session(dark("stopped"))
    one.advance(60 * SECOND)
    wishes = {each.track: each for each in one.replaced(60 * SECOND) if isinstance(each, Wish)}
    for track in (MAIN, WHITE, VOLUME):
        assert wishes[track].fade.origin == wishes[track].fade.target == one.room(60 * SECOND)[track]
        assert not wishes[track].landing


@pytest.mark.parametrize("track", [MAIN, WHITE, VOLUME], ids=["level", "colour", "volume"])
def test_what_nobody_knew_before_is_given_back_as_it_is(track: Track) -> None:
    one = session(back("stopped"), {known: value for known, value in BEFORE.items() if known != track}, FIRST)
    one.advance(100 * SECOND)
    one.handle(Stop(), 100 * SECOND)
    here = one.room(100 * SECOND)[track]
    assert seen(one, track, 101 * SECOND, 105 * SECOND, 108 * SECOND) == {here}


def test_a_natural_end_gives_back_what_nobody_knew_as_it_is() -> None:
    late = EMPTY._replace(cues=ARRIVAL.cues)
    line = Timeline("slow", "Slow", "en", (FIRST, late), back("finish"), EMPTY, EMPTY)
    fade = line.fades_at(11 * SECOND, {})[WHITE]
    assert fade.at(11 * SECOND) == fade.at(17 * SECOND) != Temperature(450.0)


@pytest.mark.parametrize("track", [MAIN, WHITE, VOLUME], ids=["level", "colour", "volume"])
def test_what_nobody_knew_stays_where_it_is_by_a_jump_to_before_it_was_touched(track: Track) -> None:
    one = session(back("stopped"), {}, EMPTY, FIRST)
    one.advance(30 * SECOND)
    one.handle(Goto("before"), 30 * SECOND)
    here = one.room(30 * SECOND)[track]
    assert seen(one, track, 31 * SECOND, 34 * SECOND) == {here}
