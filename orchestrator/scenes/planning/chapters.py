"""One step occurrence laid out as a chapter: words, then the doing with its cues, then perhaps a wait."""

from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.documents.notation import Share
from orchestrator.scenes.format.model import CueModel, RemindModel, SceneModel, ShareModel, StepModel, WaitModel
from orchestrator.scenes.planning.counts import Beat, PlannedCount, swells
from orchestrator.scenes.planning.occurrences import Occurrence
from orchestrator.scenes.planning.speaker import SpeakingStyle, StyleAt
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Chime, Cue, Hands, Move, Say, Wait
from orchestrator.scenes.planning.wants import LOOK_FADE, MUSIC_FADE, RoleWants
from orchestrator.scenes.planning.words import Item, Placed, items, placed
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
        opening, words = placed(items(step.say, self.scope, self.scene, (*self.path, "say")), 0, self.speak)
        doing = count.lasts if count else self.doing(share)
        due = self.due(words, doing)
        said, free = self.said(due, words, doing)
        end = max(words + doing, free)
        self.opening_moves(end)
        self.cues += (Cue(place.at, Anchor.START, place.say) for place in opening)
        self.acting(due, said, count, words, end)
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
        )
        return PlannedChapter(chapter, self.path, tuple(self.notes))

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
                texts = items(cue.say, self.scope, self.scene, (*path, "say"))
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

    def said(self, due: Iterable[_Due], words: Ms, doing: Ms) -> tuple[list[list[Placed]], Ms]:
        """The announcements of each cue, each after the one before, and when the last is over."""
        found: list[list[Placed]] = []
        free = words
        for one in due:
            begin = max(one.at, free)
            places, over = placed(one.items, begin, self.speak) if one.items else ([], free)
            if places and begin > one.at:
                self.notes.append(PlanningNote((*one.path, "at"), "late-words", begin - one.at, _text(one.items)))
            if places and over > words + doing:
                self.notes.append(
                    PlanningNote((*one.path, "say"), "long-words", over - words - doing, _text(one.items))
                )
            free = over
            found.append(places)
        return found, free

    # Everything that the chapter does

    def opening_moves(self, end: Ms) -> None:
        """What begins with the step."""
        step, path = self.step, self.path
        if step.look is not None:
            fade = self.fade(step.fade, LOOK_FADE, end, (*path, "fade"))
            over = fade - end - self.longest_wait()
            if step.fade is not None and over > 0:
                self.notes.append(PlanningNote((*path, "fade"), "long-fade", over))
            self.do(0, Anchor.START, *self.wants.look(step.look, fade, step.curve, (*path, "look")))
        self.sound(step, 0, Anchor.START, end, path)

    def acting(self, due: list[_Due], said: list[list[Placed]], count: PlannedCount | None, words: Ms, end: Ms) -> None:
        """Cues and beats in the order of their moments, so that each move knows where its track rests."""
        beats = [(words + beat.at, beat) for beat in count.beats] if count else []
        for one, places in zip(due, said, strict=True):
            while beats and beats[0][0] < one.at:
                self.beat(*beats.pop(0))
            self.act(one, end)
            self.cues += (Cue(place.at, one.anchor, place.say) for place in places)
        for at, beat in beats:
            self.beat(at, beat)

    def beat(self, at: Ms, beat: Beat) -> None:
        assert self.step.count is not None
        self.do(at, Anchor.WORDS, *swells(beat, self.step.count, self.wants))
        if beat.text:
            say = self.speaker.say(beat.text, self.moment.share(at), beat=True)
            if say.lasts > beat.lasts:
                self.notes.append(PlanningNote(beat.path, "long-beat", say.lasts - beat.lasts, beat.text))
            self.cues.append(Cue(at, Anchor.WORDS, say))

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
            for delay, move in self.wants.music(node.music, fade, (*path, "music")):
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
        wait = self.step.wait
        if wait is None:
            return 0
        return self.scope.length((WaitModel() if wait is True else wait).at_most, (*self.path, "wait", "at_most"))

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
        return Wait(at_most, min(usually, at_most), cues)

    def reminded(self, reminder: RemindModel, limit: Ms, free: Ms, end: Ms, path: KeyPath) -> tuple[list[Placed], Ms]:
        """Words in a wait, counted from its beginning, and when the voice is free again. None come after its end."""
        at = limit + reminder.at if reminder.at < 0 else reminder.at
        texts = items(reminder.say, self.scope, self.scene, (*path, "say"))
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
