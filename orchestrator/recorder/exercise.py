"""What a device is asked to do for a recording: one of each change that it can, gently, and then as it was."""

from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, LightAbilities, PlayerAbilities
from orchestrator.devices.messages import (
    Change,
    LightReport,
    PauseMusic,
    PlayerReport,
    Report,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
    SwitchReport,
)
from orchestrator.units import FULL, OFF, SECOND, Ms, Percent, WordsPerMinute
from orchestrator.values import Colour, Rgb, Temperature

FADE: Ms = 2 * SECOND
DIMMED = 0.7
"""A lamp that is on becomes darker by this, never brighter …"""
BRIGHTEST, FAINT = Percent(40.0), Percent(10.0)
"""… and never brighter than the first; one that is off comes up to the second."""
LOUDEST, VOICE = Percent(30.0), Percent(20.0)
WARM, AMBER = Temperature.of_kelvin(2700), Rgb.of_hex("#ff9a3c")
_RATE = WordsPerMinute(110.0)

_NEAR = 1.0
"""Percent, between what was given back and what it says: lamps round."""

WORDS = "1, 2."
"""Every voice has words for them in its own language."""

GENTLE: tuple[Change, ...] = (
    SetLight(FAINT, WARM, FADE),
    SetSwitch(on=False),
    SetVolume(FAINT),
    Speak("relax-record", WORDS, "en", VOICE, _RATE, 500),
)
"""One of each, for whoever wants to know on which topics a device is told."""


class Exercise:
    """Give it what the device says before; then it knows what to ask for, and what to give back.

    What a device has not said it is not asked to change: it could not be given back. A lamp is never switched off or
    made brighter, a switch is told what it already is (who knows what is plugged in), music is only paused and lowered.
    """

    def __init__(self, abilities: Abilities, language: str) -> None:
        self._abilities = abilities
        self._language = language
        self._level: Percent | None = None
        self._colour: Colour | None = None
        self._on: bool | None = None
        self._volume: Percent | None = None
        self._plays = False

    def heard(self, report: Report) -> None:
        """The device says how it is, before anything is changed."""
        match report:
            case LightReport(level, colour):
                self._level = level if level is not None else self._level
                self._colour = colour if colour is not None else self._colour
            case SwitchReport(on):
                self._on = on
            case PlayerReport(playing, volume, paused):
                self._volume = volume if volume is not None else self._volume
                self._plays = bool(playing) and not paused if playing is not None else self._plays
            case _:
                pass

    def changes(self) -> list[Change]:
        """What to ask for, in this order, with time for each fade between."""
        can = self._abilities
        return [
            *(self._lit(can.light) if can.light is not None and self._level is not None else ()),
            *([SetSwitch(self._on)] if can.switch is not None and self._on is not None else ()),
            *(self._played(can.player) if can.player is not None else ()),
            *([self._spoken()] if can.voice is not None else ()),
        ]

    def giving_back(self) -> list[Change]:
        """What brings back how it was."""
        can, changes = self._abilities, list[Change]()
        if can.light is not None and self._level is not None and can.light.dimmable:
            length = FADE if can.light.fade is FadeBy.NATIVE else 0
            colour = _written(self._colour) if can.light.colours else None
            if colour is not None and (can.light.one_attribute_per_fade or self._level == OFF):
                changes.append(SetLight(None, colour, 0))
                colour = None
            changes.append(SetLight(_tenth(self._level), colour, length))
        if can.player is not None and self._volume is not None:
            changes.append(SetVolume(_tenth(self._volume)))
        return changes

    @property
    def shown(self) -> tuple[Percent | None, Percent | None]:
        """The level and the volume that were said last."""
        return self._level, self._volume

    def is_like(self, before: "Exercise") -> bool:
        """Whether what was said last is what was there before: what was said then has to be said again."""
        pairs = zip(self.shown, before.shown, strict=True)
        return all(then is None or (now is not None and abs(now - then) <= _NEAR) for now, then in pairs)

    def untried(self) -> list[str]:
        """What it is not asked to change, because it did not say how it is."""
        can = self._abilities
        lacks = {
            "light": can.light is not None and self._level is None,
            "colour": can.light is not None and bool(can.light.colours) and self._colour is None,
            "switch": can.switch is not None and self._on is None,
            "volume": can.player is not None and self._volume is None,
        }
        return [name for name, is_lacking in lacks.items() if is_lacking]

    def _lit(self, light: LightAbilities) -> list[Change]:
        assert self._level is not None
        if not light.dimmable:
            return [SetLight(_tenth(self._level), None)]
        length = FADE if light.fade is FadeBy.NATIVE else 0
        wanted = FAINT if self._level == OFF else min(self._level * DIMMED, BRIGHTEST)
        level = _tenth(min(max(wanted, light.least), light.most, FULL))
        changes: list[Change] = [SetLight(level, None, length)]
        if self._colour is None:
            return changes
        if ColourMode.RGB in light.colours:
            changes.append(SetLight(None, AMBER, length))
        if ColourMode.TEMPERATURE in light.colours:
            warm = _written(light.nearest(WARM))
            changes.append(SetLight(None, warm, length))
            if not light.one_attribute_per_fade:
                changes.append(SetLight(level, warm, length))
        return changes

    def _played(self, player: PlayerAbilities) -> list[Change]:
        changes: list[Change] = []
        if self._volume is not None:
            changes.append(SetVolume(_tenth(min(self._volume * DIMMED, LOUDEST))))
        return [*changes, PauseMusic(), ResumeMusic()] if self._plays and player.pause else changes

    def _spoken(self) -> Speak:
        return Speak("relax-record", WORDS, self._language, VOICE, _RATE, 500)


def _tenth(percent: float) -> Percent:
    """What is asked for is what stands in the fixture: one decimal."""
    return Percent(round(percent, 1))


def _written(colour: Colour | None) -> Colour | None:
    if isinstance(colour, Temperature):
        return Temperature(round(colour.mired, 1))
    return Rgb.of_hex(colour.hex) if isinstance(colour, Rgb) else colour
