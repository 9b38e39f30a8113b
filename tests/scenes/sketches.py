"""Small scenes for tests, and ways to look at what planning makes of them."""

from typing import Any

from orchestrator.scenes import library
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.timeline import Chapter, Move, Say, Timeline
from orchestrator.values import Attribute

HEAD = """
scene: sketch
format: 1
title: Sketch
roles:
  main: {kind: light}
  glow: {kind: light, optional: true}
  music: {kind: player, optional: true}
  voice: {kind: voice, optional: true}
  scent: {kind: switch, optional: true}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}, glow: {brightness: 30%, color: "#ff9a3c"}}
  dim: {main: {brightness: 20%}}
  dark: {main: off, glow: off}
  full: {main: {brightness: 98%, temperature: 2700K}}
"""


def sketch(body: str) -> library.Scene:
    """A scene of a body (its steps, parameters and so on) under the usual head."""
    head = HEAD.replace("title: Sketch", "title: {en: Sketch, de: Skizze}") if "[en, de]" in body else HEAD
    return library.read(head + body, "sketch.yaml")


def planned(body: str, **given: Any) -> Timeline:
    return plan(sketch(body).model, given)


def only(timeline: Timeline) -> Chapter:
    (chapter,) = timeline.chapters
    return chapter


def said(chapter: Chapter) -> list[tuple[int, str]]:
    return [(cue.at, cue.what.text) for cue in chapter.cues if isinstance(cue.what, Say)]


def speech(chapter: Chapter) -> list[tuple[int, Say]]:
    return [(cue.at, cue.what) for cue in chapter.cues if isinstance(cue.what, Say) and not cue.what.beat]


def moves(chapter: Chapter, role: str, attribute: Attribute) -> list[tuple[int, Move]]:
    return [
        (cue.at, cue.what) for cue in chapter.cues if isinstance(cue.what, Move) and cue.what.track == (role, attribute)
    ]
