"""A device of the home: its entry in the file, read by its dialect."""

from dataclasses import dataclass

from orchestrator.devices.abilities import Abilities, Kind
from orchestrator.devices.dialect import Dialect
from orchestrator.devices.settings import DeviceSettings


@dataclass(frozen=True, slots=True)
class Device:
    """`members` are the names of a group's devices, empty for a single one. `title` is what a person calls it."""

    name: str
    kinds: tuple[Kind, ...]
    title: str
    members: tuple[str, ...]
    settings: DeviceSettings
    dialect: Dialect

    @property
    def abilities(self) -> Abilities:
        """As its dialect has them, but for what its entry says of its silence, and of how late it is."""
        settle = self.settings.settle
        told = self.dialect.abilities if settle is None else self.dialect.abilities.settling(settle)
        return told if self.settings.reports else told.silent()

    def physical(self) -> tuple[str, ...]:
        """The names of the devices that really light up or sound: its members, or itself."""
        return self.members or (self.name,)
