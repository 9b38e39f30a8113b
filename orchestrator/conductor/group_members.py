"""A group counts its members: each is known, wished for, owed and given back by itself (rule 24)."""

from collections.abc import Callable, Collection, Iterable, Mapping

from orchestrator.conductor.request import Start
from orchestrator.devices.abilities import Kind
from orchestrator.home.device import Device


def groups_in(cast: Iterable[str], devices: Mapping[str, Device]) -> dict[str, tuple[str, ...]]:
    """The members of each group in a cast that is played by them. One that is cast beside its member is told as one."""
    names = list(cast)
    groups = {name: _members(devices[name], devices) for name in names}
    return {name: members for name, members in groups.items() if members and set(members).isdisjoint(names)}


def _members(device: Device, devices: Mapping[str, Device]) -> tuple[str, ...]:
    """The members by which a group is played: two lamps or two plugs at least. Empty where it is told as one."""
    is_alike = all(set(device.kinds) <= set(devices[name].kinds) for name in device.members)
    has_one = device.kinds in ((Kind.LIGHT,), (Kind.SWITCH,))
    return device.members if has_one and is_alike and len(device.members) > 1 else ()


def with_groups(start: Start, devices: Mapping[str, Device]) -> Start:
    """The same with the groups that are known by now: their bridge may have told of them since it was made ready."""
    return start._replace(groups=groups_in([name for cast in start.roles.values() for name in cast], devices))


def with_members(start: Start, owes: Callable[[str], bool], known: Collection[str] = ()) -> Start:
    """The same with the members of each group in its place.

    A group that is owed something itself, or `known` as one to the session that goes on, is of an older version: it
    goes on as one device.
    """
    cast = {name for names in start.roles.values() for name in names}
    groups = {
        name: members for name, members in start.groups.items() if name in cast and not owes(name) and name not in known
    }
    roles = {
        role: tuple(dict.fromkeys(each for name in names for each in groups.get(name, (name,))))
        for role, names in start.roles.items()
    }
    return start._replace(roles=roles, groups=groups)
