"""What the last life of the daemon left: sessions go on or are landed, and what is owed is paid (rules 14, 16, 25)."""

import logging
from contextlib import suppress

from orchestrator.commands import Pause
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import RecoveryRecord
from orchestrator.conductor.preparation import Timings, declared, prepare
from orchestrator.conductor.request import Start
from orchestrator.daemon.logs import about
from orchestrator.errors import Refused, RelaxError
from orchestrator.events.session import Ending
from orchestrator.home.library import Home
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Heartbeat, SessionRecord, Unfinished
from orchestrator.journal.recovery import LandSession, ResumeSession, decide
from orchestrator.scenes.library import read
from orchestrator.stage.heard import Debt
from orchestrator.units import Ms

logger = logging.getLogger(__name__)


def recover(
    journal: Journal, home: Home, conductor: Conductor, sign: Heartbeat, now: Ms, timings: Timings = declared
) -> None:
    """Take up what the journal says. `sign` is a sign of this life; the journal must not have had one of it yet.

    `timings` says what is known of voices by now.
    """
    last, debts = journal.last_heartbeat(), _payable(journal, home, now)
    unfinished_ones = journal.unfinished(now)
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
        debts = [debt for debt in debts if debt.device not in _devices(start)]
    if debts:
        logger.info("Still owed: %s.", ", ".join(dict.fromkeys(debt.device for debt in debts)))
    conductor.owe(debts, now)


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
    return start._replace(trigger=record.trigger)


def _remembered(
    unfinished: Unfinished, start: Start, decision: ResumeSession | LandSession, debts: list[Debt]
) -> RecoveryRecord:
    """A session that took a room over has debts under the name of the one before it as well."""
    number = unfinished.position.number if unfinished.position is not None else 0
    devices = _devices(start)
    return RecoveryRecord(
        number=min(number, len(start.timeline.chapters) - 1),
        snapshot=tuple(known for known in unfinished.snapshot if known[0] in devices),
        debts=tuple(debt for debt in debts if debt.device in devices),
        touched=unfinished.touched,
        by_hand=tuple(taken for taken in unfinished.by_hand if taken[0] in devices),
        ending=decision.ending if isinstance(decision, LandSession) else None,
    )


def _payable(journal: Journal, home: Home, now: Ms) -> list[Debt]:
    """What is owed to devices that the home still has, unless it is too old."""
    for debt in journal.forget_debts(now, home.model.debts_at_most):
        logger.warning("%s was away too long to be given back what it had.", debt.device)
    return [debt for debt in journal.open_debts(now) if debt.device in home.devices]


def _devices(start: Start) -> set[str]:
    return {device for cast in start.reached.values() for device in cast}
