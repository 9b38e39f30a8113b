"""What is given back late at night makes no lamp brighter: it waits for the morning."""

from collections.abc import Iterator

from tests.witness.case import Case, Finding
from tests.witness.lamps import Lamp


def judge(case: Case) -> Iterator[Finding]:
    if not case.recording.cast.get("at_night"):
        return
    for lamp in case.lamps:
        since = _since(case, lamp)
        if since is None or case.disturbances.is_left(lamp.name):
            continue
        least = lamp.level.just_before(since)
        for line in lamp.level.lines:
            if since - 0.001 <= line.start < case.disturbances.morning and line.target > least + 1.0:
                wanted = f"no brighter than {least:.0f} of {lamp.units} before the morning"
                yield case.finding("late: brighter", line.start, lamp.name, wanted, f"{line.target:.0f}")
                break


def _since(case: Case, lamp: Lamp) -> float | None:
    """From when on nothing may make it brighter: it has returned too late, or the session was lost."""
    returned = [end for _, end in case.disturbances.absences(lamp.name) if case.landed < end < float("inf")]
    if case.ending == "lost" and case.landing is not None:
        returned.append(case.landing.wall)
    return min(returned, default=None)
