"""A text-to-speech server: a sentence becomes sound once, and is at hand when it is said again."""

import logging
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from orchestrator.wyoming.connection import Place, WyomingConnection, described
from orchestrator.wyoming.event import WyomingEvent
from orchestrator.wyoming.sound import Clip, SoundFormat, sound_format

ANSWERS_WITHIN: Final = 10.0
"""Seconds from one event of a server to the next: a small computer takes a second or two for a long sentence."""
KEPT: Final = 16 * 1024 * 1024
"""Bytes of sound: six minutes of Piper, which is what a massage says."""
LONGEST: Final = 64 * 1024 * 1024

logger = logging.getLogger(__name__)


class Sentence(NamedTuple):
    """What is to be said, and by which voice; None where the server's own choice for the language will do."""

    text: str
    language: str
    voice: str | None = None
    speaker: str | None = None


class Synthesis:
    """One server."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._clips: OrderedDict[Sentence, Clip] = OrderedDict()
        self._size = 0
        self._voices: dict[str, str] | None = None
        self._lacking: set[str] = set()

    async def look(self) -> None:
        """Whether it is there, and which voice it has for a language. Raises WyomingError while it is not."""
        info = await described(self.place, ANSWERS_WITHIN)
        self._voices = dict(voices(info.data))
        if not self._voices:
            raise self.place.trouble("makes no sound of words.", "Name a text-to-speech server under `tts`.")

    async def clip(self, sentence: Sentence) -> Clip:
        """What a sentence sounds like. Raises WyomingError."""
        if (known := self._clips.get(sentence)) is not None:
            self._clips.move_to_end(sentence)
            return known
        if sentence.voice is None and self._voices is None:
            await self.look()
        made = await self._made(sentence)
        self._keep(sentence, made)
        return made

    async def _made(self, sentence: Sentence) -> Clip:
        connection = await WyomingConnection.open(self.place)
        try:
            voice = sentence.voice or self._chosen(sentence.language)
            asked: dict[str, Any] = {"text": sentence.text}
            if voice is not None:
                asked["voice"] = {"name": voice} | ({"speaker": sentence.speaker} if sentence.speaker else {})
            await connection.send(WyomingEvent("synthesize", asked))
            return await self._heard(connection)
        finally:
            await connection.close()

    def _chosen(self, language: str) -> str | None:
        """The server's voice for a language; None where it is to take any, which is said once."""
        voice = best(self._voices or {}, language)
        if voice is None and language not in self._lacking:
            self._lacking.add(language)
            logger.warning("%s has no voice for %s, and speaks it with another: install one.", self.place, language)
        return voice

    async def _heard(self, connection: WyomingConnection) -> Clip:
        """Sound until it stops; the format is that of the first of it."""
        form: SoundFormat | None = None
        sound = bytearray()
        while (event := await connection.answer(ANSWERS_WITHIN)).kind != "audio-stop":
            if event.kind == "error":
                raise self.place.trouble(f"cannot say it: {str(event.data.get('text'))[:200]}.")
            if event.kind not in ("audio-start", "audio-chunk"):
                continue
            form = form or sound_format(event.data)
            sound += event.payload
            if len(sound) > LONGEST:
                raise self.place.trouble("does not come to an end.")
        if form is None or len(sound) < form.frame:
            raise self.place.trouble("made no sound of the words.", "Has it a voice for their language?")
        return Clip(form, bytes(sound[: len(sound) // form.frame * form.frame]))

    def _keep(self, sentence: Sentence, clip: Clip) -> None:
        if len(clip.sound) > KEPT // 4:
            return
        self._clips[sentence] = clip
        self._size += len(clip.sound)
        while self._size > KEPT:
            _, oldest = self._clips.popitem(last=False)
            self._size -= len(oldest.sound)


def voices(info: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Language and name of each voice that a server has at hand, the first of each language first in its place."""
    found: dict[str, str] = {}
    for program in _listed(info, "tts"):
        for voice in _listed(program, "voices"):
            name, languages = voice.get("name"), voice.get("languages")
            if voice.get("installed") is not False and isinstance(name, str) and isinstance(languages, list):
                for language in languages:
                    if isinstance(language, str):
                        found.setdefault(language.lower().replace("-", "_"), name)
    yield from found.items()


def best(known: Mapping[str, str], language: str) -> str | None:
    """A voice for a language: `en` is spoken by whoever speaks en_GB. None where nobody does: the server chooses."""
    wanted = language.lower().replace("-", "_")
    if wanted in known:
        return known[wanted]
    return next((name for each, name in known.items() if each.partition("_")[0] == wanted.partition("_")[0]), None)


def _listed(holder: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = holder.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
