"""Zigbee2MQTT 1.x and 2.x: lamps, groups, plugs, remotes.

Payloads as its converters 26.112 take them. Brightness 1 to 254; transition in seconds with one decimal, at most 6553.4
(16 bits of tenths); level and colour are two Zigbee commands even in one message; off fades are made by the bridge.
"""

from typing import Any, ClassVar, Literal

from orchestrator.devices import chromaticity
from orchestrator.devices.abilities import Abilities, Budget, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    LightReport,
    Message,
    Report,
    SetLight,
    SetSwitch,
    SwitchReport,
)
from orchestrator.devices.settings import LampSettings, Topic
from orchestrator.devices.wire import compact, fields, number, seconds, share, units
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Colour, Rgb, Temperature

FULL_LEVEL = 254
LONGEST_FADE: Ms = 6_553_400
SETTLE: Ms = 5 * SECOND
WARMEST = 454.0
"""Mired. What nearly every white lamp has (2200 K). Warmer would be clamped by the bridge and look like a hand."""


class Zigbee2MqttSettings(LampSettings):
    """`topic` of the device or group; `base` is the bridge's base topic where it has a slash in it."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON, Kind.SENSOR})

    dialect: Literal["zigbee2mqtt"]
    topic: Topic
    base: Topic | None = None

    @property
    def bridge(self) -> str:
        first = self.topic.find("/", 1)  # one in front is part of the first level
        return self.base or (self.topic[:first] if first > 0 else self.topic)


class Zigbee2Mqtt:
    """One device or group behind a Zigbee2MQTT bridge."""

    def __init__(self, name: str, settings: Zigbee2MqttSettings) -> None:
        self.name = name
        self._topic = settings.topic
        self._bridge_state = f"{settings.bridge}/bridge/state"
        self._kinds = frozenset(settings.kinds)
        self._abilities = _abilities(settings)

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        own = (self._topic, f"{self._topic}/availability", self._bridge_state)
        return (*own, f"{self._topic}/action") if Kind.BUTTON in self._kinds else own

    def encode(self, change: Change) -> tuple[Message, ...]:
        payload = self._payload(change)
        return () if payload is None else (Message(f"{self._topic}/set", payload),)

    def cost(self, change: Change) -> int:
        if isinstance(change, SetLight) and change.level != OFF:
            return (change.level is not None) + (change.colour is not None)
        return 1 if isinstance(change, SetLight | SetSwitch) else 0

    def query(self) -> tuple[Message, ...]:
        light = self._abilities.light
        if light is not None:
            asked = dict.fromkeys(("state", "brightness") if light.dimmable else ("state",), "")
            if light.colours:
                asked["color_temp"] = ""
        elif self._abilities.switch is not None:
            asked = {"state": ""}
        else:
            return ()
        return (Message(f"{self._topic}/get", compact(**asked)),)

    def decode(self, message: Message) -> tuple[Report, ...]:
        if message.topic in (f"{self._topic}/availability", self._bridge_state):
            return _availability(message.payload)
        if message.topic == f"{self._topic}/action":
            return self._pressed(message.payload, message)
        if message.topic != self._topic:
            return ()
        state = fields(message.payload)
        return (*self._lit(state), *self._switched(state), *self._pressed(state.get("action"), message))

    def _payload(self, change: Change) -> str | None:
        light, switch = self._abilities.light, self._abilities.switch
        match change:
            case SetLight(level, colour, transition) if light is not None:
                return _light(level, colour, min(transition, LONGEST_FADE))
            case SetSwitch(on) if switch is not None:
                return compact(state="ON" if on else "OFF")
            case _:
                return None

    def _lit(self, state: dict[str, Any]) -> tuple[Report, ...]:
        light = self._abilities.light
        if light is None:
            return ()
        report = LightReport(_level(state, light.dimmable), _colour(state))
        return () if report == LightReport() else (report,)

    def _switched(self, state: dict[str, Any]) -> tuple[Report, ...]:
        on = _is_on(state.get("state"))
        return () if self._abilities.switch is None or on is None else (SwitchReport(on),)

    def _pressed(self, action: object, message: Message) -> tuple[Report, ...]:
        """A press that is retained was pressed long ago."""
        if Kind.BUTTON not in self._kinds or message.retain or not isinstance(action, str) or not action.strip():
            return ()
        return (ButtonReport(action.strip()),)


def _abilities(settings: Zigbee2MqttSettings) -> Abilities:
    light = None
    if Kind.LIGHT in settings.kinds:
        own = LightAbilities(longest_fade=LONGEST_FADE, warmest=WARMEST, steps=FULL_LEVEL, settle=SETTLE)
        light = settings.tuned(settings.coloured(own))
    return Abilities(
        light=light,
        switch=SwitchAbilities(settle=SETTLE) if Kind.SWITCH in settings.kinds else None,
        bridge=settings.bridge,
        budget=Budget.GROUP if settings.members else Budget.LAMP,
    )


def _light(level: Percent | None, colour: Colour | None, transition: Ms) -> str | None:
    """Off without a time is a plain OFF: one frame, and safe for lamps that are off already."""
    length = seconds(transition)
    if level is not None and level <= OFF:
        return compact(state="OFF", transition=length or None)
    if level is None and colour is None:
        return None
    return compact(
        state=None if level is None else "ON",
        brightness=None if level is None else units(level, FULL_LEVEL),
        color_temp=round(colour.mired) if isinstance(colour, Temperature) else None,
        color=dict(zip("xy", chromaticity.xy(colour), strict=True)) if isinstance(colour, Rgb) else None,
        transition=length,
    )


def _is_on(word: object) -> bool | None:
    known = {"ON": True, "OFF": False}
    return known.get(word.upper()) if isinstance(word, str) else None


def _level(state: dict[str, Any], dimmable: bool) -> Percent | None:
    on = _is_on(state.get("state"))
    if on is False:
        return OFF
    brightness = number(state.get("brightness"))
    if brightness is not None and brightness > 0:
        return share(brightness, FULL_LEVEL)
    return Percent(100.0) if on and not dimmable else None


def _colour(state: dict[str, Any]) -> Colour | None:
    """`color_mode` says which of the two is meant; without it, what stands alone."""
    mired = number(state.get("color_temp"))
    mode = state.get("color_mode", "color_temp" if mired is not None and "color" not in state else "xy")
    if mode == "color_temp":
        return Temperature(mired) if mired is not None and mired > 0 else None
    parts = state.get("color")
    if not isinstance(parts, dict):
        return None
    x, y = number(parts.get("x")), number(parts.get("y"))
    if x is not None and y is not None:
        return chromaticity.of_xy(x, y)
    degrees, saturation = number(parts.get("hue")), number(parts.get("saturation"))
    return chromaticity.of_hue(degrees, saturation) if degrees is not None and saturation is not None else None


def _availability(payload: str) -> tuple[Report, ...]:
    """`{"state":"online"}`, or the bare word of older versions."""
    word = fields(payload).get("state") or payload.strip()
    return (AvailabilityReport(word == "online"),) if word in ("online", "offline") else ()


FAMILY = Family("zigbee2mqtt", Zigbee2MqttSettings, Zigbee2Mqtt)
