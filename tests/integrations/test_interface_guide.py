"""What docs/interface.md says is so: its commands are understood, its payloads fit, its lists are whole."""

import json
import re
from pathlib import Path

import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import Reason
from orchestrator.events.codec import ROOM_EVENTS
from orchestrator.events.session import Ending
from orchestrator.events.step import StepStarted
from orchestrator.integrations.incoming import MODELS, StartCommand
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import ChoiceModel, Display, EventMessage, Reply, ScheduleState, SessionState
from orchestrator.integrations.requests import Request
from orchestrator.integrations.scheduling import MODELS as SCHEDULE_COMMANDS
from orchestrator.integrations.scheduling import ScheduleRequest, Scheduling
from orchestrator.schedules.outcome import ScheduleResult
from orchestrator.session.state import Status

GUIDE = (Path(__file__).parents[2] / "docs/interface.md").read_text()
PUBLISHED = re.findall(r"mosquitto_pub -t (\S+) -m ('[^']*'|\S+)", GUIDE)
SHOWN = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


def first_cells(heading):
    """The words in the first column of the table below a heading."""
    section = GUIDE.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize(("topic", "payload"), PUBLISHED)
def test_every_command_that_is_shown_is_understood(topic, payload):
    message = Message(topic, payload.strip("'"))
    asked = Interface(["den"]).asked(message) or Scheduling(["wind-down"]).asked(message)
    assert asked is not None
    assert isinstance(asked.request, Request | ScheduleRequest)


def test_every_payload_that_is_shown_is_one_of_ours():
    state, event = SHOWN[2], SHOWN[3]
    for reply in SHOWN[:2]:
        assert json.loads(Reply.model_validate_json(json.dumps(reply)).payload()) == reply
    assert SessionState.model_validate_json(json.dumps(state)).model_fields_set == set(SessionState.model_fields)
    assert EventMessage.model_validate_json(json.dumps(event)).event == StepStarted.kind
    schedule = ScheduleState.model_validate_json(json.dumps(SHOWN[4]))
    assert schedule.model_fields_set == set(ScheduleState.model_fields)
    display = Display.model_validate_json(json.dumps(SHOWN[5]))
    assert display.model_fields_set == set(Display.model_fields)
    assert display.choice.model_fields_set == set(ChoiceModel.model_fields)
    assert set(first_cells("For panels")) - {"session", "null", "volume", "repeat", "start"} <= set(
        Display.model_fields
    )


def test_every_command_code_event_and_key_is_listed():
    commands, start = (
        first_cells("Commands"),
        set(StartCommand.model_fields) - {"command", "scene", "request_id", "answer"},
    )
    assert commands[: len(MODELS)] == ["start", *(word for word in commands if word in MODELS and word != "start")]
    assert set(commands) == set(MODELS) | start
    assert set(first_cells("Codes")) == set(Reason)
    assert set(first_cells("What happens")) == set(ROOM_EVENTS)
    explained = set(ScheduleState.model_fields) - {"schedule", "title", "room", "scene", "enabled"}
    assert set(first_cells("Schedules")) == set(SCHEDULE_COMMANDS) | explained
    schedules = GUIDE.split("# Schedules\n", 1)[1]
    assert all(f"`{word}`" in schedules for word in ScheduleResult)
    listed = set(first_cells("How a room stands"))
    assert listed >= set(SessionState.model_fields) - {"number", "of", "position_at"}
    standing = GUIDE.split("# How a room stands\n", 1)[1]
    assert all(f"`{word}`" in standing for word in (*Status, *Ending))
