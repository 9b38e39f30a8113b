"""A dialect that is no dialect of ours, and has no twin: what somebody has who is half way through adding one."""

from typing import ClassVar, Literal

from orchestrator.devices.abilities import Abilities, ColourMode, Kind, LightAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import Change, LightReport, Message, Report, SetLight
from orchestrator.devices.settings import DeviceSettings, Topic
from orchestrator.devices.wire import number, share, units


class TwinlessSettings(DeviceSettings):
    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT})

    dialect: Literal["twinless"]
    topic: Topic


class Twinless:
    def __init__(self, name: str, settings: TwinlessSettings) -> None:
        self.name = name
        self._topic = settings.topic
        self._abilities = Abilities(light=settings.tuned(LightAbilities(colours=ColourMode.NONE, steps=100)))

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._topic}/is",)

    def encode(self, change: Change) -> tuple[Message, ...]:
        if not isinstance(change, SetLight) or change.level is None:
            return ()
        return (Message(f"{self._topic}/be", str(units(change.level, 100))),)

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def decode(self, message: Message) -> tuple[Report, ...]:
        level = number(message.payload) if message.topic in self.topics else None
        return () if level is None else (LightReport(share(level, 100)),)

    def query(self) -> tuple[Message, ...]:
        return ()


FAMILY = Family("twinless", TwinlessSettings, Twinless)

HOME = """
home: toys
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  strip: {kind: light, dialect: twinless, topic: toys/strip, title: Star strip}
rooms:
  den: {roles: {main: lamp, glow: strip}}
  nook: {roles: {main: strip}}
"""
