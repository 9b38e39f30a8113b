"""Shelly lamps of both sorts, written from their documents and nothing of ours in them: given back as they were."""

import json
from typing import Any

import pytest

from orchestrator.commands import Stop
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack, Overridden
from tests.conductor.wired import Wired

SCENE = """
scene: glow
format: 1
title: Glow
roles: {main: {kind: light}}
looks:
  amber: {main: {brightness: 30%, color: "#ff9a3c"}}
  warm: {main: {brightness: 20%, temperature: 2700K}}
steps:
  - {step: a, look: amber, fade: 8s, lasts: 12s}
  - {step: b, look: warm, fade: 8s, lasts: 12s}
finish: {look: restore, fade: 8s}
stopped: {look: restore, fade: 4s}
"""
SHELLY2 = "devices: {lamp: {kind: light, dialect: shelly2, topic: s, component: PLACE}}\n"
SHELLY1 = "devices: {lamp: {kind: light, dialect: shelly1, topic: shellies/s, component: PLACE}}\n"
ROOM = "rooms: {bedroom: {roles: {main: lamp}}}\n"


class Rpc:
    """A lamp of the second generation. `notifies`: it says what has changed of the component, and nothing else."""

    def __init__(self, place: str, *, notifies: bool = True, **status: Any) -> None:
        self.status = status
        self.refused: list[dict[str, Any]] = []
        self._place = place
        self._namespace = {"light": "Light"}.get(place[:-2], place[:-2].upper())
        self._notifies = notifies

    def __call__(self, message: Message) -> list[Message]:
        if message.topic != "s/rpc":
            return []
        request = json.loads(message.payload)
        method, params = request["method"], request["params"]
        if method == f"{self._namespace}.GetStatus":
            return [self._answer(request, result={"id": 0, **self.status})]
        if method == f"{self._namespace}.GetConfig":
            return [self._answer(request, result={"id": 0, "name": None})]
        if method != f"{self._namespace}.Set" or not {"on", "brightness"} & params.keys():
            self.refused.append(request)
            return [self._answer(request, error={"code": -103, "message": "Invalid argument"})]
        before = dict(self.status)
        known = {"output": params.get("on", self.status["output"])} | {key: params.get(key) for key in self.status}
        self.status |= {key: value for key, value in known.items() if value is not None}
        self.status["output"] = params.get("on", before["output"])
        changed = {key: value for key, value in self.status.items() if before[key] != value}
        done = self._answer(request, result={"was_on": before["output"]})
        return [done, self._notified(changed)] if changed and self._notifies else [done]

    def _answer(self, request: dict[str, Any], **said: Any) -> Message:
        return Message(f"{request['src']}/rpc", json.dumps({"id": request["id"], "src": "shelly", **said}))

    def _notified(self, changed: dict[str, Any]) -> Message:
        params = {"ts": 1.0, self._place: {"id": 0, **changed}}
        return Message("s/events/rpc", json.dumps({"src": "shelly", "method": "NotifyStatus", "params": params}))


class Gen1:
    """A lamp of the first generation: it keeps a colour of each mode, and shows that of the one it is in."""

    def __init__(self, place: str, model: str, **status: Any) -> None:
        self.status = status
        self._topic = f"shellies/s/{place.replace(':', '/')}"
        self._model = model

    def __call__(self, message: Message) -> list[Message]:
        if message.topic == "shellies/s/command" and message.payload == "announce":
            return [Message("shellies/s/announce", json.dumps({"id": "s", "model": self._model}))]
        if message.topic == f"{self._topic}/set":
            wish = json.loads(message.payload)
            self.status["ison"] = {"on": True, "off": False}.get(wish.get("turn"), self.status["ison"])
            new = {key: value for key, value in wish.items() if key in self.status and (value or key in _MAY_BE_DARK)}
            self.status |= new
        elif message.topic != "shellies/s/command":
            return []
        shown = {"white": _WHITE, "color": _COLOUR}[self.status["mode"]]
        said = {key: value for key, value in self.status.items() if key in shown}
        return [
            Message(self._topic, "on" if self.status["ison"] else "off"),
            Message(f"{self._topic}/status", json.dumps(said)),
        ]


_WHITE = {"ison", "mode", "brightness", "temp"}
_COLOUR = {"ison", "mode", "red", "green", "blue", "white", "gain", "effect"}
_MAY_BE_DARK = {"red", "green", "blue", "white", "effect"}


def played(room: Wired, *, stop: bool) -> None:
    room.start(SCENE)
    room.until(room.now + 18_000)
    if stop:
        room.command(Stop())
    room.finish()
    assert room.told(Overridden) == []


GEN2: dict[str, dict[str, Any]] = {
    "light:0": {"output": True, "brightness": 70},
    "cct:0": {"output": True, "brightness": 55, "ct": 4321},
    "rgb:0": {"output": True, "brightness": 38, "rgb": [254, 115, 157]},
    "rgbw:0": {"output": True, "brightness": 70, "rgb": [10, 20, 30], "white": 200},
    "rgbcct:0": {"output": True, "brightness": 44, "ct": 3349, "rgb": [76, 140, 255], "mode": "rgb"},
}


