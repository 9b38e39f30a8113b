"""How a room was before: what its devices say, else what the home file gives as a fallback, else what does no harm."""

from typing import NamedTuple

from orchestrator.conductor.request import Start
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.home.model import FallbackModel, RoomModel
from orchestrator.scenes.planning.timeline import Timeline, touched
from orchestrator.stage.heard import Debt
from orchestrator.stage.stage import Stage
from orchestrator.units import Ms
from orchestrator.values import SILENCE, Attribute, Track, Value


class Snapshot(NamedTuple):
    """`before` in the scene's measure, `devices` in their own.

    `unknown` are the roles whose devices did not say, and whether there is something to give them instead; `guessed`
    the devices that get it. `unsaid` is what neither a device nor its group said, `of_group` what only its group did.
    """

    before: dict[Track, Value]
    devices: dict[tuple[str, Attribute], Value]
    unknown: dict[str, bool]
    guessed: frozenset[str] = frozenset()
    unsaid: frozenset[tuple[str, Attribute]] = frozenset()
    of_group: frozenset[tuple[str, Attribute]] = frozenset()

    @property
    def may_come_late(self) -> frozenset[tuple[str, Attribute]]:
        """What a device may still say of itself."""
        return self.unsaid | self.of_group


def snapshot(start: Start, stage: Stage, now: Ms, *, room: RoomModel, scale: RoomScale) -> Snapshot:
    """The state of every track that the timeline may touch.

    What a group's member has not said the group may have: that is of those who are there, and holds until the member
    has had its say (a group is on where any member is).
    """
    timeline, groups = start.timeline, {member: name for name, cast in start.groups.items() for member in cast}
    chapters = (*timeline.chapters, timeline.finish, timeline.stopped, timeline.lost)
    before: dict[Track, Value] = {}
    each: dict[tuple[str, Attribute], Value] = {}
    unknown: dict[str, bool] = {}
    guessed: set[str] = set()
    unsaid: set[tuple[str, Attribute]] = set()
    of_group: set[tuple[str, Attribute]] = set()
    for track in touched(chapters):
        fallback = _fallback(track, room, scale)
        for device in start.roles.get(track.role, ()):
            said = _known(stage, device, track.attribute, now)
            if said is None and device in groups and not stage.is_away(device):
                said = _known(stage, groups[device], track.attribute, now)
                of_group.update(() if said is None else ((device, track.attribute),))
            if said is None:
                unsaid.add((device, track.attribute))
            if said is None and track.attribute is not Attribute.COLOUR:
                unknown[track.role] = unknown.get(track.role, True) and fallback is not None
                guessed.update(() if fallback is None else (device,))
            elif (debt := stage.debt(device, track.attribute)) is not None and debt.is_guess:
                guessed.add(device)
            value = said if said is not None else fallback
            if value is not None:
                each[device, track.attribute] = value
                before.setdefault(track, scale.scene_value(track.attribute, value))
    return Snapshot(before, each, unknown, frozenset(guessed), frozenset(unsaid), frozenset(of_group))


def harmless(
    timeline: Timeline, roles: dict[str, tuple[str, ...]], room: RoomModel, scale: RoomScale, now: Ms
) -> list[Debt]:
    """What is owed where nobody knows any more how a room was: its fallback, else what does no harm."""
    chapters = (*timeline.chapters, timeline.finish, timeline.stopped, timeline.lost)
    return [
        Debt(device, track.attribute, value, now)
        for track in touched(chapters)
        if (value := _fallback(track, room, scale)) is not None
        for device in roles.get(track.role, ())
    ]


def _fallback(track: Track, room: RoomModel, scale: RoomScale) -> Value | None:
    """What the home file says; else silence, the comfortable volume, off for a switch, and nothing for a lamp."""
    written = room.fallback.get(track.role)
    if written == "off":
        return {Attribute.LEVEL: 0.0, Attribute.ON: False}.get(track.attribute)
    if isinstance(written, FallbackModel):
        value = _written(track.attribute, written)
        if value is not None:
            return value
    harmless: dict[Attribute, Value] = {
        Attribute.PLAYING: SILENCE,
        Attribute.VOLUME: min(scale.music, scale.loudest),
        Attribute.ON: False,
    }
    return harmless.get(track.attribute)


def _written(attribute: Attribute, model: FallbackModel) -> Value | None:
    match attribute:
        case Attribute.LEVEL:
            return float(model.brightness) if model.brightness is not None else None
        case Attribute.COLOUR:
            return model.temperature or model.color
        case Attribute.VOLUME:
            return float(model.volume) if model.volume is not None else None
        case Attribute.ON:
            return model.on
        case Attribute.PLAYING:
            return None


def _known(stage: Stage, device: str, attribute: Attribute, now: Ms) -> Value | None:
    """What is still owed from a session before counts as how the device was, else what it says."""
    debt = stage.debt(device, attribute)
    return debt.value if debt is not None and debt.value is not None else stage.value(device, attribute, now)
