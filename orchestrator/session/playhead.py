"""Where a session is: chapter, offset, what has fired. Moments are running time; it stands in holds and waits.

It only knows its own axis. What a cue does, and whether the voice is busy, is the session's business.
"""

from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Say
from orchestrator.values import Ms


class Playhead:
    """A place in one chapter, on one visit to it."""

    def __init__(self, chapter: Chapter, moment: Ms, visit: int) -> None:
        self.chapter = chapter
        self.visit = visit
        self.entered = moment
        self.is_moving = True
        self.waiting_since: Ms | None = None
        self._offset: Ms = 0
        self._since = moment
        self._cursor = 0
        self._fired = 0
        self._reminded = 0

    def offset(self, moment: Ms) -> Ms:
        """How far along the chapter's axis it is; never past words and doing."""
        if not self.is_moving:
            return self._offset
        return min(self._offset + moment - self._since, self.chapter.length)

    # Cues

    @property
    def cue(self) -> Cue | None:
        """The next cue of the chapter."""
        return self.chapter.cues[self._cursor] if self._cursor < len(self.chapter.cues) else None

    @property
    def is_replayed(self) -> bool:
        """True where the next cue has fired before on this visit: only its words count again."""
        return self._cursor < self._fired

    def pass_cue(self) -> None:
        self._cursor += 1
        self._fired = max(self._fired, self._cursor)

    # Standing and moving

    @property
    def stop(self) -> Ms:
        """The next offset at which something is to be decided: a cue, the end of the words, the end of the doing."""
        stops = [self.chapter.length]
        if self.cue is not None:
            stops.append(self.cue.at)
        if self._offset < self.chapter.words:
            stops.append(self.chapter.words)
        return min(stops)

    @property
    def due(self) -> Ms | None:
        """When it gets there; None while it stands."""
        return self._since + max(self.stop - self._offset, 0) if self.is_moving else None

    def stand(self, moment: Ms) -> None:
        self._offset, self._since, self.is_moving = self.offset(moment), moment, False

    def go_on(self, moment: Ms) -> None:
        self._offset, self._since, self.is_moving = self.offset(moment), moment, True

    def arrive(self, moment: Ms) -> Ms:
        """Settle at where it is now, and tell the offset."""
        self._offset, self._since = self.offset(moment), moment
        return self._offset

    @property
    def in_words(self) -> bool:
        """True before the end of the step's words (as of where it last settled)."""
        return self._offset < self.chapter.words

    def to(self, offset: Ms, moment: Ms) -> None:
        """Move on to an offset; what lies between falls due at once."""
        self._offset, self._since = max(self._offset, offset), moment

    def rewind_words(self, moment: Ms) -> None:
        """Back to where the words begin. Their cues come again; moves that have fired do not."""
        self._offset, self._since, self._cursor, self.is_moving = 0, moment, 0, True

    def words(self) -> list[tuple[Ms, Say]]:
        """The announcements of the step's words, each with the silence before it."""
        spoken, end = [], 0
        for cue in self.chapter.cues:
            if isinstance(cue.what, Say) and not cue.what.beat and cue.at < self.chapter.words:
                spoken.append((max(cue.at - end, 0), cue.what))
                end = cue.at + cue.what.lasts
        return spoken

    def extend(self, by: Ms) -> None:
        """The chapter becomes longer; a wait that has begun becomes longer itself."""
        wait = self.chapter.wait
        if self.waiting_since is not None and wait is not None:
            self.chapter = self.chapter._replace(wait=wait._replace(at_most=wait.at_most + by))
        else:
            self.chapter = self.chapter.extended(by, max(self._cursor, self._fired))

    # Waits

    def wait(self, moment: Ms) -> None:
        self.stand(moment)
        self.waiting_since = moment

    @property
    def wait_limit(self) -> Ms | None:
        """When a wait that has begun is over."""
        if self.waiting_since is None or self.chapter.wait is None:
            return None
        return self.waiting_since + self.chapter.wait.at_most

    @property
    def reminder(self) -> tuple[Ms, Cue] | None:
        """The next words of a wait that has begun, and when."""
        if self.waiting_since is None or self.chapter.wait is None:
            return None
        coming = self.chapter.wait.cues[self._reminded :]
        return (self._wait_moment(coming[0]), coming[0]) if coming else None

    def pass_reminder(self) -> None:
        self._reminded += 1

    def _wait_moment(self, cue: Cue) -> Ms:
        limit = self.wait_limit
        assert self.waiting_since is not None
        assert limit is not None
        return max(self.waiting_since, limit + cue.at if cue.anchor is Anchor.END else self.waiting_since + cue.at)


def moves_of(chapter: Chapter) -> list[Move]:
    """Everything that a chapter moves."""
    return [cue.what for cue in chapter.cues if isinstance(cue.what, Move)]
