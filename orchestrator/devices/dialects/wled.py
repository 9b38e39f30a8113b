"""WLED 0.14 and later: a strip, by the JSON API on `<topic>/api`. To the topic itself JSON never goes: it would toggle.

`tt` is the transition for this once, in tenths of a second, at most 655: 656 would be 64 ms. It is never 0, which would
stay for what a person does next. `nl` ends a nightlight, which would fade the strip its own way; a colour ends an
effect. Which effect is on stands in `/v`, with the colour that it is made of: it is a part of that colour, and is given
back with it (decision 63).

A strip says its brightness (`/g`) and colour (`/c`) when they change, at most once a second. Where nothing changes it
answers a message that speaks of segments (to 0.15) or of the nightlight (from 16): each of ours speaks of both. It
cannot be asked.
"""

import re
from typing import Any, ClassVar, Literal

from pydantic import field_validator

from orchestrator.devices.abilities import Abilities, ColourMode, DeviceCurve, Kind, LightAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    AvailabilityReport,
    Change,
    KeepLevel,
    LightReport,
    Message,
    OutOfRangeReport,
    Report,
    SetLight,
)
from orchestrator.devices.reading import Reading
from orchestrator.devices.settings import LampSettings, Topic
from orchestrator.devices.wire import compact, units
from orchestrator.units import OFF, SECOND, Ms, Percent
from orchestrator.values import Channels, Colour, Effect, Rgb, Temperature

FULL_LEVEL = 255
LONGEST_FADE: Ms = 65_500
SETTLE: Ms = 3 * SECOND
"""It speaks once a second: what it says may be of the second before."""
WHITES = (1900, 10_091)
"""Kelvin that `cct` takes; below 256 it would be a place between the two whites."""
_SOLID = 0
_EFFECT = re.compile(r"<(fx|sx|ix|fp)>(\d{1,3})</")
_SHINES = re.compile(r"<(?:cl|wv)>(-?\d{1,3})</")
_KEYS = {"fx": "fx", "sx": "sx", "ix": "ix", "fp": "pal"}
"""An effect, its speed, its intensity and its palette: in `/v`, and of a segment."""
_COLOUR = re.compile(r"#?([0-9a-fA-F]{0,2})([0-9a-fA-F]{6})")
_ENDINGS = frozenset({"api", "col", "g", "c", "v", "status"})


