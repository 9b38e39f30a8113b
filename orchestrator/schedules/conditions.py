"""What has to be so for a schedule to start, and how it was: each condition with the value that it saw."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from orchestrator.documents.plain_text import printable
from orchestrator.signals import Seen, Signal
from orchestrator.units import MINUTE, SECOND, Ms

IDLE = "idle"


class SignalIs(NamedTuple):
    """A topic says what is wanted, perhaps for long enough."""

    signal: Signal


class RoomIdle(NamedTuple):
    """Nothing is on in the room."""


class PlayedLess(NamedTuple):
    """Its scenes were played in the room fewer times than this: today, or this week from Monday on."""

    times: int
    this_week: bool = False


Condition: TypeAlias = SignalIs | RoomIdle | PlayedLess


class Facts(NamedTuple):
    """What is known at the moment of the decision. `seen` is by signal; sessions count by the day they belong to."""

    status: str
    played_today: int
    played_this_week: int
    seen: Mapping[Signal, Seen]


class ConditionResult(NamedTuple):
    """Whether a condition was met, and a sentence with the value that decided."""

    is_met: bool
    sentence: str


def judged(condition: Condition, facts: Facts) -> ConditionResult:
    """How a condition stands."""
    match condition:
        case RoomIdle():
            is_idle = facts.status == IDLE
            return ConditionResult(
                is_idle, "The room is idle." if is_idle else f"The room is not idle, but {facts.status}."
            )
        case PlayedLess(times, this_week):
            return _played(times, facts.played_this_week if this_week else facts.played_today, this_week=this_week)
        case SignalIs(signal):
            return _heard(signal, facts.seen.get(signal, Seen(None, None, is_on=False)))


def verdicts(conditions: tuple[Condition, ...], facts: Facts) -> list[ConditionResult]:
    """How each condition stands."""
    return [judged(condition, facts) for condition in conditions]


def against(given: list[ConditionResult]) -> str:
    """Why not, in sentences: what is not met, and then what was; empty where all is."""
    unmet = [verdict.sentence for verdict in given if not verdict.is_met]
    met = [verdict.sentence for verdict in given if verdict.is_met]
    return " ".join([*unmet, "The rest was as it should be:", *met] if unmet and met else unmet)


def _played(at_most: int, played: int, *, this_week: bool) -> ConditionResult:
    when = "this week" if this_week else "today"
    bound = "" if at_most == 1 else f", and less than {at_most} is wanted"
    if not played:
        return ConditionResult(True, f"It has not been played {when}.")
    times = "once" if played == 1 else f"{played} times"
    return ConditionResult(played < at_most, f"It was played {times} {when}{bound}.")


def _heard(signal: Signal, seen: Seen) -> ConditionResult:
    if seen.value is None:
        return ConditionResult(False, f"{signal.topic} has said nothing yet, and {signal.wanted} is wanted.")
    said = printable(seen.value)
    value = said if len(said) <= 60 else f"{said[:60]}…"
    if seen.held is not None and not seen.is_on:
        return ConditionResult(
            False,
            f"{signal.topic} says {value} only for {_length(seen.held)}, and {_length(signal.lasting)} is wanted.",
        )
    wanted = "" if seen.is_on else f", and {signal.wanted} is wanted"
    return ConditionResult(seen.is_on, f"{signal.topic} says {value}{wanted}.")


def _length(ms: Ms) -> str:
    return f"{ms // SECOND} s" if ms < MINUTE else f"{ms // MINUTE} min"
