"""Casting: which devices play a scene's roles in a room, and how a person says next there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestrator.devices.abilities import Kind
from orchestrator.errors import Fault, HomeError, Reason, Refused, UnknownRoom
from orchestrator.home.library import Home
from orchestrator.home.model import RoomModel
from orchestrator.home.satellites import has_ears
from orchestrator.scenes.format.model import RoleModel
from orchestrator.scenes.planning.scope import Ready, TextMap

_BY_BUTTON = {"en": "press the big button", "de": "drück die große Taste"}
_BY_VOICE = {"en": "say: next", "de": "sag: weiter"}
_BY_SIGNAL = {"en": "give the sign", "de": "gib das Zeichen"}
_STOP_TWICE = {"en": "press the button twice", "de": "drück die Taste zweimal"}
_STOP_HELD = {"en": "hold the button down", "de": "halt die Taste gedrückt"}
_STOP_BUTTON = {"en": "press the stop button", "de": "drück die Stopptaste"}
_STOP_VOICE = {"en": "say: stop", "de": "sag: stopp"}
_STOP_SIGNAL = {"en": "give the sign to stop", "de": "gib das Zeichen zum Aufhören"}
_STOPS = ("stop", "abort")
_AGAIN_BUTTON = {"en": "press the button for repeat", "de": "drück die Taste zum Wiederholen"}
_AGAIN_VOICE = {"en": "say: repeat", "de": "sag: noch einmal"}
_AGAIN_SIGNAL = {"en": "give the sign for repeat", "de": "gib das Zeichen zum Wiederholen"}


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
    again = _in(language, _again_words(room, home))
    decline = _own(room.decline, language) or _in(language, _stop_words(room, home))
    if (own := _own(room.ready, language)) is not None:
        return Ready(own, own, decline, again)
    free = _free_words(room, home)
    oily = free or _oily_words(room)
    return Ready(_in(language, free), _in(language, oily), decline, again)


def _own(written: TextMap | None, language: str) -> str | None:
    """What the home file says in a language, if it does."""
    if written is None or isinstance(written, str):
        return written
    return written.get(language) or written.get(language.partition("-")[0]) or None


def _stop_words(room: RoomModel, home: Home) -> Mapping[str, str] | None:
    """A mapped button stops while the hands are oily, too."""
    pressed = [(action, word) for actions in room.buttons.values() for action, word in actions.items()]
    for stop in _STOPS:
        if (action := next((action for action, word in pressed if word == stop), None)) is not None:
            return _STOP_TWICE if "double" in action else _STOP_HELD if _is_held(action) else _STOP_BUTTON
    if has_ears(home, room):
        return _STOP_VOICE
    return _STOP_SIGNAL if any(event.do in _STOPS for event in room.events) else None


def _again_words(room: RoomModel, home: Home) -> Mapping[str, str] | None:
    """An ear first: of several buttons nobody remembers which one repeats."""
    if has_ears(home, room):
        return _AGAIN_VOICE
    if any("repeat" in actions.values() for actions in room.buttons.values()):
        return _AGAIN_BUTTON
    return _AGAIN_SIGNAL if any(event.do == "repeat" for event in room.events) else None


def _is_held(action: str) -> bool:
    return any(word in action for word in ("hold", "long"))


def _free_words(room: RoomModel, home: Home) -> Mapping[str, str] | None:
    if any("next" in actions.values() for actions in room.buttons.values()):
        return _BY_BUTTON
    if has_ears(home, room):
        return _BY_VOICE
    return _BY_SIGNAL if any(event.do == "next" for event in room.events) else None


def _oily_words(room: RoomModel) -> Mapping[str, str] | None:
    if any(not actions for actions in room.buttons.values()):
        return _BY_BUTTON
    return _BY_SIGNAL if any(event.do is None for event in room.events) else None


def _in(language: str, words: Mapping[str, str] | None) -> str | None:
    return words.get(language.partition("-")[0], words["en"]) if words is not None else None


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
