"""Words as sound, made by a text-to-speech engine of Home Assistant, and how long they are."""

import io
from typing import Final, NamedTuple

import mutagen
from homeassistant.components import tts
from homeassistant.core import HomeAssistant

WORDS_A_SECOND: Final = 2.4
"""What is reckoned with where the sound does not say how long it is."""


class SpokenWords(NamedTuple):
    """`media`: what a player is to play. `seconds` is exact where the sound says so."""

    media: str
    seconds: float


async def async_spoken(hass: HomeAssistant, engine: str, text: str, language: str | None) -> SpokenWords:
    """Have it made, whole. Raises HomeAssistantError where the engine cannot."""
    stream = tts.async_create_stream(hass, engine, language=_known(hass, engine, language))
    stream.async_set_message(text)
    sound = b"".join([part async for part in stream.async_stream_result()])
    seconds = await hass.async_add_executor_job(_length, sound)
    return SpokenWords(stream.media_source_id, seconds or 1 + len(text.split()) / WORDS_A_SECOND)


def _known(hass: HomeAssistant, engine: str, language: str | None) -> str | None:
    """The language as the engine calls it: `en` may be `en-GB` there. None: the engine's own."""
    entity = hass.data[tts.DATA_COMPONENT].get_entity(engine)
    listed = entity.supported_languages if entity is not None else []
    if language is None or language in listed:
        return language
    short = language.partition("-")[0].lower()
    if entity is not None and entity.default_language.partition("-")[0].lower() == short:
        return entity.default_language
    return next((each for each in listed if each.replace("_", "-").partition("-")[0].lower() == short), None)


def _length(sound: bytes) -> float | None:
    try:
        known = mutagen.File(io.BytesIO(sound))
    except mutagen.MutagenError:
        return None
    length = getattr(getattr(known, "info", None), "length", None)
    return float(length) if isinstance(length, int | float) and length > 0 else None
