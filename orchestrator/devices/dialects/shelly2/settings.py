"""What a home file may say of one component of a Shelly Gen2 or later, and what that makes of its abilities."""

from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import StringConstraints, model_validator

from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.settings import DeviceLength, LampSettings, Topic
from orchestrator.units import SECOND, Ms
from orchestrator.values import Temperature

FULL_LEVEL: Final = 100
SHORTEST_FADE: Ms = 500
LONGEST_FADE: Ms = 10_800 * SECOND
WARMEST, COOLEST = Temperature.of_kelvin(2700).mired, Temperature.of_kelvin(6500).mired
"""What its bulbs have, and those strips whose settings do not say `ct_range`."""

_METHODS = {"light": "Light", "cct": "CCT", "rgb": "RGB", "rgbw": "RGBW", "rgbcct": "RGBCCT"}
_METHODS |= {"switch": "Switch", "input": "Input"}
_COLOURS = {
    "cct": ColourMode.TEMPERATURE,
    "rgb": ColourMode.RGB,
    "rgbw": ColourMode.RGB,
    "rgbcct": ColourMode.TEMPERATURE | ColourMode.RGB,
}
_USUAL = {Kind.LIGHT: "light:0", Kind.SWITCH: "switch:0", Kind.BUTTON: "input:0"}
_NAMES = {ColourMode.TEMPERATURE: "temperature", ColourMode.RGB: "rgb"}

ComponentName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^(light|cct|rgb|rgbw|rgbcct|switch|input):\d{1,3}$", strict=True)
]


class Shelly2Settings(LampSettings):
    """`topic` is the device's MQTT prefix; `component` what of it; `off_after` when a plug goes off by itself."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON})

    dialect: Literal["shelly2"]
    topic: Topic
    component: ComponentName | None = None
    off_after: DeviceLength | None = None

    @property
    def place(self) -> str:
        """The component that is meant."""
        return self.component or _USUAL[self.kinds[0]]

    @property
    def part(self) -> str:
        """What sort of component it is: `light`, `cct` …"""
        return self.place.partition(":")[0]

    @property
    def number(self) -> int:
        return int(self.place.partition(":")[2])

    @property
    def namespace(self) -> str:
        """What the component's methods begin with."""
        return _METHODS[self.part]

    @property
    def dims(self) -> bool:
        return self.part not in ("switch", "input")

    @model_validator(mode="after")
    def _fits(self) -> "Shelly2Settings":
        is_input = self.part == "input"
        if is_input != (self.kinds == (Kind.BUTTON,)):
            wanted = "a button is an input: write `component: input:0`" if not is_input else "it is `kind: button`"
            raise ValueError(f"{self.place} cannot be that: {wanted}")
        if self.off_after is not None and Kind.SWITCH not in self.kinds:
            raise ValueError("only a switch has `off_after`")
        lacks = [name for mode, name in _NAMES.items() if name in (self.colors or ()) and mode not in self._colours]
        if lacks:
            raise ValueError(f"{self.place} has no {' and '.join(lacks)}: leave `colors` out, the component tells it")
        return self

    @property
    def _colours(self) -> ColourMode:
        return _COLOURS.get(self.part, ColourMode.NONE)

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
                colours=self._colours,
                warmest=warmest,
                coolest=coolest,
                steps=FULL_LEVEL if dims else 1,
            )
            light = self.tuned(self.coloured(own))
        return Abilities(light=light, switch=SwitchAbilities() if Kind.SWITCH in self.kinds else None)
