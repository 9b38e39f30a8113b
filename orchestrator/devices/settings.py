"""A device's entry in the home file: what every dialect lets a person write. Dialects add their own keys."""

import re
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, field_validator, model_validator

from orchestrator.devices.abilities import ColourMode, DeviceCurve, FadeBy, Kind, LightAbilities
from orchestrator.devices.entry_remark import EntryRemark
from orchestrator.units import FULL, MINUTE, OFF, SECOND, Ms, Percent
from orchestrator.values import Temperature

STEP: Ms = 250
"""From step to step where we make the fade: what a lamp on Wi-Fi takes without stuttering (five commands a second)."""

_UNITS = {"ms": 1, "s": SECOND, "min": MINUTE}


def _length(text: object) -> Ms:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min)", text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError("expected a length such as 10s or 250ms")
    length = round(float(match[1]) * _UNITS[match[2]])
    if not 20 <= length <= 60 * MINUTE:
        raise ValueError(f"{text} is out of range: 20ms to 60min")
    return length


def _share(text: object) -> Percent:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text.strip()) if isinstance(text, str) else None
    if match is None or float(match[1]) > FULL:
        raise ValueError("expected a percentage such as 10%, at most 100%")
    return Percent(float(match[1]))


def _white(text: object) -> Temperature:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[Kk]", text.strip()) if isinstance(text, str) else None
    if match is None or not 1000 <= float(match[1]) <= 10_000:
        raise ValueError("expected a colour temperature such as 2200K, from 1000K to 10000K")
    return Temperature.of_kelvin(float(match[1]))


def _topic(text: object) -> str:
    if not isinstance(text, str) or not text.strip() or len(text.encode()) > 1024:
        raise ValueError("expected an MQTT topic such as zigbee2mqtt/bedroom_lamp")
    if any(sign in text for sign in "+#\0"):
        raise ValueError(f"{text!r} is a filter for many topics; a device has a topic without + and #")
    if text.endswith("/"):
        raise ValueError(f"{text!r}: leave the slash at its end away")
    return text


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


DeviceLength: TypeAlias = Annotated[Ms, PlainValidator(_length), _schema(r"^\d+(\.\d+)?\s*(ms|s|min)$", "10s")]
DeviceShare: TypeAlias = Annotated[Percent, PlainValidator(_share), _schema(r"^\d+(\.\d+)?\s*%$", "10%")]
White: TypeAlias = Annotated[Temperature, PlainValidator(_white), _schema(r"^\d+(\.\d+)?\s*[Kk]$", "2200K")]
Topic: TypeAlias = Annotated[str, PlainValidator(_topic), _schema(r"^([^+#]*[^+#/])$", "zigbee2mqtt/bedroom_lamp")]
Lux: TypeAlias = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
KINDS: TypeAlias = Annotated[list[Kind], Field(min_length=1)]


class DeviceSettings(BaseModel):
    """What may be written for any device. A dialect's settings say in `speaks` which kinds of device it reaches.

    `fade` says who makes a fade, where that is not as the dialect has it; `segment` is the longest native fade in one
    command, or the time from step to step of a stepped one; `curve` what the device's percent means; `min` and `max`
    the part of its scale that is used while it is on; `lux` how bright it is at the eye at its full white light;
    `reports`: false for one that never says how it is; `settle` how late its words may be until that is learnt.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    speaks: ClassVar[frozenset[Kind]] = frozenset()

    kind: Kind | KINDS
    dialect: str
    title: str | None = None
    members: list[str] = []
    segment: DeviceLength | None = None
    fade: FadeBy | None = None
    one_attribute_per_fade: bool | None = None
    curve: DeviceCurve | None = None
    min: DeviceShare = OFF
    max: DeviceShare = FULL
    lux: Lux | None = None
    reports: bool = True
    settle: DeviceLength | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return (self.kind,) if isinstance(self.kind, Kind) else tuple(dict.fromkeys(self.kind))

    def remarks(self) -> list[EntryRemark]:
        """What of this entry is allowed and will bite; a dialect adds its own."""
        return []

    @field_validator("kind")
    @classmethod
    def _spoken(cls, kind: Kind | list[Kind]) -> Kind | list[Kind]:
        wrong = {kind} - cls.speaks if isinstance(kind, Kind) else set(kind) - cls.speaks
        if wrong:
            raise ValueError(
                f"this dialect has no {' and '.join(sorted(wrong))}; it has {', '.join(sorted(cls.speaks))}"
            )
        return kind

    @model_validator(mode="after")
    def _measured(self) -> "DeviceSettings":
        if self.lux is not None and Kind.LIGHT not in self.kinds:
            raise ValueError("only a light has `lux`")
        return self

    @model_validator(mode="after")
    def _ordered(self) -> "DeviceSettings":
        if self.min >= self.max:
            raise ValueError(f"min ({self.min:g}%) has to be less than max ({self.max:g}%)")
        return self

    def tuned(self, light: LightAbilities) -> LightAbilities:
        """A lamp's abilities as its dialect has them, with what the home file says of this one."""
        fade = self.fade or light.fade
        segment = self.segment or (STEP if fade is FadeBy.STEPPED else light.segment)
        return replace(
            light,
            fade=fade,
            segment=min(segment, light.longest_fade) if fade is FadeBy.NATIVE else segment,
            one_attribute_per_fade=(
                light.one_attribute_per_fade if self.one_attribute_per_fade is None else self.one_attribute_per_fade
            ),
            curve=self.curve or light.curve,
            least=self.min,
            most=self.max,
            settle=self.settle or light.settle,
        )


class LampSettings(DeviceSettings):
    """Settings of a dialect whose messages do not tell what colours a lamp has: the home file may."""

    colors: list[Literal["temperature", "rgb"]] | None = None
    warmest: White | None = None
    coolest: White | None = None

    @model_validator(mode="after")
    def _warm_to_cool(self) -> "LampSettings":
        if self.warmest and self.coolest and self.warmest.mired <= self.coolest.mired:
            raise ValueError("warmest has to be fewer kelvin than coolest")
        return self

    def coloured(self, light: LightAbilities) -> LightAbilities:
        """Abilities with the colours that the home file gives, else the dialect's."""
        colours = light.colours
        if self.colors is not None:
            colours = ColourMode.NONE
            for mode in self.colors:
                colours |= ColourMode.TEMPERATURE if mode == "temperature" else ColourMode.RGB
        return replace(
            light,
            colours=colours,
            warmest=self.warmest.mired if self.warmest else light.warmest,
            coolest=self.coolest.mired if self.coolest else light.coolest,
        )
