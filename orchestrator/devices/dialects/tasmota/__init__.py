"""Tasmota 9.3 and later: lamps, relays, buttons, with the topics that each device was given.

A command is a `Backlog` whose parts do not wait for each other (`NoDelay`): fade and speed for this once (`Fade2`,
`Speed2`), then what is to be. `Dimmer` has 100 steps, `CT` is mired. A lamp fades by itself where its `SetOption117` is
1: then `Speed2` is half seconds, 20 s at most; else it counts them for a whole change of light, whoever asks for a
small one gets a fraction, and relax makes the steps. What a device can is taken from `tasmota/discovery`.
"""

from orchestrator.devices.dialects.tasmota.codec import Tasmota
from orchestrator.devices.dialects.tasmota.settings import TasmotaSettings
from orchestrator.devices.family import Family

__all__ = ["FAMILY", "Tasmota", "TasmotaSettings"]

FAMILY = Family("tasmota", TasmotaSettings, Tasmota)
