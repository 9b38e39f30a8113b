"""One run of a timeline in a room, sans-I/O: commands and what is heard go in, wishes and words come out.

It never sleeps, reads a clock or sends. Moments given in (`now`) are real milliseconds of one monotonic clock; inside
all is running time. Due moments are worked through in order, each at its own time; an earlier `now` does nothing.
"""

from collections.abc import Iterable
from typing import assert_never

from orchestrator.errors import Reason, Refused
from orchestrator.fade import Fade
from orchestrator.scenes.timeline import Chapter, Chime, Cue, Move, RoomState, Say, Timeline
from orchestrator.session.commands import Command
from orchestrator.session.interlude import Interlude
from orchestrator.session.obedience import obey
from orchestrator.session.playhead import Playhead
from orchestrator.session.running import RunningClock
from orchestrator.session.state import (
    Announce,
    Ending,
    Event,
    Happened,
    Heard,
    HushWords,
    Output,
    Recollection,
    Ring,
    Spoken,
    Status,
    View,
    VoiceIs,
    VolumeByHand,
    Wish,
)
from orchestrator.session.tracks import Tracks
from orchestrator.session.view import view
from orchestrator.session.voice import DUCK_DB, Traits, Voice
from orchestrator.session.wishes import lifted, wish
from orchestrator.values import MINUTE, SECOND, Attribute, Ms, Percent, Track, Value

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
        recollection: Recollection | None = None,
    ) -> None:
        self.name = name
        self.timeline = timeline
        self.ending: Ending | None = None
        self.status = Status.RUNNING
        self._now = now
        self.clock = RunningClock(now, rate)
        self._paused_at_most = paused_at_most
        self._paused_since: Ms | None = None
        self._resumes_words = False
        self.interlude = Interlude()
        self.tracks = Tracks(before)
        self.voice = Voice(traits)
        self._announcements = 0
        self._visits = 0
        self.index = 0
        self.entered_by_itself: Ms | None = None
        self.is_over = False
        self._moment: Ms = 0
        self._cut: list[tuple[Ms, Say]] = []
        self._out: list[Output] = []
        self.playhead = Playhead(timeline.finish, 0, 0)
        if recollection is not None:
            self._recall(recollection)
        else:
            self._tell_beginning(Event.SESSION_STARTED)
            self._enter_first()

    def _tell_beginning(self, event: Event) -> None:
        line, rate = self.timeline, self.clock.rate / 1000
        self.happened(event, session=self.name, scene=line.scene, language=line.language, rate=rate)

    def _enter_first(self) -> None:
        if self.timeline.chapters:
            self.playhead = self._visit(self.timeline.chapters[0], 0)
        else:
            self.land(self.timeline.finish, Ending.FINISHED, 0)

    def _recall(self, recollection: Recollection) -> None:
        """Go on at the start of a chapter, or land: what was touched before is taken as it should be there."""
        self.index = min(recollection.number, len(self.timeline.chapters) - 1)
        self.tracks.recall(self.timeline, self.index, recollection.touched)
        if recollection.ending is not None:
            self.land(self.timeline.lost, recollection.ending, 0)
            return
        self._tell_beginning(Event.SESSION_RESUMED)
        self.playhead = Playhead(self.timeline.chapters[self.index], 0, 0)
        if recollection.words is not None:
            self._announce(recollection.words, 0)
        self.tracks.glide(self.timeline, self.index, 0)
        self._wish_for(self.tracks.fades)
        self.playhead = self._visit(self.timeline.chapters[self.index], 0)

    # What the outside calls

    def handle(self, command: Command, now: Ms) -> list[Output]:
        """Do what a person says. Raises Refused, having changed nothing, where that makes no sense now."""
        self._advance(now)
        if self.is_over:
            raise Refused(Reason.NOT_NOW, "The session is over.")
        obey(self, command, self.clock.at(self._now))
        self._advance(now)
        return self._take()

    def report(self, heard: Heard, now: Ms) -> list[Output]:
        """Take in what was heard from the room."""
        self._advance(now)
        moment = self.clock.at(self._now)
        match heard:
            case Spoken():
                self.interlude.spoken(heard.id)
                self._spoken(heard, moment)
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
        if self._paused_since is not None:
            in_pause = self.interlude.due(self.voice, self.clock, self._now)
            return min([self._paused_since + self._paused_at_most, *in_pause])
        return max(self.clock.when(self._due()), self._now)

    def room(self, now: Ms) -> dict[Track, Value]:
        """What the room should be like now, of the tracks that were touched; ducking left out."""
        now = max(now, self._now)
        return {**self.tracks.at(self.clock.at(now)), **self.interlude.at(now)}

    def wishes(self, now: Ms) -> list[Wish]:
        """All that is wanted, anew: for a device that was away."""
        self._now = max(now, self._now)
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
        self.playhead.arrive(self.clock.at(self._now))
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
        return view(self, self.clock.at(max(now, self._now)))

    # Time

    def _advance(self, now: Ms) -> None:
        while (deadline := self.next_deadline()) is not None and deadline <= now:
            self._now = max(self._now, deadline)
            if self._paused_since is None:
                self._moment = max(self._due(), self._moment)
                self._step(self._moment)
            elif self._now < self._paused_since + self._paused_at_most:
                self._say_in_pause()
            else:
                self._go_on()
                self.land(self.timeline.stopped, Ending.STOPPED, self.clock.at(self._now))
        self._now = max(self._now, now)

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
            self._fall_silent(moment)
        elif (again := voice.next_in_line(moment)) is not None:
            self._announce(again, moment)
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
        self.happened(Event.WAITING, chapter=head.chapter.id, at_most=head.chapter.wait.at_most)

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
        self._silence_voice(moment)
        self.happened(Event.LANDED, session=self.name, ending=str(self.ending))

    # Cues

    def _visit(self, chapter: Chapter, moment: Ms) -> Playhead:
        """Enter a chapter anew."""
        self._visits += 1
        self._release_music(moment, leaving=True)
        if self.ending is None:
            self.happened(
                Event.STEP_STARTED,
                chapter=chapter.id,
                title=chapter.title,
                number=self.index + 1,
                of=len(self.timeline.chapters),
            )
        return Playhead(chapter, moment, self._visits)

    def _fire(self, cue: Cue, moment: Ms) -> None:
        match cue.what:
            case Move() as move:
                self._move(move, moment)
            case Say() as say:
                if not (say.beat and self.voice.is_busy):
                    self._announce(say, moment)
            case Chime() as chime:
                if not self.voice.is_busy:
                    self._out.append(Ring(chime.sound))
            case _:
                assert_never(cue.what)

    def _move(self, move: Move, moment: Ms) -> None:
        if self.tracks.move(move, moment, is_landing=self.ending is not None):
            self._wish_for([move.track])

    def _wish_for(self, tracks: Iterable[Track]) -> None:
        """Say what is wanted of these tracks."""
        self._out.extend(self._wishes(tracks))

    def _wishes(self, tracks: Iterable[Track]) -> list[Wish]:
        is_landing = self.ending is not None
        lights = self.interlude.fades
        return [
            lifted(track, lights[track])
            if track in lights
            else wish(track, self.tracks, self.voice, self.clock, self._now, is_landing=is_landing)
            for track in tracks
        ]

    # Words

    def _announce(self, say: Say, moment: Ms) -> None:
        name = self._next_id()
        self.voice.speak(name, say, moment)
        self._duck(moment, DUCK_DB)
        self._utter(name, say, self.clock.when(moment))

    def _next_id(self) -> str:
        self._announcements += 1
        return f"{self.name}-{self._announcements}"

    def _utter(self, name: str, say: Say, at: Ms) -> None:
        """Hand words out; `at` is real."""
        self._out.append(Announce(at, name, say.text, say.lasts, say.volume, say.rate, say.gap, say.beat))
        self.happened(Event.ANNOUNCED, id=name, chapter=self.chapter.id, text=say.text)

    def _spoken(self, heard: Spoken, moment: Ms) -> None:
        """Done, failed, or the voice is gone. At another rate than 1 the planned length stands."""
        speech = self.voice.speech
        if speech is None or heard.id not in (None, speech.id):
            return
        if self.clock.rate != 1000 and heard.done:
            return
        head = self.playhead
        head.arrive(moment)
        if head.in_words and head.waiting_since is None:
            head.to(min(self._end_of(speech.say), head.chapter.words), moment)
        self._fall_silent(moment)

    def _end_of(self, say: Say) -> Ms:
        """Where on the chapter's axis these words were planned to end."""
        return next((cue.at + say.lasts for cue in self.chapter.cues if cue.what is say), 0)

    def _fall_silent(self, moment: Ms) -> None:
        self.voice.fall_silent(moment)
        self._release_music(moment)
        self._go_on_from_hold(moment)

    def _go_on_from_hold(self, moment: Ms) -> None:
        head = self.playhead
        if not self.voice.is_busy and not head.is_moving and head.waiting_since is None:
            head.go_on(moment)

    def _silence_voice(self, moment: Ms) -> None:
        """Cut what is said. A voice that cannot be hushed finishes, and the next words wait for it."""
        speech = self.voice.speech
        if speech is None or self.voice.traits.hush:
            if speech is not None:
                self._out.append(HushWords(speech.id))
            self.voice.hush()
            self._release_music(moment)

    def _duck(self, moment: Ms, db: float) -> None:
        is_release = db == 0.0
        if (is_release or self.voice.ducks_music) and self.voice.duck(moment, db):
            self._wish_for(self.tracks.of(Attribute.VOLUME))

    def _release_music(self, moment: Ms, *, leaving: bool = False) -> None:
        """Un-duck, unless somebody speaks or a count goes on."""
        if self.voice.is_busy or (not leaving and self._is_counting(moment)):
            return
        self._duck(moment, 0.0)

    def _is_counting(self, moment: Ms) -> bool:
        head = self.playhead
        return head.chapter.counted and self.ending is None and head.offset(moment) < head.chapter.length

    # Moves: what commands are made of

    def pause(self, moment: Ms) -> None:
        """Stand still: fades at their present value, music paused, words cut."""
        if self._paused_since is not None:
            return
        self.playhead.arrive(moment)
        self._resumes_words = self.voice.is_busy and self.voice.traits.hush
        if self._resumes_words:
            self._cut = self._words_in_air()
            self._silence_voice(moment)
        self.clock.stand(self._now)
        self._paused_since = self._now
        self.status = Status.PAUSED
        self._wish_for(self.tracks.unsettled(moment))
        self.happened(Event.PAUSED, chapter=self.chapter.id)

    def _words_in_air(self) -> list[tuple[Ms, Say]]:
        """What has to be said anew when it is cut now; a beat of a count is not."""
        if self.voice.is_saying_again:
            return self.playhead.words()
        speech = self.voice.speech
        if speech is None or speech.say.beat or self.voice.is_aside:
            return []
        return [(0, speech.say)]

    def light_up(self, level: Percent) -> None:
        """While it stands: lights that are darker come up to a level, and stay until it goes on."""
        self._wish_for(self.interlude.light_up(self.room(self._now), level, self._now))

    def tell(self, say: Say, moment: Ms) -> None:
        """Say what is not the scene's, as soon as the voice is free; not where it lands without words."""
        if self.ending not in (None, Ending.FINISHED, Ending.STOPPED):
            return
        if not self.interlude.is_saying(say):
            self.voice.say_aside(say, moment)

    def _say_in_pause(self) -> None:
        words = self.interlude.next_words(self._next_id(), self.voice, self.clock, self._now)
        if words is not None:
            self._utter(words.id, words.say, self._now)

    def resume(self, *, says_words: bool = True) -> None:
        """Go on from a pause; words that were cut are said again from their start, unless somebody knows better."""
        if self._paused_since is None:
            return
        says_words = says_words and self._resumes_words
        self._go_on()
        self.happened(Event.RESUMED, chapter=self.chapter.id)
        if says_words:
            moment = self.clock.at(self._now)
            if self.playhead.in_words and self.playhead.waiting_since is None:
                self.playhead.rewind_words(moment)
            else:
                self.voice.say_again(self._cut, moment)

    def _go_on(self) -> None:
        """Leave a pause: fades go on from where they stand, music too."""
        if self._paused_since is None:
            return
        moment = self.clock.at(self._now)
        self.interlude.end(self.tracks, self.voice, self.clock, self._now)
        self.clock.go_on(self._now)
        self._paused_since = None
        self._resumes_words = False
        self.status = Status.RUNNING
        self._wish_for(self.tracks.unsettled(moment))

    def say_words_again(self, moment: Ms) -> None:
        """The step's words once more; nothing else moves."""
        self._silence_voice(moment)
        self.playhead.arrive(moment)
        if self.playhead.in_words and self.playhead.waiting_since is None:
            self.playhead.rewind_words(moment)
        else:
            self.voice.say_again(self.playhead.words(), moment)
            self._go_on_from_hold(moment)

    def extend(self, by: Ms, moment: Ms) -> None:
        """The step becomes longer."""
        self.playhead.arrive(moment)
        self.playhead.extend(by)
        self._go_on_from_hold(moment)
        self.happened(Event.EXTENDED, chapter=self.chapter.id, by=by)

    def turn(self, track: Track, level: float, moment: Ms) -> None:
        """A person's volume replaces ours. Under words it counts as it is: nothing may jump up after them."""
        if self.voice.speech is not None and self.voice.gain.target != 0.0:
            self.voice.gain = Fade.still(moment, 0.0)
        self.tracks.turn(track, level, moment)
        self._wish_for([track])

    # Jumps and landing

    def jump(self, index: int, moment: Ms) -> None:
        self.resume(says_words=False)
        self._silence_voice(moment)
        self.index = index
        self.entered_by_itself = None
        gliding = self.tracks.glide(self.timeline, index, moment)
        self._wish_for(gliding)
        self.playhead = self._visit(self.timeline.chapters[index], moment)

    def replaced(self, now: Ms) -> list[Output]:
        """Another session takes over: fall silent at once and leave the tracks as they are."""
        self._advance(now)
        if not self.is_over:
            self._go_on()
            self.ending = self.ending or Ending.STOPPED
            self.happened(Event.REPLACED, session=self.name)
            self._finish(self.clock.at(self._now))
        return self._take()

    def end(self, ending: Ending, now: Ms) -> list[Output]:
        """Land for a reason of the house: failed and lost land without words."""
        self._advance(now)
        if not self.is_over and self.ending is None:
            self.land(self.timeline.lost, ending, self.clock.at(self._now))
            self._advance(now)
        return self._take()

    def land(self, chapter: Chapter, ending: Ending, moment: Ms) -> None:
        self._go_on()
        self._silence_voice(moment)
        self.ending = ending
        self.status = Status.LANDING
        self.index = len(self.timeline.chapters)
        self.happened(Event.LANDING, ending=str(ending))
        self.playhead = self._visit(chapter, moment)

    def happened(self, event: Event, **details: str | float | bool | None) -> None:
        self._out.append(Happened(event, tuple(details.items())))

    def _take(self) -> list[Output]:
        out, self._out = self._out, []
        return out
