"""An evening as plain data: the home, how it was, what is wrong with its radios, and what happens when.

Whoever has the data has the evening: it is played the same each time, and can be made shorter.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from orchestrator.units import Ms
from tests.storm.radio import FINE, RadioFault


@dataclass(frozen=True, slots=True)
class Deed:
    """Something happens at a moment (ms from the beginning of the evening).

    `what` is one of `WORDS`; `about` the device, room or command that it is about; `how` the rest.
    """

    at: Ms
    what: str
    about: str = ""
    how: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        rest = ", ".join(f"{name} {value}" for name, value in self.how.items())
        sentence = WORDS[self.what].format(about=self.about)
        return f"{self.at / 1000:8.2f} s  {sentence}{f' ({rest})' if rest else ''}"


WORDS = {
    "start": "somebody starts {about}",
    "command": "somebody says: {about}",
    "hand": "a hand at {about}",
    "press": "somebody presses {about}",
    "hear": "something is heard: {about}",
    "unplug": "{about} is away for a while",
    "power cut": "{about} is without power for a while",
    "outage": "the broker is gone for a while",
    "cut": "the service loses the broker for a while",
    "kill": "the service is killed",
    "power failure": "the service's machine loses its power",
    "leave": "the service is restarted in order",
    "second": "a second service is started",
    "set": "the clock on the wall is set",
    "sleep": "the machine sleeps",
    "stall": "the machine is busy",
    "full": "the disk takes nothing for a while",
}


@dataclass(frozen=True, slots=True)
class Evening:
    """`before` by device: what is put before anything begins. `wall` is the hour of the wall when it begins."""

    seed: int
    home: str
    before: dict[str, dict[str, Any]]
    radios: dict[str, RadioFault]
    deeds: tuple[Deed, ...]
    latency: Ms = 4
    wall: str = "2026-06-14T13:00:00+00:00"
    ends_with: str = ""
    """Told to each room once all has happened: `stop`, or nothing."""
    is_calm: bool = False
    """Drawn without what no window of time can tell from a hand, and judged for as much."""

    @property
    def faults(self) -> list[str]:
        """What goes wrong in it, by kind."""
        kinds = [name for radio in self.radios.values() for name in differences(radio)]
        kinds += [deed.what for deed in self.deeds if deed.what not in ("start", "command", "hand", "press", "hear")]
        kinds += [deed.what for deed in self.deeds if deed.what in ("hand", "press", "hear")]
        return kinds

    def with_deeds(self, deeds: Iterable[Deed]) -> "Evening":
        return replace(self, deeds=tuple(deeds))

    def text(self) -> str:
        """In words that a person reads."""
        lines = [f"home {self.home}, {self.wall}, {self.latency} ms to the broker and on"]
        lines += [
            f"  before: {device} {', '.join(f'{k} {v}' for k, v in to.items())}" for device, to in self.before.items()
        ]
        lines += [
            f"  radio of {device}: {', '.join(f'{name} {getattr(radio, name)}' for name in differences(radio))}"
            for device, radio in self.radios.items()
        ]
        lines += [str(deed) for deed in sorted(self.deeds, key=lambda deed: deed.at)]
        return "\n".join([*lines, *([f"            at the end: {self.ends_with}"] if self.ends_with else [])])

    def dump(self) -> str:
        """As JSON in one line."""
        told = asdict(self)
        told["radios"] = {
            device: {name: getattr(radio, name) for name in differences(radio)} for device, radio in self.radios.items()
        }
        return json.dumps(told, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Evening":
        told = json.loads(text)
        told["radios"] = {device: RadioFault(**fault) for device, fault in told["radios"].items()}
        told["deeds"] = tuple(Deed(**deed) for deed in told["deeds"])
        return cls(**told)


def differences(radio: RadioFault) -> list[str]:
    """What is wrong with it."""
    return [each.name for each in fields(radio) if getattr(radio, each.name) != getattr(FINE, each.name)]
