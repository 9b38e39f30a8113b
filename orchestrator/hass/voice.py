"""The voice of one media player or satellite of Home Assistant's: what it is told to say, and when that is over.

A satellite's call is answered once it has spoken. A media player's is answered as it begins; that it has spoken is seen
where it plays and then does not. One whose state does not tell that (music goes on under the words) is given the time
that such words take. How loud it was is given back once it has been silent for a while.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.devices.messages import SpeechEvent
from orchestrator.devices.wire import compact, number
from orchestrator.hass.connection import HassConnection
from orchestrator.hass.owed_volumes import OwedVolumes
from orchestrator.hass.text_to_speech import HassTextToSpeech
from orchestrator.hass.words_volume import WordsVolume
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.units import SECOND, Ms, WordsPerMinute

RATE: Final = WordsPerMinute(150.0)
"""About what servers speak by themselves."""
BEGINS_WITHIN: Final = 3.0
"""Seconds from its answer until a player plays; one that does not by then does not say so."""
LEFT_AFTER: Final = 20.0
"""Seconds of silence after which it is as loud again as it was."""
_GAP: Ms = 400
_SOUNDS: Final = ("playing", "buffering")


@dataclass(slots=True)
class _Words:
    """What it says. `is_heard`: it was seen to play since; `was_playing`: it did before, so that tells nothing."""

    id: str
    lasts: float
    was_playing: bool
    is_heard: bool = False
    is_answered: bool = False


class HassVoice:
    """`connection` and `state` are asked each time; `say` gets what comes out: the end of a topic, and a payload."""

    def __init__(
        self,
        entity: str,
        connection: Callable[[], HassConnection | None],
        state: Callable[[], EntityState | None],
        say: Callable[[str, str], None],
        owed: OwedVolumes,
    ) -> None:
        self._entity = entity
        self._is_satellite = entity.startswith("assist_satellite.")
        self._connection = connection
        self._state = state
        self._say = say
        self._words: _Words | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._owed = owed
        self._volume = WordsVolume(owed.of(entity))
        self._servers = HassTextToSpeech(connection)

    # What it is told

    def receive(self, command: str, told: Mapping[str, Any]) -> None:
        id_ = told.get("id")
        if not isinstance(id_, str):
            return
        if command == "hush":
            if self._words is not None and self._words.id == id_:
                self._call("media_player.media_stop", {}, _nothing)
                self._end(SpeechEvent.FAILED)
            return
        if self._words is not None:
            self._end(SpeechEvent.FAILED)
        self._begin(id_, told)

    def _begin(self, id_: str, told: Mapping[str, Any]) -> None:
        state, text, language = self._state(), str(told.get("text")), str(told.get("language"))
        if state is None or not (state.is_real or self._is_satellite):
            self._event(id_, SpeechEvent.FAILED)
            return
        lasts = spoken_ms(text, language, RATE, _GAP) / SECOND
        words = self._words = _Words(id_, lasts, state.word in _SOUNDS)
        self._cancel()
        if self._is_satellite:
            self._event(id_, SpeechEvent.STARTED)
            data = {"message": text, "preannounce": False}
            self._call("assist_satellite.announce", data, lambda is_done, why: self._announced(words, is_done, why))
            return
        here, wanted = number(state.attributes.get("volume_level")), number(told.get("volume"))
        volume = self._volume.for_words(wanted, here, asyncio.get_running_loop().time())
        self._owed.put(self._entity, self._volume.owed)
        if volume is not None:
            self._call("media_player.volume_set", {"volume_level": volume}, _nothing)
        voice = told.get("voice")
        options = {"options": {"voice": voice}} if isinstance(voice, str) else {}
        self._servers.find(
            str(told["tts"]) if told.get("tts") else None,
            language,
            lambda server, called: self._speak(words, server, text, called, options),
            lambda why: self._failed(words, why),
        )

    def _speak(self, words: _Words, server: str, text: str, language: str | None, options: Mapping[str, Any]) -> None:
        if words is not self._words:
            return
        data = {"media_player_entity_id": self._entity, "message": text, "cache": True, **options}
        data |= {"language": language} if language is not None else {}
        self._call("tts.speak", data, lambda is_done, why: self._begun(words, is_done, why), server)

    # What comes of it

    def hear(self, state: EntityState) -> None:
        """The player says how it is."""
        self._volume.hear(number(state.attributes.get("volume_level")))
        self._owed.put(self._entity, self._volume.owed)
        words = self._words
        if words is None and self._volume.is_owed and self._timer is None and state.is_real:
            self._later(LEFT_AFTER, self.give_back)
        if words is None or self._is_satellite or words.was_playing:
            return
        if state.word in _SOUNDS and not words.is_heard:
            words.is_heard = True
            self._cancel()
            self._event(words.id, SpeechEvent.STARTED)
        elif words.is_heard and state.word not in _SOUNDS:
            self._end(SpeechEvent.DONE)

    def _announced(self, words: _Words, is_done: bool, why: Any) -> None:
        if words is not self._words:
            return
        if is_done:
            self._end(SpeechEvent.DONE)
        else:
            self._failed(words, why)

    def _begun(self, words: _Words, is_done: bool, why: Any) -> None:
        """It is answered: it begins about now."""
        if words is not self._words:
            return
        if not is_done:
            self._failed(words, why)
            return
        words.is_answered = True
        if words.was_playing:
            self._event(words.id, SpeechEvent.STARTED)
            self._later(words.lasts, lambda: self._end(SpeechEvent.DONE))
        elif not words.is_heard:
            self._later(BEGINS_WITHIN, lambda: self._is_mute(words))

    def _is_mute(self, words: _Words) -> None:
        """It does not say that it plays."""
        self._later(max(words.lasts - BEGINS_WITHIN, 0.0), lambda: self._end(SpeechEvent.DONE))

    def _failed(self, words: _Words, why: Any) -> None:
        if words is self._words:
            if why is not None:
                self._say("error", compact(why=f"it could not say its words: {why}"))
            self._end(SpeechEvent.FAILED)

    def _end(self, event: SpeechEvent) -> None:
        words, self._words = self._words, None
        self._cancel()
        if self._volume.is_owed:
            self._later(LEFT_AFTER, self.give_back)
        if words is not None:
            self._event(words.id, event)

    def lost(self) -> None:
        """Home Assistant is away: what it was saying nobody knows, nor what its servers are then."""
        self._servers.forget()
        if self._words is not None:
            self._end(SpeechEvent.FAILED)

    def give_back(self) -> None:
        """It is as loud again as it was before its first words: now, or once Home Assistant is there again."""
        self._cancel()
        if self._connection() is not None and (before := self._volume.given_back()) is not None:
            self._call("media_player.volume_set", {"volume_level": before}, _nothing)
            self._owed.put(self._entity, None)

    # The ways out

    def _call(
        self, service: str, data: Mapping[str, Any], on_answer: Callable[[bool, Any], None], target: str | None = None
    ) -> None:
        connection = self._connection()
        if connection is None:
            on_answer(False, None)
            return
        domain, _, name = service.partition(".")
        whom = {"entity_id": target or self._entity}
        connection.ask("call_service", on_answer, domain=domain, service=name, service_data=dict(data), target=whom)

    def _event(self, id_: str, event: SpeechEvent) -> None:
        self._say("event", compact(id=id_, event=str(event)))

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        self._cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, do)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _nothing(_is_done: bool, _result: Any) -> None:
    """Whether it was done shows in its state."""
