"""Shelly of the first generation: `shellies/announce`, after the question `announce` on `shellies/command`.

Its id stands in the announcement: the topic's shape says nothing, people give it names with a slash.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestrator.devices.discovery.discoverer import Discoverer
from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
from orchestrator.devices.discovery.parsing import (
    hardware,
    keep,
    light_role,
    mac,
    mapping,
    objects,
    parsed,
    text,
    topic,
)
from orchestrator.devices.messages import Message

_DIMMERS = ("SHDM-1", "SHDM-2", "SHVIN-1")
_WHITE_LAMPS = ("SHBDUO-1",)
_BULBS = ("SHCB-1", "SHBLB-1")
_COLOUR_LAMPS = (*_BULBS, "SHRGBW2")
_RELAYS = ("SHSW", "SHPLG", "SHEM", "SHSK", "SHUNI")
_RELAY_COUNTS = {"SHSW-44": 4, "SHSW-25": 2, "SHSW-21": 2, "SHSW-22": 2, "SHUNI-1": 2}
_WHO = "what it switches, and whether that heats or moves: it plays no role until you cast it"


class Shelly1Discovery(Discoverer):
    """All of the first generation at a broker."""

    topics = ("shellies/announce", "shellies/+/info", "shellies/+/+/info")

    def __init__(self) -> None:
        self._announced: dict[str, Mapping[str, Any]] = {}
        self._infos: dict[str, Mapping[str, Any]] = {}
        self._is_asked = False

    def hear(self, message: Message) -> None:
        if message.topic == "shellies/announce":
            said = mapping(parsed(message.payload))
            if (name := topic(said.get("id"))) and text(said.get("model")):
                keep(self._announced, name, said)
        elif message.topic.startswith("shellies/") and message.topic.endswith("/info"):
            said = mapping(parsed(message.payload))
            wanted = {key: said[key] for key in ("mode", "lights", "rollers", "relays") if key in said}
            keep(self._infos, message.topic.removeprefix("shellies/").removesuffix("/info"), wanted)

    def probes(self) -> Iterator[Message]:
        if not self._is_asked:
            self._is_asked = True
            yield Message("shellies/command", "announce")

    def found(self) -> Iterator[FoundDevice]:
        for name, said in self._announced.items():
            yield from self._of(name, said)

    def left_out(self) -> Iterator[LeftOut]:
        for name, said in self._announced.items():
            if not any(self._of(name, said)):
                model = text(said.get("model"))
                yield LeftOut(text(name), f"its model {model} has no light and no relay of ours", "shellies/announce")

    def _of(self, name: str, said: Mapping[str, Any]) -> Iterator[FoundDevice]:
        model, info = text(said.get("model")), self._infos.get(name, {})
        mode = text(info.get("mode")) or text(said.get("mode"))
        if model in _DIMMERS:
            yield self._light(name, said, "light:0", [])
        elif model in _WHITE_LAMPS:
            whites = {"coolest": "6500K", "warmest": "2700K"}
            yield self._light(name, said, "light:0", ["temperature"], whites)
        elif model in _COLOUR_LAMPS:
            yield from self._coloured(name, said, model, mode, objects(info.get("lights")))
        elif model.startswith(_RELAYS) and not (mode == "roller" or (info.get("rollers") and mode != "relay")):
            for number in range(_RELAY_COUNTS.get(model, 1)):
                yield self._switch(name, said, number)

    def _coloured(
        self, name: str, said: Mapping[str, Any], model: str, mode: str, lights: Sequence[Mapping[str, Any]]
    ) -> Iterator[FoundDevice]:
        """Its mode is set in the device: colours, or white alone (a strip controller then has up to four of them)."""
        if model in _BULBS and not mode:
            # Whites and colours, each told with its mode: only a strip controller is one thing or the other.
            whites = {"coolest": "6500K", "warmest": "3000K"}
            yield self._light(name, said, "color:0", ["temperature", "rgb"], whites)
        elif mode == "color" or not mode:
            unknown = {} if mode else {"component": "whether it is set to colours or to white; colours are taken"}
            yield self._light(name, said, "color:0", ["rgb"], unknown=unknown)
        elif model == "SHRGBW2":
            for number in range(min(max(len(lights), 1), 4) if lights else 4):
                yield self._light(name, said, f"white:{number}", [])
        else:
            yield self._light(name, said, "white:0", [], remark="set to colour in its settings it has colours as well")

    def _light(
        self,
        name: str,
        said: Mapping[str, Any],
        component: str,
        colours: list[str],
        keys: Mapping[str, Any] | None = None,
        unknown: Mapping[str, str] | None = None,
        remark: str = "",
    ) -> FoundDevice:
        entry = {"kind": "light", **_where(name, component), "colors": colours, **(keys or {})}
        title = _title(name, component)
        remarks = ("it does not fade longer than 5 s in one command", *([remark] if remark else []))
        return FoundDevice(
            tuple(_keys(name, said, component)),
            entry,
            title,
            ("shellies/announce",),
            model=f"Shelly {text(said.get('model'))}",
            proposed=light_role(title),
            unknown=unknown or {},
            remarks=remarks,
            hardware=hardware(said.get("mac")),
        )

    def _switch(self, name: str, said: Mapping[str, Any], number: int) -> FoundDevice:
        component = f"relay:{number}"
        return FoundDevice(
            tuple(_keys(name, said, component)),
            {"kind": "switch", **_where(name, component)},
            _title(name, component),
            ("shellies/announce",),
            model=f"Shelly {text(said.get('model'))}",
            unknown={"kind": _WHO},
        )


def _where(name: str, component: str) -> dict[str, Any]:
    return {"dialect": "shelly1", "topic": f"shellies/{name}", "component": component}


def _keys(name: str, said: Mapping[str, Any], component: str) -> Iterator[str]:
    yield f"shelly:shellies/{name}/{component}"
    for address in dict.fromkeys((mac(said.get("mac")), mac(name))):
        if address:
            yield f"shelly:{address}/{component}"


def _title(name: str, component: str) -> str:
    number = int(component.partition(":")[2])
    return text(name.rpartition("/")[2]) + (f" {number + 1}" if number else "")
