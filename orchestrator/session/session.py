"""One run of a timeline in a room, sans-I/O: commands and what is heard go in, wishes and words come out.

It never sleeps, reads a clock or sends. Moments given in (`now`) are real milliseconds of one monotonic clock; inside
all is running time. Due moments are worked through in order, each at its own time; an earlier `now` does nothing.
"""

from typing import assert_never

from orchestrator.errors import Reason, Refused
from orchestrator.fade import Fade
from orchestrator.scenes.timeline import Chapter, Chime, Cue, Move, RoomState, Say, Timeline
from orchestrator.session.commands import (
    Abort,
    Back,
    Command,
    Extend,
    Goto,
    Next,
    Pause,
    Repeat,
    Resume,
    SetVolume,
    Skip,
    Stop,
)
from orchestrator.session.playhead import Playhead
from orchestrator.session.running import RunningClock
from orchestrator.session.state import (
    NO_GAIN,
    Announce,
    Ending,
    Event,
    Happened,
    Heard,
    Hold,
    HoldFor,
    HushWords,
    Output,
    Ring,
    Spoken,
    Status,
    View,
    VoiceIs,
    VolumeByHand,
    Wish,
)
from orchestrator.session.tracks import Tracks
from orchestrator.session.voice import DUCK_DB, Traits, Voice
from orchestrator.values import MINUTE, SECOND, SILENCE, Attribute, Ms, Playing, Track, Value

