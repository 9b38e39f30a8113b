"""A group counts its members: each is known, wished for, owed and given back by itself (rule 24)."""

from collections.abc import Callable, Iterable, Mapping

from orchestrator.conductor.journal_entries import RecoveryRecord
from orchestrator.conductor.request import Start
from orchestrator.devices.abilities import Kind
from orchestrator.home.device import Device


def members_in(device: Device, devices: Mapping[str, Device]) -> tuple[str, ...]:
    """The members by which a group is played: two lamps or two plugs at least. Empty where it is told as one."""
    is_alike = all(set(device.kinds) <= set(devices[name].kinds) for name in device.members)
    has_one = device.kinds in ((Kind.LIGHT,), (Kind.SWITCH,))
    return device.members if has_one and is_alike and len(device.members) > 1 else ()


def with_members(
    start: Start, devices: Mapping[str, Device], owes: Callable[[str], bool], recovered: RecoveryRecord | None
) -> Start:
    """The same with the members of each group in its place.

    A group that is owed something itself, or was known as one, is of an older version: it goes on as it was.
    """
    known = {device for device, _, _ in recovered.snapshot} if recovered is not None else set()
    groups = {
        name: members
        for cast in start.roles.values()
        for name in cast
        if not owes(name) and name not in known and (members := members_in(devices[name], devices))
    }
    roles = {role: tuple(_each(cast, groups)) for role, cast in start.roles.items()}
    return start._replace(roles=roles, groups=groups)


def _each(cast: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    return dict.fromkeys(member for name in cast for member in groups.get(name, (name,)))
