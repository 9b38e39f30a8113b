"""sonos2mqtt: players by their retained states, and by its two forms of discovery."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import BASES, keep, mapping, parsed, text
from orchestrator.devices.messages import Message

_USUAL = "sonos"


class Sonos2MqttDiscovery(Discoverer):
    """All players that a bridge tells of, by their uuid."""

    topics = (
        "sonos/connected",
        "sonos/+",
        "sonos2mqtt/discovery/+/+",
        *(f"{prefix}/music_player/+/sonos/config" for prefix in BASES),
    )

    def __init__(self) -> None:
        self._states: dict[str, Mapping[str, Any]] = {}
        self._announced: dict[str, tuple[str, str, Mapping[str, Any]]] = {}
        self._connected = ""

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if message.topic == "sonos/connected":
            self._connected = message.payload.strip()
        elif len(levels) == 2 and levels[0] == _USUAL and levels[1].startswith("RINCON_"):
            said = mapping(parsed(message.payload))
            if text(said.get("uuid")) == levels[1]:
                wanted = ("uuid", "name", "groupName", "coordinatorUuid")
                keep(self._states, levels[1], {key: said[key] for key in wanted if key in said})
        elif message.topic.startswith("sonos2mqtt/discovery/") and len(levels) == 4:
            keep(self._announced, levels[3], (message.topic, levels[2], mapping(parsed(message.payload))))
        elif len(levels) in (5, 6, 7) and levels[-4] == "music_player" and levels[-2:] == ["sonos", "config"]:
            keep(self._announced, levels[-3], (message.topic, _USUAL, mapping(parsed(message.payload))))

    def found(self) -> Iterator[FoundDevice]:
        for uuid in dict.fromkeys([*self._states, *self._announced]):
            by, base, announced = self._announced.get(uuid, (f"sonos/{uuid}", _USUAL, {}))
            device = mapping(announced.get("device", announced.get("dev")))
            state = self._states.get(uuid, {})
            name = text(state.get("name")) or text(announced.get("name")) or text(device.get("name"))
            if not name or not uuid.startswith("RINCON_"):
                continue
            entry: dict[str, Any] = {"kind": ["player", "voice"], "dialect": "sonos2mqtt", "name": _in_topics(name)}
            if base != _USUAL:
                entry["base"] = base
            model = text(device.get("model")) or text(device.get("mdl")) or "Sonos"
            unknown = {"kind": "whether it can speak: for that sonos2mqtt needs a text-to-speech service"}
            yield FoundDevice(
                (f"sonos:{uuid}",),
                entry,
                name,
                (by,),
                model=model,
                proposed=(Kind.PLAYER, Kind.VOICE),
                unknown=unknown,
                remarks=tuple(self._remarks(uuid, state)),
            )

    def _remarks(self, uuid: str, state: Mapping[str, Any]) -> Iterator[str]:
        if self._connected and self._connected != "2":
            yield "sonos2mqtt is not connected to its speakers"
        coordinator = text(state.get("coordinatorUuid"))
        if coordinator and coordinator != uuid:
            other = self._states.get(coordinator, {})
            yield f"it plays in a group with {text(other.get('name')) or coordinator}"


def _in_topics(name: str) -> str:
    """A name as it stands in topics: in lower case, white space as `-`."""
    return "-".join(name.lower().split())
