"""A device of the home: its entry in the file, read by its dialect."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.devices.abilities import Abilities, Kind
from orchestrator.devices.dialect import Dialect
from orchestrator.devices.settings import DeviceSettings


@dataclass(frozen=True, slots=True)
class Device:
    """`title` is what a person calls it; `written_members` are the names of a group's devices in the home file.

    `by_topic`: the lamps and plugs of the home, each by the topic at which its bridge has it.
    """

    name: str
    kinds: tuple[Kind, ...]
    title: str
    written_members: tuple[str, ...]
    settings: DeviceSettings
    dialect: Dialect
    by_topic: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def members(self) -> tuple[str, ...]:
        """The names of a group's devices, as the home file has them, else its bridge; empty for a single one.

        What a bridge says counts where all of them are in the home.
        """
        if self.written_members:
            return self.written_members
        told = [self.by_topic.get(topic) for topic in self.dialect.abilities.members]
        known = tuple(name for name in told if name is not None)
        return known if len(known) == len(told) else ()

    @property
    def abilities(self) -> Abilities:
        """As its dialect has them, but for what its entry says of its silence, and of how late it is."""
        return self.as_written(self.dialect.abilities)

    def as_written(self, abilities: Abilities) -> Abilities:
        """Abilities, whoever tells them, with what its entry says of its silence, and of how late it is."""
        settle = self.settings.settle
        told = abilities if settle is None else abilities.settling(settle)
        return told if self.settings.reports else told.silent()

    def physical(self) -> tuple[str, ...]:
        """The names of the devices that really light up or sound: its members, or itself."""
        return self.members or (self.name,)
