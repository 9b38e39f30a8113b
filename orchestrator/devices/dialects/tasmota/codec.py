"""One lamp, relay or button of a Tasmota device, as messages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from orchestrator.devices.abilities import Abilities, DeviceCurve, Kind, LightAbilities
from orchestrator.devices.dialect import SharedTopics
from orchestrator.devices.dialects.tasmota.announced import (
    NOT_POWER_LINKED,
    TOPIC,
    TasmotaAnnouncement,
    announced,
    names,
)
from orchestrator.devices.dialects.tasmota.settings import FULL_LEVEL, LONGEST_FADE, WHITES, TasmotaSettings
from orchestrator.devices.messages import (
    AvailabilityReport,
    ButtonReport,
    Change,
    KeepLevel,
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
from orchestrator.devices.wire import fields, number, units
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, HueSaturation, Temperature

_POWER = re.compile(r"POWER\d{0,2}")
_PRESSED = re.compile(r"(Button|Switch)\d{1,2}")
_CURVES = {"ON": DeviceCurve.PERCEPTUAL, "OFF": DeviceCurve.LINEAR}
"""By `LedTable`: whether it corrects for how eyes see."""


class Tasmota:
    """One output of a device, or its buttons.

    `POWER` alone says that a lamp is on and not how bright: it is as its dimmer stands, which it has said before.
    """

    def __init__(self, name: str, settings: TasmotaSettings) -> None:
        self.name = name
        self._settings = settings
        self._commands, self._answers, self._tele = (settings.base(prefix) for prefix in range(3))
        self._kinds = frozenset(settings.kinds)
        self._said: TasmotaAnnouncement | None = None
        self._curve = DeviceCurve.PERCEPTUAL
        self._dimmer: Percent | None = None
        self._abilities = settings.abilities()

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        own = (f"{self._answers}+", f"{self._tele}STATE", f"{self._tele}LWT", f"{self._tele}INFO1")
        return (*own, TOPIC) if self._is_told else own

    @property
    def shared(self) -> SharedTopics | None:
        return SharedTopics((TOPIC,), names, self._commands) if self._is_told else None

    @property
    def _is_told(self) -> bool:
        return bool(self._kinds & {Kind.LIGHT, Kind.SWITCH})

    @property
    def _output(self) -> int:
        return self._settings.number(self._said)

    @property
    def _dims_by(self) -> str | None:
        return self._settings.dims_by(self._said)

    def encode(self, change: Change) -> tuple[Message, ...]:
        light = self._abilities.light
        match change:
            case SetSwitch(on) if self._abilities.switch is not None:
                return (Message(f"{self._commands}Power{self._output}", "ON" if on else "OFF"),)
            case SetLight(level, colour, transition) if light is not None:
                return self._backlog(*self._steps(light, level, colour, transition))
            case KeepLevel(level) if light is not None and light.level_while_off and self._dims_by is not None:
                return self._backlog(*self._at_once_or(0, f"{self._dims_by} {units(level, FULL_LEVEL)}"))
            case _:
                return ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return (Message(f"{self._commands}State", ""),) if self._is_told else ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        topic = message.topic
        if topic == f"{self._tele}LWT":
            return self._availability(message.payload.strip())
        if topic == f"{self._tele}INFO1":
            is_up = not message.retain and isinstance(fields(message.payload).get("Info1"), dict)
            return (PoweredReport(),) if is_up else ()
        if topic == f"{self._tele}STATE" or topic.startswith(self._answers):
            said = self._answer(topic, message.payload)
            return (*self._lit(said), *self._switched(said), *self._pressed(said, message))
        return self._announced(message) if self._is_told else ()

    # Out

    def _backlog(self, *commands: str) -> tuple[Message, ...]:
        """All at once: the next time that the lamp looks, it finds them all, and fades once."""
        if not commands:
            return ()
        return (Message(f"{self._commands}Backlog", ";".join(f"NoDelay;{command}" for command in commands)),)

    def _steps(
        self, light: LightAbilities, level: Percent | None, colour: Colour | None, transition: Ms
    ) -> Iterator[str]:
        """Each with a time of its own: the first one uses it up where it turns the lamp on.

        The level goes first, lest a lamp that was off is seen in the level that it had. Only an OFF comes last: between
        the two nobody sees the colour.
        """
        power = f"Power{self._output}"
        spelt = self._spelt(light, colour)
        if level is not None and level <= OFF:
            yield from self._at_once_or(transition, *spelt) if spelt else ()
            yield from self._at_once_or(transition, f"{power} OFF")
            return
        if level is not None:
            dims = f"{self._dims_by} {units(level, FULL_LEVEL)}" if light.dimmable else f"{power} ON"
            yield from self._at_once_or(transition, dims)
        if spelt:
            yield from self._at_once_or(transition, *spelt)
        if level is not None and light.dimmable and NOT_POWER_LINKED in self._settings.options(self._said):
            yield f"{power} ON"

    def _at_once_or(self, transition: Ms, *commands: str) -> Iterator[str]:
        """`Fade2` is heard by 9.3 alone, `Speed2 0` by those after it; a fade that is on is ended by it."""
        if self._dims_by is not None:
            halves = max(round(min(transition, LONGEST_FADE) * 2 / SECOND), 1) if transition > 0 else 0
            yield from (f"Fade2 {min(halves, 1)}", f"Speed2 {halves}")
        yield from commands

    def _spelt(self, light: LightAbilities, colour: Colour | None) -> tuple[str, ...]:
        """In the words in which the lamp said it. `Color2` leaves the dimmer where it is."""
        apart = "=" if self._dims_by == "Dimmer1" else ""
        match colour:
            case None:
                return ()
            case _ if not light.colours:
                return ()
            case Temperature(mired):
                return (f"CT {round(min(max(mired, WHITES[0]), WHITES[1]))}",)
            case HueSaturation(hue, saturation):
                return f"HsbColor1 {round(hue)}", f"HsbColor2 {round(saturation)}"
            case Channels(parts):
                return (f"Color2 {','.join(str(round(part)) for part in parts)}{apart}",)
        return (f"Color2 {','.join(str(round(part)) for part in colour.rgb.full.parts)}{apart}",)

    # In

    def _answer(self, topic: str, payload: str) -> dict[str, Any]:
        """What it says under any command's name (`SetOption4`); a bare word is its power, a Status has it inside."""
        said = fields(payload)
        word = topic.removeprefix(self._answers)
        if not said and _POWER.fullmatch(word):
            return {word: payload.strip()}
        inner = said.get("StatusSTS")
        return inner if isinstance(inner, dict) else said

    def _power(self, said: dict[str, Any]) -> bool | None:
        off, on = self._said.words if self._said is not None else ("OFF", "ON")
        own = f"POWER{self._output}"
        word = said.get(own, said.get("POWER") if self._output == 1 else None)
        return {off: False, "OFF": False, on: True, "ON": True}.get(word) if isinstance(word, str) else None

    def _lit(self, said: dict[str, Any]) -> tuple[Report, ...]:
        light, is_on = self._abilities.light, self._power(said)
        if light is None or is_on is None:
            return ()
        reading = Reading()
        stands = self._stands(said, reading) if light.dimmable else Percent(100.0)
        colour = self._colour(said, light, reading)
        kept = stands if light.dimmable and _key(self._dims_by) in said else None
        report = LightReport(stands, colour) if is_on else LightReport(OFF, colour, kept)
        told = () if report == LightReport() else (report,)
        return (*self._corrected(said.get("LedTable"), light), *told, *reading.refused)

    def _stands(self, said: dict[str, Any], reading: Reading) -> Percent | None:
        """Where its dimmer stands, as it says now or has said last; None where what it says is no level."""
        key = _key(self._dims_by)
        if key in said:
            self._dimmer = reading.share(key, said[key], FULL_LEVEL) or None
        return self._dimmer

    def _colour(self, said: dict[str, Any], light: LightAbilities, reading: Reading) -> Colour | None:
        """White where its white shines and nothing else does; the numbers of its channels where both do."""
        if not light.colours:
            return None
        channels = _channels(said.get("Color"))
        if self._dims_by == "Dimmer1":
            channels = channels[:3]
        shines, white = channels[:3], channels[3:]
        if len(channels) <= 2 or self._dims_by == "Dimmer2" or (max(white, default=0) > 0 and max(shines) == 0):
            if "CT" in said:
                return reading.white("CT", said.get("CT"))
            return Channels(_full(channels)) if max(white, default=0) > 0 else None
        if max(white, default=0) > 0:
            return Channels(_full(channels))
        return _turned(said.get("HSBColor"), reading)

    def _corrected(self, word: object, light: LightAbilities) -> tuple[Report, ...]:
        curve = _CURVES.get(word, self._curve) if isinstance(word, str) else self._curve
        if curve is self._curve:
            return ()
        self._curve = curve
        return self._known(light)

    def _known(self, before: LightAbilities) -> tuple[Report, ...]:
        """What is believed of a lamp is counted in its steps: these stay."""
        now = self._settings.abilities(self._said, self._curve)
        assert now.light is not None
        light = replace(now.light, steps=before.steps)
        self._abilities = replace(now, light=light)
        return (LightAbilitiesReport(light),) if light != before else ()

    def _switched(self, said: dict[str, Any]) -> tuple[Report, ...]:
        on = self._power(said) if self._abilities.switch is not None else None
        return () if on is None else (SwitchReport(on),)

    def _pressed(self, said: dict[str, Any], message: Message) -> tuple[Report, ...]:
        """`{"Button1":{"Action":"SINGLE"}}` is `button1_single`. A press that is retained was pressed long ago."""
        if Kind.BUTTON not in self._kinds or message.retain:
            return ()
        actions = ((name, what.get("Action")) for name, what in said.items() if isinstance(what, dict))
        return tuple(
            ButtonReport(f"{name}_{action}".lower())
            for name, action in actions
            if _PRESSED.fullmatch(name) and isinstance(action, str) and action and action != "CLEAR"
        )

    def _availability(self, word: str) -> tuple[Report, ...]:
        offline, online = self._said.presence if self._said is not None else ("Offline", "Online")
        known = {offline: False, "Offline": False, online: True, "Online": True}
        return (AvailabilityReport(known[word]),) if word in known else ()

    def _announced(self, message: Message) -> tuple[Report, ...]:
        if not (message.topic.startswith("tasmota/discovery/") and message.topic.endswith("/config")):
            return ()
        said = announced(message.payload)
        if said is None or said.commands != self._commands:
            return ()
        self._said = said
        return self._known(self._abilities.light) if self._abilities.light is not None else ()


