"""Sessions made ready to start: a scene that was planned with the same choices before is not planned again."""

from collections import OrderedDict
from collections.abc import Mapping

from orchestrator.conductor.preparation import is_night, prepare
from orchestrator.conductor.request import Mode, Start
from orchestrator.daemon.clock import local_time
from orchestrator.home.casting import room_of
from orchestrator.home.library import Home
from orchestrator.scenes.library import Scene

KEPT = 64


class Plans:
    """For one home, which never changes. What is kept cannot go stale: the scene's whole text is part of its key."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._kept: OrderedDict[tuple[str, str, str, str | None], Start] = OrderedDict()

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
    ) -> Start:
        """Ready to start now. `mode` None: as the room has it. Raises RelaxError."""
        key = (scene.text, repr(sorted(given.items())), room, language)
        made = self._kept.get(key)
        if made is None:
            made = self._kept[key] = prepare(scene, self._home, room, given, name=name, language=language)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        model = room_of(self._home, room)
        return made._replace(
            name=name,
            rate=rate,
            at_night=is_night(model.night, local_time().time()),
            mode=mode if mode is not None else Mode(model.mode),
            trigger=trigger,
        )
