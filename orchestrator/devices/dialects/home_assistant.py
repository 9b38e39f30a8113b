"""What Home Assistant's MQTT light (JSON schema), switch and event platforms agree on with devices. ESPHome speaks it.

Keys are those of Home Assistant's own configuration, so that an entry can be copied; those that mean nothing here are
let go. A level that is on is at least 1;
`transition` is always given, since ESPHome takes its own second without it. There is no query: states are retained.
"""

from dataclasses import replace
from typing import Any, ClassVar, Literal, get_args

from pydantic import ConfigDict, Field, field_validator, model_validator

from orchestrator.devices import announcement
from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.copied_entry import TAKEN, taken_over
from orchestrator.devices.dialects.template.names import INCOMING
from orchestrator.devices.dialects.template.settings import template
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    LightAbilitiesReport,
    LightReport,
    Message,
    Report,
    SetLight,
    SetSwitch,
    SwitchReport,
)
from orchestrator.devices.reading import KELVIN, MIRED, Reading, meant
from orchestrator.devices.settings import DeviceSettings, Topic
from orchestrator.devices.wire import compact, fields, number, seconds, units
from orchestrator.units import OFF, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

LONGEST_FADE: Ms = 6_553_000
ColourModeName = Literal["onoff", "brightness", "color_temp", "hs", "xy", "rgb", "rgbw", "rgbww", "white"]
_RANGES = {"min_mireds": MIRED, "max_mireds": MIRED, "min_kelvin": KELVIN, "max_kelvin": KELVIN}
_RGB_MODES = ("rgb", "rgbw", "rgbww")
_KEYS = {3: "rgb", 4: "rgbw", 5: "rgbcw"}
"""By how many channels there are."""


def _as_copied(schema: dict[str, Any]) -> None:
    """Editors take, too, what stands in an entry of Home Assistant's."""
    schema["properties"].update((key, {}) for key in sorted(TAKEN) if key not in schema["properties"])


class HomeAssistantSettings(DeviceSettings):
    """As in Home Assistant: `supported_color_modes` defaults to white and colours."""

    model_config = ConfigDict(json_schema_extra=_as_copied)
    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON})

    dialect: Literal["home_assistant"]
    command_topic: Topic | None = None
    state_topic: Topic | None = None
    availability_topic: Topic | None = None
    availability_template: str | None = None
    payload_available: str = "online"
    payload_not_available: str = "offline"
    payload_on: str = "ON"
    payload_off: str = "OFF"
    state_on: str | None = None
    state_off: str | None = None
    value_template: str | None = None
    brightness: bool = True
    brightness_scale: int = Field(default=255, ge=1, le=65_535)
    supported_color_modes: tuple[ColourModeName, ...] = ("color_temp", "rgb")
    color_temp_kelvin: bool = False
    min_mireds: float = Field(default=153, gt=0)
    max_mireds: float = Field(default=500, gt=0)
    min_kelvin: float | None = Field(default=None, gt=0)
    max_kelvin: float | None = Field(default=None, gt=0)
    transition: bool = True
    discovery_prefix: Topic = announcement.PREFIX

    @model_validator(mode="before")
    @classmethod
    def _copied(cls, entry: Any) -> Any:
        return taken_over(entry) if isinstance(entry, dict) else entry

    @field_validator("value_template", "availability_template")
    @classmethod
    def _known(cls, source: str | None) -> str | None:
        if source is not None and (unknown := template(source).names - INCOMING):
            raise ValueError(f"no such name here: {', '.join(sorted(unknown))}; there are value and value_json")
        return source

    def model_post_init(self, _context: object) -> None:
        """Refuse what lacks a topic that its kinds need. Raises ValueError."""
        if self.command_topic is None and {Kind.LIGHT, Kind.SWITCH} & set(self.kinds):
            raise ValueError("command_topic is missing: where does the device take its commands?")
        if Kind.BUTTON in self.kinds and self.state_topic is None:
            raise ValueError("state_topic is missing: where does the button say that it was pressed?")

    @property
    def dimmable(self) -> bool:
        return self.brightness and "onoff" not in self.supported_color_modes

    @property
    def coolest(self) -> float:
        return 1_000_000 / self.max_kelvin if self.max_kelvin else self.min_mireds

    @property
    def warmest(self) -> float:
        return 1_000_000 / self.min_kelvin if self.min_kelvin else self.max_mireds


