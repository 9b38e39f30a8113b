"""What happens to music."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from orchestrator.events.facts import WrittenAs


@dataclass(frozen=True, slots=True)
class VolumeSet:
    """Somebody set the music's level, in percent of what is comfortable in the room."""

    kind: ClassVar[str] = "volume_set"

    level: int


@dataclass(frozen=True, slots=True)
class MusicUnknown:
    """The home has none of the music that the scene asks for; `names` are the scene's, in a row."""

    kind: ClassVar[str] = "music_unknown"

    names: Annotated[str, WrittenAs("about")]
