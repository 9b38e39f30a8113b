"""Lamps as integrations have them: with a transition and without one, of every colour mode, and one in a cloud.

They start as a lamp does that has lost its power: fully lit. What they were told, and when, stands in `told`.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from homeassistant.components.light import ColorMode, LightEntity, LightEntityFeature
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

MODES: Mapping[str, set[ColorMode]] = {
    "Ceiling": {ColorMode.COLOR_TEMP, ColorMode.XY},
    "Cloud": {ColorMode.COLOR_TEMP, ColorMode.HS},
    "Plain": {ColorMode.BRIGHTNESS},
    "Socket": {ColorMode.ONOFF},
    "Strip": {ColorMode.RGB},
    "Four": {ColorMode.RGBW, ColorMode.COLOR_TEMP},
    "Five": {ColorMode.RGBWW},
    "White": {ColorMode.HS, ColorMode.WHITE},
}
SLOW = {"Cloud": 0.35}
"""Seconds that a call takes."""
WITHOUT_TRANSITION = ("Cloud", "Socket")
EFFECTS = ["off", "candle"]


async def async_setup_entry(hass: HomeAssistant, _entry: ConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    add([Lamp(name) for name in MODES])


class Lamp(LightEntity):
    _attr_should_poll = False
    _attr_min_color_temp_kelvin = 2000
    _attr_max_color_temp_kelvin = 6500

    def __init__(self, name: str) -> None:
        self._attr_name = f"Rehearsed {name}"
        self._attr_unique_id = f"rehearsed_light_{name}"
        self._attr_supported_color_modes = MODES[name]
        if name not in WITHOUT_TRANSITION:
            self._attr_supported_features |= LightEntityFeature.TRANSITION
        if name == "Strip":
            self._attr_supported_features |= LightEntityFeature.EFFECT
            self._attr_effect_list, self._attr_effect = EFFECTS, "candle"
        self._attr_is_on, self._attr_brightness = True, 255
        self._attr_color_mode = min(MODES[name], key=lambda mode: (mode != ColorMode.COLOR_TEMP, mode))
        self._attr_color_temp_kelvin = 4000
        self._attr_rgb_color, self._attr_rgbw_color = (255, 120, 0), (0, 0, 0, 255)
        self._attr_rgbww_color, self._attr_hs_color, self._attr_xy_color = (0, 0, 0, 0, 255), (30.0, 70.0), (0.45, 0.41)
        self._takes = SLOW.get(name, 0.0)
        self._at_once = 0
        self._attr_extra_state_attributes = {"told": 0, "at_once": 0}

    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._work()
        self._attr_is_on = True
        for key, value in kwargs.items():
            mode = {"white": ColorMode.WHITE, "color_temp_kelvin": ColorMode.COLOR_TEMP}.get(key)
            if key.endswith("_color"):
                mode = ColorMode(key.removesuffix("_color"))
            self._attr_color_mode = mode if mode is not None else self._attr_color_mode
            if key == "white":
                self._attr_brightness = value
            elif key != "transition":
                setattr(self, f"_attr_{key}", value)
        self.async_write_ha_state()

    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._work()
        self._attr_is_on = False
        self.async_write_ha_state()

    async def _work(self) -> None:
        """How many calls it had at once at most is what a cloud would have refused."""
        said = self._attr_extra_state_attributes
        self._at_once += 1
        said["told"] += 1
        said["at_once"] = max(said["at_once"], self._at_once)
        await asyncio.sleep(self._takes)
        self._at_once -= 1
