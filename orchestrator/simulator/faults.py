"""How a simulated device misbehaves: `lamp=late_echo:800,drops_every:3`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from orchestrator.errors import UsageError
from orchestrator.units import Ms


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a device; nothing by default."""

    offline: bool = False
    """Not there from the start."""
    late_echo: Ms = 0
    """All that it says comes so much later."""
    ignores_transitions: bool = False
    """Goes to its target at once."""
    full_when_turned_on: bool = False
    """Shines at full for a moment when turned on from off, and reports that."""
    deaf: bool = False
    """Hears nothing while it fades but a plain off; what speaks for it says that it has heard."""
    drops_every: int = 0
    """Does not hear every nth message."""
    silent: bool = False
    """Never reports a state or an event."""
    intermediate: bool = False
    """Reports all the way through a fade, each second."""


NONE = Faults()
_EXAMPLES = {"late_echo": "late_echo:800, in milliseconds", "drops_every": "drops_every:3"}


def parse(texts: Iterable[str]) -> dict[str, Faults]:
    """Faults by device of texts like `lamp=late_echo:800,silent`. Raises UsageError."""
    found: dict[str, Faults] = {}
    for text in texts:
        device, equals, wishes = text.partition("=")
        if not equals or not device.strip():
            raise UsageError(f"{text!r} is no fault.", "Write the device first: lamp=offline or lamp=late_echo:800.")
        for wish in wishes.split(","):
            found[device.strip()] = _added(found.get(device.strip(), NONE), wish.strip())
    return found


def _added(faults: Faults, wish: str) -> Faults:
    name, colon, figure = wish.partition(":")
    known = [field.name for field in fields(Faults)]
    if name not in known:
        raise UsageError(f"There is no fault {name!r}.", f"There are: {', '.join(known)}.")
    value: Any = True
    if name in _EXAMPLES:
        if not re.fullmatch(r"[1-9][0-9]{0,6}", figure):
            raise UsageError(f"{wish!r} needs a whole number.", f"Write {_EXAMPLES[name]}.")
        value = int(figure)
    elif colon:
        raise UsageError(f"{wish!r}: {name} takes no number.", f"Write {name}.")
    return replace(faults, **{name: value})