class HomeAssistant:
    """One light, switch or event as Home Assistant would see it."""

    def __init__(self, name: str, settings: HomeAssistantSettings) -> None:
        self.name = name
        self._settings = settings
        self._abilities = _abilities(settings)
        self._written = frozenset(settings.model_fields_set)
        self._listens_for_itself = Kind.LIGHT in settings.kinds and "supported_color_modes" not in self._written

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        topics = (self._settings.state_topic, self._settings.availability_topic)
        own = tuple(topic for topic in topics if topic is not None)
        return (*own, *announcement.topics(self._settings.discovery_prefix)) if self._listens_for_itself else own

    def encode(self, change: Change) -> tuple[Message, ...]:
        payload = self._payload(change)
        if payload is None or self._settings.command_topic is None:
            return ()
        return (Message(self._settings.command_topic, payload),)

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        if message.topic == self._settings.availability_topic:
            return self._availability(message.payload)
        if message.topic != self._settings.state_topic:
            return self._announced(message) if self._listens_for_itself else ()
        kinds = self._settings.kinds
        return (
            *(self._lit(fields(message.payload)) if Kind.LIGHT in kinds else ()),
            *(self._switched(message.payload) if Kind.SWITCH in kinds else ()),
            *(_pressed(message) if Kind.BUTTON in kinds else ()),
        )

    def _announced(self, message: Message) -> tuple[Report, ...]:
        """What it says of its own colours rules where the home file says nothing of them."""
        if not (message.topic.startswith(f"{self._settings.discovery_prefix}/") and message.topic.endswith("/config")):
            return ()
        for entity in announcement.announced(message.payload).get(self._settings.command_topic or "", ()):
            modes = entity.get("supported_color_modes")
            if not isinstance(modes, list):
                continue
            known = tuple(mode for mode in modes if mode in get_args(ColourModeName))
            ranges = {key: _limit(entity.get(key), *_RANGES[key]) for key in _RANGES if key not in self._written}
            if known:
                told = {key: value for key, value in ranges.items() if value is not None}
                self._settings = self._settings.model_copy(update=told | {"supported_color_modes": known})
                before, light = self._abilities.light, _light_abilities(self._settings)
                assert before is not None
                light = replace(light, steps=before.steps)  # what is believed of it is counted in these
                self._abilities = replace(self._abilities, light=light)
                return (LightAbilitiesReport(light),)
        return ()

    def _payload(self, change: Change) -> str | None:
        match change:
            case SetLight(level, colour, transition) if self._abilities.light is not None:
                return self._light(level, colour, min(transition, LONGEST_FADE))
            case SetSwitch(on) if self._abilities.switch is not None:
                return self._settings.payload_on if on else self._settings.payload_off
            case _:
                return None

    def _light(self, level: Percent | None, colour: Colour | None, transition: Ms) -> str | None:
        """A colour alone is sent with ON as well: the schema has no message without a state."""
        settings = self._settings
        length = seconds(transition) if settings.transition else None
        if level is not None and level <= OFF:
            return compact(state="OFF", transition=length)
        if level is None and colour is None:
            return None
        return compact(
            state="ON",
            brightness=units(level, settings.brightness_scale) if level is not None and settings.dimmable else None,
            color_temp=self._white(colour) if isinstance(colour, Temperature) else None,
            color=self._parts(colour) if colour is not None and not isinstance(colour, Temperature) else None,
            transition=length,
        )

    def _white(self, colour: Temperature) -> int:
        return round(colour.kelvin if self._settings.color_temp_kelvin else colour.mired)

    def _parts(self, colour: Xy | HueSaturation | Channels | Rgb) -> dict[str, float]:
        """In the words in which the lamp said it, where it has that mode; else as the first mode that it has."""
        match colour:
            case Xy(x, y) if self._may_have("xy"):
                return {"x": round(x, 4), "y": round(y, 4)}
            case HueSaturation(hue, saturation) if self._may_have("hs"):
                return {"h": round(hue, 2), "s": round(saturation, 2)}
            case Channels(parts) if self._may_have(*_RGB_MODES[len(parts) - 3 :]):
                return dict(zip(_KEYS[len(parts)], (round(part) for part in parts), strict=True))
        modes = self._settings.supported_color_modes
        if any(mode in _RGB_MODES for mode in modes):
            return dict(zip("rgb", (round(part) for part in colour.rgb.full.parts), strict=True))
        if "xy" in modes:
            return {"x": round(colour.xy.x, 4), "y": round(colour.xy.y, 4)}
        named = colour.rgb.hue
        return {"h": round(named.hue, 2), "s": round(named.saturation, 2)}

    def _may_have(self, *modes: str) -> bool:
        """What is not written down may be: a lamp that said a colour so takes it so."""
        settings = self._settings
        is_written = "supported_color_modes" in settings.model_fields_set
        return not is_written or any(mode in settings.supported_color_modes for mode in modes)

    def _lit(self, state: dict[str, Any]) -> tuple[Report, ...]:
        reading = Reading()
        level, remembered = self._level(state, reading), None
        if level == OFF:
            remembered = reading.share("brightness", state.get("brightness"), self._settings.brightness_scale) or None
        report = LightReport(level, self._colour(state, reading), remembered)
        return (*(() if report == LightReport() else (report,)), *reading.refused)

    def _level(self, state: dict[str, Any], reading: Reading) -> Percent | None:
        """Off, or the brightness; 0 with an ON is ignored, as Home Assistant does."""
        word = state.get("state")
        if word == "OFF":
            return OFF
        if self._settings.dimmable:
            return reading.share("brightness", state.get("brightness"), self._settings.brightness_scale) or None
        return Percent(100.0) if word == "ON" else None

    def _colour(self, state: dict[str, Any], reading: Reading) -> Colour | None:
        """`color_mode` says which is meant; where there is none, what stands there."""
        mode = state.get("color_mode")
        if mode in ("white", "brightness", "onoff", "unknown"):
            return None
        if mode == "color_temp":
            return self._seen_white(state.get("color_temp"), reading)
        colour = state.get("color")
        mixed = reading.colour(colour, mode)
        return mixed if mode is not None else meant(self._seen_white(state.get("color_temp"), reading, colour), mixed)

    def _seen_white(self, value: object, reading: Reading, beside: object = None) -> Temperature | None:
        return reading.white("color_temp", value, beside, kelvin=self._settings.color_temp_kelvin)

    def _switched(self, payload: str) -> tuple[Report, ...]:
        settings = self._settings
        word = _word(payload, settings.value_template)
        if word == (settings.state_on or settings.payload_on):
            return (SwitchReport(True),)
        return (SwitchReport(False),) if word == (settings.state_off or settings.payload_off) else ()

    def _availability(self, payload: str) -> tuple[Report, ...]:
        word = _word(payload, self._settings.availability_template)
        if word == self._settings.payload_available:
            return (AvailabilityReport(True),)
        return (AvailabilityReport(False),) if word == self._settings.payload_not_available else ()


