"""The foot massage has everything that its facts ask for, in both languages."""

import re

import pytest

from orchestrator.scenes.planning.timeline import Hands, Say
from orchestrator.units import MINUTE, SECOND
from orchestrator.values import Attribute, Temperature, Track, Value
from tests.levels import level
from tests.scenes.shipped import LANGUAGES, announcements, beats, chapter, ids, moves, net, plan, words

FOOT = ("oil", "strokes", "ankle", "ankle-back", "thumb", "knead", "knuckles")
WASH = ("settle", "clean")
BATH = ("water", "soak", "dry")
CLOSE = ("rest", "wipe")


def on(foot: str) -> tuple[str, ...]:
    return tuple(f"{step}:{foot}" for step in FOOT)


@pytest.mark.parametrize("giver", ["self", "partner"])
def test_the_foot_massage_goes_in_its_order(giver: str) -> None:
    assert tuple(ids(plan("foot-massage", giver=giver))) == (*WASH, *BATH, *on("left"), *on("right"), *CLOSE)


def test_without_the_bath_there_is_no_water() -> None:
    assert tuple(ids(plan("foot-massage", bath=False))) == (*WASH, *on("left"), *on("right"), *CLOSE)


def test_the_bath_can_be_left_as_one() -> None:
    timeline = plan("foot-massage")
    assert [one.id for one in timeline.chapters if one.part == "bath"] == list(BATH)


