"""What has to agree between the parts of a scene: names that refer to one another, keys that depend on one another.

All of it can be said without planning. Templates are looked at by whoever plans.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import Flaw, near
from orchestrator.errors import BadParameter
from orchestrator.scenes.format.caution_flaws import caution_flaws
from orchestrator.scenes.format.languages import CAUTIONS, language_flaws
from orchestrator.scenes.format.model import (
    CautionModel,
    ChoiceParameter,
    CountModel,
    CueModel,
    DurationParameter,
    ExampleModel,
    LandingModel,
    LightLook,
    LoopModel,
    MusicModel,
    NumberParameter,
    Parameter,
    PartModel,
    SayPart,
    SceneModel,
    ShareModel,
    StepModel,
    WaitModel,
    WholeParameter,
)
from orchestrator.scenes.format.parameters import value_of
from orchestrator.scenes.format.tree import nodes

RESTORE = "restore"
"""The look of a landing that gives each lamp back as it was."""

BUILT_IN = frozenset(
    {"n", "times", "loop", "ready", "decline", "again", "language", "range", "self", "true", "false", "none"}
    | {"and", "or", "not", "in", "is", "if", "elif", "else", "endif"}
)
"""Names that mean something in every template already."""

LANDINGS = ("finish", "stopped", "lost")


@dataclass(frozen=True)
class _Names:
    """What a scene's file names, faulty entries included: a kind or parameter is None where it is faulty."""

    roles: Mapping[str, str | None]
    looks: frozenset[str]
    parameters: Mapping[str, Parameter | None]
    phrases: frozenset[str]
    steps: frozenset[str]

    @classmethod
    def of(cls, scene: SceneModel, written: Mapping[str, Any]) -> "_Names":
        def keys(name: str) -> frozenset[str]:
            return frozenset(entry if isinstance(entry := written.get(name), dict) else ())

        kinds = {name: role.kind for name, role in scene.roles.items()}
        return cls(
            roles={name: kinds.get(name) for name in keys("roles")},
            looks=keys("looks"),
            parameters={name: scene.parameters.get(name) for name in keys("parameters")},
            phrases=keys("phrases"),
            steps=frozenset(_ids(scene).values()),
        )


def flaws(scene: SceneModel, written: Mapping[str, Any]) -> Iterator[Flaw]:
    """All that does not agree in a scene. `written` is the file's data: what stands there, sound or not."""
    names = _Names.of(scene, written)
    if scene.languages == written.get("languages", scene.languages):
        yield from language_flaws(scene)
    yield from _collisions(scene, names)
    yield from _repeated_ids(scene)
    yield from _cast(names)
    for look, lamps in scene.looks.items():
        yield from _role_flaws(("looks", look), lamps, names, "light")
    for path, node in nodes(scene):
        yield from _node_flaws(path, node, scene, names)


def _node_flaws(path: KeyPath, node: BaseModel, scene: SceneModel, names: _Names) -> Iterator[Flaw]:
    if isinstance(node, StepModel | CueModel | LandingModel):
        yield from _doing_flaws(path, node, names)
    if isinstance(node, StepModel | CueModel | LandingModel | SayPart):
        yield from _cautions_flaws(path, node.say, scene)
    match node:
        case CautionModel():
            yield from caution_flaws(path, node, names.parameters)
        case ChoiceParameter() | DurationParameter() | NumberParameter() | WholeParameter():
            yield from _parameter_flaws(path, node)
        case LightLook():
            yield from _lamp_flaws(path, node)
        case MusicModel():
            yield from _music_flaws(path, node, names)
        case StepModel(count=CountModel(), lasts=lasts) if lasts is not None:
            message = "a count lasts as long as it counts; leave `lasts` out, or write it inside `count`"
            yield Flaw((*path, "lasts"), message, at_key=True)
        case CountModel():
            yield from _count_flaws(path, node, names)
        case WaitModel():
            yield from _wait_flaws(path, node)
        case ShareModel() if scene.length is None:
            yield Flaw(
                (*path, "share"), "a share of what? The scene needs a `length`, such as `length: 25min`", at_key=True
            )
        case ExampleModel():
            yield from _example_flaws(path, node, names)
        case _:
            pass


# Names


def _ids(scene: SceneModel) -> dict[KeyPath, str]:
    """The ids of steps and parts, by their paths."""
    ids: dict[KeyPath, str] = {}
    for path, node in nodes(scene):
        if isinstance(node, StepModel):
            ids[*path, "step"] = node.step
        elif isinstance(node, PartModel):
            ids[*path, "part"] = node.part
    return ids


