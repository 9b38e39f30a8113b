"""Nobody is shown the cautions of what begins by itself or by voice: it says the first that applies."""

from datetime import UTC, datetime

import pytest

from orchestrator.cli.arguments import DEMO
from orchestrator.conductor.first_caution import AFTER
from orchestrator.conductor.request import BY_AUTOMATION, BY_SCHEDULE, BY_VOICE
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.home.library import load
from orchestrator.scenes import library
from orchestrator.scenes.planning.timeline import Chapter, Move, Say, Timeline

SCENE = """
scene: s
format: 1
title: S
parameters: {bath: {flag: true}}
cautions:
  - {when: bath, text: Warm water only.}
  - Stop when it hurts.
roles:
  main: {kind: light}
  VOICE: {kind: voice, optional: true}
looks: {warm: {main: {brightness: 30%}}}
steps:
  - step: settle
    look: warm
    say: Sit down.
    lasts: 30s
    cues: [{at: -10s, say: Lean back.}]
"""


def begun(trigger: str, text: str = SCENE, voice: str = "voice", **given: bool) -> Timeline:
    scene = library.read(text.replace("VOICE", voice), "s.yaml")
    start = PlanCache(load(DEMO)).start(
        scene,
        "den",
        given,
        name="den-1",
        language="en",
        rate=1000,
        mode=None,
        trigger=trigger,
        wall=datetime(2026, 11, 30, 22, tzinfo=UTC),
    )
    return start.timeline


def said(chapter: Chapter) -> list[tuple[int, str]]:
    return [(cue.at, cue.what.text) for cue in chapter.cues if isinstance(cue.what, Say)]


@pytest.mark.parametrize("trigger", [BY_SCHEDULE, BY_VOICE, BY_AUTOMATION])
def test_it_is_said_first_and_all_else_is_as_it_was_that_much_later(trigger: str) -> None:
    usual, scheduled = begun("cli").chapters[0], begun(trigger).chapters[0]
    (first, text), *rest = said(scheduled)
    later = rest[0][0]
    assert (first, text) == (0, "Warm water only.")
    assert later > AFTER
    assert rest == [(at + later, words) for at, words in said(usual)]
    assert scheduled.words == usual.words + later
    assert scheduled.lasts == usual.lasts


def test_the_light_does_not_wait_for_it() -> None:
    moves = [cue.at for cue in begun(BY_SCHEDULE).chapters[0].cues if isinstance(cue.what, Move)]
    assert moves == [0]


def test_only_one_that_applies_is_said() -> None:
    assert said(begun(BY_SCHEDULE, bath=False).chapters[0])[0] == (0, "Stop when it hurts.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("say: Sit down.", "say: [cautions]"),
        ("  - {when: bath, text: Warm water only.}\n  - Stop when it hurts.\n", "  []\n"),
    ],
)
def test_where_the_scene_says_it_or_has_none_nothing_is_added(old: str, new: str) -> None:
    text = SCENE.replace(old, new)
    assert begun(BY_SCHEDULE, text) == begun("cli", text)


def test_where_nobody_speaks_nothing_is_added() -> None:
    assert begun(BY_SCHEDULE, voice="whisper") == begun("cli", voice="whisper")


@pytest.mark.parametrize("trigger", ["cli", "mqtt", "home_assistant"])
def test_whoever_begins_it_has_been_shown_them(trigger: str) -> None:
    assert begun(trigger) == begun("cli")
