"""ESPHome with its discovery switched off: lights by their retained states, `<node>/light/<id>/state`.

A state names the mode that the lamp is in, not those that it has. What is announced as well is known better from there.
"""

from collections.abc import Iterator
from typing import Any

from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.parsing import keep, light_role, mapping, text, topic
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import fields

_MODES = {mode: mode for mode in ("color_temp", "rgb", "rgbw", "rgbww", "white")} | {
    "cwww": "color_temp",
    "rgbct": "rgbw",
}
"""What it says that it shows, by what Home Assistant calls that: two whites are told as a temperature."""


class EsphomeDiscovery(Discoverer):
    """Nodes that say how their lights are, and whether they are there."""

    topics = ("+/light/+/state", "+/status")

    def __init__(self) -> None:
        self._lights: dict[str, dict[str, Any]] = {}
        self._nodes: dict[str, bool] = {}

    def hear(self, message: Message) -> None:
        levels = message.topic.split("/")
        if len(levels) == 2 and levels[1] == "status" and message.payload in ("online", "offline"):
            keep(self._nodes, levels[0], True)
        elif len(levels) == 4 and levels[1] == "light" and levels[3] == "state" and topic(message.topic):
            said = fields(message.payload) if len(message.payload) < 4096 else {}
            if said.get("state") in ("ON", "OFF") and ("color_mode" in said or "brightness" in said):
                wanted = ("color_mode", "brightness", "color_temp", "color")
                keep(self._lights, message.topic, {key: said[key] for key in wanted if key in said})

    def found(self) -> Iterator[FoundDevice]:
        for state, said in self._lights.items():
            node, _, name, _ = state.split("/")
            if node in self._nodes:
                yield _light(state, node, name, said)


def _light(state: str, node: str, name: str, said: dict[str, Any]) -> FoundDevice:
    command, modes = f"{node}/light/{name}/command", _modes(said)
    entry = {"kind": "light", "dialect": "home_assistant", "command_topic": command, "state_topic": state}
    return FoundDevice(
        (f"topic:{command}",),
        {**entry, "availability_topic": f"{node}/status", "supported_color_modes": modes},
        text(name.replace("_", " ")),
        (state,),
        model="ESPHome",
        proposed=light_role(name) if modes != ["onoff"] else (),
        unknown={"supported_color_modes": "which it has, beside the one that it shows: its discovery is switched off"},
        remarks=("ESPHome fades in whole seconds, and says at once where it is going",),
        is_native=False,
    )


def _modes(said: dict[str, Any]) -> list[str]:
    shown = said.get("color_mode")
    modes = [_MODES[shown]] if isinstance(shown, str) and shown in _MODES else []
    if "color_temp" in said:
        modes.append("color_temp")
    if (
        "rgb" not in modes
        and not {"rgbw", "rgbww"} & set(modes)
        and {"r", "g", "b"} <= mapping(said.get("color")).keys()
    ):
        modes.append("rgb")
    return list(dict.fromkeys(modes)) or (["brightness"] if "brightness" in said else ["onoff"])
