"""A scene with its parameters becomes a timeline: when things happen, and that they fit."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.errors import BadParameter, SceneError
from orchestrator.fade import Curve
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.shares import Claim, shared
from orchestrator.scenes.planning.timeline import Anchor, Before, Chapter, Chime, Move, Say
from orchestrator.units import MINUTE, SECOND, Percent
from orchestrator.values import SILENCE, Attribute, Playing, Track
from tests.conftest import FEW
from tests.levels import level
from tests.scenes.sketches import moves, only, planned, said, sketch, speech

LEVEL, COLOUR, VOLUME, PLAYING, ON = (
    Attribute.LEVEL,
    Attribute.COLOUR,
    Attribute.VOLUME,
    Attribute.PLAYING,
    Attribute.ON,
)


def took(text: str) -> int:
    return spoken_ms(text, "en", 110.0, 2000)


# Words first, then time


def test_a_step_lasts_from_the_end_of_its_words() -> None:
    chapter = only(planned("steps: [{step: a, say: Lean back., lasts: 30s}]"))
    assert (chapter.words, chapter.lasts) == (took("Lean back."), 30_000)


def test_texts_of_a_list_follow_one_another_with_the_silences_between() -> None:
    chapter = only(planned("steps: [{step: a, say: [One., {pause: 4s}, {when: 1 > 2, say: No.}, Two.]}]"))
    assert said(chapter) == [(0, "One."), (took("One.") + 4000, "Two.")]
    assert chapter.words == took("One.") + 4000 + took("Two.")


def test_cues_count_from_the_words_and_back_from_the_end() -> None:
    chapter = only(
        planned(
            "steps: [{step: a, say: Rest., lasts: 60s, cues: ["
            "{at: 10s, chime: soft}, {at: 50%, look: dim}, {at: -20s, look: warm, fade: 20s}]}]"
        )
    )
    found = [(cue.at - chapter.words, cue.anchor) for cue in chapter.cues if not isinstance(cue.what, Say)]
    assert found == [(10_000, Anchor.WORDS), (30_000, Anchor.WORDS), *[(40_000, Anchor.END)] * 4]


def test_words_that_would_begin_too_early_wait_for_those_before() -> None:
    chapter = only(
        planned("steps: [{step: a, lasts: 60s, cues: [{at: 1s, say: One two three four.}, {at: 2s, say: Five.}]}]")
    )
    assert said(chapter) == [(1000, "One two three four."), (1000 + took("One two three four."), "Five.")]


def test_a_chapter_is_never_shorter_than_its_last_words() -> None:
    chapter = only(planned("steps: [{step: a, lasts: 5s, cues: [{at: -1s, say: One two three four five six.}]}]"))
    assert chapter.length == 4000 + took("One two three four five six.")


def test_a_wait_is_never_shorter_than_its_last_words() -> None:
    words = "remind: {at: 5s, say: Take your time.}, before_end: {at: -1s, say: I go on.}"
    body = f"steps: [{{step: a, wait: {{at_most: 20s, {words}}}}}]"
    wait = only(planned(body)).wait
    assert wait is not None
    first, second = wait.cues
    assert (first.at, first.anchor) == (5000, Anchor.START)
    assert wait.at_most == 19_000 + took("I go on.")
    assert (wait.at_most + second.at, second.anchor) == (19_000, Anchor.END)


def test_a_moment_outside_its_step_comes_at_the_edge() -> None:
    chapter = only(planned("steps: [{step: a, lasts: 10s, cues: [{at: 1min, chime: soft}, {at: -1min, chime: deep}]}]"))
    assert [(cue.at, cue.what.sound) for cue in chapter.cues if isinstance(cue.what, Chime)] == [
        (0, "deep"),
        (10_000, "soft"),
    ]


WORDS = st.integers(1, 12).map(lambda count: " ".join(["word"] * count))
CUES = st.lists(
    st.tuples(st.integers(-70, 70).map(lambda s: f"{s}s") | st.integers(0, 100).map(lambda p: f"{p}%"), WORDS)
)


@given(CUES, st.integers(0, 60), WORDS)
def test_no_two_announcements_ever_overlap(cues: list[tuple[str, str]], lasts: int, words: str) -> None:
    body = f"steps: [{{step: a, say: {words}, lasts: {lasts}s, cues: ["
    body += ", ".join(f'{{at: "{at}", say: {text}}}' for at, text in cues) + "]}]"
    chapter = only(planned(body))
    spoken = speech(chapter)
    ends = [at + say.lasts for at, say in spoken]
    assert all(end <= at for end, (at, _) in zip(ends, spoken[1:], strict=False))
    assert chapter.length >= ends[-1]
    assert all(0 <= cue.at <= chapter.length for cue in chapter.cues)
    assert [cue.at for cue in chapter.cues] == sorted(cue.at for cue in chapter.cues)


# Ids, loops, parts, conditions


def test_occurrences_have_ids_of_their_own() -> None:
    timeline = planned(
        "steps: [{for: side, in: \"['left', 'right', 'left']\", steps: [{step: a}, {step: b, when: loop.last}]}]"
    )
    assert [chapter.id for chapter in timeline.chapters] == ["a:left", "a:right", "a:left#2", "b:left"]


def test_a_loop_turns_only_for_the_values_that_its_condition_lets_through() -> None:
    timeline = planned(
        "steps: [{for: turn, in: range(5), when: turn is odd, "
        "steps: [{step: a, title: '{{ loop.index }}{{ loop.last }}'}]}]"
    )
    assert [(chapter.id, chapter.title) for chapter in timeline.chapters] == [("a:1", "1False"), ("a:3", "2True")]


def test_only_a_part_that_may_be_skipped_is_named() -> None:
    timeline = planned(
        "steps: [{part: p, skip: true, steps: [{step: a}, {part: q, steps: [{step: b}]}]}, "
        "{part: r, steps: [{step: c}]}]"
    )
    assert [chapter.part for chapter in timeline.chapters] == ["p", "p", None]


def test_a_scene_without_a_step_left_cannot_be_planned() -> None:
    with pytest.raises(SceneError, match="no step is left"):
        planned("steps: [{step: a, when: 1 > 2}]")


# Languages and phrases

BOTH = """
languages: [en, de]
parameters: {foot: {choice: [left, right], default: left}}
phrases: {side: {left: {en: left, de: linken}, right: {en: right, de: rechten}}}
steps: [{step: a, say: {en: "The {{ side[foot] }} foot, {{ ready }}", de: "Den {{ side[foot] }} Fuß, {{ ready }}"}}]
"""


@pytest.mark.parametrize(
    ("language", "ready", "text"),
    [
        (None, None, "The left foot, say: next"),
        ("de", None, "Den linken Fuß, sag: weiter"),
        ("de-AT", None, "Den linken Fuß, sag: weiter"),
        ("de", {"de": "klopf zweimal"}, "Den linken Fuß, klopf zweimal"),
        ("de", {"en": "knock"}, "Den linken Fuß, sag: weiter"),
        ("en", "knock twice", "The left foot, knock twice"),
    ],
)
def test_a_session_speaks_one_language(language: str | None, ready: dict[str, str] | str | None, text: str) -> None:
    timeline = plan(sketch(BOTH).model, {}, language, ready=ready)
    assert [words for _, words in said(only(timeline))] == [text]


def test_a_language_that_the_scene_lacks_is_refused() -> None:
    with pytest.raises(BadParameter, match=r"does not speak 'fr'. It speaks: en, de."):
        plan(sketch(BOTH).model, {}, "fr")


# Looks, music, switches


def test_colour_goes_before_level_and_as_long() -> None:
    chapter = only(planned("steps: [{step: a, look: warm, fade: 20s}]"))
    lamp = [cue.what for cue in chapter.cues if isinstance(cue.what, Move) and cue.what.track.role == "main"]
    assert [(move.track.attribute, move.lasts) for move in lamp] == [(COLOUR, 20_000), (LEVEL, 20_000)]


def test_a_later_look_lies_on_top_and_off_is_level_zero_alone() -> None:
    chapter = only(planned("steps: [{step: a, look: [warm, dim]}, ]"))
    assert moves(chapter, "main", LEVEL)[0][1].target == 20.0
    assert len(moves(chapter, "main", COLOUR)) == 1
    dark = only(planned("steps: [{step: a, look: [warm, dark]}]"))
    assert moves(dark, "main", LEVEL)[0][1].target == 0.0
    assert moves(dark, "main", COLOUR) == []


def test_a_whole_fade_goes_through_words_and_doing() -> None:
    chapter = only(planned("steps: [{step: a, say: Rest., look: dim, fade: 100%, lasts: 60s}]"))
    assert moves(chapter, "main", LEVEL)[0][1].lasts == chapter.length == took("Rest.") + 60_000


def test_music_begins_at_no_volume_and_fades_in() -> None:
    chapter = only(planned("steps: [{step: a, music: {play: [rain, calm], volume: 80%, fade: 10s}, lasts: 1min}]"))
    assert [(at, move.target, move.lasts) for at, move in moves(chapter, "music", VOLUME)] == [
        (0, 0.0, 0),
        (0, 80.0, 10_000),
    ]
    assert moves(chapter, "music", PLAYING)[0][1].target == Playing(("rain", "calm"))
    kinds = [cue.what.track.attribute for cue in chapter.cues if isinstance(cue.what, Move)]
    assert kinds == [VOLUME, PLAYING, VOLUME]
    assert all(move.curve is Curve.DECIBEL for _, move in moves(chapter, "music", VOLUME))


def test_other_music_comes_when_what_played_has_faded_out() -> None:
    timeline = planned(
        "steps: [{step: a, music: {play: rain}, lasts: 1min}, {step: b, music: {play: calm, fade: 8s}, lasts: 1min}]"
    )
    chapter = timeline.chapters[1]
    assert [(at, move.target, move.lasts) for at, move in moves(chapter, "music", VOLUME)] == [
        (0, 0.0, 4000),
        (4000, 100.0, 4000),
    ]
    assert [at for at, _ in moves(chapter, "music", PLAYING)] == [4000]


def test_music_that_stops_is_silent_before_it_stops_and_within_its_step() -> None:
    timeline = planned(
        "steps: [{step: a, music: {play: rain}, lasts: 1min}, {step: b, music: {stop: true, fade: 1min}, lasts: 9s}]"
    )
    chapter = timeline.chapters[1]
    assert [(at, move.lasts) for at, move in moves(chapter, "music", VOLUME)] == [(0, 9000)]
    assert [(at, move.target) for at, move in moves(chapter, "music", PLAYING)] == [(9000, SILENCE)]


def test_roles_that_nobody_plays_are_left_out() -> None:
    scene = sketch("steps: [{step: a, look: warm, switch: {scent: on}, music: {play: rain}}]").model
    timeline = plan(scene, roles={"main"})
    chapters = (*timeline.chapters, timeline.finish, timeline.stopped, timeline.lost)
    assert {cue.what.track.role for one in chapters for cue in one.cues if isinstance(cue.what, Move)} == {"main"}


# Pace and length


PACED = """
parameters:
  pace: {number: 1.0, min: 0.5, max: 2.0}
  soak: {duration: 10min, min: 2min, max: 20min}
