"""What the outside says to a session of how things are; what it is told to do are commands."""

from typing import NamedTuple, TypeAlias

from orchestrator.session.voice import Traits
from orchestrator.units import Percent
from orchestrator.values import Track


class Spoken(NamedTuple):
    """An announcement has ended: done, failed, or its voice is gone (`id` None: whatever it says)."""

    id: str | None
    done: bool = True


class VolumeByHand(NamedTuple):
    """A person turned the volume: percent of the room's comfortable level."""

    track: Track
    level: Percent


class VoiceIs(NamedTuple):
    """What the voice can has changed: it is away, or back. Words in the air take what was planned, at most."""

    traits: Traits


RoomReport: TypeAlias = Spoken | VolumeByHand | VoiceIs
