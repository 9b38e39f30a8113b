"""A home in service: its sessions played, everybody's requests answered, everything kept in the journal."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from orchestrator.commands import PlannedWord, Stop
from orchestrator.conductor.journal_entries import Entry
from orchestrator.daemon.broker import address_of
from orchestrator.daemon.clock import Timer, boot_clock, local_time, local_zone, now
from orchestrator.daemon.daemon import Daemon
from orchestrator.daemon.disk_sync import DiskSync
from orchestrator.daemon.display_publisher import DisplayPublisher
from orchestrator.daemon.driver import connected_now, run_claim
from orchestrator.daemon.gateways import gateways_of
from orchestrator.daemon.logs import about
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.daemon.recovery import give_back_unremembered, recover
from orchestrator.daemon.refusal_publisher import RefusalPublisher
from orchestrator.daemon.request_handler import RequestHandler, SaidOfPlanned
from orchestrator.daemon.retained_states import HEARD_WITHIN, RetainedStates
from orchestrator.daemon.scene_repository import SceneRepository
from orchestrator.daemon.scheduler import MEANINGS, Scheduler
from orchestrator.daemon.session_starter import SessionStarter
from orchestrator.daemon.suspend_detector import SuspendDetector
from orchestrator.daemon.voice_timings import VoiceTimings
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.codec import to_journal
from orchestrator.events.event import EventRecord, RoomEvent
from orchestrator.events.service import Slept
from orchestrator.events.session import Ending, Landed, SessionResumed, SessionStarted
from orchestrator.events.words import Announced
from orchestrator.home.library import Home
from orchestrator.integrations.driver_claim import ClaimTopics, DriverClaim
from orchestrator.integrations.home_assistant import Announcements
from orchestrator.integrations.intent_handler import AboutPlanned, IntentHandler
from orchestrator.integrations.intents import Intents
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import Last
from orchestrator.integrations.scheduling import Scheduling
from orchestrator.journal.device_trace import DeviceTrace
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Closed
from orchestrator.schedules.conditions import SignalIs
from orchestrator.units import HOUR, SECOND, Ms

BEAT: Ms = 10 * SECOND
"""How often the journal gets a sign of life."""
DAY: Ms = 24 * HOUR
KEPT = timedelta(days=90)
"""How long events are kept one by one."""
REMEMBERED = timedelta(days=366)
"""How long it is remembered how a device reports that no session plays with any more."""
TRACED: Ms = SECOND
"""Of the steps of one device's fade the trace keeps no more than one in so long."""
_QUIET = (Announced,)
"""What happens too often for the log, where nobody asked for more."""

logger = logging.getLogger(__name__)


