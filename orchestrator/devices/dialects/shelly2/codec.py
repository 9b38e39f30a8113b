"""One component of a Shelly Gen2 or later, as messages."""

from collections.abc import Mapping
from typing import Any, Final

from orchestrator.devices.abilities import Abilities, Kind, LightAbilities
from orchestrator.devices.dialects.shelly2.settings import FULL_LEVEL, LONGEST_FADE, SHORTEST_FADE, Shelly2Settings
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    KeepLevel,
    LightAbilitiesReport,
    LightReport,
    Message,
    PoweredReport,
    RefusalReport,
    Report,
    SetLight,
    SetSwitch,
    SwitchReport,
)
from orchestrator.devices.reading import KELVIN, Reading
from orchestrator.devices.wire import compact, fields, number, seconds, units
from orchestrator.units import FULL, OFF, Ms, Percent
from orchestrator.values import Channels, Colour, Temperature

ASKS_STATUS: Final = 1
ASKS_CONFIG: Final = 2
COMMANDS: Final = 3
"""`id` of our requests: an answer has that of what it answers."""
_LEVEL, _COLOUR = ("output", "brightness"), ("mode", "ct", "rgb", "white")
_SAYS: Final = {"cct": ("ct",), "rgb": ("rgb",), "rgbw": ("rgb", "white")}
"""Of its colours, by what it is."""
_JUST_UP = 60.0
"""Seconds. One that has come up says all that it is as soon as it has reached the broker, with its time since then."""
_LONGEST = 160


