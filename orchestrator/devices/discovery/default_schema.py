"""A lamp of Home Assistant's default schema, one topic for each attribute, as an entry of the `home_assistant` dialect.

Templates that do no more than look up and reckon are taken over; an attribute that needs any other is left out.
"""

from collections.abc import Mapping
from typing import Any

from orchestrator.devices.dialects.home_assistant.announced import by_topics
from orchestrator.devices.discovery.availability import nearest_availability
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import text, topic
from orchestrator.devices.discovery.white_range import white_range
from orchestrator.devices.wire import number

_USUAL = {"on_command_type": "last", "white_scale": 255}
_NOT_RUN = "that is a template of its own, which is not run"


def lamp_by_topics(around: FoundDevice, entity: Mapping[str, Any]) -> FoundDevice | None:
    """The device with its entry; None where it takes no command. `around` has all but the entry."""
    command = topic(entity.get("command_topic"))
    if not command:
        return None
    said, left = by_topics(entity)
    unknown = _left_out(left)
    keys: dict[str, Any] = {"schema": said.pop("schema"), "command_topic": command}
    if (state := topic(entity.get("state_topic"))) and "state" not in left:
        keys["state_topic"] = state
    else:
        said.pop("state_value_template", None)
    keys |= {key: value for key, value in said.items() if _USUAL.get(key) != value}
    keys |= _words(entity) | nearest_availability(entity, unknown)
    scale = number(entity.get("brightness_scale"))
    if "brightness_command_topic" in said and scale is not None and 1 <= scale <= 65_535 and scale != 255:
        keys["brightness_scale"] = int(scale)
    if "color_temp_command_topic" in said:
        keys |= white_range(entity, unknown)
    keys |= _silence(keys, unknown)
    dims = any(f"{name}_command_topic" in said for name in ("brightness", "rgb", "rgbw", "rgbww"))
    return FoundDevice(
        around.keys,
        {"kind": "light", "dialect": "home_assistant", **keys},
        around.title,
        around.announced_by,
        around.area,
        around.model,
        around.proposed if dims else (),
        unknown=unknown,
        remarks=() if dims else ("it cannot be dimmed, only switched",),
    )


def _words(entity: Mapping[str, Any]) -> dict[str, str]:
    usual = {"payload_on": "ON", "payload_off": "OFF"}
    return {key: word for key in usual if (word := text(entity.get(key))) and word != usual[key]}


def _left_out(left: list[str]) -> dict[str, str]:
    """By key of the entry, of what was announced with a template that is not run."""
    unknown = {}
    for name in left:
        key = {"state": "state_topic"}.get(
            name, f"{name}_topic" if name.endswith("_state") else f"{name}_command_topic"
        )
        how = "says" if name.endswith("state") else "wants"
        unknown[key] = f"how it {how} its {name.removesuffix('_state').replace('_', ' ')}: {_NOT_RUN}"
    return unknown


def _silence(keys: Mapping[str, Any], unknown: dict[str, str]) -> dict[str, bool]:
    """What it is told and never says of itself: nobody knows how that was before a session."""
    states = [key for key in keys if key.endswith("state_topic")]
    if not states:
        return {"reports": False}
    for name in ("brightness", "color_temp"):
        if f"{name}_command_topic" in keys and f"{name}_state_topic" not in keys:
            what = "how bright it is" if name == "brightness" else "which white it shows"
            unknown.setdefault(f"{name}_state_topic", f"{what}: it does not say that; give its role a `fallback`")
    return {}
