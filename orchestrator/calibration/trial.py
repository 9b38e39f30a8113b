"""What a device is told when it is tried out: one of each change that it can, gently, and then how it was.

What it has not said it is not told: it could not be given back. A lamp gets darker and never brighter than it was; one
that is off comes up a little. A switch is told what it already is: who knows what is plugged in. Nothing is louder than
its room allows.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from orchestrator.calibration.device_state import DeviceState, colour_text
from orchestrator.devices.abilities import Abilities, ColourMode, FadeBy, LightAbilities, PlayerAbilities
from orchestrator.devices.messages import (
    Change,
    KeepLevel,
    PauseMusic,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
)
from orchestrator.units import FULL, OFF, SECOND, Ms, Percent, WordsPerMinute
from orchestrator.values import Colour, Rgb, Temperature

FADE: Ms = 4 * SECOND
"""Long enough that two answers on the way tell a fade from a jump."""
SHORT_FADE: Ms = 2 * SECOND
STEP_TO, FADE_TO = 0.7, 0.35
"""Of the level that a lamp has …"""
FAINT, DIM = Percent(10.0), Percent(25.0)
"""… and what one that is off, or nearly, comes up to."""
QUIETER, VOICE = 0.7, Percent(30.0)
_NEARLY_OFF = Percent(6.0)
WARM, AMBER = Temperature.of_kelvin(2700), Rgb.of_hex("#ff9a3c")
WORDS = "1, 2."
"""Every voice has words for them in its own language."""
WORDS_ID = "relax-test"
_RATE = WordsPerMinute(110.0)


class Tried(StrEnum):
    """What of a device is tried."""

    STEP = "step"
    FADE = "fade"
    WHITE = "white"
    COLOUR = "colour"
    LIGHT = "light"
    SWITCH = "switch"
    VOLUME = "volume"
    PAUSE = "pause"
    RESUME = "resume"
    WORDS = "words"


_OF_LIGHT = frozenset({Tried.STEP, Tried.FADE, Tried.WHITE, Tried.COLOUR})


class Trial(NamedTuple):
    """One change. `about` is what it is, for a person; it takes `length`; `from_level` is where a light begins."""

    tried: Tried
    change: Change
    about: str
    length: Ms = 0
    from_level: Percent | None = None


class RoomLimits(NamedTuple):
    """The most that is told: percent of the device's own scale. `voice` is what is comfortable where it speaks."""

    brightness: Percent = FULL
    volume: Percent = Percent(60.0)
    voice: Percent = VOICE


def trials(can: Abilities, before: DeviceState, limits: RoomLimits, language: str) -> list[Trial]:
    """What to try, one after the other."""
    return [
        *(_lit(can.light, before, limits) if can.light is not None and before.level is not None else ()),
        *(_switched(before.on) if can.switch is not None and before.on is not None else ()),
        *(_played(can.player, before, limits) if can.player is not None else ()),
        *([_spoken(limits, language)] if can.voice is not None else ()),
    ]


def untried(can: Abilities, before: DeviceState) -> list[str]:
    """What is left alone, because it did not say how it is."""
    lacks = {
        "light": can.light is not None and before.level is None,
        "colour": can.light is not None and bool(can.light.colours) and before.colour is None,
        "switch": can.switch is not None and before.on is None,
        "volume": can.player is not None and before.volume is None,
    }
    return [name for name, is_lacking in lacks.items() if is_lacking]


def giving_back(can: Abilities, before: DeviceState, tried: Collection[Tried]) -> list[Change]:
    """What brings back how it was, in this order; nothing of what was not touched."""
    changes: list[Change] = []
    if can.light is not None and can.light.dimmable and before.level is not None and _OF_LIGHT.intersection(tried):
        changes += _light_back(can.light, before.level, before)
    if before.volume is not None and Tried.VOLUME in tried:
        changes.append(SetVolume(before.volume))
    if Tried.PAUSE in tried and before.plays:
        changes.append(ResumeMusic())
    return changes


