"""The short form of the foot massage: hands are on within a minute, and nobody has to fetch or answer anything."""

import pytest

from orchestrator.units import MINUTE, SECOND
from tests.scenes.shipped import LANGUAGES, chapter, ids, plan, settings, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_hands_are_on_before_a_minute_is_over(language: str) -> None:
    for chosen in settings("foot-rescue"):
        if chosen.get("aloud"):
            continue
        timeline = plan("foot-rescue", language, chosen=chosen)
        hands = timeline.hands_on
        assert hands is not None
        # The ankle is laid across first, and then both hands are told where they go.
        assert hands.first + 20 * SECOND < MINUTE, chosen


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_waits_before_the_cream_is_wiped_off(language: str) -> None:
    for chosen in settings("foot-rescue"):
        waits = [one.id for one in plan("foot-rescue", language, chosen=chosen).chapters if one.wait]
        assert waits in ([], ["care"], ["wipe"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("feet", "minutes"), [("both", 10), ("left", 7)])
def test_it_takes_what_it_says(language: str, feet: str, minutes: int) -> None:
    timeline = plan("foot-rescue", language, feet=feet)
    assert abs(timeline.lasts / MINUTE - minutes) <= 1.5
    number = {("en", 10): "Ten", ("en", 7): "Seven", ("de", 10): "Zehn", ("de", 7): "Sieben"}[language, minutes]
    assert number in words(timeline.chapters[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_foot_has_the_same_grips_and_the_second_fewer_words(language: str) -> None:
    timeline = plan("foot-rescue", language)
    sides = [[one for one in timeline.chapters if one.id.endswith(f":{side}")] for side in ("left", "right")]
    assert [one.id.split(":")[0] for one in sides[0]] == [one.id.split(":")[0] for one in sides[1]]
    first, second = (sum(len(words(one).split()) for one in each) for each in sides)
    assert second < 0.65 * first


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_cream_nothing_is_wiped_and_nothing_is_said_of_it(language: str) -> None:
    word = {"en": "cream", "de": "Creme"}[language]
    assert "wipe" not in ids(plan("foot-rescue", language))
    assert not [one.id for one in plan("foot-rescue", language, aloud=True).chapters if word in words(one).lower()]
    creamy = plan("foot-rescue", language, cream=True)
    assert word in words(chapter(creamy, "sit"))
    assert "wipe" in ids(creamy)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cautions_of_the_feet_are_those_of_the_long_form(language: str) -> None:
    long = plan("foot-massage", language).cautions
    shared = [text for text in plan("foot-rescue", language).cautions if text in long]
    assert len(shared) == 7
