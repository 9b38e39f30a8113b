"""Counts with words of their own around them: what the planner lays out is what a session shows and says."""

import json
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.events.words import WordsDropped
from orchestrator.scenes.planning.timeline import Chapter, Say, Timeline
from orchestrator.session.commands import Command
from orchestrator.session.outputs import Announce, HushWords, Output
from orchestrator.session.reports import RoomReport, Spoken
from orchestrator.session.session import Session
from orchestrator.session.voice import Traits
from orchestrator.units import Ms
from tests.scenes.shipped import EVERYWHERE, plan, settings
from tests.scenes.sketches import planned
from tests.session.test_holds import TRAITS, acts, ends_whatever_is_done
from tests.session.timelines import BEFORE

WORDS = ["Up", "Down, slowly.", "One two three four five six seven.", "Now this. And then that, for a while."]
DONE = Traits(cast=True, done=True)

says = st.sampled_from(WORDS)
lengths = st.integers(2, 16).map(lambda half: f"{half * 500}ms")


def part(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"lasts": lengths, **more}, optional={"say": says})


rounds = st.tuples(part(swell=st.just("up")), st.lists(part(), max_size=1), part(swell=st.just("down"))).map(
    lambda parts: [parts[0], *parts[1], parts[2]]
)
cues = st.fixed_dictionaries(
    {"at": st.integers(0, 20).map(lambda half: f"{half * 500}ms")},
    optional={
        "say": st.one_of(says, st.tuples(says, st.just({"pause": "4s"}), says).map(list)),
        "look": st.just("dim"),
    },
).filter(lambda cue: len(cue) > 1)
counts = st.fixed_dictionaries(
    {"times": st.integers(1, 4), "parts": rounds, "swell": st.just({"main": "8%"})},
    optional={"spoken": st.integers(0, 3)},
)
steps = st.fixed_dictionaries(
    {"count": counts, "cues": st.lists(cues, max_size=3)},
    optional={
        "say": st.one_of(says, st.tuples(says, st.just({"pause": "2s"})).map(list)),
        "look": st.just("warm"),
        "fade": st.sampled_from(["500ms", "20s", "60s"]),
    },
).filter(lambda step: "look" in step or "fade" not in step)


def scene(body: list[dict[str, Any]]) -> Timeline:
    return planned("steps: " + json.dumps([{"step": f"s{number}", **step} for number, step in enumerate(body)]))


@given(st.lists(steps, min_size=1, max_size=3), st.lists(st.integers(1, 9000), max_size=20))
def test_a_count_among_other_words_shows_what_its_timeline_says(body: list[dict[str, Any]], pauses: list[Ms]) -> None:
    timeline = scene(body)
    session, now = Session("s", timeline, BEFORE, 0), 0
    for pause in pauses:
        now += pause
        session.advance(now)
        assert session.room(now) == timeline.state_at(now, BEFORE)
    session.advance(timeline.lasts - 1)
    assert not session.is_over or now >= timeline.lasts
    session.advance(timeline.lasts)
    assert session.is_over


@given(st.lists(steps, min_size=1, max_size=3), st.sampled_from([0.3, 0.7, 1.0, 1.2, 1.49]))
def test_words_that_are_no_beats_are_said_once_and_in_order(body: list[dict[str, Any]], share: float) -> None:
    timeline = scene(body)
    heard = [each.text for each in said(timeline, share) if not each.beat]
    assert heard == [say.text for say in planned_words(timeline) if not say.beat]


@given(st.lists(steps.filter(lambda step: not step["cues"]), min_size=1, max_size=2), st.sampled_from([0.5, 1.0, 1.4]))
def test_the_first_beat_waits_for_the_words_before_it(body: list[dict[str, Any]], share: float) -> None:
    timeline = scene(body)
    first = [
        next((say.text for say in words_of(chapter) if say.beat), None) for chapter in timeline.chapters
    ]  # fmt: skip
    beats = [(each.chapter, each.text) for each in said(timeline, share) if each.beat]
    for chapter, text in zip(timeline.chapters, first, strict=True):
        assert next((one for where, one in beats if where == chapter.id), None) == text


@given(
    st.lists(steps, min_size=1, max_size=3),
    st.sampled_from(TRAITS),
    st.lists(st.tuples(st.integers(0, 9000), acts), max_size=15),
    st.sampled_from([1000, 20_000]),
)
def test_a_count_comes_to_its_end_whatever_people_and_the_voice_do(
    body: list[dict[str, Any]], traits: Traits, told: list[tuple[Ms, Command | RoomReport]], rate: int
) -> None:
    ends_whatever_is_done(scene(body), traits, told, rate)


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
@pytest.mark.parametrize("share", [0.6, 1.0, 1.3])
def test_a_voice_of_any_pace_says_all_of_a_shipped_scene(name: str, language: str, share: float) -> None:
    """A beat is left out only where the words before it take longer than their own beat has."""
    for chosen in settings(name):
        timeline = plan(name, language, chosen=chosen)
        heard, expected = said(timeline, share), planned_words(timeline)
        texts = [each.text for each in heard]
        if share <= 1.0:
            assert texts == [say.text for say in expected], chosen
        else:
            assert [each.text for each in heard if not each.beat] == [say.text for say in expected if not say.beat]


