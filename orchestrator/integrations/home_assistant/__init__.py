"""Rooms as devices in Home Assistant: what it is told, so that it shows them by itself (MQTT device discovery).

https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload; every rule that is kept here was tried with
Home Assistant 2026.11.0. Pure over messages.
"""

from orchestrator.integrations.home_assistant.announcement import Announcements
from orchestrator.integrations.home_assistant.device import discovery_payload
from orchestrator.integrations.home_assistant.room import AnnouncedRoom, ScheduleSummary, room_of, summaries_of
from orchestrator.integrations.home_assistant.topics import Topics

__all__ = [
    "AnnouncedRoom",
    "Announcements",
    "ScheduleSummary",
    "Topics",
    "discovery_payload",
    "room_of",
    "summaries_of",
]
