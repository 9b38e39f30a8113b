"""What the devices of a room are still owed by sessions that are over, and why they do not have it yet."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from orchestrator.stage.closing import GivingBack
from orchestrator.stage.stage import Stage
from orchestrator.units import HOUR, Ms
from orchestrator.values import Attribute, Value

OVERDUE: Ms = HOUR
"""What has been owed for so long does not come by itself any more, or not soon: a person is told."""


class WhyOwed(StrEnum):
    """Why a device has not been given back."""

    AWAY = "away"
    """It is not there."""
    UNANSWERED = "unanswered"
    """It was told, and does not say that it has done it."""
    MORNING = "morning"
    """It would be brighter, and it is night."""
    UNDER_WAY = "under_way"
    """It is on its way, or is kept low for a minute first, or has its time yet to say that it is there."""


class Outstanding(NamedTuple):
    """A device, what it had before, and since when it is owed that. A value that nobody knows is None.

    `giving_back`: how far it is, of one that is under way.
    """

    device: str
    values: tuple[tuple[Attribute, Value | None], ...]
    since: Ms
    why: WhyOwed
    giving_back: GivingBack | None = None

    def is_overdue(self, now: Ms) -> bool:
        """Whether a person has to see to it."""
        return self.why in (WhyOwed.AWAY, WhyOwed.UNANSWERED) and now - self.since >= OVERDUE


def outstanding(devices: Iterable[str], stage: Stage) -> list[Outstanding]:
    """What each of these is owed, in their order."""
    return [_of(device, stage) for device in dict.fromkeys(devices) if stage.owes(device)]


def overdue_sentence(owed: Iterable[Outstanding], now: Ms) -> str | None:
    """What a person should know of it, and do; None where there is nothing to see to."""
    late = [each for each in owed if each.is_overdue(now)]
    said = {
        WhyOwed.AWAY: [each.device for each in late if each.why is WhyOwed.AWAY],
        WhyOwed.UNANSWERED: [each.device for each in late if each.why is WhyOwed.UNANSWERED],
    }
    parts = [f"{_row(devices)} {_VERBS[why][len(devices) > 1]}" for why, devices in said.items() if devices]
    if not parts:
        return None
    return f"Not given back: {'; '.join(parts)}. To try again: relax owed pay. To leave it so: relax owed drop."


_VERBS = {
    WhyOwed.AWAY: ("is away", "are away"),
    WhyOwed.UNANSWERED: ("does not answer", "do not answer"),
}


def _of(device: str, stage: Stage) -> Outstanding:
    debts = [debt for attribute in Attribute if (debt := stage.debt(device, attribute)) is not None]
    values = tuple((debt.attribute, debt.value) for debt in debts)
    why = _why(device, stage)
    course = stage.giving_back(device) if why is WhyOwed.UNDER_WAY else None
    return Outstanding(device, values, min(debt.since for debt in debts), why, course)


def _row(devices: list[str]) -> str:
    return " and ".join((", ".join(devices[:-1]), devices[-1]) if len(devices) > 1 else devices)


def _why(device: str, stage: Stage) -> WhyOwed:
    if stage.is_away(device):
        return WhyOwed.AWAY
    if stage.waits_for_morning(device):
        return WhyOwed.MORNING
    return WhyOwed.UNANSWERED if stage.is_unanswered(device) else WhyOwed.UNDER_WAY