def test_words_over_before_their_time_leave_the_hands_theirs() -> None:
    timeline = scene([{"say": WORDS[2], "count": {"times": 2, "every": "6s", "say": "Up"}, "cues": []}])
    (chapter,) = timeline.chapters
    for share in (0.5, 1.0, 1.4):
        first, *beats = said(timeline, share)
        assert [beat.at - first.at - first.lasts for beat in beats] == [0, 6000], share
        assert chapter.lasts == 12_000


# What is planned, and what is heard


class Heard(NamedTuple):
    """An announcement, and how long it was in the air."""

    text: str
    chapter: str
    at: Ms
    lasts: Ms
    beat: bool


def words_of(chapter: Chapter) -> list[Say]:
    cues = (*chapter.cues, *(chapter.wait.cues if chapter.wait else ()))
    return [cue.what for cue in cues if isinstance(cue.what, Say)]


def planned_words(timeline: Timeline) -> list[Say]:
    return [say for chapter in (*timeline.chapters, timeline.finish) for say in words_of(chapter)]


def said(timeline: Timeline, share: float) -> list[Heard]:
    """What a voice says that takes a share of what is planned, and says when it is over. Nobody ever says next."""
    session, heard = Session("s", timeline, BEFORE, 0, traits=DONE), []
    over: tuple[Ms, str] | None = None
    while not session.is_over:
        due = session.next_deadline()
        assert due is not None
        outputs: list[Output]
        if over is not None and over[0] <= due:
            (now, id_), over = over, None
            outputs = session.report(Spoken(id_), now)
        else:
            outputs = session.advance(due)
        for output in outputs:
            if isinstance(output, Announce):
                assert over is None, "one thing at a time"
                lasts = round(output.lasts * share)
                over = (output.at + lasts, output.id)
                heard.append(Heard(output.text, session.chapter.id, output.at, lasts, output.beat))
            assert not isinstance(output, HushWords), "nothing is cut"
    return heard


def test_a_beat_that_the_words_before_it_outlast_is_left_out_and_that_is_told() -> None:
    """Beats of 2 s whose words take 3 s: every other one is heard."""
    body = [{"count": {"times": 4, "every": "2s", "say": "One two three four."}, "cues": []}]
    timeline = scene(body)
    (chapter,) = timeline.chapters
    lasts = words_of(chapter)[0].lasts
    assert 2000 < lasts < 4000
    outputs = Session("s", timeline, BEFORE, 0, traits=Traits(cast=True)).advance(10**6)
    begun = [output.at for output in outputs if isinstance(output, Announce)]
    dropped = [output for output in outputs if isinstance(output, WordsDropped)]
    assert begun == [0, 4000]
    assert [drop.late for drop in dropped] == [lasts - 2000] * 2
    assert len({drop.id for drop in dropped} | {output.id for output in outputs if isinstance(output, Announce)}) == 4


# The music under a count


def test_music_is_ducked_under_the_words_of_a_count_and_not_through_its_silence() -> None:
    body = [{"count": {"times": 6, "every": "5s", "say": "In", "spoken": 2}, "cues": []}]
    gain = ducked(scene(body))
    for second in range(30):
        is_in_words = second % 5 == 0 and second // 5 in (0, 1, 5)
        assert (gain[second + 0.9] < -6.0) == is_in_words, second
    assert all(gain[second] == 0.0 for second in (4.0, 9.5, 12.0, 17.0, 22.0, 24.9))


@pytest.mark.parametrize(("every", "stays"), [(3.9, True), (4.0, False)])
def test_music_stays_ducked_between_beats_that_are_less_than_four_seconds_apart(every: float, stays: bool) -> None:
    body = [{"count": {"times": 4, "every": f"{round(every * 1000)}ms", "say": "In"}, "cues": []}]
    gain = ducked(scene(body))
    last = round(3 * every + 3.4, 1)
    assert (gain[round(every - 0.1, 1)] == -12.0) is stays
    assert gain[last] == 0.0, "after the last it is back, though the count goes on"


def ducked(timeline: Timeline) -> dict[float, float]:
    """The gain of the music every tenth of a second, in dB, by the second."""
    session, gains = Session("s", timeline, BEFORE, 0, traits=Traits(cast=True)), {}
    for tenth in range(timeline.lasts // 100):
        session.advance(tenth * 100)
        gain = session.gain.at(tenth * 100)
        assert isinstance(gain, float)
        gains[tenth / 10] = gain
    return gains