@pytest.mark.parametrize("notifies", [True, False])
@pytest.mark.parametrize("stop", [True, False])
@pytest.mark.parametrize("place", GEN2)
def test_a_lamp_of_the_second_generation_is_as_before(place: str, *, stop: bool, notifies: bool) -> None:
    lamp = Rpc(place, notifies=notifies, **GEN2[place])
    room = Wired(SHELLY2.replace("PLACE", place) + ROOM, lamp)
    played(room, stop=stop)
    hidden = {"ct"} if place == "rgbcct:0" else set()
    assert {key: value for key, value in lamp.status.items() if key not in hidden} == {
        key: value for key, value in GEN2[place].items() if key not in hidden
    }
    assert lamp.refused == []


@pytest.mark.parametrize("stop", [True, False])
@pytest.mark.parametrize("place", GEN2)
def test_one_that_was_off_is_off_and_comes_on_as_it_would_have(place: str, *, stop: bool) -> None:
    before = GEN2[place] | {"output": False} | ({"mode": "cct"} if place == "rgbcct:0" else {})
    lamp = Rpc(place, **before)
    room = Wired(SHELLY2.replace("PLACE", place) + ROOM, lamp)
    played(room, stop=stop)
    hidden = {"rgb"} if place == "rgbcct:0" else set()
    assert {key: value for key, value in lamp.status.items() if key not in hidden} == {
        key: value for key, value in before.items() if key not in hidden
    }
    assert [event.brightness for event in room.told(GivenBack)] == [()]


GEN1: list[tuple[str, str, dict[str, Any]]] = [
    ("light:0", "SHDM-2", {"ison": True, "mode": "white", "brightness": 75}),
    ("light:0", "SHBDUO-1", {"ison": True, "mode": "white", "brightness": 60, "temp": 4321}),
    ("white:0", "SHRGBW2", {"ison": True, "mode": "white", "brightness": 40}),
    ("color:0", "SHRGBW2",
     {"ison": True, "mode": "color", "red": 159, "green": 159, "blue": 255, "white": 40, "gain": 80, "effect": 0}),
    ("color:0", "SHCB-1",
     {"ison": True, "mode": "color", "red": 255, "green": 55, "blue": 15, "gain": 80, "brightness": 90, "temp": 3123}),
    ("color:0", "SHCB-1",
     {"ison": True, "mode": "white", "red": 255, "green": 55, "blue": 15, "gain": 80, "brightness": 90, "temp": 3123}),
]  # fmt: skip


@pytest.mark.parametrize("stop", [True, False])
@pytest.mark.parametrize(("place", "model", "status"), GEN1)
def test_a_lamp_of_the_first_generation_is_as_before(
    place: str, model: str, status: dict[str, Any], *, stop: bool
) -> None:
    lamp = Gen1(place, model, **status)
    room = Wired(SHELLY1.replace("PLACE", place) + ROOM, lamp)
    played(room, stop=stop)
    shown = {"white": _WHITE, "color": _COLOUR}[status["mode"]]
    assert {key: value for key, value in lamp.status.items() if key in shown} == {
        key: value for key, value in status.items() if key in shown
    }


def test_one_of_the_first_that_was_off_is_off_and_it_is_said_that_it_comes_on_dim() -> None:
    lamp = Gen1("light:0", "SHDM-2", ison=False, mode="white", brightness=75)
    room = Wired(SHELLY1.replace("PLACE", "light:0") + ROOM, lamp)
    played(room, stop=True)
    assert not lamp.status["ison"]
    assert [event.brightness for event in room.told(GivenBack)] == [("lamp",)]


def test_a_duo_is_told_whites_once_it_has_announced_itself() -> None:
    lamp = Gen1("light:0", "SHBDUO-1", ison=True, mode="white", brightness=60, temp=4321)
    room = Wired(SHELLY1.replace("PLACE", "light:0") + ROOM, lamp)
    played(room, stop=False)
    assert any("temp" in payload for payload in room.payloads("shellies/s/light/0/set"))


def test_one_of_the_second_that_comes_up_again_gets_its_light_again_and_no_hand_is_seen() -> None:
    lamp = Rpc("light:0", output=True, brightness=70)
    room = Wired(SHELLY2.replace("PLACE", "light:0") + ROOM, lamp)
    room.start(SCENE)
    room.until(10_000)
    assert lamp.status["brightness"] == 30
    lamp.status |= {"brightness": 100}
    whole = {"light:0": {"id": 0, "source": "init", **lamp.status}, "sys": {"uptime": 8}}
    room.say(Message("s/events/rpc", json.dumps({"method": "NotifyFullStatus", "params": whole})))
    room.until(11_900)
    assert lamp.status["brightness"] == 30
    room.finish()
    assert room.told(Overridden) == []
    assert lamp.status == {"output": True, "brightness": 70}


def test_one_of_the_first_that_comes_up_again_gets_its_light_again_and_no_hand_is_seen() -> None:
    lamp = Gen1("light:0", "SHDM-2", ison=True, mode="white", brightness=75)
    room = Wired(SHELLY1.replace("PLACE", "light:0") + ROOM, lamp)
    room.start(SCENE)
    room.until(10_000)
    assert lamp.status["brightness"] == 30
    lamp.status |= {"brightness": 100}
    room.say(Message("shellies/s/info", json.dumps({"lights": [lamp.status], "uptime": 5})))
    room.until(11_900)
    assert lamp.status["brightness"] == 30
    room.finish()
    assert room.told(Overridden) == []
    assert lamp.status["brightness"] == 75
