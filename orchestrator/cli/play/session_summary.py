"""What a session came to: its steps, words and messages, for the summary, and what became of its devices."""

from collections.abc import Mapping

from orchestrator.conductor.request import Note, Start
from orchestrator.session.state import Event
from orchestrator.values import Ms


class SessionSummary:
    """Listens to one session from its start command on."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.steps: list[str] = []
        self.announcements = 0
        self.messages = 0
        self.ending: str | None = None

    def hear(self, note: Note) -> None:
        details = dict(note.happened.details)
        match note.happened.event:
            case Event.STEP_STARTED:
                self.steps.append(str(details["chapter"]))
            case Event.ANNOUNCED:
                self.announcements += 1
            case Event.LANDING | Event.LANDED:
                self.ending = str(details["ending"])

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
