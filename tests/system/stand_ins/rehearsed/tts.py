"""A voice: an MP3 file of silence, 0.2 s a word. (Other formats would need ffmpeg.)"""

from typing import Any

from homeassistant.components.tts import TextToSpeechEntity, TtsAudioType
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

SECONDS_A_WORD = 0.2
FRAME = b"\xff\xfb\x10\xc4" + bytes(100)
"""26 ms of silence: MPEG-1 layer III, 32 kbit/s, 44.1 kHz."""
BYTES_A_SECOND = 32_000 // 8


async def async_setup_entry(_hass: HomeAssistant, _entry: ConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    add([Voice()])


class Voice(TextToSpeechEntity):
    _attr_name = "Rehearsed voice"
    _attr_unique_id = "rehearsed_voice"
    _attr_default_language = "en"

    def __init__(self) -> None:
        self._attr_supported_languages = ["en", "de-DE"]
        self._attr_supported_options = ["speed"]

    def get_tts_audio(self, message: str, language: str, options: dict[str, Any]) -> TtsAudioType:
        if "unspeakable" in message:
            raise HomeAssistantError("The voice has lost its network.")
        frames = round(len(message.split()) * SECONDS_A_WORD * BYTES_A_SECOND / len(FRAME))
        return "mp3", FRAME * frames
