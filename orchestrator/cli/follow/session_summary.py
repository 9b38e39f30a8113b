"""What a session came to: its steps and words, how it ended, and how long it took."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.events.event import RoomEvent
from orchestrator.events.session import Ending, Landed, Landing
from orchestrator.events.step import StepStarted
from orchestrator.events.words import Announced


@dataclass(slots=True)
class SessionSummary:
    """Hears one session from its start command on. `seconds` is real time; whoever follows sets it at the end."""

    scene: str
    room: str
    session: str
    ending: Ending | None = None
    steps: list[str] = field(default_factory=list)
    announcements: int = 0
    seconds: float = 0.0

    def hear(self, event: RoomEvent | None) -> None:
        match event:
            case StepStarted(chapter):
                self.steps.append(chapter)
            case Announced():
                self.announcements += 1
            case Landing(ending) | Landed(ending=ending):
                self.ending = ending
            case _:
                pass

    def as_json(self) -> Mapping[str, object]:
        """The last line of `--json`."""
        return {
            "scene": self.scene,
            "room": self.room,
            "session": self.session,
            "status": self.ending,
            "steps": self.steps,
            "announcements": self.announcements,
            "seconds": self.seconds,
        }
