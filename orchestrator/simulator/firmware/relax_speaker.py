"""A simulated speaker that keeps the speaker contract: what it says takes exactly as long as pacing plans."""

from collections.abc import Callable
from typing import Any

from orchestrator.devices.dialects.relax_speaker import RelaxSpeakerSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, fields, number, share
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.twin import Twin
from orchestrator.units import SECOND, Ms, Percent, WordsPerMinute

ABILITIES = ("say", "done", "hush", "pause", "loop", "rate", "gap")
VOLUME = Percent(30.0)
CLIP: Ms = 3 * SECOND
"""How long an announcement by address is taken to be."""
_RATE = WordsPerMinute(110.0)
_GAP: Ms = 2 * SECOND


class SimulatedSpeaker:
    """Plays, and says one thing at a time: a new one cuts the old one short, which has then failed."""

    def __init__(self, name: str, settings: RelaxSpeakerSettings) -> None:
        self.name = name
        self.playing = ""
        self.is_paused = False
        self.volume = VOLUME
        self.saying: tuple[str, str] | None = None
        """Id and text of what is being said."""
        self._topic = settings.topic
        self._agenda = Agenda()
        self._said = 0
        self._does: dict[str, Callable[[dict[str, Any], Ms], list[Message]]] = {
            "say": self._say,
            "announce": self._say,
            "hush": self._hush,
            "play": self._play,
            "pause": self._pause,
            "resume": self._resume,
            "stop": self._stop,
            "volume": self._volume,
        }

    @property
    def address(self) -> str:
        return self._topic

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._topic}/set",)

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        return (Message(f"{self._topic}/status", "online" if online else "offline", qos=1, retain=True),)

    def connected(self, _now: Ms) -> list[Message]:
        return self._is()

    def receive(self, message: Message, now: Ms) -> list[Message]:
        """A command that it does not know, or a chime, changes nothing."""
        wish = fields(message.payload)
        do = wish.get("do")
        does = self._does.get(do) if isinstance(do, str) else None
        return [] if does is None else does(wish, now)

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def turned(self, volume: Percent) -> list[Message]:
        """Somebody turns the knob."""
        self.volume = volume
        return self._is()

    def _say(self, wish: dict[str, Any], now: Ms) -> list[Message]:
        text, id_ = str(wish.get("text", wish.get("uri", ""))), str(wish.get("id", ""))
        cut = self._cut()
        self.saying = (id_, text)
        self._said += 1
        this = self._said
        self._agenda.put(now + _length(wish, text), lambda _moment: self._finish(this))
        return [*cut, self._event(id_, "started")]

    def _finish(self, said: int) -> list[Message]:
        """The end of these words, where they are still being said."""
        if self.saying is None or said != self._said:
            return []
        id_, self.saying = self.saying[0], None
        return [self._event(id_, "done")]

    def _hush(self, wish: dict[str, Any], _now: Ms) -> list[Message]:
        is_meant = self.saying is not None and wish.get("id") in (None, self.saying[0])
        return self._cut() if is_meant else []

    def _cut(self) -> list[Message]:
        if self.saying is None:
            return []
        id_, self.saying = self.saying[0], None
        return [self._event(id_, "failed")]

    def _play(self, wish: dict[str, Any], _now: Ms) -> list[Message]:
        self.playing, self.is_paused = str(wish.get("uri", "")), False
        return self._is()

    def _pause(self, _wish: dict[str, Any], _now: Ms) -> list[Message]:
        self.is_paused = bool(self.playing)
        return self._is()

    def _resume(self, _wish: dict[str, Any], _now: Ms) -> list[Message]:
        self.is_paused = False
        return self._is()

    def _stop(self, _wish: dict[str, Any], _now: Ms) -> list[Message]:
        self.playing, self.is_paused = "", False
        return self._is()

    def _volume(self, wish: dict[str, Any], _now: Ms) -> list[Message]:
        level = number(wish.get("level"))
        if level is None:
            return []
        self.volume = share(level, 1)
        return self._is()

    def _is(self) -> list[Message]:
        state = compact(
            playing=self.playing, paused=self.is_paused, volume=round(self.volume / 100, 2), abilities=ABILITIES
        )
        return [Message(f"{self._topic}/state", state, retain=True)]

    def _event(self, id_: str, event: str) -> Message:
        return Message(f"{self._topic}/event", compact(id=id_, event=event))


def _length(wish: dict[str, Any], text: str) -> Ms:
    if wish.get("do") == "announce":
        return CLIP
    rate, gap = number(wish.get("rate")), number(wish.get("gap"))
    language = wish.get("language")
    return spoken_ms(
        text,
        language if isinstance(language, str) else "en",
        WordsPerMinute(rate) if rate is not None and rate > 0 else _RATE,
        round(gap * SECOND) if gap is not None and gap >= 0 else _GAP,
    )


TWIN = Twin(sound=SimulatedSpeaker)
