"""A Zigbee2MQTT bridge with one lamp, group or plug behind it, as its converters 26.112 treat a `/set`.

Optimistic: the state that it publishes at once is the target. A payload that cannot be converted or encoded sends
nothing and is told on `bridge/logging`. States are not retained. One of several lamps or switches of a device is told
at its endpoint's topic, and speaks on that of the whole, under its own names (`brightness_l1`).
"""

from typing import Any

from orchestrator.devices.abilities import ColourMode, LightAbilities
from orchestrator.devices.dialects.zigbee2mqtt import FULL_LEVEL, Zigbee2MqttSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number, share
from orchestrator.simulator.advertisers.zigbee2mqtt import Zigbee2MqttBridges, gang_of
from orchestrator.simulator.bulb import Order
from orchestrator.simulator.firmware import Complaint, LightState
from orchestrator.simulator.twin import Twin
from orchestrator.units import FULL, OFF, Ms, Percent
from orchestrator.values import Colour, HueSaturation, Rgb, Temperature, Xy

_PRESETS = {"coolest": 0.0, "cool": 250.0, "neutral": 370.0, "warm": 454.0, "warmest": 1000.0}
_MOST_TENTHS = 65_534


class _Unconvertible(Exception):
    """A value that a converter does not take, with the key that it stands under."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key = key


class Zigbee2MqttFirmware:
    """One device's side of the bridge. `light` None: a plug or a remote."""

    def __init__(self, settings: Zigbee2MqttSettings, light: LightAbilities | None = None) -> None:
        self._topic = settings.topic
        self._bridge = settings.bridge
        self._light = light
        self._whole, self._endpoint = gang_of(settings) or (settings.topic, "")
        self._said: dict[str, Any] = {}

    @property
    def whole(self) -> str | None:
        return self._whole if self._endpoint else None

    def share(self, said: dict[str, Any]) -> None:
        self._said = said

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._topic}/set", f"{self._topic}/get")

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        state = "online" if online else "offline"
        return (Message(f"{self._whole}/availability", compact(state=state), qos=1, retain=True),)

    def asks(self, message: Message) -> bool:
        return message.topic == f"{self._topic}/get"

    def order(self, message: Message) -> Order | Complaint | None:
        wish = _wish(message.payload)
        try:
            return self._converted(wish)
        except _Unconvertible as error:
            name = self._whole.removeprefix(f"{self._bridge}/")
            text = f"z2m: Publish 'set' '{error.key}' to '{name}' failed: '{error}'"
            logged = compact(level="error", message=text, namespace="z2m")
            return Complaint(Message(f"{self._bridge}/bridge/logging", logged))

    def state(self, state: LightState) -> tuple[Message, ...]:
        """While it is off, `brightness` stays what it was."""
        on = state.level > OFF
        shown = state.level if on else state.remembered
        values: dict[str, Any] = {"state": "ON" if on else "OFF", "brightness": round(shown * FULL_LEVEL / 100)}
        values |= self._spelt(state.colour)
        return (self._saying(values),)

    def _saying(self, values: dict[str, Any]) -> Message:
        """Of a device of several lamps or switches all that is known of each stands in every message."""
        if self._endpoint:
            self._said |= {f"{key}_{self._endpoint}": value for key, value in values.items()}
            values = self._said
        return Message(self._whole, compact(**values, linkquality=120))

    def switch(self, message: Message) -> bool | None:
        word = _wish(message.payload).get("state")
        return {"ON": True, "OFF": False}.get(word.upper()) if isinstance(word, str) else None

    def switched(self, *, on: bool) -> tuple[Message, ...]:
        return (self._saying({"state": "ON" if on else "OFF"}),)

    def pressed(self, action: str) -> tuple[Message, ...]:
        return (Message(self._topic, compact(action=action, battery=90, linkquality=120)),)

    def _converted(self, wish: dict[str, Any]) -> Order | None:
        over = _transition(wish)
        word = wish.get("state")
        power = {"ON": True, "OFF": False}.get(word.upper()) if isinstance(word, str) else None
        if wish.get("brightness_move") == "stop" or wish.get("brightness_move") == 0:
            return Order(halt=True)
        level, colour = _level(wish), self._colour(wish)
        if power is None and level is None and colour is None:
            return None
        prepare = "state" in wish and word is None
        # A lamp that cannot fade both has its level jump where a colour fades beside it (converters 26, getTransition).
        is_apart = self._light is not None and self._light.one_attribute_per_fade and colour is not None
        level_over = 0 if is_apart and power is not False else None
        return Order(power, None if power is False else level, colour, over, prepare=prepare, level_over=level_over)

    def _colour(self, wish: dict[str, Any]) -> Colour | None:
        light = self._light
        if light is None:
            return None
        asked = wish.get("color_temp")
        mired = _PRESETS.get(asked) if isinstance(asked, str) and asked in _PRESETS else number(asked)
        if mired is not None and ColourMode.TEMPERATURE in light.colours:
            return Temperature(min(max(mired, light.coolest), light.warmest))
        parts = wish.get("color")
        return _mixed(parts) if isinstance(parts, dict) and ColourMode.RGB in light.colours else None

    def _spelt(self, colour: Colour | None) -> dict[str, Any]:
        """Both ways, as the bridge keeps them in step; `color_mode` says which is meant."""
        if colour is None or self._light is None:
            return {}
        if isinstance(colour, HueSaturation):
            named = {"hue": round(colour.hue, 2), "saturation": round(colour.saturation, 2)}
            return {"color_mode": "hs", "color": named | _placed(colour)}
        if not isinstance(colour, Temperature):
            return {"color_mode": "xy", "color": _placed(colour)}
        spelt: dict[str, Any] = {"color_mode": "color_temp", "color_temp": round(colour.mired)}
        if ColourMode.RGB in self._light.colours:
            spelt["color"] = _placed(colour)
        return spelt


