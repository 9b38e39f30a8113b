"""Sees to the schedules of a home: what is due is announced, judged, begun once, and accounted for."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from orchestrator.commands import COMMANDS, PlannedWord
from orchestrator.conductor import notice
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.notice import Notice
from orchestrator.conductor.preparation import is_night, programme_faults
from orchestrator.conductor.request import BY_SCHEDULE, Mode
from orchestrator.daemon.logs import about
from orchestrator.daemon.refusal_publisher import RefusalPublisher
from orchestrator.daemon.session_starter import SessionStarter
from orchestrator.daemon.timetable import ActionKind, DueAction, Timetable
from orchestrator.devices.messages import Message
from orchestrator.errors import Fault, Reason, Refused, RelaxError
from orchestrator.events.service import SchedulePassed, ScheduleStarted
from orchestrator.events.session import Ending
from orchestrator.home.library import Home
from orchestrator.home.programme import programme, zone_of
from orchestrator.home.satellites import has_ears
from orchestrator.home.spoken_text import spoken_text
from orchestrator.integrations.home_assistant import ScheduleSummary, summaries_of
from orchestrator.integrations.interface import reason_of
from orchestrator.integrations.outgoing import LastTime, PassedDays, ScheduleState
from orchestrator.integrations.scheduling import ScheduleAnswer, ScheduleAsked, ScheduleRequest, Scheduling
from orchestrator.integrations.wording import worded
from orchestrator.journal.history import DAY_ENDS_AT, day_of
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import InProgress
from orchestrator.schedules.conditions import Facts, SignalIs, against, verdicts
from orchestrator.schedules.model import SceneChoice, Schedule
from orchestrator.schedules.outcome import Outcome, ScheduleResult
from orchestrator.session.state import Status
from orchestrator.signals import Watch
from orchestrator.units import SECOND, Ms

PASSED_SHOWN = 12
"""So many stretches of days that are left out are told with a schedule's state."""
TIMES_TOLD = 40
"""So many times are told at once: each is reckoned while lights fade. Whoever wants more asks on from the last."""
MEANINGS = {
    **{word.value: word for word in PlannedWord},
    **{spec.word: spec.planned for spec in COMMANDS if spec.planned is not None},
}
"""What a room's buttons and voices mean while something is announced in it."""

HEARS_WITHIN: Ms = 2 * SECOND
"""So long after the first connection every kept message of a condition has come, or there is none."""

logger = logging.getLogger(__name__)


