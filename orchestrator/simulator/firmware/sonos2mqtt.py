"""A simulated Sonos behind sonos2mqtt, as the bridge and @svrooij/sonos treat what comes to it (sources of July 2026).

It says how it is 0.4 s after the last change, by uuid and retained. An address is loaded and does not play. What the
bridge cannot do is an error without a name. A clip is mixed in, and answered as it begins; `PlayTTS` puts itself in the
place of the music, and is answered once that is restored: `false` at once where it waits for another.
"""

import json
from collections import deque
from collections.abc import Callable
from typing import Any
from zlib import crc32

from orchestrator.devices.dialects.sonos2mqtt import SHORTEST, Sonos2MqttSettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact, number
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.simulator.advertisers.sonos2mqtt import Sonos2MqttAdvertiser
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.twin import Twin
from orchestrator.units import Ms, Percent, WordsPerMinute

VOLUME = Percent(22.0)
DEBOUNCE: Ms = 400
RATE = WordsPerMinute(150.0)
GAP: Ms = 400
"""About what Amazon Polly does by itself."""
STEPS_AT_MOST = 100


class SimulatedSonos:
    """One player. `saying` is what its words are answered with, and the words."""

    def __init__(self, name: str, settings: Sonos2MqttSettings) -> None:
        self.name = name
        self.volume = VOLUME
        self.saying: tuple[str | None, str] | None = None
        self._settings = settings
        own = settings.name
        is_uuid = own.startswith("rincon_")
        self._uuid = own.upper() if is_uuid else f"RINCON_{crc32(own.encode()):08X}01400"
        self._uri = ""
        self._state = "STOPPED"
        self._agenda = Agenda()
        self._changes = 0
        self._said = 0
        self._waiting: deque[tuple[str | None, dict[str, Any]]] = deque()
        self._before: tuple[str, str, Percent] | None = None
        self._first: str | None = None
        """Who is answered when all announcements are over."""
        self._does: dict[str, Callable[[Any, Ms], list[Message] | None]] = {
            "play": self._play,
            "pause": self._pause,
            "stop": self._stop,
            "volume": self._volume,
            "setavtransporturi": self._load,
            "adv-command": self._advanced,
        }

    @property
    def address(self) -> str:
        return f"{self._settings.base}/{self._settings.name}"

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"{self._settings.base}/set/{self._settings.name}/{command}" for command in self._does)

    @property
    def playing(self) -> str:
        """What of music is to be heard; not an announcement in its place."""
        return self._uri if self._state != "STOPPED" and self._before is None else ""

    @property
    def is_paused(self) -> bool:
        return self._state == "PAUSED_PLAYBACK"

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        """Of a player that is unplugged the bridge says nothing."""
        del online
        return ()

    def connected(self, _now: Ms) -> list[Message]:
        return [self._is()]

    def receive(self, message: Message, now: Ms) -> list[Message]:
        command, before = message.topic.rpartition("/")[2].lower(), self._is()
        answers = self._does[command](_parsed(message.payload), now)
        if answers is None:
            return [Message(f"{self._settings.base}/{self._uuid}/error", compact(command=command, error={}))]
        if self._is() != before:
            self._changes += 1
            change = self._changes
            self._agenda.put(now + DEBOUNCE, lambda _moment: [self._is()] if change == self._changes else [])
        return answers

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def turned(self, volume: Percent) -> list[Message]:
        """Somebody turns the knob."""
        self.volume = volume
        return [self._is()]

    def _play(self, _input: object, _now: Ms) -> list[Message] | None:
        if not self._uri:
            return None
        self._state = "PLAYING"
        return []

    def _pause(self, _input: object, _now: Ms) -> list[Message] | None:
        """Nothing plays that could pause: UPnP error 701."""
        if self._state != "PLAYING":
            return None
        self._state = "PAUSED_PLAYBACK"
        return []

    def _stop(self, _input: object, _now: Ms) -> list[Message]:
        self._state = "STOPPED"
        return []

    def _volume(self, asked: object, _now: Ms) -> list[Message] | None:
        if isinstance(asked, bool) or not isinstance(asked, int | float) or not 0 <= asked <= 100:
            return None
        self.volume = Percent(float(int(asked)))
        return []

    def _load(self, uri: object, _now: Ms) -> list[Message]:
        self._uri, self._state = str(uri), "STOPPED"
        return []

    def _advanced(self, asked: object, now: Ms) -> list[Message] | None:
        wish = asked if isinstance(asked, dict) else {}
        words, reply = wish.get("val"), wish.get("reply")
        to = reply if isinstance(reply, str) else None
        if not isinstance(words, dict) or not _is_speakable(words):
            return None
        if wish.get("cmd") == "PlayTTSAudioClip":
            self._begin(to, words, now)
            return self._answer(to, True)
        if wish.get("cmd") != "PlayTTS":
            return None
        if self._before is not None:
            self._waiting.append((to, words))
            return self._answer(to, False)
        self._before, self._first = (self._uri, self._state, self.volume), to
        self._replace(to, words, now)
        return []

    def _replace(self, to: str | None, words: dict[str, Any], now: Ms) -> None:
        self._uri, self._state = "http://tts.invalid/words.mp3", "PLAYING"
        self.volume = Percent(number(words.get("volume")) or self.volume)
        self._begin(to, words, now)

    def _begin(self, to: str | None, words: dict[str, Any], now: Ms) -> None:
        text, language = str(words["text"]), str(words["lang"])
        self._said += 1
        this = self._said
        self.saying = (to, text)
        self._agenda.put(now + spoken_ms(text, language, RATE, GAP), lambda moment: self._end(this, moment))

    def _end(self, said: int, now: Ms) -> list[Message]:
        """A clip just ends; what had the place of the music gives it back when nothing more waits."""
        if said != self._said:
            return []
        self.saying = None
        if self._before is None:
            return []
        if self._waiting:
            self._replace(*self._waiting.popleft(), now)
            return []
        (self._uri, self._state, self.volume), self._before = self._before, None
        return [self._is(), *self._answer(self._first, True)]

    def _answer(self, to: str | None, value: bool) -> list[Message]:
        return [Message(f"{self._settings.base}/{self._uuid}/{to}", json.dumps(value))] if to else []

    def _is(self) -> Message:
        said = compact(
            uuid=self._uuid,
            model="Sonos One",
            name=self._settings.name,
            groupName=self._settings.name,
            coordinatorUuid=self._uuid,
            currentTrack={"TrackUri": self._uri} if self._uri else None,
            transportState=self._state,
            volume={"Master": round(self.volume), "LF": 100, "RF": 100},
            mute={"Master": False, "LF": False, "RF": False},
        )
        return Message(f"{self._settings.base}/{self._uuid}", said, retain=True)


def _parsed(payload: str) -> Any:
    """As the bridge reads it: a number, JSON, or text."""
    if not payload:
        return payload
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return payload


def _is_speakable(words: dict[str, Any]) -> bool:
    text, language, volume = words.get("text"), words.get("lang"), number(words.get("volume"))
    is_said = isinstance(text, str) and len(text) >= SHORTEST and isinstance(language, str) and bool(language)
    return is_said and (volume is None or 1 <= volume <= STEPS_AT_MOST)


TWIN = Twin(sound=SimulatedSonos, advertiser=Sonos2MqttAdvertiser)
