"""Trying a scene out before it is played: planned with every choice, at every bound, in every language.

Figures are tried at their bounds with everything else, and between them one at a time and in some pairs: a whole number
at each value where those are few. Beyond MOST_COMBINATIONS fewer are tried, and `Variations.are_all` says so.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations, islice, product
from typing import NamedTuple, Protocol

from orchestrator.documents.document import KeyPath
from orchestrator.errors import BadParameter, Fault
from orchestrator.scenes.checks.music_choices import music_choices
from orchestrator.scenes.checks.references import template_flaws
from orchestrator.scenes.checks.turning_points import turning_points
from orchestrator.scenes.format.duration import written
from orchestrator.scenes.format.model import (
    DurationParameter,
    ExampleModel,
    NumberParameter,
    Parameter,
    SceneModel,
    WholeParameter,
)
from orchestrator.scenes.format.parameters import choices_of, default_of, resolve
from orchestrator.scenes.planning.landings import restores
from orchestrator.scenes.planning.planner import Planned, planned
from orchestrator.scenes.planning.scope import Ready, Unplannable, in_translation
from orchestrator.scenes.planning.timeline import Timeline
from orchestrator.units import OFF, SECOND
from orchestrator.values import Attribute, Track

MOST_COMBINATIONS = 512
PARTS = 8
"""Into so many parts the range of a figure is cut, to try the values between."""
FEW = 16
"""A whole number of no more values than this is tried at each."""
MOST_PAIRS = 24
"""Pairs with values between the bounds, evenly from all that there are."""


class TriedScene(Protocol):
    """A scene that was read from a file: the model, and the place of each value."""

    @property
    def model(self) -> SceneModel: ...

    def fault(self, path: KeyPath, message: str) -> Fault: ...


class Variations(NamedTuple):
    """Sets of parameters to try. `are_all` is False where there were too many and only some are here.

    `of_words`: those of them by which the words differ, for translations of what is tried whole.
    """

    sets: tuple[Mapping[str, object], ...]
    are_all: bool
    of_words: tuple[Mapping[str, object], ...]


class TriedPlan(NamedTuple):
    """A variation in a language, planned; or what keeps it from being planned."""

    values: Mapping[str, object]
    plan: Planned | Unplannable


class TriedPlans:
    """Every variation of a scene in every language. Each is planned once, however often they are looked through.

    `chosen`, `languages`: only these. `roles` and `ready` as for a room: those that it casts, and how people say next.
    """

    def __init__(
        self,
        scene: SceneModel,
        *,
        chosen: Mapping[str, object] | None = None,
        roles: Collection[str] | None = None,
        ready: Mapping[str, Ready] | None = None,
        languages: Collection[str] | None = None,
    ) -> None:
        self.scene = scene
        self.languages = scene.languages if languages is None else list(languages)
        self.variations = variations(scene) if chosen is None else _only(resolve(scene, chosen))
        self._roles = roles
        self._ready = ready or {}
        self._planned: list[TriedPlan] = []

    def __iter__(self) -> Iterator[TriedPlan]:
        if not self._planned:
            translated = self.scene.translations.keys() & set(self.languages)
            own = [language for language in self.languages if language not in translated]
            settings = [*product(self.variations.sets, own), *product(self.variations.of_words, sorted(translated))]
            self._planned = [TriedPlan(values, self._plan(values, language)) for values, language in settings]
        return iter(self._planned)

    def _plan(self, values: Mapping[str, object], language: str) -> Planned | Unplannable:
        try:
            return planned(self.scene, values, language, ready=self._ready.get(language), roles=self._roles)
        except Unplannable as fault:
            return fault


def trial(scene: TriedScene, tried: TriedPlans | None = None) -> list[Fault]:
    """What keeps a scene from being planned, and the examples that do not hold, in the order of their places.

    `tried`: those of this scene, where they are at hand.
    """
    flaws = [(flaw.path, flaw.message) for flaw in template_flaws(scene.model.without_translations())]
    for language, said in scene.model.translations.items():
        flaws += [((*in_translation(language), *flaw.path), flaw.message) for flaw in template_flaws(said)]
    if not flaws:
        flaws = [*_planning_flaws(scene.model, tried or TriedPlans(scene.model))]
    if not flaws:
        flaws = [*_example_flaws(scene.model)]
    faults = dict.fromkeys(scene.fault(path, message) for path, message in flaws)
    return sorted(faults, key=lambda fault: (fault.source, fault.line, fault.column))


def variations(scene: SceneModel) -> Variations:
    """The parameters to try: all choices and flags, each with every corner of the figures' bounds, and the defaults.

    Where those are too many, the corners are only all least and all most; where that is too many, pairs of values.
    Besides, each value between the bounds, and some pairs of those.
    """
    defaults = {name: default_of(kind) for name, kind in scene.parameters.items()}
    choices = {name: values for name, kind in scene.parameters.items() if (values := choices_of(kind))}
    bounds = {name: values for name, kind in scene.parameters.items() if (values := _bounds(kind))}
    every = {**choices, **bounds}
    # What plays is tried by itself: nothing else depends on it.
    choices = {name: values for name, values in choices.items() if name not in music_choices(scene)}
    turns = turning_points(scene)
    between = {
        name: (*every[name], *_between(kind, turns.get(name, ())))
        for name, kind in scene.parameters.items()
        if name in every
    }
    single = [{}, *_singles(between), *_some(list(_pairs(between)), MOST_PAIRS)]
    of_words = _distinct(defaults, [{}, *_singles(between), *islice(_product(choices), MOST_COMBINATIONS)])
    for corners in (list(_product(bounds)), [{name: ends[side] for name, ends in bounds.items()} for side in (0, 1)]):
        if _size(choices) * (len(corners) + 1) <= MOST_COMBINATIONS:
            tried = [one | corner for one in _product(choices) for corner in [{}, *corners]]
            return Variations(
                _distinct(defaults, [*single, *tried]), are_all=len(corners) == _size(bounds), of_words=of_words
            )
    tried = [*single, *corners, *islice(_pairs(every), MOST_COMBINATIONS)]
    return Variations(_distinct(defaults, tried), are_all=False, of_words=of_words)


def _only(chosen: Mapping[str, object]) -> Variations:
    return Variations((chosen,), are_all=True, of_words=(chosen,))


def _planning_flaws(scene: SceneModel, tried: TriedPlans) -> Iterator[tuple[KeyPath, str]]:
    """A flaw for each place, with the first parameters that show it: those come first that are most as usual."""
    found: dict[KeyPath, str] = {}
    for values, fault in tried:
        if isinstance(fault, Unplannable):
            found.setdefault(fault.path, fault.message + _with(values, scene))
    yield from found.items()


def unusual(values: Mapping[str, object], scene: SceneModel) -> list[str]:
    """The parameters that are not as usual, as people set them: `feet=left`."""
    return [f"{name}={_shown(value)}" for name, value in values.items() if value != default_of(scene.parameters[name])]


def _with(values: Mapping[str, object], scene: SceneModel) -> str:
    """The same for the end of a message."""
    found = unusual(values, scene)
    return f" (with {', '.join(found)})" if found else ""


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bounds(parameter: Parameter) -> tuple[object, ...]:
    """Least and most of a parameter in figures."""
    match parameter:
        case DurationParameter():
            return written(parameter.min), written(parameter.max)
        case NumberParameter() | WholeParameter():
            return parameter.min, parameter.max
        case _:
            return ()


def _between(parameter: Parameter, turns: Iterable[float]) -> tuple[object, ...]:
    """Values between least and most, evenly, and where the scene's templates turn; each of a whole number of few."""
    match parameter:
        case DurationParameter(min=least, max=most):
            unit = SECOND if most - least >= PARTS * SECOND else 1
            cut = (round(each / unit) * unit for each in _cut(least, most))
            return tuple(written(each) for each in (*cut, *map(round, turns)))
        case NumberParameter(min=least, max=most):
            return tuple(round(each, 4) for each in (*_cut(least, most), *turns))
        case WholeParameter(min=least, max=most) if most - least < FEW:
            return tuple(range(least, most + 1))
        case WholeParameter(min=least, max=most):
            return tuple(round(each) for each in (*_cut(least, most), *turns))
        case _:
            return ()