class Scheduler:
    """One home's, from `open` on. `machine` is the zone where the home gives none; `refusals` hears what is refused."""

    def __init__(
        self,
        home: Home,
        conductor: Conductor,
        starter: SessionStarter,
        journal: Journal,
        scheduling: Scheduling,
        *,
        machine: ZoneInfo,
        refusals: RefusalPublisher | None = None,
    ) -> None:
        self._home = home
        self._conductor = conductor
        self._starter = starter
        self._journal = journal
        self._scheduling = scheduling
        self._refusals = refusals
        self._zone = zone_of(home, machine)
        self._schedules = programme(home, machine)
        self._watches = {
            condition.signal: Watch(condition.signal)
            for schedule in self._schedules.values()
            for condition in schedule.conditions
            if isinstance(condition, SignalIs)
        }
        self._unplayable: tuple[Fault, ...] = ()
        self._timetable = Timetable({}, {}, datetime.fromtimestamp(0, UTC))
        self._has_news = True
        self._listens_from: Ms | None = None

    def open(self, wall: datetime) -> None:
        """Take up what the journal remembers; `wall` is what the clock shows."""
        self._timetable = Timetable(self._measured(), self._journal.schedule_marks(), wall)
        self._keep()

    # What is heard

    def hear(self, message: Message, now: Ms) -> None:
        """A message that a condition may ask for."""
        for signal, watch in self._watches.items():
            if signal.topic == message.topic:
                watch.take(message.payload, now)

    def say(
        self, room: str, word: str, now: Ms, wall: datetime, *, by: Ms | None = None, is_answered: bool = False
    ) -> bool:
        """A word said or pressed in a room where nothing is on; False where nothing is announced there.

        `by` is how much later, where that was said; `is_answered`: somebody else says that it was understood.
        """
        name, meaning = self._timetable.announced_in(room), MEANINGS.get(word)
        if name is None or meaning is None:
            return False
        try:
            self._do(name, ScheduleRequest(meaning, by), now, wall, is_answered=is_answered)
        except RelaxError as error:
            logger.info("%s: %s", name, error, extra=about(room))
        self._keep()
        return True

    def answer(self, asked: ScheduleAsked, now: Ms, wall: datetime) -> list[Message]:
        """Do what is asked, and the replies."""
        if isinstance(asked.request, Refused):
            logger.info("Refused (%s): %s", asked.request.reason, asked.request)
            self._publish_refusal(asked.name, asked.request, "", now)
        replies = self._scheduling.answered(asked, lambda request: self._answer(asked.name, request, now, wall))
        self._keep()
        return replies

    def connected(self, now: Ms) -> None:
        """The broker may have lost everything: every state is news again. The first time, it is told a lot at once."""
        self._scheduling.forget()
        self._has_news = True
        if self._listens_from is None:
            self._listens_from = now

    def zone_is(self, machine: ZoneInfo, wall: datetime) -> None:
        """The machine was taken to another zone: the hours are those of its wall from now on."""
        self._zone = zone_of(self._home, machine)
        self._schedules = {
            name: replace(schedule, conditions=self._schedules[name].conditions)  # what they have heard stays heard
            for name, schedule in programme(self._home, machine).items()
        }
        self._timetable = Timetable(self._measured(), self._journal.schedule_marks(), wall)
        self._has_news = True
        self._keep()

    def scenes_changed(self) -> None:
        """The scenes are others: those that end at a time begin at another."""
        self._has_news = True
        self._timetable.schedules_are(self._measured())

    def ended(self, session: str, ending: Ending, now: Ms) -> None:
        """A session is over: where it was one of several, the next one begins if it was played to its end."""
        found = self._timetable.playing(session)
        if found is None:
            return
        name, (_, piece, began) = found
        pieces, last = self._timetable.schedule(name).pieces, self._timetable.mark(name).last
        self._timetable.plays(name, None)
        if piece + 1 < len(pieces) and ending is Ending.FINISHED:
            self._begin(name, began, piece + 1, now)
        elif piece + 1 < len(pieces) and last is not None and last.session == session:
            why = f"{pieces[piece].scene} was {ending}: the rest was left out."
            self._timetable.settle(name, last._replace(why=why))
        self._keep()

    # Time

    def due(self, now: Ms, wall: datetime) -> Ms | None:
        """When there is something to do next, on the clock that nobody sets."""
        moment = self._timetable.next_moment()
        if moment is None:
            return None
        return max(now + round((moment - wall) / timedelta(milliseconds=1)), now, self._knows_from(now))

    def turn(self, now: Ms, wall: datetime) -> None:
        """Let happen what is due by the wall's clock."""
        if now < self._knows_from(now):
            return
        for call in self._timetable.advance(wall):
            self._keep()  # it is dealt with before it begins: a crash in between leaves it out, and never doubles it
            match call.what:
                case ActionKind.ANNOUNCE:
                    self._has_news = True
                    self._announce(call, now, wall)
                case ActionKind.BEGIN:
                    self._judge(call, now, wall)
                case ActionKind.PASS:
                    self._pass(call.name, call.due, call.result, call.why, now)
        self._keep()

    def _knows_from(self, now: Ms) -> Ms:
        """When everything has been heard that the broker keeps: what is due before that would be judged by nothing."""
        if self._listens_from is None or all(watch.has_spoken for watch in self._watches.values()):
            return now
        return self._listens_from + HEARS_WITHIN

    # What is told

    def states(self) -> list[Message]:
        """How the schedules stand, where that is news."""
        if not self._has_news:
            return []
        self._has_news = False
        return self._scheduling.states({name: self._state(name) for name in self._timetable.names()})

    def summaries(self) -> list[ScheduleSummary]:
        """The schedules as Home Assistant shows them."""
        return summaries_of(self._home)

    def _state(self, name: str) -> ScheduleState:
        schedule, mark = self._timetable.schedule(name), self._timetable.mark(name)

        def local(moment: datetime | None) -> datetime | None:
            return moment.astimezone(schedule.zone) if moment is not None else None

        last = mark.last
        told = None
        if last is not None:
            due = last.due.astimezone(schedule.zone)
            told = LastTime(due=due, result=last.result, why=last.why, session=last.session)
        return ScheduleState(
            schedule=name,
            title=self._title(schedule),
            room=schedule.room,
            scene=schedule.pieces[0].scene,
            caution=self._first_caution(schedule.pieces[0]),
            enabled=mark.enabled,
            next=local(self._timetable.next_time(name)),
            skipped=local(self._timetable.skipped(name)),
            postponed=local(self._timetable.postponed(name)),
            announced=self._timetable.is_announced(name),
            passed=[
                PassedDays(first=each.first, last=each.last, why=each.why)
                for each in self._timetable.passed(name)[:PASSED_SHOWN]
            ],
            last=told,
            problem=schedule.out_of_use or None,
        )

    def _first_caution(self, piece: SceneChoice) -> str | None:
        """None also where the scene cannot be begun: why, is said when it is due."""
        try:
            return self._starter.first_caution(piece.scene, piece.parameters, self._language)
        except RelaxError:
            return None

    # Inside

    def _answer(self, name: str, request: ScheduleRequest, now: Ms, wall: datetime) -> ScheduleAnswer:
        """Raises RelaxError, which the schedule's room has then been told of."""
        if request.word != "times":
            return ScheduleAnswer(self._obey(name, request, now, wall))
        start = max(request.start or wall, wall)
        end = request.end or start + timedelta(days=366)
        zone = self._timetable.schedule(name).zone
        found = [at.astimezone(zone) for at in islice(self._timetable.times(name, start, end), TIMES_TOLD + 1)]
        return ScheduleAnswer(times=found[:TIMES_TOLD], more=len(found) > TIMES_TOLD)

    def _obey(self, name: str, request: ScheduleRequest, now: Ms, wall: datetime) -> str | None:
        """What was published for a schedule. Raises RelaxError, which the schedule's room has then been told of."""
        try:
            return self._do(name, request, now, wall)
        except RelaxError as error:
            self._publish_refusal(name, error, request.word, now)
            raise

    def _publish_refusal(self, name: str, error: RelaxError, word: str, now: Ms) -> None:
        if self._refusals is not None and name in self._schedules:
            refusal = Refused(reason_of(error), f"{name}: {error.message}", error.hint)
            self._refusals.publish(self._schedules[name].room, refusal, word, now)

    def _do(
        self, name: str, request: ScheduleRequest, now: Ms, wall: datetime, *, is_answered: bool = False
    ) -> str | None:
        """What a person says. Raises RelaxError."""
        timetable = self._timetable
        room = timetable.schedule(name).room
        was_announced = timetable.is_announced(name)
        match request.word:
            case "enable" | "disable":
                timetable.enable(name, wall, on=request.word == "enable")
            case "announce":
                if timetable.next_time(name) is None:
                    raise Refused(Reason.NOT_NOW, f"{name} does not begin as things are.", "Is it enabled?")
                timetable.announced(name)
                self._has_news = True
            case "skip":
                timetable.skip(name)
                if was_announced and not is_answered:
                    self._notify(room, notice.skipped(self._language), now, wall)
            case "unskip":
                timetable.unskip(name)
            case "later":
                by = timedelta(milliseconds=request.by) if request.by is not None else None
                to = timetable.later(name, wall, by)
                if not is_answered:
                    self._notify(room, notice.put_off(to - wall.astimezone(UTC), self._language), now, wall)
            case "now" if not was_announced:
                raise Refused(Reason.NOT_NOW, f"Nothing of {name} is announced now.", "`run` begins it all the same.")
            case _:
                return self._run(name, now, wall)
        return None

    def _run(self, name: str, now: Ms, wall: datetime) -> str:
        """Begin it because somebody says so, whatever its conditions say. Raises RelaxError."""
        session = self._open(name, 0, now)
        due = self._timetable.now(name) if self._timetable.is_announced(name) else wall.astimezone(UTC)
        self._started(name, due, session, 0, now)
        return session

    def _announce(self, call: DueAction, now: Ms, wall: datetime) -> None:
        """Aloud only where it would begin as things are: nobody hears of what will not come."""
        schedule = self._timetable.schedule(call.name)
        announcement = schedule.announcement
        if announcement is None or not self._is_idle(schedule.room) or self._against(schedule, now, wall):
            return
        self._timetable.announced(call.name)
        language, words = self._language, announcement.words
        if words is None:
            room = self._home.model.rooms[schedule.room]
            has_choice = bool(room.buttons) or has_ears(self._home, room)
            ahead = call.due - wall.astimezone(UTC)
            said = notice.begins(self._title(schedule), ahead, language, has_choice=has_choice)
        else:
            said = Notice(*spoken_text(words, language))
        logger.info("%s is announced.", call.name, extra=about(schedule.room))
        self._notify(schedule.room, said, now, wall)

    def _judge(self, call: DueAction, now: Ms, wall: datetime) -> None:
        schedule = self._timetable.schedule(call.name)
        if why := self._against(schedule, now, wall):
            self._pass(call.name, call.due, ScheduleResult.UNMET, why, now)
        else:
            self._begin(call.name, call.due, 0, now)

    def _begin(self, name: str, due: datetime, piece: int, now: Ms) -> None:
        try:
            session = self._open(name, piece, now)
        except RelaxError as error:
            self._publish_refusal(name, error, "start", now)
            self._pass(name, due, ScheduleResult.REFUSED, str(error), now)
        else:
            self._started(name, due, session, piece, now)

    def _open(self, name: str, piece: int, now: Ms) -> str:
        schedule = self._timetable.schedule(name)
        scene, parameters = schedule.pieces[piece]
        mode = Mode(schedule.mode) if schedule.mode is not None else None
        return self._starter.begin(schedule.room, scene, parameters, now, mode=mode, trigger=BY_SCHEDULE).session

    def _started(self, name: str, due: datetime, session: str, piece: int, now: Ms) -> None:
        room = self._timetable.schedule(name).room
        self._timetable.settle(name, Outcome(due, ScheduleResult.STARTED, session=session))
        self._timetable.plays(name, InProgress(session, piece, due))
        self._journal.tell(room, now, ScheduleStarted(name, due.isoformat()), session)
        logger.info("%s begins.", name, extra=about(room, session))

    def _pass(self, name: str, due: datetime, result: ScheduleResult, why: str, now: Ms) -> None:
        """It did not begin, and why."""
        schedule = self._timetable.schedule(name)
        self._timetable.settle(name, Outcome(due, result, why))
        local = due.astimezone(schedule.zone)
        self._journal.tell(schedule.room, now, SchedulePassed(name, f"{local:%a %d %b %H:%M}", str(result), why))
        logger.info("%s did not begin (%s). %s", name, result, why, extra=about(schedule.room))

    def _notify(self, room: str, said: Notice, now: Ms, wall: datetime) -> None:
        local = wall.astimezone(self._zone)
        at_night = is_night(self._home.model.rooms[room].night, local.time())
        self._conductor.notify(room, said, now, at_night=at_night)

    def _against(self, schedule: Schedule, now: Ms, wall: datetime) -> str:
        """Why its conditions say no, with the value of each; empty where they do not."""
        return against(verdicts(schedule.conditions, self._facts(schedule, now, wall)))

    def _facts(self, schedule: Schedule, now: Ms, wall: datetime) -> Facts:
        runner = self._conductor.runner(schedule.room)
        today = day_of(wall.astimezone(schedule.zone))
        return Facts(
            status=str(Status.IDLE if runner is None or runner.is_over else runner.status),
            played_today=self._played(schedule, today),
            played_this_week=self._played(schedule, today - timedelta(days=today.weekday())),
            seen={signal: watch.seen(now) for signal, watch in self._watches.items()},
        )

    def _is_idle(self, room: str) -> bool:
        runner = self._conductor.runner(room)
        return runner is None or runner.is_over

    def _played(self, schedule: Schedule, since: date) -> int:
        """How often since a day: of several scenes the first counts, so that an evening is one."""
        begins = datetime.combine(since, time(), schedule.zone) + DAY_ENDS_AT
        return self._journal.played_since(schedule.room, schedule.pieces[0].scene, begins)

    def _measured(self) -> dict[str, Schedule]:
        """The schedules, with the length of those that end at a time. What cannot be played is said in the log."""
        unplayable = tuple(programme_faults(self._home, self._starter.scene))
        if unplayable != self._unplayable:
            self._unplayable = unplayable
            for fault in unplayable:
                logger.warning("A schedule cannot be played as it is: %s", fault)
        return {name: self._with_length(schedule) for name, schedule in self._schedules.items()}

    def _with_length(self, schedule: Schedule) -> Schedule:
        if not schedule.is_end:
            return schedule
        try:
            return schedule.lasting(sum(self._starter.lasts(schedule.room, *piece) for piece in schedule.pieces))
        except RelaxError:  # it cannot be played: that has been said
            return schedule

    def _title(self, schedule: Schedule) -> str:
        if own := self._own_title(schedule):
            return own
        scene = schedule.pieces[0].scene
        try:
            return self._starter.title(scene, self._language)
        except RelaxError:
            return scene

    def _own_title(self, schedule: Schedule) -> str:
        return worded(schedule.title, self._language)

    @property
    def _language(self) -> str:
        return self._home.model.language

    def _keep(self) -> None:
        """In the journal, before anything comes of it."""
        changes = self._timetable.changes()
        self._journal.mark(changes)
        self._has_news = self._has_news or bool(changes)
