"""A device that Home Assistant would find by MQTT, in its JSON schema, as ESPHome does it.

The state is the target, published once and retained; without `transition` a light takes its own second. ESPHome itself
reads whole numbers only (light_json_schema.cpp, 2026): any other is as if it were not there. A white channel that it is
not told of stays as it is; of cold and warm white beside colours it never says the temperature that it was told.
"""

from typing import Any

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.home_assistant import HomeAssistantSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number, share
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

OWN_TRANSITION: Ms = SECOND
_LONGEST = 65_535
_GAMMA = 2.8
_MODES = {4: ("rgbw", "rgbw"), 5: ("rgbww", "rgbcw")}
"""Mode and keys by how many channels there are."""
_CHANNELS = {"rgbw": 4, "rgbww": 5}


class JsonFirmware:
    """One light, switch or event. `light` None: no light."""

    def __init__(self, settings: HomeAssistantSettings, light: LightAbilities | None = None) -> None:
        self._settings = settings
        self._light = light
        self._shown: Colour | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        return (self._settings.command_topic,) if self._settings.command_topic is not None else ()

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return presence(self._settings, online=online)

    def asks(self, _message: Message) -> bool:
        return False

    def order(self, message: Message) -> Order | None:
        wish = fields(message.payload)
        if not wish:
            return None
        power = {"ON": True, "OFF": False}.get(str(wish.get("state")))
        level, colour = self._level(wish), self._colour(wish)
        if self._settings.dims_by_colour and isinstance(colour, Rgb):
            level = share(max(colour.parts), 255)
            colour = colour.full
        if power is None and level is None and colour is None:
            return None
        return Order(power, None if power is False else level, colour, self._over(wish))

    def state(self, state: LightState) -> tuple[Message, ...]:
        self._shown = state.colour
        on = state.level > OFF
        values: dict[str, Any] = {"state": "ON" if on else "OFF"}
        shown = state.level if on else state.remembered
        spelt = self._spelt(state.colour)
        if self._settings.dims_by_colour and "color_temp" not in spelt:
            parts = spelt.get("color", {})
            spelt["color"] = {key: round(part * shown / 100) for key, part in parts.items()}
        elif self._settings.dims_by_brightness or self._settings.dims_by_colour:
            values["brightness"] = round(shown * self._settings.brightness_scale / 100)
        return self._published(compact(**values, **spelt))

    def switch(self, message: Message) -> bool | None:
        return {self._settings.payload_on: True, self._settings.payload_off: False}.get(message.payload.strip())

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        settings = self._settings
        word = (settings.state_on or settings.payload_on) if on else (settings.state_off or settings.payload_off)
        return self._published(word)

    def pressed(self, action: str) -> tuple[Message, ...]:
        topic = self._settings.state_topic
        return () if topic is None else (Message(topic, compact(event_type=action)),)

    def _published(self, payload: str) -> tuple[Message, ...]:
        topic = self._settings.state_topic
        return () if topic is None else (Message(topic, payload, retain=True),)

    def _number(self, value: object) -> float | None:
        """ESPHome takes what is a whole number, and never a word or a decimal."""
        if self._settings.is_esphome and (type(value) is not int or value < 0):
            return None
        return number(value)

    def _over(self, wish: dict[str, Any]) -> Ms:
        if not self._settings.transition:
            return 0
        asked = self._number(wish.get("transition"))
        if asked is None or (self._settings.is_esphome and asked > _LONGEST):
            return OWN_TRANSITION
        return round(max(asked, 0.0) * SECOND)

    def _level(self, wish: dict[str, Any]) -> Percent | None:
        if "white" in wish and "white" in self._settings.modes and not self._settings.is_esphome:
            return share(number(wish["white"]) or 0.0, self._settings.white_scale)
        asked = self._number(wish.get("brightness"))
        if asked is None or (self._settings.is_esphome and asked > 255):
            return None
        return share(asked, self._settings.brightness_scale)

    def _colour(self, wish: dict[str, Any]) -> Colour | None:
        light, white, parts = self._light, self._number(wish.get("color_temp")), wish.get("color")
        if light is None:
            return None
        if white is not None and white > 0:
            mired = 1_000_000 / white if self._settings.color_temp_kelvin else white
            return Temperature(min(max(mired, light.coolest), light.warmest))
        if "white" in wish and "white" in self._settings.modes and not self._settings.is_esphome:
            return Channels((0.0, 0.0, 0.0, 255.0))
        return self._mixed(parts, light) if isinstance(parts, dict) else None

    def _mixed(self, parts: dict[str, Any], light: LightAbilities) -> Colour | None:
        """White channels that it is not told of stay as they are; by themselves they are what it shows."""
        said = {key: value for key in parts if (value := self._number(parts[key])) is not None}
        if not {"r", "g", "b"} & said.keys() and "w" in said:
            if "c" in said and "rgbww" not in self._settings.modes:
                return Temperature(_mired((said["c"], said["w"]), light))
            return Channels((0.0, 0.0, 0.0, *(said[key] for key in "cw" if key in said)))
        count = next((_CHANNELS[mode] for mode in self._settings.modes if mode in _CHANNELS), 3)
        if count > 3 and {"r", "g", "b"} <= said.keys():
            before = self._shown.parts[3:] if isinstance(self._shown, Channels) else ()
            kept = dict(zip("cw"[5 - count :], before, strict=False))
            keys = "rgbw" if count == 4 else "rgbcw"
            channels = tuple(said.get(key, kept.get(key, 0.0)) for key in keys)
            return Channels(channels) if any(channels[3:]) else Rgb(*channels[:3])
        for keys in ("rgb", "xy", "hs"):
            if all(key in said for key in keys):
                values = [said[key] for key in keys]
                return Xy(*values) if keys == "xy" else HueSaturation(*values) if keys == "hs" else Rgb(*values)
        return None

    def _spelt(self, colour: Colour | None) -> dict[str, Any]:
        modes, is_esphome = self._settings.modes, self._settings.is_esphome
        if isinstance(colour, Temperature) and is_esphome and "rgb" in modes and self._light is not None:
            cold, warm = _cold_and_warm(colour.mired, self._light)
            return {"color_mode": "cwww", "color": {"c": cold, "w": warm}}
        if isinstance(colour, Temperature):
            white = colour.kelvin if self._settings.color_temp_kelvin else colour.mired
            return {"color_mode": "color_temp", "color_temp": round(white), **({"color": {}} if is_esphome else {})}
        match colour:
            case None:
                return {}
            case Channels((0.0, 0.0, 0.0, white)) if "rgbw" not in modes:
                own = {"color": {"w": round(white)}, "white_value": round(white)} if is_esphome else {}
                return {"color_mode": "white", **own}
            case Xy(x, y):
                return {"color_mode": "xy", "color": {"x": round(x, 4), "y": round(y, 4)}}
            case HueSaturation(hue, saturation):
                return {"color_mode": "hs", "color": {"h": round(hue, 2), "s": round(saturation, 2)}}
            case Channels(parts) if len(parts) in _MODES:
                mode, keys = _MODES[len(parts)]
                channels = dict(zip(keys, (round(part) for part in parts), strict=True))
                return {"color_mode": mode, "color": channels}
        return self._spelt_as_usual(colour.rgb)

    def _spelt_as_usual(self, colour: Rgb) -> dict[str, Any]:
        """A colour that it was not told in its own words."""
        modes = self._settings.supported_color_modes
        mode = next((mode for mode in modes if mode.startswith("rgb")), "xy" if "xy" in modes else "hs")
        match mode:
            case "xy":
                return {"color_mode": mode, "color": {"x": round(colour.xy.x, 4), "y": round(colour.xy.y, 4)}}
            case "hs":
                named = colour.hue
                return {"color_mode": mode, "color": {"h": round(named.hue, 2), "s": round(named.saturation, 2)}}
        keys = {"rgbw": "rgbw", "rgbww": "rgbcw"}.get(mode, "rgb")
        parts = [round(part) for part in (*colour.parts, 0.0, 0.0)]
        return {"color_mode": mode, "color": dict(zip(keys, parts, strict=False))}


def _cold_and_warm(mired: float, light: LightAbilities) -> tuple[int, int]:
    """What its two whites shine for a temperature (light_call.cpp): the stronger of them in full."""
    warm = (min(max(mired, light.coolest), light.warmest) - light.coolest) / (light.warmest - light.coolest)
    parts = [part / max(warm, 1.0 - warm) for part in (1.0 - warm, warm)]
    cold_units, warm_units = (round(255 * part ** (1 / _GAMMA)) for part in parts)
    return cold_units, warm_units


def _mired(shines: tuple[float, float], light: LightAbilities) -> float:
    cold, warm = ((part / 255) ** _GAMMA for part in shines)
    return light.coolest + (light.warmest - light.coolest) * (warm / (cold + warm) if cold + warm else 0.5)


def presence(settings: HomeAssistantSettings, *, online: bool) -> tuple[Message, ...]:
    """What it says of its being there."""
    return tuple(
        Message(way.topic, way.payload_available if online else way.payload_not_available, retain=True)
        for way in settings.presence
    )
