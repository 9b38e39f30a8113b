"""The foot massage has everything that its facts ask for, in both languages, for one and for two."""

import re

import pytest

from orchestrator.scenes.planning.pacing import sentences
from orchestrator.scenes.planning.timeline import Hands, Say
from orchestrator.units import MINUTE, SECOND
from orchestrator.values import Attribute, Temperature, Track, Value
from tests.levels import level
from tests.scenes.shipped import LANGUAGES, announcements, beats, chapter, ids, moves, net, plan, words

WORK = ("strokes", "ankle", "ankle-back", "thumb", "knead", "knuckles")
MORE = ("heel", "tendon", "toes")
BEGIN = ("prepare", "supplies", "clean", "settle")
BATH = ("water", "soak", "dry")
CLOSE = ("towel", "rest", "wipe")
FEET = ("both", "left", "right")
PACES = (0.85, 1.0, 1.4)


def on(foot: str, *more: str) -> tuple[str, ...]:
    return tuple(f"{step}:{foot}" for step in ("oil", *WORK, *more, "wrap"))


def at_work(**chosen: object) -> tuple[str, ...]:
    """The steps without those that only give a leg its rest."""
    return tuple(name for name in ids(plan("foot-massage", chosen=chosen)) if not name.startswith("ease"))


def test_the_foot_massage_goes_in_its_order() -> None:
    assert at_work() == (*BEGIN, *on("left"), *on("right"), *CLOSE)
    assert at_work(giver="partner") == (*BEGIN, *on("left"), *on("right"), "hold", *CLOSE)


def test_the_bath_is_an_offer_and_comes_when_all_is_fetched() -> None:
    assert at_work(bath=True)[: len(BEGIN) + 4] == (*BEGIN, *BATH, "oil:left")
    assert not set(BATH) & set(at_work())


def test_the_bath_can_be_left_as_one() -> None:
    timeline = plan("foot-massage", bath=True)
    assert [one.id for one in timeline.chapters if one.part == "bath"] == list(BATH)


def test_heel_tendon_and_toes_are_an_offer_after_the_rest_of_the_work() -> None:
    assert at_work(more=True) == (*BEGIN, *on("left", *MORE), *on("right", *MORE), *CLOSE)


