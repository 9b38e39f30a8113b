"""What starts a session."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming

BY_SCHEDULE = "schedule"
"""The trigger of what a schedule begins …"""
BY_VOICE = "voice"
"""… of what somebody began by saying it to a satellite …"""
BY_AUTOMATION = "automation"
"""… and of what an automation of a hub began, as our blueprint says of itself."""


class Mode(StrEnum):
    """What a start does where a session is on in the room."""

    SINGLE = "single"
    """It is refused."""
    RESTART = "restart"
    """It takes the room over."""
    QUEUED = "queued"
    """It waits."""


class Start(NamedTuple):
    """A planned scene for a room. `roles` are the devices of each role that is cast; `rate` is in thousandths."""

    name: str
    room: str
    timeline: Timeline
    roles: dict[str, tuple[str, ...]]
    voice: str | None = None
    """The role whose device speaks; None leaves captions."""
    rate: int = 1000
    at_night: bool = False
    mode: Mode = Mode.SINGLE
    trigger: str = "cli"
    timing: VoiceTiming = AS_PLANNED
    """What is known of the voice."""
    optional: frozenset[str] = frozenset()
    """The roles that the session does without where their devices are busy elsewhere."""
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The members of each group that is cast. Once the session has begun they stand in `roles` in its place."""
    unknown_music: tuple[str, ...] = ()
    """What the scene asks for and the home has not: it is said, and left out of `timeline`."""

    @property
    def reached(self) -> dict[str, tuple[str, ...]]:
        """The devices of each role, and the members of its groups: whatever may be owed something."""
        return {
            role: tuple(each for name in cast for each in (name, *self.groups.get(name, ())))
            for role, cast in self.roles.items()
        }
