"""What a Tasmota device says of itself on `tasmota/discovery/<mac>/config`, as far as we take it (Tasmota 9 to 15)."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from orchestrator.devices.abilities import ColourMode
from orchestrator.devices.wire import fields

TOPIC = "tasmota/discovery/+/config"
RELAY, LIGHT = 1, 2
"""What an output is, in the list `rl`."""
NOT_POWER_LINKED, CHANNELS_APART, SHORT_WHITES, FIXED_FADE = 20, 68, 82, 117
"""SetOptions that change what a command does. 17 and 26 change only what a device says: both ways are read."""
_COLOURS = {
    2: ColourMode.TEMPERATURE,
    3: ColourMode.RGB,
    4: ColourMode.RGB,
    5: ColourMode.TEMPERATURE | ColourMode.RGB,
}
"""By `lt_st`: one channel, cold and warm white, RGB, RGB and a white, RGB and both whites."""
_WITH_WHITE = 4


class TasmotaAnnouncement(NamedTuple):
    """One device. Outputs are counted from 1, as in `Power1`."""

    commands: str
    """Its topics for commands, with the slash before the command."""
    outputs: tuple[int, ...]
    channels: int
    options: frozenset[int]
    is_linked: bool
    """White and colour are one light, and never shine at once."""
    jumps: bool
    """A Tuya dimmer or a strip of addressable LEDs: it does not fade by itself."""
    is_tuya: bool
    words: tuple[str, str]
    """Off and on."""
    presence: tuple[str, str]
    """Offline and online."""

    def first(self, kind: int) -> int | None:
        """The first output that is of a kind; None where there is none."""
        return self.outputs.index(kind) + 1 if kind in self.outputs else None

    def dimmer(self, output: int) -> str | None:
        """The command that dims what is at an output; None for a relay."""
        if output > len(self.outputs) or self.outputs[output - 1] != LIGHT:
            return None
        if CHANNELS_APART in self.options:
            return f"Channel{output}"
        if not self.is_linked and self.channels >= _WITH_WHITE:
            return f"Dimmer{1 + output - (self.first(LIGHT) or output)}"
        return "Dimmer3" if self.is_tuya else "Dimmer"

    def colours(self, dimmer: str) -> ColourMode:
        """What is left of its colours to a light that is dimmed so."""
        has = _COLOURS.get(self.channels, ColourMode.NONE)
        if dimmer.startswith("Channel"):
            return ColourMode.NONE
        if self.is_linked or self.channels < _WITH_WHITE:
            return has
        return has & (ColourMode.TEMPERATURE if dimmer == "Dimmer2" else ColourMode.RGB)


@lru_cache(maxsize=1)
def announced(payload: str) -> TasmotaAnnouncement | None:
    """None for what is no announcement. Every Tasmota device of the home is told of it: it is read once."""
    said = fields(payload)
    topic, form, prefixes = said.get("t"), said.get("ft"), said.get("tp")
    if not isinstance(topic, str) or not isinstance(form, str) or not isinstance(prefixes, list) or not prefixes:
        return None
    known = {"prefix": prefixes[0], "topic": topic, "hostname": said.get("hn"), "id": str(said.get("mac"))[-6:]}
    commands = re.sub(r"%(\w+)%", lambda found: str(known.get(found[1], found[0])), form)
    options = said.get("so")
    words = tuple(word for word in _listed(said.get("state"))[:2] if isinstance(word, str))
    presence = tuple(word for word in (said.get("ofln"), said.get("onln")) if isinstance(word, str))
    model, is_tuya = str(said.get("md")), said.get("ty") == 1
    return TasmotaAnnouncement(
        commands.rstrip("/") + "/",
        tuple(_whole(_listed(said.get("rl")))),
        next(iter(_whole([said.get("lt_st")])), 0),
        frozenset(int(name) for name, value in options.items() if value == 1 and name.isdecimal() and len(name) < 4)
        if isinstance(options, dict)
        else frozenset(),
        said.get("lk") != 0,
        is_tuya or "WS281" in model.upper(),
        is_tuya,
        (words[0], words[1]) if len(words) == 2 else ("OFF", "ON"),
        (presence[0], presence[1]) if len(presence) == 2 else ("Offline", "Online"),
    )


def names(payload: str) -> tuple[str, ...]:
    """Whom an announcement is about, by its topics for commands."""
    said = announced(payload)
    return () if said is None else (said.commands,)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _whole(values: Iterable[Any]) -> list[int]:
    """Each as a whole number; what is none is 0, so that the others keep their places."""
    return [value if type(value) is int else 0 for value in values]
