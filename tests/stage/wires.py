"""What the devices of the evenings are told, and say, over the broker: each shows one number that means something."""

import json
import random
from typing import ClassVar, NamedTuple

from orchestrator.devices.messages import Message
from orchestrator.home.library import read
from orchestrator.stage.staged_device import StagedDevice
from orchestrator.stage.staged_player import StagedPlayer
from orchestrator.stage.vector import Vector
from orchestrator.units import SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Playing, Temperature, Value

HOME = """
home: house
format: 1
devices:
  asked: {kind: light, dialect: zigbee2mqtt, topic: z/asked, colors: [temperature]}
  other: {kind: light, dialect: zigbee2mqtt, topic: z/other, colors: [temperature]}
  both: {kind: light, dialect: zigbee2mqtt, topic: z/both, members: [asked, other], colors: [temperature]}
  unasked: {kind: light, dialect: home_assistant, command_topic: z/unasked/set, state_topic: z/unasked}
  plug: {kind: switch, dialect: zigbee2mqtt, topic: z/plug}
  speaker: {kind: player, dialect: relax_speaker, topic: s}
rooms: {room: {roles: {main: asked}}}
"""
DEVICES = read(HOME, "house.yaml").devices
FULL = 254
OURS, THEIRS = 3, 9
"""Music by number: 0 is silence, 1 to 3 is a scene's, more is a person's; and a half is paused."""


class Told(NamedTuple):
    """A command."""

    value: float
    transition: Ms


class Wire:
    """A lamp's level, in percent; the others differ from it."""

    attribute: ClassVar[Attribute] = Attribute.LEVEL
    lengths: ClassVar[tuple[Ms, ...]] = (2 * SECOND, 10 * SECOND, 40 * SECOND)
    """How long its fades are."""
    landing: ClassVar[Ms] = 10 * SECOND
    apart: ClassVar[float] = 3.0
    """By so much two values differ that a person calls different."""
    inexactness: ClassVar[float] = 0.12
    unit: ClassVar[float] = FULL / 100.0
    """So many of its own units are one of these."""
    is_exact: ClassVar[bool] = False
    can_be_asked: ClassVar[bool] = True
    kinds: ClassVar[tuple[str, ...]] = ("accepts", "ends", "moves", "polled", "mute")

    def names(self, *, answers: bool) -> tuple[str, ...]:
        return ("asked",) if answers else ("unasked",)

    def at_first(self, dice: random.Random) -> float:
        return float(dice.randint(20, 95))

    def scene(self, dice: random.Random) -> float:
        """Where a scene wants it."""
        return float(dice.randint(5, 100))

    def hand(self, dice: random.Random, now: float) -> float:
        """Where a person puts it."""
        del now
        return dice.choice([0.0, 100.0, float(dice.randint(5, 100)), float(dice.randint(5, 100))])

    def told(self, message: Message, here: float) -> Told | None:
        """What a message asks of it; None for a question how it is."""
        if message.topic.endswith("/get"):
            return None
        wish = json.loads(message.payload)
        level = 0.0 if wish.get("state") == "OFF" else wish.get("brightness", here / 100.0 * FULL) / FULL * 100.0
        return Told(level, round(wish.get("transition", 0) * SECOND))

    def inexact(self, value: float, gain: float, off: float) -> float:
        return min(max(value * gain * (1.0 + off), 1.0), 100.0) if value else 0.0

    def says(self, name: str, value: float) -> Message:
        brightness = {"brightness": round(value / 100.0 * FULL)} if value else {}
        return Message(f"z/{name}", json.dumps({"state": "ON" if value else "OFF", **brightness}))

    def vector(self, device: StagedDevice, value: float) -> Vector:
        """As it is compared."""
        del device
        return (float(round(value / 100.0 * FULL)),)

    def value(self, number: float) -> Value:
        """As it is wished."""
        return number

    def number(self, value: Value) -> float:
        assert isinstance(value, float)
        return value


class GroupWire(Wire):
    """The level of two lamps that are told together."""

    def names(self, *, answers: bool) -> tuple[str, ...]:
        return ("asked", "other") if answers else ("unasked",)


class ColourWire(Wire):
    """A lamp's white, in mired. What it says may differ by what is lost on the way through a colour's place."""

    attribute: ClassVar[Attribute] = Attribute.COLOUR
    unit: ClassVar[float] = 1.0
    apart: ClassVar[float] = 14.0
    inexactness: ClassVar[float] = 0.0

    def names(self, *, answers: bool) -> tuple[str, ...]:
        del answers
        return ("asked",)

    def at_first(self, dice: random.Random) -> float:
        return float(dice.randint(160, 450))

    def scene(self, dice: random.Random) -> float:
        return float(dice.randint(160, 450))

    def hand(self, dice: random.Random, now: float) -> float:
        del now
        return float(dice.choice([155, dice.randint(160, 450), dice.randint(160, 450)]))

    def told(self, message: Message, here: float) -> Told | None:
        if message.topic.endswith("/get"):
            return None
        wish = json.loads(message.payload)
        return Told(wish.get("color_temp", here), round(wish.get("transition", 0) * SECOND))

    def inexact(self, value: float, gain: float, off: float) -> float:
        return value + 20.0 * (gain - 1.0) + 60.0 * off

    def says(self, name: str, value: float) -> Message:
        state = {"state": "ON", "brightness": 200, "color_mode": "color_temp", "color_temp": round(value)}
        return Message(f"z/{name}", json.dumps(state))

    def vector(self, device: StagedDevice, value: float) -> Vector:
        del device
        return (float(round(value)),)

    def value(self, number: float) -> Value:
        return Temperature(number)

    def number(self, value: Value) -> float:
        assert isinstance(value, Temperature)
        return value.mired


