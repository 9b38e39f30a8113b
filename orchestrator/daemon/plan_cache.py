"""Sessions made ready to start: a scene that was planned with the same choices before is not planned again."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import TypeAlias

from orchestrator.conductor.first_caution import with_first_caution
from orchestrator.conductor.preparation import Timings, declared, is_night, planned, prepare
from orchestrator.conductor.request import Mode, Start
from orchestrator.daemon.clock import local_zone
from orchestrator.home.casting import room_of
from orchestrator.home.library import Home
from orchestrator.home.programme import zone_of
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planning.scope import Ready
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.scenes.planning.voice_timing import VoiceTiming
from orchestrator.units import Ms

KEPT = 64

_Key: TypeAlias = tuple[str, str, str | None, Ready, tuple[str, ...], VoiceTiming]


class PlanCache:
    """For one home. What is kept cannot go stale: all that a plan is made from is its key, the scene's whole text too.

    Rooms that cast the same roles, for voices of which `timings` knows the same, share their plans.
    """

    def __init__(self, home: Home, timings: Timings = declared) -> None:
        self._home = home
        self._timings = timings
        self._kept: OrderedDict[_Key, Timeline] = OrderedDict()

    def start(
        self,
        scene: Scene,
        room: str,
        given: Mapping[str, object],
        *,
        name: str,
        language: str | None,
        rate: int,
        mode: Mode | None,
        trigger: str,
        wall: datetime,
    ) -> Start:
        """Ready to start at a moment: it decides whether it is night. `mode` None: as the room has it.

        Raises RelaxError.
        """
        model = room_of(self._home, room)
        at_night = model.night is not None and is_night(model.night, self._clock(wall))
        start = prepare(
            scene,
            self._home,
            room,
            given,
            name=name,
            language=language,
            rate=rate,
            at_night=at_night,
            planner=self._planned,
            timings=self._timings,
        )
        return with_first_caution(start._replace(mode=mode if mode is not None else Mode(model.mode), trigger=trigger))

    def lasts(self, scene: Scene, room: str, given: Mapping[str, object]) -> Ms:
        """How long it is as people usually play it, the giving back included. Raises RelaxError."""
        start = prepare(scene, self._home, room, given, name="", planner=self._planned, timings=self._timings)
        return start.timeline.as_usual().lasts

    def _clock(self, wall: datetime) -> time:
        """The time of day in the home. The machine is asked for its zone each time: it may be told another one."""
        return wall.astimezone(zone_of(self._home, local_zone())).time()

    def _planned(
        self,
        scene: Scene,
        given: Mapping[str, object],
        language: str | None,
        ready: Ready,
        roles: Collection[str],
        timing: VoiceTiming,
    ) -> Timeline:
        key = (scene.text, repr(sorted(given.items())), language, ready, tuple(roles), timing)
        made = self._kept.get(key)
        if made is None:
            made = self._kept[key] = planned(scene, given, language, ready, roles, timing)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return made
