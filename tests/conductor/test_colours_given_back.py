"""A lamp is given back the colour that it said it had: in its own mode and figures, whatever was said before."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from orchestrator.commands import Stop
from orchestrator.devices.messages import Message
from orchestrator.events.device import Overridden
from orchestrator.journal.codec import text_of, value_of
from orchestrator.stage.heard import Debt
from orchestrator.values import Attribute, Temperature, Xy
from tests.conductor.wired import Wired

SCENE = """
scene: glow
format: 1
title: Glow
roles: {main: {kind: light}}
looks: {warm: {main: {brightness: 20%, LOOK}}}
steps:
  - {step: warm, look: warm, fade: 8s, lasts: 20s}
finish: {look: restore, fade: 4s}
stopped: {look: restore, fade: 4s}
"""
WARM = SCENE.replace("LOOK", "temperature: 2200K")
AMBER = SCENE.replace("LOOK", 'color: "#ff9a3c"')

ROOM = "rooms: {bedroom: {roles: {main: lamp}}}\n"
ZIGBEE = "devices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}\n" + ROOM
HASS = (
    "devices:\n  lamp: {kind: light, dialect: home_assistant, command_topic: lamp/set, state_topic: lamp/state MODES}\n"
    + ROOM
)
TEMPLATE = (
    """
devices:
  lamp:
    kind: light
    dialect: template
    set:
      topic: lamp/set
      payload: "{{ {'state': state, 'brightness': brightness, 'mired': mired, 'xy': none if mired else xy} | tojson }}"
    state: {topic: lamp/state, payload: "{{ value }}"}