class Shelly2:
    """One component. It says by itself no more than what has changed: what it said before is remembered.

    Until all of a lamp is known a word about a part of it says nothing: who takes that for all that there is would not
    ask for the rest.
    """

    def __init__(self, name: str, settings: Shelly2Settings) -> None:
        self.name = name
        self._settings = settings
        self._abilities = settings.abilities()
        self._online, self._status = f"{settings.topic}/online", f"{settings.topic}/status/{settings.place}"
        self._events = f"{settings.topic}/events/rpc"
        self._source = f"relax/shelly/{settings.topic}/{settings.place}"
        self._known: dict[str, Any] = {}
        self._is_whole = False
        self._is_stale = False
        self._lacks_range = Kind.LIGHT in settings.kinds and settings.part in ("cct", "rgbcct")

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        if self._abilities == Abilities():
            return (self._online, self._events)
        return (self._online, self._events, self._status, f"{self._source}/rpc")

    def encode(self, change: Change) -> tuple[Message, ...]:
        """A command, and after an absence a question too: one that changes nothing would be followed by no word."""
        params = self._params(change)
        if params is None:
            return ()
        command = self._request(COMMANDS, "Set", params)
        return (command, self._status_request()) if self._is_stale else (command,)

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        """How it is; and what whites it has, until it has said so."""
        if self._abilities == Abilities():
            return ()
        status = self._status_request()
        return (status, self._request(ASKS_CONFIG, "GetConfig", {})) if self._lacks_range else (status,)

    def decode(self, message: Message) -> tuple[Report, ...]:
        if message.topic == self._online:
            return self._availability(message)
        if message.topic == self._events:
            return self._notified(message)
        if message.topic == self._status:
            return self._told(fields(message.payload), is_whole=True)
        return self._answered(fields(message.payload)) if message.topic == f"{self._source}/rpc" else ()

    def _status_request(self) -> Message:
        return self._request(ASKS_STATUS, "GetStatus", {})

    def _request(self, id_: int, method: str, params: Mapping[str, Any]) -> Message:
        named = f"{self._settings.namespace}.{method}"
        params = {"id": self._settings.number, **params}
        return Message(f"{self._settings.topic}/rpc", compact(id=id_, src=self._source, method=named, params=params))

    def _params(self, change: Change) -> dict[str, Any] | None:
        match change:
            case SetLight(level, colour, transition) if (light := self._abilities.light) is not None:
                return self._light(light, level, colour, transition)
            case KeepLevel(level) if (light := self._abilities.light) is not None and light.dimmable:
                return {"on": False, "brightness": units(level, FULL_LEVEL)}
            case SetSwitch(on) if self._abilities.switch is not None:
                off_after = self._settings.off_after
                return {"on": on} | ({"toggle_after": seconds(off_after)} if on and off_after is not None else {})
            case _:
                return None

    def _light(
        self, light: LightAbilities, level: Percent | None, colour: Colour | None, transition: Ms
    ) -> dict[str, Any] | None:
        """A colour alone is refused: `on` goes with it."""
        params = {} if colour is None else self._spelt(colour)
        if level is None and not params:
            return None
        if level is not None and level > OFF and light.dimmable:
            params = {"brightness": units(level, FULL_LEVEL)} | params
        length = {"transition_duration": seconds(min(max(transition, SHORTEST_FADE), LONGEST_FADE))}
        return {"on": level is None or level > OFF} | params | (length if light.dimmable else {})

    def _spelt(self, colour: Colour) -> dict[str, Any]:
        """In the component's words; white behind colours is as the lamp said it, or dark."""
        part = self._settings.part
        if part == "cct" or (part == "rgbcct" and isinstance(colour, Temperature)):
            white = {"ct": round(colour.nearest_temperature.kelvin)}
            return white if part == "cct" else {"mode": "cct"} | white
        shines = colour.parts if isinstance(colour, Channels) else colour.rgb.full.parts
        red, green, blue, *whites = (round(channel) for channel in shines)
        match part:
            case "rgb":
                return {"rgb": [red, green, blue]}
            case "rgbw":
                return {"rgb": [red, green, blue], "white": max(whites, default=0)}
            case "rgbcct":
                return {"mode": "rgb", "rgb": [red, green, blue]}
            case _:
                return {}

    def _availability(self, message: Message) -> tuple[Report, ...]:
        """While it is away, or we are, nobody tells what becomes of it. What is retained we hear when we come back."""
        online = {"true": True, "false": False}.get(message.payload.strip())
        if online is False or message.retain:
            self._is_stale = self._is_whole
        return () if online is None else (AvailabilityReport(online),)

    def _notified(self, message: Message) -> tuple[Report, ...]:
        said = fields(message.payload)
        params = _object(said.get("params"))
        match said.get("method"):
            case "NotifyStatus":
                return self._told(_object(params.get(self._settings.place)))
            case "NotifyFullStatus":
                up = number(_object(params.get("sys")).get("uptime"))
                has_come_up = up is not None and up < _JUST_UP and not message.retain
                own = self._told(_object(params.get(self._settings.place)), is_whole=True)
                return (PoweredReport(), *own) if has_come_up else own
            case "NotifyEvent" if Kind.BUTTON in self._settings.kinds and not message.retain:
                return self._pressed(params.get("events"))
            case _:
                return ()

    def _pressed(self, events: object) -> tuple[Report, ...]:
        named = (_object(event) for event in events) if isinstance(events, list) else ()
        actions = (each.get("event") for each in named if each.get("component") == self._settings.place)
        return tuple(ButtonReport(action) for action in actions if isinstance(action, str) and action)

    def _answered(self, said: dict[str, Any]) -> tuple[Report, ...]:
        """Whether a command was done is told by what the device says then; an answer only says that it was not."""
        result, error = _object(said.get("result")), _object(said.get("error"))
        asked = said.get("id")
        if asked == ASKS_STATUS:
            return self._told(result, is_whole=True)
        if asked == ASKS_CONFIG:
            return self._ranged(result)
        if asked != COMMANDS or not error:
            return ()
        why = str(error.get("message") or error.get("code"))
        return (RefusalReport(why if len(why) <= _LONGEST else f"{why[:_LONGEST]}…"),)

    def _ranged(self, config: Mapping[str, Any]) -> tuple[Report, ...]:
        """Its whites, as far as it says them: those with fixed LEDs do not."""
        before = self._abilities.light
        if before is None or not config:
            return ()
        self._lacks_range = False
        ends = config.get("ct_range")
        reading = Reading()
        kelvins = [reading.number("ct_range", each, *KELVIN) for each in ends] if isinstance(ends, list) else []
        known = sorted(1_000_000 / each for each in kelvins if each is not None)
        if len(known) == 2 and known[0] < known[1]:
            self._abilities = self._settings.abilities((known[0], known[1]))
        light = self._abilities.light
        assert light is not None
        return (*(() if light == before else (LightAbilitiesReport(light),)), *reading.refused)

    def _told(self, said: Mapping[str, Any], *, is_whole: bool = False) -> tuple[Report, ...]:
        """A lamp that fades is where it goes."""
        goal = {**said, **_object(_object(said.get("transition")).get("target"))}
        new = {key: goal[key] for key in (*_LEVEL, *_COLOUR) if key in goal}
        self._known |= new
        self._is_whole = self._is_whole or bool(is_whole and new) or self._knows_all()
        self._is_stale = self._is_stale and not (is_whole and new)
        if not self._is_whole:
            return ()
        if self._is_stale and new:
            new = dict(self._known)  # after an absence a part alone would be taken for all that there is
        reading = Reading()
        reports = (*self._lit(new, reading), *self._switched(new))
        if reading.refused:
            for key in new:
                self._known.pop(key, None)
        return (*reports, *reading.refused)

    def _knows_all(self) -> bool:
        colours = _SAYS.get(self._settings.part, ())
        if self._settings.part == "rgbcct":
            colours = ("mode", "rgb" if self._known.get("mode") == "rgb" else "ct")
        needed = ("output", "brightness", *colours) if self._settings.dims else ("output",)
        return all(key in self._known for key in needed)

    def _lit(self, new: Mapping[str, Any], reading: Reading) -> tuple[Report, ...]:
        light = self._abilities.light
        if light is None:
            return ()
        level = remembered = colour = None
        if any(key in new for key in _LEVEL):
            level, remembered = self._level(light, reading)
        if any(key in new for key in _COLOUR):
            colour = self._colour(reading)
        report = LightReport(level, colour, remembered)
        return () if report == LightReport() else (report,)

    def _level(self, light: LightAbilities, reading: Reading) -> tuple[Percent | None, Percent | None]:
        """Level, and what it goes back to from off. Whether it is on has to be known; 0 while it is on says nothing."""
        shown = reading.share("brightness", self._known.get("brightness"), FULL_LEVEL) or None
        match self._known.get("output"):
            case False:
                return OFF, shown if light.dimmable else None
            case True:
                return shown if light.dimmable else FULL, None
            case _:
                return None, None

    def _colour(self, reading: Reading) -> Colour | None:
        """`mode` says which is meant where it has whites and colours."""
        match self._settings.part, self._known.get("mode"):
            case ("cct", _) | ("rgbcct", "cct"):
                return reading.white("ct", self._known.get("ct"), kelvin=True)
            case ("rgb" | "rgbw", _) | ("rgbcct", "rgb"):
                shines = self._known.get("rgb")
                if not isinstance(shines, list) or len(shines) != 3:
                    return None
                white = {"w": self._known["white"]} if self._settings.part == "rgbw" and "white" in self._known else {}
                return reading.colour(dict(zip("rgb", shines, strict=True)) | white, "rgb")
            case _:
                return None

    def _switched(self, new: Mapping[str, Any]) -> tuple[Report, ...]:
        on = new.get("output")
        return (SwitchReport(on),) if self._abilities.switch is not None and isinstance(on, bool) else ()


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
