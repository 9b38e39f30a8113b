"""Why something did not happen, as a person would say it, with the value that decided."""

from orchestrator.conductor.announcer import TOO_LATE
from orchestrator.events.device import (
    DebtDropped,
    DeviceMissing,
    DeviceRefused,
    DeviceSilent,
    GivenBack,
    OutOfRange,
    Overridden,
    SnapshotUnknown,
)
from orchestrator.events.event import Event
from orchestrator.events.interruption import Interrupted
from orchestrator.events.music import MusicUnknown
from orchestrator.events.refusal import CommandRefused
from orchestrator.events.service import SchedulePassed
from orchestrator.events.session import Ending, Landing, QueueDropped
from orchestrator.events.words import WordsDropped
from orchestrator.units import HOUR, SECOND
from orchestrator.values import Attribute

_LANDED_BADLY = {Ending.LOST: "was lost", Ending.FAILED: "failed"}
_HARMLESS = "it gets its fallback, or without one a player falls silent and a switch goes off"
_INTERRUPTED = {"pause": "the session stood for it", "abort": "the session was ended, in full light"}
_THINGS = {
    Attribute.LEVEL: "brightness",
    Attribute.COLOUR: "colour",
    Attribute.PLAYING: "music",
    Attribute.VOLUME: "volume",
    Attribute.ON: "switch",
}

NOT_HAPPENED: tuple[type[Event], ...] = (
    WordsDropped,
    MusicUnknown,
    SnapshotUnknown,
    DeviceMissing,
    DeviceSilent,
    DeviceRefused,
    OutOfRange,
    Overridden,
    QueueDropped,
    GivenBack,
    Landing,
    Interrupted,
    CommandRefused,
    DebtDropped,
    SchedulePassed,
)
"""The kinds of which `why_not` may have something to say."""


def _not_given_back(event: GivenBack) -> str:
    said = [f"{name} was left as the scene left it, for nothing was known of it." for name, _ in event.unknown]
    if event.unanswered:
        said.append(f"Did not say that it is as it was: {', '.join(event.unanswered)}.")
    if event.morning:
        said.append(f"It was night, so these were made no brighter until the morning: {', '.join(event.morning)}.")
    if event.owed:
        said.append(f"Not given back yet: {', '.join(event.owed)}. It gets what it had when it is there again.")
    return " ".join(said)


def why_not(event: Event) -> str:
    """The sentence; empty where nothing failed to happen."""
    match event:
        case WordsDropped(_, late):
            late_words = f"Words were left out: they would have come {late / SECOND:.1f} s late"
            if late > TOO_LATE:
                return f"{late_words}, {TOO_LATE / SECOND:.0f} s is the most."
            return f"{late_words}; a beat of a count does not wait."
        case MusicUnknown(names):
            return f"The home has no music called {names}: what played, played on."
        case SnapshotUnknown(role, fallback, devices):
            then = _HARMLESS if fallback else "it stays as the scene leaves it"
            return f"Nobody said how {', '.join(devices) or role} was before: {then}."
        case DeviceMissing(device):
            return f"{device} was not there: the session went on without it."
        case DeviceSilent(device):
            return f"{device} did not answer."
        case DeviceRefused(device, why):
            return f"{device} could not be told: {why}"
        case OutOfRange(device, what, value, expected):
            return f"{device} said {what} {value}, which should be {expected}: how it was is not known."
        case Overridden(device):
            return f"{device}: somebody {event.deed} by hand, and it was left so."
        case QueueDropped(scene, reason):
            return f"{scene} waited for the room and did not start: {reason}."
        case GivenBack():
            return _not_given_back(event)
        case Interrupted(name, do) if do in _INTERRUPTED:
            return f"{name} broke in: {_INTERRUPTED[do]}."
        case Landing(ending) if ending in _LANDED_BADLY:
            return f"The session did not go on: it {_LANDED_BADLY[ending]}."
        case CommandRefused(command, code, message):
            return f"{command} was refused ({code}): {message}"
        case DebtDropped(device, attribute, after):
            return (
                f"The {_THINGS[attribute]} of {device} was never given back: it was away for {after / HOUR:.1f} hours."
            )
        case SchedulePassed(schedule, due, _, why):
            return f"{schedule}, due {due}, did not begin. {why}".strip()
        case _:
            return ""
