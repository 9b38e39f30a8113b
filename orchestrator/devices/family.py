"""A dialect as the house knows it: its name, what a home file may say, and the codec that this makes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialect import Dialect
from orchestrator.devices.settings import DeviceSettings


class Family(NamedTuple):
    """`codec` takes a device's name and settings of this family's class."""

    name: str
    settings: type[DeviceSettings]
    codec: Callable[[str, Any], Dialect]

    @property
    def kinds(self) -> frozenset[Kind]:
        return self.settings.speaks
