"""A simulated Hermes satellite, with its text-to-speech and its loudspeaker.

As Rhasspy 2.5.11 does it: what is to be said is played to its end, one after the other, and cannot be stopped. The rate
and the silences are the engine's own. What comes out empty is an error, and finished all the same.
"""

from collections import deque
from typing import Any

from orchestrator.devices.dialects.hermes import NOWHERE, HermesSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.twin import Twin
from orchestrator.units import Ms, WordsPerMinute

RATE = WordsPerMinute(150.0)
GAP: Ms = 400
"""About what engines such as Larynx and eSpeak do by themselves."""
_VOICES_ASKED, _DEVICES_ASKED = "rhasspy/tts/getVoices", "rhasspy/audioServer/getDevices"
_ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    _VOICES_ASKED: ("rhasspy/tts/voices", {"voices": [{"voiceId": "en", "description": None}]}),
    _DEVICES_ASKED: ("rhasspy/audioServer/devices", {"devices": [{"mode": "output", "id": "default"}]}),
}
"""What it has, which anybody may ask."""


class SimulatedSatellite:
    """Speaks at one site. `saying` is id and text of what is to be heard."""

    def __init__(self, name: str, settings: HermesSettings) -> None:
        self.name = name
        self.saying: tuple[str | None, str] | None = None
        self._site = settings.site
        self._base = settings.base
        self._queue: deque[tuple[str | None, str, str]] = deque()
        self._agenda = Agenda()

    @property
    def address(self) -> str:
        return f"{self._base}/{self._site}"

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._base}/tts/say", _VOICES_ASKED, _DEVICES_ASKED)

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        """Hermes has no such thing."""
        del online
        return ()

    def connected(self, _now: Ms) -> list[Message]:
        return []

    def receive(self, message: Message, now: Ms) -> list[Message]:
        wish = fields(message.payload)
        if message.topic in _ANSWERS:
            return self._answered(message.topic, wish)
        text, id_, language = wish.get("text"), wish.get("id"), wish.get("lang")
        if wish.get("siteId", NOWHERE) != self._site or not isinstance(text, str):
            return []
        name = id_ if isinstance(id_, str) else None
        if not text.strip():
            error = compact(error="No WAV data received", siteId=self._site, context=name)
            return [Message(f"{self._base}/error/tts", error), self._finished(name)]
        self._queue.append((name, text, language if isinstance(language, str) else "en"))
        if self.saying is None:
            self._next(now)
        return []

    def _answered(self, question: str, wish: dict[str, Any]) -> list[Message]:
        """Who asks for another site is not answered."""
        if wish.get("siteId", NOWHERE) != self._site:
            return []
        topic, said = _ANSWERS[question]
        return [Message(topic, compact(**said, id=wish.get("id"), siteId=self._site))]

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def _next(self, now: Ms) -> None:
        id_, text, language = self._queue.popleft()
        self.saying = (id_, text)
        self._agenda.put(now + spoken_ms(text, language, RATE, GAP), self._end)

    def _end(self, now: Ms) -> list[Message]:
        assert self.saying is not None
        finished, self.saying = self._finished(self.saying[0]), None
        if self._queue:
            self._next(now)
        return [finished]

    def _finished(self, id_: str | None) -> Message:
        return Message(f"{self._base}/tts/sayFinished", compact(siteId=self._site, id=id_))


TWIN = Twin(sound=SimulatedSatellite)
