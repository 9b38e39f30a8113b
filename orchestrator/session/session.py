"""One run of a timeline in a room, sans-I/O: commands and what is heard go in, wishes and words come out.

It never sleeps, reads a clock or sends. Moments given in (`now`) are real milliseconds of one monotonic clock; inside
all is running time. Due moments are worked through in order, each at its own time; an earlier `now` does nothing.
"""

from collections.abc import Iterable
from typing import assert_never

from orchestrator.errors import Reason, Refused
from orchestrator.events.session import Ending, Landed, Landing, Replaced, SessionResumed, SessionStarted
from orchestrator.events.step import Extended, StepStarted, Waiting
from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import Chapter, Chime, Cue, Move, RoomState, Say, Timeline
from orchestrator.session import speaking, standing
from orchestrator.session.commands import Command
from orchestrator.session.interlude import Interlude
from orchestrator.session.obedience import obey
from orchestrator.session.playhead import Playhead
from orchestrator.session.running import RunningClock
from orchestrator.session.state import (
    Output,
    Recovery,
    Ring,
    RoomReport,
    Spoken,
    Status,
    View,
    VoiceIs,
    VolumeByHand,
    Wish,
)
from orchestrator.session.tracks import Tracks
from orchestrator.session.view import view
from orchestrator.session.voice import Traits, Voice
from orchestrator.session.wishes import lifted, wish
from orchestrator.values import MINUTE, Attribute, Ms, Track, Value


