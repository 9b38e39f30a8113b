"""What a home file may say of one component of a Shelly Gen1, and what that makes of its abilities."""

from typing import Annotated, ClassVar, Final, Literal, NamedTuple, TypeAlias

from pydantic import StringConstraints, model_validator

from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.settings import LampSettings, Topic
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
_USUAL = {Kind.LIGHT: "light:0", Kind.SWITCH: "relay:0", Kind.BUTTON: "input:0"}
_MAY_HAVE = {"light": ColourMode.TEMPERATURE, "color": ColourMode.TEMPERATURE | ColourMode.RGB}
_NAMES = {ColourMode.TEMPERATURE: "temperature", ColourMode.RGB: "rgb"}

ComponentName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^(light|color|white|relay|input):\d{1,2}$", strict=True)
]


class Shelly1Settings(LampSettings):
    """`topic` is `shellies/` and the device's id; `component` is what of it is meant."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON})

    dialect: Literal["shelly1"]
    topic: Topic
    component: ComponentName | None = None

    @property
    def place(self) -> str:
        """The component that is meant."""
        return self.component or _USUAL[self.kinds[0]]

    @property
    def part(self) -> str:
        """What sort of component it is: `light`, `color` …"""
        return self.place.partition(":")[0]

    @property
    def number(self) -> int:
        return int(self.place.partition(":")[2])

    @property
    def dims(self) -> bool:
        return self.part not in ("relay", "input")

    @model_validator(mode="after")
    def _fits(self) -> "Shelly1Settings":
        is_input = self.part == "input"
        if is_input != (self.kinds == (Kind.BUTTON,)):
            wanted = "a button is an input: write `component: input:0`" if not is_input else "it is `kind: button`"
            raise ValueError(f"{self.place} cannot be that: {wanted}")
        if Kind.SWITCH in self.kinds and self.part != "relay":
            raise ValueError(f"{self.place} is a light: a switch is a relay, write `component: relay:0`")
        may_have = _MAY_HAVE.get(self.part, ColourMode.NONE)
        lacks = [name for mode, name in _NAMES.items() if name in (self.colors or ()) and mode not in may_have]
        if lacks:
            raise ValueError(f"{self.place} has no {' and '.join(lacks)}; colours are at `component: color:0`")
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
                colours=model.colours & _MAY_HAVE.get(self.part, ColourMode.NONE),
                warmest=Temperature.of_kelvin(model.warmest).mired,
                coolest=Temperature.of_kelvin(model.coolest).mired,
                steps=FULL_LEVEL if dims else 1,
            )
            light = self.tuned(self.coloured(own))
        return Abilities(light=light, switch=SwitchAbilities() if Kind.SWITCH in self.kinds else None)
