"""What is announced in Home Assistant's discovery: lights, switches and events of whoever says it.

An entry is written in full keys first (`announcement.entities`). What is there in a dialect of its own is said so
(`native_twins`); all else becomes a `home_assistant` device, in the JSON schema or in the default one
(`default_schema`). Of the templates of others only those are taken over that look up and reckon.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from orchestrator.devices import announcement
from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.home_assistant.announced import colour_modes, is_esphome
from orchestrator.devices.dialects.home_assistant.settings import RGB_MODES
from orchestrator.devices.dialects.template.settings import is_harmless
from orchestrator.devices.discovery.availability import nearest_availability
from orchestrator.devices.discovery.default_schema import lamp_by_topics
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.discovery.native_twins import is_of_a_bridge, native_twin
from orchestrator.devices.discovery.parsing import (
    BASES,
    is_true,
    keep,
    light_role,
    mapping,
    text,
    texts,
    topic,
)
from orchestrator.devices.discovery.white_range import white_range
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import number

_COMPONENTS = ("light", "switch", "event", "device")
_ANNOUNCES = tuple(f'"{key}"' for key in ("command_topic", "cmd_t", "state_topic", "stat_t", "components", "cmps"))
"""What an announcement has that a message of anybody's does not, on a topic of the same form."""
_PREFIX = re.compile(r"[A-Za-z0-9_-]{1,60}(/[A-Za-z0-9_-]{1,39}){0,2}")
"""What a home file takes for another prefix."""
_NAMELESS = frozenset({"none", "null"})


