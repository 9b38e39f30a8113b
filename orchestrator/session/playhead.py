"""Where a session is in a chapter: its offset, what has fired, what it stands for. Moments are running time.

It decides what is to happen next on its own axis, and gives it; what a cue does is the session's business. Of the voice
it is told, each time, whether and since when it is free: a hold for speech is over as soon as that is so, whatever made
the voice free.
"""

from enum import Enum, auto

from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Say
from orchestrator.session.state import HoldFor
from orchestrator.units import SECOND, Ms

CLOSE_BEATS: Ms = 4 * SECOND
"""Music stays ducked between beats that are less than this apart, from begin to begin: else it would pump."""


class Milestone(Enum):
    """What a playhead comes to beside its cues."""

    WAIT = auto()
    """A wait begins."""
    END = auto()
    """The chapter is over."""


class Playhead:
    """A place in one chapter, on one visit to it."""

    def __init__(self, chapter: Chapter, moment: Ms) -> None:
        self._chapter = chapter
        self._offset: Ms = 0
        self._since = moment
        self._is_moving = True
        self._waiting_since: Ms | None = None
        self._cursor = 0
        self._fired = 0
        self._is_doing = False
        self._reminded = 0

    # Where it is

    @property
    def chapter(self) -> Chapter:
        """The chapter, as much longer as it has become by `extend`."""
        return self._chapter

    def offset(self, moment: Ms) -> Ms:
        """How far along the chapter's axis it is; never past words and doing."""
        if not self._is_moving:
            return self._offset
        return min(self._offset + moment - self._since, self._chapter.length)

    @property
    def hold(self) -> HoldFor | None:
        """What it stands for; None while it moves."""
        if self._is_moving:
            return None
        return HoldFor.SPEECH if self._waiting_since is None else HoldFor.PERSON

    @property
    def waiting_since(self) -> Ms | None:
        """When the wait began that it stands in."""
        return self._waiting_since

    @property
    def wait_limit(self) -> Ms | None:
        """When the wait is over that it stands in."""
        if self._waiting_since is None or self._chapter.wait is None:
            return None
        return self._waiting_since + self._chapter.wait.at_most

    def is_in_words(self, moment: Ms) -> bool:
        """True before the end of the step's words."""
        return self.offset(moment) < self._chapter.words

    @property
    def is_between_beats(self) -> bool:
        """True after a beat of a count, where the next is so close that what ducked for it would not rest."""
        cues, here = self._chapter.cues, self._cursor
        last = next((cue for cue in reversed(cues[:here]) if isinstance(cue.what, Say)), None)
        coming = next((cue for cue in cues[here:] if isinstance(cue.what, Say)), None)
        if last is None or coming is None or not (_is_beat(last) and _is_beat(coming)):
            return False
        return coming.at - last.at < CLOSE_BEATS

    def remaining(self, moment: Ms) -> Ms:
        """What is left of the chapter, a wait taken as it usually is."""
        wait = self._chapter.wait
        if self._waiting_since is not None and wait is not None:
            return max(wait.usually - (moment - self._waiting_since), 0)
        return self._chapter.usual - self.offset(moment)

    @property
    def words(self) -> list[tuple[Ms, Say]]:
        """The announcements of the step's words, each with the silence before it."""
        spoken, end = [], 0
        for cue in self._chapter.cues:
            if isinstance(cue.what, Say) and not cue.what.beat and cue.at < self._chapter.words:
                spoken.append((max(cue.at - end, 0), cue.what))
                end = cue.at + cue.what.lasts
        return spoken

    # What comes next

    @property
    def due_moving(self) -> Ms | None:
        """When something is to be decided while the voice is busy: only a playhead that moves comes to anything."""
        return self._since + max(self._stop - self._offset, 0) if self._is_moving else None

    def due(self, free_since: Ms) -> Ms:
        """When something is to be decided, with a voice that is free since a moment."""
        if self._is_moving:
            return self._since + max(self._stop - self._offset, 0)
        limit = self.wait_limit
        if limit is None:
            return max(self._since, free_since)
        reminder = self._reminder
        return min(limit, reminder[0]) if reminder is not None else limit

    def step(self, moment: Ms, *, is_voice_free: bool) -> Cue | Milestone | None:
        """Decide what is due at a moment: a cue to be fired, a milestone, or nothing to be done (it stands now)."""
        if self._waiting_since is not None:
            return self._step_wait(moment)
        self.go_on(moment)
        offset, cue = self.settle(moment), self._cue
        if cue is not None and cue.at <= offset:
            if is_voice_free or not self._waits_for_voice(cue):
                return self._pass(cue)
            self._is_moving = False
        elif not is_voice_free:
            self._is_moving = False
        elif offset >= self._chapter.length:
            if self._chapter.wait is None:
                return Milestone.END
            self._is_moving, self._waiting_since = False, moment
            return Milestone.WAIT
        return None

    def _step_wait(self, moment: Ms) -> Cue | Milestone | None:
        reminder, limit = self._reminder, self.wait_limit
        if reminder is not None and reminder[0] <= moment:
            self._reminded += 1
            return reminder[1]
        return Milestone.END if limit is not None and limit <= moment else None

    def _pass(self, cue: Cue) -> Cue | None:
        """Leave a cue behind. Of one that has fired on this visit only the words count again."""
        is_replayed = self._cursor < self._fired
        self._cursor += 1
        self._is_doing |= cue.anchor is not Anchor.START
        self._fired = max(self._fired, self._cursor)
        return cue if not is_replayed or isinstance(cue.what, Say) else None

    def _waits_for_voice(self, cue: Cue) -> bool:
        """Words do. Beats, chimes and moves do only where the doing begins, which is when the step's words are over.

        Where there were no words a look starts at once, whatever a voice still says that cannot be hushed; but a count
        does not begin under other words.
        """
        if isinstance(cue.what, Say) and not cue.what.beat:
            return True
        chapter = self._chapter
        begins = not self._is_doing and cue.anchor is not Anchor.START and cue.at <= chapter.words
        return begins and (chapter.words > 0 or chapter.counted)

    @property
    def _cue(self) -> Cue | None:
        return self._chapter.cues[self._cursor] if self._cursor < len(self._chapter.cues) else None

    @property
    def _stop(self) -> Ms:
        """The next offset at which something is to be decided: a cue, the end of the words, the end of the doing."""
        stop, cue = self._chapter.length, self._cue
        if cue is not None and cue.at < stop:
            stop = cue.at
        if self._offset < self._chapter.words < stop:
            stop = self._chapter.words
        return stop

    @property
    def _reminder(self) -> tuple[Ms, Cue] | None:
        """The next words of the wait, and when."""
        wait, since, limit = self._chapter.wait, self._waiting_since, self.wait_limit
        if wait is None or since is None or limit is None or self._reminded >= len(wait.cues):
            return None
        cue = wait.cues[self._reminded]
        return max(since, limit + cue.at if cue.anchor is Anchor.END else since + cue.at), cue

    # What moves it beside time

    def settle(self, moment: Ms) -> Ms:
        """Take note of where it is now, and tell the offset."""
        self._offset, self._since = self.offset(moment), moment
        return self._offset

    def go_on(self, moment: Ms) -> None:
        """The voice is free: what it stood for is over."""
        if self.hold is HoldFor.SPEECH:
            self._since, self._is_moving = moment, True

    def words_over(self, say: Say, moment: Ms) -> None:
        """These words are over: within the step's words it moves on to where they were planned to end."""
        self.settle(moment)
        words = self._chapter.words
        if self._offset < words:
            end = next((cue.at + say.lasts for cue in self._chapter.cues if cue.what is say), 0)
            self._offset = max(self._offset, min(end, words))

    def rewind_words(self, moment: Ms, first: Say | None = None) -> None:
        """Back to where these words of the step begin, or (None) all of them.

        Cues from there on come again; moves that have fired do not.
        """
        again = ((number, cue.at) for number, cue in enumerate(self._chapter.cues) if cue.what is first)
        self._cursor, self._offset = next(again, (0, 0))
        self._since, self._is_moving, self._is_doing = moment, True, False

    def extend(self, by: Ms, moment: Ms) -> None:
        """The chapter becomes longer; a wait that has begun becomes longer itself."""
        self.settle(moment)
        wait = self._chapter.wait
        if self._waiting_since is not None and wait is not None:
            self._chapter = self._chapter._replace(wait=wait.extended(by))
        else:
            self._chapter = self._chapter.extended(by, max(self._cursor, self._fired))


def _is_beat(cue: Cue) -> bool:
    return isinstance(cue.what, Say) and cue.what.beat
