"""One pure answer to "what should the room be like at t?", and it does not depend on how it is asked."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.scenes.planning.courses import courses
from orchestrator.scenes.planning.timeline import Anchor, Before, Chapter, Chime, Cue, Move, Timeline, Wait, touched
from orchestrator.units import Percent
from orchestrator.values import Attribute, Temperature, Track, Value
from tests.levels import level

LEVEL = Track("main", Attribute.LEVEL)
GLOW = Track("glow", Attribute.LEVEL)
COLOUR = Track("main", Attribute.COLOUR)
ON = Track("scent", Attribute.ON)
BEFORE: dict[Track, Value] = {LEVEL: 80.0, GLOW: 60.0, COLOUR: Temperature(300.0), ON: False}

TARGETS: Mapping[Track, st.SearchStrategy[Value | Before]] = {
    LEVEL: st.floats(0, 100) | st.just(Before()) | st.builds(Before, st.floats(0, 100).map(Percent)),
    GLOW: st.floats(0, 100),
    COLOUR: st.builds(Temperature, st.floats(153, 500)),
    ON: st.booleans(),
}


@st.composite
def chapters(draw: st.DrawFn, name: str = "a") -> Chapter:
    words, lasts = draw(st.integers(0, 5000)), draw(st.integers(0, 20_000))
    moments = sorted(draw(st.lists(st.integers(0, words + lasts), max_size=5)))
    cues = []
    for at in moments:
        track = draw(st.sampled_from(list(TARGETS)))
        move = Move(track, draw(TARGETS[track]), draw(st.integers(0, 15_000)))
        cues.append(Cue(at, draw(st.sampled_from(Anchor)), move))
    limit = draw(st.none() | st.integers(1, 10_000))
    wait = None if limit is None else Wait(limit, draw(st.integers(0, limit)))
    return Chapter(name, name, words, lasts, wait, tuple(cues))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    middle = tuple(draw(chapters(f"c{index}")) for index in range(draw(st.integers(1, 4))))
    ending = draw(chapters("finish"))._replace(wait=None)
    return Timeline("t", "T", "en", middle, ending, ending._replace(id="stopped"), ending._replace(id="lost"))


@given(timelines())
def test_chapters_follow_one_another(timeline: Timeline) -> None:
    assert timeline.starts[0] == 0
    assert list(timeline.starts) == sorted(timeline.starts)
    assert len(timeline.starts) == len(timeline.chapters) + 1
    assert timeline.lasts == sum(chapter.longest for chapter in timeline.chapters) + timeline.finish.longest


@given(timelines())
def test_as_usual_only_waits_become_shorter(timeline: Timeline) -> None:
    usual = timeline.as_usual()
    assert usual.lasts <= timeline.lasts
    assert usual.as_usual() == usual
    for one, other in zip(usual.chapters, timeline.chapters, strict=True):
        assert one.longest == one.usual == other.usual
        assert (one.words, one.lasts, one.cues) == (other.words, other.lasts, other.cues)


@given(timelines(), st.data())
def test_what_was_touched_stays_touched(timeline: Timeline, data: st.DataObject) -> None:
    early, late = sorted((data.draw(st.integers(0, timeline.lasts)), data.draw(st.integers(0, timeline.lasts))))
    assert timeline.state_at(early, BEFORE).keys() <= timeline.state_at(late, BEFORE).keys()
    everything = {
        cue.what.track
        for chapter in (*timeline.chapters, timeline.finish)
        for cue in chapter.cues
        if isinstance(cue.what, Move)
    }
    assert timeline.state_at(late, BEFORE).keys() <= everything == set(touched((*timeline.chapters, timeline.finish)))


@given(timelines(), st.data())
def test_a_course_passes_through_every_state(timeline: Timeline, data: st.DataObject) -> None:
    moment = data.draw(st.integers(0, timeline.lasts))
    tracks = courses(timeline, BEFORE)
    for track, value in timeline.state_at(moment, BEFORE).items():
        assert tracks[track].at(moment) == value


@given(timelines(), st.data())
def test_entering_a_chapter_is_where_the_one_before_left_off(timeline: Timeline, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(timeline.chapters)))
    quiet = Chapter("quiet", "", 0, 0, None, ())
    cut = Timeline("t", "T", "en", timeline.chapters[:index], quiet, quiet, quiet)
    start = timeline.starts[index]
    entering = {track: fade.at(start) for track, fade in timeline.entering(index, BEFORE).items()}
    assert entering == cut.state_at(start, BEFORE)


@given(timelines(), st.data())
def test_a_level_never_jumps_within_a_fade(timeline: Timeline, data: st.DataObject) -> None:
    moment = data.draw(st.integers(0, timeline.lasts))
    now, soon = timeline.fades_at(moment, BEFORE), timeline.fades_at(moment + 1, BEFORE)
    for track in (LEVEL, GLOW):
        if track in now and now[track] == soon[track] and now[track].end > now[track].start:
            fade = now[track]
            step = abs(level(fade.at(moment + 1)) - level(fade.at(moment)))
            assert step <= abs(level(fade.target) - level(fade.origin)) / (fade.end - fade.start) + 1e-6


@given(chapters(), st.integers(0, 60_000), st.integers(0, 5))
def test_a_longer_chapter_keeps_its_order_and_its_past(chapter: Chapter, by: int, fired: int) -> None:
    fired = min(fired, len(chapter.cues))
    longer = chapter.extended(by, fired)
    assert longer.longest == chapter.longest + by
    assert longer.cues[:fired] == chapter.cues[:fired]
    rest = [cue.at for cue in longer.cues[fired:]]
    assert rest == sorted(rest)
    assert all(cue.at <= longer.length for cue in longer.cues)


def test_what_hangs_from_the_end_moves_along() -> None:
    cues = (Cue(1000, Anchor.WORDS, Chime()), Cue(8000, Anchor.END, Chime()))
    longer = Chapter("a", "A", 1000, 9000, None, cues).extended(5000)
    assert [cue.at for cue in longer.cues] == [1000, 13_000]


def test_a_chapter_that_only_waits_waits_longer_and_so_it_is_reckoned_with() -> None:
    longer = Chapter("a", "A", 1000, 0, Wait(10_000, 5000), ()).extended(5000)
    assert longer.wait == Wait(15_000, 10_000)
    assert longer.lasts == 0


def test_giving_back_moves_nothing_that_was_not_touched_or_is_not_known() -> None:
    back = Chapter("finish", "", 0, 0, None, (Cue(0, Anchor.WORDS, Move(LEVEL, Before())),))
    first = Chapter("a", "", 0, 1000, None, (Cue(0, Anchor.START, Move(LEVEL, 30.0)),))
    nothing = Chapter("a", "", 0, 1000, None, ())
    assert Timeline("t", "T", "en", (nothing,), back, back, back).state_at(2000, BEFORE) == {}
    assert Timeline("t", "T", "en", (first,), back, back, back).state_at(2000, BEFORE) == {LEVEL: 80.0}
    assert Timeline("t", "T", "en", (first,), back, back, back).state_at(2000, {}) == {LEVEL: 30.0}


@pytest.mark.parametrize(
    ("before", "at_most", "given_back"), [(80.0, 20.0, 20.0), (10.0, 20.0, 10.0), (80.0, None, 80.0)]
)
def test_light_that_is_given_back_is_never_brighter_than_allowed(
    before: float, at_most: float | None, given_back: float
) -> None:
    limit = None if at_most is None else Percent(at_most)
    assert Before(limit).of(before) == given_back


def test_a_fade_outlives_its_chapter_until_another_names_its_track() -> None:
    one = Chapter("a", "", 0, 1000, None, (Cue(0, Anchor.START, Move(LEVEL, 0.0, 8000)),))
    two = Chapter("b", "", 0, 1000, None, (Cue(0, Anchor.START, Move(GLOW, 10.0)),))
    three = Chapter("c", "", 0, 2000, None, (Cue(0, Anchor.START, Move(LEVEL, 100.0, 2000)),))
    end = Chapter("finish", "", 0, 0, None, ())
    timeline = Timeline("t", "T", "en", (one, two, three), end, end, end)
    assert timeline.state_at(1500, BEFORE)[LEVEL] == pytest.approx(65.0)
    assert timeline.state_at(3000, BEFORE)[LEVEL] == pytest.approx(80.0)
