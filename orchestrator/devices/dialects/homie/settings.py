"""What a home file says of a Homie node: which of its properties are the lamp's, or the switch's."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainValidator, WithJsonSchema, model_validator

from orchestrator.devices.abilities import Kind
from orchestrator.devices.settings import LampSettings, Topic


def property_id(text: object) -> str:
    """The id of a property, a level of topics. Raises ValueError."""
    if not isinstance(text, str) or not text or text.startswith("$") or any(sign in text for sign in "+#/\0"):
        raise ValueError("expected the id of a property such as power, without $, +, # and /")
    return text


PropertyId: TypeAlias = Annotated[
    str,
    PlainValidator(property_id),
    WithJsonSchema({"type": "string", "pattern": "^[^$+#/][^+#/]*$", "examples": ["power"]}),
]


class HomieProperties(BaseModel):
    """`on`: a boolean; `brightness`, `temperature`: numbers; `color`: a colour. All settable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: PropertyId | None = None
    brightness: PropertyId | None = None
    temperature: PropertyId | None = None
    color: PropertyId | None = None


class HomieSettings(LampSettings):
    """`topic`: device and node, with its domain: homie/lamp-1/light, or homie/5/lamp-1/light for version 5."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH})

    dialect: Literal["homie"]
    topic: Topic
    version: Literal[4, 5]
    properties: HomieProperties

    @model_validator(mode="after")
    def _node(self) -> "HomieSettings":
        levels = self.topic.split("/")
        if len(levels) < (4 if self.version == 5 else 3):
            example = "homie/5/lamp-1/light" if self.version == 5 else "homie/lamp-1/light"
            raise ValueError(f"{self.topic!r} is no node of a device; with version {self.version} it is like {example}")
        if self.version == 5 and levels[-3] != "5":
            raise ValueError(f"{self.topic!r} has no 5 before its device; is it version 4?")
        return self

    @model_validator(mode="after")
    def _reached(self) -> "HomieSettings":
        has = self.properties
        if Kind.SWITCH in self.kinds and has.on is None:
            raise ValueError("properties: a switch needs `on`")
        if Kind.LIGHT in self.kinds and not (has.on or has.brightness or has.color):
            raise ValueError("properties: a light needs `on`, `brightness` or `color`")
        for mode, owned in (("temperature", has.temperature), ("rgb", has.color)):
            if self.colors is not None and mode in self.colors and owned is None:
                wanted = "temperature" if mode == "temperature" else "color"
                raise ValueError(f"colors: {mode} needs properties with `{wanted}`")
        return self

    @property
    def device(self) -> str:
        """The topic of the device that the node is of."""
        return self.topic.rpartition("/")[0]

    @property
    def dims_by_colour(self) -> bool:
        """Whether how bright it is stands in its colour alone."""
        return self.properties.brightness is None and self.properties.color is not None
