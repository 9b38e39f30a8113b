"""Players: in the plain ones words take the place of the music, the others announce them and go back to it."""

import asyncio
from typing import Any

from homeassistant.components import media_source
from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .tts import BYTES_A_SECOND

PLAIN = (
    MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.PLAY
    | MediaPlayerEntityFeature.STOP
    | MediaPlayerEntityFeature.VOLUME_SET
    | MediaPlayerEntityFeature.PLAY_MEDIA
)
SHORT = 2
"""How long music lasts whose address has `short` in it; other music does not end."""


async def async_setup_entry(hass: HomeAssistant, _entry: ConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    announcing = PLAIN | MediaPlayerEntityFeature.MEDIA_ANNOUNCE
    players = [
        Player("Plain", PLAIN),
        Player("Seeking", PLAIN | MediaPlayerEntityFeature.SEEK),
        Player("Announcing", announcing),
        Player("Ducking", announcing),
        Player("By satellite", announcing),
        Player("Marked", PLAIN),
    ]
    add(players)

    async def plug(call: ServiceCall) -> None:
        """Pull the plug, or put it in."""
        for player in players:
            player.plugged(there=call.data["there"])

    hass.services.async_register("rehearsed", "plug", plug)


class Player(MediaPlayerEntity):
    _attr_should_poll = False

    def __init__(self, name: str, features: MediaPlayerEntityFeature) -> None:
        self._attr_name = name
        self._attr_unique_id = f"rehearsed_{name}"
        self._attr_supported_features = features
        self._attr_state = MediaPlayerState.IDLE
        self._attr_volume_level = 0.25
        self._sound: asyncio.Task[None] | None = None

    async def async_play_media(self, media_type: MediaType | str, media_id: str, **kwargs: Any) -> None:
        before = (self.state, self.media_content_id)
        if media_source.is_media_source_id(media_id):
            media_id = (await media_source.async_resolve_media(self.hass, media_id, self.entity_id)).url
        seconds = await self._length(media_id)
        self._end()
        announces = kwargs.get("announce") and self.supported_features & MediaPlayerEntityFeature.MEDIA_ANNOUNCE
        after = before if announces else (MediaPlayerState.IDLE, None)
        self._attr_media_duration = None if seconds is None else round(seconds)
        self._attr_media_position, self._attr_media_position_updated_at = 0, dt_util.utcnow()
        self._show(MediaPlayerState.PLAYING, media_id)
        if seconds is not None:
            self._sound = self.hass.async_create_background_task(self._play(seconds, after), "sound")

    async def _length(self, address: str) -> float | None:
        if not address.startswith("/api/tts_proxy/"):
            return SHORT if "short" in address else None
        port = self.hass.http.server_port
        async with async_get_clientsession(self.hass).get(f"http://127.0.0.1:{port}{address}") as answer:
            if answer.status != 200:
                raise HomeAssistantError(f"The player cannot fetch {address}.")
            return len(await answer.read()) / BYTES_A_SECOND

    async def _play(self, seconds: float, after: tuple[MediaPlayerState, str | None]) -> None:
        await asyncio.sleep(seconds)
        self._sound = self._attr_media_duration = None
        self._show(*after)

    def _show(self, state: MediaPlayerState, content: str | None) -> None:
        self._attr_state, self._attr_media_content_id = state, content
        self.async_write_ha_state()

    def _end(self) -> None:
        if self._sound is not None:
            self._sound.cancel()
            self._sound = None

    async def async_media_pause(self) -> None:
        self._show(MediaPlayerState.PAUSED, self.media_content_id)

    async def async_media_play(self) -> None:
        self._show(MediaPlayerState.PLAYING, self.media_content_id)

    async def async_media_seek(self, position: float) -> None:
        self._attr_media_position, self._attr_media_position_updated_at = round(position), dt_util.utcnow()
        self.async_write_ha_state()

    async def async_media_stop(self) -> None:
        self._end()
        self._show(MediaPlayerState.IDLE, None)

    async def async_set_volume_level(self, volume: float) -> None:
        self._attr_volume_level = volume
        self.async_write_ha_state()

    def plugged(self, *, there: bool) -> None:
        self._end()
        self._attr_available = there
        self._show(MediaPlayerState.IDLE, None)
