"""What a simulated voice says that is reached by a gateway: one text at a time, and what is heard of it.

New words cut the old ones, and what is cut has failed. Words are made before they are heard, so they are over a moment
later than they take.
"""

from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact
from orchestrator.simulator.agenda import Agenda
from orchestrator.units import Ms, WordsPerMinute

RATE = WordsPerMinute(150.0)
"""About what text-to-speech servers such as Piper do by themselves."""
MAKING: Ms = 300
"""From a text to its sound."""


class SimulatedSpeech:
    """Of one voice, told and heard below `topic`. `saying` is id and text of what is to be heard."""

    def __init__(self, topic: str, agenda: Agenda) -> None:
        self.saying: tuple[str, str] | None = None
        self._topic = topic
        self._agenda = agenda
        self._said = 0

    def say(self, id_: str, text: str, lasts: Ms, now: Ms) -> list[Message]:
        cut = self._ended("failed")
        self.saying = id_, text
        self._said += 1
        this = self._said
        self._agenda.put(now + MAKING + lasts, lambda _moment: self._ended("done") if this == self._said else [])
        return [*cut, self._event(id_, "started")]

    def hush(self, id_: object) -> list[Message]:
        """Cut these words; others go on."""
        return self._ended("failed") if self.saying is not None and self.saying[0] == id_ else []

    def _ended(self, event: str) -> list[Message]:
        if self.saying is None:
            return []
        id_, self.saying = self.saying[0], None
        return [self._event(id_, event)]

    def _event(self, id_: str, event: str) -> Message:
        return Message(f"{self._topic}/event", compact(id=id_, event=event))