class HomeAssistantDiscovery(Discoverer):
    """All that is announced, by the topic of its announcement: below `homeassistant/`, or another prefix."""

    topics = tuple(
        f"{prefix}/{component}/{name}/config" for prefix in BASES for component in _COMPONENTS for name in ("+", "+/+")
    )

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def hear(self, message: Message) -> None:
        place = announcement.place(message.topic, _COMPONENTS)
        if place is None or not _PREFIX.fullmatch(place.prefix) or place.prefix.endswith(f"/{announcement.LENT}"):
            return
        if message.payload and place.prefix != announcement.PREFIX and not _announces(message.payload):
            return
        if message.payload:
            keep(self._said, message.topic, message.payload)
        else:
            self._said.pop(message.topic, None)

    @property
    def home_keys(self) -> Mapping[str, Any]:
        """Where all is announced below another prefix, the one that has most."""
        places = (announcement.place(by, _COMPONENTS) for by in self._said)
        prefixes = Counter(place.prefix for place in places if place is not None)
        if not prefixes or announcement.PREFIX in prefixes:
            return {}
        return {"home_assistant": {"prefix": prefixes.most_common(1)[0][0]}}

    def found(self) -> Iterator[FoundDevice]:
        pairs = [(entity, native_twin(entity, by) or device_of(entity, by)) for by, entity in self._entities()]
        devices = [(entity, device) for entity, device in pairs if device is not None]
        lamps = {
            text(entity.get("unique_id")): device.keys[0]
            for entity, device in devices
            if device.kinds == (Kind.LIGHT,) and not entity.get("group")
        }
        for entity, device in devices:
            yield _group(entity, device, lamps) if entity.get("group") and device.kinds == (Kind.LIGHT,) else device

    def left_out(self) -> Iterator[LeftOut]:
        for by, entity in self._entities():
            if native_twin(entity, by) is None and entity["platform"] == "light" and device_of(entity, by) is None:
                yield LeftOut(title_of(entity), _why_no_device(entity), by)

    def _entities(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for by, payload in self._said.items():
            place = announcement.place(by, _COMPONENTS)
            assert place is not None, "nothing else is kept"
            component = place.component
            for entity in announcement.entities(payload):
                platform = entity.get("platform") if component == "device" else component
                is_setting = bool(text(entity.get("entity_category"))) or is_of_a_bridge(entity)
                if platform in ("light", "switch", "event") and not is_setting and not _is_ours(entity):
                    yield by, {**entity, "platform": platform, "object": place.object}


def _announces(payload: str) -> bool:
    return payload.lstrip().startswith("{") and any(key in payload for key in _ANNOUNCES)


def _why_no_device(entity: Mapping[str, Any]) -> str:
    if text(entity.get("schema")) == "template":
        return "it is announced with templates of its own (`schema: template`); describe it by `dialect: template`"
    if (command := entity.get("command_topic")) and not topic(command):
        return f"it is told things on {text(str(command))!r}, which is no topic that anything can be told on"
    return "nothing is said of where it is told things"


def _is_ours(entity: Mapping[str, Any]) -> bool:
    """Whether it is what a relax says of its own rooms, or somebody says of them: that is no device."""
    is_relax = text(mapping(entity.get("device")).get("manufacturer")) == "relax"
    return is_relax or text(entity.get("command_topic")).startswith("relax/")


def title_of(entity: Mapping[str, Any]) -> str:
    """What it is called: as its device where it has no name of its own."""
    device = mapping(entity.get("device"))
    own, whole_ = text(entity.get("name")), text(device.get("name"))
    if own.lower() in _NAMELESS:
        own = ""
    return own or whole_ or text(entity.get("object_id")) or text(entity.get("object")) or "without a name"


def device_of(entity: Mapping[str, Any], by: str) -> FoundDevice | None:
    """The device that an entity is; None for what we do not speak. `by`: where it is announced."""
    match entity["platform"]:
        case "light" if text(entity.get("schema")) == "json":
            return _json_light(entity, by)
        case "light" if text(entity.get("schema")) in ("", "default", "basic"):
            return lamp_by_topics(_around(entity, by), entity)
        case "switch":
            return _switch(entity, by)
        case "event":
            return _button(entity, by)
    return None


def _around(entity: Mapping[str, Any], by: str) -> FoundDevice:
    """All but the entry: who it is, where, and what it may play."""
    device = mapping(entity.get("device"))
    title = title_of(entity)
    about = (text(device.get("manufacturer")), text(device.get("model")))
    names = (title, text(entity.get("object_id")), text(entity.get("object")), text(entity.get("unique_id")))
    return FoundDevice(
        (f"topic:{topic(entity.get('command_topic')) or topic(entity.get('state_topic'))}",),
        {"kind": "light"},
        title,
        (by,),
        area=text(device.get("suggested_area")) or None,
        model=" ".join(part for part in about if part),
        proposed=light_role(*names),
    )


def _group(entity: Mapping[str, Any], device: FoundDevice, lamps: Mapping[str, str]) -> FoundDevice:
    """Lamps that are told together (`group`, by their unique ids): they play themselves, where they are found."""
    members = tuple(lamps[name] for name in texts(entity.get("group")) if name in lamps)
    if len(members) < len(texts(entity.get("group"))) or len(members) < 2:
        remark = "it is a group, and not all of its lamps are announced: it is taken for one lamp"
        return replace(device, remarks=(*device.remarks, remark), proposed=())
    return replace(device, members=members, proposed=())


def _json_light(entity: Mapping[str, Any], by: str) -> FoundDevice | None:
    command = topic(entity.get("command_topic"))
    if not command:
        return None
    modes, around = colour_modes(entity), _around(entity, by)
    unknown: dict[str, str] = {}
    remarks: list[str] = []
    keys: dict[str, Any] = {"command_topic": command, **_reported(entity, unknown)}
    if "onoff" in modes or (not is_true(entity.get("brightness")) and modes == ["onoff"]):
        remarks.append("it cannot be dimmed, only switched")
    scale = number(entity.get("brightness_scale"))
    if scale is not None and 1 <= scale <= 65_535 and scale != 255:
        keys["brightness_scale"] = int(scale)
    keys["supported_color_modes"] = modes
    if not is_true(entity.get("brightness")) and any(mode in RGB_MODES for mode in modes):
        keys["brightness"] = False
        remarks.append("it has no brightness: it is dimmed by its colours")
    if "color_temp" in modes:
        keys |= white_range(entity, unknown)
    if entity.get("transition") is False:
        keys["transition"] = False
    if is_esphome(entity) and not _has_its_topics(entity):
        keys["esphome"] = True
    if is_esphome(entity) or _has_its_topics(entity):
        remarks.append("ESPHome fades in whole seconds, and says at once where it is going")
    return _made(around, {"kind": "light", "dialect": "home_assistant", **keys}, unknown, remarks, "onoff" not in modes)


def _reported(entity: Mapping[str, Any], unknown: dict[str, str]) -> dict[str, Any]:
    """Where it says how it is, and whether it is there."""
    keys: dict[str, Any] = {}
    if state := topic(entity.get("state_topic")):
        keys["state_topic"] = state
    else:
        keys["reports"] = False
    return keys | nearest_availability(entity, unknown)


def _switch(entity: Mapping[str, Any], by: str) -> FoundDevice | None:
    command = topic(entity.get("command_topic"))
    if not command:
        return None
    unknown = {"kind": "what it switches, and whether that heats or moves: it plays no role until you cast it"}
    keys: dict[str, Any] = {"command_topic": command, **_reported(entity, unknown)}
    usual = {"payload_on": "ON", "payload_off": "OFF"}
    keys |= {key: word for key in usual if (word := text(entity.get(key))) and word != usual[key]}
    keys |= {key: word for key in ("state_on", "state_off") if (word := text(entity.get(key)))}
    template = entity.get("value_template")
    if isinstance(template, str) and "state_topic" in keys:
        if is_harmless(template):
            keys["value_template"] = template.strip()
        else:
            del keys["state_topic"]
            keys["reports"] = False
            unknown["state_topic"] = "it says with a template of its own how it is"
    return _made(_around(entity, by), {"kind": "switch", "dialect": "home_assistant", **keys}, unknown, (), False)


def _button(entity: Mapping[str, Any], by: str) -> FoundDevice | None:
    state = topic(entity.get("state_topic"))
    if not state:
        return None
    around = _around(entity, by)
    return FoundDevice(
        around.keys,
        {"kind": "button", "dialect": "home_assistant", "state_topic": state},
        around.title,
        around.announced_by,
        around.area,
        around.model,
        (Kind.BUTTON,),
        signals=tuple(texts(entity.get("event_types"))),
    )


def _made(
    around: FoundDevice, entry: Mapping[str, Any], unknown: Mapping[str, str], remarks: Sequence[str], plays: bool
) -> FoundDevice:
    return FoundDevice(
        around.keys,
        entry,
        around.title,
        around.announced_by,
        around.area,
        around.model,
        around.proposed if plays else (),
        unknown=unknown,
        remarks=tuple(remarks),
    )


def _has_its_topics(entity: Mapping[str, Any]) -> bool:
    maker = text(mapping(entity.get("device")).get("manufacturer")).lower()
    levels = str(entity.get("command_topic")).split("/")
    return (
        len(levels) >= 4 and levels[-1] == "command" and levels[-3] == "light" and maker in ("espressif", "esphome", "")
    )