def _placed(colour: Colour) -> dict[str, float]:
    return {"x": round(colour.xy.x, 4), "y": round(colour.xy.y, 4)}


def _wish(payload: str) -> dict[str, Any]:
    return fields(payload) or {"state": payload.strip()}


def _transition(wish: dict[str, Any]) -> Ms:
    """Tenths of a second in 16 bits, cut and not rounded."""
    if "transition" not in wish:
        return 0
    asked = number(wish["transition"])
    if asked is None or asked < 0:
        raise _Unconvertible("transition", "transition value of message is no number")
    tenths = int(round(asked * 10, 6))
    if tenths > _MOST_TENTHS:
        raise _Unconvertible("transition", f'the value of "value" is out of range, it must be <= 65535: {tenths}')
    return tenths * 100


def _level(wish: dict[str, Any]) -> Percent | None:
    if "brightness" not in wish:
        return None
    asked = number(wish["brightness"])
    if asked is None or not 0 <= asked <= FULL_LEVEL + 1:
        raise _Unconvertible("brightness", "brightness value of message must be between 0 and 254")
    return share(asked, FULL_LEVEL) if asked < FULL_LEVEL else FULL


def _mixed(parts: dict[str, Any]) -> Colour | None:
    x, y = number(parts.get("x")), number(parts.get("y"))
    if x is not None and y is not None:
        return Xy(x, y)
    red, green, blue = (number(parts.get(key)) for key in "rgb")
    if red is not None and green is not None and blue is not None:
        return Rgb(red, green, blue).full
    degrees, saturation = number(parts.get("hue")), number(parts.get("saturation"))
    if degrees is not None and saturation is not None:
        return HueSaturation(degrees, saturation)
    try:
        return Rgb.of_hex(str(parts.get("hex"))).full
    except ValueError:
        return None


TWIN = Twin(
    light=Zigbee2MqttFirmware,
    switch=Zigbee2MqttFirmware,
    button=Zigbee2MqttFirmware,
    advertiser=Zigbee2MqttBridges,
)
