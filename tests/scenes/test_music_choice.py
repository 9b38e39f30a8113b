"""People choose what plays, or that nothing does."""

import pytest

from orchestrator.scenes.checks.lint import lint
from orchestrator.scenes.checks.trial import trial, variations
from orchestrator.scenes.planning.timeline import Move, Timeline
from orchestrator.values import SILENCE, Attribute, Playing
from tests.scenes.sketches import planned, sketch

CHOSEN = """
parameters:
  music: {choice: [favourite, calm, rain, none], default: favourite}
  feet: {choice: [both, left], default: both}
steps:
  - {step: settle, look: warm, music: {play: ["{{ music }}", calm, rain], volume: 70%, fade: 20s}, lasts: 60s}
  - step: rub
    music: {volume: 60%, fade: 10s}
    count: {times: 3, swell: {music: 5%}, parts: [{lasts: 5s, swell: up}, {lasts: 5s, swell: down}]}
  - {step: rest, lasts: 30s, when: feet == 'both'}
finish: {music: {stop: true, fade: 20s}}
"""


def sounds(timeline: Timeline) -> list[Move]:
    chapters = (*timeline.chapters, timeline.finish, timeline.stopped, timeline.lost)
    moves = [cue.what for chapter in chapters for cue in chapter.cues if isinstance(cue.what, Move)]
    return [move for move in moves if move.track.role == "music"]


def played(timeline: Timeline) -> list[object]:
    return [move.target for move in sounds(timeline) if move.track.attribute is Attribute.PLAYING]


@pytest.mark.parametrize(
    ("chosen", "names"),
    [("favourite", ("favourite", "calm", "rain")), ("calm", ("calm", "rain")), ("rain", ("rain", "calm"))],
)
def test_what_was_chosen_is_asked_for_first(chosen: str, names: tuple[str, ...]) -> None:
    assert played(planned(CHOSEN, music=chosen))[0] == Playing(names)


def test_who_chose_none_has_no_music_touched_at_all() -> None:
    assert sounds(planned(CHOSEN, music="none")) == []


def test_music_that_is_refused_on_the_way_stops_and_may_come_again() -> None:
    body = """
steps:
  - {step: a, music: {play: calm}, lasts: 60s}
  - {step: b, music: {play: none}, lasts: 60s}
  - {step: c, music: {volume: 20%}, lasts: 60s}
  - {step: d, music: {play: rain}, lasts: 60s}
"""
    timeline = planned(body)
    assert played(timeline)[:3] == [Playing(("calm",)), SILENCE, Playing(("rain",))]
    assert not [cue for cue in timeline.chapters[2].cues if isinstance(cue.what, Move)]


def test_a_choice_may_have_the_name_of_a_role() -> None:
    assert trial(sketch(CHOSEN)) == []
    assert lint(sketch(CHOSEN)) == []


def test_what_plays_is_tried_by_itself_and_not_with_every_other_choice() -> None:
    flags = "parameters:\n" + "".join(f"  flag_{n}: {{flag: true}}\n" for n in range(6))
    body = CHOSEN.replace("parameters:\n", flags)
    found = variations(sketch(body).model)
    assert found.are_all
    assert {each["music"] for each in found.sets} == {"favourite", "calm", "rain", "none"}
    asked = variations(sketch(body.replace("when: feet == 'both'", "when: music == 'none'")).model)
    assert len(found.sets) < 128 + 40
    assert not asked.are_all
