"""What shows that a device has been given back: what it said after we were done, where it says anything."""

from collections.abc import Iterable
from enum import StrEnum

from orchestrator.stage.staged_device import StagedDevice
from orchestrator.values import Attribute


class Evidence(StrEnum):
    """What became of giving a device back (rule 16). What was left to a person is a debt that a hand has cancelled."""

    SHOWN = "shown"
    """It said that it has done it."""
    SENT = "sent"
    """It was told, and says of itself nothing that would show it."""
    UNANSWERED = "unanswered"
    """It should have said so, and has not."""
    UNKNOWN = "unknown"
    """Nobody knew what to give back: it is as the scene leaves it."""


def of_unknown(device: StagedDevice) -> Evidence:
    """What became of a debt whose value nobody knew: a device that has never said a word does not answer."""
    return Evidence.UNANSWERED if device.reports and not device.has_answered else Evidence.UNKNOWN


def evidence(device: StagedDevice, attributes: Iterable[Attribute]) -> Evidence:
    """What became of these attributes of a device, by what it has said up to now: the worst that is true of one."""
    found = {_of(device, attribute) for attribute in attributes}
    return next((worst for worst in (Evidence.UNANSWERED, Evidence.SENT) if worst in found), Evidence.SHOWN)


def _of(device: StagedDevice, attribute: Attribute) -> Evidence:
    part = device.part(attribute)
    if part is None or part.is_shown(attribute, can_ask=device.can_ask):
        return Evidence.SHOWN
    if not part.abilities.reports:
        return Evidence.SENT
    if part.is_told_of(attribute) or not device.has_answered_since:
        return Evidence.UNANSWERED
    # It answers, and never says this. A colour goes with its level in one command.
    is_followed = attribute is Attribute.COLOUR and part.is_shown(Attribute.LEVEL, can_ask=device.can_ask)
    return Evidence.SHOWN if is_followed else Evidence.SENT
