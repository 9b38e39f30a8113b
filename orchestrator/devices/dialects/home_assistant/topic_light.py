"""A light of the default schema, as messages: a topic for each attribute, out and in.

What is told in which order is Home Assistant's: colours, brightness, white, and ON at the end, or first. A topic says
its own part, so what was said of the others is remembered (decision 49); a message is a report of its own part alone.
"""

from collections.abc import Iterator

from orchestrator.devices.dialects.home_assistant.presence import read
from orchestrator.devices.dialects.home_assistant.settings import RGB_MODES, HomeAssistantSettings
from orchestrator.devices.dialects.home_assistant.topic_settings import AttributeTopics, parts_of
from orchestrator.devices.dialects.template.settings import template
from orchestrator.devices.dimmed_colour import DimmedColour
from orchestrator.devices.messages import LightReport, Message, Report, SetLight
from orchestrator.devices.reading import Reading, meant
from orchestrator.devices.wire import number, units
from orchestrator.units import FULL, OFF, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

_READ = {
    "rgb": ("r", "g", "b"),
    "rgbw": ("r", "g", "b", "w"),
    "rgbww": ("r", "g", "b", "c", "w"),
    "xy": ("x", "y"),
    "hs": ("h", "s"),
}
"""What the numbers of a colour are, in their order."""
_BY_CHANNELS = {3: "rgb", 4: "rgbw", 5: "rgbww"}
_WHITE = Channels((0.0, 0.0, 0.0, 255.0))


