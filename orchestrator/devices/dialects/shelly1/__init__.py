"""Shelly of the first generation: one component of a device (`light:0`, `color:0`, `white:2`, `relay:0`, `input:0`).

Firmware 1.11 and later. Commands go to `<topic>/light/0/set` as JSON, to relays as a word; `transition` is in ms, at
most 5000. Brightness, and `gain` of colours, is 1 to 100: 0 is refused, and so is nothing said of it. States are the
target at once. Whatever a device has said it says again every half minute, button presses as well. It is asked by the
words `update` and `announce`; what colours a lamp has follows from the model that it announces.
"""

from orchestrator.devices.dialects.shelly1.codec import Shelly1
from orchestrator.devices.dialects.shelly1.settings import FULL_LEVEL, LONGEST_FADE, Shelly1Settings
from orchestrator.devices.family import Family

__all__ = ["FAMILY", "FULL_LEVEL", "LONGEST_FADE", "Shelly1", "Shelly1Settings"]

FAMILY = Family("shelly1", Shelly1Settings, Shelly1)
