"""The entities that every room has: what starts and steers a session, and what shows it."""

import json
from typing import Any, TypeAlias

from orchestrator.commands import CommandSpec, HomeAssistantDoor, through, word_of
from orchestrator.events.event import RoomEvent
from orchestrator.events.refusal import CommandRefused
from orchestrator.events.session import Landed, Landing, SessionResumed, SessionStarted
from orchestrator.events.step import Paused, Resumed, StepStarted, Waiting
from orchestrator.integrations.home_assistant import templates
from orchestrator.integrations.home_assistant.labels import labels
from orchestrator.integrations.home_assistant.room import AnnouncedRoom
from orchestrator.integrations.home_assistant.templates import CommandExpression
from orchestrator.integrations.home_assistant.topics import Topics
from orchestrator.integrations.home_assistant.words import name
from orchestrator.integrations.wording import worded

Component: TypeAlias = dict[str, Any]

STATUSES = ("idle", "starting", "running", "waiting", "paused", "landing")
"""As a person counts them: words that are still in the air are no state of their own, a step that waits is."""
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
    each.kind
    for each in (
        SessionStarted,
        SessionResumed,
        StepStarted,
        Waiting,
        Paused,
        Resumed,
        Landing,
        Landed,
        CommandRefused,
    )
]
_TRIGGERS: dict[str, tuple[type[RoomEvent], str, str]] = {
    "session_started": (SessionStarted, "session", "started"),
    "step_started": (StepStarted, "step", "started"),
    "session_landed": (Landed, "session", "landed"),
}
_STEP_ATTRIBUTES = ("number", "of", "steps", "instructions", "prompt", "hold", "session", "scene", "hands")
_MORE = ("back", "repeat", "extend")
"""Buttons that are not for every day: they stand below those that are."""
_PLAYING = ("running", "holding", "paused")


def controls(room: AnnouncedRoom, topics: Topics) -> dict[str, Component]:
    """What a person touches. What steers a session is there while there is one."""
    command = topics.room(room.name, "command")
    buttons = {
        key: {
            "platform": "button",
            "icon": icon,
            "command_topic": command,
            "payload_press": _json(payload),
            **({"entity_category": "config"} if key in _MORE else {}),
            **({} if key == "start" else available(room, topics, templates.is_one_of("value_json.status", _PLAYING))),
        }
        for key, (icon, payload) in _BUTTONS.items()
    }
    volume = {"command": "volume", "level": CommandExpression("(value | round | int | string) ~ '%'")}
    return {
        "scene": _scene(room, topics),
        **buttons,
        "volume": {
            "platform": "number",
            "icon": "mdi:volume-high",
            "entity_category": "config",
            "command_topic": command,
            "command_template": templates.command(volume),
            "state_topic": topics.room(room.name, "display"),
            "value_template": templates.state("value_json.volume"),
            "min": 0,
            "max": 100,
            "step": 1,
            "mode": "slider",
            "unit_of_measurement": "%",
            **available(room, topics, templates.is_there("value_json.volume")),
        },
    }


def available(room: AnnouncedRoom, topics: Topics, template: str, leaf: str = "display") -> Component:
    """There while relax and the room are, and a topic of the room says so: what has no state is not there."""
    here = {"topic": topics.room(room.name, leaf), "value_template": template}
    return {"availability": [*room_availability(room, topics), here], "availability_mode": "all"}


def room_availability(room: AnnouncedRoom, topics: Topics) -> list[dict[str, str]]:
    """Where it is said that relax is there, and that anything could be played in the room."""
    return [{"topic": f"{topics.base}/status"}, {"topic": topics.room(room.name, "status")}]


def _scene(room: AnnouncedRoom, topics: Topics) -> Component:
    words = labels((scene.scene, worded(scene.title, room.language)) for scene in room.scenes)
    display = topics.room(room.name, "display")
    return {
        "platform": "select",
        "icon": "mdi:spa",
        "command_topic": topics.room(room.name, "choose"),
        "command_template": templates.command({"scene": templates.chosen(words)}),
        "state_topic": display,
        "value_template": templates.label("value_json.choice.scene", words),
        "json_attributes_topic": display,
        "json_attributes_template": templates.attributes(cautions="value_json.choice.cautions"),
        "options": list(words.values()),
    }


def readings(room: AnnouncedRoom, topics: Topics) -> dict[str, Component]:
    """What a person sees."""
    display, event, session = (topics.room(room.name, leaf) for leaf in ("display", "event", "session"))
    shown = {"platform": "sensor", "state_topic": display}
    aside = {**shown, "entity_category": "diagnostic"}
    return {
        "step": {
            **shown,
            "icon": "mdi:format-list-numbered",
            "value_template": templates.words("value_json.step", otherwise=name("nothing_on", room.language)),
            "json_attributes_topic": display,
            "json_attributes_template": templates.attributes(
                **{key: f"value_json.{key}" for key in _STEP_ATTRIBUTES},
            ),
        },
        "remaining": {
            **shown,
            "icon": "mdi:timer-sand",
            "device_class": "duration",
            "unit_of_measurement": "min",
            "suggested_display_precision": 0,
            "value_template": templates.minutes("value_json.remaining"),
        },
        "status": {
            **aside,
            "icon": "mdi:meditation",
            "device_class": "enum",
            "options": list(STATUSES),
            "value_template": templates.status("value_json.status", "value_json.hold"),
        },
        "progress": {
            **aside,
            "icon": "mdi:progress-clock",
            "unit_of_measurement": "%",
            "value_template": templates.state("value_json.progress"),
        },
        "ends_at": {
            **aside,
            "icon": "mdi:clock-end",
            "enabled_by_default": False,
            "device_class": "timestamp",
            "value_template": templates.state("value_json.ends_at"),
            **available(room, topics, templates.is_there("value_json.ends_at")),
        },
        "last_problem": {
            **aside,
            "icon": "mdi:alert-circle-outline",
            "state_topic": session,
            "value_template": templates.first_words("value_json.problem", "value_json.refused.message"),
            "json_attributes_topic": session,
            "json_attributes_template": templates.attributes(
                problem=templates.either("value_json.problem", "value_json.refused.message"),
                when=templates.either("value_json.problem_since", "value_json.refused.at"),
                what_to_do="value_json.refused.what_to_do",
                command="value_json.refused.command",
                code="value_json.refused.code",
                owed="value_json.owed",
                unanswered="value_json.unanswered",
                outstanding="value_json.outstanding",
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
                command="value_json.details.command",
                code="value_json.details.code",
                message="value_json.details.message",
                session="value_json.session",
            ),
            **available(room, topics, templates.HAS_HAPPENED, "session"),
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
