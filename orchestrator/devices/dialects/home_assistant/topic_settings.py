"""The keys of a light of Home Assistant's default schema: topics for each attribute, with their templates."""

from typing import Literal, NamedTuple, TypeAlias

from pydantic import Field, field_validator

from orchestrator.devices.dialects.template.settings import template
from orchestrator.devices.settings import DeviceSettings, Topic

Mode: TypeAlias = Literal["color_temp", "rgb", "rgbw", "rgbww", "xy", "hs"]
MODES: tuple[Mode, ...] = ("color_temp", "rgb", "rgbw", "rgbww", "xy", "hs")
"""What colours may be told in; of those that mix, the first that a light has is taken for what scenes say."""
_INCOMING = frozenset({"value", "value_json"})
_OUTGOING = {
    "brightness": ("value",),
    "color_temp": ("value",),
    "rgb": ("value", "red", "green", "blue"),
    "rgbw": ("value", "red", "green", "blue", "white"),
    "rgbww": ("value", "red", "green", "blue", "cold_white", "warm_white"),
    "xy": ("value", "x", "y"),
    "hs": ("value", "hue", "sat"),
}
"""What the template of a command may name; the last ones are the numbers of a colour, in their order."""
COMMAND_TEMPLATES = tuple(f"{name}_command_template" for name in _OUTGOING)
VALUE_TEMPLATES = (*(f"{name}_value_template" for name in (*_OUTGOING, "color_mode")), "state_value_template")


class AttributeTopics(NamedTuple):
    """Where one attribute is told and said. None: not at all; of a template, as it is."""

    command: str | None
    command_template: str | None
    state: str | None
    value_template: str | None


class TopicSettings(DeviceSettings):
    """`on_command_type`: what is told first of a light that is turned on; `brightness`: that alone turns it on."""

    on_command_type: Literal["last", "first", "brightness"] = "last"
    state_value_template: str | None = None
    color_mode_state_topic: Topic | None = None
    color_mode_value_template: str | None = None
    white_command_topic: Topic | None = None
    white_scale: int = Field(default=255, ge=1, le=65_535)
    brightness_command_topic: Topic | None = None
    brightness_command_template: str | None = None
    brightness_state_topic: Topic | None = None
    brightness_value_template: str | None = None
    color_temp_command_topic: Topic | None = None
    color_temp_command_template: str | None = None
    color_temp_state_topic: Topic | None = None
    color_temp_value_template: str | None = None
    rgb_command_topic: Topic | None = None
    rgb_command_template: str | None = None
    rgb_state_topic: Topic | None = None
    rgb_value_template: str | None = None
    rgbw_command_topic: Topic | None = None
    rgbw_command_template: str | None = None
    rgbw_state_topic: Topic | None = None
    rgbw_value_template: str | None = None
    rgbww_command_topic: Topic | None = None
    rgbww_command_template: str | None = None
    rgbww_state_topic: Topic | None = None
    rgbww_value_template: str | None = None
    xy_command_topic: Topic | None = None
    xy_command_template: str | None = None
    xy_state_topic: Topic | None = None
    xy_value_template: str | None = None
    hs_command_topic: Topic | None = None
    hs_command_template: str | None = None
    hs_state_topic: Topic | None = None
    hs_value_template: str | None = None

    @field_validator(*VALUE_TEMPLATES)
    @classmethod
    def _reads(cls, source: str | None) -> str | None:
        return known(source, _INCOMING)

    @field_validator("brightness_command_template", "color_temp_command_template")
    @classmethod
    def _writes_a_number(cls, source: str | None) -> str | None:
        return known(source, {"value"})

    @field_validator(*(f"{name}_command_template" for name in MODES if name != "color_temp"))
    @classmethod
    def _writes_a_colour(cls, source: str | None) -> str | None:
        return known(source, {name for names in _OUTGOING.values() for name in names})

    def told_by(self, name: str) -> AttributeTopics:
        """Of `brightness`, or of a mode."""
        keys = ("command_topic", "command_template", "state_topic", "value_template")
        return AttributeTopics(*(getattr(self, f"{name}_{key}") for key in keys))

    @property
    def topic_modes(self) -> tuple[str, ...]:
        """The colour modes that it has a command topic for."""
        modes = tuple(name for name in MODES if getattr(self, f"{name}_command_topic") is not None)
        white = ("white",) if self.white_command_topic is not None else ()
        return (*modes, *white) or (("brightness",) if self.brightness_command_topic is not None else ("onoff",))


def parts_of(mode: str) -> tuple[str, ...]:
    """What the template of a command calls the numbers of a colour, in their order."""
    return _OUTGOING[mode][1:]


def known(source: str | None, names: frozenset[str] | set[str]) -> str | None:
    """A template that names nothing else. Raises ValueError, with a sentence."""
    if source is not None and (unknown := template(source).names - names):
        there_are = f"there {'is' if len(names) == 1 else 'are'} {' and '.join(sorted(names))}"
        raise ValueError(f"no such name here: {', '.join(sorted(unknown))}; {there_are}")
    return source
