"""The session of a room as a media player: what plays, where it is, and the knobs that people know from music.

A media player is what a session is nearest to: it plays, pauses, goes on and back, is as loud as one wants, and has a
position that counts by itself. A scene is its source.
"""

from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from . import RelaxConfigEntry, devices
from .client import RelaxClient
from .const import BY_AUTOMATION, DOMAIN
from .entity import RelaxEntity
from .scene_titles import scene_called, title_of

PARALLEL_UPDATES = 0

_STATES: Final = {
    "idle": MediaPlayerState.IDLE,
    "starting": MediaPlayerState.BUFFERING,
    "running": MediaPlayerState.PLAYING,
    "holding": MediaPlayerState.PLAYING,
    "landing": MediaPlayerState.PLAYING,
    "paused": MediaPlayerState.PAUSED,
}
_ALWAYS: Final = (
    MediaPlayerEntityFeature.PLAY | MediaPlayerEntityFeature.PLAY_MEDIA | MediaPlayerEntityFeature.SELECT_SOURCE
)
_WHILE_PLAYING: Final = (
    MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.STOP
    | MediaPlayerEntityFeature.NEXT_TRACK
    | MediaPlayerEntityFeature.PREVIOUS_TRACK
)
_CAUTIONS: Final = "cautions"
_SHOWN: Final = (
    "status", "id", "scene", "title", "step", "number", "of", "position", "position_at", "remaining", "hold", "problem",
)  # fmt: skip


async def async_setup_entry(
    hass: HomeAssistant, entry: RelaxConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One for each room, as rooms come. A room that is taken out of the home file goes with its device."""
    client = entry.runtime_data.client
    known: set[str] = set()

    @callback
    def heard() -> None:
        rooms = set(client.sessions)
        fresh = rooms - known
        if client.is_online:
            for room in known - rooms:
                _forget(hass, entry, room)
            known.intersection_update(rooms)
        known.update(fresh)
        async_add_entities(SessionPlayer(hass, client, room) for room in sorted(fresh))

    entry.async_on_unload(client.listen(heard))
    heard()


@callback
def _forget(hass: HomeAssistant, entry: RelaxConfigEntry, room: str) -> None:
    name = devices.identifier(entry.runtime_data.client.base, room)
    if (device := devices.own(hass, name)) is not None:
        dr.async_get(hass).async_remove_device(device.id)
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.unique_id.removesuffix("_session") == name:
            registry.async_remove(entity.entity_id)


class SessionPlayer(RelaxEntity, MediaPlayerEntity):
    """Of one room."""

    _attr_media_content_type = MediaType.PLAYLIST
    _unrecorded_attributes = frozenset({_CAUTIONS})

    def __init__(self, hass: HomeAssistant, client: RelaxClient, room: str) -> None:
        super().__init__(hass, client, "session", room)
        self._room = room

    @override
    def about(self) -> object:
        return (tuple(self._said.get(key) for key in _SHOWN), self.source_list, self.extra_state_attributes)

    @property
    def _said(self) -> dict[str, Any]:
        return self.client.sessions.get(self._room, {})

    @property
    def _is_on(self) -> bool:
        return self._said.get("status") not in (None, "idle")

    @property
    @override
    def available(self) -> bool:
        return super().available and self._room in self.client.sessions

    @property
    @override
    def state(self) -> MediaPlayerState:
        return _STATES.get(str(self._said.get("status")), MediaPlayerState.IDLE)

    @property
    @override
    def supported_features(self) -> MediaPlayerEntityFeature:
        return _ALWAYS | _WHILE_PLAYING if self._is_on else _ALWAYS

    @property
    @override
    def media_content_id(self) -> str | None:
        return self._said.get("scene")

    @property
    @override
    def media_title(self) -> str | None:
        """The step: it is what changes."""
        return self._said.get("step") if self._is_on else None

    @property
    @override
    def media_playlist(self) -> str | None:
        return self._said.get("title") if self._is_on else None

    @property
    @override
    def media_track(self) -> int | None:
        return self._said.get("number") if self._is_on else None

    @property
    @override
    def media_position(self) -> int | None:
        position = self._said.get("position")
        return round(position) if self._is_on and isinstance(position, int | float) else None

    @property
    @override
    def media_position_updated_at(self) -> datetime | None:
        at = self._said.get("position_at")
        return dt_util.parse_datetime(at) if self._is_on and isinstance(at, str) else None

    @property
    @override
    def media_duration(self) -> int | None:
        """As far as it can be known: where it waits for a person it grows."""
        position, remaining = self._said.get("position"), self._said.get("remaining")
        if not self._is_on or not isinstance(position, int | float) or not isinstance(remaining, int | float):
            return None
        return round(position + remaining)

    @property
    @override
    def source_list(self) -> list[str]:
        return [title_of(scene, self.hass.config.language) for scene in self.client.scenes]

    @property
    @override
    def source(self) -> str | None:
        named = self._said.get("scene")
        scene = next((each for each in self.client.scenes if each.get("scene") == named), None)
        return title_of(scene, self.hass.config.language) if scene is not None else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What to read before it is started: the cautions of what *play* would begin."""
        return {} if self._is_on else {_CAUTIONS: self.client.cautions.get(self._room, [])}

    @override
    async def async_media_play(self) -> None:
        """Go on where it stands; begin what is chosen where nothing is on."""
        command = "resume" if self._is_on else "start"
        await self._async_tell(command)

    @override
    async def async_media_pause(self) -> None:
        await self._async_tell("pause")

    @override
    async def async_media_stop(self) -> None:
        await self._async_tell("stop")

    @override
    async def async_media_next_track(self) -> None:
        await self._async_tell("next")

    @override
    async def async_media_previous_track(self) -> None:
        await self._async_tell("back")

    @override
    async def async_select_source(self, source: str) -> None:
        await self._async_start(source)

    @override
    async def async_play_media(self, media_type: MediaType | str, media_id: str, **kwargs: Any) -> None:
        del media_type, kwargs
        await self._async_start(media_id)

    async def _async_start(self, scene: str) -> None:
        found = scene_called(self.client.scenes, scene)
        if found is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="unknown_scene", translation_placeholders={"scene": scene}
            )
        await self._async_tell("start", scene=found)

    async def _async_tell(self, command: str, **values: Any) -> None:
        trigger = {"trigger": BY_AUTOMATION} if command == "start" else {}
        given = {key: value for key, value in values.items() if value is not None}
        await self.client.async_tell(self._room, {"command": command, **given, **trigger})
