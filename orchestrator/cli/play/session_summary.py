"""What a session came to: its steps, words and messages, for the summary, and what became of its devices."""

from collections.abc import Mapping

from orchestrator.conductor.request import Start
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Ending, Landed, Landing
from orchestrator.events.step import StepStarted
from orchestrator.events.words import Announced
from orchestrator.values import Ms


class SessionSummary:
    """Listens to one session from its start command on."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.steps: list[str] = []
        self.announcements = 0
        self.messages = 0
        self.ending: Ending | None = None

    def hear(self, record: EventRecord) -> None:
        match record.event:
            case StepStarted(chapter):
                self.steps.append(chapter)
            case Announced():
                self.announcements += 1
            case Landing(ending) | Landed(ending=ending):
                self.ending = ending
            case _:
                pass

    def summary(self, lasted: Ms) -> Mapping[str, object]:
        """The last line of `--json`. `lasted` counts from the start command, in real time."""
        return {
            "scene": self.start.timeline.scene,
            "room": self.start.room,
            "status": self.ending,
            "steps": self.steps,
            "announcements": self.announcements,
            "messages": self.messages,
            "seconds": lasted / 1000,
        }
