"""Why something did not happen, as a person would say it, with the value that decided."""

from collections.abc import Mapping
from typing import Any

from orchestrator.conductor.announcer import TOO_LATE
from orchestrator.session.state import Event
from orchestrator.values import SECOND

REFUSED = "refused"
"""A command changed nothing: `command`, `code`, `message`."""
NOT_SENT = "not_sent"
"""A device was not told something: `device`, `what`, `reason`, and the `value` that decided."""
DEBT_DROPPED = "debt_dropped"
"""A device has been away for too long: `device`, `attribute`, `after` ms."""
CUT_OFF = "cut_off"
"""relax was away and the session did not go on: `why`."""
SCHEDULE_STARTED = "schedule_started"
"""A schedule has started the session: `schedule`, and `due`."""
SCHEDULE_PASSED = "schedule_passed"
"""A schedule was due and did not start: `schedule`, `due`, `result`, and `why` with the value of each condition."""

_LANDED_BADLY = ("lost", "failed")
_INTERRUPTED = {"pause": "the session stood for it", "abort": "the session was ended, in full light"}
_THINGS = {"level": "brightness", "colour": "colour", "playing": "music", "volume": "volume", "on": "switch"}

NOT_HAPPENED = (
    Event.WORDS_DROPPED,
    Event.MUSIC_UNKNOWN,
    Event.SNAPSHOT_UNKNOWN,
    Event.DEVICE_MISSING,
    Event.DEVICE_SILENT,
    Event.OVERRIDDEN,
    Event.QUEUE_DROPPED,
    Event.GIVEN_BACK,
    Event.LANDING,
    Event.INTERRUPTED,
    REFUSED,
    NOT_SENT,
    DEBT_DROPPED,
    CUT_OFF,
    SCHEDULE_PASSED,
)


def why_not(event: str, details: Mapping[str, Any]) -> str:
    """The sentence; empty where nothing failed to happen."""
    about = details.get("about", details.get("device", ""))
    thing = _THINGS.get(str(details.get("attribute")), details.get("attribute"))
    match event:
        case Event.WORDS_DROPPED:
            late = details.get("late", 0) / SECOND
            return (
                f"Words were left out: they would have come {late:.1f} s late, {TOO_LATE / SECOND:.0f} s is the most."
            )
        case Event.MUSIC_UNKNOWN:
            return f"The home has no music called {about}: what played, played on."
        case Event.SNAPSHOT_UNKNOWN:
            return f"Nobody said how {about} was before: it gets what the home file has as its fallback."
        case Event.DEVICE_MISSING:
            return f"{about} was not there: the session went on without it."
        case Event.DEVICE_SILENT:
            return f"{about} did not answer."
        case Event.OVERRIDDEN:
            value = details.get("value")
            set_to = "" if value is None else f" to {value}"
            return f"Somebody set the {thing} of {about}{set_to} by hand: it was left so."
        case Event.QUEUE_DROPPED:
            return f"{details.get('scene')} waited for the room and did not start: {details.get('reason')}."
        case Event.GIVEN_BACK if details.get("owed"):
            return f"Not given back yet: {details['owed']}. It gets what it had when it is there again."
        case Event.INTERRUPTED if details.get("do") in _INTERRUPTED:
            return f"{details.get('name')} broke in: {_INTERRUPTED[str(details['do'])]}."
        case Event.LANDING if details.get("ending") in _LANDED_BADLY:
            return f"The session did not go on: it {_was(str(details['ending']))}."
        case "refused":
            return f"{details.get('command')} was refused ({details.get('code')}): {details.get('message')}"
        case "not_sent":
            value = f" ({details['value']})" if details.get("value") is not None else ""
            return f"{about} was not told its {details.get('what', thing)}: {details.get('reason')}{value}."
        case "debt_dropped":
            hours = details.get("after", 0) / SECOND / 3600
            return f"The {thing} of {about} was never given back: it was away for {hours:.1f} hours."
        case "schedule_passed":
            return f"{details.get('schedule')}, due {details.get('due')}, did not begin. {details.get('why')}".strip()
        case "cut_off":
            return str(details.get("why", ""))
        case _:
            return ""


def _was(ending: str) -> str:
    return "was lost" if ending == "lost" else ending