pace: "{{ pace }}"
steps:
  - {step: doing, look: dim, fade: 20s, lasts: 60s, cues: [{at: 50%, chime: soft}, {at: 10s, chime: deep}]}
  - {step: soak, lasts: "{{ soak / 2 }}"}
  - {step: computed, lasts: "{{ 30 }}s"}
  - {step: counted, count: {times: 2, every: 6s, say: "{{ n }}"}}
  - {step: waiting, wait: {at_most: 2min}}
"""


def test_pace_two_is_twice_as_fast_but_never_touches_fades_waits_moments_and_chosen_lengths() -> None:
    doing, soak, computed, counted, waiting = planned(PACED, pace=2.0).chapters
    assert doing.lasts == 30_000
    assert sorted(cue.at for cue in doing.cues if not isinstance(cue.what, Move)) == [10_000, 15_000]
    assert moves(doing, "main", LEVEL)[0][1].lasts == 20_000
    assert soak.lasts == 5 * MINUTE
    assert computed.lasts == 15_000
    assert counted.lasts == 6000
    assert waiting.wait is not None
    assert waiting.wait.at_most == 2 * MINUTE


SHARED = """
parameters: {length: {duration: 10min, min: 5min, max: 40min}}
length: "{{ length }}"
voice: {rate: {from: 115, to: 90}, gap: {from: 1s, to: 3s}}
finish: {look: restore, fade: 10s, say: Good night. Sleep when you like.}
steps:
  - {step: a, say: Lie down now. Lean back., look: warm, lasts: {share: 1, min: 60s}}
  - {step: b, lasts: {share: 3}, cues: [{at: 95%, say: A little more of this and then no more.}]}
  - {step: c, lasts: 47s, wait: {at_most: 90s}}
