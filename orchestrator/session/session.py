"""One run of a timeline in a room, sans-I/O: commands and what is heard go in, wishes and words come out.

It never sleeps, reads a clock or sends. Moments given in (`now`) are real milliseconds of one monotonic clock; inside
all is running time. Due moments are worked through in order, each at its own time; an earlier `now` does nothing.

`state.py` says what a session is in and which command is accepted there. The parts own what they are about and know
nothing of each other: `Playhead` (where it is in its chapter), `Voice` (what is said), `Tracks` (the fades), `Pausing`
(what goes on meanwhile), `RunningClock`. Here they meet: a part is told what it needs, and what it gives is acted on.
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from orchestrator.commands import (
    Abort,
    Back,
    Extend,
    Goto,
    MusicVolume,
    Next,
    Pause,
    Proceed,
    Repeat,
    Resume,
    Skip,
    Stop,
    Toggle,
)
from orchestrator.errors import Reason, Refused
from orchestrator.events.music import VolumeSet
from orchestrator.events.session import Ending, Landed, Landing, Replaced, SessionResumed, SessionStarted
from orchestrator.events.step import Extended, Paused, Resumed, StepStarted, Waiting
from orchestrator.fade import Fade
from orchestrator.scenes.planning.leaving import leaving
from orchestrator.scenes.planning.timeline import Before, Chapter, Chime, Cue, Move, RoomState, Say, Timeline
from orchestrator.session import jumps
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.session.outputs import Output, Ring, Wish
from orchestrator.session.pausing import Pausing
from orchestrator.session.playhead import Milestone, Playhead
from orchestrator.session.recovery import Recovery
from orchestrator.session.reports import RoomReport, Spoken, VoiceIs, VolumeByHand
from orchestrator.session.running_clock import RunningClock
from orchestrator.session.state import (
    Hold,
    HoldFor,
    State,
    Status,
    refuse_unless_accepted,
    status_of,
)
from orchestrator.session.tracks import Tracks
from orchestrator.session.view import View
from orchestrator.session.voice import Speech, Traits, Voice
from orchestrator.session.wishes import wish
from orchestrator.units import MINUTE, SECOND, Ms, Percent
from orchestrator.values import Attribute, Track, Value

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
        recovery: Recovery | None = None,
    ) -> None:
        self._name = name
        self._timeline = timeline
        self._now = now
        self._clock = RunningClock(now, rate)
        self._tracks = Tracks(before)
        # In each life its announcements are others: a speaker may still be about one of the life before.
        self._voice = Voice(name if recovery is None else f"{name}-{now}", self._heard_traits(traits))
        self._pausing = Pausing(paused_at_most)
        self._playhead = Playhead(timeline.finish, 0)
        self._index = 0
        self._visits = 0
        self._entered_by_itself: Ms | None = None
        self._ending: Ending | None = None
        self._is_over = False
        self._moment: Ms = 0
        self._out: list[Output] = []
        if recovery is not None:
            self._recover(recovery)
        else:
            self._tell_beginning(SessionStarted)
            self._enter_first()

    def _tell_beginning(self, kind: type[SessionStarted | SessionResumed]) -> None:
        self._emit(kind(self._name, self._timeline.scene, self._timeline.language, self._clock.rate / 1000))

    def _enter_first(self) -> None:
        if self._timeline.chapters:
            self._visit(self._timeline.chapters[0], 0)
        else:
            self._land(self._timeline.finish, Ending.FINISHED, 0)

    def _recover(self, recovery: Recovery) -> None:
        """Go on at the start of a chapter, or land: what was touched before is taken as it should be there."""
        self._index = min(recovery.number, len(self._timeline.chapters) - 1)
        self._tracks.recall(self._timeline, self._index, recovery.touched)
        if recovery.ending is not None:
            self._land(self._timeline.lost, recovery.ending, 0)
            return
        self._tell_beginning(SessionResumed)
        self._playhead = Playhead(self._timeline.chapters[self._index], 0)
        if recovery.words is not None:
            self._announce(self._voice.say(recovery.words, 0), 0)
        self._tracks.glide(self._timeline, self._index, 0)
        self._wish_for(self._tracks.fades)
        self._visit(self._timeline.chapters[self._index], 0)

    # What goes in

    def handle(self, command: Command, now: Ms) -> list[Output]:
        """Do what a person says. Raises Refused, having changed nothing, where that makes no sense now."""
        self._advance(now)
        refuse_unless_accepted(command, self.state)
        self._obey(command, self._clock.at(self._now))
        self._advance(now)
        return self._take()

    def report(self, heard: RoomReport, now: Ms) -> list[Output]:
        """Take in what was heard from the room."""
        self._advance(now)
        moment = self._clock.at(self._now)
        match heard:
            case Spoken():
                self._spoken(heard, moment)
            case VolumeByHand(track, level):
                self._voice.leave_music(moment)
                self._tracks.turned_by_hand(track, float(level), moment)
                self._wish_for([track])
            case VoiceIs(traits):
                self._voice.become(self._heard_traits(traits), moment)
        self._advance(now)
        return self._take()

    def advance(self, now: Ms) -> list[Output]:
        """Let time pass up to `now`."""
        self._advance(now)
        return self._take()

    def end(self, ending: Ending, now: Ms) -> list[Output]:
        """Land for a reason of the house: failed and lost land without words."""
        self._advance(now)
        if self._ending is None:
            self._land(self._timeline.lost, ending, self._clock.at(self._now))
            self._advance(now)
        return self._take()

    def learn(self, before: RoomState) -> None:
        """How the room was before has become known, after the start: of tracks that nothing was sent to."""
        self._tracks.learn(before)

    def replaced(self, now: Ms) -> list[Output]:
        """Another session takes over: fall silent at once and leave the tracks as they are."""
        self._advance(now)
        if not self._is_over:
            self._leave_pause()
            if self._ending is None:
                self._stand(self._clock.at(self._now))
            self._ending = self._ending or Ending.STOPPED
            self._emit(Replaced(self._name))
            self._finish(self._clock.at(self._now))
        return self._take()

    # What it is in

    @property
    def state(self) -> State:
        if self._is_over:
            return State.OVER
        if self._ending is not None:
            return State.LANDING
        return State.PAUSED if self._pausing.is_on else State.PLAYING

    @property
    def status(self) -> Status:
        return status_of(self.state, self._holds_for)

    @property
    def ending(self) -> Ending | None:
        """How it ends, or has ended; None while it does not."""
        return self._ending

    @property
    def is_over(self) -> bool:
        return self._is_over

    def next_deadline(self) -> Ms | None:
        """The real moment at which something is due; None exactly when the session is over."""
        if self._is_over:
            return None
        if self._pausing.is_on:
            return self._due_paused()
        return max(self._clock.when(self._due()), self._now)

    # What is to be seen of it

    @property
    def chapter(self) -> Chapter:
        """The chapter that is on; a landing is one."""
        return self._playhead.chapter

    @property
    def index(self) -> int:
        """The chapter's number from 0; how many there are while it lands."""
        return self._index

    @property
    def visits(self) -> int:
        """How many chapters were entered so far, each time counted."""
        return self._visits

    def offset(self, now: Ms) -> Ms:
        """How far along the chapter's axis the playhead is."""
        return self._playhead.offset(self._clock.at(max(now, self._now)))

    @property
    def waits_since(self) -> Ms | None:
        """The real moment since when it waits for the person to say next; None where it does not."""
        since = self._playhead.waiting_since
        return self._clock.when(since) if since is not None and not self._clock.is_standing else None

    @property
    def is_in_words(self) -> bool:
        """Whether the words of the step are on, or are to come at once."""
        return self._playhead.is_in_words(self._clock.at(self._now))

    @property
    def words(self) -> str:
        """What the step says, as `repeat` would say it."""
        return " ".join(say.text for _, say in self._playhead.words)

    @property
    def is_speaking(self) -> bool:
        """Whether there are words in the air, or to be said at once."""
        return self._voice.is_busy

    @property
    def gain(self) -> Fade:
        """What the music's volume is multiplied with, in dB; below 0 under words. Times are running time."""
        return self._voice.gain

    @property
    def volume(self) -> float | None:
        """Where the music is, or is on its way to, in percent of the room's comfortable level; None without music."""
        track = next(iter(self._tracks.of(Attribute.VOLUME)), None)
        target = self._tracks.fades[track].target if track is not None else None
        return target if isinstance(target, float) else None

    @property
    def fades(self) -> Mapping[Track, Fade]:
        """The fade that each touched track is in, or came to rest by. Times are running time."""
        return self._tracks.fades

    @property
    def backs(self) -> Mapping[Track, Before]:
        """The touched tracks that are on their way back to how they were before the session, or have come there."""
        return self._tracks.backs

    def room(self, now: Ms) -> dict[Track, Value]:
        """What the room should be like now, of the tracks that were touched; ducking left out."""
        now = max(now, self._now)
        return {**self._tracks.at(self._clock.at(now)), **self._pausing.lights(now)}

    def wishes(self, now: Ms) -> list[Wish]:
        """All that is wanted, anew: for a device that was away."""
        self._now = max(now, self._now)
        return self._wishes(self._tracks.fades)

    def view(self, now: Ms) -> View:
        """How it stands, for somebody who looks."""
        moment = self._clock.at(max(now, self._now))
        chapter, chapters = self._playhead.chapter, self._timeline.chapters
        return View(
            status=self.status,
            scene=self._timeline.scene,
            chapter=chapter.id,
            title=chapter.title,
            number=min(self._index + 1, len(chapters)),
            of=len(chapters),
            position=moment,
            remaining=self._remaining(moment),
            hold=self._hold(),
            hands=chapter.hands,
            rate=self._clock.rate / 1000,
            ending=self._ending,
            leaves=leaving(chapter) if self._ending is not None else None,
        )

    @property
    def _holds_for(self) -> HoldFor | None:
        """What it stands for. Where a pause has cut the words, nobody knows: nothing but the pause.

        A wait that nobody can answer is for nobody: time goes on in it as in any other step.
        """
        reason, wait = self._playhead.hold, self._playhead.chapter.wait
        is_for_nobody = reason is HoldFor.PERSON and wait is not None and not wait.is_answered
        is_free = self._is_over or is_for_nobody or (reason is HoldFor.SPEECH and not self._voice.is_busy)
        return None if is_free else reason

    def _hold(self) -> Hold | None:
        reason = self._holds_for
        until = self._playhead.wait_limit if reason is HoldFor.PERSON else self._voice.due
        return Hold(reason, self._clock.when(until)) if reason is not None and until is not None else None

    def _remaining(self, moment: Ms) -> Ms:
        """What is left, waits taken as they usually are."""
        if self._is_over:
            return 0
        here = self._playhead.remaining(moment)
        if self._ending is not None:
            return here
        coming = self._timeline.chapters[self._index + 1 :]
        return here + sum(chapter.usual for chapter in coming) + self._timeline.finish.usual

    # Time

    def _advance(self, now: Ms) -> None:
        while (deadline := self.next_deadline()) is not None and deadline <= now:
            self._now = max(self._now, deadline)
            if self._pausing.is_on:
                self._step_paused()
            else:
                self._moment = max(self._due(), self._moment)
                self._step(self._moment)
        self._now = max(self._now, now)

    def _due(self) -> Ms:
        """Running time of the next moment at which something happens. There is always one: who stands is due itself."""
        voice_due = self._voice.due
        if voice_due is None:
            return self._playhead.due(self._voice.free_since)
        head_due = self._playhead.due_moving
        return voice_due if head_due is None or voice_due < head_due else head_due

    def _step(self, moment: Ms) -> None:
        """One thing that is due at a moment: the voice first, then the playhead."""
        if self._voice.is_overdue(moment):
            self._fall_silent(moment)
        elif (speech := self._voice.say_next(moment)) is not None:
            self._announce(speech, moment)
        else:
            self._step_playhead(moment)

    def _step_playhead(self, moment: Ms) -> None:
        what = self._playhead.step(moment, is_voice_free=not self._voice.is_busy)
        if isinstance(what, Cue):
            self._fire(what, moment)
        elif what is Milestone.END:
            self._leave(moment)
        elif what is Milestone.WAIT:
            chapter = self._playhead.chapter
            assert chapter.wait is not None, "only what has a wait comes to it"
            if chapter.wait.is_answered:
                self._emit(Waiting(chapter.id, chapter.wait.at_most, chapter.title))

    def _due_paused(self) -> Ms:
        speech = self._voice.speech
        free_at = self._clock.when(speech.limit) if speech is not None else self._now
        return self._pausing.due(self._now, has_queued=self._voice.has_queued, free_at=free_at)

    def _step_paused(self) -> None:
        """What is due while it is paused: an end of that, or words that wait."""
        moment = self._clock.at(self._now)
        if self._pausing.is_too_long(self._now):
            self._land(self._timeline.stopped, Ending.STOPPED, moment)
            return
        self._voice.end(moment)
        speech = self._voice.say_next(moment)
        if speech is not None:
            self._hand_to_pause(moment)
            self._out.extend(speech.outputs(self._now, self.chapter.id))

    def _hand_to_pause(self, moment: Ms) -> None:
        """What is in the air goes on in real time, whatever the running clock does."""
        speech = self._voice.hand_over(moment)
        if speech is not None:
            self._pausing.say(speech, self._now + (speech.limit - moment) * 1000 // self._clock.rate)

    # The chapter

    def _visit(self, chapter: Chapter, moment: Ms) -> None:
        """Enter a chapter anew."""
        self._visits += 1
        self._raise_music(moment, is_leaving=True)
        if self._ending is None:
            self._emit(StepStarted(chapter.id, chapter.title, self._index + 1, len(self._timeline.chapters)))
        self._playhead = Playhead(chapter, moment)

    def _leave(self, moment: Ms) -> None:
        """The chapter is over by itself."""
        if self._ending is not None:
            self._finish(moment)
        elif self._index + 1 < len(self._timeline.chapters):
            self._entered_by_itself = moment
            self._index += 1
            self._visit(self._timeline.chapters[self._index], moment)
        else:
            self._land(self._timeline.finish, Ending.FINISHED, moment)

    def _finish(self, moment: Ms) -> None:
        self._is_over = True
        self._silence(moment)
        assert self._ending is not None, "only what lands is over"
        self._emit(Landed(self._name, self._ending))

    def _fire(self, cue: Cue, moment: Ms) -> None:
        match cue.what:
            case Move() as move:
                if self._tracks.move(move, moment, is_landing=self._ending is not None):
                    self._wish_for([move.track])
            case Say() as say:
                if say.beat and self._voice.is_busy:
                    self._voice.drop(moment)
                else:
                    self._announce(self._voice.say(say, moment), moment)
            case Chime(sound):
                if not self._voice.is_busy:
                    self._emit(Ring(sound))
            case _:
                assert_never(cue.what)

    # Words

    def _announce(self, speech: Speech, moment: Ms) -> None:
        """Words begin, and the music makes way."""
        if self._voice.lower_music(moment, is_heard=self._tracks.is_heard(moment)):
            self._wish_for(self._tracks.of(Attribute.VOLUME))
        self._out.extend(speech.outputs(self._clock.when(moment), self.chapter.id))

    def _spoken(self, spoken: Spoken, moment: Ms) -> None:
        """Done, failed, or the voice is gone. At another rate than 1 the planned length stands."""
        self._pausing.spoken(spoken.id)
        speech = self._voice.speech
        if speech is None or spoken.id not in (None, speech.id):
            return
        if self._clock.rate != 1000 and spoken.done:
            return
        self._playhead.words_over(speech.say, moment)
        self._fall_silent(moment)

    def _heard_traits(self, traits: Traits) -> Traits:
        """What counts of a voice: at another rate than 1 it does not say done, for words take what was planned."""
        return traits if self._clock.rate == 1000 else traits._replace(done=False)

    def _fall_silent(self, moment: Ms) -> None:
        """What was in the air is over."""
        self._voice.end(moment)
        self._out.extend(self._voice.dropped(moment))
        self._raise_music(moment)

    def _silence(self, moment: Ms) -> None:
        """Cut all that is said or waits. A voice that cannot be hushed finishes, and the next words wait for it."""
        self._out.extend(self._voice.silence(moment))
        self._raise_music(moment)

    def _raise_music(self, moment: Ms, *, is_leaving: bool = False) -> None:
        """Music comes back where nothing is said, but between beats that are close together."""
        is_between = not is_leaving and self._ending is None and self._playhead.is_between_beats
        if not is_between and self._voice.raise_music(moment):
            self._wish_for(self._tracks.of(Attribute.VOLUME))

    # Commands: what `state.COMMANDS` lets in

    def _obey(self, command: Command, moment: Ms) -> None:
        """Do it; `moment` is running time. Raises Refused, having changed nothing."""
        match command:
            case Pause():
                self._pause(moment)
            case Interrupt(light):
                self._pause(moment)
                self._lift_lights(light)
            case Resume():
                self._resume()
            case Toggle():
                if self._pausing.is_on:
                    self._resume()
                else:
                    self._pause(moment)
            case Next():
                self._next(moment)
            case Proceed():
                if self._pausing.is_on:
                    self._resume()
                else:
                    self._next(moment)
            case Back():
                self._jump(max(self._index - 1, 0), moment)
            case Skip():
                self._go_to(jumps.after_part(self._timeline.chapters, self._index), moment)
            case Goto(step):
                self._jump(jumps.named(step, self._timeline.chapters, self._index), moment)
            case Repeat():
                self._repeat(moment)
            case Extend(by):
                self._extend(by, moment)
            case MusicVolume(level):
                self._set_volume(float(level), moment)
            case Tell(say):
                self._tell(say, moment)
            case Stop():
                self._stop(moment)
            case Abort():
                self._abort(moment)
            case _:
                assert_never(command)

    def _next(self, moment: Ms) -> None:
        entered = self._entered_by_itself
        if not self._pausing.is_on and entered is not None and moment - entered < JUST_CHANGED:
            return
        self._go_to(self._index + 1, moment)

    def _go_to(self, index: int, moment: Ms) -> None:
        if index < len(self._timeline.chapters):
            self._jump(index, moment)
        else:
            self._land(self._timeline.finish, Ending.FINISHED, moment)

    def _repeat(self, moment: Ms) -> None:
        """The step's words once more; nothing else moves."""
        self._resume(says_words=False)
        self._silence(moment)
        if self._playhead.is_in_words(moment):
            self._playhead.rewind_words(moment)
        else:
            self._voice.repeat(self._playhead.words, moment)

    def _extend(self, by: Ms, moment: Ms) -> None:
        if not 0 < by <= LONGEST_EXTENSION:
            raise Refused(Reason.BAD_PARAMETER, "A step can be extended by up to two hours.", "Say extend 2min.")
        self._playhead.extend(by, moment)
        self._emit(Extended(self.chapter.id, by))

    def _set_volume(self, level: float, moment: Ms) -> None:
        tracks = self._tracks.of(Attribute.VOLUME)
        if not tracks:
            raise Refused(Reason.NOT_NOW, "No music plays in this session.")
        self._voice.leave_music(moment)
        for track in tracks:
            self._tracks.turn(track, level, moment)
        self._wish_for(tracks)
        self._emit(VolumeSet(round(level)))

    def _tell(self, say: Say, moment: Ms) -> None:
        """Say what is not the scene's, as soon as the voice is free; not where it lands without words."""
        lands_silently = self._ending not in (None, Ending.FINISHED, Ending.STOPPED)
        if not lands_silently and not self._pausing.is_saying(say):
            self._voice.queue(say, moment)

    def _stop(self, moment: Ms) -> None:
        """A landing may only become quicker: what finishes can be stopped, what is stopped goes on."""
        if self._ending in (None, Ending.FINISHED) and self.chapter is not self._timeline.stopped:
            self._land(self._timeline.stopped, self._ending or Ending.STOPPED, moment)

    def _abort(self, moment: Ms) -> None:
        """Once: who says it again does not begin the landing anew."""
        if self._ending is not Ending.ABORTED:
            self._land(jumps.at_once(self._timeline.stopped), Ending.ABORTED, moment)

    # Pausing

    def _pause(self, moment: Ms) -> None:
        """Stand still: fades at their present value, music paused, the scene's words cut. Does nothing where it stands.

        Words that are not the scene's are said to their end, and what waits of them comes after: the house says little,
        and what was cut of it (the oven is hot) would come late or never.
        """
        if self._pausing.is_on:
            return
        self._playhead.settle(moment)
        cut = self._voice.cut_words(self._playhead.words)
        if self._voice.says_queued:
            self._hand_to_pause(moment)
        if cut is not None:
            self._out.extend(self._voice.hush(moment))
            self._raise_music(moment)
        self._clock.stand(self._now)
        self._pausing.begin(self._now, cut)
        self._wish_for(self._tracks.unsettled(moment))
        self._emit(Paused(self.chapter.id))

    def _lift_lights(self, level: Percent) -> None:
        """While it stands: lights that are darker come up to a level, and stay until it goes on."""
        self._wish_for(self._pausing.lift(self.room(self._now), level, self._now))

    def _resume(self, *, says_words: bool = True) -> None:
        """Go on from a pause; words that were cut are said again from their start, unless somebody knows better."""
        if not self._pausing.is_on:
            return
        cut = self._leave_pause()
        self._emit(Resumed(self.chapter.id))
        if says_words and cut is not None:
            moment = self._clock.at(self._now)
            if cut and self._playhead.is_in_words(moment):
                self._playhead.rewind_words(moment, cut[0][1])
            else:
                self._voice.repeat(cut, moment)

    def _leave_pause(self) -> list[tuple[Ms, Say]] | None:
        """Leave a pause without a word: fades go on from where the lights are, music too. Gives what it had cut."""
        if not self._pausing.is_on:
            return None
        moment = self._clock.at(self._now)
        ended = self._pausing.end(self._now)
        self._voice.begin_anew()
        self._tracks.come_down(ended.lights, moment)
        if ended.speech is not None:
            left = (ended.speech.until - self._now) * self._clock.rate // 1000
            self._voice.carry_on(ended.speech.speech, moment, left)
        self._clock.go_on(self._now)
        if not ended.cut and not self._voice.is_busy:
            self._playhead.go_on(moment)
        self._wish_for(self._tracks.unsettled(moment))
        self._raise_music(moment)
        return ended.cut

    # Jumps and landing

    def _jump(self, index: int, moment: Ms) -> None:
        self._resume(says_words=False)
        self._silence(moment)
        self._index = index
        self._entered_by_itself = None
        self._stand(moment, self._tracks.forgotten(self._timeline, index))
        self._wish_for(self._tracks.glide(self._timeline, index, moment))
        self._visit(self._timeline.chapters[index], moment)

    def _land(self, chapter: Chapter, ending: Ending, moment: Ms) -> None:
        self._leave_pause()
        self._silence(moment)
        if self._ending is None and chapter is not self._timeline.finish:
            self._stand(moment)
        self._ending = ending
        self._index = len(self._timeline.chapters)
        self._emit(Landing(ending))
        self._visit(chapter, moment)

    def _stand(self, moment: Ms, tracks: Iterable[Track] | None = None) -> None:
        """Fades that nobody wants any more go no further: of these tracks, or of all."""
        self._wish_for(self._tracks.stand(moment, tracks), stands=True)

    # What goes out

    def _wish_for(self, tracks: Iterable[Track], *, stands: bool = False) -> None:
        """Say what is wanted of these tracks; `stands`: to stay where they are."""
        self._out.extend(self._wishes(tracks, stands=stands))

    def _wishes(self, tracks: Iterable[Track], *, stands: bool = False) -> list[Wish]:
        is_landing, gain = self._ending is not None, self._voice.gain
        return [
            Wish(track, lifted, rises=True)
            if (lifted := self._pausing.lifted(track)) is not None
            else wish(track, self._tracks, gain, self._clock, self._now, is_landing=is_landing, stands=stands)
            for track in tracks
        ]

    def _emit(self, output: Output) -> None:
        self._out.append(output)

    def _take(self) -> list[Output]:
        out, self._out = self._out, []
        return out
