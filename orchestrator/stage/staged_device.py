"""One device on the stage: its parts (lamp, player, plug), whether it is there, and when it is to be told something."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from orchestrator.devices.abilities import Abilities
from orchestrator.devices.dialect import Dialect
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.staged_player import StagedPlayer
from orchestrator.stage.staged_switch import StagedSwitch
from orchestrator.units import Ms
from orchestrator.values import Attribute

Part: TypeAlias = StagedLight | StagedPlayer | StagedSwitch

SILENT_AFTER: Ms = 10_000
"""A device that reports has had time enough."""

_PART_OF: dict[Attribute, type[Part]] = {
    Attribute.LEVEL: StagedLight,
    Attribute.COLOUR: StagedLight,
    Attribute.PLAYING: StagedPlayer,
    Attribute.VOLUME: StagedPlayer,
    Attribute.ON: StagedSwitch,
}


class DeviceLike(Protocol):
    """What the stage needs of a device of the home."""

    @property
    def name(self) -> str: ...
    @property
    def dialect(self) -> Dialect: ...


@dataclass(slots=True)
class StagedDevice:
    """A device as the stage keeps it. `due` is when it wants to be told something, `since` since when it has waited."""

    name: str
    dialect: Dialect
    abilities: Abilities
    parts: tuple[Part, ...]
    is_online: bool | None = None
    due: Ms | None = None
    since: Ms = 0
    told_at: Ms | None = None
    has_answered: bool = False
    has_been_called_silent: bool = False
    closing: bool = False

    def part(self, attribute: Attribute) -> Part | None:
        """The part that has an attribute; None where the device has no such part."""
        kind = _PART_OF[attribute]
        return next((part for part in self.parts if isinstance(part, kind)), None)

    @property
    def is_landing(self) -> bool:
        return any(want.landing for part in self.parts for want in part.wants.values())

    @property
    def wants_anything(self) -> bool:
        return any(part.wants for part in self.parts)

    @property
    def reports(self) -> bool:
        """True where silence after a command means that something is wrong."""
        declared = (self.abilities.light, self.abilities.player, self.abilities.switch)
        return any(ability.reports for ability in declared if ability is not None)

    @property
    def silent_at(self) -> Ms | None:
        if self.has_answered or self.has_been_called_silent or self.told_at is None or not self.reports:
            return None
        return self.told_at + SILENT_AFTER

    def say_of_itself(self, abilities: Sequence[str]) -> None:
        """A speaker has told what it can."""
        told = frozenset(abilities)
        if self.abilities.voice is not None:
            named = {name: name in told for name in ("done", "hush", "ducks", "rate", "gap")}
            voice = replace(self.abilities.voice, **named, told=True)
            self.abilities = replace(self.abilities, voice=voice)
        for part in self.parts:
            if isinstance(part, StagedPlayer):
                part.abilities = replace(part.abilities, pause="pause" in told)

    def never_says_done(self) -> None:
        """Nobody is there to say so, as in a rehearsal: its words take what is planned."""
        if self.abilities.voice is not None:
            self.abilities = replace(self.abilities, voice=replace(self.abilities.voice, done=False))


def staged(device: DeviceLike) -> StagedDevice:
    """A device as the stage has it, with a part for each of its abilities."""
    abilities = device.dialect.abilities
    parts: list[Part] = []
    if abilities.light is not None:
        parts.append(StagedLight(abilities.light))
    if abilities.player is not None:
        parts.append(StagedPlayer(abilities.player))
    if abilities.switch is not None:
        parts.append(StagedSwitch(abilities.switch))
    return StagedDevice(device.name, device.dialect, abilities, tuple(parts))
