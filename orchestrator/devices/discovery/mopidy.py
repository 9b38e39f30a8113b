"""Mopidy behind one of its MQTT plug-ins. Nothing is retained: it is asked for its state, which changes nothing."""

from collections.abc import Iterator
from typing import Any

from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import number

_PLUGINS = {"stat": "mopiqtt", "i": "mqtt-ng"}
"""By what stands before their states: Mopiqtt 1.2.1, Mopidy-MQTT-NG 1.0.0."""
_STATES = {
    "stat": frozenset({"plstate", "vol", "trk", "trk_uri", "trklist", "plists"}),
    "i": frozenset({"sta", "vol", "trk"}),
}


class MopidyDiscovery(Discoverer):
    """The player below `mopidy/`."""

    topics = ("mopidy/stat/#", "mopidy/i/#")

    def __init__(self) -> None:
        self._heard: dict[str, str] = {}
        self._has_mixer = False
        self._is_asked = False

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if len(levels) == 3 and levels[0] == "mopidy" and levels[2] in _STATES.get(levels[1], ()):
            self._heard.setdefault(levels[1], message.topic)
            self._has_mixer = self._has_mixer or (levels[2] == "vol" and number(message.payload) is not None)

    def probes(self) -> Iterator[Message]:
        if not self._is_asked:
            self._is_asked = True
            yield Message("mopidy/c/inf", "state")

    def found(self) -> Iterator[FoundDevice]:
        for form, by in self._heard.items():
            plugin = _PLUGINS[form]
            entry: dict[str, Any] = {"kind": "player", "dialect": "mopidy", "topic": "mopidy", "plugin": plugin}
            unknown = {}
            if plugin == "mopiqtt" and self._has_mixer:
                entry["mixer"] = True
            elif plugin == "mopiqtt":
                unknown["mixer"] = "whether it has one, as it said no volume: write `mixer: true` unless it has none"
            yield FoundDevice(
                (f"mopidy:mopidy/{plugin}",),
                entry,
                "Mopidy",
                (by,),
                model=f"Mopidy, {plugin}",
                proposed=(Kind.PLAYER,),
                unknown=unknown,
            )
