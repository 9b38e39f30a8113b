"""Planning: a scene with its parameters becomes a timeline. Pure; the same in, the same out.

Everything is decided here: conditions, loops, words, languages, lengths. Two things need a second pass, since they
depend on where in the session something lies: the voice, which changes on the way, and shares of the whole length.

Pace 2 is twice as fast: what it scales (`lasts`, count parts, and so moments in percent) is divided by it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from orchestrator.documents.document import KeyPath
from orchestrator.errors import BadParameter, Fault, SceneError
from orchestrator.scenes.format.duration import written
from orchestrator.scenes.format.model import SceneModel, ShareModel
from orchestrator.scenes.format.parameters import names_of, resolve
from orchestrator.scenes.planning.cautions import spoken_cautions
from orchestrator.scenes.planning.chapters import PlannedChapter, PlanningNote, plan_chapter
from orchestrator.scenes.planning.landings import landed, landings
from orchestrator.scenes.planning.occurrences import Occurrence, occurrences
from orchestrator.scenes.planning.scope import (
    Ready,
    Scope,
    TextMap,
    ToldWords,
    Unplannable,
    in_language,
    in_translation,
    ready_of,
)
from orchestrator.scenes.planning.shares import Claim, shared
from orchestrator.scenes.planning.speaker import SpeakingStyle, StyleAt
from orchestrator.scenes.planning.timeline import Chapter, Move, Timeline, touched
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming
from orchestrator.scenes.planning.wants import RoleWants
from orchestrator.units import Ms

Faulting: TypeAlias = Callable[[KeyPath, str], Fault]
"""A fault of the value at a path of the scene file."""

_ROUNDS_OF_SHARING = 8


class Planned(NamedTuple):
    """A timeline, with the places of its chapters and of its words, and what planning had to bend."""

    timeline: Timeline
    paths: tuple[KeyPath, ...]
    notes: tuple[PlanningNote, ...]
    told: ToldWords


class _Ways(NamedTuple):
    finish: Chapter
    stopped: Chapter
    lost: Chapter


def plan(
    scene: SceneModel,
    parameters: Mapping[str, object] | None = None,
    language: str | None = None,
    *,
    ready: Ready | TextMap | None = None,
    roles: Collection[str] | None = None,
    timing: VoiceTiming = AS_PLANNED,
    fault: Faulting | None = None,
) -> Timeline:
    """The timeline of a scene.

    `parameters` as the person gave them (defaults fill the rest); `language` by default the scene's first; `ready` is
    the room's way to say next, and whether anybody can; of roles that are not among `roles` nothing is moved (None: all
    are there); `timing` is what is known of its voice; `fault` makes one of a path and a message, with its place.
    Raises BadParameter for what the person chose, SceneError for what the scene has.
    """
    try:
        return planned(scene, parameters, language, ready=ready, roles=roles, timing=timing).timeline
    except Unplannable as error:
        if fault is not None:
            raise SceneError((fault(error.path, error.message),)) from None
        where = f" (at {'.'.join(map(str, error.path))})"
        raise SceneError((Fault(scene.scene, 0, 0, error.message + where),)) from None


def planned(
    scene: SceneModel,
    parameters: Mapping[str, object] | None = None,
    language: str | None = None,
    *,
    ready: Ready | TextMap | None = None,
    roles: Collection[str] | None = None,
    timing: VoiceTiming = AS_PLANNED,
) -> Planned:
    """The same, with what a linter wants to know. Raises BadParameter, Unplannable."""
    tongue = language_of(scene, language)
    said = scene.in_language(tongue)
    if said is scene:
        return _planned(scene, parameters or {}, tongue, ready_of(ready), roles, timing)
    root = in_translation(tongue)
    try:
        plan = _planned(said, parameters or {}, tongue, ready_of(ready), roles, timing, root)
    except Unplannable as error:
        raise Unplannable((*root, *error.path), error.message) from None
    notes = tuple(note._replace(path=(*root, *note.path)) for note in plan.notes)
    return plan._replace(paths=tuple((*root, *path) for path in plan.paths), notes=notes)


def _planned(
    scene: SceneModel,
    parameters: Mapping[str, object],
    tongue: str,
    ready: Ready,
    roles: Collection[str] | None,
    timing: VoiceTiming,
    root: KeyPath = (),
) -> Planned:
    scope = Scope.of(scene, names_of(resolve(scene, parameters), scene), tongue, ready, root)
    steps = occurrences(scene, scope)
    speaker = SpeakingStyle.of(scene.voice, tongue, timing)
    planning = _Planning(scene, scope, steps, speaker)
    laid, ways = planning.laid([StyleAt()] * len(steps))
    if not speaker.is_steady:
        laid, ways = planning.laid(_moments(laid, ways.finish))
    timeline = Timeline(
        scene=scene.scene,
        title=scope.text(scene.title, ("title",)),
        language=tongue,
        chapters=tuple(_cast(one.chapter, roles) for one in laid),
        finish=_cast(ways.finish, roles),
        stopped=_cast(ways.stopped, roles),
        lost=_cast(ways.lost, roles),
        roles=tuple(scene.roles),
        cautions=tuple(spoken_cautions(scene, scope)),
    )
    notes = tuple(note for one in laid for note in one.notes)
    return Planned(timeline, tuple(one.path for one in laid), notes, scope.told)


def language_of(scene: SceneModel, wanted: str | None) -> str:
    """The scene's language that was asked for; `de` serves `de-AT`. Raises BadParameter, naming those there are."""
    if wanted is None:
        return scene.languages[0]
    by_name = {language.casefold(): language for language in scene.languages}
    for name in (wanted.casefold(), wanted.casefold().split("-", maxsplit=1)[0]):
        if name in by_name:
            return by_name[name]
    raise BadParameter(
        f"The scene {scene.scene} does not speak {wanted!r}.", f"It speaks: {', '.join(scene.languages)}."
    )


