"""What the last life of the daemon left: sessions go on or are landed, and what is owed is paid (rules 14, 16, 25)."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from orchestrator.commands import Pause
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.first_caution import with_first_caution
from orchestrator.conductor.journal_entries import RecoveryRecord
from orchestrator.conductor.preparation import Timings, declared, prepare
from orchestrator.conductor.request import Start
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.conductor.snapshot import harmless
from orchestrator.daemon.logs import about
from orchestrator.errors import Refused, RelaxError
from orchestrator.events.session import Ending
from orchestrator.home.library import Home
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Heartbeat, LastSeen, SessionRecord, Unfinished
from orchestrator.journal.recovery import IsOver, LandSession, ResumeSession, decide, over
from orchestrator.journal.report_profiles import report_profiles
from orchestrator.scenes.library import Scene, read
from orchestrator.scenes.planning.timeline import touched
from orchestrator.stage.heard import Debt
from orchestrator.units import Ms
from orchestrator.values import Attribute

logger = logging.getLogger(__name__)
_SOUND = (Attribute.PLAYING, Attribute.VOLUME)


def recover(
    journal: Journal,
    home: Home,
    conductor: Conductor,
    sign: Heartbeat,
    now: Ms,
    *,
    timings: Timings = declared,
    seen: Mapping[str, LastSeen] = MappingProxyType({}),
) -> None:
    """Take up what the journal says. `sign` is a sign of this life; the journal must not have had one of it yet.

    `timings` says what is known of voices by now. `seen` is how the rooms stood by other accounts: a session that was
    over, of which the journal could not be told, is not played again.
    """
    conductor.stage.acquaint(report_profiles(journal, home))
    ended = _make_up(journal, seen, sign, now)
    paid = {(debt.device, debt.attribute) for found in ended.values() for debt in found.paid}
    last, debts = journal.last_heartbeat(), _payable(journal, home, now)
    # A disk that still takes nothing gives what it had: it is not asked whether it has been told.
    debts = [debt for debt in debts if (debt.device, debt.attribute) not in paid]
    unfinished_ones = [each for each in journal.unfinished(now) if each.record.id not in ended]
    newest = {unfinished.record.room: unfinished.record.id for unfinished in unfinished_ones}
    for unfinished in unfinished_ones:
        record = unfinished.record
        subject = about(record.room, record.id)
        if newest[record.room] != record.id:
            journal.end(record.id, Ending.LOST, now)
            continue
        try:
            start = planned_again(record, home, timings)
        except RelaxError as error:
            logger.warning("%s cannot be played in this home any more: %s", record.scene, error, extra=subject)
            journal.end(record.id, Ending.LOST, now)
            continue
        decision = decide(unfinished, last, sign, home.model.resume_within)
        match decision:
            case ResumeSession(chapter=chapter):
                logger.warning("%s was cut off and goes on from %s.", record.scene, chapter, extra=subject)
            case LandSession(why=why):
                logger.warning("%s was cut off and is given back. %s", record.scene, why, extra=subject)
        conductor.resume(start, _remembered(unfinished, start, decision, debts), now)
        if isinstance(decision, ResumeSession):
            journal.resumes(record.id, record.room, now)
            if unfinished.position is not None and unfinished.position.paused:
                with suppress(Refused):
                    conductor.command(record.room, Pause(), now)
        debts = [debt for debt in debts if not _gives_back(start, debt)]
    if debts:
        logger.info("Still owed: %s.", ", ".join(dict.fromkeys(debt.device for debt in debts)))
    conductor.owe(debts, now)


def give_back_unremembered(
    home: Home,
    conductor: Conductor,
    seen: Mapping[str, LastSeen],
    knows: Callable[[str], bool],
    find: Callable[[str], Scene],
    now: Ms,
) -> dict[str, str]:
    """What to say, by room, where a session was seen that nothing is known of any more; after `recover`.

    Its room gets what does no harm: music and switches off, lamps their fallback where the home has one. One that had
    not begun has no line in the journal, and has done nothing to the room.
    """
    said: dict[str, str] = {}
    for room, last in seen.items():
        session, scene = last.session, last.scene
        if session is None or not last.has_begun or knows(session) or conductor.runner(room) is not None:
            continue
        said[room] = (
            f"{scene or 'A session'} was cut off here, and the journal does not know how the room was before: what "
            "plays or is switched on by it goes off, and lamps stay as they are where the home has no `fallback`."
        )
        logger.error("%s", said[room], extra=about(room, session))
        with suppress(RelaxError):  # a scene that is gone tells of no devices
            start = prepare(find(scene or ""), home, room, {}, name=session)
            model = home.model.rooms[room]
            scale = RoomScale.of(model, at_night=False)
            conductor.owe(harmless(start.timeline, dict(start.roles), model, scale, now), now)
    return said


def _make_up(journal: Journal, seen: Mapping[str, LastSeen], sign: Heartbeat, now: Ms) -> dict[str, IsOver]:
    """Tell the journal of ends that it could not be told of: the disk was full, or read-only, or somebody's.

    Gives them, by session.
    """
    ended: dict[str, IsOver] = {}
    for unfinished in journal.unfinished(now):
        record = unfinished.record
        found = over(unfinished, seen.get(record.room), sign, journal.knows)
        if found is not None:
            sentence = "%s had ended (%s) when relax was cut off, and its journal could not be told: it is now."
            logger.warning(sentence, record.scene, found.ending, extra=about(record.room, record.id))
            journal.make_up_for(found, now)
            ended[record.id] = found
    return ended


def planned_again(record: SessionRecord, home: Home, timings: Timings = declared) -> Start:
    """The session's start, from the text that it began with and never from an edited file. Raises RelaxError."""
    scene = read(record.scene_text, record.source)
    start = prepare(
        scene,
        home,
        record.room,
        record.parameters,
        name=record.id,
        language=record.language,
        rate=record.rate,
        at_night=record.at_night,
        timings=timings,
    )
    return with_first_caution(start._replace(trigger=record.trigger))


