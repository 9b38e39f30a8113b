"""One of the lamps or switches that a Zigbee device has: told by its endpoint, heard in the state of the whole.

What the bridge says of the device is all that it knows of each, whichever of them has changed.
"""

import re
from typing import Any

from tests.witness.lamps import ZigbeeLamp
from tests.witness.speakers import Plug
from tests.witness.twins import Before, Said

ENDPOINT = re.compile(r"(l|ep)\d{1,2}")
"""How converters call them; a lamp may be called `bedroom/left` as well."""


def whole_of(entry: dict[str, Any]) -> str | None:
    """The topic of the device that an entry is a part of; None where it is one by itself."""
    whole, _, last = str(entry.get("topic", "")).rpartition("/")
    is_device = "/" in whole  # what lies at the bridge's own topic may be called `l1` as well
    return whole if entry["dialect"] == "zigbee2mqtt" and is_device and ENDPOINT.fullmatch(last) else None


def of_endpoint(entry: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    """What the state of the whole says of one part, under the names of a device that is one."""
    ending = f"_{str(entry['topic']).rpartition('/')[2]}"
    return {key.removesuffix(ending): value for key, value in payload.items() if key.endswith(ending)}


class LampGang(ZigbeeLamp):
    """A lamp. `known`: what the bridge has of the whole, which all of its gangs share."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before, known: dict[str, Any]) -> None:
        super().__init__(name, entry, before)
        self.spoken, _, self.endpoint = self.topic.rpartition("/")
        self.known = known

    def as_it_was(self, was: Before) -> ZigbeeLamp:
        return LampGang(self.name, self.entry, was, self.known)

    def state(self) -> Said:
        self.known.update({f"{key}_{self.endpoint}": value for key, value in self.values().items()})
        return Said(self.spoken, dict(self.known))


class PlugGang(Plug):
    """A switch."""

    def __init__(self, name: str, entry: dict[str, Any], before: Before, known: dict[str, Any]) -> None:
        super().__init__(name, entry, before)
        self.whole, _, self.endpoint = str(entry["topic"]).rpartition("/")
        self.known = known

    def connected(self) -> list[Said]:
        return [Said(f"{self.whole}/availability", {"state": "online"}, retain=True), *self._state()]

    def _state(self) -> list[Said]:
        self.known[f"state_{self.endpoint}"] = "ON" if self.on.final else "OFF"
        return [Said(self.whole, dict(self.known))]
