"""What happens to devices: missing, silent, back, taken by hand, given back; and for the trace what they were told."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from orchestrator.events.facts import JoinedNames, LengthMs, NamesWithLevels, WrittenAs
from orchestrator.values import Attribute, Playing, Value


def value_word(value: Value | None) -> int | str | None:
    """A value as it is said: a level or volume in percent; a colour as scenes write it; see `Overridden`.

    A lamp that is brighter than its home file uses it is at 100 %.
    """
    match value:
        case None:
            return None
        case bool():
            return "on" if value else "off"
        case float():
            return min(round(value), 100)
        case Playing(names, paused):
            return "paused" if paused else names[0] if names else "silent"
    return value.text


@dataclass(frozen=True, slots=True)
class SnapshotUnknown:
    """Nobody said how these devices of a role were before the session. `fallback`: there is something to give them."""

    kind: ClassVar[str] = "snapshot_unknown"

    role: Annotated[str, WrittenAs("about")]
    fallback: bool = True
    devices: JoinedNames = ()
    """None where an older relax has written it down."""


@dataclass(frozen=True, slots=True)
class DeviceMissing:
    """A device is away; the session goes on without."""

    kind: ClassVar[str] = "device_missing"

    device: Annotated[str, WrittenAs("about")]


@dataclass(frozen=True, slots=True)
class DeviceSilent:
    """A device that should have answered by now has not."""

    kind: ClassVar[str] = "device_silent"

    device: Annotated[str, WrittenAs("about")]


@dataclass(frozen=True, slots=True)
class DeviceRefused:
    """The bridge of a device refused what we told it, for a reason of its own."""

    kind: ClassVar[str] = "device_refused"

    device: Annotated[str, WrittenAs("about")]
    why: str


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A device said a value that means nothing, where `expected` is what it may say: how it was is not known."""

    kind: ClassVar[str] = "out_of_range"

    device: Annotated[str, WrittenAs("about")]
    what: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class DeviceReturned:
    """A device is back."""

    kind: ClassVar[str] = "device_returned"

    device: str


@dataclass(frozen=True, slots=True)
class Overridden:
    """A person took an attribute by hand.

    `value`: a level or volume in percent; a colour as scenes write it, `2700K` or `#ff9a3c`; `on`, `off`; the address
    of what plays, `silent` or `paused`; None where nobody knows.
    """

    kind: ClassVar[str] = "overridden"

    device: str
    attribute: Attribute
    value: int | str | None

    @classmethod
    def of(cls, device: str, attribute: Attribute, value: Value | None) -> "Overridden":
        """With the value of a track, as it is said."""
        return cls(device, attribute, value_word(value))

    @property
    def deed(self) -> str:
        """What somebody has done with it, for a sentence: `turned it off`, `set its volume to 30 %`."""
        match self.attribute, self.value:
            case (Attribute.LEVEL, 0) | (Attribute.ON, "off"):
                return "turned it off"
            case Attribute.ON, _:
                return "turned it on"
            case Attribute.LEVEL, None:
                return "set its brightness"
            case Attribute.LEVEL, value:
                return f"set its brightness to {value} %"
            case Attribute.VOLUME, value:
                return "set its volume" if value is None else f"set its volume to {value} %"
            case Attribute.COLOUR, value:
                return "set its colour" if value is None else f"set its colour to {value}"
            case _, "silent":
                return "stopped its music"
            case _, "paused":
                return "paused its music"
            case _:
                return "chose its music"


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of the devices after a landing, by what each showed; said again of those of which it changes.

    `given`: it says that it is as it was, or as the scene ends. `left`: as a person had it. `owed`: away, or not yet.
    `sent`: it was told, and never says how it is. `unanswered`: it did not say so. `unknown`: nobody knew how it was,
    and it is as the scene left it, at this level. `fallback`: nobody knew, and it has what the home file has instead.
    `colour`: its colour is the scene's, for nobody knew it. `brightness`: it was off and is off, and comes on the next
    time at the brightness that it went out at, for it takes none while it is off. `later`: kept low for a minute first.
    `morning`: no brighter at night; it is as it was in the morning, unless somebody touches it.
    """

    kind: ClassVar[str] = "given_back"

    given: JoinedNames
    left: JoinedNames
    owed: JoinedNames
    sent: JoinedNames = ()
    unanswered: JoinedNames = ()
    unknown: NamesWithLevels = ()
    fallback: JoinedNames = ()
    colour: JoinedNames = ()
    brightness: JoinedNames = ()
    later: JoinedNames = ()
    morning: JoinedNames = ()


@dataclass(frozen=True, slots=True)
class DebtDropped:
    """A device has been away for too long to be given back what it had. For the journal: it is not published."""

    kind: ClassVar[str] = "debt_dropped"

    device: str
    attribute: Attribute
    after: LengthMs


@dataclass(frozen=True, slots=True)
class CommandSent:
    """A device was told something: the payload, and how long after it was due. For the trace."""

    kind: ClassVar[str] = "sent"

    device: str
    what: str
    late: LengthMs


@dataclass(frozen=True, slots=True)
class DeviceAnswered:
    """A device said how it is, after it was told something. For the trace."""

    kind: ClassVar[str] = "answered"

    device: str