class WledSettings(LampSettings):
    """`topic`: the device topic of its page *Sync Interfaces*, or a group topic, which says nothing back."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT})

    dialect: Literal["wled"]
    topic: Topic

    @field_validator("topic")
    @classmethod
    def _whole(cls, topic: str) -> str:
        whole, _, ending = topic.rpartition("/")
        if whole and ending in _ENDINGS:
            raise ValueError(f"{topic!r}: leave /{ending} away; {whole} is the strip")
        return topic


class Wled:
    """One strip: the segments that are selected on its page, which are all unless somebody has chosen."""

    def __init__(self, name: str, settings: WledSettings) -> None:
        self.name = name
        self._topic = settings.topic
        light = LightAbilities(
            longest_fade=LONGEST_FADE,
            colour_with_off=True,
            colour_while_off=True,
            level_while_off=True,
            colours=ColourMode.RGB,
            steps=FULL_LEVEL,
            curve=DeviceCurve.LINEAR,
            settle=SETTLE,
        )
        self._light = settings.tuned(settings.coloured(light))

    @property
    def abilities(self) -> Abilities:
        return Abilities(light=self._light)

    @property
    def topics(self) -> tuple[str, ...]:
        return f"{self._topic}/g", f"{self._topic}/c", f"{self._topic}/v", f"{self._topic}/status"

    def encode(self, change: Change) -> tuple[Message, ...]:
        match change:
            case SetLight(level, colour, transition):
                wish = self._wish(level, colour, transition)
            case KeepLevel(level):
                wish = {"on": False, "bri": units(level, FULL_LEVEL), "tt": 1, "seg": {}}
            case _:
                return ()
        return (Message(f"{self._topic}/api", compact(**wish, nl={"on": False})),) if wish else ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        word = message.payload.strip()
        match message.topic.removeprefix(f"{self._topic}/"):
            case "g":
                reading = Reading()
                level = reading.share("brightness", word or None, FULL_LEVEL)
                return (LightReport(level),) if level is not None else tuple(reading.refused)
            case "c":
                return self._shown(word)
            case "v":
                return self._whole(word)
            case "status" if word in ("online", "offline"):
                return (AvailabilityReport(word == "online"),)
            case _:
                return ()

    def _wish(self, level: Percent | None, colour: Colour | None, transition: Ms) -> dict[str, Any]:
        """A colour alone leaves a strip off that is off; a level of 0 is no level, for it goes back to its last."""
        segment = self._spelt(colour)
        if level is None and segment is None:
            return {}
        is_on = None if level is None else level > OFF
        return {
            "on": is_on,
            "bri": units(level, FULL_LEVEL) if level is not None and is_on else None,
            "tt": min(max(round(transition / 100), 1), LONGEST_FADE // 100),
            "seg": segment or {},
        }

    def _spelt(self, colour: Colour | None) -> dict[str, Any] | None:
        """Its channels as it said them; white of a strip with two whites by its white channel."""
        if colour is None or not self._light.colours:
            return None
        if isinstance(colour, Temperature) and ColourMode.TEMPERATURE in self._light.colours:
            kelvin = min(max(round(colour.kelvin), WHITES[0]), WHITES[1])
            return {"col": [[0, 0, 0, 255]], "cct": kelvin, "fx": _SOLID}
        parts = [round(part) for part in (colour.parts[:4] if isinstance(colour, Channels) else colour.rgb.full.parts)]
        effect = colour.effect if isinstance(colour, Channels) else None
        return {
            "col": [parts],
            **({"fx": _SOLID} if effect is None else dict(zip(_KEYS.values(), effect, strict=True))),
        }

    def _whole(self, payload: str) -> tuple[Report, ...]:
        has_whites = ColourMode.TEMPERATURE in self._light.colours
        return _with_its_effect(payload, has_whites=has_whites) if self._light.colours else ()

    def _shown(self, payload: str) -> tuple[Report, ...]:
        """`#RRGGBB`, with white in front where that shines (`#5FFA000`). How warm its white is it does not say."""
        found = _COLOUR.fullmatch(payload)
        if found is None:
            return (OutOfRangeReport("color", payload[:40], "#RRGGBB or #WWRRGGBB"),) if payload else ()
        if not self._light.colours:
            return ()
        parts = tuple(float(part) for part in bytes.fromhex(found[2]))
        white = float(int(found[1] or "0", 16))
        if max(parts) == 0 and (white == 0 or ColourMode.TEMPERATURE in self._light.colours):
            return ()
        if white == 0:
            return (LightReport(colour=Rgb(*parts) if max(parts) == FULL_LEVEL else Channels(parts)),)
        return (LightReport(colour=Channels((*parts, white))),)


def _with_its_effect(payload: str, *, has_whites: bool) -> tuple[Report, ...]:
    """The colour with the effect that is made of it; where none is on, `/c` has said all."""
    said = {name: int(amount) for name, amount in _EFFECT.findall(payload)}
    shines = [float(part) for part in _SHINES.findall(payload)]
    if not said.get("fx") or said.keys() != _KEYS.keys() or len(shines) not in (3, 4) or max(shines) <= 0:
        return ()
    parts = shines if len(shines) == 4 and shines[3] > 0 else shines[:3]
    if min(parts) < 0 or max(parts) > FULL_LEVEL or (has_whites and max(parts[:3]) == 0):
        return ()
    return (LightReport(colour=Channels(tuple(parts), Effect(*(said[name] for name in _KEYS)))),)


FAMILY = Family(
    "wled", WledSettings, Wled, to_keep="tick *Retain MQTT messages* on its page *Config → Sync Interfaces*"
)
