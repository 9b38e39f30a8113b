"""What a broker says, taken in by all families at once; the devices that this makes, each of them once.

Two that have a key in common are one device: the word of its own family counts before what Home Assistant is told of
it, which adds the room that it is in. What a bridge lists in full and does not have is not there, whoever else says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.families import families
from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.messages import Message

LONGEST_LIST = 8_000_000
"""Characters of a bridge's list of devices; a hundred devices take one million."""
LONGEST = 200_000
"""Of anything else."""
LONGEST_NAME = 60
_END = 6
_UNWRITABLE = "what it says of itself has signs that no file and no topic can have, or is too long"


class Survey:
    """What was heard at one broker. `source`: a topic of our own, below which those answer who are asked something."""

    def __init__(self, source: str) -> None:
        self._families: tuple[Discoverer, ...] = families(source)
        self._beside: tuple[FoundDevice, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """Topic filters to subscribe to."""
        return tuple(dict.fromkeys(name for family in self._families for name in family.topics))

    def hear(self, message: Message) -> None:
        """Take in what came. It may be anything; nothing raises."""
        longest = LONGEST_LIST if "/bridge/" in message.topic else LONGEST
        if len(message.payload) > longest:
            for family in self._families:
                family.too_long(message.topic, longest)
            return
        for family in self._families:
            family.hear(message)

    def add(self, devices: Iterable[FoundDevice]) -> None:
        """Take in what was found in the network beside the broker."""
        self._beside = (*self._beside, *(device for device in devices if _is_sound(device)))

    def probes(self) -> list[Message]:
        """The questions that are due, each once: to be called when what is retained has come, and again after that."""
        return [message for family in self._families for message in family.probes()]

    def look_ups(self) -> list[str]:
        """Addresses of the web that may be read as well, each once."""
        return [address for family in self._families for address in family.look_ups()]

    def looked_up(self, address: str, page: str) -> None:
        """Take in what was read there."""
        for family in self._families:
            family.looked_up(address, page)

    @property
    def starting(self) -> Sequence[str]:
        """Bridges that are there and have not said yet what they have."""
        return [name for family in self._families for name in family.starting]

    @property
    def home_keys(self) -> Mapping[str, Any]:
        """What a home file says beside its devices, where the broker is not as usual."""
        return {key: value for family in self._families for key, value in family.home_keys.items()}

    def found(self) -> tuple[FoundDevice, ...]:
        """The devices, those first that their own family tells of; in the order in which they were heard.

        Last what was found beside the broker.
        """
        devices = [device for family in self._families for device in family.found() if _is_sound(device)]
        listed = tuple(name for family in self._families for name in family.listed)
        once: list[FoundDevice] = []
        by_key: dict[str, int] = {}
        for device in sorted(devices, key=lambda each: not each.is_native):
            place = next((by_key[key] for key in device.keys if key in by_key), None)
            if place is not None:
                once[place] = _joined(once[place], device)
            elif device.is_native or not device.keys[0].startswith(listed):
                place = len(once)
                once.append(device)
            else:
                continue
            for key in device.keys:
                by_key.setdefault(key, place)
        return (*_with_areas(once, self._beside), *(each for each in self._beside if not _at(each, once)))

    @property
    def unreadable(self) -> tuple[LeftOut, ...]:
        """The bridges that would say what they have, and cannot be understood: first of what is left out."""
        return tuple(each for family in self._families for each in family.unreadable)

    def left_out(self) -> tuple[LeftOut, ...]:
        """What was announced and is of no use, each once."""
        return tuple(dict.fromkeys(self._all_left_out()))

    def _all_left_out(self) -> Iterator[LeftOut]:
        for family in self._families:
            yield from family.left_out()
            for device in family.found():
                if not _is_sound(device):
                    yield LeftOut(device.title or device.address[:LONGEST_NAME], _UNWRITABLE, device.announced_by[0])


def _joined(known: FoundDevice, other: FoundDevice) -> FoundDevice:
    by = tuple(dict.fromkeys([*known.announced_by, *other.announced_by]))
    return replace(known, announced_by=by, area=known.area or other.area)


def _at(beside: FoundDevice, found: Iterable[FoundDevice]) -> list[FoundDevice]:
    """Those at the broker that are the same piece of hardware, and can be the same: its own dialect knows it better."""
    return [each for each in found if set(each.kinds) & set(beside.kinds) and _is_same(each.hardware, beside.hardware)]


def _is_same(native: Iterable[str], other: Iterable[str]) -> bool:
    """A WLED says the last six digits of its own only."""
    return any(one == two or (len(one) == _END and two.endswith(one)) for one in native for two in other)


def _with_areas(found: Sequence[FoundDevice], beside: Iterable[FoundDevice]) -> list[FoundDevice]:
    """Where a device does not say in which room it is, Home Assistant may."""
    areas = {same.keys[0]: each.area for each in beside if each.area for same in _at(each, found)}
    return [replace(each, area=each.area or areas.get(each.keys[0])) for each in found]


def _is_sound(device: FoundDevice) -> bool:
    """Nothing in its entry that a file or a topic cannot have."""
    return all(_is_writable(value) for value in device.entry.values())


def _is_writable(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= 2000 and not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in value)
    if isinstance(value, dict):
        return all(_is_writable(each) for pair in value.items() for each in pair)
    return all(_is_writable(each) for each in value) if isinstance(value, Iterable) else True
