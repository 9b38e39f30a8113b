"""A small simulated home, and words to talk to it."""

import json
from typing import Any

from orchestrator.devices.messages import Change, Message
from orchestrator.home.library import Home, read
from orchestrator.simulator.faults import parse
from orchestrator.simulator.home import SimulatedHome
from orchestrator.simulator.view import LampView
from orchestrator.units import Ms

TEXT = """
home: simulated
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp, colors: [temperature, rgb]}
  other: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/other}
  both: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/both, members: [lamp, other]}
  strip: {kind: light, dialect: home_assistant, command_topic: strip/set, state_topic: strip/state,
    availability_topic: strip/status, supported_color_modes: [rgb]}
  plug: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/plug}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
rooms:
  room: {roles: {main: both, glow: strip}}
"""


def home() -> Home:
    return read(TEXT, "simulated.yaml")


class Talk:
    """A simulated home with a clock that the test moves."""

    def __init__(self, *faults: str) -> None:
        self.home = home()
        self.simulated = SimulatedHome(self.home, parse(faults))
        self.now: Ms = 0

    def tell(self, device: str, change: Change) -> list[Message]:
        """Let the dialect say it; what the devices answer at once."""
        commands = self.home.devices[device].dialect.encode(change)
        return [answer for command in commands for answer in self.simulated.receive(command, self.now)]

    def send(self, topic: str, payload: Any) -> list[Message]:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        return self.simulated.receive(Message(topic, text), self.now)

    def wait(self, length: Ms) -> list[Message]:
        """Let time pass; what the devices say meanwhile."""
        self.now += length
        return self.simulated.advance(self.now)

    def lamp(self, name: str) -> LampView:
        return next(lamp for lamp in self.simulated.lamps(self.now) if lamp.name == name)

    def level(self, name: str) -> float:
        """In units of 254, as Zigbee has it."""
        return round(self.lamp(name).level * 254 / 100, 1)


def states(messages: list[Message], topic: str) -> list[dict[str, Any]]:
    return [json.loads(message.payload) for message in messages if message.topic == topic]
