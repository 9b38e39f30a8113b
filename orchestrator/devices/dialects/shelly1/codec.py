"""One component of a Shelly Gen1, as messages."""

from collections.abc import Mapping
from typing import Any, Final

from orchestrator.devices.abilities import Abilities, ColourMode, Kind, LightAbilities
from orchestrator.devices.dialects.shelly1.settings import (
    BULB,
    DUO,
    FULL_LEVEL,
    LONGEST_FADE,
    MODELS,
    Model,
    Shelly1Settings,
)
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
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
from orchestrator.devices.reading import Reading
from orchestrator.devices.wire import compact, fields, number, units
from orchestrator.units import FULL, OFF, Ms, Percent
from orchestrator.values import Channels, Colour, Temperature

_WORDS: Final = {"on": True, "off": False}
_JUST_UP = 60.0
"""Seconds. One that has come up tells all of itself (`info`), with its time since then."""
_CHANNELS = {"r": "red", "g": "green", "b": "blue"}


class Shelly1:
    """One component. Whether a press is a new one is told by its count."""

    def __init__(self, name: str, settings: Shelly1Settings) -> None:
        self.name = name
        self._settings = settings
        self._abilities = settings.abilities()
        self._output = f"{settings.topic}/{settings.part}/{settings.number}"
        self._topics = self._own_topics()
        self._presses: float | None = None
        self._is_to_be_announced = (
            Kind.LIGHT in settings.kinds and settings.part in ("light", "color") and settings.colors is None
        )

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        return self._topics

    def _own_topics(self) -> tuple[str, ...]:
        topic = self._settings.topic
        if Kind.BUTTON in self._settings.kinds:
            return (f"{topic}/online", f"{topic}/input_event/{self._settings.number}")
        own = (f"{topic}/online", f"{topic}/info")
        if self._settings.part == "relay":
            return (*own, self._output)
        # The bare on or off of a lamp that dims says less than the status beside it, and may come first.
        return (*own, f"{self._output}/status", f"{topic}/announce")

    def encode(self, change: Change) -> tuple[Message, ...]:
        match change:
            case SetLight(level, colour, transition) if (light := self._abilities.light) is not None:
                return self._light(light, level, colour, min(transition, LONGEST_FADE))
            case SetSwitch(on) if self._abilities.switch is not None:
                return self._turned(on)
            case _:
                return ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        """How it is; and what it is, until it has said so."""
        if self._abilities == Abilities():
            return ()
        words = ("announce", "update") if self._is_to_be_announced else ("update",)
        return tuple(Message(f"{self._settings.topic}/command", word) for word in words)

    def decode(self, message: Message) -> tuple[Report, ...]:
        topic = self._settings.topic
        if message.topic not in self._topics:
            return ()
        match message.topic.removeprefix(f"{topic}/"):
            case "online":
                online = {"true": True, "false": False}.get(message.payload.strip())
                return () if online is None else (AvailabilityReport(online),)
            case "info":
                return self._informed(message)
            case "announce":
                model = MODELS.get(str(fields(message.payload).get("model")))
                return () if model is None else self._taken_for(model)
            case _ if Kind.BUTTON in self._settings.kinds:
                return self._pressed(message)
            case _ if self._settings.part == "relay":
                return self._said(message.payload.strip())
            case _:
                return self._lit(fields(message.payload))

    def _turned(self, on: bool) -> tuple[Message, ...]:
        return (Message(f"{self._output}/command", "on" if on else "off"),)

    def _light(
        self, light: LightAbilities, level: Percent | None, colour: Colour | None, transition: Ms
    ) -> tuple[Message, ...]:
        if not light.dimmable:
            return () if level is None else self._turned(level > OFF)
        params = {} if colour is None else self._spelt(light, colour)
        if level is not None and level <= OFF:
            params = {"turn": "off"} | params
        elif level is not None:
            params = {"turn": "on"} | self._dimmed(light, units(level, FULL_LEVEL), colour) | params
        return (Message(f"{self._output}/set", compact(**params, transition=transition)),) if params else ()

    def _dimmed(self, light: LightAbilities, level: int, colour: Colour | None) -> dict[str, Any]:
        """Colours have a `gain`, whites a brightness. Which of them a bulb shows now it knows itself."""
        if self._settings.part != "color":
            return {"brightness": level}
        if ColourMode.TEMPERATURE not in light.colours:
            return {"gain": level}
        if colour is None:
            return {"gain": level, "brightness": level}
        return {"brightness": level} if isinstance(colour, Temperature) else {"gain": level}

    def _spelt(self, light: LightAbilities, colour: Colour) -> dict[str, Any]:
        """A bulb with both needs to be told which is meant; white behind colours is as the lamp said it, or dark."""
        has_both = light.colours == ColourMode.TEMPERATURE | ColourMode.RGB
        if ColourMode.TEMPERATURE in light.colours and (isinstance(colour, Temperature) or not has_both):
            temp = {"temp": round(colour.nearest_temperature.kelvin)}
            return {"mode": "white"} | temp if has_both else temp
        if ColourMode.RGB not in light.colours:
            return {}
        shines = colour.parts if isinstance(colour, Channels) else colour.rgb.full.parts
        red, green, blue, *whites = (round(channel) for channel in shines)
        mixed = {"red": red, "green": green, "blue": blue, "white": max(whites, default=0), "effect": 0}
        return {"mode": "color"} | mixed if has_both else mixed

    def _said(self, word: str) -> tuple[Report, ...]:
        """What a relay says."""
        on = _WORDS.get(word)
        if on is None:
            return ()
        switched = () if self._abilities.switch is None else (SwitchReport(on),)
        return (*switched, *(() if self._abilities.light is None else (LightReport(FULL if on else OFF),)))

    def _lit(self, status: Mapping[str, Any]) -> tuple[Report, ...]:
        if self._abilities.light is None:
            return ()
        reading = Reading()
        shows_white = self._settings.part != "color" or status.get("mode") == "white"
        key = "brightness" if shows_white else "gain"
        shown = reading.share(key, status.get(key), FULL_LEVEL) or None
        level, remembered = _level(status.get("ison"), shown)
        colour = self._white(status, reading) if shows_white else _mixed(status, reading)
        taken = self._taken_for(BULB if self._settings.part == "color" else DUO) if self._is_news(colour) else ()
        report = LightReport(level, colour, remembered)
        return (*taken, *(() if report == LightReport() else (report,)), *reading.refused)

    def _white(self, status: Mapping[str, Any], reading: Reading) -> Colour | None:
        """0 is a mark of those who do not say it."""
        return None if self._settings.part == "white" else reading.white("temp", status.get("temp"), True, kelvin=True)

    def _is_news(self, colour: Colour | None) -> bool:
        """A lamp that says a white has whites, also where it has announced nothing."""
        return self._is_to_be_announced and isinstance(colour, Temperature)

    def _taken_for(self, model: Model) -> tuple[Report, ...]:
        if not self._is_to_be_announced:
            return ()
        self._is_to_be_announced = False
        before, self._abilities = self._abilities, self._settings.abilities(model)
        light = self._abilities.light
        return () if light is None or self._abilities == before else (LightAbilitiesReport(light),)

    def _informed(self, message: Message) -> tuple[Report, ...]:
        """All of a device, as it comes up or is announced."""
        info = fields(message.payload)
        up = number(info.get("uptime"))
        powered = (PoweredReport(),) if up is not None and up < _JUST_UP and not message.retain else ()
        own = _nth(info.get("relays" if self._settings.part == "relay" else "lights"), self._settings.number)
        if self._settings.part != "relay":
            return (*powered, *self._lit(own))
        on = own.get("ison")
        return (*powered, *self._said("on" if on else "off")) if isinstance(on, bool) else powered

    def _pressed(self, message: Message) -> tuple[Report, ...]:
        """What it said last it says again and again: the first that is heard may be an old one."""
        said = fields(message.payload)
        event, count = said.get("event"), number(said.get("event_cnt"))
        if count is None:
            return ()
        is_new = self._presses is not None and count != self._presses and not message.retain
        self._presses = count
        return (ButtonReport(event),) if is_new and isinstance(event, str) and event else ()


def _level(on: object, shown: Percent | None) -> tuple[Percent | None, Percent | None]:
    """Level, and what it goes back to from off."""
    if not isinstance(on, bool):
        return None, None
    return (shown, None) if on else (OFF, shown)


def _mixed(status: Mapping[str, Any], reading: Reading) -> Colour | None:
    shines = {key: status.get(name) for key, name in _CHANNELS.items()}
    return reading.colour(shines | ({"w": status["white"]} if "white" in status else {}), "rgb")


def _nth(listed: object, place: int) -> Mapping[str, Any]:
    found = listed[place] if isinstance(listed, list) and place < len(listed) else None
    return found if isinstance(found, dict) else {}
