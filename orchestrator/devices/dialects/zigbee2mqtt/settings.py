"""What a home file may say of a device behind Zigbee2MQTT, and what that makes of its abilities."""

import re
from dataclasses import replace
from typing import ClassVar, Literal

from orchestrator.devices.abilities import (
    Abilities,
    Budget,
    ColourMode,
    FadeBy,
    Kind,
    LightAbilities,
    SwitchAbilities,
)
from orchestrator.devices.dialects.zigbee2mqtt.inventory import Exposed
from orchestrator.devices.settings import LampSettings, Topic
from orchestrator.units import SECOND, Ms

FULL_LEVEL = 254
LONGEST_FADE: Ms = 6_553_400
SETTLE: Ms = 5 * SECOND
WARMEST = 454.0
"""Mired. What nearly every white lamp has (2200 K). Warmer would be clamped by the bridge and look like a hand."""
_GANG = re.compile(
    r"(l|ep|row_|relay|channel_?|switch_?|dimmer_?|port_?)?\d{1,2}"
    r"|(top|center|bottom)(_(left|right))?|left|right|middle|main|cct|rgb|white"
)
"""How converters call the endpoints of what has several."""


class Zigbee2MqttSettings(LampSettings):
    """`topic` of the device or group, or of one gang of it; `base` is the bridge's base topic where it has a slash."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON, Kind.SENSOR})

    dialect: Literal["zigbee2mqtt"]
    topic: Topic
    base: Topic | None = None

    @property
    def bridge(self) -> str:
        first = self.topic.find("/", 1)  # one in front is part of the first level
        return self.base or (self.topic[:first] if first > 0 else self.topic)

    @property
    def friendly_name(self) -> str:
        """What the bridge calls it, with the endpoint where the topic ends in one."""
        return self.topic.removeprefix(f"{self.bridge}/")

    @property
    def gang(self) -> tuple[str, str] | None:
        """The topic of the whole device and the last word, which may be an endpoint or belong to the name."""
        whole, _, last = self.topic.rpartition("/")
        return (whole, last) if whole not in ("", self.bridge) else None

    @property
    def looks_like_a_gang(self) -> bool:
        return self.gang is not None and _GANG.fullmatch(self.gang[1]) is not None

    def abilities(self, exposed: Exposed | None = None) -> Abilities:
        """As the home file has it, within what the bridge says of it."""
        light = None
        if Kind.LIGHT in self.kinds:
            light = LightAbilities(
                longest_fade=LONGEST_FADE, warmest=WARMEST, steps=FULL_LEVEL, settle=SETTLE, colour_with_off=True
            )
            light = self.tuned(_within(self.coloured(_ranged(light, exposed)), exposed))
        return Abilities(
            light=light,
            switch=SwitchAbilities(settle=SETTLE) if Kind.SWITCH in self.kinds else None,
            bridge=self.bridge,
            budget=Budget.GROUP if self.members else Budget.LAMP,
        )


def _ranged(light: LightAbilities, exposed: Exposed | None) -> LightAbilities:
    if exposed is None or exposed.whites is None:
        return light
    coolest, warmest = exposed.whites
    return replace(light, coolest=coolest, warmest=warmest)


def _within(light: LightAbilities, exposed: Exposed | None) -> LightAbilities:
    if exposed is None:
        return light
    has = ColourMode.TEMPERATURE if exposed.whites is not None else ColourMode.NONE
    has |= ColourMode.RGB if exposed.mixes else ColourMode.NONE
    if exposed.dims:
        return replace(light, colours=light.colours & has)
    return replace(light, colours=light.colours & has, dimmable=False, fade=FadeBy.NONE, off_fade=False)