def title_of(scene: SceneModel, language: str | None = None) -> str:
    """The scene's title in a language (by default its first). Raises BadParameter."""
    return in_language(scene.title, language_of(scene, language), ("title",))


class _Planning:
    """The passes over one scene's occurrences."""

    def __init__(self, scene: SceneModel, scope: Scope, steps: Sequence[Occurrence], speaker: SpeakingStyle) -> None:
        self.scene = scene
        self.scope = scope
        self.steps = steps
        self.speaker = speaker

    def laid(self, moments: Sequence[StyleAt]) -> tuple[list[PlannedChapter], _Ways]:
        """All chapters and the ways out, lengths shared out. `moments`: where the pass before had the chapters."""
        laid, ways = self.once(moments, {})
        if self.scene.length is None:
            return laid, ways
        least = self.leasts(laid)
        for _ in range(_ROUNDS_OF_SHARING):
            lengths = self.lengths(laid, ways.finish, least)
            laid, ways = self.once(moments, lengths)
            short = {
                place: laid[place].chapter.lasts for place in lengths if laid[place].chapter.lasts > lengths[place]
            }
            if not short:
                break
            least.update(short)
        return laid, ways

    def once(self, moments: Sequence[StyleAt], lengths: Mapping[int, Ms]) -> tuple[list[PlannedChapter], _Ways]:
        wants = RoleWants(self.scene)
        laid = [
            plan_chapter(self.scene, step, wants, self.speaker, moment, share=lengths.get(place))
            for place, (step, moment) in enumerate(zip(self.steps, moments, strict=True))
        ]
        chapters = [one.chapter for one in laid]
        ways: list[Chapter] = []
        for way in landings(self.scene):
            # A person can stop in the middle of the finish: what that touched is given back as well.
            tracks = touched([*chapters, *ways[:1]])
            ways.append(landed(way, self.scene, self.scope, wants, self.speaker, touched=tracks))
        return laid, _Ways(*ways)

    def leasts(self, laid: Sequence[PlannedChapter]) -> dict[int, Ms]:
        """The least doing of each step that takes a share, by its place."""
        return {
            place: one.chapter.lasts
            for place, (step, one) in enumerate(zip(self.steps, laid, strict=True))
            if isinstance(step.step.lasts, ShareModel)
        }

    def lengths(self, laid: Sequence[PlannedChapter], finish: Chapter, least: Mapping[int, Ms]) -> dict[int, Ms]:
        """How long each step that takes a share lasts. Raises Unplannable, saying by how much the whole is short."""
        assert self.scene.length is not None
        whole = self.scope.length(self.scene.length, ("length",))
        claims = []
        for place in least:
            lasts = self.steps[place].step.lasts
            assert isinstance(lasts, ShareModel)
            claims.append(Claim(lasts.share, least[place]))
        if not claims:
            raise Unplannable(("length",), "no step takes a share of this length; give one `lasts: {share: 1}`")
        fixed = sum(one.chapter.length for one in laid) - sum(laid[place].chapter.lasts for place in least)
        rest = whole - fixed - finish.length
        needed = sum(claim.least for claim in claims)
        if rest < needed:
            raise Unplannable(
                ("length",),
                f"{written(whole)} is {written(_whole_seconds(needed - rest))} too short: words, counts, fixed lengths "
                f"and the finish take {written(_whole_seconds(whole - rest))}, the shares {written(needed)} at least",
            )
        return dict(zip(least, shared(rest, claims), strict=True))


def _moments(laid: Sequence[PlannedChapter], finish: Chapter) -> list[StyleAt]:
    """Where each chapter lies in the session, waits as they usually are."""
    starts, at = [], 0
    for one in laid:
        starts.append(at)
        at += one.chapter.usual
    whole = at + finish.length
    return [StyleAt(start, whole) for start in starts]


def _cast(chapter: Chapter, roles: Collection[str] | None) -> Chapter:
    """A chapter without the moves of roles that nobody plays."""
    if roles is None:
        return chapter
    return chapter._replace(
        cues=tuple(cue for cue in chapter.cues if not isinstance(cue.what, Move) or cue.what.track.role in roles)
    )


def _whole_seconds(ms: Ms) -> Ms:
    """Rounded up to whole seconds."""
    return -(-ms // 1000) * 1000
