"""The entities that every room has: what starts and steers a session, and what shows it."""

import json
from typing import Any, TypeAlias

from orchestrator.commands import CommandSpec, HomeAssistantDoor, through, word_of
from orchestrator.events.event import RoomEvent
from orchestrator.events.session import Landed, Landing, SessionResumed, SessionStarted
from orchestrator.events.step import Paused, Resumed, StepStarted, Waiting
from orchestrator.integrations.home_assistant import templates
from orchestrator.integrations.home_assistant.labels import labels
from orchestrator.integrations.home_assistant.room import AnnouncedRoom
from orchestrator.integrations.home_assistant.templates import CommandExpression
from orchestrator.integrations.home_assistant.topics import Topics
from orchestrator.integrations.home_assistant.words import name
from orchestrator.integrations.wording import worded
from orchestrator.session.state import Status

Component: TypeAlias = dict[str, Any]

TRIGGER = "home_assistant"
"""What started a session, for the record."""


def _pressed(spec: CommandSpec, door: HomeAssistantDoor) -> dict[str, str]:
    """What the button of a command publishes."""
    argument = {spec.argument.key: spec.argument.default} if spec.argument and spec.argument.default else {}
    return {"command": word_of(spec.given(door)())} | argument


_BUTTONS = {
    "start": ("mdi:play", {"command": "start", "trigger": TRIGGER}),
    **{spec.word: (door.icon, _pressed(spec, door)) for spec, door in through(HomeAssistantDoor)},
}
_EVENTS = [
    each.kind for each in (SessionStarted, SessionResumed, StepStarted, Waiting, Paused, Resumed, Landing, Landed)
]
_TRIGGERS: dict[str, tuple[type[RoomEvent], str, str]] = {
    "session_started": (SessionStarted, "session", "started"),
    "step_started": (StepStarted, "step", "started"),
    "session_landed": (Landed, "session", "landed"),
}
_OWED_ATTRIBUTES = ("problem", "owed", "unanswered", "outstanding")
"""The whole sentence, which a state may be too short for, and what has not been given back."""
_STEP_ATTRIBUTES = ("number", "of", "steps", "instructions", "session", "scene", "hands")


def controls(room: AnnouncedRoom, topics: Topics) -> dict[str, Component]:
    """What a person touches."""
    command = topics.room(room.name, "command")
    buttons = {
        key: {"platform": "button", "icon": icon, "command_topic": command, "payload_press": _json(payload)}
        for key, (icon, payload) in _BUTTONS.items()
    }
    volume = {"command": "volume", "level": CommandExpression("(value | round | int | string) ~ '%'")}
    return {
        "scene": _scene(room, topics),
        **buttons,
        "volume": {
            "platform": "number",
            "icon": "mdi:volume-high",
            "command_topic": command,
            "command_template": templates.command(volume),
            "state_topic": topics.room(room.name, "display"),
            "value_template": templates.state("value_json.volume"),
            "min": 0,
            "max": 100,
            "step": 1,
            "mode": "slider",
            "unit_of_measurement": "%",
        },
    }


def _scene(room: AnnouncedRoom, topics: Topics) -> Component:
    words = labels((scene.scene, worded(scene.title, room.language)) for scene in room.scenes)
    return {
        "platform": "select",
        "icon": "mdi:spa",
        "command_topic": topics.room(room.name, "choose"),
        "command_template": templates.command({"scene": templates.chosen(words)}),
        "state_topic": topics.room(room.name, "display"),
        "value_template": templates.label("value_json.choice.scene", words),
        "options": list(words.values()),
    }


def readings(room: AnnouncedRoom, topics: Topics) -> dict[str, Component]:
    """What a person sees."""
    display, event, session = (topics.room(room.name, leaf) for leaf in ("display", "event", "session"))
    shown = {"platform": "sensor", "state_topic": display}
    return {
        "status": {
            **shown,
            "icon": "mdi:meditation",
            "device_class": "enum",
            "options": [str(status) for status in Status],
            "value_template": templates.state("value_json.status"),
        },
        "step": {
            **shown,
            "icon": "mdi:format-list-numbered",
            "value_template": templates.words("value_json.step"),
            "json_attributes_topic": display,
            "json_attributes_template": templates.attributes(
                **{key: f"value_json.{key}" for key in _STEP_ATTRIBUTES},
            ),
        },
        "progress": {
            **shown,
            "icon": "mdi:progress-clock",
            "unit_of_measurement": "%",
            "value_template": templates.state("value_json.progress"),
        },
        "remaining": {
            **shown,
            "icon": "mdi:timer-sand",
            "device_class": "duration",
            "unit_of_measurement": "s",
            "value_template": templates.state("value_json.remaining"),
        },
        "ends_at": {
            **shown,
            "icon": "mdi:clock-end",
            "device_class": "timestamp",
            "value_template": templates.state("value_json.ends_at"),
        },
        "last_problem": {
            "platform": "sensor",
            "icon": "mdi:alert-circle-outline",
            "entity_category": "diagnostic",
            "state_topic": session,
            "value_template": templates.words("value_json.problem"),
            "json_attributes_topic": session,
            "json_attributes_template": templates.attributes(
                **{key: f"value_json.{key}" for key in _OWED_ATTRIBUTES},
            ),
        },
        "step_changes": {
            "platform": "event",
            "icon": "mdi:debug-step-over",
            "event_types": _EVENTS,
            "state_topic": event,
            "value_template": templates.event(
                _EVENTS,
                step="value_json.details.title",
                number="value_json.details.number",
                of="value_json.details.of",
                scene="value_json.details.scene",
                ending="value_json.details.ending",
                session="value_json.session",
            ),
        },
    }


def triggers(room: AnnouncedRoom, topics: Topics) -> dict[str, Component]:
    """What an automation may begin with. They are no entities: type and subtype are what Home Assistant shows."""
    return {
        key: {
            "platform": "device_automation",
            "automation_type": "trigger",
            "type": type_,
            "subtype": subtype,
            "topic": topics.room(room.name, "event"),
            "value_template": templates.state("value_json.event"),
            "payload": event.kind,
        }
        for key, (event, subtype, type_) in _TRIGGERS.items()
    }


def named(components: dict[str, Component], language: str) -> dict[str, Component]:
    """The same, with what each is called."""
    return {key: {**component, "name": name(key, language)} for key, component in components.items()}


def _json(payload: dict[str, str]) -> str:
    return json.dumps(payload)