def comes_on_dim(can: Abilities, before: DeviceState, tried: Collection[Tried]) -> bool:
    """Whether a lamp that was off has gone out from a low level, and goes back to that one when it comes on next."""
    light = can.light
    was_lit = light is not None and light.dimmable and before.level == OFF and bool(_OF_LIGHT.intersection(tried))
    return was_lit and light is not None and not (light.level_while_off and before.remembered)


def _light_back(light: LightAbilities, level: Percent, before: DeviceState) -> Iterator[Change]:
    """A colour first where both cannot go together: one that is off takes it while it is still dim."""
    colour = before.colour if light.colours else None
    if colour is not None and (light.one_attribute_per_fade or level == OFF):
        yield SetLight(None, colour, 0)
        colour = None
    yield SetLight(level, colour, SHORT_FADE if light.fade is FadeBy.NATIVE and level > OFF else 0)
    if level == OFF and light.level_while_off and before.remembered is not None and before.remembered > OFF:
        yield KeepLevel(before.remembered)


def _lit(light: LightAbilities, before: DeviceState, limits: RoomLimits) -> Iterator[Trial]:
    assert before.level is not None
    if not light.dimmable:
        change = SetLight(before.level, None)
        yield Trial(Tried.LIGHT, change, "on" if before.level > OFF else "off", from_level=before.level)
        return
    step, dim = _levels(light, before.level, limits)
    yield Trial(Tried.STEP, SetLight(step, None), f"a step to {step:.0f} %", from_level=before.level)
    if light.fade is FadeBy.NATIVE:
        length = min(FADE, light.longest_fade)
        about = f"a fade to {dim:.0f} %, {length / SECOND:g} s"
        yield Trial(Tried.FADE, SetLight(dim, None, length), about, length, step)
    if before.colour is None:
        return
    length = SHORT_FADE if light.fade is FadeBy.NATIVE else 0
    if ColourMode.RGB in light.colours:
        yield _coloured(Tried.COLOUR, AMBER, "amber", length)
    if ColourMode.TEMPERATURE in light.colours:
        warm = light.nearest(WARM) or WARM
        yield _coloured(Tried.WHITE, warm, f"warm white {colour_text(warm)}", length)


def _levels(light: LightAbilities, level: Percent, limits: RoomLimits) -> tuple[Percent, Percent]:
    """For the step and for the fade."""
    wanted = (FAINT, DIM) if level < _NEARLY_OFF else (level * STEP_TO, level * FADE_TO)
    most = min(light.most, limits.brightness)
    step, dim = (Percent(round(min(max(each, light.least), most), 1)) for each in wanted)
    return step, dim


def _coloured(tried: Tried, colour: Colour, about: str, length: Ms) -> Trial:
    return Trial(tried, SetLight(None, colour, length), about, length)


def _switched(on: bool) -> Iterator[Trial]:
    yield Trial(Tried.SWITCH, SetSwitch(on), f"{'on' if on else 'off'}, as it is")


def _played(player: PlayerAbilities, before: DeviceState, limits: RoomLimits) -> Iterator[Trial]:
    if before.volume is not None:
        volume = Percent(round(min(before.volume * QUIETER, limits.volume), 1))
        yield Trial(Tried.VOLUME, SetVolume(volume), f"volume {volume:.0f} %")
    if before.plays and player.pause:
        yield Trial(Tried.PAUSE, PauseMusic(), "a pause")
        yield Trial(Tried.RESUME, ResumeMusic(), "going on")


def _spoken(limits: RoomLimits, language: str) -> Trial:
    volume = Percent(min(limits.voice, limits.volume))
    change = Speak(WORDS_ID, WORDS, language, volume, _RATE, 500)
    return Trial(Tried.WORDS, change, f"“{WORDS}” at volume {volume:.0f} %")
