"""WLED: a strip says over MQTT only that it is there (`wled/<x>/status`, retained), and what it shows.

What its LEDs are it says over HTTP alone. A colour of four channels tells that it has a white one.
"""

import re
from collections.abc import Iterator
from typing import Any

from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import keep, light_role, text, topic
from orchestrator.devices.messages import Message

_COLOUR = re.compile(r"#([0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}")


class WledDiscovery(Discoverer):
    """All strips below `wled/`."""

    topics = ("wled/+/status", "wled/+/c")

    def __init__(self) -> None:
        self._status: dict[str, bool] = {}
        self._white: dict[str, bool] = {}

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if len(levels) != 3 or levels[0] != "wled" or not topic(levels[1]):
            return
        if levels[2] == "status" and message.payload in ("online", "offline"):
            keep(self._status, levels[1], message.payload == "online")
        elif levels[2] == "c" and (match := _COLOUR.fullmatch(message.payload)):
            keep(self._white, levels[1], match[1] is not None)

    def found(self) -> Iterator[FoundDevice]:
        for name, is_online in self._status.items():
            white = self._white.get(name)
            entry: dict[str, Any] = {"kind": "light", "dialect": "wled", "topic": f"wled/{name}", "colors": ["rgb"]}
            unknown = {}
            if white is None:
                unknown["colors"] = (
                    "whether it has a white channel: it says so over HTTP alone; colours hold until you say"
                )
            remarks = [] if is_online else ["it is offline"]
            if white:
                remarks.append("it has a white channel beside its colours")
            title = f"WLED {text(name)}"
            yield FoundDevice(
                (f"wled:wled/{name}",),
                entry,
                title,
                (f"wled/{name}/status",),
                model="WLED",
                proposed=light_role(name),
                unknown=unknown,
                remarks=tuple(remarks),
            )
