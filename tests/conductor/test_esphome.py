"""What ESPHome takes: whole numbers, whole seconds, its white channels as it says them. A lamp of its source judges."""

import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack, Overridden
from tests.conductor.wired import Wired

COMMAND, STATE = "node/light/lamp/command", "node/light/lamp/state"
HOME = f"""
devices:
  lamp: {{kind: light, dialect: home_assistant, command_topic: {COMMAND}, state_topic: {STATE},
    supported_color_modes: [MODES]}}
rooms: {{bedroom: {{roles: {{main: lamp}}}}}}
"""
SCENE = """
scene: fades
format: 1
title: Fades
roles: {main: {kind: light}}
looks:
  low: {main: {brightness: 20%, color: "#ff9a3c"}}
  high: {main: {brightness: 60%, temperature: 2700K}}
steps:
  - {step: long, look: low, fade: 25s, lasts: 30s}
  - {step: short, look: high, fade: 800ms, lasts: 5s}
  - {step: odd, look: low, fade: 2600ms, lasts: 5s}
finish: {look: restore, fade: 4s}
"""


class EspHome:
    """One light (light_json_schema.cpp, light_call.cpp, 2026.6): what is no number of the kind is not there."""

    def __init__(self, **state: Any) -> None:
        self.state: dict[str, Any] = {"state": "ON", "brightness": 170, **state}
        self.lasts: list[float] = []
        """Seconds of each command."""

    def __call__(self, message: Message) -> Iterable[Message]:
        if message.topic != COMMAND:
            return
        told = json.loads(message.payload)
        whole = told.get("transition")
        self.lasts.append(whole if _is_whole(whole, 65_535) else 1.0)
        self.state["state"] = told.get("state", self.state["state"])
        if _is_whole(told.get("brightness"), 255):
            self.state["brightness"] = told["brightness"]
        shines = {key: part for key, part in told.get("color", {}).items() if _is_whole(part, 255)}
        if _is_whole(told.get("color_temp"), 65_535):
            self.whiten(told["color_temp"])
        elif {"r", "g", "b"} & shines.keys():
            kept = {key: self.state["color"].get(key, 0) for key in "cw" if self.has(key)}
            mode = "rgbww" if self.has("c") and self.mixes else "rgbw" if self.has("w") and self.mixes else "rgb"
            self.state |= {"color_mode": mode, "color": {**(kept if mode != "rgb" else {}), **shines}}
        elif shines:
            self.state |= {"color_mode": "cwww" if "c" in shines else "white", "color": shines}
        yield self.says()

    mixes = False

    def has(self, channel: str) -> bool:
        return channel in self.state.get("color", {})

    def whiten(self, mired: int) -> None:
        """Cold and warm white, each after its gamma; the temperature is forgotten."""
        warm = (min(max(mired, 153), 500) - 153) / 347
        cold, warm = ((part / max(warm, 1 - warm)) ** (1 / 2.2) for part in (1 - warm, warm))
        self.state |= {"color_mode": "cwww", "color": {"c": round(255 * cold), "w": round(255 * warm)}}

    def says(self) -> Message:
        return Message(STATE, json.dumps(self.state))


def _is_whole(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


class Mixing(EspHome):
    """Its whites shine beside its colours."""

    mixes = True


def evening(lamp: EspHome, modes: str) -> Wired:
    wired = Wired(HOME.replace("MODES", modes), lamp)
    wired.say(lamp.says())
    wired.start(SCENE)
    wired.finish()
    return wired


LAMPS = {
    "rgb": (EspHome(color_mode="rgb", color={"r": 255, "g": 0, "b": 10}), "rgb"),
    "rgbw": (Mixing(color_mode="rgbw", color={"r": 255, "g": 0, "b": 10, "w": 99}), "rgbw"),
    "rgbww": (Mixing(color_mode="rgbww", color={"r": 0, "g": 0, "b": 0, "c": 20, "w": 210}), "rgbww"),
    "white beside colours": (EspHome(color_mode="white", color={"w": 255}), "rgb, white"),
    "cold and warm": (EspHome(color_mode="cwww", color={"c": 40, "w": 200}), "color_temp"),
    "cold and warm beside colours": (EspHome(color_mode="cwww", color={"c": 255, "w": 100}), "color_temp, rgb"),
}


@pytest.mark.parametrize(("lamp", "modes"), LAMPS.values(), ids=LAMPS)
def test_it_is_given_back_as_it_shone_and_nobody_is_taken_for_a_hand(lamp: EspHome, modes: str) -> None:
    lamp = deepcopy(lamp)
    before = deepcopy(lamp.state)
    wired = evening(lamp, modes)
    assert lamp.state == before
    assert wired.told(Overridden) == []
    assert wired.told(GivenBack)[-1].given == ("lamp",)


@pytest.mark.parametrize(("lamp", "modes"), LAMPS.values(), ids=LAMPS)
def test_every_time_and_number_is_whole(lamp: EspHome, modes: str) -> None:
    for _, message in evening(deepcopy(lamp), modes).sent:
        told = json.loads(message.payload)
        assert _is_whole(told["transition"], 65_535)
        assert all(type(part) is int for part in told.get("color", {}).values())
        assert all(type(told[key]) is int for key in ("brightness", "color_temp") if key in told)


def test_what_is_shorter_than_a_second_is_made_in_steps_and_nothing_else() -> None:
    lamp = EspHome(color_mode="rgb", color={"r": 255, "g": 0, "b": 10})
    wired = evening(lamp, "rgb")
    levels = [
        (at, json.loads(message.payload)["brightness"], json.loads(message.payload)["transition"])
        for at, message in wired.sent
        if "brightness" in json.loads(message.payload)
    ]
    short = [each for each in levels if 30_000 <= each[0] <= 31_000]
    assert [lasts for _, _, lasts in short] == [0] * len(short)
    assert 3 <= len(short) <= 5
    assert [level for _, level, _ in short] == sorted({level for _, level, _ in short})
    odd = [each for each in levels if 35_000 <= each[0] < 40_000]
    assert odd[0][2] in (2, 3)
    assert len(odd) <= 4
    assert all(lasts >= 5 for at, _, lasts in levels if 1000 < at < 20_000)


def test_a_fade_that_it_makes_is_not_made_again_in_its_last_second() -> None:
    """Whoever looks then, as when something else of it is wanted, finds nothing to tell it."""
    lamp = EspHome(color_mode="rgb", color={"r": 255, "g": 0, "b": 10})
    wired = Wired(HOME.replace("MODES", "rgb"), lamp)
    wired.say(lamp.says())
    wired.start(SCENE)
    wired.until(21_000)
    staged = wired.conductor.stage.staged("lamp").lamp
    assert staged is not None
    for moment in range(24_100, 25_000, 100):
        wired.until(moment)
        assert staged.peek(moment) is None, moment
