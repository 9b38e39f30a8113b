"""One step occurrence laid out as a chapter: words, then the doing with its cues, then perhaps a wait."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.documents.notation import Share
from orchestrator.scenes.format.model import (
    CueModel,
    PostureModel,
    RemindModel,
    SceneModel,
    ShareModel,
    StepModel,
    WaitModel,
)
from orchestrator.scenes.planning.counts import Beat, PlannedCount, rests, swells
from orchestrator.scenes.planning.occurrences import Occurrence
from orchestrator.scenes.planning.scope import Scope
from orchestrator.scenes.planning.speaker import SpeakingStyle, StyleAt
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Chime, Cue, Hands, HeldPosture, Move, Say, Wait
from orchestrator.scenes.planning.wants import LOOK_FADE, MUSIC_FADE, RoleWants
from orchestrator.scenes.planning.words import BeatWords, Item, Placed, PlannedVoice, items, placed
from orchestrator.units import Ms


class PlanningNote(NamedTuple):
    """Something that planning had to bend, for the linter: where, which kind, by how much, and the words."""

    path: KeyPath
    code: str
    by: Ms
    text: str = ""


class PlannedChapter(NamedTuple):
    """A chapter, with what its laying out had to say."""

    chapter: Chapter
    path: KeyPath
    notes: tuple[PlanningNote, ...]


class _Due(NamedTuple):
    """A cue of the scene, on the chapter's axis."""

    at: Ms
    anchor: Anchor
    cue: CueModel
    path: KeyPath
    items: list[Item]


def plan_chapter(
    scene: SceneModel,
    occurrence: Occurrence,
    wants: RoleWants,
    speaker: SpeakingStyle,
    moment: StyleAt,
    *,
    share: Ms | None,
) -> PlannedChapter:
    """The chapter of an occurrence. `share` is the doing of a step that takes one. Raises Unplannable."""
    return _Layout(scene, occurrence, wants, speaker, moment).laid(share)


