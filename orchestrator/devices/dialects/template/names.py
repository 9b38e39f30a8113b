"""The names that outgoing templates may use, and what a change makes of them."""

from collections.abc import Mapping
from typing import Any

from orchestrator.devices.abilities import Kind
from orchestrator.devices.messages import (
    Change,
    Hush,
    KeepLevel,
    PauseMusic,
    Play,
    ResumeMusic,
    SetLight,
    SetSwitch,
    SetVolume,
    Sound,
    Speak,
    StopMusic,
)
from orchestrator.devices.wire import seconds, units
from orchestrator.units import OFF, Percent, WordsPerMinute
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature

OUTGOING: Mapping[str, None] = dict.fromkeys(
    (
        *("do", "state", "on", "brightness", "level", "kelvin", "mired", "transition"),
        *("rgb", "hex", "xy", "hue", "saturation"),
        *("uri", "volume", "text", "language", "rate", "gap", "more", "id", "sound"),
    )
)
"""Every name, with what it is where a change says nothing of it."""
MIXED = frozenset({"rgb", "hex", "xy", "hue", "saturation"})
"""Whoever mentions one of them has colours."""
INCOMING = frozenset({"value", "value_json"})

KINDS: Mapping[str, Kind] = {
    "light": Kind.LIGHT,
    "keep": Kind.LIGHT,
    "switch": Kind.SWITCH,
    **dict.fromkeys(("play", "pause", "resume", "stop", "volume"), Kind.PLAYER),
    **dict.fromkeys(("say", "hush", "chime"), Kind.VOICE),
}
"""What kind of device does what."""

_HALF, _WARM, _AMBER = Percent(50.0), Temperature(370.0), Rgb(255.0, 154.0, 60.0)
TRIALS: Mapping[str, tuple[Change, ...]] = {
    "light": (
        SetLight(_HALF, _WARM, 2000),
        SetLight(_HALF, _AMBER, 250),
        SetLight(_HALF, None),
        SetLight(None, _WARM, 2000),
        SetLight(OFF, None, 2000),
    ),
    "keep": (KeepLevel(_HALF),),
    "switch": (SetSwitch(True), SetSwitch(False)),
    "play": (Play("http://music.example.invalid/calm.mp3"),),
    "pause": (PauseMusic(),),
    "resume": (ResumeMusic(),),
    "stop": (StopMusic(),),
    "volume": (SetVolume(_HALF),),
    "say": (Speak("1", "Breathe in.", "en", _HALF, WordsPerMinute(110.0), 2000),),
    "hush": (Hush("1"),),
    "chime": (Sound("soft"),),
}
"""Changes that a template is tried with before it is trusted."""


def values(change: Change, brightness_scale: int, volume_scale: int) -> dict[str, Any] | None:
    """All names with their values for a change; None for what templates have no words for."""
    said = _values(change, brightness_scale, volume_scale)
    return None if said is None else {**OUTGOING, **said}


def _values(change: Change, brightness_scale: int, volume_scale: int) -> dict[str, Any] | None:
    match change:
        case SetLight():
            return {"do": "light", **_light(change, brightness_scale)}
        case KeepLevel(level):
            kept = {"brightness": units(level, brightness_scale), "level": round(float(level), 2)}
            return {"do": "keep", "state": "OFF", "on": False, **kept}
        case SetSwitch(on):
            return {"do": "switch", "state": "ON" if on else "OFF", "on": on}
        case Play(uri):
            return {"do": "play", "uri": uri}
        case PauseMusic():
            return {"do": "pause"}
        case ResumeMusic():
            return {"do": "resume"}
        case StopMusic():
            return {"do": "stop"}
        case SetVolume(level):
            return {"do": "volume", "volume": units(level, volume_scale)}
        case Speak(id_, text, language, volume, rate, gap, more):
            words = {"do": "say", "id": id_, "text": text, "language": language, "volume": units(volume, volume_scale)}
            return words | {"rate": round(rate, 1), "gap": seconds(gap, 2), "more": more}
        case Hush(id_):
            return {"do": "hush", "id": id_}
        case Sound(sound):
            return {"do": "chime", "sound": sound}


def _light(change: SetLight, scale: int) -> dict[str, Any]:
    on = change.level is None or change.level > OFF
    light: dict[str, Any] = {"on": on, "state": "ON" if on else "OFF", "transition": seconds(change.transition, 3)}
    if change.level is not None:
        light |= {"brightness": units(change.level, scale), "level": round(float(change.level), 2)}
    return light | (_spelt(change.colour) if on else {})


def _spelt(colour: Colour | None) -> dict[str, Any]:
    """A colour in all the ways that a template may ask for: a white has a look as well, a colour has no temperature.

    What the lamp said itself is given as it said it.
    """
    if colour is None:
        return {}
    shown = colour.rgb.full
    parts = colour.parts[:3] if isinstance(colour, Channels) else shown.parts
    named = colour if isinstance(colour, HueSaturation) else shown.hue
    spelt: dict[str, Any] = {
        "rgb": [round(part) for part in parts],
        "hex": shown.hex,
        "xy": [round(colour.xy.x, 4), round(colour.xy.y, 4)],
        "hue": round(named.hue, 2),
        "saturation": round(named.saturation, 2),
    }
    if isinstance(colour, Temperature):
        spelt |= {"kelvin": round(colour.kelvin), "mired": round(colour.mired)}
    return spelt
