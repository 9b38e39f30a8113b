"""What a home file may say of one component of a Shelly Gen1, and what that makes of its abilities."""

from collections.abc import Mapping
from typing import ClassVar, Final, Literal, NamedTuple

from pydantic import model_validator

from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.component import ComponentSettings
from orchestrator.devices.settings import Topic
from orchestrator.units import Ms
from orchestrator.values import Temperature

FULL_LEVEL: Final = 100
LONGEST_FADE: Ms = 5000


class Model(NamedTuple):
    """What a model's lamps can: colours, and its whites in kelvin."""

    colours: ColourMode
    warmest: int = 2700
    coolest: int = 6500


PLAIN = Model(ColourMode.NONE)
DUO = Model(ColourMode.TEMPERATURE)
STRIP = Model(ColourMode.RGB)
BULB = Model(ColourMode.TEMPERATURE | ColourMode.RGB, warmest=3000)
MODELS: Final = {
    "SHDM-1": PLAIN,
    "SHDM-2": PLAIN,
    "SHVIN-1": PLAIN,
    "SHBDUO-1": DUO,
    "SHCB-1": BULB,
    "SHBLB-1": BULB,
    "SHRGBW2": STRIP,
}
"""By the model of its announcement."""
_USUAL_MODEL = {"color": STRIP}


class Shelly1Settings(ComponentSettings):
    """`topic` is `shellies/` and the device's id; `component` is what of it is meant."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON})
    PARTS: ClassVar[Mapping[str, ColourMode]] = {
        "light": ColourMode.TEMPERATURE,
        "color": ColourMode.TEMPERATURE | ColourMode.RGB,
        "white": ColourMode.NONE,
        "relay": ColourMode.NONE,
        "input": ColourMode.NONE,
    }
    USUAL: ClassVar[Mapping[Kind, str]] = {Kind.LIGHT: "light:0", Kind.SWITCH: "relay:0", Kind.BUTTON: "input:0"}

    dialect: Literal["shelly1"]
    topic: Topic

    @property
    def dims(self) -> bool:
        return self.part not in ("relay", "input")

    @model_validator(mode="after")
    def _switches(self) -> "Shelly1Settings":
        if Kind.SWITCH in self.kinds and self.part != "relay":
            raise ValueError(f"{self.place} is a light: a switch is a relay, write `component: relay:0`")
        return self

    @property
    def usual_model(self) -> Model:
        """What it is taken for until it has announced itself."""
        if self.colors is None:
            return _USUAL_MODEL.get(self.part, PLAIN)
        if self.part == "light":
            return DUO if self.colors else PLAIN
        return BULB if "temperature" in self.colors else STRIP

    def abilities(self, model: Model | None = None) -> Abilities:
        """As the home file has it, within what the model has."""
        model = model or self.usual_model
        light = None
        if Kind.LIGHT in self.kinds:
            dims = self.dims
            own = LightAbilities(
                fade=FadeBy.NATIVE if dims else FadeBy.NONE,
                longest_fade=LONGEST_FADE,
                off_fade=dims,
                dimmable=dims,
                colours=model.colours & self.may_have,
                warmest=Temperature.of_kelvin(model.warmest).mired,
                coolest=Temperature.of_kelvin(model.coolest).mired,
                steps=FULL_LEVEL if dims else 1,
            )
            light = self.tuned(self.coloured(own))
        return Abilities(light=light, switch=SwitchAbilities() if Kind.SWITCH in self.kinds else None)