def _key(dimmer: str | None) -> str:
    """Where a state has what a command sets: `Dimmer3` is the whole dimmer, told without fading."""
    return "Dimmer" if dimmer in (None, "Dimmer3") else str(dimmer)


def _channels(written: object) -> tuple[float, ...]:
    """`FF9A1E0000`, or `255,154,30,0,0` with `SetOption17`; () for what is neither."""
    if not isinstance(written, str):
        return ()
    decimal = written.split(",")
    pairs = re.findall(r"[0-9a-fA-F]{2}", written) if re.fullmatch(r"([0-9a-fA-F]{2}){1,5}", written) else []
    read = [number(part) for part in decimal] if len(decimal) > 1 else [float(int(pair, 16)) for pair in pairs]
    parts = tuple(part for part in read if part is not None and 0 <= part <= 255)
    return parts if len(parts) == len(read) <= 5 else ()


def _full(parts: tuple[float, ...]) -> tuple[float, ...]:
    """How bright it is says the dimmer."""
    return tuple(part * 255.0 / max(parts) for part in parts)


def _turned(written: object, reading: Reading) -> Colour | None:
    parts = written.split(",") if isinstance(written, str) else []
    return reading.colour({"h": parts[0], "s": parts[1]}, "hs") if len(parts) == 3 else None