class VolumeWire(Wire):
    """A speaker's volume, in percent. It cannot be asked, goes in steps, is exact, and speaks for itself."""

    attribute: ClassVar[Attribute] = Attribute.VOLUME
    unit: ClassVar[float] = 1.0
    apart: ClassVar[float] = 1.5
    inexactness: ClassVar[float] = 0.0
    is_exact: ClassVar[bool] = True
    can_be_asked: ClassVar[bool] = False
    kinds: ClassVar[tuple[str, ...]] = ("ends", "ends", "ends", "mute")

    def names(self, *, answers: bool) -> tuple[str, ...]:
        del answers
        return ("speaker",)

    def told(self, message: Message, here: float) -> Told | None:
        wish = json.loads(message.payload)
        return Told(wish["level"] * 100.0 if wish["do"] == "volume" else here, 0)

    def inexact(self, value: float, gain: float, off: float) -> float:
        del gain, off
        return value

    def says(self, name: str, value: float) -> Message:
        del name
        return Message("s/state", json.dumps({"volume": value / 100.0}))

    def vector(self, device: StagedDevice, value: float) -> Vector:
        del device
        return (value,)


class MusicWire(VolumeWire):
    """What a speaker plays, by number."""

    attribute: ClassVar[Attribute] = Attribute.PLAYING
    lengths: ClassVar[tuple[Ms, ...]] = (0,)
    landing: ClassVar[Ms] = 0
    apart: ClassVar[float] = 0.1

    def at_first(self, dice: random.Random) -> float:
        return float(dice.choice([0, THEIRS]))

    def scene(self, dice: random.Random) -> float:
        return float(dice.randint(0, OURS))

    def hand(self, dice: random.Random, now: float) -> float:
        return float(dice.choice([0, THEIRS - 1, now + 0.5] if now and now % 1.0 == 0.0 else [THEIRS - 1, THEIRS - 2]))

    def told(self, message: Message, here: float) -> Told | None:
        wish = json.loads(message.payload)
        match wish["do"]:
            case "play":
                return Told(float(wish["uri"][1:]), 0)
            case "stop":
                return Told(0.0, 0)
            case "pause":
                return Told(here // 1 + (0.5 if here else 0.0), 0)
            case "resume":
                return Told(here // 1, 0)
        return Told(here, 0)

    def says(self, name: str, value: float) -> Message:
        del name
        playing = f"u{value // 1:.0f}" if value else None
        return Message("s/state", json.dumps({"playing": playing, "paused": value % 1.0 > 0.0}))

    def vector(self, device: StagedDevice, value: float) -> Vector:
        part = device.part(self.attribute)
        assert isinstance(part, StagedPlayer)
        return part._in_numbers(self._playing(value))

    def value(self, number: float) -> Value:
        return self._playing(number)

    def number(self, value: Value) -> float:
        assert isinstance(value, Playing)
        return float(value.names[0][1:]) + (0.5 if value.paused else 0.0) if value.names else 0.0

    def _playing(self, number: float) -> Playing:
        return Playing((f"u{number // 1:.0f}",), paused=number % 1.0 > 0.0) if number else SILENCE


class SwitchWire(VolumeWire):
    """A plug: on or off."""

    attribute: ClassVar[Attribute] = Attribute.ON
    lengths: ClassVar[tuple[Ms, ...]] = (0,)
    landing: ClassVar[Ms] = 0
    apart: ClassVar[float] = 0.1
    can_be_asked: ClassVar[bool] = True
    kinds: ClassVar[tuple[str, ...]] = ("accepts", "ends", "polled", "mute")

    def names(self, *, answers: bool) -> tuple[str, ...]:
        del answers
        return ("plug",)

    def at_first(self, dice: random.Random) -> float:
        return float(dice.randint(0, 1))

    def scene(self, dice: random.Random) -> float:
        return float(dice.randint(0, 1))

    def hand(self, dice: random.Random, now: float) -> float:
        del dice
        return 1.0 - now

    def told(self, message: Message, here: float) -> Told | None:
        del here
        return None if message.topic.endswith("/get") else Told(float("ON" in message.payload), 0)

    def says(self, name: str, value: float) -> Message:
        return Message(f"z/{name}", json.dumps({"state": "ON" if value else "OFF"}))

    def value(self, number: float) -> Value:
        return number > 0.5

    def number(self, value: Value) -> float:
        return float(bool(value))


WIRES: dict[str, type[Wire]] = {
    "lamp": Wire,
    "group": GroupWire,
    "colour": ColourWire,
    "volume": VolumeWire,
    "music": MusicWire,
    "switch": SwitchWire,
}
