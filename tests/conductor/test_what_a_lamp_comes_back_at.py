"""A lamp that was off comes on the next time at the brightness that it had, or that it does not is said."""

import json
from typing import Any

import pytest

from orchestrator.commands import Stop
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack
from orchestrator.home.library import read
from tests.conductor.test_devices_of_the_guides import EXAMPLES, wired
from tests.conductor.wired import HEAD, Wired
from tests.own_devices import HallLamp, TasmotaDimmer

SCENE = """
scene: dim
format: 1
title: Dim
roles: {main: {kind: light, optional: true}}
looks: {low: {main: {brightness: 30%}}}
steps: [{step: a, look: low, fade: 2s, lasts: 15s}]
finish: {look: restore, fade: 8s}
stopped: {look: restore, fade: 4s}
"""
TASMOTA = """
devices:
  lamp:
    kind: light
    dialect: template
    set:
      - {topic: paper/cmnd/Power, payload: "{{ '' if on else 'OFF' }}"}
      - {topic: paper/cmnd/Dimmer, payload: "{{ brightness if on else '' }}"}
    state:
      topic: paper/stat/RESULT
      payload: >-
        {{ {'state': value_json.POWER | default(none), 'brightness': value_json.Dimmer | default(none)} | tojson }}
    query: {topic: paper/cmnd/State}
    segment: 500ms
rooms: {bedroom: {roles: {main: lamp}}}
"""
"""As the guide had it: nothing that it could be told while it is off."""


def played(room: Wired, *, stop: bool) -> None:
    room.start(SCENE)
    room.until(room.now + 9_000)
    if stop:
        room.command(Stop())
    room.finish()


@pytest.mark.parametrize("stop", [False, True])
@pytest.mark.parametrize("dimmer", [1, 50, 100])
def test_a_tasmota_as_the_guide_has_it_comes_on_as_it_would_have(dimmer: int, *, stop: bool) -> None:
    lamp = TasmotaDimmer("paper", on=False, dimmer=dimmer)
    room = wired(EXAMPLES["home-paper_lamp"][0], "main: paper_lamp", lamp)
    played(room, stop=stop)
    assert not lamp.on
    assert lamp.dimmer == dimmer
    assert all(event.brightness == () for event in room.told(GivenBack))
    lamp.dimmed(20)
    assert lamp.level == 20, "its own option is as it was"


@pytest.mark.parametrize("stop", [False, True])
def test_one_that_was_on_is_told_nothing_to_keep(*, stop: bool) -> None:
    lamp = TasmotaDimmer("paper", on=True, dimmer=70)
    room = wired(EXAMPLES["home-paper_lamp"][0], "main: paper_lamp", lamp)
    played(room, stop=stop)
    assert lamp.level == 70
    assert room.payloads("paper/cmnd/Backlog") == []


@pytest.mark.parametrize("stop", [False, True])
def test_one_that_cannot_be_told_is_named(*, stop: bool) -> None:
    lamp = TasmotaDimmer("paper", on=False, dimmer=50)
    room = Wired(TASMOTA, lamp)
    played(room, stop=stop)
    assert not lamp.on
    assert lamp.dimmer < 50
    [event] = room.told(GivenBack)
    assert (event.given, event.brightness) == (("lamp",), ("lamp",))


def test_one_that_remembers_hardly_any_light_goes_out_from_there() -> None:
    """That is no flash: it is as good as dark."""
    lamp = TasmotaDimmer("paper", on=False, dimmer=2)
    room = Wired(TASMOTA, lamp)
    played(room, stop=False)
    assert not lamp.on
    assert lamp.dimmer == 2
    assert [event.brightness for event in room.told(GivenBack)] == [()]


@pytest.mark.parametrize("stop", [False, True])
def test_a_level_that_was_heard_before_it_was_switched_off_counts(*, stop: bool) -> None:
    """It says no brightness while it is off."""
    lamp = TasmotaDimmer("paper", on=True, dimmer=80)
    room = wired(EXAMPLES["home-paper_lamp"][0], "main: paper_lamp", lamp)
    room.say(*lamp(Message("paper/cmnd/State", "")))
    room.say(*lamp.switched(on=False))
    played(room, stop=stop)
    assert (lamp.on, lamp.dimmer) == (False, 80)


def test_the_hall_lamp_of_the_guide_keeps_its_level_too() -> None:
    lamp = HallLamp(on=False, dim=640)
    room = wired(EXAMPLES["home-hall_lamp"][0], "main: hall_lamp", lamp)
    played(room, stop=True)
    assert (lamp.on, lamp.dim) == (False, 640)


class JsonLamp:
    """Of Home Assistant's kind: says its brightness while it is off, and takes none."""

    def __init__(self, brightness: int) -> None:
        self.on, self.brightness = False, brightness

    def __call__(self, message: Message) -> list[Message]:
        if message.topic == "lamp/set":
            wish: dict[str, Any] = json.loads(message.payload)
            self.on = wish.get("state", "OFF") == "ON"
            self.brightness = wish.get("brightness", self.brightness)
        return [self.said]

    @property
    def said(self) -> Message:
        return Message("lamp", json.dumps({"state": "ON" if self.on else "OFF", "brightness": self.brightness}))


@pytest.mark.parametrize(
    "dialect", ["home_assistant, command_topic: lamp/set, state_topic: lamp", "zigbee2mqtt, topic: lamp, base: z"]
)
@pytest.mark.parametrize("brightness", [4, 200])
def test_a_lamp_that_takes_nothing_while_it_is_off_is_named(dialect: str, brightness: int) -> None:
    lamp = JsonLamp(brightness)
    room = Wired(
        f"devices: {{lamp: {{kind: light, dialect: {dialect}}}}}\nrooms: {{bedroom: {{roles: {{main: lamp}}}}}}\n", lamp
    )
    room.say(lamp.said)
    played(room, stop=True)
    assert not lamp.on
    assert [event.brightness for event in room.told(GivenBack)] == [("lamp",) if brightness == 200 else ()]
    assert (lamp.brightness == brightness) is (brightness == 4)


def test_one_that_a_person_has_lit_since_is_named_no_more() -> None:
    lamp = TasmotaDimmer("paper", on=False, dimmer=50)
    room = Wired(TASMOTA, lamp)
    played(room, stop=True)
    room.say(*lamp.dimmed(60))
    room.say(*lamp.switched(on=False))
    before = len(room.told(GivenBack))
    played(room, stop=True)
    assert [event.brightness for event in room.told(GivenBack)[before:]] == [("lamp",)]
    assert lamp.dimmer < 60


def test_a_template_for_what_a_lamp_keeps_is_tried_as_the_others_are() -> None:
    with pytest.raises(Exception, match="a template fails with"):
        read(
            HEAD + TASMOTA.replace("    segment", '    keep: {topic: t, payload: "{{ mired + 1 }}"}\n    segment'),
            "house.yaml",
        )
