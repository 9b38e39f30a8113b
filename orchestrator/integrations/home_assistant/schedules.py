"""The schedules of a room, as entities."""

from orchestrator.integrations.home_assistant import templates
from orchestrator.integrations.home_assistant.components import Component, room_availability
from orchestrator.integrations.home_assistant.room import AnnouncedRoom
from orchestrator.integrations.home_assistant.topics import Topics
from orchestrator.integrations.home_assistant.words import name


def schedules(room: AnnouncedRoom, topics: Topics) -> dict[str, Component]:
    """For each a switch, the next time, and a button that leaves that out."""
    found: dict[str, Component] = {}
    for schedule in room.schedules:
        if schedule.room != room.name:
            continue
        key, title = f"schedule_{schedule.name}", schedule.title
        command, state = topics.schedule(schedule.name, "command"), topics.schedule(schedule.name, "state")
        found[key] = {
            "platform": "switch",
            "name": title,
            "icon": "mdi:calendar-clock",
            "entity_category": "config",
            "command_topic": command,
            "payload_on": "enable",
            "payload_off": "disable",
            "state_topic": state,
            "value_template": templates.flag("value_json.enabled"),
            "state_on": "ON",
            "state_off": "OFF",
        }
        found[f"{key}_next"] = {
            "platform": "sensor",
            "name": f"{title}: {name('schedule_next', room.language)}",
            "icon": "mdi:clock-start",
            "entity_category": "diagnostic",
            "device_class": "timestamp",
            "state_topic": state,
            "value_template": templates.state("value_json.next"),
            "json_attributes_topic": state,
            "json_attributes_template": templates.attributes(
                announced="value_json.announced", caution="value_json.caution"
            ),
            "availability": [
                *room_availability(room, topics),
                {"topic": state, "value_template": templates.is_there("value_json.next")},
            ],
            "availability_mode": "all",
        }
        found[f"{key}_skip"] = {
            "platform": "button",
            "name": f"{title}: {name('schedule_skip', room.language)}",
            "icon": "mdi:calendar-remove",
            "entity_category": "config",
            "command_topic": command,
            "payload_press": "skip",
        }
    return found
