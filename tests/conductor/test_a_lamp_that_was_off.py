"""A lamp that was off is off afterwards, and turns on the next time as it would have: its colour is told before it
goes out, at no brighter light, and nothing after.
"""

import json
from typing import Any

import pytest

from orchestrator.commands import Abort, RoomCommand, Stop
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack
from tests.conductor.wired import Wired

ZIGBEE = """
devices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: lamp, base: zigbee2mqtt KEYS}}
rooms: {bedroom: {roles: {main: lamp}}}
"""
HASS = """
devices: {lamp: {kind: light, dialect: home_assistant, command_topic: lamp/set, state_topic: lamp KEYS}}
rooms: {bedroom: {roles: {main: lamp}}}
"""
SCENE = """
scene: dim
format: 1
title: Dim
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 30%, temperature: 2200K}}}
steps: [{step: a, look: low, fade: 2s, lasts: 20s}]
finish: {look: restore, fade: 25s}
stopped: {look: restore, fade: 3s}
"""
WHITE = {"color_mode": "color_temp", "color_temp": 250}
RED = {"color_mode": "xy", "color": {"x": 0.7, "y": 0.3}}


class Lamp:
    """As most are: out, it takes no colour; it keeps the colour that it had. `lit` is what was to be seen of it."""

    def __init__(self, colour: dict[str, Any]) -> None:
        self.colour = {key: value for key, value in colour.items() if key != "color_mode"}
        self.level = 0
        self.lit: list[int] = []

    def __call__(self, message: Message) -> list[Message]:
        if message.topic == "lamp/set":
            wish = json.loads(message.payload)
            told = {key: wish[key] for key in ("color_temp", "color") if key in wish}
            if told and "brightness" not in wish and self.level:
                wish.pop("state", None)  # as Zigbee2MQTT does it for Home Assistant
            if told and (self.level or wish.get("state") == "ON"):
                self.colour = told
            self.level = 0 if wish.get("state") == "OFF" else wish.get("brightness", self.level or 254)
            self.lit.append(self.level)
        return [self.said] if message.topic.startswith("lamp") else []

    @property
    def said(self) -> Message:
        mode = "xy" if "color" in self.colour else "color_temp"
        state = {"state": "ON" if self.level else "OFF", "brightness": self.level or 254, "color_mode": mode}
        return Message("lamp", json.dumps(state | self.colour))


@pytest.mark.parametrize("home", [ZIGBEE, HASS], ids=["zigbee2mqtt", "home_assistant"])
@pytest.mark.parametrize("keys", ["", ", one_attribute_per_fade: true", ", fade: stepped", ", fade: none"])
@pytest.mark.parametrize("colour", [WHITE, RED], ids=["white", "red"])
@pytest.mark.parametrize("end", [None, Stop(), Abort()], ids=["finish", "stop", "abort"])
def test_it_goes_out_with_the_colour_that_it_had(
    home: str, keys: str, colour: dict[str, Any], end: RoomCommand | None
) -> None:
    lamp = Lamp(colour)
    wired = Wired(home.replace("KEYS", keys), lamp)
    wired.say(lamp.said)
    wired.start(SCENE)
    wired.until(15_000)
    assert lamp.level > 0
    assert "color_temp" in lamp.colour
    lamp.lit.clear()
    if end is not None:
        wired.command(end)
    wired.finish()
    assert lamp.level == 0
    assert lamp.colour == {key: value for key, value in colour.items() if key != "color_mode"}
    assert max(lamp.lit) <= 77, "brighter than the scene was"
    assert lamp.lit == sorted(lamp.lit, reverse=True), "brighter again on the way out"
    assert [each.given for each in wired.told(GivenBack)] == [("lamp",)]


def lit_in(colour: dict[str, Any], sent: list[tuple[int, Message]], until: int) -> list[tuple[int, float]]:
    """When a lamp that does as it is told was lit, brighter than at its least, in a colour or on its way there."""
    level = History(0.0)
    found: list[tuple[int, float]] = []
    is_so = False
    told = [(at, json.loads(message.payload)) for at, message in sent if message.topic == "lamp/set"]
    for number, (at, wish) in enumerate(told):
        over = round(wish.get("transition", 0.0) * 1000)
        if "brightness" in wish or wish.get("state") == "OFF":
            level.go(at, float(wish.get("brightness", 0)) if wish.get("state") != "OFF" else 0.0, over)
        if told_colour := {key: wish[key] for key in ("color_temp", "color") if key in wish}:
            is_so = told_colour == colour
        after = told[number + 1][0] if number + 1 < len(told) else until
        if is_so:
            found += [(moment, level.at(moment)) for moment in range(at, after, 100) if level.at(moment) > 1.5]
    return found