class TopicLight:
    """One light. Where it has no brightness its colour is told as dark as it is to be (decision 51)."""

    def __init__(self, settings: HomeAssistantSettings) -> None:
        self._settings = settings
        self._mixing = [mode for mode in settings.topic_modes if mode in _READ]
        self._dimmed = DimmedColour()
        self._is_on: bool | None = None
        self._level: Percent | None = None
        """What it has said; of what it was told only its white needs to know."""
        self._told_level: Percent | None = None
        self._white: Temperature | None = None
        self._mixed: Colour | None = None
        self._mode: str | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        settings = self._settings
        named = [settings.told_by(name).state for name in ("brightness", *_READ, "color_temp")]
        topics = (settings.state_topic, *named, settings.color_mode_state_topic)
        return tuple(dict.fromkeys(topic for topic in topics if topic is not None))

    @property
    def _dims(self) -> bool:
        return self._settings.dims_by_brightness or self._settings.dims_by_colour

    # Out

    def encode(self, change: SetLight) -> tuple[Message, ...]:
        command = self._settings.command_topic
        if command is None or (change.level is None and change.colour is None):
            return ()
        if change.level is not None and change.level <= OFF:
            return (Message(command, self._settings.payload_off),)
        order = self._settings.on_command_type
        shown = tuple(self._shown(change.level, change.colour))
        on = () if change.level is None else (Message(command, self._settings.payload_on),)
        if order == "first":
            return (*on, *shown)
        if order == "brightness" and shown and change.level is not None and self._dims:
            return shown
        return (*shown, *on)

    def _shown(self, level: Percent | None, colour: Colour | None) -> Iterator[Message]:
        settings = self._settings
        self._told_level = level if level is not None else self._told_level
        if settings.dims_by_colour:
            if not isinstance(colour, Temperature):
                yield from self._told(*self._as_channels(self._dimmed.tell(level, colour)))
            return
        if isinstance(colour, Channels) and colour.parts[:3] == (0.0, 0.0, 0.0) and self._takes_white(colour):
            white = units(self._told_level if self._told_level is not None else FULL, settings.white_scale)
            yield Message(settings.white_command_topic or "", str(white))
            return
        if colour is not None and not isinstance(colour, Temperature) and self._mixing:
            yield from self._coloured(colour)
        if level is not None and settings.dims_by_brightness:
            yield from self._told("brightness", (units(level, settings.brightness_scale),))
        if isinstance(colour, Temperature):
            amount = round(colour.kelvin if settings.color_temp_kelvin else colour.mired)
            yield from self._told("color_temp", (amount,))

    def _takes_white(self, colour: Channels) -> bool:
        return self._settings.white_command_topic is not None and _BY_CHANNELS[len(colour.parts)] not in self._mixing

    def _as_channels(self, parts: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        """In the mode that has so many; else in the first, with its whites dark."""
        mode = _BY_CHANNELS[len(parts)]
        if mode in self._mixing:
            return mode, parts
        return self._mixing[0], (*parts, 0, 0)[: len(_READ[self._mixing[0]])]

    def _coloured(self, colour: Xy | HueSaturation | Channels | Rgb) -> Iterator[Message]:
        """In the words in which the lamp said it, where it has them; else in the first that it has."""
        match colour:
            case Channels(parts) if _BY_CHANNELS[len(parts)] in self._mixing:
                mode = _BY_CHANNELS[len(parts)]
            case HueSaturation() if "hs" in self._mixing:
                mode = "hs"
            case Xy() if "xy" in self._mixing:
                mode = "xy"
            case _:
                mode = self._mixing[0]
        yield from self._told(mode, _numbers(mode, colour))

    def _told(self, name: str, numbers: tuple[float, ...]) -> Iterator[Message]:
        way = self._settings.told_by(name)
        if way.command is None:
            return
        payload = ",".join(f"{each:g}" if isinstance(each, float) else str(each) for each in numbers)
        if way.command_template is not None:
            value = numbers[0] if len(numbers) == 1 else payload
            named = {"value": value, **dict(zip(parts_of(name), numbers, strict=False))}
            payload = template(way.command_template).rendered(named) or ""
        if payload:
            yield Message(way.command, payload)

    # In

    def decode(self, message: Message) -> tuple[Report, ...]:
        """A topic may say several things, each by its template."""
        settings, reading = self._settings, Reading()
        is_switched = message.topic == settings.state_topic
        is_turned_on = is_switched and self._switched(message.payload)
        is_dimmed = self._dimmed_by(settings.told_by("brightness"), message, reading)
        white, mixed = self._colours(message, reading)
        if settings.dims_by_colour and mixed is not None:
            is_dimmed = self._dimmed.level != OFF or settings.state_topic is None
            self._level = self._dimmed.level if is_dimmed else self._level
            mixed = mixed if self._dimmed.level else None
        colour = self._shows(white, mixed, is_old=message.retain) if white is not None or mixed is not None else None
        if message.topic == settings.color_mode_state_topic:
            self._mode = read(message.payload, settings.color_mode_value_template) or self._mode
            colour = _WHITE if self._mode == "white" else colour
        level = remembered = None
        if self._is_on is False and (is_switched or is_dimmed):
            level, remembered = OFF, self._level or None
        elif is_turned_on or (is_dimmed and self._is_on is not False):
            level = self._shines()
        report = LightReport(level, colour, remembered)
        return (*(() if report == LightReport() else (report,)), *reading.refused)

    def _switched(self, payload: str) -> bool:
        """Whether that says that it is on which was not known to be."""
        settings, before = self._settings, self._is_on
        word = read(payload, settings.state_value_template)
        known = {settings.payload_on: True, settings.payload_off: False}
        self._is_on = known.get(word, self._is_on)
        return bool(self._is_on) and not before

    def _shines(self) -> Percent | None:
        """How bright it is while it is on, or nobody says whether it is."""
        settings = self._settings
        if not self._dims:
            return FULL if self._is_on else None
        return None if self._is_on is None and settings.state_topic is not None else self._level

    def _dimmed_by(self, way: AttributeTopics, message: Message, reading: Reading) -> bool:
        """A brightness of 0 says off where nothing else does; beside an ON it says nothing, as in Home Assistant."""
        if message.topic != way.state or not (word := read(message.payload, way.value_template)):
            return False
        said = reading.share("brightness", word, self._settings.brightness_scale)
        if said is None or (said == OFF and self._settings.state_topic is not None):
            return False
        self._level = said
        return True

    def _colours(self, message: Message, reading: Reading) -> tuple[Temperature | None, Colour | None]:
        """The white and the colour that a message tells."""
        white, mixed = None, None
        way = self._settings.told_by("color_temp")
        if message.topic == way.state and (word := read(message.payload, way.value_template)):
            white = reading.white("color_temp", word, kelvin=self._settings.color_temp_kelvin)
        for mode in self._mixing:
            way = self._settings.told_by(mode)
            if message.topic == way.state and (word := read(message.payload, way.value_template)):
                mixed = self._mixed_of(mode, word, reading) or mixed
        return white, mixed

    def _mixed_of(self, mode: str, word: str, reading: Reading) -> Colour | None:
        numbers = [number(each) for each in word.split(",")]
        if len(numbers) != len(_READ[mode]):
            return None
        colour = reading.colour(dict(zip(_READ[mode], numbers, strict=True)), mode)
        if not self._settings.dims_by_colour or mode not in RGB_MODES:
            return colour
        parts = tuple(each for each in numbers if each is not None and 0 <= each <= 255)
        return (self._dimmed.hear(parts)[1] or Rgb(0.0, 0.0, 0.0)) if len(parts) == len(numbers) else None

    def _shows(self, white: Temperature | None, mixed: Colour | None, *, is_old: bool) -> Colour | None:
        """What it says last is what it shows; of what the broker has kept, and of both in one, nobody knows which."""
        self._white, self._mixed = white or self._white, mixed or self._mixed
        if self._mode == "color_temp":
            return white
        if self._mode in _READ:
            return mixed
        if is_old and self._settings.color_mode_state_topic is None:
            return meant(self._white, self._mixed)
        return meant(white, mixed)


def _numbers(mode: str, colour: Xy | HueSaturation | Channels | Rgb) -> tuple[float, ...]:
    match mode:
        case "xy":
            return round(colour.xy.x, 4), round(colour.xy.y, 4)
        case "hs":
            named = colour if isinstance(colour, HueSaturation) else colour.rgb.hue
            return round(named.hue, 2), round(named.saturation, 2)
    if isinstance(colour, Channels) and _BY_CHANNELS[len(colour.parts)] == mode:
        return tuple(round(part) for part in colour.parts)
    parts = tuple(round(part) for part in colour.rgb.full.parts)
    return (*parts, *[0] * (len(_READ[mode]) - 3))
