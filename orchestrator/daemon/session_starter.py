"""How a session is opened, whoever asks for it: it is planned, begun, and written down."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.first_caution import is_unheard
from orchestrator.conductor.request import Mode
from orchestrator.daemon.clock import local_time
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.daemon.scene_repository import SceneRepository
from orchestrator.integrations.wording import worded
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import SessionRecord
from orchestrator.scenes.format.parameters import resolve
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planning.cautions import those_that_apply
from orchestrator.units import Ms

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look like others: people read session ids aloud."""


class Started(NamedTuple):
    """A session that was opened; `is_queued`: it waits for the one before it.

    `is_unheard`: nobody was shown its cautions, and no voice can say one.
    """

    session: str
    language: str
    is_queued: bool
    is_unheard: bool


class SessionStarter:
    """One home's. `repository` gives the scenes as they are now, `wall` what the clock shows."""

    def __init__(
        self,
        conductor: Conductor,
        plans: PlanCache,
        repository: Callable[[], SceneRepository],
        journal: Journal,
        *,
        wall: Callable[[], datetime] = local_time,
    ) -> None:
        self._conductor = conductor
        self._plans = plans
        self._repository = repository
        self._journal = journal
        self._wall = wall

    def begin(
        self,
        room: str,
        scene: str,
        parameters: Mapping[str, bool | float | str],
        now: Ms,
        *,
        trigger: str,
        language: str | None = None,
        mode: Mode | None = None,
        rate: int = 1000,
    ) -> Started:
        """Open a session in a room; `mode` None: as the room has it. Raises RelaxError, having changed nothing."""
        found, wall = self._repository().scene(scene), self._wall()
        name = f"{room}-{wall.astimezone(UTC):%Y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(6))}"
        start = self._plans.start(
            found,
            room,
            parameters,
            name=name,
            language=language,
            rate=rate,
            mode=mode,
            trigger=trigger,
            wall=wall,
        )
        has_begun = self._conductor.start(start, now)
        self._journal.expect(
            SessionRecord(
                id=name,
                room=room,
                scene=start.timeline.scene,
                scene_text=found.text_in(start.timeline.language),
                source=found.source,
                parameters=parameters,
                language=start.timeline.language,
                started_at=wall,
                roles=start.reached,
                voice=start.voice,
                rate=start.rate,
                trigger=start.trigger,
                at_night=start.at_night,
            )
        )
        return Started(name, start.timeline.language, is_queued=not has_begun, is_unheard=is_unheard(start))

    def scene(self, name: str) -> Scene:
        """A scene as it is now. Raises RelaxError."""
        return self._repository().scene(name)

    def lasts(self, room: str, scene: str, parameters: Mapping[str, bool | float | str]) -> Ms:
        """How long a session would be, waits as they usually are. Raises RelaxError."""
        return self._plans.lasts(self._repository().scene(scene), room, parameters)

    def first_caution(self, scene: str, parameters: Mapping[str, bool | float | str], language: str) -> str | None:
        """The first caution that applies to what is chosen so; None where none does. Raises RelaxError."""
        model = self._repository().scene(scene).model
        texts = those_that_apply(model, resolve(model, parameters))
        return worded(texts[0], language) if texts else None

    def title(self, scene: str, language: str) -> str:
        """What a scene is called in a language, else in its first. Raises RelaxError."""
        model = self._repository().scene(scene).model
        if isinstance(model.title, str):
            return model.title
        return model.title.get(language) or model.title[model.languages[0]]
