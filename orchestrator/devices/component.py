"""One part of a device that has several, as a home file names it: `light:0`, `relay:1`."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, TypeAlias

from pydantic import PlainValidator, WithJsonSchema, field_validator, model_validator

from orchestrator.devices.abilities import ColourMode, Kind
from orchestrator.devices.settings import LampSettings

_PATTERN = r"^[a-z]+:(0|[1-9]\d{0,2})$"
_NAMES = {ColourMode.TEMPERATURE: "temperature", ColourMode.RGB: "rgb"}


def _component(text: object) -> str:
    if not isinstance(text, str) or not re.fullmatch(_PATTERN, text):
        raise ValueError("expected a component and its number, such as light:0")
    return text


ComponentName: TypeAlias = Annotated[
    str, PlainValidator(_component), WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["light:0"]})
]


class ComponentSettings(LampSettings):
    """Settings of a dialect whose devices have several components. `INPUT` is the sort that buttons are."""

    PARTS: ClassVar[Mapping[str, ColourMode]] = {}
    """The sorts of components that there are, and what colours each may have."""
    USUAL: ClassVar[Mapping[Kind, str]] = {}
    """What a kind of device is where nothing is written."""
    INPUT: ClassVar[str] = "input"

    component: ComponentName | None = None

    @property
    def place(self) -> str:
        """The component that is meant."""
        return self.component or self.USUAL[self.kinds[0]]

    @property
    def part(self) -> str:
        """What sort of component it is."""
        return self.place.partition(":")[0]

    @property
    def number(self) -> int:
        return int(self.place.partition(":")[2])

    @property
    def may_have(self) -> ColourMode:
        """The colours of its sort."""
        return self.PARTS[self.part]

    @field_validator("component")
    @classmethod
    def _there_is(cls, component: str | None) -> str | None:
        if component is not None and component.partition(":")[0] not in cls.PARTS:
            raise ValueError(f"there is no {component} here; there are {', '.join(cls.PARTS)}, each with its number")
        return component

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> "ComponentSettings":
        is_input = self.part == self.INPUT
        if is_input != (self.kinds == (Kind.BUTTON,)):
            wanted = "it is `kind: button`" if is_input else f"a button is `component: {self.INPUT}:0`"
            raise ValueError(f"{self.place} cannot be that: {wanted}")
        return self

    @model_validator(mode="after")
    def _has_its_colours(self) -> "ComponentSettings":
        lacks = [name for mode, name in _NAMES.items() if name in (self.colors or ()) and mode not in self.may_have]
        if lacks:
            raise ValueError(
                f"{self.place} has no {' and '.join(lacks)}: leave that out, or name the component that has"
            )
        return self