class _Layout:
    """The work of laying out one chapter."""

    def __init__(
        self, scene: SceneModel, occurrence: Occurrence, wants: RoleWants, speaker: SpeakingStyle, moment: StyleAt
    ) -> None:
        self.scene = scene
        self.step = occurrence.step
        self.scope = occurrence.scope
        self.path = occurrence.path
        self.occurrence = occurrence
        self.wants = wants
        self.speaker = speaker
        self.moment = moment
        self.cues: list[Cue] = []
        self.notes: list[PlanningNote] = []

    def laid(self, share: Ms | None) -> PlannedChapter:
        step = self.step
        count = self.occurrence.rounds
        doing = count.lasts if count else self.doing(share)
        here = self.before(doing + self.longest_wait())
        opening, words = placed(items(step.say, here, self.scene, (*self.path, "say")), 0, self.speak)
        due = self.due(words, doing)
        beats = self.beats(count, words)
        voice = PlannedVoice((words for _, words in beats if words is not None), words)
        said, free = self.said(due, voice, words + doing)
        end = max(words + doing, free, voice.ends())
        self.notes += (
            PlanningNote(lost.words.path, "lost-beat", lost.busy, lost.words.say.text) for lost in voice.lost
        )
        self.opening_moves(end)
        self.cues += (Cue(place.at, Anchor.START, place.say) for place in opening)
        self.acting(due, said, beats, end)
        chapter = Chapter(
            id=self.occurrence.id,
            title=self.scope.text(step.title, (*self.path, "title")) if step.title else step.step,
            words=words,
            lasts=end - words,
            wait=self.wait(end),
            cues=tuple(sorted(self.cues, key=lambda cue: cue.at)),
            part=self.occurrence.part,
            hands=step.hands or Hands.FREE,
            counted=count is not None,
            walking=step.walking,
            hands_on=self.occurrence.hands_on,
            posture=self.posture(),
        )
        return PlannedChapter(chapter, self.path, tuple(self.notes))

    @property
    def is_oily(self) -> bool:
        return self.step.hands is Hands.OILY

    def posture(self) -> HeldPosture | None:
        held = self.step.posture
        if not isinstance(held, PostureModel):
            return None if held is None else HeldPosture(held)
        if not self.scope.holds(held.when, (*self.path, "posture", "when")):
            return None
        side = None if held.side is None else self.scope.side(held.side, (*self.path, "posture", "side"))
        return HeldPosture(held.hold, side)

    def before(self, left: Ms) -> Scope:
        """What words see that are said so long before the chapter goes on by itself."""
        return self.scope.before(left, oily=self.is_oily)

    def speak(self, text: str, at: Ms) -> Say:
        return self.speaker.say(text, self.moment.share(at))

    def doing(self, share: Ms | None) -> Ms:
        lasts = self.step.lasts
        if isinstance(lasts, ShareModel):
            return share if share is not None else lasts.min or 0
        return self.scope.doing(lasts, (*self.path, "lasts")) if lasts is not None else 0

    # Cues

    def due(self, words: Ms, doing: Ms) -> list[_Due]:
        """The cues that hold, in the order of their moments, none outside the doing."""
        found = []
        for index, cue in enumerate(self.step.cues):
            path = (*self.path, "cues", index)
            if self.scope.holds(cue.when, (*path, "when")):
                at, anchor = self.due_at(cue, doing, (*path, "at"))
                texts = items(cue.say, self.before(doing - at + self.longest_wait()), self.scene, (*path, "say"))
                found.append(_Due(words + at, anchor, cue, path, texts))
        return sorted(found, key=lambda due: due.at)

    def due_at(self, cue: CueModel, doing: Ms, path: KeyPath) -> tuple[Ms, Anchor]:
        """When a cue is due, from the end of the words, and what it hangs from."""
        at = self.scope.offset(cue.at, path)
        if isinstance(at, Share):
            return round(doing * at.percent / 100), Anchor.WORDS
        if abs(at) > doing:
            self.notes.append(PlanningNote(path, "cue-outside", abs(at) - doing))
        return (max(doing + at, 0), Anchor.END) if at < 0 else (min(at, doing), Anchor.WORDS)

    def beats(self, count: PlannedCount | None, words: Ms) -> list[tuple[Beat, BeatWords | None]]:
        """The beats of a count on the chapter's axis, each with what it says."""
        found: list[tuple[Beat, BeatWords | None]] = []
        for beat in count.beats if count else ():
            at = words + beat.at
            say = self.speaker.say(beat.text, self.moment.share(at), beat=True) if beat.text else None
            if say is not None and say.lasts > beat.lasts:
                self.notes.append(PlanningNote(beat.path, "long-beat", say.lasts - beat.lasts, beat.text))
            found.append((beat._replace(at=at), None if say is None else BeatWords(at, say, beat.path)))
        return found

    def said(self, due: Iterable[_Due], voice: PlannedVoice, end: Ms) -> tuple[list[list[Placed]], Ms]:
        """The announcements of each cue, each after the one before, and when the last is over."""
        found: list[list[Placed]] = []
        free = voice.free
        for one in due:
            places, over = placed(one.items, max(one.at, free), self.speak, voice) if one.items else ([], free)
            if places and places[0].at > one.at:
                self.notes.append(
                    PlanningNote((*one.path, "at"), "late-words", places[0].at - one.at, _text(one.items))
                )
            if places and over > end:
                self.notes.append(PlanningNote((*one.path, "say"), "long-words", over - end, _text(one.items)))
            free = over
            found.append(places)
        return found, free

    # Everything that the chapter does

    def opening_moves(self, end: Ms) -> None:
        """What begins with the step."""
        step, path = self.step, self.path
        if step.look is not None:
            fade = self.fade(step.fade, LOOK_FADE, end, (*path, "fade"))
            self.do(0, Anchor.START, *self.wants.look(step.look, fade, step.curve, (*path, "look")))
        self.sound(step, 0, Anchor.START, end, path)

    def acting(
        self, due: list[_Due], said: list[list[Placed]], beats: list[tuple[Beat, BeatWords | None]], end: Ms
    ) -> None:
        """Cues and beats in the order of their moments, so that each move knows where its track rests."""
        coming = deque(beats)
        for one, places in zip(due, said, strict=True):
            while coming and coming[0][0].at < one.at:
                self.beat(*coming.popleft())
            self.act(one, end)
            self.cues += (Cue(place.at, one.anchor, place.say) for place in places)
        for beat, words in coming:
            self.beat(beat, words)
        if beats and self.step.count is not None:
            last = beats[-1][0]
            self.do(last.at + last.lasts, Anchor.WORDS, *rests(self.step.count, self.wants))

    def beat(self, beat: Beat, words: BeatWords | None) -> None:
        assert self.step.count is not None
        self.do(beat.at, Anchor.WORDS, *swells(beat, self.step.count, self.wants))
        if words is not None:
            self.cues.append(Cue(words.at, Anchor.WORDS, words.say))

    def act(self, due: _Due, end: Ms) -> None:
        cue = due.cue
        if cue.look is not None:
            fade = self.fade(cue.fade, LOOK_FADE, end - due.at, (*due.path, "fade"))
            self.do(due.at, due.anchor, *self.wants.look(cue.look, fade, cue.curve, (*due.path, "look")))
        self.sound(cue, due.at, due.anchor, end, due.path)

    def sound(self, node: StepModel | CueModel, at: Ms, anchor: Anchor, end: Ms, path: KeyPath) -> None:
        """Music, switches and the chime of a step or a cue. What follows a fade of music stays inside the chapter."""
        if node.music is not None:
            fade = self.fade(node.music.fade, MUSIC_FADE, end - at, (*path, "music", "fade"))
            if node.music.stop or (node.music.play is not None and self.wants.is_playing):
                fade = min(fade, end - at)
            for delay, move in self.wants.music(node.music, fade, self.scope, (*path, "music")):
                self.do(at + delay, anchor, move)
        if node.switch is not None:
            self.do(at, anchor, *self.wants.switches(node.switch))
        if node.chime is not None:
            self.cues.append(Cue(at, anchor, Chime(node.chime)))

    def do(self, at: Ms, anchor: Anchor, *moves: Move) -> None:
        self.cues += (Cue(at, anchor, move) for move in moves)

    def fade(self, written: Ms | Share | str | None, default: Ms, whole: Ms, path: KeyPath) -> Ms:
        """A fade as written; a share is of `whole`."""
        fade = self.scope.offset(written, path) if written is not None else default
        return round(whole * fade.percent / 100) if isinstance(fade, Share) else max(fade, 0)

    # The wait

    def longest_wait(self) -> Ms:
        """The limit of the wait. Where nobody can say next it would always run out: there it is as long as usual."""
        if self.step.wait is None:
            return 0
        wait, path = WaitModel() if self.step.wait is True else self.step.wait, (*self.path, "wait")
        at_most = self.scope.length(wait.at_most, (*path, "at_most"))
        if wait.usually is None or self.scope.says_next(oily=self.is_oily):
            return at_most
        return min(self.scope.length(wait.usually, (*path, "usually")), at_most)

    def wait(self, end: Ms) -> Wait | None:
        """The wait with its words; where they would run beyond the limit, the limit is later."""
        if self.step.wait is None:
            return None
        wait = WaitModel() if self.step.wait is True else self.step.wait
        path = (*self.path, "wait")
        limit = self.longest_wait()
        usually = self.scope.length(wait.usually, (*path, "usually")) if wait.usually is not None else limit
        found: list[tuple[Anchor, Placed]] = []
        free = 0
        reminders = ((Anchor.START, wait.remind, "remind"), (Anchor.END, wait.before_end, "before_end"))
        for anchor, reminder, key in reminders:
            if reminder is None:
                continue
            places, free = self.reminded(reminder, limit, free, end, (*path, key))
            found += ((anchor, place) for place in places)
        at_most = max(limit, free)
        cues = tuple(
            Cue(place.at - at_most if anchor is Anchor.END else place.at, anchor, place.say) for anchor, place in found
        )
        is_answered = self.scope.says_next(oily=self.is_oily)
        return Wait(at_most, min(usually, at_most) if is_answered else at_most, cues, is_answered)

    def reminded(self, reminder: RemindModel, limit: Ms, free: Ms, end: Ms, path: KeyPath) -> tuple[list[Placed], Ms]:
        """Words in a wait, counted from its beginning, and when the voice is free again. None come after its end."""
        at = limit + reminder.at if reminder.at < 0 else reminder.at
        texts = items(reminder.say, self.before(limit - at), self.scene, (*path, "say"))
        if not texts:
            return [], free
        if at >= limit:
            self.notes.append(PlanningNote((*path, "at"), "cue-outside", at - limit))
            return [], free
        if max(at, 0) < free:
            self.notes.append(PlanningNote((*path, "at"), "late-words", free - max(at, 0), _text(texts)))
        places, over = placed(texts, max(at, free), lambda text, moment: self.speak(text, end + moment))
        if over > limit:
            self.notes.append(PlanningNote((*path, "at"), "long-words", over - limit, _text(texts)))
        return places, over


def _text(texts: list[Item]) -> str:
    return " ".join(text for text in texts if isinstance(text, str))
