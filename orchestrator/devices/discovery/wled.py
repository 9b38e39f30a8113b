"""WLED: a strip says over MQTT only that it is there (`wled/<x>/status`, retained), and what it shows.

What its LEDs are it says over HTTP alone (`/json/info`, WLED 0.14 to 16.0), at the name that it has in the network
unless it was given another. A colour of four channels tells that it has a white one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.devices.dialects.wled import FAMILY
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import hardware, keep, light_role, mapping, parsed, text, topic, whole
from orchestrator.devices.messages import Message

_PAGE = "http://wled-{name}.local/json/info"
_OF_A_MAC = re.compile(r"[0-9a-f]{6}")
"""Its topic as it comes out of its box: the end of its MAC, which is in its name in the network too."""
_RGB, _WHITE, _CCT = 1, 2, 4
"""What `leds.lc` is made of."""
_NOT_KEPT = f"nobody knows how it shines: {FAMILY.to_keep}, or give its role a fallback"
_COLOUR = re.compile(r"#([0-9A-Fa-f]{2})?[0-9A-Fa-f]{6}")


class WledDiscovery(Discoverer):
    """All strips below `wled/`."""

    topics = ("wled/+/status", "wled/+/c")

    def __init__(self) -> None:
        self._status: dict[str, bool] = {}
        self._white: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._said: dict[str, Mapping[str, Any]] = {}

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if len(levels) != 3 or levels[0] != "wled" or not topic(levels[1]):
            return
        if levels[2] == "status" and message.payload in ("online", "offline"):
            keep(self._status, levels[1], message.payload == "online")
        elif levels[2] == "c" and (match := _COLOUR.fullmatch(message.payload)):
            keep(self._white, levels[1], match[1] is not None)

    def look_ups(self) -> Iterator[str]:
        for name, is_online in self._status.items():
            if is_online and name not in self._asked and _OF_A_MAC.fullmatch(name):
                self._asked.add(name)
                yield _PAGE.format(name=name)

    def looked_up(self, address: str, page: str) -> bool:
        said = mapping(parsed(page))
        name = text(said.get("mac")).lower()[-6:]
        is_own = name in self._asked and address == _PAGE.format(name=name)
        if is_own:
            self._said[name] = said
        return is_own

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
            if white is None:
                remarks.append(_NOT_KEPT)
            said = self._said.get(name, {})
            if channels := whole(mapping(said.get("leds")).get("lc")):
                entry["colors"] = _colours(channels)
                unknown = {}
                white = white or bool(channels & _RGB and channels & _WHITE)
            if white:
                remarks.append("it has a white channel beside its colours")
            title = _title(name, text(said.get("name")))
            yield FoundDevice(
                (f"wled:wled/{name}",),
                entry,
                title,
                (f"wled/{name}/status",),
                model=f"{text(said.get('brand')) or 'WLED'} {text(said.get('ver'))}".strip(),
                proposed=light_role(name),
                unknown=unknown,
                remarks=tuple(remarks),
                hardware=hardware(said.get("mac")) or tuple(_OF_A_MAC.findall(name)),
            )


def _colours(channels: int) -> list[str]:
    return [*(["temperature"] if channels & _CCT else []), *(["rgb"] if channels & _RGB else [])]


def _title(name: str, own: str) -> str:
    """All come out of their boxes with one name."""
    return own if own and own != "WLED" else f"WLED {text(name)}"
