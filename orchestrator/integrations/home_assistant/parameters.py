"""The parameters of the scene that a room would start, as entities."""

import json
from typing import assert_never

from orchestrator.integrations.home_assistant import templates
from orchestrator.integrations.home_assistant.components import Component
from orchestrator.integrations.home_assistant.labels import labels
from orchestrator.integrations.home_assistant.room import AnnouncedRoom
from orchestrator.integrations.home_assistant.templates import CommandExpression
from orchestrator.integrations.home_assistant.topics import Topics
from orchestrator.integrations.home_assistant.words import choice
from orchestrator.integrations.wording import worded
from orchestrator.scenes.format.model import (
    ChoiceParameter,
    DurationParameter,
    FlagParameter,
    NumberParameter,
    Parameter,
    WholeParameter,
)
from orchestrator.units import MINUTE, SECOND

_FINE = 1.0
"""A range that is not wider than this is set in hundredths."""
_WIDE = 20.0
"""A range that is wider than this is set in whole numbers."""


def parameters(room: AnnouncedRoom, topics: Topics) -> dict[str, Component]:
    """One entity a parameter. The key has the platform in it: Home Assistant would keep the old entity otherwise."""
    found: dict[str, Component] = {}
    for name, parameter in (room.chosen.parameters if room.chosen is not None else {}).items():
        component = {
            "command_topic": topics.room(room.name, "choose"),
            "state_topic": topics.room(room.name, "display"),
            "entity_category": "config",
            "name": worded(parameter.title or name.replace("_", " ").capitalize(), room.language),
            **_kind(name, parameter, room.language),
        }
        found[f"set_{name}_{component['platform']}"] = component
    return found


def _kind(name: str, parameter: Parameter, language: str) -> Component:
    path = templates.ParameterPath.of(name)
    match parameter:
        case FlagParameter():
            return {
                "platform": "switch",
                "icon": "mdi:check-circle-outline",
                "value_template": templates.flag(path),
                "state_on": "ON",
                "state_off": "OFF",
                "payload_on": json.dumps({"parameters": {name: True}}),
                "payload_off": json.dumps({"parameters": {name: False}}),
            }
        case ChoiceParameter():
            words = labels((word, choice(word, language)) for word in parameter.choice)
            return {
                "platform": "select",
                "icon": "mdi:format-list-bulleted",
                "value_template": templates.label(path, words),
                "command_template": _command(name, templates.chosen(words)),
                "options": list(words.values()),
            }
        case DurationParameter():
            return _length(name, parameter, path)
        case NumberParameter():
            return _range(parameter.min, parameter.max, _step(parameter.min, parameter.max)) | {
                "value_template": templates.state(path),
                "command_template": _command(name, CommandExpression("value | float")),
            }
        case WholeParameter():
            return _range(parameter.min, parameter.max, 1) | {
                "value_template": templates.state(path),
                "command_template": _command(name, CommandExpression("value | round | int")),
            }
        case _:
            assert_never(parameter)


def _length(name: str, parameter: DurationParameter, path: str) -> Component:
    """In minutes, whole or half ones; in seconds where its figures are neither."""
    figures = (parameter.min, parameter.duration, parameter.max)
    grain = next((each for each in (MINUTE, MINUTE // 2) if not any(figure % each for figure in figures)), SECOND)
    unit, size = ("s", SECOND) if grain == SECOND else ("min", MINUTE)
    return _range(parameter.min / size, parameter.max / size, grain / size) | {
        "icon": "mdi:timer-outline",
        "device_class": "duration",
        "unit_of_measurement": unit,
        "value_template": templates.scaled(path, size // SECOND),
        "command_template": _command(name, CommandExpression(f"(value | string) ~ '{unit}'")),
    }


def _range(least: float, most: float, step: float) -> Component:
    return {"platform": "number", "icon": "mdi:tune-variant", "min": least, "max": most, "step": step}


def _step(least: float, most: float) -> float:
    if most - least <= _FINE:
        return 0.01
    return 1 if most - least > _WIDE else 0.1


def _command(name: str, value: CommandExpression) -> str:
    return templates.command({"parameters": {name: value}})
