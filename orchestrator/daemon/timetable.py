"""What is due by the clock on the wall: announced in time, begun once, and not at all where somebody said so.

Pure: it is told what the wall shows, as often as anybody likes. A clock that jumps (sleep, NTP, a hand) is just a wall
that shows something else the next time: what was passed over is late, and `catch_up` of the schedule says what then.
Moments are in UTC. An *occasion* is a time of a schedule as its file has it: for one that ends at a time, the end, so
that a scene which takes longer since yesterday makes no other occasion of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from orchestrator.errors import Reason, Refused
from orchestrator.journal.records import InProgress, ScheduleMark
from orchestrator.schedules.model import Passed, Schedule
from orchestrator.schedules.outcome import Outcome, ScheduleResult
from orchestrator.schedules.recurrence import NextOccurrence, fires, next_fire

ON_TIME = timedelta(minutes=1)
"""What is no later than this is on time: we look every few seconds."""
WRONG_CLOCK = timedelta(hours=26)
"""A mark that lies so far ahead was made while the clock was wrong."""
LOOKED_BACK = timedelta(days=8)
"""What is older than this is not counted one by one."""


NOTHING_SAID: Mapping[str, None] = dict.fromkeys(("skipped", "postponed", "postponed_to", "announced"))
"""What people say of an occasion, and it to them, is over with it."""


class ActionKind(Enum):
    """What there is to do."""

    ANNOUNCE = auto()
    BEGIN = auto()
    PASS = auto()


class DueAction(NamedTuple):
    """Something to be done now for a schedule that was due at a moment. `result` and `why`: of what is not begun."""

    name: str
    due: datetime
    what: ActionKind
    late: timedelta = timedelta()
    result: ScheduleResult = ScheduleResult.STARTED
    why: str = ""


@dataclass
class _Line:
    """One schedule, what is remembered of it, and when it comes next."""

    schedule: Schedule
    mark: ScheduleMark
    outlook: NextOccurrence = NextOccurrence(None)  # noqa: RUF009 - an immutable value
    called: datetime | None = None
    """The occasion for which its announcement was called."""

    @property
    def due(self) -> datetime | None:
        """The moment at which it is looked at next."""
        return self.mark.postponed_to or self.outlook.at

    @property
    def occasion(self) -> datetime | None:
        """The time that is meant, also where it was put off."""
        return self.mark.postponed or self.coming

    @property
    def coming(self) -> datetime | None:
        """The next occasion that is not dealt with."""
        return self.outlook.at + self.lead if self.outlook.at is not None else None

    @property
    def lead(self) -> timedelta:
        """How long before its occasion it begins."""
        return timedelta(milliseconds=self.schedule.lead)


class Timetable:
    """The schedules of a home. What changes in the marks is to be fetched with `changes` and kept."""

    def __init__(self, schedules: Mapping[str, Schedule], marks: Mapping[str, ScheduleMark], wall: datetime) -> None:
        self._lines: dict[str, _Line] = {}
        self._changed: dict[str, None] = {}
        for name, schedule in schedules.items():
            found = marks.get(name)
            is_another = found is not None and found.fingerprint != schedule.fingerprint
            if found is None or (is_another and not schedule.out_of_use):
                found = _fresh(schedule, found, wall.astimezone(UTC))
                self._changed[name] = None
            self._lines[name] = _Line(schedule, found)
            self._look_ahead(self._lines[name])

    def schedules_are(self, schedules: Mapping[str, Schedule]) -> None:
        """The same schedules, whose scenes have other lengths by now."""
        for name, schedule in schedules.items():
            line = self._lines[name]
            if line.schedule.lead != schedule.lead:
                line.schedule = schedule
                self._look_ahead(line)

    # Time

    def next_moment(self) -> datetime | None:
        """When there is something to do next; None where never."""
        moments = [moment for line in self._lines.values() for moment in self._moments(line)]
        return min(moments, default=None)

    def advance(self, wall: datetime) -> list[DueAction]:
        """What is to be done now, in the order in which it was due."""
        here = wall.astimezone(UTC)
        calls: list[DueAction] = []
        for line in self._lines.values():
            if line.mark.until - line.lead - here > WRONG_CLOCK:
                self._keep(line, until=here + line.lead, **NOTHING_SAID)
            if line.mark.enabled:
                calls += self._due(line, here)
                calls += self._to_be_announced(line, here)
            elif line.outlook.at is not None and line.outlook.at <= here:
                self._keep(line, until=here + line.lead, skipped=None)
        return sorted(calls, key=lambda call: call.due)

    def _moments(self, line: _Line) -> list[datetime]:
        due = line.due
        if due is None or not line.mark.enabled:
            return [due] if due is not None else []
        ahead = self._announced_at(line)
        return [due] if ahead is None else [due, ahead]

    def _announced_at(self, line: _Line) -> datetime | None:
        """When it is to be announced; None where that is not wanted, or has been done."""
        announcement, due = line.schedule.announcement, line.due
        if announcement is None or due is None or line.mark.postponed is not None:
            return None
        is_done = line.coming in (line.called, line.mark.announced, line.mark.skipped)
        return None if is_done else due - timedelta(milliseconds=announcement.before)

    def _to_be_announced(self, line: _Line, here: datetime) -> list[DueAction]:
        ahead, due = self._announced_at(line), line.due
        if ahead is None or due is None or not ahead <= here < due:
            return []
        line.called = line.coming
        return [DueAction(line.schedule.name, due, ActionKind.ANNOUNCE)]

    def _due(self, line: _Line, here: datetime) -> list[DueAction]:
        """The newest of what is due decides; what was due before that is counted."""
        if line.due is None or line.due > here:
            return []
        moment, occasion, older = line.due, line.occasion, 0
        assert occasion is not None
        if line.mark.postponed is None:
            start = max(line.mark.until - line.lead, here - LOOKED_BACK)
            for outlook in fires(line.schedule, start):
                if outlook.at is None or outlook.at > here:
                    break
                older += outlook.at > moment
                moment = max(moment, outlook.at)
            occasion = moment + line.lead
        was_skipped, is_over = line.mark.skipped == occasion, _is_over(line.mark, moment, here)
        self._keep(line, until=max(occasion, line.mark.until), **NOTHING_SAID)
        if is_over:
            return []
        begins, late = occasion - line.lead, here - moment
        name = line.schedule.name
        if was_skipped:
            return [
                DueAction(name, begins, ActionKind.PASS, late, ScheduleResult.SKIPPED, "Somebody said to leave it out.")
            ]
        if late <= max(ON_TIME, timedelta(milliseconds=line.schedule.catch_up)):
            return [DueAction(name, begins, ActionKind.BEGIN, late)]
        return [DueAction(name, begins, ActionKind.PASS, late, ScheduleResult.MISSED, _missed(late, older))]

    # What people say

    def enable(self, name: str, wall: datetime, *, on: bool) -> None:
        """From now on it counts, or does not. What was due meanwhile was not missed."""
        line = self._line(name)
        if on and not line.mark.enabled:
            self._keep(line, enabled=True, until=max(line.mark.until, wall.astimezone(UTC) + line.lead))
        elif not on:
            self._keep(line, enabled=False, **NOTHING_SAID)

    def skip(self, name: str) -> datetime:
        """Leave out the next time, which is told. Raises Refused."""
        line = self._line(name)
        occasion = line.occasion
        if occasion is None:
            raise Refused(Reason.NOT_NOW, f"{name} has no next time.")
        if not line.mark.enabled:
            raise Refused(Reason.NOT_NOW, f"{name} is disabled.", "Enable it first.")
        if line.mark.skipped == occasion:
            undo = f"To take that back: relax schedules skip {name} --undo"
            raise Refused(Reason.NOT_NOW, f"The next time of {name} is left out already.", undo)
        self._keep(line, skipped=occasion, postponed=None, postponed_to=None)
        return occasion - line.lead

    def unskip(self, name: str) -> datetime:
        """Take that back. Raises Refused."""
        line = self._line(name)
        skipped = line.mark.skipped
        if skipped is None:
            raise Refused(Reason.NOT_NOW, f"Nothing of {name} is left out.")
        self._keep(line, skipped=None)
        return skipped - line.lead

    def later(self, name: str, wall: datetime, by: timedelta | None = None) -> datetime:
        """Put off what is announced; the moment to which. Raises Refused."""
        line = self._line(name)
        due, occasion = line.due, line.occasion
        if due is None or occasion is None or not self._is_announced(line):
            raise Refused(Reason.NOT_NOW, f"Nothing of {name} is announced now.")
        to = max(due, wall.astimezone(UTC)) + (by or timedelta(milliseconds=line.schedule.postponed_by))
        self._keep(line, postponed=occasion, postponed_to=to)
        return to

    def now(self, name: str) -> datetime:
        """Begin what is announced at once; the time that it is. Raises Refused."""
        line = self._line(name)
        occasion = line.occasion
        if occasion is None or not self._is_announced(line):
            raise Refused(Reason.NOT_NOW, f"Nothing of {name} is announced now.")
        self._keep(line, until=max(occasion, line.mark.until), **NOTHING_SAID)
        return occasion - line.lead

    def announced(self, name: str) -> None:
        """The room has been told of the next time: from now on it can be left out, put off or begun by a word there."""
        line = self._line(name)
        self._keep(line, announced=line.coming)

    def announced_in(self, room: str) -> str | None:
        """The schedule that is announced in a room and has not begun; None where none is."""
        waiting = (name for name, line in self._lines.items() if line.schedule.room == room)
        return next((name for name in waiting if self._is_announced(self._lines[name])), None)

    def _is_announced(self, line: _Line) -> bool:
        if not line.mark.enabled or line.mark.skipped is not None:
            return False
        mark = line.mark
        return mark.postponed is not None or (mark.announced is not None and mark.announced == line.coming)

    # What came of it

    def settle(self, name: str, outcome: Outcome) -> None:
        """Remember how a time went. What it is in the middle of goes on."""
        self._keep(self._line(name), last=outcome)

    def plays(self, name: str, playing: InProgress | None) -> None:
        """The session that it is in the middle of; None for none any more."""
        self._keep(self._line(name), playing=playing)

    def playing(self, session: str) -> tuple[str, InProgress] | None:
        """The schedule that a session belongs to, and which of its scenes that is."""
        for name, line in self._lines.items():
            if line.mark.playing is not None and line.mark.playing.session == session:
                return name, line.mark.playing
        return None

    # What is to be seen

    def names(self) -> list[str]:
        return list(self._lines)

    def schedule(self, name: str) -> Schedule:
        return self._line(name).schedule

    def mark(self, name: str) -> ScheduleMark:
        return self._line(name).mark

    def is_announced(self, name: str) -> bool:
        return self._is_announced(self._line(name))

    def passed(self, name: str) -> tuple[Passed, ...]:
        """The days before its next time that it leaves out."""
        return self._line(name).outlook.passed

    def next_time(self, name: str) -> datetime | None:
        """When it will really begin next: what is left out is passed over, what is disabled never comes."""
        line = self._line(name)
        if not line.mark.enabled:
            return None
        if line.outlook.at is not None and line.mark.skipped == line.coming:
            return next_fire(line.schedule, line.outlook.at).at
        return line.due

    def times(self, name: str, start: datetime, end: datetime) -> Iterator[datetime]:
        """When it will begin from a moment on until before another, with what people said reckoned in; none is past."""
        line = self._line(name)
        mark, lead = line.mark, line.lead
        if not mark.enabled:
            return
        if mark.postponed_to is not None and start <= mark.postponed_to < end:
            yield mark.postponed_to
        instant = timedelta(microseconds=1)
        for outlook in fires(line.schedule, max(start.astimezone(UTC) - instant, mark.until - lead)):
            if outlook.at is None or outlook.at >= end:
                return
            if outlook.at + lead not in (mark.skipped, mark.postponed):
                yield outlook.at

    def skipped(self, name: str) -> datetime | None:
        """When what is left out would have begun."""
        return self._begins(name, self.mark(name).skipped)

    def postponed(self, name: str) -> datetime | None:
        """When what was put off would have begun."""
        return self._begins(name, self.mark(name).postponed)

    def changes(self) -> dict[str, ScheduleMark]:
        """The marks that changed since the last call."""
        changed, self._changed = self._changed, {}
        return {name: self._lines[name].mark for name in changed}

    # Inside

    def _begins(self, name: str, occasion: datetime | None) -> datetime | None:
        return occasion - self._line(name).lead if occasion is not None else None

    def _line(self, name: str) -> _Line:
        if name not in self._lines:
            known = ", ".join(self._lines) or "none"
            raise Refused(Reason.UNKNOWN_SCHEDULE, f"There is no schedule {name!r}.", f"There are: {known}.")
        return self._lines[name]

    def _keep(self, line: _Line, **changes: object) -> None:
        before = line.mark
        line.mark = before._replace(**changes)  # type: ignore[arg-type]
        if line.mark != before:
            self._changed[line.schedule.name] = None
        if line.mark.until != before.until:
            self._look_ahead(line)

    def _look_ahead(self, line: _Line) -> None:
        line.outlook = next_fire(line.schedule, line.mark.until - line.lead)


def _fresh(schedule: Schedule, before: ScheduleMark | None, here: datetime) -> ScheduleMark:
    """A schedule that is new, or was rewritten, has missed nothing. What was said of a time that it still has holds."""
    lead = timedelta(milliseconds=schedule.lead)
    mark = ScheduleMark(schedule.fingerprint, here + lead)
    if before is None:
        return mark
    mark = mark._replace(enabled=before.enabled, last=before.last, playing=before.playing)
    if before.postponed_to is not None and before.postponed_to > here:
        mark = mark._replace(postponed=before.postponed, postponed_to=before.postponed_to)
    begins = next_fire(schedule, here).at
    coming = begins + lead if begins is not None else None
    return mark._replace(
        skipped=before.skipped if before.skipped == coming else None,
        announced=before.announced if before.announced == coming else None,
    )


def _is_over(mark: ScheduleMark, moment: datetime, here: datetime) -> bool:
    """Whether this time went its way already, as far as a clock can be trusted that showed other years meanwhile."""
    return mark.postponed is None and mark.last is not None and moment <= mark.last.due <= here


def _missed(late: timedelta, older: int) -> str:
    minutes = round(late.total_seconds() / 60)
    length = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    more = f", and {older} times before that" if older else ""
    return f"relax was not there when it was due ({length} ago{more})."
