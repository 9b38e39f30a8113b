"""One node's codec. Each property says its value alone, so what they say together is remembered (decision 49).

Where a lamp's brightness stands in its colour, to dim it is to say its colour anew: then the colour that it was told
last counts as well, until it says another (decision 51).
"""

from dataclasses import replace

from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, Kind, LightAbilities, SwitchAbilities
from orchestrator.devices.dialects.homie.property import (
    NOTHING,
    About,
    colour_of,
    colour_value,
    described,
    is_dark,
    level_of,
    level_value,
    off_value,
    scaled,
    white_of,
    white_value,
)
from orchestrator.devices.dialects.homie.settings import HomieSettings
from orchestrator.devices.messages import (
    AvailabilityReport,
    Change,
    LightAbilitiesReport,
    LightReport,
    Message,
    PoweredReport,
    Report,
    SetLight,
    SetSwitch,
    SwitchReport,
)
from orchestrator.devices.reading import Reading, meant
from orchestrator.devices.wire import fields
from orchestrator.units import FULL, OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature

SETTLE: Ms = 3 * SECOND
STEPS = 100
_WORDS = {"true": True, "false": False}
_STATES = {"ready": True, "alert": True, "disconnected": False, "sleeping": False, "lost": False}
_ATTRIBUTES = {"$datatype": "datatype", "$format": "format", "$unit": "unit"}
_WHITE_LIGHT = Rgb(255.0, 255.0, 255.0)


