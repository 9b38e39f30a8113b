"""What discovery gives: a device with its entry of the home file, or why something that was announced is not taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from orchestrator.devices.abilities import Kind

_ADDRESSES = ("topic", "command_topic", "state_topic", "site", "name", "entity")


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device that somebody announced.

    `keys` say which device it is, its command target first: two with a key in common are one. `entry` is for the home
    file, without a name. `proposed` are the kinds of role that it may be given without asking: none for a status LED,
    for what may heat or move, and for a switch, of which nobody knows. `members` are the keys of a group's lamps.
    `signals` are what a button says. `unknown` says by key of the entry what nobody told, and what holds therefore.
    `hardware`: the addresses that its maker gave it, by which it is known again wherever else it is said.
    `is_native`: it is said by its own family; what Home Assistant's discovery says of such a device gives way to that.
    """

    keys: tuple[str, ...]
    entry: Mapping[str, Any]
    title: str
    announced_by: tuple[str, ...]
    area: str | None = None
    model: str = ""
    proposed: tuple[Kind, ...] = ()
    members: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    hardware: tuple[str, ...] = ()
    is_native: bool = True

    @property
    def kinds(self) -> tuple[Kind, ...]:
        kind = self.entry["kind"]
        return tuple(Kind(each) for each in (kind if isinstance(kind, list) else [kind]))

    @property
    def address(self) -> str:
        """What says which device it is, in one word that a person can write: a topic, a site, a name."""
        own = next((self.entry[key] for key in _ADDRESSES if self.entry.get(key)), None)
        return str(own) if own is not None else self.keys[0].partition(":")[2]


class LeftOut(NamedTuple):
    """Something that was announced and is of no use to us, and why, for a person."""

    title: str
    why: str
    announced_by: str
