"""A dialect as the house knows it: its name, what a home file may say, and the codec that this makes."""

from collections.abc import Callable
from typing import Any, NamedTuple

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialect import Dialect
from orchestrator.devices.settings import DeviceSettings


class Family(NamedTuple):
    """`codec` takes a device's name and settings of this family's class.

    `to_keep`: what its owner has to do so that the broker keeps how a device is, in the imperative; empty where it can
    be asked, or is kept anyway.
    """

    name: str
    settings: type[DeviceSettings]
    codec: Callable[[str, Any], Dialect]
    to_keep: str = ""

    @property
    def kinds(self) -> frozenset[Kind]:
        return self.settings.speaks
