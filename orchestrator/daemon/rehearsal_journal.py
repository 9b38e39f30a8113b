"""The journal of a session on virtual time: what the next life of relax goes on from, and what is learnt of voices."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Entry
from orchestrator.conductor.preparation import Timings, declared
from orchestrator.conductor.request import Start
from orchestrator.daemon.recovery import recover
from orchestrator.events.event import EventRecord
from orchestrator.home.library import Home
from orchestrator.journal.journal import Journal
from orchestrator.journal.records import Heartbeat, SessionRecord
from orchestrator.scenes.library import Scene
from orchestrator.units import SECOND, Ms

BEATS: Ms = 10 * SECOND
"""A service leaves a sign of life so often: how long it was away is told from the last one."""
_EPOCH = datetime.fromtimestamp(0, UTC)


class RehearsalJournal:
    """Of one session, in a file. Use it in `with`; raises JournalError on entry where the file is somebody else's.

    Virtual time begins with the epoch. `given` are the parameters as they were given.
    """

    def __init__(
        self,
        path: Path,
        home: Home,
        scene: Scene,
        start: Start,
        given: Mapping[str, Any],
        *,
        timings: Timings = declared,
    ) -> None:
        self._path = path
        self._home = home
        self._timings = timings
        self._record = SessionRecord(
            id=start.name,
            room=start.room,
            scene=start.timeline.scene,
            scene_text=scene.text_in(start.timeline.language),
            source=scene.source,
            parameters=given,
            language=start.timeline.language,
            started_at=_EPOCH,
            roles=start.reached,
            voice=start.voice,
            rate=start.rate,
            trigger=start.trigger,
            at_night=start.at_night,
        )
        self._journal = Journal(path)

    def __enter__(self) -> Self:
        self._open(0)
        self._journal.heartbeat(_beat(0), 0)
        return self

    def __exit__(self, *_: object) -> None:
        self._journal.close()

    def began(self, now: Ms) -> None:
        """As the service does, once the conductor has taken the session."""
        del now
        self._journal.expect(self._record)

    def entered(self, entries: list[Entry], now: Ms) -> None:
        self._journal.write(entries, now)

    def happened(self, record: EventRecord) -> None:
        self._journal.record(record)

    def died(self, now: Ms) -> None:
        """Nobody is there any more. The last sign of life was left a moment ago."""
        last = now - now % BEATS
        self._journal.heartbeat(_beat(last), last)
        self._journal.close()

    def recover(self, conductor: Conductor, now: Ms) -> None:
        """The next life begins."""
        self._journal = Journal(self._path)
        self._open(now)
        recover(self._journal, self._home, conductor, _beat(now), now, timings=self._timings)
        self._journal.heartbeat(_beat(now), now)

    def _open(self, now: Ms) -> None:
        self._journal.open(_beat(now).wall, now)


def _beat(now: Ms) -> Heartbeat:
    return Heartbeat("rehearsal", now, _EPOCH + timedelta(milliseconds=now))
