"""A satellite whose announcements take as long as their words."""

import asyncio

from homeassistant.components.assist_pipeline import PipelineEvent
from homeassistant.components.assist_satellite import (
    AssistSatelliteAnnouncement,
    AssistSatelliteConfiguration,
    AssistSatelliteEntity,
    AssistSatelliteEntityFeature,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .tts import SECONDS_A_WORD


async def async_setup_entry(_hass: HomeAssistant, _entry: ConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    add([Satellite()])


class Satellite(AssistSatelliteEntity):
    _attr_name = "Satellite"
    _attr_unique_id = "rehearsed_satellite"
    _attr_supported_features = AssistSatelliteEntityFeature.ANNOUNCE

    def on_pipeline_event(self, event: PipelineEvent) -> None:
        pass

    def async_get_configuration(self) -> AssistSatelliteConfiguration:
        return AssistSatelliteConfiguration(available_wake_words=[], active_wake_words=[], max_active_wake_words=1)

    async def async_set_configuration(self, config: AssistSatelliteConfiguration) -> None:
        raise NotImplementedError

    async def async_announce(self, announcement: AssistSatelliteAnnouncement) -> None:
        await asyncio.sleep(len(announcement.message.split()) * SECONDS_A_WORD)