"""
    + ROOM
)


class Lamp:
    """Keeps what it is told: `shown` are mode and value of its colour. It says both ways, and which is meant."""

    def __init__(self, topic: str, state: str) -> None:
        self.shown: tuple[str, Any] = ("", None)
        self._topic = topic
        self._state = state

    def __call__(self, message: Message) -> list[Message]:
        if message.topic != self._topic:
            return []
        wish = json.loads(message.payload)
        for key, kind in (("color_temp", "color_temp"), ("mired", "color_temp"), ("color", "color"), ("xy", "color")):
            if wish.get(key) is not None:
                self.shown = (kind, wish[key])
        said = {key: value for key, value in wish.items() if value is not None and key != "transition"}
        mode = (
            {"color_mode": self.mode} if self.shown[0] and any(key in wish for key in ("color_temp", "color")) else {}
        )
        return [Message(self._state, json.dumps(said | mode))]

    @property
    def mode(self) -> str:
        kind, value = self.shown
        if kind != "color":
            return kind
        keys = "".join(value)
        return {"xy": "xy", "huesaturation": "hs", "hs": "hs", "rgb": "rgb", "rgbw": "rgbw", "rgbcw": "rgbww"}[keys]


def places(digits: int, low: float = 0.0, high: float = 1.0) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda value: round(value, digits))


xys = st.builds(lambda x, y: {"x": x, "y": y}, places(4, 0.05, 0.7), places(4, 0.05, 0.29))
mireds = st.integers(155, 450)


def said(zigbee: bool) -> st.SearchStrategy[dict[str, Any]]:
    """What a lamp may say of a colour, marks and stale halves included; `truth` is what it shows."""
    hue, saturation = ("hue", "saturation") if zigbee else ("h", "s")
    turned = st.builds(lambda h, s: {hue: h, saturation: s}, places(2, 0, 359), places(2, 20, 100))
    stale = st.sampled_from([{}, {"color_temp": 0}, {"color_temp": None}, {"color_temp": 153}])
    colour = st.one_of(
        st.tuples(st.just("xy"), xys),
        st.tuples(st.just("hs"), turned),
        *(() if zigbee else (st.tuples(st.just("rgb"), st.builds(_rgb, *[st.integers(0, 255)] * 3)),)),
    )
    mixed = st.builds(
        lambda pair, old: {"color_mode": pair[0], "color": pair[1], **old, "truth": ("color", pair[1])}, colour, stale
    )
    white = st.builds(
        lambda mired, old: {"color_mode": "color_temp", "color_temp": mired, **old, "truth": ("color_temp", mired)},
        mireds,
        st.sampled_from([{}, {"color": {"x": 0.7, "y": 0.3}}, {"color": {}}, {"color": None}]),
    )
    return mixed | white


def _rgb(red: int, green: int, blue: int) -> dict[str, int]:
    return {"r": red, "g": green, "b": max(blue, 1)}


brightness: st.SearchStrategy[dict[str, Any]] = st.integers(30, 250).map(
    lambda level: {"brightness": level} if level % 2 else {}
)


def evening(home: str, scene: str, topics: tuple[str, str], reports: list[dict[str, Any]]) -> tuple[Lamp, Wired]:
    """A lamp says things, then a session plays and is given back."""
    lamp = Lamp(*topics)
    wired = Wired(home, lamp)
    wired.say(Message(topics[1], json.dumps({"state": "ON", "brightness": 180})))
    for report in reports:
        payload = {key: value for key, value in report.items() if key != "truth"}
        wired.say(Message(topics[1], json.dumps({"state": "ON", **payload})))
    wired.start(scene)
    wired.until(15_000)
    wired.command(Stop())
    wired.finish()
    return lamp, wired


@examples(max_examples=60, deadline=None)
@given(
    st.lists(st.builds(lambda report, level: report | level, said(zigbee=True), brightness), min_size=1, max_size=4),
    st.sampled_from([WARM, AMBER]),
)
def test_a_zigbee_lamp_is_told_the_mode_and_the_figures_that_it_said(reports, scene):
    lamp, wired = evening(ZIGBEE, scene, ("zigbee2mqtt/lamp/set", "zigbee2mqtt/lamp"), reports)
    assert lamp.shown == reports[-1]["truth"]
    assert wired.told(Overridden) == []


@examples(max_examples=60, deadline=None)
@given(
    st.lists(st.builds(lambda report, level: report | level, said(zigbee=False), brightness), min_size=1, max_size=4),
    st.sampled_from([WARM, AMBER]),
    st.sampled_from(["", ", supported_color_modes: [color_temp, hs, xy, rgb]"]),
)
def test_a_lamp_of_home_assistant_is_told_the_mode_and_the_figures_that_it_said(reports, scene, modes):
    lamp, wired = evening(HASS.replace("MODES", modes), scene, ("lamp/set", "lamp/state"), reports)
    assert lamp.shown == reports[-1]["truth"]
    assert wired.told(Overridden) == []


@pytest.mark.parametrize(
    ("mode", "color"),
    [("rgbw", {"r": 0, "g": 20, "b": 0, "w": 255}), ("rgbww", {"r": 9, "g": 0, "b": 0, "c": 10, "w": 200})],
)
def test_white_channels_are_given_back_as_they_were(mode, color):
    home = HASS.replace("MODES", f", supported_color_modes: [{mode}]")
    lamp, _ = evening(home, AMBER, ("lamp/set", "lamp/state"), [{"color_mode": mode, "color": color}])
    assert lamp.shown == ("color", color)


@examples(max_examples=30, deadline=None)
@given(st.lists(xys.map(lambda xy: ("xy", [xy["x"], xy["y"]])) | mireds.map(lambda m: ("mired", m)), min_size=1))
def test_a_lamp_of_templates_is_told_what_it_said(colours):
    reports: list[dict[str, Any]] = [
        {name: value, **({"color_mode": "color_temp"} if name == "mired" else {})} for name, value in colours
    ]
    lamp, _ = evening(TEMPLATE, WARM, ("lamp/set", "lamp/state"), reports)
    name, value = colours[-1]
    assert lamp.shown == ("color_temp" if name == "mired" else "color", value)


def test_a_white_outside_of_what_we_think_the_lamp_has_is_given_back_all_the_same():
    reports = [{"color_mode": "color_temp", "color_temp": 500}]
    lamp, _ = evening(ZIGBEE, AMBER, ("zigbee2mqtt/lamp/set", "zigbee2mqtt/lamp"), reports)
    assert lamp.shown == ("color_temp", 500)


def test_a_lamp_that_was_red_fades_from_its_red():
    reports: list[dict[str, Any]] = [
        {"color_mode": "color_temp", "color_temp": 250},
        {"color_mode": "xy", "color": {"x": 0.7, "y": 0.3}},
    ]
    _, wired = evening(ZIGBEE.replace("/lamp}", "/lamp, fade: stepped, segment: 1s}"), AMBER, _TOPICS, reports)
    steps = [json.loads(payload) for payload in wired.payloads("zigbee2mqtt/lamp/set")]
    xs = [step["color"]["x"] for step in steps if "color" in step][:7]
    assert len(xs) > 4
    assert xs == sorted(xs, reverse=True)
    assert 0.6 < xs[0] <= 0.7


_TOPICS = ("zigbee2mqtt/lamp/set", "zigbee2mqtt/lamp")


def test_a_debt_of_an_older_version_that_is_no_colour_is_never_sent():
    """Older versions wrote 0 mired for a lamp that shows a colour."""
    assert value_of('{"mired": 0.0}') is None
    lamp = Lamp(*_TOPICS)
    wired = Wired(ZIGBEE, lamp)
    wired.conductor.owe([Debt("lamp", Attribute.COLOUR, value_of('{"mired": 0.0}'), 0)], 0)
    wired.say()
    wired.finish()
    assert wired.sent == []


def test_a_red_survives_the_journal_and_is_paid_as_it_was_said():
    red = Xy(0.7, 0.3)
    assert value_of(text_of(red)) == red
    lamp = Lamp(*_TOPICS)
    wired = Wired(ZIGBEE, lamp)
    wired.say(
        Message("zigbee2mqtt/lamp", '{"state": "ON", "brightness": 20, "color_mode": "color_temp", "color_temp": 400}')
    )
    wired.conductor.owe([Debt("lamp", Attribute.COLOUR, value_of(text_of(red)), 0)], 0)
    wired.say()
    wired.finish()
    assert lamp.shown == ("color", {"x": 0.7, "y": 0.3})


@pytest.mark.parametrize(
    ("report", "text"),
    [
        ({"color_mode": "color_temp", "color_temp": 250}, "4000K"),
        ({"color_mode": "xy", "color": {"x": 0.15, "y": 0.06}}, "#0000ff"),
    ],
)
def test_a_colour_that_a_hand_left_is_said_as_scenes_write_colours(report, text):
    lamp = Lamp(*_TOPICS)
    wired = Wired(ZIGBEE, lamp)
    wired.say(Message("zigbee2mqtt/lamp", '{"state": "ON", "brightness": 180}'))
    wired.start(AMBER)
    wired.until(19_000)
    wired.say(Message("zigbee2mqtt/lamp", json.dumps({"state": "ON", **report})))
    assert [(each.attribute, each.value) for each in wired.told(Overridden)] == [(Attribute.COLOUR, text)]
    wired.finish()
    assert Temperature(250.0).text == "4000K"


LEFT = WARM.replace("finish: {look: restore, fade: 4s}", "finish: {look: warm, fade: 40s}")


@pytest.mark.parametrize("is_stopped", [True, False])
def test_who_stops_an_end_that_leaves_a_light_of_its_own_has_the_room_as_it_was(is_stopped):
    lamp = Lamp("zigbee2mqtt/lamp/set", "zigbee2mqtt/lamp")
    wired = Wired(ZIGBEE, lamp)
    wired.say(Message("zigbee2mqtt/lamp", json.dumps({"state": "ON", "brightness": 180, "color_temp": 300})))
    wired.start(LEFT)
    wired.until(35_000)
    assert lamp.shown == ("color_temp", 454)
    if is_stopped:
        wired.command(Stop())
    wired.finish()
    assert lamp.shown == ("color_temp", 300 if is_stopped else 454)
