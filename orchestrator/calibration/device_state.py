"""How a device is, by what it said last: what it is given back in the end."""

from dataclasses import dataclass

from orchestrator.devices.messages import LightReport, PlayerReport, Report, SwitchReport
from orchestrator.units import OFF, Percent
from orchestrator.values import Colour, Temperature, same_light

_NEAR = 1.0
"""Percent, between what was given back and what it says: lamps round."""
_SAME_COLOUR = 0.015
"""u', v'."""


@dataclass
class DeviceState:
    """None is what it has not said. `remembered` is what a lamp that is off goes back to."""

    level: Percent | None = None
    colour: Colour | None = None
    remembered: Percent | None = None
    on: bool | None = None
    volume: Percent | None = None
    plays: bool | None = None

    def hear(self, report: Report) -> bool:
        """Take in what it says of itself; whether that is how it is."""
        match report:
            case LightReport(level, colour, remembered):
                self.level = level if level is not None else self.level
                self.colour = colour if colour is not None else self.colour
                self.remembered = remembered if remembered is not None else self.remembered
                return level is not None or colour is not None
            case SwitchReport(on):
                self.on = on
            case PlayerReport(playing, volume, paused):
                self.volume = volume if volume is not None else self.volume
                self.plays = bool(playing) and not paused if playing is not None or paused else self.plays
            case _:
                return False
        return True

    def is_like(self, before: "DeviceState") -> bool:
        """Whether all that was there before has been said again; a lamp that is off may keep its colour to itself."""
        return (
            _alike(self.level, before.level)
            and _alike(self.volume, before.volume)
            and (before.on is None or self.on is before.on)
            and (before.plays is None or self.plays is None or self.plays is before.plays)
            and (before.colour is None or before.level == OFF or _one_colour(self.colour, before.colour))
        )

    def text(self) -> str:
        """In a few words; empty where nothing is known."""
        parts = []
        if self.level is not None:
            parts.append(f"at {self.level:.0f} %" if self.level > OFF else "off")
        if self.colour is not None and self.level != OFF:
            parts.append(colour_text(self.colour))
        if self.on is not None:
            parts.append("on" if self.on else "off")
        if self.volume is not None:
            parts.append(f"at volume {self.volume:.0f} %")
        if self.plays:
            parts.append("playing")
        return ", ".join(parts)


def colour_text(colour: Colour) -> str:
    """A colour as people read it."""
    return f"{round(colour.kelvin, -1):.0f} K" if isinstance(colour, Temperature) else colour.hex


def _alike(now: Percent | None, then: Percent | None) -> bool:
    if then is None:
        return True
    return now is not None and (now > OFF) == (then > OFF) and abs(now - then) <= _NEAR


def _one_colour(now: Colour | None, then: Colour) -> bool:
    return now is not None and same_light(now, then, _SAME_COLOUR)
