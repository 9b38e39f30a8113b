"""Speakers that keep our own contract: their retained state says what they can."""

from collections.abc import Iterator
from typing import Any

from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import BASES, keep, text, texts, topic
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import fields

_VOICE = frozenset({"say", "done", "hush"})
_LONGEST_STATE = 4096


class RelaxSpeakerDiscovery(Discoverer):
    """All whose `<topic>/state` says `abilities` as the contract has them."""

    topics = tuple(f"{base}/state" for base in BASES)

    def __init__(self) -> None:
        self._speakers: dict[str, tuple[str, ...]] = {}

    def hear(self, message: Message) -> None:
        address, slash, last = message.topic.rpartition("/")
        if (
            last != "state"
            or not slash
            or '"abilities"' not in message.payload
            or len(message.payload) > _LONGEST_STATE
        ):
            return
        said = fields(message.payload)
        if topic(address) and isinstance(said.get("abilities"), list) and ("volume" in said or "playing" in said):
            keep(self._speakers, address, tuple(texts(said["abilities"])))

    def found(self) -> Iterator[FoundDevice]:
        for address, abilities in self._speakers.items():
            speaks = bool(_VOICE & set(abilities)) or not abilities
            plays = bool(set(abilities) & {"pause", "loop", "play"}) or not speaks
            kinds = [*([Kind.PLAYER] if plays else []), *([Kind.VOICE] if speaks else [])]
            named = [kind.value for kind in kinds]
            entry: dict[str, Any] = {
                "kind": named if len(named) > 1 else named[0],
                "dialect": "relax_speaker",
                "topic": address,
            }
            yield FoundDevice(
                (f"speaker:{address}",),
                entry,
                text(address.rpartition("/")[2]),
                (f"{address}/state",),
                model="speaker",
                proposed=tuple(kinds),
            )
