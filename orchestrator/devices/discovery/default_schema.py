"""A lamp of Home Assistant's default schema, one topic for each attribute, as an entry of the `template` dialect.

`on_command_type` says what is sent first when it is turned on: `last` (the usual) everything and then ON, `first` ON
and then everything, `brightness` the brightness alone, which turns it on.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import is_true, kelvin, mapping, objects, text, topic
from orchestrator.devices.wire import number

_LOOKED_UP = re.compile(r"\{\{-?\s*value_json\.(\w+)\s*-?\}\}")
_MIXED = {
    "rgb": "{{ rgb | join(',') }}",
    "hs": "{{ hue }},{{ saturation }}",
    "xy": "{{ xy | join(',') }}",
}
"""How a colour is written where no template of theirs says it, the first that it has counts."""


def lamp_by_topics(around: FoundDevice, entity: Mapping[str, Any]) -> FoundDevice | None:
    """The device with its entry; None where it takes no command. `around` has all but the entry."""
    command = topic(entity.get("command_topic"))
    if not command:
        return None
    unknown: dict[str, str] = {}
    brightness = _usable(entity, "brightness", unknown)
    white = _usable(entity, "color_temp", unknown)
    colour = next((name for name in _MIXED if _usable(entity, name, unknown)), None)
    keys: dict[str, Any] = {"set": list(_commands(entity, command, brightness, white, colour))}
    if brightness and (scale := number(entity.get("brightness_scale")) or 255.0) and 1 <= scale <= 65_535:
        keys["brightness_scale"] = int(scale)
    if white:
        keys |= _range(entity, unknown)
    if state := _state(entity, brightness, unknown):
        keys["state"] = state
    else:
        keys["reports"] = False
    if available := _available(entity):
        keys["available"] = available
    remarks = [] if brightness else ["it cannot be dimmed, only switched"]
    if topic(entity.get("white_command_topic")) or topic(entity.get("rgbw_command_topic")):
        remarks.append("its white channel is not used")
    return FoundDevice(
        around.keys,
        {"kind": "light", "dialect": "template", **keys},
        around.title,
        around.announced_by,
        around.area,
        around.model,
        around.proposed if brightness else (),
        unknown=unknown,
        remarks=tuple(remarks),
    )


def _usable(entity: Mapping[str, Any], name: str, unknown: dict[str, str]) -> str:
    """The topic for an attribute, unless it takes what a template of theirs makes."""
    found = topic(entity.get(f"{name}_command_topic"))
    if found and isinstance(entity.get(f"{name}_command_template"), str):
        unknown["set"] = f"how it wants its {name}: that is a template of its own, which is not run"
        return ""
    return found


def _commands(
    entity: Mapping[str, Any], command: str, brightness: str, white: str, colour: str | None
) -> Iterator[dict[str, str]]:
    on, off = text(entity.get("payload_on")) or "ON", text(entity.get("payload_off")) or "OFF"
    order = text(entity.get("on_command_type")) or "last"
    switched = f"{{{{ {_quoted(on)} if on else {_quoted(off)} }}}}"
    only_off = f"{{% if not on %}}{_plain(off)}{{% endif %}}"
    if order == "first":
        yield {"topic": command, "payload": switched}
    if white:
        unit = "kelvin" if is_true(entity.get("color_temp_kelvin")) else "mired"
        yield {"topic": white, "payload": f"{{% if {unit} %}}{{{{ {unit} }}}}{{% endif %}}"}
    if colour:
        when = "rgb and not mired" if white else "rgb"
        mixed = f"{{% if {when} %}}{_MIXED[colour]}{{% endif %}}"
        yield {"topic": topic(entity.get(f"{colour}_command_topic")), "payload": mixed}
    if brightness:
        yield {"topic": brightness, "payload": "{% if on and brightness %}{{ brightness }}{% endif %}"}
    if order != "first":
        by_level = order == "brightness" and brightness
        yield {"topic": command, "payload": only_off if by_level else switched}


def _quoted(word: str) -> str:
    return "'" + _plain(word).replace("\\", "").replace("'", "") + "'"


def _plain(word: str) -> str:
    """A payload that no template language takes for its own."""
    return word.replace("{", "").replace("}", "")


def _range(entity: Mapping[str, Any], unknown: dict[str, str]) -> dict[str, str]:
    low, high = number(entity.get("min_mireds")), number(entity.get("max_mireds"))
    warm, cool = number(entity.get("min_kelvin")), number(entity.get("max_kelvin"))
    if warm and cool and 1000 <= warm < cool <= 10_000:
        return {"coolest": f"{round(cool)}K", "warmest": f"{round(warm)}K"}
    if low and high and 100 <= low < high <= 1000:
        return {"coolest": kelvin(low), "warmest": kelvin(high)}
    unknown["coolest, warmest"] = "it did not say them; 2000K to 6536K holds until you write what the lamp has"
    return {}


def _state(entity: Mapping[str, Any], brightness: str, unknown: dict[str, str]) -> dict[str, str]:
    """One topic tells how it is: the one in JSON with both, else that of the level, else whether it is on."""
    switched, dimmed = topic(entity.get("state_topic")), topic(entity.get("brightness_state_topic"))
    on = _LOOKED_UP.fullmatch(str(entity.get("state_value_template") or entity.get("value_template") or "").strip())
    level = _LOOKED_UP.fullmatch(str(entity.get("brightness_value_template") or "").strip())
    if brightness and switched and switched == dimmed and on and level:
        told = (
            f"{{{{ {{'state': value_json.{on[1]} | default(none), 'brightness': value_json.{level[1]} | default(none)}}"
            " | tojson }}"
        )
        return {"topic": switched, "payload": told}
    has_templates = any(
        isinstance(entity.get(key), str)
        for key in ("value_template", "state_value_template", "brightness_value_template")
    )
    if has_templates:
        unknown["state"] = "how it says how it is: those are templates of its own, which are not run"
        return {}
    if brightness and dimmed:
        unknown["state"] = "whether its level is 0 when it is off; only the level is listened to"
        return {"topic": dimmed}
    return {"topic": switched} if switched and not brightness else {}


def _available(entity: Mapping[str, Any]) -> dict[str, str]:
    ways = [(entity, "availability_topic", "availability_template")]
    ways += [(each, "topic", "value_template") for each in objects(entity.get("availability"))]
    for way, key, template in reversed(ways):  # its bridge's stands before its own
        name = topic(way.get(key))
        if not name or isinstance(way.get(template), str):
            continue
        there = text(mapping(way).get("payload_available")) or "online"
        gone = text(mapping(way).get("payload_not_available")) or "offline"
        if (there, gone) == ("online", "offline"):
            return {"topic": name}
        said = f"{{{{ 'online' if value == {_quoted(there)} else 'offline' }}}}"
        return {"topic": name, "payload": said}
    return {}
