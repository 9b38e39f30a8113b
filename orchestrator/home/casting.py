"""Casting: which devices play a scene's roles in a room, and how a person says next there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from orchestrator.devices.abilities import Kind
from orchestrator.errors import Fault, HomeError, Reason, Refused, UnknownRoom
from orchestrator.home.library import Home
from orchestrator.home.model import RoomModel
from orchestrator.home.satellites import has_ears
from orchestrator.languages.library import has_words, own_words
from orchestrator.scenes.format.model import RoleModel
from orchestrator.scenes.planning.scope import Ready, TextMap

_Way: TypeAlias = Literal["button", "voice", "signal"]
"""How a person says next, or hears the words again, as a language's file has it."""
_StopWay: TypeAlias = Literal["button", "twice", "held", "voice", "signal"]
"""How a person declines, as a language's file has it."""
_STOPS = ("stop", "abort")


@dataclass(frozen=True, slots=True)
class Casting:
    """`roles` has the names of the devices that play each role; `uncast` the optional roles that nobody plays here."""

    room: str
    roles: Mapping[str, tuple[str, ...]]
    uncast: tuple[str, ...] = ()


def room_of(home: Home, name: str) -> RoomModel:
    """The room of that name. Raises UnknownRoom, with the rooms that there are."""
    room = home.model.rooms.get(name)
    if room is None:
        raise UnknownRoom(
            f"The home {home.model.home} has no room {name!r}.", f"It has: {', '.join(home.model.rooms)}."
        )
    return room


def cast(roles: Mapping[str, RoleModel], room_name: str, home: Home) -> Casting:
    """Give each role of a scene to the devices that the room has for it.

    Raises UnknownRoom; HomeError where the room casts one lamp twice; Refused (ROLE_MISSING) where a role that the
    scene cannot do without has no device, or a device cannot play its role.
    """
    room = room_of(home, room_name)
    cast_roles: dict[str, tuple[str, ...]] = {}
    uncast = []
    for role, wanted in roles.items():
        names = _devices(room, role)
        if names:
            _can_play(home, room_name, role, Kind(wanted.kind), names)
            cast_roles[role] = names
        elif wanted.optional:
            uncast.append(role)
        else:
            raise _missing(home, room_name, role, Kind(wanted.kind))
    lights = {role: names for role, names in cast_roles.items() if Kind(roles[role].kind) is Kind.LIGHT}
    if faults := tuple(_doubles(home, room_name, lights)):
        raise HomeError(faults)
    return Casting(room_name, cast_roles, tuple(uncast))


def ready_in(room: RoomModel, home: Home, language: str) -> Ready:
    """How a person says next in a room, as the end of a sentence: "When the feet are dry, …".

    The room's own `ready`, else by what it has: a button for `next`, a satellite that listens, an event that acts like
    a button. While the hands are oily any press counts of a remote without a map of its own, and so does any event.
    None where the room has nothing of these. And how one says no to all of it: the room's own `decline`, else by what
    it has for `stop`; and how one hears the words again, by what it has for `repeat`.
    """
    decline = _own(room.decline, language) or _in(language, "decline", _stop_way(room, home))
    again = _in(language, "again", _again_way(room, home))
    if (own := _own(room.ready, language)) is not None:
        return Ready(own, own, decline, again)
    free = _free_way(room, home)
    oily = free or _oily_way(room)
    return Ready(_in(language, "ready", free), _in(language, "ready", oily), decline, again)


def _own(written: TextMap | None, language: str) -> str | None:
    """What the home file says in a language, if it does."""
    if written is None or isinstance(written, str):
        return written
    return written.get(language) or written.get(language.partition("-")[0]) or None


def _stop_way(room: RoomModel, home: Home) -> _StopWay | None:
    """A mapped button stops while the hands are oily, too."""
    pressed = [(action, word) for actions in room.buttons.values() for action, word in actions.items()]
    for stop in _STOPS:
        if (action := next((action for action, word in pressed if word == stop), None)) is not None:
            return "twice" if "double" in action else "held" if _is_held(action) else "button"
    if has_ears(home, room):
        return "voice"
    return "signal" if any(event.do in _STOPS for event in room.events) else None


def _again_way(room: RoomModel, home: Home) -> _Way | None:
    """An ear first: of several buttons nobody remembers which one repeats."""
    if has_ears(home, room):
        return "voice"
    if any("repeat" in actions.values() for actions in room.buttons.values()):
        return "button"
    return "signal" if any(event.do == "repeat" for event in room.events) else None


def _is_held(action: str) -> bool:
    return any(word in action for word in ("hold", "long"))


def _free_way(room: RoomModel, home: Home) -> _Way | None:
    if any("next" in actions.values() for actions in room.buttons.values()):
        return "button"
    if has_ears(home, room):
        return "voice"
    return "signal" if any(event.do == "next" for event in room.events) else None


def _oily_way(room: RoomModel) -> _Way | None:
    if any(not actions for actions in room.buttons.values()):
        return "button"
    return "signal" if any(event.do is None for event in room.events) else None


def _in(language: str, what: Literal["ready", "decline", "again"], way: _Way | _StopWay | None) -> str | None:
    """The way's words; empty where somebody can, but the program has no words in that language."""
    if way is None:
        return None
    return str(getattr(getattr(own_words(language).model, what), way)) if has_words(language) else ""


def _devices(room: RoomModel, role: str) -> tuple[str, ...]:
    names = room.roles.get(role, ())
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


def _can_play(home: Home, room: str, role: str, kind: Kind, names: tuple[str, ...]) -> None:
    for name in names:
        kinds = home.devices[name].kinds
        if kind not in kinds:
            is_ = " and ".join(kinds)
            raise Refused(
                Reason.ROLE_MISSING,
                f"The role {role} needs a {kind}, but {name}, which plays it in the room {room}, is a {is_}.",
                _advice(home, room, role, kind),
            )


def _missing(home: Home, room: str, role: str, kind: Kind) -> Refused:
    sentence = f"The scene needs a {kind} for its role {role}, and the room {room} casts none."
    return Refused(Reason.ROLE_MISSING, sentence, _advice(home, room, role, kind))


def _advice(home: Home, room: str, role: str, kind: Kind) -> str:
    fitting = [name for name, device in home.devices.items() if kind in device.kinds]
    if not fitting:
        return f"The home has no {kind}: add one under devices: in {home.source}, then cast it."
    which = f"rooms: {room}: roles: {role}: {fitting[0]}"
    others = f"; of that kind there are {', '.join(fitting)}" if len(fitting) > 1 else ""
    return f"Write in {home.source}: {which}{others}."


def _doubles(home: Home, room: str, lights: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    """Lamps that would get two wishes at once: cast in two roles, or by themselves and as part of a group."""
    players: dict[str, tuple[str, str]] = {}
    for role, names in lights.items():
        for name in names:
            for lamp in home.devices[name].physical():
                first = players.setdefault(lamp, (role, name))
                if first != (role, name):
                    yield home.fault(("rooms", room, "roles", role), _double(lamp, first, (role, name)))


def _double(lamp: str, first: tuple[str, str], second: tuple[str, str]) -> str:
    (role, name), (other_role, other) = first, second
    if name == other:
        return f"`{lamp}` is cast as {role} and as {other_role}; a lamp plays one role: take one away"
    group, member = (name, other) if name != lamp else (other, name)
    return (
        f"`{lamp}` is lit by `{group}` (as {role if group == name else other_role}) and by "
        f"`{member}` (as {other_role if group == name else role}); cast the group or its member, not both"
    )
