"""What is simulated of a dialect, and where that is found."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from orchestrator.devices.abilities import LightAbilities
from orchestrator.home.device import Device
from orchestrator.simulator import firmware
from orchestrator.simulator.advertiser import Advertiser
from orchestrator.simulator.device import SimulatedSound
from orchestrator.simulator.firmware import ButtonFirmware, LightFirmware, SwitchFirmware
from orchestrator.units import Ms


class Twin(NamedTuple):
    """The other side of a dialect. Each takes the settings of its family; what is None nobody has written.

    `says_every`: a light says how it is at most once in so long, at last how it is then. `sound` is a whole player or
    voice, made from a device's name as well. `advertiser` is made of all devices of the dialect:
    it says which there are, as a bridge or they themselves do, and answers who asks that.
    """

    light: Callable[[Any, LightAbilities], LightFirmware] | None = None
    switch: Callable[[Any], SwitchFirmware] | None = None
    button: Callable[[Any], ButtonFirmware] | None = None
    sound: Callable[[str, Any], SimulatedSound] | None = None
    advertiser: Callable[[Sequence[Device]], Advertiser] | None = None
    says_every: Ms = 0


NO_TWIN = Twin()


@cache
def twin_of(dialect: str) -> Twin:
    """`TWIN` of the module under `firmware/` that is named as the dialect; without such a module nothing."""
    place = f"{firmware.__name__}.{dialect}"
    if find_spec(place) is None:
        return NO_TWIN
    twin = import_module(place).TWIN
    assert isinstance(twin, Twin)
    return twin