def _remembered(
    unfinished: Unfinished, start: Start, decision: ResumeSession | LandSession, debts: list[Debt]
) -> RecoveryRecord:
    """A session that took a room over has debts under the name of the one before it as well."""
    number = unfinished.position.number if unfinished.position is not None else 0
    devices = _devices(start)
    return RecoveryRecord(
        number=min(number, len(start.timeline.chapters) - 1),
        snapshot=tuple(known for known in unfinished.snapshot if known[0] in devices),
        debts=tuple(debt for debt in debts if _gives_back(start, debt)),
        touched=unfinished.touched,
        by_hand=tuple(taken for taken in unfinished.by_hand if taken[0] in devices),
        ending=decision.ending if isinstance(decision, LandSession) else None,
    )


def _payable(journal: Journal, home: Home, now: Ms) -> list[Debt]:
    """What is owed to devices that the home still has, unless it is too old."""
    old = journal.forget_debts(now, home.model.debts_at_most)
    for debt in old:
        logger.warning("%s was away too long to be given back what it had.", debt.device)
    return [debt for debt in journal.open_debts(now) if debt.device in home.devices and debt not in old]


def _gives_back(start: Start, debt: Debt) -> bool:
    """Whether a session pays a debt itself. Of a player it does where it has music: the home may have lost it since."""
    if debt.device not in _devices(start):
        return False
    if debt.attribute not in _SOUND:
        return True
    line = start.timeline
    tracks = touched((*line.chapters, line.finish, line.stopped, line.lost))
    return any(track.attribute in _SOUND and debt.device in start.roles.get(track.role, ()) for track in tracks)


def _devices(start: Start) -> set[str]:
    return {device for cast in start.reached.values() for device in cast}