def _repeated_ids(scene: SceneModel) -> Iterator[Flaw]:
    seen: set[tuple[str | int, str]] = set()
    for path, name in _ids(scene).items():
        what = path[-1]
        if (what, name) in seen:
            yield Flaw(path, f"there is a {what} `{name}` already; each needs an id of its own")
        if what == "step" and name in LANDINGS:
            yield Flaw(path, f"`{name}` is the name of a way out; choose another id")
        seen.add((what, name))


def _collisions(scene: SceneModel, names: _Names) -> Iterator[Flaw]:
    """Names that mean two things in a template. It sees no roles, so that `music` may be a role and a choice."""
    taken: dict[str, str] = {}
    for group, members in (("parameters", names.parameters), ("roles", names.roles), ("phrases", names.phrases)):
        for name in members:
            if name in BUILT_IN:
                yield Flaw((group, name), f"`{name}` is taken in templates already; choose another", at_key=True)
            elif name in taken and group != "roles":
                message = f"`{name}` is the name of a {taken[name]} already; choose another"
                yield Flaw((group, name), message, at_key=True)
            if group != "roles":
                taken.setdefault(name, group.removesuffix("s"))
    for path, node in nodes(scene):
        if isinstance(node, LoopModel):
            other = f"the name of a {taken[node.loop]}" if node.loop in taken else "taken in templates"
            if node.loop in taken or node.loop in BUILT_IN:
                yield Flaw((*path, "for"), f"`{node.loop}` is {other} already; choose another")


def _cast(names: _Names) -> Iterator[Flaw]:
    """One player and one voice: `music` and `say` name no role."""
    counted = Counter(names.roles.values())
    for kind, key in (("player", "music"), ("voice", "say")):
        if counted[kind] > 1:
            last = [name for name, other in names.roles.items() if other == kind][-1]
            yield Flaw(("roles", last), f"there is a {kind} already; `{key}` could not tell them apart", at_key=True)


def _role_flaws(path: KeyPath, roles: Iterable[str], names: _Names, *kinds: str) -> Iterator[Flaw]:
    """Roles that do not exist, or are of a kind that cannot do this."""
    if not names.roles:
        return
    for role in roles:
        if role not in names.roles:
            yield Flaw((*path, role), f"there is no role `{role}`{near(role, names.roles)}", at_key=True)
        elif names.roles[role] not in (None, *kinds):
            message = f"`{role}` is a {names.roles[role]}; this needs a {' or a '.join(kinds)}"
            yield Flaw((*path, role), message, at_key=True)


# Steps, cues, landings


def _doing_flaws(path: KeyPath, node: StepModel | CueModel | LandingModel, names: _Names) -> Iterator[Flaw]:
    landing = isinstance(node, LandingModel)
    looks = node.look if isinstance(node.look, list) else [node.look] if node.look else []
    for index, look in enumerate(looks):
        place = (*path, "look", index) if isinstance(node.look, list) else (*path, "look")
        if look == RESTORE and not landing:
            yield Flaw(place, "`restore` belongs to `finish`, `stopped` and `lost`; name a look")
        elif look == RESTORE and len(looks) > 1:
            yield Flaw(place, "`restore` stands alone: lamps that a landing look does not name are given back anyway")
        elif look != RESTORE and look not in names.looks:
            yield Flaw(place, f"there is no look `{look}`{near(look, names.looks, 'the scene has no `looks`')}")
    for key in ("fade", "curve"):
        if not looks and getattr(node, key) is not None:
            yield Flaw((*path, key), f"`{key}` says how a look comes; there is no `look` here", at_key=True, lacks=True)
    if node.switch is not None:
        yield from _role_flaws((*path, "switch"), node.switch, names, "switch")
    doings = (node.look, node.music, node.switch, node.say, node.chime)
    if isinstance(node, CueModel) and all(doing is None for doing in doings):
        yield Flaw(path, "this cue does nothing; give it a `look`, `music`, `switch`, `say` or `chime`", lacks=True)


def _cautions_flaws(path: KeyPath, say: object, scene: SceneModel) -> Iterator[Flaw]:
    if scene.cautions:
        return
    if say == CAUTIONS:
        yield Flaw((*path, "say"), "the scene has no `cautions` to say")
    elif isinstance(say, list) and CAUTIONS in say:
        yield Flaw((*path, "say", say.index(CAUTIONS)), "the scene has no `cautions` to say")


def _music_flaws(path: KeyPath, music: MusicModel, names: _Names) -> Iterator[Flaw]:
    if names.roles and not {"player", None}.intersection(names.roles.values()):
        yield Flaw(path, "there is no role to play music; add `music: {kind: player, optional: true}` to `roles`")
    if music.stop and (music.play is not None or music.volume is not None):
        yield Flaw((*path, "stop"), "music that stops cannot play or change its volume as well", at_key=True)
    if not music.stop and music.play is None and music.volume is None:
        yield Flaw(path, "say what becomes of the music: `play`, `volume` or `stop`", lacks=True)


