"""What the journal must know: who began with what, what is owed, paid, taken by hand, and how it ended."""

from typing import NamedTuple, TypeAlias

from orchestrator.events.session import Ending
from orchestrator.stage.heard import Debt
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.units import Ms
from orchestrator.values import Attribute, Track, Value


class Begun(NamedTuple):
    """A session began, with the room as it was: durable before its first message."""

    session: str
    room: str
    at: Ms
    snapshot: tuple[tuple[str, Attribute, Value], ...]


class Owed(NamedTuple):
    """A debt was opened: durable before the message that it belongs to."""

    session: str
    debt: Debt


class Settled(NamedTuple):
    """A device was paid, or a person has taken the attribute and nothing is owed for it any more."""

    session: str
    device: str
    attribute: Attribute
    by_hand: bool


class Entered(NamedTuple):
    """A chapter began, with its number from 0; these tracks are touched so far."""

    session: str
    number: int
    chapter: str
    touched: tuple[Track, ...]


class SpeechMeasured(NamedTuple):
    """A voice has said to their end words of a language that were planned to take `words`, and took `lasted`.

    `rate`, `gap`: whether it follows these.
    """

    device: str
    language: str
    rate: bool
    gap: bool
    words: Ms
    lasted: Ms


class ProfileLearnt(NamedTuple):
    """All that is known of how late and how exactly a device reports; `fingerprint`: as it is reached now."""

    device: str
    fingerprint: str
    profile: ReportProfile


class Ended(NamedTuple):
    """A session is over."""

    session: str
    ending: Ending
    at: Ms


Entry: TypeAlias = Begun | Owed | Settled | Entered | SpeechMeasured | ProfileLearnt | Ended


class RecoveryRecord(NamedTuple):
    """What a journal knows of a session that was cut off: the chapter that it goes on with, or how it ends."""

    number: int
    snapshot: tuple[tuple[str, Attribute, Value], ...]
    debts: tuple[Debt, ...]
    touched: tuple[Track, ...]
    by_hand: tuple[tuple[str, Attribute], ...]
    ending: Ending | None = None
