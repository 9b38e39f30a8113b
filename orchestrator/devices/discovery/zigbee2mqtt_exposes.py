"""What a device exposes, in the words of Zigbee2MQTT's converters: what its lamps have, its plugs, its presses."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orchestrator.devices.discovery.parsing import objects, text, topic
from orchestrator.devices.wire import number

_PLACEHOLDERS = ((150.0, 500.0), (50.0, 1000.0))
"""Ranges that a converter assumes where a lamp has not said its own."""
_TURNED_ON_FIRST = ("TS0505B_1", "TS110E")


class ExposedLight(NamedTuple):
    """What one lamp exposes. `whites` are in mired, the coolest first; None where it has none, or nobody knows."""

    dims: bool
    colours: tuple[str, ...]
    whites: tuple[float, float] | None


def exposed_light(expose: Mapping[str, Any]) -> ExposedLight:
    features = {text(feature.get("name")): feature for feature in objects(expose.get("features"))}
    whites, colours = None, []
    if (white := features.get("color_temp")) is not None:
        colours.append("temperature")
        coolest, warmest = number(white.get("value_min")), number(white.get("value_max"))
        if coolest and warmest and 100 <= coolest < warmest <= 1000 and (coolest, warmest) not in _PLACEHOLDERS:
            whites = (coolest, warmest)
    if features.keys() & {"color_xy", "color_hs"}:
        colours.append("rgb")
    return ExposedLight("brightness" in features, tuple(colours), whites)


def takes_time(definition: Mapping[str, Any]) -> bool:
    """Whether its lamps can be told how long a fade is to take. A bridge that lists no options does not say."""
    options = definition.get("options")
    return options is None or _has_option(options, "transition")


def fades_level_and_colour(definition: Mapping[str, Any]) -> bool:
    """Whether both fade in one command: with IKEA's, the bridge has the level jump then."""
    return definition.get("vendor") != "IKEA" and not _has_option(definition.get("options"), "unfreeze_support")


def is_turned_on_first(definition: Mapping[str, Any]) -> bool:
    """Whether its converter turns a lamp on, with a command of its own, whenever it is told a level."""
    return text(definition.get("model")).startswith(_TURNED_ON_FIRST)


def _has_option(options: object, name: str) -> bool:
    return any(option.get("name") == name for option in objects(options))


def is_a_plug(expose: Mapping[str, Any], endpoint: str | None) -> bool:
    """Whether a switch is one, and no setting that is shown as a switch, such as a thermostat's away mode."""
    properties = {text(feature.get("property")) for feature in objects(expose.get("features"))}
    return bool(properties & {"state", f"state_{endpoint}"})


def presses(exposes: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What it says when it is pressed; nothing where it cannot be."""
    for expose in exposes:
        if expose.get("type") == "enum" and expose.get("name") == "action" and isinstance(expose.get("values"), list):
            return tuple(word for value in expose["values"] if (word := text(value)))
    return ()


def endpoint_of(expose: Mapping[str, Any]) -> str | None:
    """Which of several it is of; None where there is but one."""
    value = expose.get("endpoint")
    return str(value) if isinstance(value, str | int) and topic(str(value)) else None
