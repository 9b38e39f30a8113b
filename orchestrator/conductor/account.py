"""What became of each device of a session once its room was given back, by what the device showed."""

from collections.abc import Collection, Iterable

from orchestrator.devices.abilities import ColourMode
from orchestrator.events.device import GivenBack
from orchestrator.stage.evidence import Evidence
from orchestrator.stage.heard import Paid
from orchestrator.stage.stage import Stage
from orchestrator.units import Ms
from orchestrator.values import Attribute

_WORDS = {Evidence.UNANSWERED: "unanswered", Evidence.SENT: "sent", Evidence.SHOWN: "given"}
"""The worst that is true of one of a device's attributes is said of the device."""


class Account:
    """Of the devices of one session. What a hand took is a person's; what an alarm has lit is nobody's."""

    def __init__(self, stage: Stage, left: Iterable[str]) -> None:
        self._stage = stage
        self._outcomes: dict[str, dict[Attribute, Evidence]] = {}
        self._levels: dict[str, int] = {}
        self._left = dict.fromkeys(left)
        self._guessed: frozenset[str] = frozenset()
        self._lit: frozenset[str] = frozenset()
        self._said: dict[str, tuple[str, ...]] = {}

    def guess(self, devices: Collection[str]) -> None:
        """Nobody knows how these were: they get what the home file, or good sense, has instead."""
        self._guessed = frozenset(devices)

    def doubt(self, device: str) -> None:
        """What it had said of how it was may mean anything."""
        self._guessed |= {device}

    def know(self, device: str) -> None:
        """It has said how it was after all."""
        self._guessed -= {device}

    def light(self, lamps: Iterable[str]) -> None:
        """An alarm has lit these lamps."""
        self._lit |= frozenset(lamps)

    def leave(self, device: str) -> None:
        """A person has taken something of it by hand."""
        self._left[device] = None

    def take_back(self, device: str) -> None:
        """The person handed it to the session again."""
        self._left.pop(device, None)

    def pay(self, paid: Paid, now: Ms) -> None:
        """A debt was closed."""
        if paid.device in self._lit:
            return
        self._outcomes.setdefault(paid.device, {})[paid.attribute] = paid.evidence
        level = self._stage.value(paid.device, Attribute.LEVEL, now)
        if isinstance(level, float):
            self._levels[paid.device] = round(level)

    def standing(self, devices: Iterable[str], now: Ms) -> GivenBack | None:
        """How all of them stand; None where there is nothing to say."""
        return self._as_event({device: self._words(device, now) for device in self._all(devices)})

    def news(self, devices: Iterable[str], now: Ms) -> GivenBack | None:
        """Of which there is something else to say than when this was asked last."""
        words = {device: self._words(device, now) for device in self._all(devices)}
        fresh = {device: said for device, said in words.items() if said != self._said.get(device, ())}
        self._said = words
        return self._as_event(fresh)

    def _all(self, devices: Iterable[str]) -> list[str]:
        """Those of the session before count as well, where this one had to give them back."""
        return list(dict.fromkeys((*devices, *self._outcomes, *self._left)))

    def _words(self, device: str, now: Ms) -> tuple[str, ...]:
        owed = [self._of_owed(device, now)] if self._stage.owes(device) and device not in self._lit else []
        if device in self._left:
            return ("left", *owed)
        return tuple(owed or self._of_closed(device))

    def _of_owed(self, device: str, now: Ms) -> str:
        if self._stage.is_away(device):
            return "owed"
        if self._stage.waits_for_morning(device):
            return "morning"
        if self._stage.is_unanswered(device):
            return "unanswered"
        return "later" if self._stage.rests(device, now) else "owed"

    def _of_closed(self, device: str) -> list[str]:
        outcomes = self._outcomes.get(device, {})
        if not outcomes:
            return []
        if outcomes.get(Attribute.LEVEL) is Evidence.UNKNOWN:
            return ["unknown"]
        found = next((word for evidence, word in _WORDS.items() if evidence in outcomes.values()), "unknown")
        if found == "unanswered":
            return [found]
        said = [found, *self._of_colour(device, outcomes), *self._of_memory(device)]
        if device in self._guessed:
            said = ["fallback", *(word for word in said if word != "given")]
        return said

    def _of_colour(self, device: str, outcomes: dict[Attribute, Evidence]) -> list[str]:
        """A lamp that is on in a colour of the scene's, since nobody knows its own."""
        lamp = self._stage.staged(device).abilities.light
        has_colour = lamp is not None and lamp.colours is not ColourMode.NONE
        is_unknown = outcomes.get(Attribute.COLOUR) is Evidence.UNKNOWN and self._levels.get(device, 0) > 0
        return ["colour"] if has_colour and is_unknown else []

    def _of_memory(self, device: str) -> list[str]:
        """A lamp that is out again, and comes on otherwise than it would have."""
        lamp = self._stage.staged(device).lamp
        is_out = self._levels.get(device) == 0
        return ["brightness"] if lamp is not None and is_out and lamp.memory.is_lost else []

    def _as_event(self, words: dict[str, tuple[str, ...]]) -> GivenBack | None:
        def of(word: str) -> tuple[str, ...]:
            return tuple(device for device, said in words.items() if word in said)

        if not any(words.values()):
            return None
        return GivenBack(
            given=of("given"),
            left=of("left"),
            owed=of("owed"),
            sent=of("sent"),
            unanswered=of("unanswered"),
            fallback=of("fallback"),
            colour=of("colour"),
            brightness=of("brightness"),
            later=of("later"),
            morning=of("morning"),
            unknown=tuple((device, self._levels.get(device)) for device in of("unknown")),
        )
