"""What a device can, as a person reads it: a phrase for each thing that matters, with its unit."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from orchestrator.devices.abilities import (
    ColourMode,
    DeviceCurve,
    FadeBy,
    LightAbilities,
    PlayerAbilities,
    SwitchAbilities,
    VoiceAbilities,
)
from orchestrator.devices.dialects import DIALECTS
from orchestrator.home.device import Device
from orchestrator.units import FULL, HOUR, MINUTE, OFF, SECOND, Ms

_MIREDS = 1_000_000
"""Mired times Kelvin."""
_CURVES = {
    DeviceCurve.PERCEPTUAL: "50 % looks half as bright (perceptual)",
    DeviceCurve.LINEAR: "50 % is half of its light, and looks brighter than half (linear)",
    DeviceCurve.SQUARED: "50 % is a quarter of its light (squared)",
}


def ability_lines(device: Device) -> Iterator[str]:
    """`as a light:`, then what it can in lines that are set in; the same of whatever else it is."""
    own = device.abilities
    says = _Says(bool(device.dialect.query()), DIALECTS[device.settings.dialect].to_keep)
    parts = {
        "light": _light(own.light, says) if own.light is not None else (),
        "player": _player(own.player, says) if own.player is not None else (),
        "voice": _voice(own.voice) if own.voice is not None else (),
        "switch": (says.of(own.switch),) if own.switch is not None else (),
    }
    for kind, phrases in parts.items():
        if lines := [f"  {phrase}" for phrase in phrases]:
            yield from (f"as a {kind}:", *lines)


class _Says(NamedTuple):
    """How one hears how a device is."""

    can_ask: bool
    to_keep: str

    def of(self, part: LightAbilities | PlayerAbilities | SwitchAbilities) -> str:
        if not part.reports:
            return "never says how it is"
        kept = f", only when that changes: {self.to_keep}, and the broker keeps it" if self.to_keep else ""
        asked = ", and can be asked" if self.can_ask else ""
        return f"says how it is{asked}{kept}; until it is learnt that may come {length_text(part.settle)} late"


def length_text(length: Ms) -> str:
    """A length in its own unit: `250 ms`, `10 s`, `20 min`, `1.8 h`."""
    for unit, name, least in ((HOUR, "h", HOUR), (MINUTE, "min", 2 * MINUTE), (SECOND, "s", SECOND)):
        if length >= least:
            return f"{length / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{length} ms"


def _light(light: LightAbilities, says: _Says) -> Iterator[str]:
    yield _fade(light)
    if light.one_attribute_per_fade:
        yield "brightness and colour one after the other"
    if light.may_be_deaf:
        yield "may hear nothing while it fades"
    yield _colours(light)
    if not light.dimmable:
        yield "on and off, and no level between"
    else:
        part = f", used from {light.least:g} % to {light.most:g} %" if (light.least, light.most) != (OFF, FULL) else ""
        yield f"{light.steps} levels of brightness{part}; {_CURVES[light.curve]}"
    if while_off := _listed([("a level", light.level_while_off), ("a colour", light.colour_while_off)]):
        yield f"takes {while_off} while it is off, and stays off"
    yield says.of(light)


def _fade(light: LightAbilities) -> str:
    match light.fade:
        case FadeBy.NATIVE:
            least = f" and {length_text(light.shortest_fade)} at least" if light.shortest_fade else ""
            longest = f"{length_text(light.longest_fade)} at most{least}"
            return f"fades by itself, {longest}, told in pieces of {length_text(light.segment)}"
        case FadeBy.STEPPED:
            return f"relax fades it, a step every {length_text(light.segment)}"
        case FadeBy.NONE:
            return "cannot fade: it jumps"


def _colours(light: LightAbilities) -> str:
    warm, cool = (round(_MIREDS / mired, -1) for mired in (light.warmest, light.coolest))
    whites = f"whites from {warm:.0f} K to {cool:.0f} K"
    found = [(whites, ColourMode.TEMPERATURE in light.colours), ("colours", ColourMode.RGB in light.colours)]
    return _listed(found) or "no colours, and one white"


def _player(player: PlayerAbilities, says: _Says) -> Iterator[str]:
    yield "can be paused" if player.pause else "cannot be paused: it is lowered instead"
    yield f"{player.steps} steps of volume, one every {length_text(player.step_every)} at most"
    yield says.of(player)


def _voice(voice: VoiceAbilities) -> Iterator[str]:
    yield "says when it has spoken" if voice.done else "does not say when it has spoken: words take their planned time"
    yield "can be stopped in its words" if voice.hush else "finishes the sentence that it has begun"
    kept = _listed([("the rate", voice.rate), ("the silences", voice.gap)])
    yield f"keeps {kept} that it is told" if kept else "speaks at its own rate, a sentence at a time"
    if voice.ducks:
        yield "lowers its own music under words"
    yield f"{voice.steps} steps of volume"
    if not voice.told:
        yield "says itself what it can, once it is there"


def _listed(found: Sequence[tuple[str, bool]]) -> str:
    return " and ".join(word for word, is_so in found if is_so)