class History:
    """A level that goes straight to where it was sent last."""

    def __init__(self, level: float) -> None:
        self._start, self._end, self._origin, self._target = 0, 0, level, level

    def at(self, moment: int) -> float:
        if moment >= self._end:
            return self._target
        share = (moment - self._start) / (self._end - self._start)
        return self._origin + (self._target - self._origin) * share

    def go(self, moment: int, target: float, over: int) -> None:
        self._origin, self._target = self.at(moment), target
        self._start, self._end = moment, moment + over


@pytest.mark.parametrize("home", [ZIGBEE, HASS], ids=["zigbee2mqtt", "home_assistant"])
@pytest.mark.parametrize("keys", ["", ", one_attribute_per_fade: true", ", fade: stepped", ", fade: none"])
@pytest.mark.parametrize("colour", [WHITE, RED], ids=["white", "red"])
@pytest.mark.parametrize("end", [None, Stop(), Abort()], ids=["finish", "stop", "abort"])
def test_it_is_not_seen_in_that_colour_on_its_way_out(
    home: str, keys: str, colour: dict[str, Any], end: RoomCommand | None
) -> None:
    lamp = Lamp(colour)
    wired = Wired(home.replace("KEYS", keys), lamp)
    wired.say(lamp.said)
    wired.start(SCENE)
    wired.until(15_000)
    if end is not None:
        wired.command(end)
    wired.finish()
    own = {key: value for key, value in colour.items() if key != "color_mode"}
    assert lamp.colour == own
    assert lamp.level == 0
    assert lit_in(own, [each for each in wired.sent if each[0] > 4_000], wired.now) == []


class WillingLamp(Lamp):
    """Has been set to execute commands while it is off: it takes them, and stays off."""

    def __init__(self, colour: dict[str, Any], *, options: bool) -> None:
        super().__init__(colour)
        self.remembered = 254
        self.is_willing = options

    def __call__(self, message: Message) -> list[Message]:
        wish = json.loads(message.payload) if message.topic == "lamp/set" else {}
        if wish.get("state", "") is None and self.is_willing:
            self.remembered = wish["brightness"]
            return [self.said]
        answers = super().__call__(message)
        self.remembered = self.level or self.remembered
        return answers

    @property
    def said(self) -> Message:
        options = {"execute_if_off": self.is_willing}
        state = json.loads(super().said.payload) | {"level_config": options, "color_options": options}
        return Message("lamp", json.dumps(state | {"brightness": self.level or self.remembered}))


@pytest.mark.parametrize("keys", ["", ", one_attribute_per_fade: true", ", fade: stepped"])
@pytest.mark.parametrize("willing", [True, False])
def test_a_lamp_that_takes_a_level_while_it_is_off_has_that_given_back_too(keys: str, *, willing: bool) -> None:
    lamp = WillingLamp(WHITE, options=willing)
    wired = Wired(ZIGBEE.replace("KEYS", keys), lamp)
    wired.say(lamp.said)
    wired.start(SCENE)
    wired.until(15_000)
    wired.command(Stop())
    wired.finish()
    assert lamp.level == 0
    assert lamp.colour == {"color_temp": 250}
    assert (lamp.remembered == 254) is willing
    prepared = [json.loads(payload) for payload in wired.payloads("lamp/set") if "null" in payload]
    assert prepared == ([{"state": None, "brightness": 254}] if willing else [])


@pytest.mark.parametrize("home", [ZIGBEE, HASS], ids=["zigbee2mqtt", "home_assistant"])
def test_a_lamp_that_may_be_out_already_is_told_no_colour(home: str) -> None:
    """It is on its way out, or back from nobody knows where: a colour would light it up."""
    lamp = Lamp(WHITE)
    keys = ", availability_topic: there" if home == HASS else ""
    wired = Wired(home.replace("KEYS", keys), lamp)
    wired.say(lamp.said)
    wired.start(SCENE)
    wired.until(10_000)
    topic = "there" if home == HASS else "lamp/availability"
    wired.say(Message(topic, "offline"))
    wired.command(Stop())
    wired.finish()
    lamp.level = 0
    told = len(wired.sent)
    wired.say(Message(topic, "online"))
    wired.until(wired.now + 30_000)
    after = [json.loads(message.payload) for _, message in wired.sent[told:] if message.topic == "lamp/set"]
    assert {each.get("state") for each in after} == {"OFF"}
    assert lamp.level == 0


def test_a_landing_that_becomes_quicker_lights_nothing_up_again() -> None:
    lamp = Lamp(WHITE)
    wired = Wired(HASS.replace("KEYS", ""), lamp)
    wired.say(lamp.said)
    wired.start(SCENE)
    wired.until(41_000)
    wired.command(Abort())
    wired.finish()
    assert lamp.level == 0
    assert json.loads(wired.payloads("lamp/set")[-1])["state"] == "OFF"
