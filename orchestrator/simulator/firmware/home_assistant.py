"""A device that Home Assistant would find by MQTT: as ESPHome does it.

The state is the target, published once and retained; without `transition` a light takes its own second.
"""

from typing import Any

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects.home_assistant import HomeAssistantSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number, share
from orchestrator.simulator.advertisers.home_assistant import HomeAssistantAnnouncements
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

OWN_TRANSITION: Ms = SECOND
_MODES = {4: ("rgbw", "rgbw"), 5: ("rgbww", "rgbcw")}
"""Mode and keys by how many channels there are."""


class HomeAssistantFirmware:
    """One light, switch or event. `light` None: no light."""

    def __init__(self, settings: HomeAssistantSettings, light: LightAbilities | None = None) -> None:
        self._settings = settings
        self._light = light

    @property
    def topics(self) -> tuple[str, ...]:
        return (self._settings.command_topic,) if self._settings.command_topic is not None else ()

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        if self._settings.availability_topic is None:
            return ()
        word = self._settings.payload_available if online else self._settings.payload_not_available
        return (Message(self._settings.availability_topic, word, retain=True),)

    def asks(self, _message: Message) -> bool:
        return False

    def order(self, message: Message) -> Order | None:
        wish = fields(message.payload)
        if not wish:
            return None
        power = {"ON": True, "OFF": False}.get(str(wish.get("state")))
        level = self._level(wish)
        colour = self._colour(wish)
        if power is None and level is None and colour is None:
            return None
        return Order(power, None if power is False else level, colour, self._over(wish))

    def state(self, state: LightState) -> tuple[Message, ...]:
        on = state.level > OFF
        values: dict[str, Any] = {"state": "ON" if on else "OFF"}
        if self._settings.dimmable:
            shown = state.level if on else state.remembered
            values["brightness"] = round(shown * self._settings.brightness_scale / 100)
        return self._published(compact(**values, **self._spelt(state.colour)))

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

    def _over(self, wish: dict[str, Any]) -> Ms:
        if not self._settings.transition:
            return 0
        asked = number(wish.get("transition"))
        return OWN_TRANSITION if asked is None else round(max(asked, 0.0) * SECOND)

    def _level(self, wish: dict[str, Any]) -> Percent | None:
        asked = number(wish.get("brightness"))
        return None if asked is None else share(asked, self._settings.brightness_scale)

    def _colour(self, wish: dict[str, Any]) -> Colour | None:
        light, white, parts = self._light, number(wish.get("color_temp")), wish.get("color")
        if light is not None and white is not None and white > 0:
            mired = 1_000_000 / white if self._settings.color_temp_kelvin else white
            return Temperature(min(max(mired, light.coolest), light.warmest))
        return _mixed(parts) if light is not None and isinstance(parts, dict) else None

    def _spelt(self, colour: Colour | None) -> dict[str, Any]:
        if isinstance(colour, Temperature):
            white = colour.kelvin if self._settings.color_temp_kelvin else colour.mired
            return {"color_mode": "color_temp", "color_temp": round(white)}
        if colour is None:
            return {}
        match colour:
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
        return {"color_mode": mode, "color": dict(zip("rgb", (round(part) for part in colour.parts), strict=True))}


def _mixed(parts: dict[str, Any]) -> Colour | None:
    for keys in ("rgbcw", "rgbw", "rgb", "xy", "hs"):
        read = [number(parts.get(key)) for key in keys]
        values = [part for part in read if part is not None]
        if len(values) < len(keys):
            continue
        match keys:
            case "xy":
                return Xy(*values)
            case "hs":
                return HueSaturation(*values)
            case "rgb":
                return Rgb(*values)
            case _:
                return Channels(tuple(values))
    return None


TWIN = Twin(
    light=HomeAssistantFirmware,
    switch=HomeAssistantFirmware,
    button=HomeAssistantFirmware,
    advertiser=HomeAssistantAnnouncements,
)
