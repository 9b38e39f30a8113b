"""Warnings: each thing that a scene had better not do is said once, at its place, with its figure."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.scenes import library
from orchestrator.scenes.checks.chromaticity import chromaticity, is_saturated_red
from orchestrator.scenes.checks.flashes import Extreme, extremes, fast_reversals
from orchestrator.scenes.checks.glare import flash_remarks, jump_remarks, may_flash, may_jump
from orchestrator.scenes.checks.lamps import ORDINARY_ROOM, ShownLight
from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.checks.remarks import PlacedChapter
from orchestrator.scenes.planning.courses import courses
from orchestrator.scenes.planning.planner import planned
from orchestrator.values import Attribute, Rgb, Track
from tests.scenes.sketches import HEAD, sketch

PACE = "parameters: {pace: {number: 1.0, min: 0.5, max: 2.0}}\npace: '{{ pace }}'\n"


def codes(body: str) -> list[tuple[int, str]]:
    return [(warning.line, warning.code) for warning in lint(sketch(body))]


def told(body: str, code: str) -> str:
    (message,) = [warning.message for warning in lint(sketch(body)) if warning.code == code]
    return message


def steps(text: str) -> str:
    return f"steps: [{text}]"


def swelling(beat: str, points: str) -> str:
    parts = f"[{{lasts: {beat}, swell: up, say: Up}}, {{lasts: {beat}, swell: down}}]"
    return steps(f"{{step: a, look: warm, count: {{times: 3, parts: {parts}, swell: {{main: {points}}}}}}}")


@pytest.mark.parametrize(
    ("body", "code", "figure"),
    [
        (steps("{step: a, lasts: 4s, cues: [{at: 50%, say: One two three four five.}]}"), "long-words", "2.1 s longer"),
        (
            PACE + steps("{step: a, lasts: 20s, cues: [{at: 50%, say: " + "word " * 12 + "}]}"),
            "long-words",
            "(pace=2.0)",
        ),
        (
            steps("{step: a, lasts: 20s, cues: [{at: 1s, say: One two three four five.}, {at: 2s, say: Six.}]}"),
            "late-words",
            "3.1 s late",
        ),
        (
            PACE + steps("{step: a, count: {times: 3, parts: [{lasts: 4s, say: One two three four.}]}}"),
            "long-beat",
            "1.3 s longer than its beat; the next beat would be left out (pace=2.0)",
        ),
        (
            steps("{step: a, count: {times: 3, every: 4s, say: In}, cues: [{at: 3s, say: One two three four five.}]}"),
            "lost-beat",
            "“In” is left out: for 3.1 s more",
        ),
        (steps("{step: a, lasts: 10s, cues: [{at: 15s, chime: soft}]}"), "cue-outside", "5 s outside"),
        (steps("{step: a, wait: {at_most: 10s, before_end: {at: -1s, say: One two three.}}}"), "long-words", "1.5 s"),
        (
            steps("{step: a, look: dim, lasts: 9s}, {step: b, look: warm, fade: 1min, lasts: 10s}"),
            "long-fade",
            "goes on 50 s",
        ),
        (
            steps("{step: a, look: dim}, {step: b, look: warm, fade: 1min, lasts: 10s}, {step: c, lasts: 50s}"),
            "",
            "",
        ),
        (steps("{step: a, look: warm, fade: 4min, lasts: 10s}, {step: b, look: warm, fade: 3min, lasts: 9s}"), "", ""),
        (steps("{step: a, look: dim, hands: oily}, {step: b, look: [dark, dim], hands: free}"), "", ""),
        (steps("{step: a, look: dark, hands: oily, lasts: 9s}"), "too-dark", "only 0 % of light"),
        (steps("{part: bath, steps: [{step: rest, look: dark, lasts: 9s}]}"), "too-dark", "only 0 %"),
        (steps("{step: a, music: {play: rain, volume: 90%, fade: 0s}, lasts: 9s}"), "loud-start", "90 %"),
        (steps("{step: a, music: {play: rain, volume: 90%, fade: 10s}}"), "", ""),
        (
            swelling("2s", "5%"),
            "fast-swell",
            "every 4 s",
        ),
        (
            swelling("5s", "20%"),
            "wide-swell",
            "by 20 %",
        ),
    ],
)
def test_what_a_scene_had_better_not_do_is_said_with_its_figure(body: str, code: str, figure: str) -> None:
    found = lint(sketch(body))
    assert [warning.code for warning in found] == ([code] if code else [])
    assert all(figure in warning.message for warning in found)
    assert all(warning.line > 15 and warning.source == "sketch.yaml" for warning in found)


def test_a_count_that_begins_with_its_look_and_is_followed_by_a_dimmer_one_is_no_swell() -> None:
    count = "{step: a, look: warm, fade: 0s, count: {times: 2, every: 6s, say: One}}"
    assert codes(steps(f"{count}, {{step: b, look: dim, lasts: 9s}}")) == []


def changing(every: int, first: str, second: str) -> str:
    """A step whose look changes at once, every so many milliseconds."""
    cues = ", ".join(
        f"{{at: {turn * every}ms, look: {second if turn % 2 else first}, fade: 0s}}" for turn in range(1, 8)
    )
    return steps(f"{{step: a, look: {first}, fade: 0s, lasts: 20s, cues: [{cues}]}}")


def test_light_that_turns_more_than_once_a_second_is_flashing() -> None:
    assert "within 0.5 s" in told(changing(500, "full", "dim"), "flashing")
    assert "flashing" not in [code for _, code in codes(changing(1500, "full", "dim"))]


def test_a_red_pulse_within_a_second_is_one_too_many() -> None:
    cues = "{at: 5s, look: dim, fade: 0s}, {at: 5900ms, look: full, fade: 0s}"
    body = steps(f"{{step: a, look: full, fade: 0s, lasts: 20s, cues: [{cues}]}}")
    white = "full: {main: {brightness: 98%, temperature: 2700K}}"
    assert white in HEAD
    assert "red-pulse" not in [code for _, code in codes(body)]
    red = library.read(HEAD.replace(white, 'full: {main: {brightness: 98%, color: "#ff0000"}}') + body, "sketch.yaml")
    assert "red-pulse" in [warning.code for warning in lint(red)]


def test_the_redder_a_red_the_farther_it_is_from_white() -> None:
    white, amber, red = (chromaticity(Rgb.of_hex(colour)) for colour in ("#ffffff", "#ff9a3c", "#ff0000"))
    assert white.distance(red) == pytest.approx(0.26, abs=0.01)
    assert white.distance(amber) < white.distance(red)


def test_a_small_waver_is_no_flash() -> None:
    assert "flashing" not in [code for _, code in codes(changing(300, "warm", "warm"))]


def test_many_changes_at_once_are_a_flood() -> None:
    assert "a Zigbee bridge passes on 4" in told(changing(300, "warm", "full"), "flood")


def test_only_a_scene_of_the_evening_is_asked_how_awake_it_keeps() -> None:
    body = HEAD + steps("{step: a, look: full, fade: 30s, lasts: 1min}")
    assert lint(library.read(body.replace("scene: sketch", "scene: evening-sketch"), "sketch.yaml")) == []
    (warning,) = lint(library.read(body.replace("format: 1", "format: 1\ntime: evening"), "sketch.yaml"))
    assert warning.code == "wakeful"
    assert "at 75 lx for each lamp" in warning.message


@pytest.mark.parametrize(
    ("colour", "is_fine"), [("#ff0000", True), ("#ff6a10", True), ("#00ff00", False), ("#0000ff", False)]
)
def test_red_and_amber_are_light_for_the_evening_and_green_and_blue_are_not(colour: str, is_fine: bool) -> None:
    head = HEAD.replace("temperature: 2500K", f'color: "{colour}"').replace("brightness: 40%", "brightness: 60%")
    shown = steps("{step: a, look: warm, fade: 30s, lasts: 1min}")
    body = head.replace("format: 1", "format: 1\ntime: evening") + shown
    assert (lint(library.read(body, "sketch.yaml")) == []) is is_fine


def test_a_lamp_in_light_that_was_never_dark_may_be_turned_up_at_once() -> None:
    full = "{step: b, look: full, lasts: 5s}"
    assert [code for _, code in codes(steps(f"{{step: a, look: dim, lasts: 5s}}, {full}"))] == ["jump"]
    assert codes(steps(f"{{step: a, look: warm, lasts: 5s}}, {full}")) == []


def test_a_voice_that_grows_softer_is_no_leap() -> None:
    voice = "voice: {volume: {from: 100%, to: 20%}}\n"
    assert codes(voice + steps("{step: a, say: One., lasts: 1min}, {step: b, say: Two., lasts: 1min}")) == []


def test_music_that_comes_in_as_it_does_by_default_is_no_leap() -> None:
    body = "{step: a, lasts: 9s, music: {play: rain}}, {step: b, lasts: 9s, music: {play: calm}}"
    assert "loud-leap" not in [code for _, code in codes(steps(body))]


def test_a_breath_that_is_held_is_fine_with_a_caution() -> None:
    held = steps("{step: a, say: Now hold your breath., lasts: 1min}")
    assert [code for _, code in codes(held)] == ["held-breath"]
    assert codes("cautions: [Not in pregnancy.]\n" + held) == []


def test_words_that_tell_to_stay_send_nobody_into_the_dark() -> None:
    stay = "Wipe the soles before you stand up. Let it go. Come back to the breath."
    assert codes(steps(f"{{step: a, look: dark, say: {stay}, lasts: 9s}}")) == []


def test_counted_breaths_may_be_dark_where_the_scene_never_speaks_of_hands() -> None:
    count = "{step: a, look: dark, count: {times: 2, every: 5s, say: In}}"
    assert codes(steps(count)) == []
    hands = "{step: b, look: warm, fade: 3s, say: Now the hands; take your time with them., hands: busy, lasts: 9s}"
    assert [code for _, code in codes(steps(f"{count}, {hands}"))] == ["too-dark"]


def test_too_many_combinations_are_said() -> None:
    flags = "".join(f"  f{index}: {{flag: true}}\n" for index in range(12))
    assert [code for _, code in codes(f"parameters:\n{flags}" + steps("{step: a}"))] == ["untried"]


def test_a_warning_reads_as_a_place_and_a_sentence() -> None:
    (warning,) = lint(sketch(steps("{step: a, look: dim}, {step: b, look: warm, fade: 1min, lasts: 10s}")))
    assert str(warning).startswith("sketch.yaml:16:59: the fade goes on 50 s")
    assert str(warning).endswith("[long-fade]")


# The figures


@pytest.mark.parametrize(
    ("colour", "is_red"),
    [("#ff0000", True), ("#ff2010", True), ("#ff9a3c", False), ("#ffffff", False), ("#000000", False)],
)
def test_a_saturated_red_is_told_from_a_warm_white(colour: str, is_red: bool) -> None:
    assert is_saturated_red(Rgb.of_hex(colour)) is is_red


def test_small_waves_are_no_turning_points() -> None:
    points = [(0, 0.5), (100, 0.55), (200, 0.5), (300, 0.9), (400, 0.85), (500, 0.95), (600, 0.1)]
    assert [turn.value for turn in extremes(points, 0.1)] == [0.5, 0.95, 0.1]


def test_a_plateau_is_one_turning_point_with_two_ends() -> None:
    assert extremes([(0, 0.0), (0, 1.0), (800, 1.0), (900, 0.0)], 0.1)[1] == Extreme(0, 800, 1.0)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.floats(0, 1)), max_size=30))
def test_turning_points_go_up_and_down_in_turn(points: list[tuple[int, float]]) -> None:
    turns = extremes(sorted(points, key=lambda point: point[0]), 0.1)
    signs = [other.value > one.value for one, other in pairwise(turns)]
    assert all(one != other for one, other in pairwise(signs[:-1]))
    assert all(apart < 1000 for _, apart in fast_reversals(turns))


CUES = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(["warm", "dim", "full", "dark", "red"]), st.integers(0, 20)),
    min_size=2,
    max_size=12,
)


@given(CUES)
def test_the_quick_answers_hide_nothing(cues: list[tuple[int, str, int]]) -> None:
    """Steps of 200 ms: how long after the one before, which look, how long its fade takes."""
    head = HEAD.replace("looks:", 'looks:\n  red: {main: {brightness: 50%, color: "#ff0000"}}')
    at, written = 0, []
    for gap, look, fade in cues:
        at += gap * 200
        written.append(f"{{at: {at}ms, look: {look}, fade: {fade * 200}ms}}")
    body = head + steps(f"{{step: a, look: dim, lasts: {at // 1000 + 5}s, cues: [{', '.join(written)}]}}")
    plan = planned(library.read(body, "sketch.yaml").model)
    tracks = courses(plan.timeline, {})
    places = [PlacedChapter(0, ("steps", 0), counted=False)]
    if not may_flash(tracks):
        assert list(flash_remarks(ShownLight.of(tracks, ORDINARY_ROOM), places)) == []
    if not may_jump(tracks):
        shown = ShownLight.of(
            courses(plan.timeline, {Track("main", Attribute.LEVEL): 20.0}), ORDINARY_ROOM, around=2000
        )
        assert list(jump_remarks(shown, places)) == []
