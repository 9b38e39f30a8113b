"""A light, in the JSON schema of Home Assistant's MQTT lights: relax's dialect `home_assistant`."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from homeassistant.components.light import LightEntityFeature
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util import dt as dt_util

from .branch import Branch
from .lamp_queue import LampQueue
from .lent_entity import LentAs, LentEntity

_COLOURS: dict[str, tuple[str, tuple[str, ...]]] = {
    "hs": ("hs_color", ("h", "s")),
    "xy": ("xy_color", ("x", "y")),
    "rgb": ("rgb_color", ("r", "g", "b")),
    "rgbw": ("rgbw_color", ("r", "g", "b", "w")),
    "rgbww": ("rgbww_color", ("r", "g", "b", "c", "w")),
}
"""By colour mode: the attribute of the entity, and the keys of the schema in its order."""
_SHOWN = ("color_temp", "color", "white")
_MODES = ("onoff", "brightness", "color_temp", "white", *_COLOURS)


class LentLight(LentEntity):
    """What it can is read from the entity, each time that it changes."""

    platform: ClassVar[str] = "light"

    def __init__(
        self, hass: HomeAssistant, lent: LentAs, branch: Branch, presence: tuple[Mapping[str, str], ...]
    ) -> None:
        super().__init__(hass, lent, branch, presence)
        self._queue = LampQueue(hass, self._async_obey, _joined)

    def announcement(self) -> dict[str, Any] | None:
        state = self.state
        listed = state.attributes.get("supported_color_modes") if state is not None else None
        if state is None or not listed:
            return None
        modes = sorted(mode for mode in (str(each) for each in listed) if mode in _MODES)
        said: dict[str, Any] = {
            "schema": "json",
            "command_topic": self.branch.command,
            "supported_color_modes": modes,
            "brightness": modes != ["onoff"],
            "transition": self._fades(state),
        }
        if "color_temp" in modes:
            said["color_temp_kelvin"] = True
            for key in ("min", "max"):
                if (limit := state.attributes.get(f"{key}_color_temp_kelvin")) is not None:
                    said[f"{key}_kelvin"] = limit
        return said

    def report(self, state: State) -> str | None:
        said = state.attributes
        if state.state != "on":
            return json.dumps({"state": "OFF"}) if state.state == "off" else None
        mode = said.get("color_mode")
        report: dict[str, Any] = {"state": "ON"}
        if (brightness := said.get("brightness")) is not None:
            report["brightness"] = brightness
        if mode is not None:
            report["color_mode"] = str(mode)
        if mode == "color_temp" and (kelvin := said.get("color_temp_kelvin")) is not None:
            report["color_temp"] = kelvin
        elif mode in _COLOURS:
            attribute, keys = _COLOURS[mode]
            if (parts := said.get(attribute)) is not None:
                report["color"] = dict(zip(keys, parts, strict=True))
        return json.dumps(report)

    @callback
    def told(self, payload: str) -> None:
        try:
            order = json.loads(payload)
        except ValueError:
            return
        if isinstance(order, dict) and order.get("state") in ("ON", "OFF"):
            self._queue.put(order)

    async def _async_obey(self, order: Mapping[str, Any]) -> None:
        state = self.state
        if state is None:
            return
        began = dt_util.utcnow()
        data: dict[str, Any] = {}
        transition = order.get("transition")
        if isinstance(transition, int | float) and self._fades(state):
            data["transition"] = transition
        if order["state"] == "OFF":
            await self.async_do("light.turn_off", data)
        else:
            await self.async_do("light.turn_on", data | _shown(order))
        after = self.state
        if after is not None and after.last_reported >= began:
            self.say_again(self.branch.state)
            self.publish()

    @staticmethod
    def _fades(state: State) -> bool:
        features = state.attributes.get("supported_features", 0)
        return isinstance(features, int) and bool(features & LightEntityFeature.TRANSITION)


def _shown(order: Mapping[str, Any]) -> dict[str, Any]:
    """Brightness and one colour in the words of `light.turn_on`."""
    data: dict[str, Any] = {}
    if isinstance(brightness := order.get("brightness"), int | float):
        data["brightness"] = round(brightness)
    if isinstance(kelvin := order.get("color_temp"), int | float):
        data["color_temp_kelvin"] = round(kelvin)
    elif isinstance(white := order.get("white"), int | float):
        data["white"] = round(white)
        data.pop("brightness", None)
    elif isinstance(colour := order.get("color"), dict):
        for attribute, keys in _COLOURS.values():
            if colour.keys() == set(keys):
                data[attribute] = [colour[key] for key in keys]
    return data


def _joined(waiting: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """What two orders come to: a level alone keeps the colour that waits, another colour replaces it."""
    if new["state"] == "OFF" or waiting["state"] == "OFF":
        return new
    kept = {key: value for key, value in waiting.items() if key not in _SHOWN or not any(one in new for one in _SHOWN)}
    return {**kept, **new}