@pytest.mark.parametrize("foot", ["left", "right"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("giver", ["self", "partner"])
def test_one_foot_gets_the_whole_massage_and_all_of_its_words(foot: str, language: str, giver: str) -> None:
    timeline = plan("foot-massage", language, feet=foot, giver=giver)
    names = [name for name in ids(timeline) if not name.startswith("ease") and name != "hold"]
    assert tuple(names) == (*BEGIN, *on(foot), *CLOSE)
    first = plan("foot-massage", language, giver=giver)
    for step in ("oil", *WORK):
        swapped = words(chapter(first, f"{step}:left"))
        if foot == "right":
            swapped = _mirrored(swapped, language)
        assert words(chapter(timeline, f"{step}:{foot}")) == swapped


def _mirrored(text: str, language: str) -> str:
    one, other = {"en": ("left", "right"), "de": ("link", "recht")}[language]
    text = text.replace("just right", "just so")
    both = re.compile(f"{one}|{other}|{one.capitalize()}|{other.capitalize()}")
    turned = {one: other, other: one, one.capitalize(): other.capitalize(), other.capitalize(): one.capitalize()}
    return both.sub(lambda found: turned[found[0]], text).replace("just so", "just right")


@pytest.mark.parametrize("giver", ["self", "partner"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bath", [False, True])
def test_who_has_one_foot_massaged_hears_of_no_other(giver: str, language: str, bath: bool) -> None:
    """Perhaps the other one is wounded: it is not asked into the water either."""
    timeline = plan("foot-massage", language, feet="left", giver=giver, bath=bath)
    said = [text for one in (*timeline.chapters, timeline.finish) for text in announcements(one)]
    several = {
        "en": r"\b(feet|soles|socks|both soles)\b|right (foot|sole)",
        "de": r"\b(Füße|Füßen|Sohlen|Socken)\b|rechten? (Fuß|Sohle)",
    }[language]
    found = [text for text in said if re.search(several, text) and "both feet flat" not in text]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("giver", ["self", "partner"])
def test_the_second_foot_gets_about_half_of_the_words(language: str, giver: str) -> None:
    timeline = plan("foot-massage", language, giver=giver)
    first, second = (
        sum(len(words(chapter(timeline, name)).split()) for name in on(foot)) for foot in ("left", "right")
    )
    assert second < 0.65 * first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("foot", ["left", "right"])
@pytest.mark.parametrize("pace", PACES)
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
    assert {"en": "clockwise", "de": "Uhrzeigersinn"}[language] in words(there)
    assert {"en": "other way", "de": "ndersherum"}[language] in words(back)


FACTS = {
    "en": {
        "oil": "thigh ankle between whole sole",
        "strokes": "hand thumb toes top ankle slow firm lighter Five",
        "ankle": "heel top clockwise gently",
        "thumb": "top thumb sole big gently across ball little",
        "knead": "middle sole against thumb fingertips back forth",
        "knuckles": "over fist knuckles toes joints Big gentle circles",
    },
    "de": {
        "oil": "Oberschenkel Knöchel zwischen ganzen Sohle",
        "strokes": "Hand Daumen Zehen Fußrücken Knöchel langsam fest leichter Fünfmal",
        "ankle": "Ferse Fußrücken Uhrzeigersinn sanft",
        "thumb": "Fußrücken Daumen Sohle großen sanft Ballen kleinen",
        "knead": "Mitte Sohle dagegen Daumen Fingerspitzen vor zurück",
        "knuckles": "Zehen Faust Fingerknöchel Gelenke Große sanft",
    },
}


@pytest.mark.parametrize(("language", "step"), [(language, step) for language in LANGUAGES for step in FACTS["en"]])
def test_the_facts_of_each_grip_are_spoken(language: str, step: str) -> None:
    said = words(chapter(plan("foot-massage", language), f"{step}:left"))
    assert [fact for fact in FACTS[language][step].split() if fact not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("giver", ["self", "partner"])
@pytest.mark.parametrize("step", ["strokes", "ankle", "knuckles"])
def test_both_hands_have_their_side_and_their_task(language: str, giver: str, step: str) -> None:
    sides = {"en": ("left", "right"), "de": ("link", "recht")}[language]
    for foot in ("left", "right"):
        said = words(chapter(plan("foot-massage", language, giver=giver), f"{step}:{foot}")).lower()
        assert all(side in said for side in sides), said


@pytest.mark.parametrize("giver", ["self", "partner"])
def test_hands_work_for_at_least_half_of_the_usual_length(giver: str) -> None:
    hands = plan("foot-massage", giver=giver).hands_on
    assert hands is not None
    assert hands.share >= 0.5


@pytest.mark.parametrize("giver", ["self", "partner"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_stroke_comes_within_ten_minutes_as_people_usually_are(giver: str, language: str) -> None:
    timeline = plan("foot-massage", language, giver=giver).as_usual()
    number = ids(timeline).index("strokes:left")
    assert timeline.starts[number] + timeline.chapters[number].words <= 10 * MINUTE


@pytest.mark.parametrize("giver", ["self", "partner"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_something_to_do_before_the_twenty_fifth_word(giver: str, language: str) -> None:
    said = " ".join(announcements(plan("foot-massage", language, giver=giver).chapters[0]))
    first = {"en": "hoose", "de": "uch"}[language]
    assert len(said[: said.index(first)].split()) < 25


@pytest.mark.parametrize("feet", FEET)
def test_a_leg_that_lies_across_the_other_is_given_back_before_two_minutes(feet: str) -> None:
    timeline = plan("foot-massage", feet=feet, more=True)
    assert {one.id.split(":")[0] for one in timeline.chapters if one.posture} >= {"oil", *WORK, *MORE}
    assert not [one.id for one in timeline.chapters if one.posture and one.id.startswith("ease")]
    assert not [one for one in plan("foot-massage", feet=feet, giver="partner").chapters if one.posture]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_gives_asks_once_a_foot_and_there_is_an_answer(language: str) -> None:
    timeline = plan("foot-massage", language, giver="partner")
    answers = {"en": ("softer", "firmer"), "de": ("sanfter", "fester")}[language]
    for name in ("settle", "thumb:left", "thumb:right"):
        assert all(answer in words(chapter(timeline, name)) for answer in answers)


def test_ninety_seconds_of_the_rest_are_without_a_word_and_without_light_at_every_pace() -> None:
    for pace in PACES:
        rest = chapter(plan("foot-massage", pace=pace), "rest")
        assert not [cue for cue in rest.cues if cue.at > rest.words]
        assert rest.lasts == 90 * SECOND


def test_from_the_oil_on_hands_are_oily_until_the_end() -> None:
    timeline = plan("foot-massage")
    first = ids(timeline).index("oil:left")
    assert all(one.hands is Hands.OILY for one in timeline.chapters[first:] if one.id != "rest")
    assert all(one.hands is not Hands.OILY for one in timeline.chapters[:first])


def test_nothing_after_the_oil_waits_for_long() -> None:
    waits = [one.wait for one in plan("foot-massage").chapters if one.hands is Hands.OILY and one.wait]
    assert len(waits) == 4
    assert all(wait.at_most <= 4 * MINUTE for wait in waits)


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("soak", [2, 10, 20])
def test_the_bath_lasts_as_long_as_was_asked_for_at_every_pace(soak: int, pace: float) -> None:
    bath = chapter(plan("foot-massage", bath=True, soak=f"{soak}min", pace=pace), "soak")
    said = [cue.at - bath.words for cue in bath.cues if isinstance(cue.what, Say)]
    assert bath.lasts == soak * MINUTE
    assert said[-2:] == [soak * MINUTE / 2, soak * MINUTE - 30 * SECOND]


def test_the_bath_lasts_ten_minutes_by_default() -> None:
    assert chapter(plan("foot-massage", bath=True), "soak").lasts == 10 * MINUTE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cautions_of_the_foot_massage_are_all_there(language: str) -> None:
    facts = {
        "en": "wound injury operation inflamed infected clot suspected swollen fever diabetes circulation feeling "
        "pregnancy thinners bones gout varicose hip knee thirty-seven forearm salts nut asthma pets slip hurt medical",
        "de": "wund Verletzung Operation entzündet infiziert Blutgerinnsel Verdacht geschwollen Fieber Diabetes "
        "Durchblutung Gefühl Schwangerschaft Blutverdünner Knochen Gicht Krampfadern Hüfte Knie siebenunddreißig "
        "Unterarm Salz Nussallergie Asthma Tiere rutschen weh medizinische",
    }[language]
    cautions = " ".join(plan("foot-massage", language, bath=True).cautions)
    assert [fact for fact in facts.split() if fact not in cautions] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_bath_no_caution_speaks_of_water_and_for_two_none_of_crossed_legs(language: str) -> None:
    said = words(chapter(plan("foot-massage", language, aloud=True), "care"))
    assert {"en": "bath", "de": "Bad"}[language] not in said
    crossed = {"en": "cross your legs", "de": "schlag die Beine"}[language]
    assert crossed in said
    assert crossed not in words(chapter(plan("foot-massage", language, aloud=True, giver="partner"), "care"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("giver", ["self", "partner"])
def test_the_water_is_tried_before_the_feet_and_the_soles_wiped_before_standing(language: str, giver: str) -> None:
    timeline = plan("foot-massage", language, bath=True, giver=giver)
    test, feet = {"en": ("never hot", "in, slowly"), "de": ("nie heiß", "langsam hinein")}[language]
    water = words(chapter(timeline, "water"))
    assert water.index(test) < water.index(feet)
    wiped, stand = {"en": ("nothing slips", "stand up slowly"), "de": ("rutscht", "langsam auf")}[language]
    assert wiped in words(timeline.chapters[-1])
    assert stand in words(timeline.finish)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_sent_away_between_sitting_down_and_the_end(language: str) -> None:
    timeline = plan("foot-massage", language, bath=True)
    sat = ids(timeline).index("settle")
    assert not [one.id for one in timeline.chapters[sat:] if one.walking]
    stand = re.compile(r"stand up|get up (?!until)|steh .*auf")
    assert not [one.id for one in timeline.chapters[sat:] if stand.search(words(one))]


def test_the_soles_are_wiped_in_a_light_to_walk_by() -> None:
    timeline = plan("foot-massage")
    start = timeline.starts[ids(timeline).index("wipe")]
    lit = [level(timeline.state_at(start + at * SECOND, {})[Track("main", Attribute.LEVEL)]) for at in (0, 20, 40, 90)]
    assert lit == sorted(lit), "it rises with the words that say so"
    assert lit[-2:] == pytest.approx([36.0, 36.0])


def test_the_room_is_left_in_light_to_walk_by_and_the_music_leaves_before_it() -> None:
    before: dict[Track, Value] = {
        Track("main", Attribute.LEVEL): 80.0,
        Track("main", Attribute.COLOUR): Temperature.of_kelvin(4000),
        Track("glow", Attribute.LEVEL): 0.0,
    }
    timeline = plan("foot-massage")
    assert {move.lasts for _, move in moves(timeline.finish, Attribute.LEVEL)} == {90 * SECOND}
    assert next(move.lasts for _, move in moves(timeline.finish, Attribute.VOLUME)) == 75 * SECOND
    end = timeline.state_at(timeline.lasts, before)
    assert (end[Track("main", Attribute.LEVEL)], end[Track("glow", Attribute.LEVEL)]) == (36.0, 0.0)


@pytest.mark.parametrize(
    ("chosen", "usually"),
    [({}, 35), ({"bath": True}, 50), ({"feet": "left"}, 25), ({"more": True}, 40), ({"pace": 1.4}, 30)],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_how_long_it_takes_is_said_and_true_to_four_minutes(
    language: str, chosen: dict[str, object], usually: int
) -> None:
    timeline = plan("foot-massage", language, chosen=chosen)
    told = re.search(r"\b(\d+) (minutes|Minuten)", words(timeline.chapters[0]))
    assert told is not None
    assert abs(int(told[1]) - timeline.as_usual().lasts / MINUTE) <= 4
    assert abs(int(told[1]) - usually) <= 5
    assert net(timeline) < timeline.as_usual().lasts / MINUTE


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_comes_twice_within_one_foot(language: str) -> None:
    timeline = plan("foot-massage", language, more=True)
    said = [
        sentence
        for name in ids(timeline)
        if name.endswith(":left")
        for text in announcements(chapter(timeline, name))
        if text not in beats(chapter(timeline, name))
        for sentence in sentences(text)
    ]
    assert sorted(set(said)) == sorted(said)
