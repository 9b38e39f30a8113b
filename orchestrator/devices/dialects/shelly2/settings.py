"""What a home file may say of one component of a Shelly Gen2 or later, and what that makes of its abilities."""

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from pydantic import model_validator

from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.component import ComponentSettings
from orchestrator.devices.settings import DeviceLength, Topic
from orchestrator.units import SECOND, Ms
from orchestrator.values import Temperature

FULL_LEVEL: Final = 100
SHORTEST_FADE: Ms = 500
LONGEST_FADE: Ms = 10_800 * SECOND
WARMEST, COOLEST = Temperature.of_kelvin(2700).mired, Temperature.of_kelvin(6500).mired
"""What its bulbs have, and those strips whose settings do not say `ct_range`."""

_METHODS = {"light": "Light", "cct": "CCT", "rgb": "RGB", "rgbw": "RGBW", "rgbcct": "RGBCCT"}
_METHODS |= {"switch": "Switch", "input": "Input"}


class Shelly2Settings(ComponentSettings):
    """`topic` is the device's MQTT prefix; `component` what of it; `off_after` when a plug goes off by itself."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON})
    PARTS: ClassVar[Mapping[str, ColourMode]] = {
        "light": ColourMode.NONE,
        "cct": ColourMode.TEMPERATURE,
        "rgb": ColourMode.RGB,
        "rgbw": ColourMode.RGB,
        "rgbcct": ColourMode.TEMPERATURE | ColourMode.RGB,
        "switch": ColourMode.NONE,
        "input": ColourMode.NONE,
    }
    USUAL: ClassVar[Mapping[Kind, str]] = {Kind.LIGHT: "light:0", Kind.SWITCH: "switch:0", Kind.BUTTON: "input:0"}

    dialect: Literal["shelly2"]
    topic: Topic
    off_after: DeviceLength | None = None

    @property
    def namespace(self) -> str:
        """What the component's methods begin with."""
        return _METHODS[self.part]

    @property
    def dims(self) -> bool:
        return self.part not in ("switch", "input")

    @model_validator(mode="after")
    def _goes_off(self) -> "Shelly2Settings":
        if self.off_after is not None and Kind.SWITCH not in self.kinds:
            raise ValueError("only a switch has `off_after`")
        return self

    def abilities(self, whites: tuple[float, float] | None = None) -> Abilities:
        """As the home file has it; `whites` are the coolest and the warmest in mired, as the device says them."""
        coolest, warmest = whites or (COOLEST, WARMEST)
        light = None
        if Kind.LIGHT in self.kinds:
            dims = self.dims
            own = LightAbilities(
                fade=FadeBy.NATIVE if dims else FadeBy.NONE,
                longest_fade=LONGEST_FADE,
                off_fade=dims,
                level_while_off=dims,
                dimmable=dims,
                colours=self.may_have,
                warmest=warmest,
                coolest=coolest,
                steps=FULL_LEVEL if dims else 1,
            )
            light = self.tuned(self.coloured(own))
        return Abilities(light=light, switch=SwitchAbilities() if Kind.SWITCH in self.kinds else None)
