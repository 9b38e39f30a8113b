"""The massage for two: each is spoken to alone, the spine is spared, and the hands begin and end by lying still."""

import pytest

from orchestrator.units import MINUTE, SECOND
from tests.scenes.shipped import LANGUAGES, beats, chapter, ids, plan, words

HANDS_ON = [
    "touch",
    "oil",
    "strokes",
    "knead:left",
    "blade:left",
    "knead:right",
    "blade:right",
    "lift",
    "thumbs",
    "nape",
    "farewell",
    "hold",
]


def test_hands_begin_and_end_by_lying_still_and_work_for_more_than_half_of_it() -> None:
    timeline = plan("back-and-shoulders")
    assert [one.id for one in timeline.chapters if one.hands_on] == HANDS_ON
    assert timeline.hands_on is not None
    assert timeline.hands_on.share >= 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_spine_the_bone_and_the_throat_are_spared_where_hands_come_near(language: str) -> None:
    timeline = plan("back-and-shoulders", language)
    spared = {
        "en": {"strokes": "Never on it", "blade:left": "not on the bone", "thumbs": "away from", "nape": "the throat"},
        "de": {"strokes": "Nie darauf", "blade:left": "nicht auf dem", "thumbs": "neben der", "nape": "der Kehle"},
    }[language]
    assert [step for step, said in spared.items() if said not in words(chapter(timeline, step))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_gives_asks_twice_and_there_is_an_answer(language: str) -> None:
    timeline = plan("back-and-shoulders", language)
    answers = {"en": ("softer", "firmer"), "de": ("sanfter", "fester")}[language]
    for step in ("settle", "knead:left", "thumbs"):
        assert all(answer in words(chapter(timeline, step)) for answer in answers), step


def test_the_last_strokes_are_fewer_and_slower() -> None:
    timeline = plan("back-and-shoulders")
    first, last = chapter(timeline, "strokes"), chapter(timeline, "farewell")
    assert (len(beats(first)), len(beats(last))) == (12, 8)
    assert last.lasts / 4 > first.lasts / 6


def test_more_than_a_minute_of_the_rest_is_without_a_word_and_without_light_at_every_pace() -> None:
    for pace in (0.85, 1.0, 1.3):
        rest = chapter(plan("back-and-shoulders", pace=pace), "rest")
        assert not [cue for cue in rest.cues if cue.at > rest.words]
        assert rest.lasts == 85 * SECOND


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pace", [0.85, 1.0, 1.3])
def test_it_takes_about_twenty_five_minutes_as_it_says(language: str, pace: float) -> None:
    timeline = plan("back-and-shoulders", language, pace=pace)
    assert {"en": "twenty-five", "de": "fünfundzwanzig"}[language] in words(timeline.chapters[0])
    assert abs(timeline.as_usual().lasts / MINUTE - 25) <= 4


def test_nothing_is_fetched_once_somebody_sits() -> None:
    timeline = plan("back-and-shoulders")
    sat = ids(timeline).index("settle")
    assert not [one.id for one in timeline.chapters[sat:] if one.walking]