ABORT_FADE: Ms = 500
"""Lights never change faster: user-needs, flash limits."""
JUST_CHANGED: Ms = SECOND
"""A `next` so soon after a step changed by itself was meant for the step before."""
LONGEST_EXTENSION: Ms = 120 * MINUTE


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
    ) -> None:
        self.name = name
        self.timeline = timeline
        self.ending: Ending | None = None
        self.status = Status.RUNNING
        self._now = now
        self._clock = RunningClock(now, rate)
        self._paused_at_most = paused_at_most
        self._paused_since: Ms | None = None
        self._resumes_words = False
        self._tracks = Tracks(before)
        self._voice = Voice(traits)
        self._announcements = 0
        self._visits = 0
        self._index = 0
        self._auto_entered: Ms | None = None
        self._is_over = False
        self._moment: Ms = 0
        self._cut: list[tuple[Ms, Say]] = []
        self._out: list[Output] = []
        self._happened(
            Event.SESSION_STARTED, session=name, scene=timeline.scene, language=timeline.language, rate=rate / 1000
        )
        self._playhead = self._visit(timeline.chapters[0] if timeline.chapters else timeline.finish, 0)
        if not timeline.chapters:
            self._land(timeline.finish, Ending.FINISHED, 0)

    # What the outside calls

    def handle(self, command: Command, now: Ms) -> list[Output]:
        """Do what a person says. Raises Refused, having changed nothing, where that makes no sense now."""
        self._advance(now)
        if self._is_over:
            raise Refused(Reason.NOT_NOW, "The session is over.")
        self._obey(command, self._clock.at(self._now))
        self._advance(now)
        return self._take()

    def report(self, heard: Heard, now: Ms) -> list[Output]:
        """Take in what was heard from the room."""
        self._advance(now)
        moment = self._clock.at(self._now)
        match heard:
            case Spoken():
                self._spoken(heard, moment)
            case VolumeByHand():
                self._turned(heard.track, float(heard.level), moment)
                self._tracks.before[heard.track] = float(heard.level)
            case VoiceIs(traits):
                self._voice.become(traits, moment)
        self._advance(now)
        return self._take()

    def advance(self, now: Ms) -> list[Output]:
        """Let time pass up to `now`."""
        self._advance(now)
        return self._take()

    def next_deadline(self) -> Ms | None:
        """The real moment at which something is due; None exactly when the session is over."""
        if self._is_over:
            return None
        if self._paused_since is not None:
            return self._paused_since + self._paused_at_most
        return max(self._clock.when(self._due()), self._now)

    def room(self, now: Ms) -> dict[Track, Value]:
        """What the room should be like now, of the tracks that were touched; ducking left out."""
        return self._tracks.at(self._clock.at(max(now, self._now)))

    def wishes(self, now: Ms) -> list[Wish]:
        """All that is wanted, anew: for a device that was away."""
        self._now = max(now, self._now)
        return [self._wish(track) for track in self._tracks.fades]

    @property
    def is_over(self) -> bool:
        return self._is_over

    @property
    def waits_since(self) -> Ms | None:
        """The real moment since when it waits for the person to say next; None where it does not."""
        since = self._playhead.waiting_since
        return self._clock.when(since) if since is not None and not self._clock.is_standing else None

    @property
    def chapter(self) -> Chapter:
        return self._playhead.chapter

    def view(self, now: Ms) -> View:
        """How it stands, for somebody who looks."""
        moment = self._clock.at(max(now, self._now))
        chapters = self.timeline.chapters
        return View(
            status=self._shown_status(),
            scene=self.timeline.scene,
            chapter=self.chapter.id,
            title=self.chapter.title,
            number=min(self._index + 1, len(chapters)),
            of=len(chapters),
            position=moment,
            remaining=self._remaining(moment),
            hold=self._hold(),
            hands=self.chapter.hands,
            rate=self._clock.rate / 1000,
            ending=self.ending,
        )

    # Time

    def _advance(self, now: Ms) -> None:
        while (deadline := self.next_deadline()) is not None and deadline <= now:
            self._now = max(self._now, deadline)
            if self._paused_since is not None:
                self._go_on()
                self._land(self.timeline.stopped, Ending.STOPPED, self._clock.at(self._now))
            else:
                self._moment = max(self._due(), self._moment)
                self._step(self._moment)
        self._now = max(self._now, now)

    def _due(self) -> Ms:
        """Running time of the next moment at which something happens."""
        head = self._playhead
        moments = [self._voice.due, head.due]
        if not self._voice.is_busy:
            moments.append(head.reminder[0] if head.reminder else None)
            moments.append(head.wait_limit)
        return min(moment for moment in moments if moment is not None)

    def _step(self, moment: Ms) -> None:
        """One thing that is due at a moment: the voice first, then the playhead."""
        voice, head = self._voice, self._playhead
        if voice.speech is not None and voice.speech.limit <= moment:
            self._fall_silent(moment)
        elif (again := voice.next_of_encore(moment)) is not None:
            self._announce(again, moment)
        elif head.waiting_since is not None:
            self._step_wait(moment)
        else:
            self._step_playhead(moment)

    def _step_wait(self, moment: Ms) -> None:
        reminder, limit = self._playhead.reminder, self._playhead.wait_limit
        if reminder is not None and reminder[0] <= moment:
            self._playhead.pass_reminder()
            self._fire(reminder[1], moment)
        elif limit is not None and limit <= moment:
            self._leave(moment)

    def _step_playhead(self, moment: Ms) -> None:
        head = self._playhead
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
        elif self._voice.is_busy:
            head.stand(moment)
        elif offset >= head.chapter.length:
            self._end_of_doing(moment)

    def _must_hold(self, cue: Cue) -> bool:
        return self._voice.is_busy and isinstance(cue.what, Say) and not cue.what.beat

    def _end_of_doing(self, moment: Ms) -> None:
        head = self._playhead
        if head.chapter.wait is None:
            self._leave(moment)
            return
        head.wait(moment)
        self._happened(Event.WAITING, chapter=head.chapter.id, at_most=head.chapter.wait.at_most)

    def _leave(self, moment: Ms) -> None:
        """The chapter is over by itself."""
        if self.ending is not None:
            self._finish(moment)
        elif self._index + 1 < len(self.timeline.chapters):
            self._auto_entered = moment
            self._index += 1
            self._playhead = self._visit(self.timeline.chapters[self._index], moment)
        else:
            self._land(self.timeline.finish, Ending.FINISHED, moment)

    def _finish(self, moment: Ms) -> None:
        self._is_over = True
        self.status = Status.IDLE
        self._silence_voice(moment)
        self._happened(Event.LANDED, session=self.name, ending=str(self.ending))

    # Cues

    def _visit(self, chapter: Chapter, moment: Ms) -> Playhead:
        """Enter a chapter anew."""
        self._visits += 1
        self._release_music(moment, leaving=True)
        if self.ending is None:
            self._happened(
                Event.STEP_STARTED,
                chapter=chapter.id,
                title=chapter.title,
                number=self._index + 1,
                of=len(self.timeline.chapters),
            )
        return Playhead(chapter, moment, self._visits)

    def _fire(self, cue: Cue, moment: Ms) -> None:
        match cue.what:
            case Move() as move:
                self._move(move, moment)
            case Say() as say:
                if not (say.beat and self._voice.is_busy):
                    self._announce(say, moment)
            case Chime() as chime:
                if not self._voice.is_busy:
                    self._out.append(Ring(chime.sound))
            case _:
                assert_never(cue.what)

    def _move(self, move: Move, moment: Ms) -> None:
        if self._tracks.move(move, moment, is_landing=self.ending is not None):
            self._out.append(self._wish(move.track))

    def _wish(self, track: Track) -> Wish:
        fade = self._tracks.fades[track]
        if self._clock.is_standing:
            fade = self._standing(fade.at(self._clock.at(self._now)))
        else:
            fade = self._in_real_time(fade)
        gain = self._in_real_time(self._voice.gain) if track.attribute is Attribute.VOLUME else NO_GAIN
        back = self._tracks.backs.get(track)
        return Wish(track, fade, gain, back, landing=self.ending is not None)

    def _in_real_time(self, fade: Fade) -> Fade:
        return fade._replace(start=self._clock.when(fade.start), end=self._clock.when(fade.end))

    def _standing(self, value: Value) -> Fade:
        if isinstance(value, Playing) and value != SILENCE:
            value = Playing(value.names, paused=True)
        return Fade.still(self._now, value)

    # Words

    def _announce(self, say: Say, moment: Ms) -> None:
        self._announcements += 1
        name = f"{self.name}-{self._announcements}"
        self._voice.speak(name, say, moment)
        self._duck(moment, DUCK_DB)
        at = self._clock.when(moment)
        self._out.append(Announce(at, name, say.text, say.lasts, say.volume, say.rate, say.gap, say.beat))
        self._happened(Event.ANNOUNCED, id=name, chapter=self.chapter.id, text=say.text)

    def _spoken(self, heard: Spoken, moment: Ms) -> None:
        """Done, failed, or the voice is gone. At another rate than 1 the planned length stands."""
        speech = self._voice.speech
        if speech is None or heard.id not in (None, speech.id):
            return
        if self._clock.rate != 1000 and heard.done:
            return
        head = self._playhead
        head.arrive(moment)
        if head.in_words and head.waiting_since is None:
            head.to(min(self._end_of(speech.say), head.chapter.words), moment)
        self._fall_silent(moment)

    def _end_of(self, say: Say) -> Ms:
        """Where on the chapter's axis these words were planned to end."""
        return next((cue.at + say.lasts for cue in self.chapter.cues if cue.what is say), 0)

    def _fall_silent(self, moment: Ms) -> None:
        self._voice.fall_silent(moment)
        self._release_music(moment)
        self._go_on_from_hold(moment)

    def _go_on_from_hold(self, moment: Ms) -> None:
        head = self._playhead
        if not self._voice.is_busy and not head.is_moving and head.waiting_since is None:
            head.go_on(moment)

    def _silence_voice(self, moment: Ms) -> None:
        """Cut what is said. A voice that cannot be hushed finishes, and the next words wait for it."""
        speech = self._voice.speech
        if speech is None or self._voice.traits.hush:
            if speech is not None:
                self._out.append(HushWords(speech.id))
            self._voice.hush()
            self._release_music(moment)

    def _duck(self, moment: Ms, db: float) -> None:
        if self._voice.ducks_music and self._voice.duck(moment, db):
            self._out.extend(self._wish(track) for track in self._tracks.of(Attribute.VOLUME))

    def _release_music(self, moment: Ms, *, leaving: bool = False) -> None:
        """Un-duck, unless somebody speaks or a count goes on."""
        if self._voice.is_busy or (not leaving and self._is_counting(moment)):
            return
        self._duck(moment, 0.0)

    def _is_counting(self, moment: Ms) -> bool:
        head = self._playhead
        return head.chapter.counted and self.ending is None and head.offset(moment) < head.chapter.length

    # Commands

    def _obey(self, command: Command, moment: Ms) -> None:
        match command:
            case Stop():
                self._stop(moment)
            case Abort():
                self._abort(moment)
            case _ if self.ending is not None:
                raise Refused(Reason.NOT_NOW, "The session is landing: the room is being given back.")
            case SetVolume(level):
                self._set_volume(float(level), moment)
            case Pause():
                self._pause(moment)
            case Resume():
                self._resume()
            case Next():
                self._next(moment)
            case Back():
                self._jump(max(self._index - 1, 0), moment)
            case Skip():
                self._skip(moment)
            case Goto(step):
                self._jump(self._find(step), moment)
            case Repeat():
                self._repeat(moment)
            case Extend(by):
                self._extend(by)
            case _:
                assert_never(command)

    def _pause(self, moment: Ms) -> None:
        if self._paused_since is not None:
            return
        self._playhead.arrive(moment)
        self._resumes_words = self._voice.is_busy and self._voice.traits.hush
        if self._resumes_words:
            self._cut = self._words_in_air()
            self._silence_voice(moment)
        self._clock.stand(self._now)
        self._paused_since = self._now
        self.status = Status.PAUSED
        self._out.extend(self._wish(track) for track in self._tracks.unsettled(moment))
        self._happened(Event.PAUSED, chapter=self.chapter.id)

    def _words_in_air(self) -> list[tuple[Ms, Say]]:
        """What has to be said anew when it is cut now; a beat of a count is not."""
        if self._voice.is_saying_again:
            return self._playhead.words()
        speech = self._voice.speech
        return [(0, speech.say)] if speech is not None and not speech.say.beat else []

    def _resume(self) -> None:
        if self._paused_since is None:
            return
        self._go_on()
        moment = self._clock.at(self._now)
        if self._resumes_words:
            self._resumes_words = False
            if self._playhead.in_words and self._playhead.waiting_since is None:
                self._playhead.rewind_words(moment)
            else:
                self._voice.say_again(self._cut, moment)
        self._happened(Event.RESUMED, chapter=self.chapter.id)

    def _go_on(self) -> None:
        """Leave a pause: fades go on from where they stand, music too."""
        if self._paused_since is None:
            return
        moment = self._clock.at(self._now)
        self._clock.go_on(self._now)
        self._paused_since = None
        self.status = Status.RUNNING
        self._out.extend(self._wish(track) for track in self._tracks.unsettled(moment))

    def _next(self, moment: Ms) -> None:
        if (
            self.status is not Status.PAUSED
            and self._auto_entered is not None
            and moment - self._auto_entered < JUST_CHANGED
        ):
            return
        if self._index + 1 < len(self.timeline.chapters):
            self._jump(self._index + 1, moment)
        else:
            self._land(self.timeline.finish, Ending.FINISHED, moment)

    def _skip(self, moment: Ms) -> None:
        part = self.chapter.part
        if part is None:
            raise Refused(Reason.NOT_NOW, "This step is in no part that can be skipped.", "Say next to leave the step.")
        chapters = self.timeline.chapters
        after = next((i for i in range(self._index, len(chapters)) if chapters[i].part != part), None)
        if after is None:
            self._land(self.timeline.finish, Ending.FINISHED, moment)
        else:
            self._jump(after, moment)

    def _find(self, step: str) -> int:
        """The chapter meant by a step: the next of that name, else the last before."""
        matches: list[int] = [
            index
            for index, chapter in enumerate(self.timeline.chapters)
            if chapter.id == step or chapter.id.partition("#")[0].partition(":")[0] == step
        ]
        if not matches:
            known = ", ".join(dict.fromkeys(chapter.id for chapter in self.timeline.chapters))
            raise Refused(Reason.UNKNOWN_STEP, f"No step {step!r} in this session.", f"There are: {known}.")
        return next((index for index in matches if index > self._index), matches[-1])

    def _repeat(self, moment: Ms) -> None:
        self._resumes_words = False
        self._resume()
        self._silence_voice(moment)
        head = self._playhead
        head.arrive(moment)
        if head.in_words and head.waiting_since is None:
            head.rewind_words(moment)
        else:
            self._voice.say_again(head.words(), moment)
            self._go_on_from_hold(moment)

    def _extend(self, by: Ms) -> None:
        if not 0 < by <= LONGEST_EXTENSION:
            raise Refused(Reason.BAD_PARAMETER, "A step can be extended by up to two hours.", "Say extend 2min.")
        self._playhead.arrive(self._clock.at(self._now))
        self._playhead.extend(by)
        self._go_on_from_hold(self._clock.at(self._now))
        self._happened(Event.EXTENDED, chapter=self.chapter.id, by=by)

    def _set_volume(self, level: float, moment: Ms) -> None:
        if not self._tracks.of(Attribute.VOLUME):
            raise Refused(Reason.NOT_NOW, "No music plays in this session yet.")
        for track in self._tracks.of(Attribute.VOLUME):
            self._turned(track, level, moment)
        self._happened(Event.VOLUME_SET, level=round(level))

    def _turned(self, track: Track, level: float, moment: Ms) -> None:
        """A person's volume replaces ours. Under words it counts as it is: nothing may jump up after them."""
        if self._voice.speech is not None and self._voice.gain.target != 0.0:
            self._voice.gain = Fade.still(moment, 0.0)
        self._tracks.turn(track, level, moment)
        self._out.append(self._wish(track))

    # Jumps and landing

    def _jump(self, index: int, moment: Ms) -> None:
        self._resumes_words = False
        if self._paused_since is not None:
            self._resume()
        self._silence_voice(moment)
        self._index = index
        self._auto_entered = None
        gliding = self._tracks.glide(self.timeline, index, moment)
        self._out.extend(self._wish(track) for track in gliding)
        self._playhead = self._visit(self.timeline.chapters[index], moment)

    def _stop(self, moment: Ms) -> None:
        if self.ending in (None, Ending.FINISHED) and self.chapter is not self.timeline.stopped:
            self._land(self.timeline.stopped, self.ending or Ending.STOPPED, moment)

    def _abort(self, moment: Ms) -> None:
        self._land(_at_once(self.timeline.stopped), Ending.ABORTED, moment)

    def end(self, ending: Ending, now: Ms) -> list[Output]:
        """Land for a reason of the house: failed and lost land without words."""
        self._advance(now)
        if not self._is_over and self.ending is None:
            self._land(self.timeline.lost, ending, self._clock.at(self._now))
            self._advance(now)
        return self._take()

    def _land(self, chapter: Chapter, ending: Ending, moment: Ms) -> None:
        self._resumes_words = False
        self._go_on()
        self._silence_voice(moment)
        self.ending = ending
        self.status = Status.LANDING
        self._index = len(self.timeline.chapters)
        self._happened(Event.LANDING, ending=str(ending))
        self._playhead = self._visit(chapter, moment)

    # What is shown and told

    def _shown_status(self) -> Status:
        if self.status is Status.RUNNING and self._hold() is not None:
            return Status.HOLDING
        return self.status

    def _hold(self) -> Hold | None:
        head = self._playhead
        if self._is_over or head.is_moving:
            return None
        limit = head.wait_limit
        if limit is not None:
            return Hold(HoldFor.PERSON, self._clock.when(limit))
        return Hold(HoldFor.SPEECH, self._clock.when(self._voice.due or 0))

    def _remaining(self, moment: Ms) -> Ms:
        """What is left, waits taken as they usually are."""
        if self._is_over:
            return 0
        head = self._playhead
        if head.waiting_since is not None and head.chapter.wait is not None:
            here = max(head.chapter.wait.usually - (moment - head.waiting_since), 0)
        else:
            here = head.chapter.usual - head.offset(moment)
        if self.ending is not None:
            return here
        coming = self.timeline.chapters[self._index + 1 :]
        return here + sum(chapter.usual for chapter in coming) + self.timeline.finish.usual

    def _happened(self, event: Event, **details: str | float | bool | None) -> None:
        self._out.append(Happened(event, tuple(details.items())))

    def _take(self) -> list[Output]:
        out, self._out = self._out, []
        return out


def _at_once(chapter: Chapter) -> Chapter:
    """A landing without words in which everything happens now, lights as fast as they may."""
    cues = []
    for cue in chapter.cues:
        if isinstance(cue.what, Move):
            lasts = min(cue.what.lasts, ABORT_FADE) if cue.what.track.attribute is Attribute.LEVEL else 0
            cues.append(cue._replace(at=0, what=cue.what._replace(lasts=lasts)))
    return chapter._replace(words=0, lasts=ABORT_FADE, wait=None, cues=tuple(cues))