class Service:
    """One home at one broker, for which it waits. Use it in `async with`; raises BrokerRefused where that says no.

    `claim`: who we are beside others who might drive this home; `rival` is one to whom we give way.
    `look` is to be called every few seconds: it sees to the journal and notices a machine that slept. `boot` is the
    clock that counts sleep as well, `wall` the one on the wall.
    """

    def __init__(
        self,
        home: Home,
        repository: SceneRepository,
        journal: Journal,
        interface: Interface,
        *,
        claim: DriverClaim | None = None,
        boot: Callable[[], Ms] = boot_clock,
        wall: Callable[[], datetime] = local_time,
    ) -> None:
        self.home = home
        self._repository = repository
        self._journal = journal
        self._interface = interface
        self._wall = wall
        self._since = wall()
        self._suspend_detector = SuspendDetector(boot, wall)
        self._stack = AsyncExitStack()
        self._outbox: list[Message] = []
        self._scene_of: dict[str, str] = {}
        self._wire = DeviceTrace(home.devices.values(), journal)
        self._traced: dict[str, Ms] = {}
        self._has_recovered = False
        self._retained = RetainedStates(interface)
        self._taken_up = asyncio.Event()
        self._early: list[Message] = []
        self._next_beat: Ms = 0
        self._trouble: str | None = None
        self._forgotten: dict[str, str] = {}
        self._overdue: dict[str, str] = {}
        self._disk_sync = DiskSync(journal.sync)
        self._must_sync = False
        self._next_tidying: Ms = 0
        self._timer: Timer | None = None
        self._claim = claim or run_claim(interface.base)
        self._claims = ClaimTopics(home.model.home)
        self.rival: DriverClaim | None = None
        self._scheduling = Scheduling(home.model.schedules, interface.base, home.model.reply_topics)
        intents = Intents(home)
        self.daemon = Daemon(
            home,
            address_of(home),
            client_id=f"{interface.base}-{home.model.home}-{self._claim.driver[:8]}".replace("/", "-"),
            subscriptions=[
                *interface.subscriptions(),
                self._retained.echo,
                *self._scheduling.subscriptions(),
                *intents.subscriptions(),
                *Announcements.of(home, interface.base).subscriptions(),
                *_topics(home),
                *self._claims.subscriptions(),
            ],
            on_event=self._happened,
            on_sent=self._sent,
            on_message=self._listen,
            on_heard=self._wire.heard,
            on_entries=self._enter,
            on_connected=self._connected,
            on_turned=self._turned,
            will=interface.will(),
            birth=interface.status(online=True),
            is_command=lambda topic: interface.is_ours(topic) or self._claims.is_ours(topic),
            is_patient=True,
            wall=wall,
            gateways=gateways_of(home, state_dir=journal.path.parent),
        )
        conductor = self.daemon.conductor
        self._voice_timings = VoiceTimings(conductor.stage, journal)
        plans = PlanCache(home, self._voice_timings.of)
        self._starter = SessionStarter(conductor, plans, lambda: self._repository, journal, wall=wall)
        self._display_publisher = DisplayPublisher(
            home,
            conductor,
            interface,
            journal,
            repository.models(),
            publish=self.daemon.publish,
            wall=self._suspend_detector.wall,
        )
        refusals = RefusalPublisher(interface, journal, tell=self._publish_event, wall=self._suspend_detector.wall)
        self._request_handler = RequestHandler(
            home,
            conductor,
            self._starter,
            interface,
            journal,
            display_publisher=self._display_publisher,
            refusals=refusals,
            of_planned=self._of_planned,
        )
        self._intent_handler = IntentHandler(
            home, intents, conductor, self._request_handler.answer, self._about_planned
        )
        self._zone = local_zone()
        self._scheduler = Scheduler(
            home, conductor, self._starter, journal, self._scheduling, machine=self._zone, refusals=refusals
        )

    def _about_planned(self, about: AboutPlanned, moment: Ms) -> bool:
        """What somebody says to what is announced in a room."""
        return self._scheduler.say(about.room, str(about.word), moment, self._wall(), by=about.by, is_answered=True)

    def _of_planned(self, about: SaidOfPlanned, moment: Ms) -> PlannedWord | None:
        """What a command means to what is announced in its room."""
        wall = self._wall()
        is_done = self._scheduler.say(
            about.room, about.word, moment, wall, by=about.by, is_answered=about.is_answered
        )  # fmt: skip
        return MEANINGS[about.word] if is_done else None

    async def __aenter__(self) -> Self:
        self._timer = Timer(self._attend)
        self._stack.callback(self._timer.cancel)
        self._scheduler.open(self._wall())
        self._voice_timings.open()
        self._display_publisher.open()
        self._stack.callback(self._display_publisher.close)
        self._display_publisher.schedules_are(self._scheduler.summaries())
        await self._stack.enter_async_context(self.daemon)
        self._stack.callback(self._disk_sync.close)
        if self.daemon.is_connected:
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARD_WITHIN / SECOND):
                    await self._taken_up.wait()
            self._recover_in_time(now())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._has_recovered:
            self.daemon.publish(self._display_publisher.rest(now()))
            if self.rival is None:
                self.daemon.publish(self._claims.released())
            self._beat(now())
        await self._stack.aclose()

    # What is on

    def playing(self) -> list[str]:
        """The rooms in which a session is on."""
        runners = ((room, self.daemon.conductor.runner(room)) for room in self.home.model.rooms)
        return [room for room, runner in runners if runner is not None and not runner.is_over]

    async def land(self) -> None:
        """Stop what is on, and wait until the rooms are given back. What comes a minute later is in the journal."""
        for room in self.playing():
            with suppress(Refused):
                self.daemon.command(room, Stop())
        for room in self.home.model.rooms:
            await self.daemon.settled(room, but_rest=True)

    def offer(self, repository: SceneRepository) -> None:
        """These are the scenes now. Sessions that are on keep theirs."""
        self._repository = repository
        self._scheduler.scenes_changed()
        self.daemon.publish([self._interface.scenes(repository.models())])
        self._display_publisher.offer(repository.models())

    # What the broker brings

    def _connected(self, moment: Ms) -> None:
        self._interface.forget()
        self._claim = connected_now(self._claim)
        self._outbox.extend(self._claims.claimed(self._claim))
        self._scheduler.connected(moment)
        self._outbox.append(self._interface.scenes(self._repository.models()))
        if self._has_recovered:
            self._tell_all(moment)
        else:
            self._outbox.append(self._retained.question(moment))

    def _recover_in_time(self, moment: Ms) -> None:
        """Take it up without the broker's word where that does not come."""
        if not self._has_recovered and self._retained.are_complete(moment):
            self._recover(moment)
            self.daemon.turn()

    def _recover(self, moment: Ms) -> None:
        """Take up what the last life left, and then what has been heard since the broker answered."""
        self._has_recovered = True  # whatever comes of it: a service that stumbles here at each message is none
        self._taken_up.set()
        conductor, sign = self.daemon.conductor, self._suspend_detector.sign()
        conductor.introduce(self._early, moment)
        seen, journal = self._retained.seen(), self._journal
        try:
            recover(journal, self.home, conductor, sign, moment, timings=self._voice_timings.of, seen=seen)
            self._forgotten = give_back_unremembered(
                self.home, conductor, seen, journal.knows, self._starter.scene, moment
            )
        except Exception:
            logger.exception("What the last life left could not be taken up; the rooms stay as they are")
        self._say_problems()
        self._remember(moment)
        self._beat(moment)
        self._tell_all(moment)
        early, self._early = self._early, []
        for message in early:
            if not self._hear(message, moment):
                conductor.receive(message, moment)

    def _tell_all(self, moment: Ms) -> None:
        self._tell(self.home.model.rooms, moment)
        self._display_publisher.connected(moment)

    def _remember(self, moment: Ms) -> None:
        """What the rooms' own events have not said in this life: what is on, and how the session before ended."""
        conductor = self.daemon.conductor
        for room in self.home.model.rooms:
            runner = conductor.runner(room)
            if runner is not None:
                self._scene_of[runner.start.name] = runner.start.timeline.scene
            closed = self._last_in(room)
            if closed is not None:
                last = Last(session=closed.id, scene=closed.scene, ending=closed.ending, ended_at=closed.ended_at)
                wall = self._suspend_detector.wall(moment)
                self._outbox.extend(
                    self._interface.session(room, runner, moment, wall, last, conductor.outstanding(room))
                )

    def _last_in(self, room: str) -> Closed | None:
        """The session that ended last, as the journal or the broker knows it."""
        seen = self._retained.seen().get(room)
        known = (self._journal.last_in(room), seen.last if seen is not None else None)
        return max((each for each in known if each is not None), key=lambda each: each.ended_at, default=None)

    def _listen(self, message: Message, moment: Ms) -> bool:
        if slept := self._suspend_detector.woke(moment):
            self.daemon.conductor.slept(slept, moment)
        return self._hear(message, moment)

    def _hear(self, message: Message, moment: Ms) -> bool:
        """What is ours is no device's. Nothing counts before it is known how the rooms were left."""
        if self._claims.is_ours(message.topic):
            self._outbox.extend(self._claims.replies(message, self._claim))
            self.rival = self._claims.rival(message, self._claim) or self.rival
            return True
        if not self._has_recovered:
            self._early.append(message)
            self._retained.take(message)
            if self._retained.are_complete(moment):
                self._recover(moment)
            return True
        if message.topic == self._retained.echo:
            return True
        self._scheduler.hear(message, moment)
        if (answers := self._intent_handler.heard(message, moment)) is not None:
            self._outbox.extend(answers)
            return True
        if self._display_publisher.is_ours(message.topic):
            self._outbox.extend(self._display_publisher.hear(message, moment))
            return not self._display_publisher.is_everybodys(message.topic)
        if not self._interface.is_ours(message.topic):
            return False
        asked, about_schedule = self._interface.asked(message), self._scheduling.asked(message)
        if asked is not None:
            self._outbox.extend(self._request_handler.answer(asked, moment))
        elif about_schedule is not None:
            self._outbox.extend(self._scheduler.answer(about_schedule, moment, self._wall()))
        else:
            self._outbox.extend((*self._interface.leftover(message), *self._scheduling.leftover(message)))
        return True

    # What the conductor tells

    def _enter(self, entries: Sequence[Entry], moment: Ms) -> None:
        """In the journal before the first message goes. From then on it is on its way to the disk itself: nobody waits.

        In a thread, while the messages go: what a power cut can still take are the milliseconds that the disk needs.
        """
        self._journal.write(entries, moment)
        self._must_sync = True
        self._sync()
        self._voice_timings.entered(entries)

    def _sent(self, moment: Ms, message: Message) -> None:
        last = self._traced.get(message.topic)
        if last is None or moment - last >= TRACED:
            self._traced[message.topic] = moment
            self._wire.sent(moment, message)

    def _happened(self, record: EventRecord) -> None:
        event = record.event
        if isinstance(event, SessionStarted | SessionResumed):
            self._scene_of[event.session] = event.scene
            self._interface.refusal_is_over(record.room)
        if isinstance(event, SessionStarted) and self._forgotten.pop(record.room, None) is not None:
            self._say_problems()
        self._journal.record(record)
        self._publish_event(record)
        if isinstance(event, Landed):
            self._ended(record, event)
        level = logging.DEBUG if isinstance(event, _QUIET) else logging.INFO
        logger.log(level, "%s", _sentence(event), extra=about(record.room, record.session))

    def _publish_event(self, record: EventRecord) -> None:
        self._outbox.append(self._interface.event(record, self._suspend_detector.wall(record.at)))

    def _ended(self, record: EventRecord, landed: Landed) -> None:
        wall = self._suspend_detector.wall(record.at)
        scene = self._scene_of.pop(landed.session, "")
        last = Last(session=landed.session, scene=scene, ending=landed.ending, ended_at=wall)
        conductor, room = self.daemon.conductor, record.room
        owed = conductor.outstanding(room)
        self._outbox.extend(self._interface.session(room, conductor.runner(room), record.at, wall, last, owed))
        self._scheduler.ended(last.session, last.ending, record.at)
        self._turn_soon()

    def _turned(self, moment: Ms) -> None:
        """Replies and events first, then how the rooms stand now."""
        for room, word in self.daemon.conductor.unclaimed():
            if self._scheduler.say(room, word, moment, self._wall()):
                self._turn_soon()
        outbox, self._outbox = [*self._outbox, *self._scheduler.states()], []
        if outbox:
            self.daemon.publish(outbox)
        stirred = list(dict.fromkeys((*self.daemon.conductor.stirred(), *self._interface.unsaid())))
        if stirred:
            self._tell(stirred, moment)
            self._display_publisher.stir(stirred)
            states, self._outbox = self._outbox, []
            self.daemon.publish(states)
        self._aim(moment)

    def _turn_soon(self) -> None:
        """What came of what was just said goes out with a turn of its own."""
        asyncio.get_running_loop().call_soon(self.daemon.turn)

    def _tell(self, rooms: Iterable[str], moment: Ms) -> None:
        conductor, wall = self.daemon.conductor, self._suspend_detector.wall(moment)
        for room in rooms:
            runner, owed = conductor.runner(room), conductor.outstanding(room)
            self._outbox.extend(self._interface.session(room, runner, moment, wall, outstanding=owed))
        self._outbox.extend(self._interface.health(self._since))

    # What time brings

    def _attend(self) -> None:
        """What is due by the clock on the wall."""
        if self._has_recovered:
            self._scheduler.turn(now(), self._wall())
            self.daemon.turn()

    def _aim(self, moment: Ms) -> None:
        if self._timer is not None:
            self._timer.set(self._scheduler.due(moment, self._wall()) if self._has_recovered else None)

    def look(self) -> None:
        """See to what nobody else calls for."""
        moment = now()
        self.daemon.see_night()
        self._recover_in_time(moment)
        self._notice_sleep(moment)
        self._notice_clock(moment)
        self._notice_zone()
        self._attend()
        if self._has_recovered and moment >= self._next_beat:
            self._beat(moment)
        if self._has_recovered and moment >= self._next_tidying and not self.playing():
            self._tidy(moment)
        self._journal.flush()
        self._say_trouble()
        self._say_overdue(moment)

    def _beat(self, moment: Ms) -> None:
        self._next_beat = moment + BEAT
        self._journal.heartbeat(self._suspend_detector.sign(), moment)
        self._sync()

    def _tidy(self, moment: Ms) -> None:
        """Once a day, while nothing is on: what is old becomes short."""
        self._next_tidying = moment + DAY
        self._journal.fold(self._wall() - KEPT)
        self._journal.forget_profiles(self._wall() - REMEMBERED)
        for debt in self._journal.forget_debts(moment, self.home.model.debts_at_most):
            logger.warning("%s was away too long to be given back what it had.", debt.device)

    def _notice_sleep(self, moment: Ms) -> None:
        """Every session stood while the machine slept; after too long they land."""
        slept, within = self._suspend_detector.slept(moment), self.home.model.resume_within
        for room in self.playing() if slept else ():
            runner = self.daemon.conductor.runner(room)
            session = runner.start.name if runner is not None else None
            self._journal.tell(room, moment, Slept(slept / SECOND), session)
            if slept <= within:
                sentence = "The machine slept for %d s; the session goes on."
                logger.warning(sentence, slept // SECOND, extra=about(room, session))
                continue
            sentence = "The machine slept for %d s, and sessions go on after %d s at most: the room is given back."
            logger.warning(sentence, slept // SECOND, within // SECOND, extra=about(room, session))
            self.daemon.end(room, Ending.LOST)

    def _notice_clock(self, moment: Ms) -> None:
        """Moments that were told are wrong when the clock on the wall was set: they are told again."""
        if step := self._suspend_detector.was_set(moment):
            logger.warning("The clock was set, from %s to %s.", *step)
            self._tell(self.home.model.rooms, moment)
            self.daemon.turn()

    def _notice_zone(self) -> None:
        """The machine may have been taken to another zone; a home with a `location` stays where it is."""
        zone = local_zone()
        if str(zone) != str(self._zone):
            logger.warning("The time zone was set, from %s to %s.", self._zone, zone)
            self._zone = zone
            self._scheduler.zone_is(zone, self._wall())

    def _say_trouble(self) -> None:
        """Once when it begins, once when it is over; in the rooms for as long as it lasts."""
        trouble = self._journal.problem
        if trouble != self._trouble:
            if trouble is not None:
                logger.error("%s", trouble)
            else:
                logger.warning("The journal is written again.")
            self._trouble = trouble
            self._say_problems()
            self._tell(self.home.model.rooms, now())
            self.daemon.turn()

    def _say_overdue(self, moment: Ms) -> None:
        """What has been owed for long and does not come by itself: a person sees to it."""
        rooms = self.home.model.rooms
        said = {room: sentence for room in rooms if (sentence := self.daemon.conductor.overdue(room, moment))}
        changed = [room for room in rooms if said.get(room) != self._overdue.get(room)]
        if changed:
            for room in changed:
                if room in said:
                    logger.warning("%s", said[room], extra=about(room))
            self._overdue = said
            self._say_problems()
            self._tell(changed, moment)
            self.daemon.turn()

    def _say_problems(self) -> None:
        """Have the rooms' states say what is owed for long, what is wrong with the journal, what it does not know."""
        for room in self.home.model.rooms:
            found = (self._forgotten.get(room), self._overdue.get(room), self._journal.problem)
            parts = [part for part in found if part is not None]
            self._interface.problem_is(room, " ".join(parts) or None, self._wall())

    def _sync(self) -> None:
        if self._must_sync:
            self._must_sync = False
            self._disk_sync.soon()


def _topics(home: Home) -> list[str]:
    """What the conditions of its schedules listen to."""
    schedules = home.model.schedules.values()
    return sorted({each.signal.topic for one in schedules for each in one.conditions() if isinstance(each, SignalIs)})


def _sentence(event: RoomEvent) -> str:
    """An event with its facts, the session aside: that is in the record."""
    facts = ", ".join(f"{name}={value}" for name, value in to_journal(event).items() if name != "session")
    return f"{event.kind} {facts}".strip()
