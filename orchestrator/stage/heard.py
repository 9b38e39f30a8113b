"""What the stage hears that somebody above has to know."""

from typing import NamedTuple, TypeAlias

from orchestrator.devices.messages import OutOfRangeReport, SpeechEvent
from orchestrator.stage.evidence import Evidence
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.units import Ms
from orchestrator.values import Attribute, Value


class Debt(NamedTuple):
    """What we owe a device: the value that it had before. None: nobody knows it.

    `is_guess`: nobody knew it, and this is what the home file, or good sense, has instead.
    """

    device: str
    attribute: Attribute
    value: Value | None
    since: Ms
    is_guess: bool = False


class Learnt(NamedTuple):
    """How a device is has become known."""

    device: str


class ProfileChanged(NamedTuple):
    """A session with a device is over, and more has become known of how late and how exactly it reports."""

    device: str
    profile: ReportProfile


class TakenByHand(NamedTuple):
    """A person took an attribute by hand, and left it at a value."""

    device: str
    attribute: Attribute
    value: Value | None


class Spoke(NamedTuple):
    """A voice began or ended an announcement."""

    device: str
    id: str
    event: SpeechEvent


class Missing(NamedTuple):
    """A device went away."""

    device: str


class Returned(NamedTuple):
    """A device is back."""

    device: str


class Silent(NamedTuple):
    """A device that should have answered by now has not."""

    device: str


class SaidNonsense(NamedTuple):
    """A device said a value that means nothing: how it is is not known."""

    device: str
    report: OutOfRangeReport


class WasRefused(NamedTuple):
    """A device's bridge refused what it was told."""

    device: str
    why: str


class Pressed(NamedTuple):
    """A button."""

    device: str
    action: str


class DebtOpened(NamedTuple):
    """Something is owed to a device, from now on or again. It is closed by `Paid`, `TakenByHand` or `DebtExpired`."""

    debt: Debt


class DebtExpired(NamedTuple):
    """Nothing is owed to a device any more: it has been away for too long, or a person wants it as it is."""

    device: str
    attribute: Attribute


class Paid(NamedTuple):
    """Nothing more is owed to a device, and what shows it."""

    device: str
    attribute: Attribute
    evidence: Evidence = Evidence.SHOWN


class Unanswered(NamedTuple):
    """A device has had its time to say that it is given back. It may say so yet: until then it is owed."""

    device: str


class Withheld(NamedTuple):
    """What is owed to a lamp would make it brighter, and it is night: it is paid in the morning."""

    device: str


Heard: TypeAlias = (
    Learnt
    | ProfileChanged
    | TakenByHand
    | Spoke
    | Missing
    | Returned
    | Silent
    | SaidNonsense
    | WasRefused
    | Pressed
    | DebtOpened
    | DebtExpired
    | Paid
    | Unanswered
    | Withheld
)
"""In the order in which it happened. What is owed is said here alone, so that no debt is opened unheard."""