class Session:
    """A playhead over a timeline. `rate` is in thousandths; `before` is how the room was, as far as is known."""

    def __init__(
        self,
        name: str,
        timeline: Timeline,
        before: RoomState,
        now: Ms,
        *,
        traits: Traits = Traits(),  # noqa: B008 - an immutable value
        rate: int = 1000,
        paused_at_most: Ms = 30 * MINUTE,
        recovery: Recovery | None = None,
    ) -> None:
        self.name = name
        self.timeline = timeline
        self.ending: Ending | None = None
        self.status = Status.RUNNING
        self.now = now
        self.clock = RunningClock(now, rate)
        self.interlude = Interlude(paused_at_most)
        self.tracks = Tracks(before)
        self.voice = Voice(traits)
        self._announcements = 0
        self._visits = 0
        self.index = 0
        self.entered_by_itself: Ms | None = None
        self.is_over = False
        self._moment: Ms = 0
        self._out: list[Output] = []
        self.playhead = Playhead(timeline.finish, 0, 0)
        if recovery is not None:
            self._recover(recovery)
        else:
            self._tell_beginning(SessionStarted)
            self._enter_first()

    def _tell_beginning(self, kind: type[SessionStarted | SessionResumed]) -> None:
        self.emit(kind(self.name, self.timeline.scene, self.timeline.language, self.clock.rate / 1000))

    def _enter_first(self) -> None:
        if self.timeline.chapters:
            self.playhead = self._visit(self.timeline.chapters[0], 0)
        else:
            self.land(self.timeline.finish, Ending.FINISHED, 0)

    def _recover(self, recovery: Recovery) -> None:
        """Go on at the start of a chapter, or land: what was touched before is taken as it should be there."""
        self.index = min(recovery.number, len(self.timeline.chapters) - 1)
        self.tracks.recall(self.timeline, self.index, recovery.touched)
        if recovery.ending is not None:
            self.land(self.timeline.lost, recovery.ending, 0)
            return
        self._tell_beginning(SessionResumed)
        self.playhead = Playhead(self.timeline.chapters[self.index], 0, 0)
        if recovery.words is not None:
            speaking.announce(self, recovery.words, 0)
        self.tracks.glide(self.timeline, self.index, 0)
        self.wish_for(self.tracks.fades)
        self.playhead = self._visit(self.timeline.chapters[self.index], 0)

    # What the outside calls

    def handle(self, command: Command, now: Ms) -> list[Output]:
        """Do what a person says. Raises Refused, having changed nothing, where that makes no sense now."""
        self._advance(now)
        if self.is_over:
            raise Refused(Reason.NOT_NOW, "The session is over.")
        obey(self, command, self.clock.at(self.now))
        self._advance(now)
        return self._take()

    def report(self, heard: RoomReport, now: Ms) -> list[Output]:
        """Take in what was heard from the room."""
        self._advance(now)
        moment = self.clock.at(self.now)
        match heard:
            case Spoken():
                speaking.heard(self, heard, moment)
            case VolumeByHand():
                self.turn(heard.track, float(heard.level), moment)
                self.tracks.before[heard.track] = float(heard.level)
            case VoiceIs(traits):
                self.voice.become(traits, moment)
        self._advance(now)
        return self._take()

    def advance(self, now: Ms) -> list[Output]:
        """Let time pass up to `now`."""
        self._advance(now)
        return self._take()

    def next_deadline(self) -> Ms | None:
        """The real moment at which something is due; None exactly when the session is over."""
        if self.is_over:
            return None
        if self.interlude.is_on:
            return self.interlude.due(self.voice, self.clock, self.now)
        return max(self.clock.when(self._due()), self.now)

    def room(self, now: Ms) -> dict[Track, Value]:
        """What the room should be like now, of the tracks that were touched; ducking left out."""
        now = max(now, self.now)
        return {**self.tracks.at(self.clock.at(now)), **self.interlude.at(now)}

    def wishes(self, now: Ms) -> list[Wish]:
        """All that is wanted, anew: for a device that was away."""
        self.now = max(now, self.now)
        return self._wishes(self.tracks.fades)

    @property
    def waits_since(self) -> Ms | None:
        """The real moment since when it waits for the person to say next; None where it does not."""
        since = self.playhead.waiting_since
        return self.clock.when(since) if since is not None and not self.clock.is_standing else None

    @property
    def chapter(self) -> Chapter:
        return self.playhead.chapter

    @property
    def is_in_words(self) -> bool:
        """Whether the words of the step are on, or are to come at once."""
        self.playhead.arrive(self.clock.at(self.now))
        return self.playhead.in_words and self.playhead.waiting_since is None

    @property
    def words(self) -> str:
        """What the step says, as `repeat` would say it."""
        return " ".join(say.text for _, say in self.playhead.words())

    @property
    def volume(self) -> float | None:
        """Where the music is, or is on its way to, in percent of the room's comfortable level; None without music."""
        track = next(iter(self.tracks.of(Attribute.VOLUME)), None)
        target = self.tracks.fades[track].target if track is not None else None
        return target if isinstance(target, float) else None

    def view(self, now: Ms) -> View:
        """How it stands, for somebody who looks."""
        return view(self, self.clock.at(max(now, self.now)))

    # Time

    def _advance(self, now: Ms) -> None:
        while (deadline := self.next_deadline()) is not None and deadline <= now:
            self.now = max(self.now, deadline)
            if not self.interlude.is_on:
                self._moment = max(self._due(), self._moment)
                self._step(self._moment)
            elif not self.interlude.is_too_long(self.now):
                standing.say_in_between(self)
            else:
                standing.go_on(self)
                self.land(self.timeline.stopped, Ending.STOPPED, self.clock.at(self.now))
        self.now = max(self.now, now)

    def _due(self) -> Ms:
        """Running time of the next moment at which something happens."""
        head = self.playhead
        moments = [self.voice.due, head.due]
        if not self.voice.is_busy:
            moments.append(head.reminder[0] if head.reminder else None)
            moments.append(head.wait_limit)
        return min(moment for moment in moments if moment is not None)

    def _step(self, moment: Ms) -> None:
        """One thing that is due at a moment: the voice first, then the playhead."""
        voice, head = self.voice, self.playhead
        if voice.speech is not None and voice.speech.limit <= moment:
            speaking.fall_silent(self, moment)
        elif (again := voice.next_in_line(moment)) is not None:
            speaking.announce(self, again, moment)
        elif head.waiting_since is not None:
            self._step_wait(moment)
        else:
            self._step_playhead(moment)

    def _step_wait(self, moment: Ms) -> None:
        reminder, limit = self.playhead.reminder, self.playhead.wait_limit
        if reminder is not None and reminder[0] <= moment:
            self.playhead.pass_reminder()
            self._fire(reminder[1], moment)
        elif limit is not None and limit <= moment:
            self._leave(moment)

    def _step_playhead(self, moment: Ms) -> None:
        head = self.playhead
        offset = head.arrive(moment)
        cue = head.cue
        if cue is not None and cue.at <= offset:
            if self._must_hold(cue):
                head.stand(moment)
            else:
                is_replayed = head.is_replayed
                head.pass_cue()
                if not is_replayed or isinstance(cue.what, Say):
                    self._fire(cue, moment)
        elif self.voice.is_busy:
            head.stand(moment)
        elif offset >= head.chapter.length:
            self._end_of_doing(moment)

    def _must_hold(self, cue: Cue) -> bool:
        return self.voice.is_busy and isinstance(cue.what, Say) and not cue.what.beat

    def _end_of_doing(self, moment: Ms) -> None:
        head = self.playhead
        if head.chapter.wait is None:
            self._leave(moment)
            return
        head.wait(moment)
        self.emit(Waiting(head.chapter.id, head.chapter.wait.at_most))

    def _leave(self, moment: Ms) -> None:
        """The chapter is over by itself."""
        if self.ending is not None:
            self._finish(moment)
        elif self.index + 1 < len(self.timeline.chapters):
            self.entered_by_itself = moment
            self.index += 1
            self.playhead = self._visit(self.timeline.chapters[self.index], moment)
        else:
            self.land(self.timeline.finish, Ending.FINISHED, moment)

    def _finish(self, moment: Ms) -> None:
        self.is_over = True
        self.status = Status.IDLE
        speaking.silence(self, moment)
        assert self.ending is not None, "only what lands is over"
        self.emit(Landed(self.name, self.ending))

    # Cues

    def _visit(self, chapter: Chapter, moment: Ms) -> Playhead:
        """Enter a chapter anew."""
        self._visits += 1
        speaking.release_music(self, moment, leaving=True)
        if self.ending is None:
            self.emit(StepStarted(chapter.id, chapter.title, self.index + 1, len(self.timeline.chapters)))
        return Playhead(chapter, moment, self._visits)

    def _fire(self, cue: Cue, moment: Ms) -> None:
        match cue.what:
            case Move() as move:
                self._move(move, moment)
            case Say() as say:
                if not (say.beat and self.voice.is_busy):
                    speaking.announce(self, say, moment)
            case Chime() as chime:
                if not self.voice.is_busy:
                    self.emit(Ring(chime.sound))
            case _:
                assert_never(cue.what)

    def _move(self, move: Move, moment: Ms) -> None:
        if self.tracks.move(move, moment, is_landing=self.ending is not None):
            self.wish_for([move.track])

    # Moves: what commands are made of

    def extend(self, by: Ms, moment: Ms) -> None:
        """The step becomes longer."""
        self.playhead.arrive(moment)
        self.playhead.extend(by)
        speaking.go_on_from_hold(self, moment)
        self.emit(Extended(self.chapter.id, by))

    def turn(self, track: Track, level: float, moment: Ms) -> None:
        """A person's volume replaces ours. Under words it counts as it is: nothing may jump up after them."""
        if self.voice.speech is not None and self.voice.gain.target != 0.0:
            self.voice.gain = Fade.still(moment, 0.0)
        self.tracks.turn(track, level, moment)
        self.wish_for([track])

    # Jumps and landing

    def jump(self, index: int, moment: Ms) -> None:
        standing.resume(self, says_words=False)
        speaking.silence(self, moment)
        self.index = index
        self.entered_by_itself = None
        gliding = self.tracks.glide(self.timeline, index, moment)
        self.wish_for(gliding)
        self.playhead = self._visit(self.timeline.chapters[index], moment)

    def replaced(self, now: Ms) -> list[Output]:
        """Another session takes over: fall silent at once and leave the tracks as they are."""
        self._advance(now)
        if not self.is_over:
            standing.go_on(self)
            self.ending = self.ending or Ending.STOPPED
            self.emit(Replaced(self.name))
            self._finish(self.clock.at(self.now))
        return self._take()

    def end(self, ending: Ending, now: Ms) -> list[Output]:
        """Land for a reason of the house: failed and lost land without words."""
        self._advance(now)
        if not self.is_over and self.ending is None:
            self.land(self.timeline.lost, ending, self.clock.at(self.now))
            self._advance(now)
        return self._take()

    def land(self, chapter: Chapter, ending: Ending, moment: Ms) -> None:
        standing.go_on(self)
        speaking.silence(self, moment)
        self.ending = ending
        self.status = Status.LANDING
        self.index = len(self.timeline.chapters)
        self.emit(Landing(ending))
        self.playhead = self._visit(chapter, moment)

    # What goes out

    def wish_for(self, tracks: Iterable[Track]) -> None:
        """Say what is wanted of these tracks."""
        self._out.extend(self._wishes(tracks))

    def _wishes(self, tracks: Iterable[Track]) -> list[Wish]:
        is_landing = self.ending is not None
        lights = self.interlude.fades
        return [
            lifted(track, lights[track])
            if track in lights
            else wish(track, self.tracks, self.voice, self.clock, self.now, is_landing=is_landing)
            for track in tracks
        ]

    def next_id(self) -> str:
        """An announcement's, of this session alone."""
        self._announcements += 1
        return f"{self.name}-{self._announcements}"

    def emit(self, output: Output) -> None:
        self._out.append(output)

    def _take(self) -> list[Output]:
        out, self._out = self._out, []
        return out
