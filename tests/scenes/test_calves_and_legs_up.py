"""Calves by oneself, then legs up: towards the heart, nothing pressed that must not be, and slowly up again."""

import re

import pytest

from orchestrator.units import MINUTE, SECOND
from orchestrator.values import Attribute, Track
from tests.levels import level
from tests.scenes.shipped import LANGUAGES, announcements, chapter, ids, plan, words


def test_each_calf_has_its_grips_and_then_the_legs_go_up() -> None:
    grips = ("strokes", "knead", "shake", "pump")
    both = [f"{grip}:{side}" for side in ("left", "right") for grip in grips]
    assert ids(plan("calves-and-legs-up")) == ["prepare", "settle", *both, "lie", "rest", "side"]
    assert ids(plan("calves-and-legs-up", up=False)) == ["prepare", "settle", *both, "still"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_strokes_go_up_firmly_and_stop_below_the_knee(language: str) -> None:
    said = words(chapter(plan("calves-and-legs-up", language), "strokes:left"))
    facts = {"en": ("firm", "below the knee", "lightly"), "de": ("fest", "bis unter das Knie", "leicht")}[language]
    assert [fact for fact in facts if fact not in said] == []


@pytest.mark.parametrize("quiet", [2, 6, 15])
@pytest.mark.parametrize("pace", [0.8, 1.2])
def test_the_legs_are_up_as_long_as_was_asked_for_and_nobody_speaks(quiet: int, pace: float) -> None:
    rest = chapter(plan("calves-and-legs-up", quiet=f"{quiet}min", pace=pace), "rest")
    assert rest.lasts == quiet * MINUTE
    assert max(cue.at for cue in rest.cues if cue.at <= rest.words) < rest.words
    assert {cue.at - rest.words for cue in rest.cues if cue.at > rest.words} == {quiet * MINUTE - 60 * SECOND}


def test_it_is_light_again_before_anybody_sits_up() -> None:
    timeline = plan("calves-and-legs-up")
    start = timeline.starts[ids(timeline).index("side")]
    assert level(timeline.state_at(start, {})[Track("main", Attribute.LEVEL)]) == pytest.approx(36.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_gets_up_by_way_of_the_side_and_slowly(language: str) -> None:
    timeline = plan("calves-and-legs-up", language)
    assert {"en": "onto one side", "de": "auf eine Seite"}[language] in words(timeline.chapters[-1])
    assert {"en": "slowly", "de": "langsam"}[language] in words(timeline.finish)
    last = timeline.chapters[-1]
    assert last.words + last.lasts - last.cues[-1].at >= 30 * SECOND, "blood pressure needs half a minute"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "chosen", [{}, {"up": False}, {"massage": "left"}, {"massage": "right", "up": False}, {"quiet": "15min"}], ids=str
)
def test_how_long_it_takes_is_said_and_true_to_two_minutes(language: str, chosen: dict[str, object]) -> None:
    timeline = plan("calves-and-legs-up", language, chosen=chosen)
    small = {"ten": 10, "zehn": 10}
    told = re.search(r"(?:about|etwa) (\w+) (minutes|Minuten)", words(timeline.chapters[0]))
    assert told is not None
    minutes = small.get(told[1]) or int(told[1])
    assert abs(minutes - timeline.as_usual().lasts / MINUTE) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_one_calf_massaged_hears_of_no_other(language: str) -> None:
    timeline = plan("calves-and-legs-up", language, massage="left", up=False)
    other = {"en": r"right (knee|calf|leg)|both calves", "de": r"rechte[sn]? (Bein|Wade|Knie)|Waden"}[language]
    said = [text for one in timeline.chapters for text in announcements(one)]
    assert not [text for text in said if re.search(other, text)]