"""


@FEW
@given(st.integers(300, 2400))
def test_the_whole_is_as_long_as_it_says_waits_apart(seconds: int) -> None:
    timeline = planned(SHARED, length=f"{seconds}s")
    assert sum(chapter.length for chapter in timeline.chapters) + timeline.finish.length == seconds * SECOND
    a, b, _ = timeline.chapters
    assert a.lasts >= 60_000
    assert b.lasts >= a.lasts or a.lasts == 60_000


def test_a_length_that_is_too_short_says_by_how_much() -> None:
    with pytest.raises(SceneError, match=r"`?1min is 1min\d+s too short: .* the shares 1min"):
        planned(SHARED.replace("min: 5min", "min: 1min"), length="1min")


CLAIMS = st.lists(st.builds(Claim, st.floats(0.1, 100), st.integers(0, 100_000)), min_size=1, max_size=12)


@given(CLAIMS, st.integers(0, 10_000_000))
def test_shares_add_up_and_nobody_gets_less_than_they_need(claims: list[Claim], more: int) -> None:
    whole = sum(claim.least for claim in claims) + more
    lengths = shared(whole, claims)
    assert sum(lengths) == whole
    assert all(length >= claim.least - 1 for length, claim in zip(lengths, claims, strict=True))
    rich = [length / claim.share for length, claim in zip(lengths, claims, strict=True) if length > claim.least + 1]
    poor = [length / claim.share for length, claim in zip(lengths, claims, strict=True) if length <= claim.least]
    assert not rich or not poor or min(poor) >= max(rich) * 0.99 - 20


# Counts


def strokes(**keys: str) -> str:
    more = "".join(f", {key}: {value}" for key, value in keys.items())
    parts = "[{lasts: 6s, swell: up, say: Up, first: Up now, last: Last up}, {lasts: 6s, swell: down, say: Down}]"
    return (
        f"steps: [{{step: a, look: warm, say: Now., count: {{parts: {parts}, swell: {{main: 8%, music: 5%}}{more}}}}}]"
    )


def test_a_count_says_every_beat_at_its_time() -> None:
    chapter = only(planned(strokes(times="3")))
    beats = [
        (cue.at - chapter.words, cue.what.text) for cue in chapter.cues if isinstance(cue.what, Say) and cue.what.beat
    ]
    assert beats == [
        (0, "Up now"),
        (6000, "Down"),
        (12_000, "Up"),
        (18_000, "Down"),
        (24_000, "Last up"),
        (30_000, "Down"),
    ]
    assert chapter.counted
    assert chapter.lasts == 36_000


def test_only_the_first_rounds_and_the_last_are_spoken() -> None:
    chapter = only(planned(strokes(times="6", spoken="2")))
    assert [text for _, text in said(chapter)] == ["Now.", "Up now", "Down", "Up", "Down", "Last up", "Down"]
    assert [text for _, text in said(only(planned(strokes(times="6", spoken="0"))))] == ["Now."]


@pytest.mark.parametrize(("lasts", "rounds"), [("1min", 5), ("59s", 4), ("1s", 1)])
def test_a_count_of_a_length_has_as_many_whole_rounds_as_fit(lasts: str, rounds: int) -> None:
    assert only(planned(strokes(lasts=lasts))).lasts == rounds * 12_000


def test_light_swells_about_where_it_rests_and_comes_back() -> None:
    chapter = only(planned(strokes(times="2")))
    swell = [(move.target, move.lasts, move.curve) for _, move in moves(chapter, "main", LEVEL) if move.swells]
    assert swell == [(48.0, 6000, Curve.EASE), (40.0, 6000, Curve.EASE)] * 2 + [(40.0, 0, Curve.PERCEPTUAL)]
    assert moves(chapter, "music", VOLUME) == []


def test_a_swell_never_goes_above_full_and_never_lights_a_lamp_that_is_off() -> None:
    full = only(planned(strokes(times="1").replace("look: warm", "look: full")))
    assert max(level(move.target) for _, move in moves(full, "main", LEVEL)) == 100.0
    dark = only(planned(strokes(times="1").replace("look: warm", "look: dark")))
    assert [move.target for _, move in moves(dark, "main", LEVEL)] == [0.0]


# Ways out


def landing_targets(chapter: Chapter, role: str, attribute: Attribute) -> list[object]:
    return [move.target for _, move in moves(chapter, role, attribute)]


EVENING = "steps: [{step: a, look: warm, music: {play: rain}, switch: {scent: on}, lasts: 1min}]\n"


def test_everything_that_was_touched_is_given_back_and_music_stops_before_its_volume_returns() -> None:
    timeline = planned(EVENING + "finish: {say: Good night., fade: 20s, music: {stop: true, fade: 8s}}")
    finish = timeline.finish
    assert landing_targets(finish, "main", LEVEL) == [Before()]
    assert landing_targets(finish, "glow", COLOUR) == [Before()]
    assert landing_targets(finish, "scent", ON) == [Before()]
    sound = [(cue.at, cue.what) for cue in finish.cues if isinstance(cue.what, Move) and cue.what.track.role == "music"]
    assert [(at - finish.words, move.track.attribute, move.target) for at, move in sound] == [
        (0, VOLUME, 0.0),
        (8000, PLAYING, SILENCE),
        (8000, PLAYING, Before()),
        (8000, VOLUME, Before()),
    ]
    assert finish.lasts == 20_000
    assert all(
        cue.at == finish.words for cue in finish.cues if isinstance(cue.what, Move) and cue.what.track.role == "main"
    )


def test_ended_early_the_room_comes_back_in_five_seconds_and_lost_without_a_word() -> None:
    timeline = planned(EVENING + "stopped: {at_most: 20%, say: All right.}")
    assert landing_targets(timeline.stopped, "main", LEVEL) == [Before(at_most=Percent(20.0))]
    assert timeline.stopped.lasts == 5000
    assert [text for _, text in said(timeline.stopped)] == ["All right."]
    assert said(timeline.lost) == []
    assert landing_targets(timeline.lost, "main", LEVEL) == [Before(at_most=Percent(20.0))]


def test_a_scene_that_ends_in_the_dark_never_lights_up_however_it_ends() -> None:
    timeline = planned(EVENING + "finish: {look: dark, say: Good night.}")
    for chapter in (timeline.finish, timeline.stopped, timeline.lost):
        for role in ("main", "glow"):
            assert landing_targets(chapter, role, LEVEL) == [0.0]
    assert said(timeline.stopped) == []


def test_a_landing_look_keeps_the_lamps_that_it_names_and_gives_back_the_others() -> None:
    timeline = planned(EVENING + "finish: {look: dim}")
    assert landing_targets(timeline.finish, "main", LEVEL) == [20.0]
    assert landing_targets(timeline.finish, "main", COLOUR) == []
    assert landing_targets(timeline.finish, "glow", LEVEL) == [Before()]


@pytest.mark.parametrize("look", ["restore", "warm"])
def test_without_a_stopped_of_its_own_it_is_no_brighter_than_the_finish(look: str) -> None:
    timeline = planned(EVENING + f"finish: {{look: {look}, at_most: 20%}}")
    wanted: object = Before(Percent(20.0)) if look == "restore" else 20.0
    assert landing_targets(timeline.stopped, "main", LEVEL) == [wanted]


def test_music_of_the_room_that_only_became_softer_is_not_stopped() -> None:
    timeline = planned("steps: [{step: a, music: {volume: 20%}}]")
    assert landing_targets(timeline.finish, "music", VOLUME) == [Before()]
    assert landing_targets(timeline.finish, "music", PLAYING) == []


def test_stopping_in_the_finish_gives_back_what_only_the_finish_touched() -> None:
    timeline = planned("steps: [{step: a}]\nfinish: {look: warm}\nstopped: {look: restore}")
    assert landing_targets(timeline.stopped, "main", LEVEL) == [Before()]


# The voice


def test_the_voice_becomes_slower_and_softer_through_the_session() -> None:
    steps = ", ".join(f"{{step: s{index}, say: One two. Three four., lasts: 60s}}" for index in range(8))
    timeline = planned(
        "voice: {volume: {from: 100%, to: 60%}, rate: {from: 115, to: 90}, gap: {from: 1s, to: 3s}}\n"
        f"steps: [{steps}]"
    )
    voices = [speech(chapter)[0][1] for chapter in timeline.chapters]
    assert voices[0][2:5] == (100.0, 115.0, 1000)
    for one, other in pairwise(voices):
        assert one.volume > other.volume
        assert one.rate > other.rate
        assert one.gap < other.gap
        assert one.lasts < other.lasts
    assert voices[-1].rate == pytest.approx(92, abs=2)


def test_planning_is_the_same_every_time() -> None:
    assert planned(SHARED) == planned(SHARED)


def test_a_fault_has_its_place() -> None:
    scene = sketch("parameters: {a: {whole: 0, min: 0, max: 3}}\nsteps:\n  - {step: a, lasts: '{{ 10 / a }}s'}")
    with pytest.raises(SceneError) as fault:
        plan(scene.model, fault=scene.fault)
    assert str(fault.value).startswith("sketch.yaml:18:22: ")
    assert "division by zero" in str(fault.value)


def test_tracks_are_named_by_role() -> None:
    timeline = planned(EVENING)
    assert Track("main", LEVEL) in timeline.state_at(30_000, {})
