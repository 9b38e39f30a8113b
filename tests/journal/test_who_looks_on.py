"""The trace of what goes over the wire only looks on: what a lamp has been told, its codec knows from who told it."""

from pathlib import Path

from orchestrator.devices.messages import LightReport, Message
from orchestrator.home.library import read
from orchestrator.journal.device_trace import DeviceTrace
from orchestrator.journal.journal import Journal
from orchestrator.units import Percent
from orchestrator.values import Channels

HOME = """
home: house
format: 1
devices:
  lamp: {kind: light, dialect: home_assistant, command_topic: n/light/l/command, state_topic: n/light/l/state,
    supported_color_modes: [color_temp]}
rooms: {den: {roles: {main: lamp}}}
"""


def test_a_lamp_that_was_told_nothing_answers_nothing() -> None:
    home = read(HOME, "house.yaml")
    DeviceTrace(home.devices.values(), Journal(Path("unused")))
    said = '{"state": "ON", "brightness": 255, "color_mode": "cwww", "color": {"c": 40, "w": 200}}'
    reports = home.devices["lamp"].dialect.decode(Message("n/light/l/state", said))
    assert reports == (LightReport(Percent(100.0), Channels((0.0, 0.0, 0.0, 40.0, 200.0))),)
