"""The scenes that ship, planned, and ways to look at a plan: for the tests of the catalogue."""

from collections.abc import Iterator, Mapping
from functools import cache

from orchestrator.scenes import library
from orchestrator.scenes.format.model import ChoiceParameter, FlagParameter
from orchestrator.scenes.planning.planner import planned
from orchestrator.scenes.planning.timeline import Chapter, Move, Say, Timeline
from orchestrator.units import MINUTE, SECOND
from orchestrator.values import Attribute

SHIPPED = (
    "back-and-shoulders",
    "box-breathing",
    "breathe-slowly",
    "calves-and-legs-up",
    "desk-break",
    "evening-wind-down",
    "face-and-scalp",
    "foot-massage",
    "foot-rescue",
    "hand-massage",
    "muscle-relaxation",
    "neck-and-shoulders",
    "night-waking",
    "rest-twenty",
)
IN_DAYLIGHT = ("desk-break",)
"""They have no light of their own."""
LIT = tuple(name for name in SHIPPED if name not in IN_DAYLIGHT)
LANGUAGES = ("en", "de")
EVERYWHERE = [(name, language) for name in SHIPPED for language in LANGUAGES]
KNOWN_FINDINGS: dict[str, set[str]] = {}
"""What the linter of words says of scenes that are older than it. A line goes when its scene is written anew."""
READY = {"en": "blow the whistle", "de": "pfeif auf der Pfeife"}


@cache
def scene(name: str) -> library.Scene:
    return library.load(name)


def plan(name: str, language: str = "en", chosen: Mapping[str, object] | None = None, **more: object) -> Timeline:
    """A scene with parameters: `chosen` by a table, or named where it is called."""
    return planned(scene(name).model, {**(chosen or {}), **more}, language, ready=READY).timeline


def settings(name: str) -> Iterator[dict[str, object]]:
    """The defaults, and each parameter by itself at each of its choices and bounds."""
    yield {}
    for parameter, model in scene(name).model.parameters.items():
        if isinstance(model, ChoiceParameter):
            for word in model.choice:
                yield {parameter: word}
        elif isinstance(model, FlagParameter):
            yield {parameter: not model.flag}
        else:
            for bound in (model.min, model.max):
                yield {parameter: f"{bound // SECOND}s" if "duration" in type(model).model_fields else bound}


def announcements(chapter: Chapter) -> list[str]:
    """All that is said in a chapter, its beats and the words of its wait included."""
    cues = (*chapter.cues, *(chapter.wait.cues if chapter.wait else ()))
    return [cue.what.text for cue in cues if isinstance(cue.what, Say)]


def beats(chapter: Chapter) -> list[str]:
    return [cue.what.text for cue in chapter.cues if isinstance(cue.what, Say) and cue.what.beat]


def words(chapter: Chapter) -> str:
    return " ".join(announcements(chapter))


def chapter(timeline: Timeline, name: str) -> Chapter:
    return next(chapter for chapter in timeline.chapters if chapter.id == name)


def ids(timeline: Timeline) -> list[str]:
    return [chapter.id for chapter in timeline.chapters]


def moves(chapter: Chapter, attribute: Attribute) -> list[tuple[int, Move]]:
    return [
        (cue.at, cue.what)
        for cue in chapter.cues
        if isinstance(cue.what, Move) and cue.what.track.attribute is attribute
    ]


def net(timeline: Timeline) -> float:
    """Minutes of the whole without waits."""
    return (sum(chapter.length for chapter in timeline.chapters) + timeline.finish.length) / MINUTE
