"""What somebody in the simulated room would see and hear: for a live picture, and for tests."""

from typing import NamedTuple

from orchestrator.devices.abilities import DeviceCurve
from orchestrator.fade import lightness
from orchestrator.units import Percent
from orchestrator.values import Colour


class LampView(NamedTuple):
    """`level` is percent of the lamp's own scale; `lightness` how bright it looks, by the lamp's curve."""

    name: str
    title: str
    level: Percent
    lightness: Percent
    colour: Colour | None


class PlayerView(NamedTuple):
    """`playing` is an address, "" for silence."""

    name: str
    title: str
    playing: str
    is_paused: bool
    volume: Percent


class VoiceView(NamedTuple):
    """`saying` is what is being said, "" for nothing."""

    name: str
    title: str
    saying: str


class SwitchView(NamedTuple):
    name: str
    title: str
    is_on: bool


def looks(level: Percent, curve: DeviceCurve) -> Percent:
    """How bright a device's own percent looks."""
    if curve is DeviceCurve.LINEAR:
        return Percent(lightness(level / 100))
    return Percent(lightness((level / 100) ** 2)) if curve is DeviceCurve.SQUARED else level
