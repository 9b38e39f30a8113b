"""A simulated Wyoming satellite with its text-to-speech server, as `orchestrator/wyoming/` says what they do.

As wyoming-satellite and Piper do it: the rate is the server's own, silences are kept, new words cut the old ones, and
what is cut has failed. Words are made before they are heard, so they are over a moment later.
"""

from typing import Any

from orchestrator.devices.dialects.wyoming import PREFIX, WyomingSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import fields, number
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.firmware.speech import RATE, SimulatedSpeech
from orchestrator.simulator.twin import Twin
from orchestrator.units import SECOND, Ms


class SimulatedWyomingVoice:
    """Says one thing at a time. `saying` is id and text of what is to be heard."""

    def __init__(self, name: str, settings: WyomingSettings) -> None:
        self.name = name
        self._settings = settings
        self._topic = f"{PREFIX}/{settings.place}"
        self._agenda = Agenda()
        self._speech = SimulatedSpeech(self._topic, self._agenda)

    @property
    def saying(self) -> tuple[str, str] | None:
        return self._speech.saying

    @property
    def address(self) -> str:
        return self._settings.place

    @property
    def topics(self) -> tuple[str, ...]:
        return f"{self._topic}/say", f"{self._topic}/hush"

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return (Message(f"{self._topic}/status", "online" if online else "offline"),)

    def connected(self, _now: Ms) -> list[Message]:
        return []

    def receive(self, message: Message, now: Ms) -> list[Message]:
        told = fields(message.payload)
        id_ = told.get("id")
        if not isinstance(id_, str):
            return []
        if message.topic.endswith("/hush"):
            return self._speech.hush(id_)
        return self._say(id_, told, now)

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def _say(self, id_: str, told: dict[str, Any], now: Ms) -> list[Message]:
        text, gap = str(told.get("text")), round((number(told.get("gap")) or 0.0) * SECOND)
        return self._speech.say(id_, text, spoken_ms(text, str(told.get("language")), RATE, gap), now)


TWIN = Twin(sound=SimulatedWyomingVoice)