def _cut(least: float, most: float) -> Iterator[float]:
    return (least + (most - least) * part / PARTS for part in range(1, PARTS))


def _pairs(values: Mapping[str, tuple[object, ...]]) -> Iterator[dict[str, object]]:
    return ({a: left, b: right} for a, b in combinations(values, 2) for left in values[a] for right in values[b])


def _some(settings: list[dict[str, object]], most: int) -> list[dict[str, object]]:
    """So many of them, evenly: the same each time."""
    return [settings[index * len(settings) // most] for index in range(most)] if len(settings) > most else settings


def _size(values: Mapping[str, tuple[object, ...]]) -> int:
    size = 1
    for each in values.values():
        size *= len(each)
    return size


def _product(values: Mapping[str, tuple[object, ...]]) -> Iterator[dict[str, object]]:
    return (dict(zip(values, each, strict=True)) for each in product(*values.values()))


def _singles(values: Mapping[str, tuple[object, ...]]) -> Iterator[dict[str, object]]:
    return ({name: value} for name, each in values.items() for value in each)


def _distinct(defaults: dict[str, object], sets: list[dict[str, object]]) -> tuple[Mapping[str, object], ...]:
    whole = [defaults | one for one in sets]
    return tuple({repr(sorted(one.items())): one for one in whole}.values())


# Examples


def _example_flaws(scene: SceneModel) -> Iterator[tuple[KeyPath, str]]:
    for index, example in enumerate(scene.examples):
        path: KeyPath = ("examples", index)
        for language in scene.languages:
            try:
                timeline = planned(scene, example.set, language).timeline
            except BadParameter as error:
                yield (*path, "set"), str(error)
                break
            except Unplannable as fault:
                yield fault.path, f"{fault.message} (in example {index + 1})"
                break
            flaws = [*_unlike(example, timeline.as_usual(), path), *_ending(example, scene, timeline, path)]
            if flaws:
                yield from flaws
                break


def _unlike(example: ExampleModel, usual: Timeline, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Where a timeline, waits as usual, is not as its example says."""
    whole = written(round(usual.lasts, -3))
    lasts = example.lasts
    if lasts is not None and lasts.min is not None and usual.lasts < lasts.min:
        yield (*path, "lasts", "min"), f"in {usual.language} it lasts only {whole}, not {written(lasts.min)} at least"
    if lasts is not None and lasts.max is not None and usual.lasts > lasts.max:
        yield (*path, "lasts", "max"), f"in {usual.language} it lasts {whole}, more than {written(lasts.max)}"
    ids = [chapter.id for chapter in usual.chapters]
    there = {*ids, *(name.partition("#")[0] for name in ids), *(name.split(":")[0].split("#")[0] for name in ids)}
    for key, names, wanted in (("with", example.with_, True), ("without", example.without, False)):
        for index, name in enumerate(names):
            if (name in there) != wanted:
                yield (
                    (*path, key, index),
                    f"the step `{name}` is {'not ' if wanted else ''}there; these are: {', '.join(ids)}",
                )


def _ending(
    example: ExampleModel, scene: SceneModel, timeline: Timeline, path: KeyPath
) -> Iterator[tuple[KeyPath, str]]:
    """`restore`: every lamp is given back; `dark`: every lamp that was touched is off at the end."""
    if example.ends == "restore" and not restores(scene.finish):
        yield (*path, "ends"), "it does not end as it began: `finish` has a look of its own"
    if example.ends == "dark":
        lit = _lit_at_end(timeline)
        if lit:
            yield (*path, "ends"), f"it does not end in the dark: {', '.join(lit)} has light at the end"


def _lit_at_end(timeline: Timeline) -> list[str]:
    full = {Track(role, Attribute.LEVEL): 100.0 for role in timeline.roles}
    last = timeline.state_at(timeline.lasts, full)
    return [track.role for track, value in last.items() if track.attribute is Attribute.LEVEL and value != OFF]
