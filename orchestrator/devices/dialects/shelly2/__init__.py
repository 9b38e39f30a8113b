"""Shelly Gen2, Gen3 and Gen4: a component of a device (`light:0`, `cct:0`, `rgbw:0`, `switch:0`, `input:0`), over RPC.

Requests go to `<topic>/rpc`; answers come to `<src>/rpc`, where `src` is of our choice. Brightness is 1 to 100, white
in kelvin, `transition_duration` in seconds from 0.5 to 10,800; without it a lamp takes that of its own settings. One
that fades says where it goes (`transition.target`), and later that it is there.
"""

from orchestrator.devices.dialects.shelly2.codec import Shelly2
from orchestrator.devices.dialects.shelly2.settings import FULL_LEVEL, LONGEST_FADE, SHORTEST_FADE, Shelly2Settings
from orchestrator.devices.family import Family

__all__ = ["FAMILY", "FULL_LEVEL", "LONGEST_FADE", "SHORTEST_FADE", "Shelly2", "Shelly2Settings"]

FAMILY = Family("shelly2", Shelly2Settings, Shelly2)