class Homie:
    """One lamp or switch."""

    def __init__(self, name: str, settings: HomieSettings) -> None:
        self.name = name
        self._settings = settings
        has = settings.properties
        self._has = has
        self._about: dict[str, About] = {}
        self._heard: dict[str, Message] = {}
        """The last value of each property: what it says of itself may come after them."""
        self._is_on: bool | None = None
        self._level: Percent | None = None
        self._white: Temperature | None = None
        self._mixed: Colour | None = None
        self._told: Colour | None = None
        self._said: str | None = None
        """What its colour was, as it wrote it."""
        self._light = self._lamp() if Kind.LIGHT in settings.kinds else None
        self._switch = SwitchAbilities(settle=SETTLE) if Kind.SWITCH in settings.kinds else None

    @property
    def abilities(self) -> Abilities:
        return Abilities(light=self._light, switch=self._switch)

    @property
    def topics(self) -> tuple[str, ...]:
        device, node = self._settings.device, self._settings.topic
        owned = [id_ for id_ in self._has.model_dump().values() if id_ is not None]
        values = tuple(f"{node}/{id_}" for id_ in owned)
        if self._settings.version == 5:
            return (f"{device}/$state", f"{device}/$description", *values, *(f"{each}/$target" for each in values))
        return (f"{device}/$state", *values, *(f"{each}/{name}" for each in values for name in _ATTRIBUTES))

    def encode(self, change: Change) -> tuple[Message, ...]:
        match change:
            case SetLight(level, colour) if self._light is not None:
                return self._lit(level, colour)
            case SetSwitch(on) if self._switch is not None:
                return self._set(self._has.on, "true" if on else "false")
            case _:
                return ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        device, node = self._settings.device, self._settings.topic
        if message.topic == f"{device}/$state":
            return _state(message)
        if message.topic == f"{device}/$description":
            return self._described(described(fields(message.payload), node.rpartition("/")[2]))
        if not message.topic.startswith(f"{node}/"):
            return ()
        id_, _, attribute = message.topic.removeprefix(f"{node}/").partition("/")
        if attribute in _ATTRIBUTES and self._settings.version == 4:
            about = self._about.get(id_, NOTHING)._replace(**{_ATTRIBUTES[attribute]: message.payload.strip()})
            return self._described({id_: about})
        if attribute and (attribute != "$target" or message.retain):
            return ()
        return self._valued(id_, message)

    # What it is told

    def _set(self, id_: str | None, payload: str) -> tuple[Message, ...]:
        return (Message(f"{self._settings.topic}/{id_}/set", payload),) if id_ is not None else ()

    def _lit(self, level: Percent | None, colour: Colour | None) -> tuple[Message, ...]:
        """How it is to be, and then that it is on, where it has not said so: it comes on as it is to be."""
        assert self._light is not None
        if is_dark(level):
            return self._off()
        colour = self._light.nearest(colour) if isinstance(colour, Temperature | Rgb) else colour
        shown = self._coloured(level, colour)
        if level is None:
            return shown
        dimmed = self._set(self._has.brightness, level_value(level, self._of(self._has.brightness)))
        is_shown = self._is_on and (dimmed or self._settings.dims_by_colour)
        return (*shown, *dimmed, *(() if is_shown else self._set(self._has.on, "true")))

    def _off(self) -> tuple[Message, ...]:
        if self._has.on is not None:
            return self._set(self._has.on, "false")
        if self._has.brightness is not None:
            return self._set(self._has.brightness, off_value(self._of(self._has.brightness)))
        return self._set(self._has.color, colour_value(self._hue, self._of(self._has.color), self._version, 0.0))

    def _coloured(self, level: Percent | None, colour: Colour | None) -> tuple[Message, ...]:
        if self._settings.dims_by_colour:
            if level is None and (colour is None or is_dark(self._level)):
                return ()
            self._told = _full(colour) if colour is not None else self._told
            at = level if level is not None else self._level or FULL
            value = colour_value(self._hue, self._of(self._has.color), self._version, at / FULL)
            return self._set(self._has.color, value)
        if isinstance(colour, Temperature):
            return self._set(self._has.temperature, white_value(colour, self._of(self._has.temperature)))
        if colour is None:
            return ()
        return self._set(self._has.color, colour_value(colour, self._of(self._has.color), self._version))

    @property
    def _hue(self) -> Colour:
        """Its colour at full light, where how bright it is stands in its colour."""
        return self._told or self._mixed or _WHITE_LIGHT

    @property
    def _version(self) -> int:
        return self._settings.version

    def _of(self, id_: str | None) -> About:
        return self._about.get(id_, NOTHING) if id_ is not None else NOTHING

    # What it says

    def _valued(self, id_: str, message: Message) -> tuple[Report, ...]:
        """A number of which it has not said the range is no nonsense yet."""
        payload, reading = message.payload.strip(), Reading()
        reports: tuple[Report, ...] = ()
        self._heard[id_] = message
        if id_ == self._has.on:
            reports = self._switched(payload)
        elif self._light is None:
            return ()
        elif id_ == self._has.brightness:
            reports = self._dimmed(level_of(payload, self._of(id_), reading), is_old=message.retain)
        elif id_ == self._has.temperature:
            reports = self._whitened(white_of(payload, self._of(id_), reading), is_old=message.retain)
        elif id_ == self._has.color:
            said = colour_of(payload, self._of(id_), self._version, reading)
            reports = self._mixed_to(payload, said, is_old=message.retain)
        return (*reports, *(reading.refused if id_ in self._about or id_ == self._has.color else ()))

    def _switched(self, payload: str) -> tuple[Report, ...]:
        on = _WORDS.get(payload)
        if on is None:
            return ()
        self._is_on = on
        switched = (SwitchReport(on),) if self._switch is not None else ()
        if self._light is None:
            return switched
        if not on:
            return (*switched, LightReport(OFF, remembered=self._level or None))
        level = self._level if self._light.dimmable else FULL
        return (*switched, *((LightReport(level),) if level is not None else ()))

    def _dimmed(self, level: Percent | None, *, is_old: bool) -> tuple[LightReport, ...]:
        """How bright it is; while it is off that is what it goes back to, and before it has said so it is nothing.

        What the broker has kept of both belongs together, in whatever order it comes.
        """
        if level is None:
            return ()
        self._level = level
        if self._has.on is None or self._is_on:
            return (LightReport(level),)
        is_kept = self._is_on is False and level > OFF
        return (LightReport(OFF if is_old else None, remembered=level),) if is_kept else ()

    def _whitened(self, white: Temperature | None, *, is_old: bool) -> tuple[Report, ...]:
        """A white that it takes on is shown; of what the broker has kept of both nobody knows which is."""
        if white is None:
            return ()
        self._white = white
        colour = meant(white, self._mixed) if is_old else white
        return (LightReport(colour=colour),)

    def _mixed_to(self, payload: str, said: tuple[Colour, float] | None, *, is_old: bool) -> tuple[Report, ...]:
        if said is None:
            return ()
        colour, share = said
        before, self._said = self._said, payload
        if not self._settings.dims_by_colour:
            if share == 0:
                return ()
            self._mixed = colour
            return (LightReport(colour=meant(self._white, colour) if is_old else colour),)
        level = Percent(share * FULL)
        if share > 0 and payload != before and not _is_at(self._told, colour, share):
            self._mixed, self._told = _full(colour), None
        dimmed = self._dimmed(level, is_old=is_old)
        return tuple(each._replace(colour=self._hue if share > 0 else None) for each in dimmed)

    # What it is

    def _described(self, about: dict[str, About]) -> tuple[Report, ...]:
        """Its values are read anew in what it says they are."""
        owned = [id_ for id_ in self._has.model_dump().values() if id_ is not None]
        news = {id_: each for id_, each in about.items() if id_ in owned and each != self._about.get(id_)}
        self._about |= news
        if self._light is None or not news:
            return ()
        again = [report for id_ in news if id_ in self._heard for report in self._valued(id_, self._heard[id_])]
        before, after = self._light, replace(self._lamp(), steps=self._light.steps)
        self._light = after
        return (*(() if before == after else (LightAbilitiesReport(after),)), *again)

    def _lamp(self) -> LightAbilities:
        has, settings = self._has, self._settings
        dims = has.brightness is not None or settings.dims_by_colour
        colours = ColourMode.TEMPERATURE if has.temperature is not None else ColourMode.NONE
        colours |= ColourMode.RGB if has.color is not None else ColourMode.NONE
        if settings.dims_by_colour:
            colours &= ColourMode.RGB
        light = LightAbilities(
            fade=FadeBy.STEPPED if dims else FadeBy.NONE,
            off_fade=False,
            dimmable=dims,
            colours=colours,
            steps=STEPS if dims else 1,
            settle=SETTLE,
        )
        if (whites := self._of(has.temperature).whites) is not None:
            light = replace(light, coolest=whites[0], warmest=whites[1])
        return settings.tuned(settings.coloured(light))


def _state(message: Message) -> tuple[Report, ...]:
    """`init` is how it comes up, or back to the broker; `ready` follows."""
    word = message.payload.strip()
    if word == "init":
        return () if message.retain else (PoweredReport(),)
    return (AvailabilityReport(_STATES[word]),) if word in _STATES else ()


def _full(colour: Colour) -> Colour:
    return colour.rgb.full if isinstance(colour, Channels | Rgb) else colour


def _is_at(told: Colour | None, said: Colour, share: float) -> bool:
    """Whether what it says is what it was told, dimmed and rounded."""
    if told is None:
        return False
    if isinstance(said, HueSaturation):
        turned = told if isinstance(told, HueSaturation) else told.rgb.hue
        return (round(turned.hue), round(turned.saturation)) == (round(said.hue), round(said.saturation))
    if not isinstance(said, Channels | Rgb):
        return False
    parts = scaled(told.rgb.full.parts, share)
    return all(abs(one - other) <= 1 for one, other in zip(parts, said.parts[:3], strict=True))
