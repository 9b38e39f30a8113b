"""Values as texts, and back. What is written by one version of relax is read by every later one."""

import json
from collections.abc import Mapping
from typing import Any

from orchestrator.stage.report_profile import ReportProfile
from orchestrator.values import Attribute, Channels, Effect, HueSaturation, Playing, Rgb, Temperature, Track, Value, Xy


def text_of(value: Value | None) -> str:
    """A value of a track as JSON: a number, true or false, null, `{"playing", "paused"}`, or a colour.

    A colour is `{"mired"}`, `{"rgb"}`, `{"xy"}`, `{"hue", "saturation"}` or `{"channels"}`, with its `"effect"` if any.
    """
    match value:
        case Temperature(mired):
            return json.dumps({"mired": mired})
        case Rgb(red, green, blue):
            return json.dumps({"rgb": [red, green, blue]})
        case Xy(x, y):
            return json.dumps({"xy": [x, y]})
        case HueSaturation(hue, saturation):
            return json.dumps({"hue": hue, "saturation": saturation})
        case Channels(parts, effect):
            return json.dumps({"channels": parts} | ({} if effect is None else {"effect": effect}))
        case Playing(names, paused):
            return json.dumps({"playing": names, "paused": paused})
        case _:
            return json.dumps(value)


def debt_text(value: Value | None, *, is_guess: bool) -> str:
    """What is owed as JSON: a value, in `{"guessed"}` where nobody knew what there was."""
    return f'{{"guessed": {text_of(value)}}}' if is_guess else text_of(value)


def is_guess(text: str) -> bool:
    """Whether `debt_text` wrote something that nobody knew."""
    return text.startswith('{"guessed"')


def value_of(text: str) -> Value | None:
    """The value that `text_of` or `debt_text` wrote. Raises ValueError for anything else.

    Older versions wrote 0 mired for the white of a lamp that shows a colour: nobody knows that colour any more.
    """
    match json.loads(text):
        case None:
            return None
        case bool(switch):
            return switch
        case int(level) | float(level):
            return float(level)
        case {"guessed": guessed}:
            return value_of(json.dumps(guessed))
        case {"mired": int(mired) | float(mired)}:
            return Temperature(float(mired)) if mired > 0 else None
        case {"rgb": [red, green, blue]}:
            return Rgb(float(red), float(green), float(blue))
        case {"xy": [x, y]}:
            return Xy(float(x), float(y))
        case {"hue": int(hue) | float(hue), "saturation": int(saturation) | float(saturation)}:
            return HueSaturation(float(hue), float(saturation))
        case {
            "channels": [_, _, _, *_] as parts,
            "effect": [int(number), int(speed), int(intensity), int(palette)],
        }:
            return Channels(tuple(float(part) for part in parts), Effect(number, speed, intensity, palette))
        case {"channels": [_, _, _, *_] as parts}:
            return Channels(tuple(float(part) for part in parts))
        case {"playing": [*names], "paused": bool(paused)}:
            return Playing(tuple(str(name) for name in names), paused)
        case _:
            raise ValueError(f"{text} is no value of a track")


def tracks_text(tracks: tuple[Track, ...]) -> str:
    """Tracks as JSON: `["main.level", …]`. A role has no dot in its name."""
    return json.dumps([f"{role}.{attribute}" for role, attribute in tracks])


def tracks_of(text: str) -> tuple[Track, ...]:
    """The tracks that `tracks_text` wrote. Raises ValueError for an attribute that does not exist."""
    parts = (str(entry).rpartition(".") for entry in json.loads(text))
    return tuple(Track(role, Attribute(attribute)) for role, _, attribute in parts)


def roles_text(roles: Mapping[str, tuple[str, ...]]) -> str:
    """A casting as JSON: `{"main": ["ceiling"], …}`."""
    return json.dumps(roles)


def roles_of(text: str) -> dict[str, tuple[str, ...]]:
    """The casting that `roles_text` wrote."""
    return {role: tuple(devices) for role, devices in json.loads(text).items()}


def profile_texts(profile: ReportProfile) -> tuple[str, str]:
    """How a device reports as two JSON texts: `[210, …]`, and `{"level": [0.98, …], …}`."""
    return json.dumps(profile.delays), json.dumps(profile.ratios)


def profile_of(delays: str, ratios: str) -> ReportProfile:
    """What `profile_texts` wrote. Raises ValueError, TypeError, AttributeError or RecursionError for anything else."""
    late = tuple(json.loads(delays))
    if not all(type(each) is int and each >= 0 for each in late):
        raise ValueError(f"{late} are no delays")
    said = {Attribute(name): tuple(float(each) for each in many) for name, many in json.loads(ratios).items()}
    return ReportProfile(late, said)


def facts_text(facts: Mapping[str, Any]) -> str:
    """Facts by name as JSON. Raises TypeError where one has no JSON."""
    return json.dumps(facts, separators=(",", ":"))


def facts_of(text: str) -> dict[str, Any]:
    """The facts that `facts_text` wrote."""
    facts: dict[str, Any] = json.loads(text)
    return facts


def plain(text: str) -> str:
    """A text that every database takes: half a character, as JSON from outside may have, becomes a question mark."""
    return text.encode(errors="replace").decode()
