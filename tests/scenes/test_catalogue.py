"""Every scene that ships: sound, complete in each language, inside the limits."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from orchestrator.scenes import library
from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.checks.trial import trial
from orchestrator.scenes.planning.pacing import sentences
from orchestrator.scenes.planning.timeline import Before, Hands, Say
from orchestrator.units import MINUTE, SECOND
from orchestrator.values import SILENCE, Attribute, Temperature, Track, Value
from tests.levels import level
from tests.scenes.shipped import (
    EVERYWHERE,
    IN_DAYLIGHT,
    KNOWN_FINDINGS,
    LANGUAGES,
    LIT,
    READY,
    SHIPPED,
    announcements,
    beats,
    chapter,
    ids,
    moves,
    net,
    plan,
    scene,
    settings,
    words,
)

MOST_WORDS = 14
OF_THE_ROOM = r"say: (stop|repeat)|sag: (stopp|noch einmal)"

# All of them


def test_these_scenes_ship() -> None:
    assert tuple(library.catalogue()) == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scene_is_sound_and_named_as_its_file(name: str) -> None:
    model = scene(name).model
    assert model.scene == name
    assert model.languages[:2] == ["en", "de"]
    assert model.summary
    assert model.cautions
    assert model.examples
    assert all(parameter.title for parameter in model.parameters.values())
    needed = [role for role, part in model.roles.items() if not part.optional]
    assert needed == ([] if name in IN_DAYLIGHT else ["main"])


@pytest.mark.parametrize("name", IN_DAYLIGHT)
def test_a_scene_in_daylight_touches_no_light(name: str) -> None:
    timeline = plan(name)
    ways_out = (timeline.finish, timeline.stopped, timeline.lost)
    assert not scene(name).model.looks
    assert [one.id for one in (*timeline.chapters, *ways_out) if moves(one, Attribute.LEVEL)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scene_plans_with_every_choice_and_its_examples_hold(name: str) -> None:
    assert trial(scene(name)) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_the_linter_has_nothing_to_say_about_a_shipped_scene_that_is_not_known(name: str) -> None:
    assert {warning.code for warning in lint(scene(name))} - KNOWN_FINDINGS.get(name, set()) == set()


@pytest.mark.parametrize("name", SHIPPED)
def test_no_language_borrows_words_from_another(name: str) -> None:
    for chosen in settings(name):
        english, german = (plan(name, language, chosen=chosen) for language in LANGUAGES)
        assert ids(english) == ids(german)
        for one, other in zip((*english.chapters, english.finish), (*german.chapters, german.finish), strict=True):
            shared = set(announcements(one)) & set(announcements(other))
            assert shared == set(), one.id


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_no_sentence_has_more_than_fourteen_words(name: str, language: str) -> None:
    for chosen in settings(name):
        timeline = plan(name, language, chosen=chosen)
        said = [text for one in (*timeline.chapters, timeline.finish) for text in announcements(one)]
        for text in (*said, *timeline.cautions):
            # "Fußrücken: wenn er glänzt, pfeif" is one sentence; the room's own way to say next is not ours to shorten.
            for sentence in sentences(text.replace(READY[language], "next")):
                assert len(sentence.split()) <= MOST_WORDS, sentence


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_words_name_no_button_and_no_screen(name: str, language: str) -> None:
    forbidden = re.compile(r"\b(button|screen|phone|tap|click|Taste|Knopf|Bildschirm|Handy|sag|say)\b", re.IGNORECASE)
    timeline = plan(name, language)
    for one in timeline.chapters:
        assert not forbidden.search(re.sub(OF_THE_ROOM, "", words(one))), one.id


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_every_wait_has_a_limit_and_its_words_say_how_it_goes_on(name: str, language: str) -> None:
    for one in plan(name, language).chapters:
        if one.wait is not None:
            assert 0 < one.wait.usually < one.wait.at_most <= 8 * MINUTE
            assert READY[language] in words(one)
            assert one.wait.cues, f"{one.id} goes on without a warning"


@pytest.mark.parametrize("name", SHIPPED)
def test_there_is_light_to_see_by_while_hands_work(name: str) -> None:
    timeline = plan(name)
    for start, one in zip(timeline.starts, timeline.chapters, strict=False):
        if one.hands is not Hands.FREE:
            seen = [timeline.state_at(start + at, {}) for at in range(0, one.longest, SECOND)]
            assert all(level(state[Track("main", Attribute.LEVEL)]) >= 20.0 for state in seen), one.id


@pytest.mark.parametrize("name", SHIPPED)
def test_the_light_is_that_of_an_evening(name: str) -> None:
    for lamps in scene(name).model.looks.values():
        for lamp in lamps.values():
            if lamp != "off":
                assert lamp.brightness is not None
                assert lamp.brightness <= 45
                assert lamp.temperature is None or 2200 <= round(lamp.temperature.kelvin) <= 2700


@pytest.mark.parametrize("name", SHIPPED)
def test_light_that_swells_does_so_gently_and_slowly(name: str) -> None:
    for chosen in settings(name):
        for one in plan(name, chosen=chosen).chapters:
            for role in ("main", "glow"):
                levels = [(at, move) for at, move in moves(one, Attribute.LEVEL) if move.track.role == role]
                swells = levels if one.counted else []
                for (_, lower), (_, higher) in pairwise(swells):
                    assert abs(level(lower.target) - level(higher.target)) <= 10.0
                rising = [at for at, move in swells[::2]]
                assert all(later - earlier >= 8 * SECOND for earlier, later in pairwise(rising)), (one.id, chosen)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_first_sound_is_gentle_and_comes_slowly(name: str) -> None:
    first = next(move for one in plan(name).chapters for _, move in moves(one, Attribute.VOLUME) if move.target)
    assert level(first.target) <= 80.0
    assert first.lasts >= 10 * SECOND


@pytest.mark.parametrize("name", SHIPPED)
def test_music_has_stopped_when_a_scene_is_over(name: str) -> None:
    timeline = plan(name)
    before: dict[Track, Value] = {Track("music", Attribute.VOLUME): 30.0, Track("music", Attribute.PLAYING): SILENCE}
    end = timeline.state_at(timeline.lasts, before)
    assert end[Track("music", Attribute.PLAYING)] == SILENCE
    assert end[Track("music", Attribute.VOLUME)] == 30.0


@pytest.mark.parametrize("name", SHIPPED)
def test_the_voice_grows_softer_and_slower(name: str) -> None:
    said = [cue.what for one in plan(name).chapters for cue in one.cues if isinstance(cue.what, Say)]
    assert said[-1].rate < said[0].rate
    assert said[-1].volume < said[0].volume
    assert all(later.rate <= earlier.rate for earlier, later in pairwise(said))


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_the_cautions_are_spoken_only_when_asked_for(name: str, language: str) -> None:
    silent, aloud = plan(name, language), plan(name, language, aloud=True)
    assert "care" not in ids(silent)
    assert ids(aloud)[0] == "care"
    care = aloud.chapters[0]
    said = announcements(care)
    # Those that apply to what was chosen, in their order, and how one says no.
    cautions = [text for text in aloud.cautions if text in said]
    assert cautions
    assert [text for text in said if text in cautions] == cautions
    assert care.wait is not None, "nobody could say no"


@pytest.mark.parametrize("name", LIT)
def test_a_scene_stopped_early_does_not_dazzle(name: str) -> None:
    stopped = moves(plan(name).stopped, Attribute.LEVEL)
    bright = [level(move.target.of(100.0) if isinstance(move.target, Before) else move.target) for _, move in stopped]
    assert max(bright) <= 45.0
    assert all(move.lasts <= 15 * SECOND for _, move in stopped)


AT_ONCE = ("foot-massage", "night-waking")
"""Sooner: hands that are at work at once need their light, and at three at night a lamp is only in the way."""
BRIGHT: dict[Track, Value] = {
    Track("main", Attribute.LEVEL): 90.0,
    Track("main", Attribute.COLOUR): Temperature.of_kelvin(4000),
}


@pytest.mark.parametrize(("name", "language"), [(name, language) for name in LIT for language in LANGUAGES])
def test_from_a_bright_room_it_takes_three_to_five_minutes_to_arrive(name: str, language: str) -> None:
    main = Track("main", Attribute.LEVEL)
    for chosen in settings(name):
        undisturbed = plan(name, language, chosen=chosen)
        # The other extreme: somebody who never lets it wait.
        hurried = replace(undisturbed, chapters=tuple(one._replace(wait=None) for one in undisturbed.chapters))
        for timeline in (undisturbed, hurried):
            seconds = range(min(300 * SECOND, timeline.starts[-1]) // SECOND)
            light = [level(timeline.state_at(second * SECOND, BRIGHT)[main]) for second in seconds]
            (first, *_) = [level(move.target) for one in timeline.chapters for _, move in moves(one, Attribute.LEVEL)]
            assert min(light[:175]) > first + 0.5 or name in AT_ONCE, chosen
            assert len(light) < 300 or min(light) <= first + 1.0, chosen
            assert max(one - other for one, other in pairwise(light)) <= 5.0, chosen


EVENING = [name for name in SHIPPED if scene(name).model.time == "evening"]


@pytest.mark.parametrize("name", EVENING)
def test_a_scene_of_the_evening_leaves_no_light_that_undoes_it(name: str) -> None:
    timeline = plan(name)
    end = timeline.state_at(timeline.lasts, BRIGHT)
    assert level(end[Track("main", Attribute.LEVEL)]) <= 40.0
    colour = end[Track("main", Attribute.COLOUR)]
    assert isinstance(colour, Temperature)
    assert colour.kelvin <= 2710.0


# The others


@pytest.mark.parametrize("minutes", [15, 25, 45])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wind_down_is_as_long_as_was_asked_for_to_the_second(language: str, minutes: int) -> None:
    assert net(plan("evening-wind-down", language, length=f"{minutes}min")) == pytest.approx(minutes, abs=1 / 60)


@pytest.mark.parametrize("way", ["finish", "stopped", "lost"])
def test_no_way_out_of_the_wind_down_lights_the_room(way: str) -> None:
    landing = getattr(plan("evening-wind-down"), way)
    targets = [move.target for _, move in moves(landing, Attribute.LEVEL)]
    assert targets == [0.0, 0.0]


@pytest.mark.parametrize("minutes", [15, 25, 45])
def test_the_wind_down_is_dark_and_silent_before_it_ends(minutes: int) -> None:
    timeline = plan("evening-wind-down", length=f"{minutes}min")
    end = timeline.state_at(timeline.starts[-1], {})
    assert end[Track("main", Attribute.LEVEL)] == 0.0
    assert end[Track("glow", Attribute.LEVEL)] == 0.0
    assert end[Track("music", Attribute.PLAYING)] == SILENCE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("minutes", [15, 19, 20, 25, 29, 30, 38, 45])
def test_the_wind_down_grows_by_places_and_stays_at_none(language: str, minutes: int) -> None:
    timeline = plan("evening-wind-down", language, length=f"{minutes}min")
    names = ids(timeline)
    places = timeline.chapters[names.index("scan") + 1 : names.index("whole")]
    assert len(places) == (7 if minutes < 20 else 12 if minutes < 30 else 25)
    assert all(35 * SECOND <= one.length <= 105 * SECOND for one in places)
    assert all(one.lasts > one.words for one in places)


def test_the_wind_down_only_ever_grows_darker_between_its_breaths() -> None:
    timeline = plan("evening-wind-down")
    calm = [one for one in timeline.chapters if not one.counted]
    lit = [move for one in calm for _, move in moves(one, Attribute.LEVEL) if move.track.role == "main"]
    targets = [level(move.target) for move in lit]
    assert targets == sorted(targets, reverse=True)


@pytest.mark.parametrize(("rounds", "side"), [(4, 3), (12, 4), (40, 5)])
def test_box_breathing_has_its_rounds_and_its_sides(rounds: int, side: int) -> None:
    square = chapter(plan("box-breathing", rounds=rounds, side=f"{side}s"), "square")
    assert square.lasts == rounds * 4 * side * SECOND
    every = 2 if side > 4 else 4
    heard = [n for n in range(1, rounds + 1) if n <= 4 or n % every == 0 or n >= rounds - 1]
    assert len([beat for beat in beats(square) if beat]) == 4 * len(heard)
    assert all(later - one <= every for one, later in pairwise(heard))


@pytest.mark.parametrize(("side", "has"), [(4, False), (5, True)])
def test_box_breathing_comes_to_long_sides_by_shorter_ones(side: int, has: bool) -> None:
    assert ("approach" in ids(plan("box-breathing", side=f"{side}s"))) is has


@pytest.mark.parametrize(
    ("rounds", "side", "told"), [(4, 3, "four minutes"), (16, 4, "seven minutes"), (40, 5, "17 minutes")]
)
def test_box_breathing_says_how_long_the_whole_of_it_takes(rounds: int, side: int, told: str) -> None:
    timeline = plan("box-breathing", rounds=rounds, side=f"{side}s")
    assert f"about {told}." in words(chapter(timeline, "settle"))
    assert net(timeline) == pytest.approx(float(told.replace("four", "4").replace("seven", "7").split()[0]), abs=0.75)


def test_box_breathing_rises_with_the_breath_and_stands_while_it_is_held() -> None:
    timeline = plan("box-breathing")
    square = chapter(timeline, "square")
    start = timeline.starts[ids(timeline).index("square")] + square.words
    light = [timeline.state_at(start + at * SECOND, {})[Track("main", Attribute.LEVEL)] for at in (0, 4, 8, 12, 16)]
    assert light == pytest.approx([34.0, 42.0, 42.0, 34.0, 34.0])


def test_the_hands_change_with_oil_and_without() -> None:
    assert "change:right" in ids(plan("hand-massage", oil=False))
    assert not [name for name in ids(plan("hand-massage")) if name.startswith("change")]
    assert "change:right" not in ids(plan("hand-massage", oil=False, hands="right"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_neck_is_handled_with_care(language: str) -> None:
    timeline = plan("neck-and-shoulders", language)
    facts = {
        "en": ("recent injury", "throat", "spine", "tip the head back", "dizzy", "emergency", "goes numb"),
        "de": ("frischen Verletzung", "Kehle", "Wirbelsäule", "Leg den Kopf nie", "schwindlig", "Notfall"),
    }[language]
    cautions = " ".join(timeline.cautions)
    assert [fact for fact in facts if fact not in cautions] == []
    chin = {"en": "chin level", "de": "Kinn bleibt"}[language]
    assert chin in words(chapter(timeline, "turn"))
    assert {"en": "never on it", "de": "nie darauf"}[language] in words(chapter(timeline, "nape-told"))
    assert 10 <= net(timeline) <= 17


@pytest.mark.parametrize(
    ("name", "last"), [("back-and-shoulders", "towel"), ("foot-massage", "towel"), ("hand-massage", "wipe")]
)
def test_from_the_oil_to_the_towel_any_touch_is_next(name: str, last: str) -> None:
    for chosen in settings(name):
        timeline = plan(name, chosen=chosen)
        names = [each.split(":")[0] for each in ids(timeline)]
        if "oil" in names:
            oily = timeline.chapters[names.index("oil") : names.index(last) + 1]
            assert [each.id for each in oily if each.hands is not Hands.OILY] == []
