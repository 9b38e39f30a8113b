"""A light of Home Assistant's: what it can, as its entity says it; what it is told, and how it says that it is.

A call has one colour at most. While a light is off it says no colour (`color_mode: null`), and nothing is known of one.
An effect is somebody's: it is given back with the colour that was shown with it, and ends where another is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from orchestrator.devices.abilities import ColourMode, FadeBy, LightAbilities
from orchestrator.devices.dialects.hass.entity_state import EntityState, ServiceCall
from orchestrator.devices.dialects.hass.settings import HassSettings
from orchestrator.devices.messages import LightAbilitiesReport, LightReport, Report, SetLight
from orchestrator.devices.reading import Reading
from orchestrator.devices.wire import number, seconds, units
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

EFFECT, TRANSITION = 4, 32
"""LightEntityFeature."""
FULL_LEVEL: Final = 255
LONGEST_FADE: Ms = 6_553_000
"""Home Assistant takes no longer transition (light/__init__.py: VALID_TRANSITION)."""
WHITES: Final = (2000, 6535)
"""Kelvin, where an entity has no others (light/const.py: DEFAULT_MIN_KELVIN)."""
STEP: Ms = 400
"""From step to step: a lamp in a cloud takes a third of a second for each."""
SETTLE: Ms = 3 * SECOND
_MIXING: Final = ("hs", "xy", "rgb", "rgbw", "rgbww")
_PARTS: Final = {"hs": "hs", "xy": "xy", "rgb": "rgb", "rgbw": "rgbw", "rgbww": "rgbcw"}
_NO_EFFECT: Final = ("off", "none", "solid", "no effect")


class HassLight:
    """One light. What it was heard to be able to do stands in `abilities`."""

    def __init__(self, settings: HassSettings) -> None:
        self._settings = settings
        self._entity = settings.entity
        self._modes: tuple[str, ...] = ("color_temp", "xy")
        self._takes_time = True
        self._no_effect: str | None = None
        self._shown: Colour | None = None
        self._effect: str | None = None
        self._somebodys: tuple[str, Colour | None] | None = None
        """An effect that we have ended, and the colour that it was shown with."""
        self.abilities = self._declared(EntityState("", {}))

    def _declared(self, state: EntityState) -> LightAbilities:
        """What it is until it has said so: a lamp of today."""
        warmest, coolest = (
            number(state.attributes.get(key, usual))
            for key, usual in (("min_color_temp_kelvin", WHITES[0]), ("max_color_temp_kelvin", WHITES[1]))
        )
        light = LightAbilities(longest_fade=LONGEST_FADE, steps=FULL_LEVEL, settle=SETTLE, says_colour=True)
        dims = any(mode not in ("onoff", "unknown") for mode in self._modes)
        fade = FadeBy.NONE if not dims else FadeBy.NATIVE if self._takes_time else FadeBy.STEPPED
        colours = ColourMode.TEMPERATURE if "color_temp" in self._modes else ColourMode.NONE
        if any(mode in _MIXING for mode in self._modes):
            colours |= ColourMode.RGB
        tuned = self._settings.tuned(
            replace(
                light,
                fade=fade,
                off_fade=fade is FadeBy.NATIVE,
                dimmable=dims,
                colours=colours,
                says_colour=bool(colours),
                warmest=1_000_000 / warmest if warmest and 1000 <= warmest <= 20_000 else light.warmest,
                coolest=1_000_000 / coolest if coolest and 1000 <= coolest <= 20_000 else light.coolest,
            )
        )
        if tuned.fade is FadeBy.STEPPED and self._settings.segment is None:
            tuned = replace(tuned, segment=STEP)
        return tuned

    # Out

    def calls(self, change: SetLight) -> Sequence[ServiceCall]:
        """What brings it about; where it shows somebody's effect, that is noted as ended with `told`."""
        level, colour, transition = change
        lasts = {"transition": seconds(min(transition, LONGEST_FADE), 2)} if self._takes_time else {}
        if level is not None and level <= OFF:
            return (ServiceCall("light.turn_off", lasts, self._entity),)
        if level is None and colour is None:
            return ()
        wish: dict[str, Any] = {}
        if level is not None and self.abilities.dimmable:
            wish["brightness"] = units(level, FULL_LEVEL)
        shown = {} if colour is None else self._spelt(colour)
        if "white" in shown:
            shown = {"white": wish.pop("brightness", FULL_LEVEL)}
        if level is None and not shown:
            return ()
        return (ServiceCall("light.turn_on", wish | shown | self._effect_with(colour) | lasts, self._entity),)

    def told(self, change: SetLight) -> None:
        """It was sent."""
        if change.colour is None or not self._effect_with(change.colour):
            return
        if self._effect is not None:
            self._somebodys, self._effect = (self._effect, self._shown), None
        else:
            self._somebodys = None

    def _effect_with(self, colour: Colour | None) -> dict[str, str]:
        """Somebody's effect with its own colour, none with another."""
        if colour is None:
            return {}
        if self._effect is not None:
            is_as_it_was = colour == self._shown or self._no_effect is None
            return {} if is_as_it_was else {"effect": str(self._no_effect)}
        if self._somebodys is not None and colour == self._somebodys[1]:
            return {"effect": self._somebodys[0]}
        return {}

    def _spelt(self, colour: Colour) -> dict[str, Any]:
        """In the words in which it said it, where it has that mode; else as Home Assistant mixes it for it."""
        modes = self._modes
        match colour:
            case Temperature():
                has_any = "color_temp" in modes or any(mode in _MIXING for mode in modes)
                return {"color_temp_kelvin": round(colour.kelvin)} if has_any else {}
            case _ if "white" in modes and colour == _WHITE:
                return {"white": FULL_LEVEL}
            case _ if not any(mode in _MIXING for mode in modes):
                return {}
            case HueSaturation(hue, saturation):
                return {"hs_color": [round(hue, 3), round(saturation, 3)]}
            case Xy(x, y):
                return {"xy_color": [round(x, 4), round(y, 4)]}
            case Channels(parts) if len(parts) == 4 and "rgbw" in modes:
                return {"rgbw_color": [round(part) for part in parts]}
            case Channels(parts) if len(parts) == 5 and "rgbww" in modes:
                return {"rgbww_color": [round(part) for part in parts]}
            case Channels(parts) if len(parts) == 3:
                return {"rgb_color": [round(part) for part in parts]}
        if isinstance(colour, Rgb) and not {"rgb", "rgbw", "rgbww"} & set(modes):
            if "xy" in modes:
                return {"xy_color": [round(colour.xy.x, 4), round(colour.xy.y, 4)]}
            return {"hs_color": [round(colour.hue.hue, 3), round(colour.hue.saturation, 3)]}
        return {"rgb_color": [round(part) for part in colour.rgb.full.parts]}

    # In

    def hear(self, state: EntityState) -> tuple[Report, ...]:
        """What a real state says: what it can, where that is news, and how it is."""
        return (*self._can(state), *self._is(state))

    def _can(self, state: EntityState) -> tuple[Report, ...]:
        modes, effects = state.attributes.get("supported_color_modes"), state.attributes.get("effect_list")
        if isinstance(modes, list) and modes:
            self._modes = tuple(mode for mode in modes if isinstance(mode, str))
            self._takes_time = state.has(TRANSITION)
        if isinstance(effects, list):
            self._no_effect = next((str(each) for each in effects if str(each).lower() in _NO_EFFECT), None)
        before, self.abilities = self.abilities, self._declared(state)
        return (LightAbilitiesReport(self.abilities),) if self.abilities != before else ()

    def _is(self, state: EntityState) -> tuple[Report, ...]:
        if state.word not in ("on", "off"):
            return ()
        if state.word == "off":
            self._effect = None
            return (LightReport(OFF),)
        reading = Reading()
        level: Percent | None = Percent(100.0)
        if self.abilities.dimmable:
            level = reading.share("brightness", state.attributes.get("brightness"), FULL_LEVEL) or None
        colour = _colour_of(state.attributes, reading)
        self._note_effect(state.attributes.get("effect"), colour)
        report = LightReport(level, colour)
        return (*(() if report == LightReport() else (report,)), *reading.refused)

    def _note_effect(self, said: object, colour: Colour | None) -> None:
        self._effect = said if isinstance(said, str) and said.lower() not in _NO_EFFECT else None
        self._shown = colour
        if self._effect is not None:
            self._somebodys = None


_WHITE: Final = Channels((0.0, 0.0, 0.0, 255.0))
"""The white of a lamp that has one beside its colours (`white`); how bright it is is its brightness."""


def _colour_of(said: Mapping[str, Any], reading: Reading) -> Colour | None:
    """What `color_mode` says is meant: all else beside it is the same in other words."""
    mode = said.get("color_mode")
    if mode == "color_temp":
        return reading.white("color_temp_kelvin", said.get("color_temp_kelvin"), kelvin=True)
    if mode == "white":
        return _WHITE
    if mode not in _PARTS:
        return None
    parts, keys = said.get(f"{mode}_color"), _PARTS[mode]
    if not isinstance(parts, list) or len(parts) != len(keys):
        return None
    return reading.colour(dict(zip(keys, parts, strict=True)), mode)
