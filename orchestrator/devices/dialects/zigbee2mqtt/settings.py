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
from orchestrator.devices.dialects.zigbee2mqtt.inventory import Exposed, Mixing
from orchestrator.devices.settings import LampSettings, Topic
from orchestrator.units import SECOND, Ms

FULL_LEVEL = 254
LONGEST_FADE: Ms = 6_553_400
DEAF: Ms = 300
"""So much earlier than the next command comes a lamp is there that hears nothing while it fades."""
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

    def abilities(self, exposed: Exposed | None = None, *, is_group: bool = False) -> Abilities:
        """As the home file has it, within what the bridge says of it."""
        light = None
        if Kind.LIGHT in self.kinds:
            light = LightAbilities(
                longest_fade=LONGEST_FADE,
                warmest=WARMEST,
                steps=FULL_LEVEL,
                settle=SETTLE,
                colour_with_off=True,
                off_after_fade=True,
            )
            if exposed is None:
                light = self.tuned(self.coloured(light))
            else:
                light = _within(self.tuned(self.coloured(_said(light, exposed))), exposed)
        return Abilities(
            light=light,
            switch=SwitchAbilities(settle=SETTLE) if Kind.SWITCH in self.kinds else None,
            bridge=self.bridge,
            budget=Budget.GROUP if self.members or is_group else Budget.LAMP,
        )


def _said(light: LightAbilities, exposed: Exposed) -> LightAbilities:
    """What the home file may say otherwise."""
    coolest, warmest = exposed.whites or (light.coolest, light.warmest)
    fade = light.fade if exposed.takes_time else FadeBy.STEPPED
    apart = not exposed.fades_both
    says_colour = bool(exposed.says & {"color", "color_temp"})
    return replace(
        light,
        coolest=coolest,
        warmest=warmest,
        fade=fade,
        one_attribute_per_fade=apart,
        may_be_deaf=apart,
        starts_bright=exposed.is_turned_on_first,
        says_colour=says_colour,
    )


def _within(light: LightAbilities, exposed: Exposed) -> LightAbilities:
    """No more than the lamp has, whatever the home file says."""
    has = ColourMode.TEMPERATURE if exposed.has_whites else ColourMode.NONE
    has |= ColourMode.NONE if exposed.mixing is Mixing.NONE else ColourMode.RGB
    if exposed.whites is not None:
        coolest, warmest = max(light.coolest, exposed.whites[0]), min(light.warmest, exposed.whites[1])
        coolest, warmest = (coolest, warmest) if coolest < warmest else exposed.whites
        light = replace(light, coolest=coolest, warmest=warmest)
    colours = light.colours & has
    light = replace(light, colours=colours, says_colour=light.says_colour and bool(colours))
    if exposed.dims:
        return light
    return replace(light, dimmable=False, fade=FadeBy.NONE, off_fade=False)
