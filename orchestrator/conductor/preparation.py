"""From a scene, a home and what a person chose to something that can start."""

from collections.abc import Callable, Collection, Mapping
from datetime import time
from typing import Protocol, TypeAlias

from orchestrator.conductor.group_members import groups_in
from orchestrator.conductor.music_lookup import playable
from orchestrator.conductor.request import Start
from orchestrator.documents.document import KeyPath
from orchestrator.errors import BadParameter, Fault, FileError, Refused, UsageError
from orchestrator.home.casting import cast, ready_in, room_of
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.home.model import NightModel
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planning.planner import language_of, plan
from orchestrator.scenes.planning.scope import Ready
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming

Timings: TypeAlias = Callable[[Device, str], VoiceTiming]
"""What is known of a voice in a language."""


def declared(device: Device, _language: str) -> VoiceTiming:
    """What its dialect and the home file say of it."""
    voice = device.abilities.voice
    return AS_PLANNED if voice is None else VoiceTiming(rate=voice.rate, gap=voice.gap)


class Planner(Protocol):
    """Plans a scene, as `planned` does; or gives what was planned before."""

    def __call__(
        self,
        scene: Scene,
        given: Mapping[str, object],
        language: str | None,
        ready: Ready,
        roles: Collection[str],
        timing: VoiceTiming,
    ) -> Timeline:
        """The timeline, with the room's way to say next, the roles that it casts and what is known of its voice."""
        ...


def planned(
    scene: Scene,
    given: Mapping[str, object],
    language: str | None,
    ready: Ready,
    roles: Collection[str],
    timing: VoiceTiming,
) -> Timeline:
    """The timeline of a scene whose file is known: faults say their place in it."""
    return plan(
        scene.model,
        given,
        language,
        ready=ready,
        roles=roles,
        timing=timing,
        fault=scene.fault,
    )


def prepare(
    scene: Scene,
    home: Home,
    room: str,
    given: Mapping[str, object],
    *,
    name: str,
    language: str | None = None,
    rate: int = 1000,
    at_night: bool = False,
    planner: Planner = planned,
    timings: Timings = declared,
) -> Start:
    """Cast and plan, in the language asked for, else the home's where the scene has it. `rate` is in thousandths.

    `timings` says what is known of the room's voice.

    Raises UsageError, HomeError, SceneError, Refused.
    """
    casting = cast(scene.model.roles, room, home)
    chosen = language or (home.model.language if home.model.language in scene.model.languages else None)
    ready = ready_in(room_of(home, room), home, chosen or scene.model.languages[0])
    speaks = (role for role, model in scene.model.roles.items() if model.kind == "voice")
    voice = next(speaks, None)
    speakers = casting.roles.get(voice, ()) if voice is not None else ()
    timing = timings(home.devices[speakers[0]], language_of(scene.model, chosen)) if speakers else AS_PLANNED
    timeline = planner(scene, given, chosen, ready, casting.roles.keys(), timing)
    timeline, roles, unknown = playable(timeline, casting.roles, home.model)
    optional = frozenset(role for role, model in scene.model.roles.items() if model.optional)
    return Start(
        name,
        room,
        timeline,
        roles,
        voice,
        rate,
        at_night,
        timing=timing,
        optional=optional,
        groups=groups_in([name for cast in roles.values() for name in cast], home.devices),
        unknown_music=unknown,
    )


def programme_faults(home: Home, find: Callable[[str], Scene]) -> list[Fault]:
    """What keeps the schedules of a home from being played: each of their scenes is found, cast and planned."""
    faults = []
    for name, schedule in home.model.schedules.items():
        for index, piece in enumerate(schedule.pieces()):
            path: KeyPath = ("schedules", name, "scene")
            path = (*path, index) if isinstance(schedule.scene, list) else path
            own: KeyPath = (*path, "set") if isinstance(schedule.scene, list) else ("schedules", name, "set")
            try:
                prepare(find(piece.scene), home, schedule.room, piece.set, name="check")
            except BadParameter as error:
                faults.append(home.fault(own, str(error)))
            except (UsageError, Refused) as error:
                faults.append(home.fault(path, str(error)))
            except FileError as error:
                faults.extend(error.faults)
    return faults


def the_room(home: Home, room: str | None) -> str:
    """The room that is meant: the one that is named, else the only one. Raises UsageError."""
    if room is not None:
        return room
    rooms = list(home.model.rooms)
    if len(rooms) == 1:
        return rooms[0]
    raise UsageError(f"The home {home.model.home} has several rooms.", f"Say which: --room {' or '.join(rooms)}.")


def is_night(night: NightModel | None, clock: time) -> bool:
    """Whether a time of day lies in the night of a room, which may go past midnight."""
    if night is None:
        return False
    begins, ends = _time(night.from_), _time(night.to)
    return begins <= clock < ends if begins <= ends else clock >= begins or clock < ends


def _time(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))
