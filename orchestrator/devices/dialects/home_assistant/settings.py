"""What a home file may say of a light, switch or event of Home Assistant's, and what that makes of a light."""

import re
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from orchestrator.devices import announcement
from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.copied_entry import TAKEN, taken_over
from orchestrator.devices.dialects.home_assistant.topic_settings import TopicSettings, known
from orchestrator.devices.settings import Topic
from orchestrator.units import SECOND, Ms

LONGEST_FADE: Ms = 6_553_000
WHOLE_SECONDS: Ms = 65_535 * SECOND
"""The longest that ESPHome takes: an unsigned number of 16 bits, and no decimals."""
ColourModeName = Literal["onoff", "brightness", "color_temp", "hs", "xy", "rgb", "rgbw", "rgbww", "white"]
RGB_MODES = ("rgb", "rgbw", "rgbww")
CHANNEL_STEPS = 255
_ESPHOME = re.compile(r".+/light/[^/]+/command")
_INCOMING = frozenset({"value", "value_json"})


def _as_copied(schema: dict[str, Any]) -> None:
    """Editors take, too, what stands in an entry of Home Assistant's."""
    schema["properties"].update((key, {}) for key in sorted(TAKEN) if key not in schema["properties"])


class AvailabilityTopic(BaseModel):
    """One of the topics on which it is said whether a device is there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    topic: Topic
    payload_available: str = "online"
    payload_not_available: str = "offline"
    value_template: str | None = None

    @field_validator("value_template")
    @classmethod
    def _known(cls, source: str | None) -> str | None:
        return known(source, _INCOMING)


class HomeAssistantSettings(TopicSettings):
    """As in Home Assistant: `supported_color_modes` defaults to white and colours, `schema` to `json`.

    `esphome`: it is one of these, which take whole seconds and say their white channels in their own way; by its topics
    where nothing is written.
    """

    model_config = ConfigDict(json_schema_extra=_as_copied)
    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON})

    dialect: Literal["home_assistant"]
    form: Literal["json", "default", "basic"] = Field(default="json", alias="schema")
    command_topic: Topic | None = None
    state_topic: Topic | None = None
    availability: tuple[AvailabilityTopic, ...] = ()
    availability_mode: Literal["all", "any", "latest"] = "latest"
    availability_topic: Topic | None = None
    availability_template: str | None = None
    payload_available: str = "online"
    payload_not_available: str = "offline"
    payload_on: str = "ON"
    payload_off: str = "OFF"
    state_on: str | None = None
    state_off: str | None = None
    value_template: str | None = None
    optimistic: bool = False
    brightness: bool = True
    brightness_scale: int = Field(default=255, ge=1, le=65_535)
    supported_color_modes: tuple[ColourModeName, ...] = ("color_temp", "rgb")
    color_temp_kelvin: bool = False
    min_mireds: float = Field(default=153, gt=0)
    max_mireds: float = Field(default=500, gt=0)
    min_kelvin: float | None = Field(default=None, gt=0)
    max_kelvin: float | None = Field(default=None, gt=0)
    transition: bool = True
    esphome: bool | None = None
    discovery_prefix: Topic = announcement.PREFIX

    @model_validator(mode="before")
    @classmethod
    def _copied(cls, entry: Any) -> Any:
        return taken_over(entry) if isinstance(entry, dict) else entry

    @field_validator("value_template", "availability_template")
    @classmethod
    def _known(cls, source: str | None) -> str | None:
        return known(source, _INCOMING)

    def model_post_init(self, _context: object) -> None:
        """Refuse what lacks a topic that its kinds need. Raises ValueError."""
        if self.command_topic is None and {Kind.LIGHT, Kind.SWITCH} & set(self.kinds):
            raise ValueError("command_topic is missing: where does the device take its commands?")
        if Kind.BUTTON in self.kinds and self.state_topic is None:
            raise ValueError("state_topic is missing: where does the button say that it was pressed?")

    @property
    def presence(self) -> tuple[AvailabilityTopic, ...]:
        """Where it is said whether it is there."""
        if self.availability_topic is None:
            return self.availability
        own = AvailabilityTopic(
            topic=self.availability_topic,
            payload_available=self.payload_available,
            payload_not_available=self.payload_not_available,
            value_template=self.availability_template,
        )
        return (*self.availability, own)

    @property
    def is_esphome(self) -> bool:
        if self.esphome is not None:
            return self.esphome
        return self.form == "json" and _ESPHOME.fullmatch(self.command_topic or "") is not None

    @property
    def modes(self) -> tuple[str, ...]:
        """The colour modes that it has."""
        return self.supported_color_modes if self.form == "json" else self.topic_modes

    @property
    def dims_by_brightness(self) -> bool:
        if self.form == "default":
            return self.brightness_command_topic is not None
        return self.brightness and "onoff" not in self.modes

    @property
    def dims_by_colour(self) -> bool:
        """Whether its colours are told as dark as they are to be: it has nothing else that dims them."""
        is_told = self.form == "default" or "supported_color_modes" in self.model_fields_set
        dims_otherwise = self.brightness if self.form == "json" else self.dims_by_brightness
        return is_told and not dims_otherwise and any(mode in RGB_MODES for mode in self.modes)

    @property
    def coolest(self) -> float:
        return 1_000_000 / self.max_kelvin if self.max_kelvin else self.min_mireds

    @property
    def warmest(self) -> float:
        return 1_000_000 / self.min_kelvin if self.min_kelvin else self.max_mireds

    @property
    def says_how_it_is(self) -> bool:
        """Whether a command is followed by a word about it."""
        if self.optimistic or not self.reports:
            return False
        if self.form == "json":
            return self.state_topic is not None
        if self.dims_by_brightness:
            return self.brightness_state_topic is not None
        if self.dims_by_colour:
            return any(getattr(self, f"{mode}_state_topic") for mode in self.modes if mode in RGB_MODES)
        return self.state_topic is not None

    def abilities(self) -> Abilities:
        switch = SwitchAbilities(reports=self.state_topic is not None and not self.optimistic and self.reports)
        return Abilities(
            light=self._light() if Kind.LIGHT in self.kinds else None,
            switch=switch if Kind.SWITCH in self.kinds else None,
        )

    def _light(self) -> LightAbilities:
        modes, dims = self.modes, self.dims_by_brightness or self.dims_by_colour
        colours = ColourMode.NONE
        if "color_temp" in modes and not (self.dims_by_colour and self.form == "default"):
            colours |= ColourMode.TEMPERATURE
        if any(mode in (*RGB_MODES, "xy", "hs") for mode in modes):
            colours |= ColourMode.RGB
        is_native = self.form == "json" and self.transition
        steps = self.brightness_scale if self.dims_by_brightness else CHANNEL_STEPS
        return self.tuned(
            LightAbilities(
                fade=FadeBy.NONE if not dims else FadeBy.NATIVE if is_native else FadeBy.STEPPED,
                longest_fade=WHOLE_SECONDS if self.is_esphome else LONGEST_FADE,
                shortest_fade=SECOND if self.is_esphome else 0,
                off_fade=is_native and dims,
                dimmable=dims,
                colours=colours,
                warmest=self.warmest,
                coolest=self.coolest,
                steps=steps if dims else 1,
                reports=self.says_how_it_is,
            )
        )
