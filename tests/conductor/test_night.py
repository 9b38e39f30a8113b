"""A night makes rooms darker and softer, and leaves people light enough to work and to walk by."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.cli.arguments import DEMO
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rehearsal import Rehearsal, Sent
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.events.event import EventRecord
from orchestrator.events.step import StepStarted
from orchestrator.home import library as homes
from orchestrator.scenes import library as scenes
from orchestrator.scenes.planning.timeline import DIMMEST, Hands
from orchestrator.values import Attribute

BY_DAY = "brightness: 60%}"
LEVELS = st.floats(0.0, 100.0)
NIGHTS = st.floats(1.0, 100.0)


def scale(brightness: float, *, needs_light: bool = True, limit: float = 100.0) -> RoomScale:
    return RoomScale(40.0, 40.0, brightness, 60.0, limit, 20.0, DIMMEST if needs_light else 0.0)


def level(value: Any) -> float:
    assert isinstance(value, float)
    return value


@given(NIGHTS, st.floats(DIMMEST, 100.0))
def test_light_to_work_by_is_never_pushed_below_what_is_safe(brightness: float, written: float) -> None:
    assert level(scale(brightness).value(Attribute.LEVEL, written)) >= DIMMEST


@given(NIGHTS, LEVELS)
def test_a_night_never_makes_light_brighter(brightness: float, written: float) -> None:
    assert level(scale(brightness).value(Attribute.LEVEL, written)) <= written + 1e-9


@given(NIGHTS, LEVELS, LEVELS)
def test_what_is_brighter_by_day_is_not_darker_at_night(brightness: float, one: float, other: float) -> None:
    at_night = scale(brightness)
    dim, bright = sorted((one, other))
    assert level(at_night.value(Attribute.LEVEL, dim)) <= level(at_night.value(Attribute.LEVEL, bright)) + 1e-9


@given(NIGHTS, LEVELS, st.booleans())
def test_what_a_lamp_shows_comes_back_as_it_was(brightness: float, shown: float, needs_light: bool) -> None:
    at_night = scale(brightness, needs_light=needs_light)
    written = at_night.scene_value(Attribute.LEVEL, shown)
    assert at_night.value(Attribute.LEVEL, written) == pytest.approx(min(shown, 100.0))


def test_where_nobody_works_everything_is_darker_by_as_much() -> None:
    assert scale(50.0, needs_light=False).value(Attribute.LEVEL, 30.0) == 15.0


def test_a_limit_holds_over_everything() -> None:
    assert scale(50.0, limit=10.0).value(Attribute.LEVEL, 30.0) == 10.0


@pytest.mark.parametrize("brightness", ["50%", "20%"])
def test_hands_that_work_at_night_have_light_in_every_step(brightness: str) -> None:
    text = DEMO.read_text(encoding="utf-8")
    assert BY_DAY in text
    home = homes.read(text.replace(BY_DAY, f"brightness: {brightness}}}"), "night.yaml")
    start = prepare(scenes.load("foot-massage"), home, "den", {"feet": "left", "bath": False}, name="n", at_night=True)
    busy = {chapter.id for chapter in start.timeline.chapters if chapter.hands is not Hands.FREE}
    step, shown, seen = "", 100.0, dict[str, float]()
    for what in Rehearsal(home, start, hold=5000).play():
        if isinstance(what, EventRecord) and isinstance(what.event, StepStarted):
            step = what.event.chapter
        elif isinstance(what, Sent) and what.message.topic == "zigbee2mqtt/den_ceiling/set":
            shown = brightness_of(what.message.payload, shown)
        if step in busy:
            seen[step] = min(seen.get(step, 100.0), shown)
    assert seen.keys() == busy
    assert min(seen.values()) >= DIMMEST - 0.4  # a unit of 254


def brightness_of(payload: str | bytes, before: float) -> float:
    told = json.loads(payload)
    return told["brightness"] / 254 * 100 if "brightness" in told else before
