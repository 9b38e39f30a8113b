"""What a light of Home Assistant announces of itself, where its entry says nothing: how it is told a colour then."""

import json

from orchestrator.devices.dialects.home_assistant import HomeAssistant, HomeAssistantSettings
from orchestrator.devices.messages import LightReport, Message, SetLight
from orchestrator.units import Percent

COMMAND, STATE = "s/light/s/command", "s/light/s/state"
ANNOUNCED = {
    "schema": "json",
    "cmd_t": COMMAND,
    "stat_t": STATE,
    "brightness": True,
    "supported_color_modes": ["color_temp", "rgb"],
    "dev": {"mf": "Espressif", "sw": "2026.8.0 (config hash 0x1)"},
}


def test_modes_that_are_announced_as_they_were_taken_to_be_are_known_from_then_on() -> None:
    """A white that it says by its channels is given back in them alone: with red, green and blue it would be dark."""
    entry = {"kind": "light", "dialect": "home_assistant", "command_topic": COMMAND, "state_topic": STATE}
    codec = HomeAssistant("strip", HomeAssistantSettings.model_validate(entry))
    codec.decode(Message("homeassistant/light/s/s/config", json.dumps(ANNOUNCED), retain=True))
    white = {"state": "ON", "brightness": 178, "color_mode": "cwww", "color": {"c": 255, "w": 182}}
    (report,) = codec.decode(Message(STATE, json.dumps(white), retain=True))
    assert isinstance(report, LightReport)
    (told,) = codec.encode(SetLight(Percent(70.0), report.colour, 2000))
    assert json.loads(told.payload)["color"] == {"c": 255, "w": 182}