def _count_flaws(path: KeyPath, count: CountModel, names: _Names) -> Iterator[Flaw]:
    if (count.times is None) == (count.lasts is None):
        yield Flaw(path, "a count has either `times` or `lasts`", lacks=True)
    if (count.parts is None) == (count.every is None):
        yield Flaw(path, "a count has either `parts`, or `every` with `say`", lacks=True)
    elif count.parts is not None and count.say is not None:
        yield Flaw((*path, "say"), "each part has a `say` of its own; this one goes with `every`", at_key=True)
    elif count.every is not None and count.say is None:
        yield Flaw(path, '`every` needs a `say`, such as "{{ n }}"', lacks=True)
    yield from _role_flaws((*path, "swell"), count.swell or (), names, "light", "player")
    swelling = [index for index, part in enumerate(count.parts or ()) if part.swell]
    if count.swell and not swelling:
        yield Flaw(
            (*path, "swell"),
            "nothing here swells: give a part `swell: up`, and one `swell: down`",
            at_key=True,
            lacks=True,
        )
    if swelling and not count.swell:
        message = "which lights and sounds swell? Add `swell: {main: 8%}` to the count"
        yield Flaw((*path, "parts", swelling[0], "swell"), message, at_key=True)


def _wait_flaws(path: KeyPath, wait: WaitModel) -> Iterator[Flaw]:
    limit = wait.at_most
    if limit == 0:
        yield Flaw((*path, "at_most"), "a wait of no time is no wait")
    if isinstance(limit, int) and isinstance(wait.usually, int) and wait.usually > limit:
        yield Flaw((*path, "usually"), "`usually` is longer than `at_most`")
    for key, words in (("remind", wait.remind), ("before_end", wait.before_end)):
        if words is not None and isinstance(limit, int) and abs(words.at) >= limit > 0:
            yield Flaw((*path, key, "at"), "this moment lies outside the wait")
    if wait.remind is not None and wait.remind.at < 0:
        yield Flaw(
            (*path, "remind", "at"), "`remind` counts from the beginning of the wait; for its end there is `before_end`"
        )
    if wait.before_end is not None and wait.before_end.at >= 0:
        yield Flaw(
            (*path, "before_end", "at"), "`before_end` counts back from the limit: write it with a minus, such as -8s"
        )


# Looks, parameters, examples


def _lamp_flaws(path: KeyPath, lamp: LightLook) -> Iterator[Flaw]:
    if lamp.temperature is not None and lamp.color is not None:
        yield Flaw((*path, "color"), "a lamp has either a `temperature` or a `color`", at_key=True)
    if lamp.brightness is None and lamp.temperature is None and lamp.color is None:
        yield Flaw(
            path, "this says nothing about the lamp; give it a `brightness`, a `temperature` or a `color`", lacks=True
        )


def _parameter_flaws(
    path: KeyPath, parameter: ChoiceParameter | DurationParameter | NumberParameter | WholeParameter
) -> Iterator[Flaw]:
    if isinstance(parameter, ChoiceParameter):
        for index, word in enumerate(parameter.choice):
            if word in parameter.choice[:index]:
                yield Flaw((*path, "choice", index), f"`{word}` stands here twice")
        if parameter.default not in parameter.choice:
            message = f"`{parameter.default}` is not among the choices{near(parameter.default, parameter.choice)}"
            yield Flaw((*path, "default"), message)
        return
    key = next(iter(type(parameter).model_fields))
    default = getattr(parameter, key)
    if parameter.min > parameter.max:
        yield Flaw((*path, "min"), "`min` is more than `max`")
    elif not parameter.min <= default <= parameter.max:
        yield Flaw((*path, key), "the default lies outside `min` and `max`")


def _example_flaws(path: KeyPath, example: ExampleModel, names: _Names) -> Iterator[Flaw]:
    for name, value in example.set.items():
        parameter = names.parameters.get(name)
        if name not in names.parameters:
            message = f"there is no parameter `{name}`{near(name, names.parameters, 'the scene has no `parameters`')}"
            yield Flaw((*path, "set", name), message, at_key=True)
        elif parameter is not None:
            try:
                value_of(name, parameter, value)
            except BadParameter as error:
                yield Flaw((*path, "set", name), str(error))
    for key, steps in (("with", example.with_), ("without", example.without)):
        for index, step in enumerate(steps):
            if step.partition(":")[0].partition("#")[0] not in names.steps:
                yield Flaw((*path, key, index), f"there is no step `{step}`{near(step, names.steps)}")
    lasts = example.lasts
    if lasts is not None and lasts.min is not None and lasts.max is not None and lasts.min > lasts.max:
        yield Flaw((*path, "lasts", "min"), "`min` is more than `max`")