@pytest.mark.parametrize("foot", ["left", "right"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_foot_gets_the_whole_massage_and_all_of_its_words(foot: str, language: str) -> None:
    timeline = plan("foot-massage", language, feet=foot)
    assert tuple(ids(timeline)) == (*WASH, *BATH, *on(foot), *CLOSE)
    both = plan("foot-massage", language)
    # Said at other moments of the session, so perhaps slower; the words are those of the first foot.
    for step in FOOT[1:]:
        assert words(chapter(timeline, f"{step}:{foot}")) == words(chapter(both, f"{step}:left"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_foot_gets_about_half_of_the_words(language: str) -> None:
    timeline = plan("foot-massage", language)
    first, second = (
        sum(len(words(chapter(timeline, name)).split()) for name in on(foot)) for foot in ("left", "right")
    )
    assert second < 0.65 * first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("foot", ["left", "right"])
@pytest.mark.parametrize("pace", [0.7, 1.0, 1.4])
def test_there_are_five_strokes_and_each_is_heard_up_and_down(language: str, foot: str, pace: float) -> None:
    strokes = chapter(plan("foot-massage", language, pace=pace), f"strokes:{foot}")
    up, down = {"en": (r"\bup\b", r"\bdown\b"), "de": ("hinauf", "hinunter")}[language]
    heard = beats(strokes)
    assert len(heard) == 10
    assert all(re.search(up, text, re.IGNORECASE) for text in heard[::2])
    assert all(re.search(down, text, re.IGNORECASE) for text in heard[1::2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_down_is_lighter_than_the_way_up(language: str) -> None:
    strokes = chapter(plan("foot-massage", language), "strokes:left")
    firm, lighter = {"en": ("firm", "lighter"), "de": ("fest", "leicht")}[language]
    assert firm in beats(strokes)[0]
    assert lighter in beats(strokes)[1]
    assert lighter in announcements(strokes)[1]


def test_light_and_music_swell_with_each_stroke_and_come_back() -> None:
    strokes = chapter(plan("foot-massage"), "strokes:left")
    light = [move.target for _, move in moves(strokes, Attribute.LEVEL) if move.track.role == "main" and move.lasts]
    music = [level(move.target) for _, move in moves(strokes, Attribute.VOLUME) if move.lasts]
    assert light == [38.0, 30.0] * 5
    assert len(music) == 10
    assert music[0] > music[1] == music[-1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("foot", ["left", "right"])
def test_the_foot_turns_four_times_each_way(language: str, foot: str) -> None:
    timeline = plan("foot-massage", language)
    numbers = {"en": ["One", "Two", "Three", "And four"], "de": ["Eins", "Zwei", "Drei", "Und vier"]}[language]
    there, back = chapter(timeline, f"ankle:{foot}"), chapter(timeline, f"ankle-back:{foot}")
    assert beats(there) == beats(back) == numbers
    assert {"en": "clock", "de": "Uhr"}[language] in words(there)
    assert {"en": "other way", "de": "ndersherum"}[language] in words(back)


def test_from_the_oil_on_hands_are_oily_until_the_end() -> None:
    timeline = plan("foot-massage")
    first = ids(timeline).index("oil:left")
    assert all(one.hands is Hands.OILY for one in timeline.chapters[first:])
    assert all(one.hands is not Hands.OILY for one in timeline.chapters[:first])


def test_nothing_after_the_oil_waits_for_long() -> None:
    waits = [one.wait for one in plan("foot-massage").chapters if one.hands is Hands.OILY and one.wait]
    assert len(waits) == 3
    assert all(wait.at_most <= 4 * MINUTE for wait in waits)


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.4])
@pytest.mark.parametrize("soak", [2, 10, 20])
def test_the_bath_lasts_as_long_as_was_asked_for_at_every_pace(soak: int, pace: float) -> None:
    bath = chapter(plan("foot-massage", soak=f"{soak}min", pace=pace), "soak")
    said = [cue.at - bath.words for cue in bath.cues if isinstance(cue.what, Say)]
    assert bath.lasts == soak * MINUTE
    assert said[-2:] == [soak * MINUTE / 2, soak * MINUTE - 30 * SECOND]


def test_the_bath_lasts_ten_minutes_by_default() -> None:
    assert chapter(plan("foot-massage"), "soak").lasts == 10 * MINUTE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cautions_of_the_foot_massage_are_all_there(language: str) -> None:
    facts = {
        "en": "wound injury inflamed infected clot suspected diabetes circulation pregnancy hand hot slip hurt medical",
        "de": "verletzt entzündet wund infiziert Blutgerinnsel Verdacht Diabetes Durchblutung Schwangerschaft Hand "
        "heiß rutschen weh medizinische",
    }[language]
    cautions = " ".join(plan("foot-massage", language).cautions)
    assert [fact for fact in facts.split() if fact not in cautions] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_water_is_tested_before_the_feet_and_the_soles_wiped_before_standing(language: str) -> None:
    timeline = plan("foot-massage", language)
    test, feet = {"en": ("never hot", "feet are in"), "de": ("nie heiß", "Füße im Wasser")}[language]
    water = words(chapter(timeline, "water"))
    assert water.index(test) < water.index(feet)
    sit, stand = {"en": ("Stay sitting", "stand up slowly"), "de": ("Bleib sitzen", "steh langsam auf")}[language]
    assert sit in words(timeline.chapters[-1])
    assert stand in words(timeline.finish)


def test_the_soles_are_wiped_in_a_light_to_walk_by() -> None:
    timeline = plan("foot-massage")
    start = timeline.starts[ids(timeline).index("wipe")]
    for at in (0, 30 * SECOND, timeline.chapters[-1].longest):
        assert timeline.state_at(start + at, {})[Track("main", Attribute.LEVEL)] == pytest.approx(40.0)


def test_the_room_is_left_in_light_to_walk_by_and_the_music_leaves_before_it() -> None:
    before: dict[Track, Value] = {
        Track("main", Attribute.LEVEL): 80.0,
        Track("main", Attribute.COLOUR): Temperature.of_kelvin(4000),
        Track("glow", Attribute.LEVEL): 0.0,
    }
    timeline = plan("foot-massage")
    assert {move.lasts for _, move in moves(timeline.finish, Attribute.LEVEL)} == {60 * SECOND}
    assert next(move.lasts for _, move in moves(timeline.finish, Attribute.VOLUME)) == 45 * SECOND
    end = timeline.state_at(timeline.lasts, before)
    assert (end[Track("main", Attribute.LEVEL)], end[Track("glow", Attribute.LEVEL)]) == (40.0, 0.0)


@pytest.mark.parametrize(("chosen", "least", "most"), [({}, 30, 33), ({"bath": False}, 19, 22)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_foot_massage_takes_half_an_hour_and_twenty_minutes_without_the_bath(
    language: str, chosen: dict[str, object], least: float, most: float
) -> None:
    assert least <= net(plan("foot-massage", language, chosen=chosen)) <= most