def _word(payload: str, source: str | None) -> str:
    """What a payload says, by its template where it has one; empty where that does not fit."""
    return payload.strip() if source is None else (template(source).read(payload) or "")


def _limit(value: object, low: float, high: float) -> float | None:
    read = number(value)
    return read if read is not None and low <= read <= high else None


def _abilities(settings: HomeAssistantSettings) -> Abilities:
    return Abilities(
        light=_light_abilities(settings) if Kind.LIGHT in settings.kinds else None,
        switch=SwitchAbilities(reports=settings.state_topic is not None) if Kind.SWITCH in settings.kinds else None,
    )


def _light_abilities(settings: HomeAssistantSettings) -> LightAbilities:
    modes = settings.supported_color_modes
    colours = ColourMode.NONE
    if "color_temp" in modes:
        colours |= ColourMode.TEMPERATURE
    if any(mode in (*_RGB_MODES, "xy", "hs") for mode in modes):
        colours |= ColourMode.RGB
    fade = FadeBy.NATIVE if settings.transition else FadeBy.STEPPED
    return settings.tuned(
        LightAbilities(
            fade=fade if settings.dimmable else FadeBy.NONE,
            longest_fade=LONGEST_FADE,
            off_fade=settings.transition and settings.dimmable,
            dimmable=settings.dimmable,
            colours=colours,
            warmest=settings.warmest,
            coolest=settings.coolest,
            steps=settings.brightness_scale if settings.dimmable else 1,
            reports=settings.state_topic is not None,
        )
    )


def _pressed(message: Message) -> tuple[Report, ...]:
    """A press that is retained was pressed long ago."""
    event = fields(message.payload).get("event_type")
    return (ButtonReport(event),) if isinstance(event, str) and event and not message.retain else ()


FAMILY = Family("home_assistant", HomeAssistantSettings, HomeAssistant)
