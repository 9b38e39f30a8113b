"""A scene and its words in another language, put together; and what lacks for that."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import Flaw, near
from orchestrator.scenes.format.languages import CAUTIONS
from orchestrator.scenes.format.model import (
    Block,
    CautionModel,
    CountModel,
    CueModel,
    LandingModel,
    LoopModel,
    PartModel,
    SayPart,
    SceneModel,
    StepModel,
    WaitModel,
)
from orchestrator.scenes.format.translation import (
    TranslatedBeatModel,
    TranslatedCountModel,
    TranslatedLandingModel,
    TranslatedPartModel,
    TranslatedStepModel,
    TranslatedWaitModel,
    TranslationModel,
)

LANDINGS = ("finish", "stopped", "lost")
_TEMPLATES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


# What lacks


def translation_flaws(scene: SceneModel, words: TranslationModel) -> Iterator[Flaw]:
    """Words that lack in a translation, or that nothing in the scene asks for. Paths are those of its file."""
    if words.scene != scene.scene:
        yield Flaw(("scene",), f"this is no translation of `{scene.scene}`, beside which it lies")
    if words.language in scene.languages:
        yield Flaw(("language",), f"the scene has words in `{words.language}` of its own: take one of the two away")
    yield from _one(("summary",), scene.summary, words.summary)
    yield from _list(("cautions",), len(scene.cautions), words.cautions, "cautions")
    titled = {name: kind.title for name, kind in scene.parameters.items() if _speaks(kind.title)}
    yield from _table(("parameters",), titled, words.parameters, "parameter with a title")
    titled = {name: role.title for name, role in scene.roles.items() if _speaks(role.title)}
    yield from _table(("roles",), titled, words.roles, "role with a title")
    yield from _table(("phrases",), scene.phrases, words.phrases, "phrase")
    for name, values in scene.phrases.items():
        if words.phrases is not None and name in words.phrases:
            yield from _table(("phrases", name), values, words.phrases[name], "value")
    blocks = list(_all(scene.steps))
    steps = {block.step: block for block in blocks if isinstance(block, StepModel)}
    parts = {block.part: block for block in blocks if isinstance(block, PartModel)}
    yield from _table(
        ("steps",), [name for name, step in steps.items() if _step_speaks(step)], words.steps, "step", steps
    )
    for name, step in steps.items():
        if name in words.steps:
            yield from _step_flaws(("steps", name), step, words.steps[name])
    yield from _table(
        ("parts",), [name for name, part in parts.items() if _speaks(part.title)], words.parts, "part", parts
    )
    for name, own in (words.parts or {}).items():
        if name in parts:
            yield from _one(("parts", name, "title"), parts[name].title, own.title)
    for name in LANDINGS:
        landing: LandingModel | None = getattr(scene, name)
        said: TranslatedLandingModel | None = getattr(words, name)
        if landing is not None and _speaks(landing.say) and said is None:
            yield Flaw((name,), f"`{name}` is missing", lacks=True)
        elif said is not None:
            yield from _one((name, "say"), landing.say if landing is not None else None, said.say)


def _all(blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if not isinstance(block, StepModel):
            yield from _all(block.steps)


def _step_flaws(path: KeyPath, step: StepModel, words: TranslatedStepModel) -> Iterator[Flaw]:
    yield from _one((*path, "title"), step.title, words.title)
    yield from _one((*path, "say"), step.say, words.say, is_free=True)
    spoken = sum(_speaks(cue.say) for cue in step.cues)
    yield from _list((*path, "cues"), spoken, words.cues, "cues with words")
    wait = step.wait if isinstance(step.wait, WaitModel) else WaitModel()
    reminders = {key: words_of.say for key in ("remind", "before_end") if (words_of := getattr(wait, key)) is not None}
    yield from _group((*path, "wait"), reminders, words.wait)
    if step.count is None or step.count.parts is None:
        own = {"say": step.count.say} if step.count is not None else {}
        yield from _group((*path, "count"), own, words.count)
        if words.count is not None and words.count.parts is not None:
            yield Flaw((*path, "count", "parts"), "the count of this step has no parts", at_key=True)
        return
    beats = step.count.parts
    if not any(_speaks(text) for beat in beats for text in (beat.say, beat.first, beat.last)):
        return
    if words.count is None:
        yield Flaw((*path, "count"), "`count` is missing", lacks=True)
        return
    yield from _list((*path, "count", "parts"), len(beats), words.count.parts, "parts")
    for index, (beat, said) in enumerate(zip(beats, words.count.parts or (), strict=False)):
        for key in TranslatedBeatModel.model_fields:
            yield from _one((*path, "count", "parts", index, key), getattr(beat, key), getattr(said, key))


def _one(path: KeyPath, wanted: object, given: object, *, is_free: bool = False) -> Iterator[Flaw]:
    """`is_free`: there may be words where the scene has none."""
    if _speaks(wanted) and given is None:
        yield Flaw(path, f"`{path[-1]}` is missing", lacks=True)
    elif wanted is None and given is not None and not is_free:
        yield Flaw(path, f"the scene has no `{path[-1]}` here", at_key=True)


def _list(path: KeyPath, count: int, given: list[Any] | None, what: str) -> Iterator[Flaw]:
    if count and given is None:
        yield Flaw(path, f"`{path[-1]}` is missing", lacks=True)
    elif given is not None and len(given) != count:
        yield Flaw(path, f"expected {count}, as many {what} as the scene has here, and not {len(given)}")


def _table(
    path: KeyPath,
    wanted: Iterable[str],
    given: Mapping[str, Any] | None,
    what: str,
    allowed: Iterable[str] | None = None,
) -> Iterator[Flaw]:
    """An entry for each that is wanted; others are `allowed` or unknown."""
    names, known = list(wanted), list(wanted if allowed is None else allowed)
    if given is None:
        if names:
            yield Flaw(path, f"`{path[-1]}` is missing", lacks=True)
        return
    for name in names:
        if name not in given:
            yield Flaw((*path, name), f"`{name}` is missing", lacks=True)
    for name in given:
        if name not in known:
            yield Flaw((*path, name), f"the scene has no {what} `{name}`{near(name, known)}", at_key=True)


def _group(path: KeyPath, wanted: Mapping[str, object], given: BaseModel | None) -> Iterator[Flaw]:
    """A model of words, of which those are wanted that the scene has."""
    if given is None:
        if any(map(_speaks, wanted.values())):
            yield Flaw(path, f"`{path[-1]}` is missing", lacks=True)
        return
    for key in type(given).model_fields:
        if key != "parts":
            yield from _one((*path, key), wanted.get(key), getattr(given, key))


def _step_speaks(step: StepModel) -> bool:
    wait = step.wait if isinstance(step.wait, WaitModel) else WaitModel()
    counted = [] if step.count is None else [step.count.say, *(
        text for beat in step.count.parts or () for text in (beat.say, beat.first, beat.last)
    )]  # fmt: skip
    reminders = [each.say for each in (wait.remind, wait.before_end) if each is not None]
    return any(map(_speaks, (step.title, step.say, *(cue.say for cue in step.cues), *reminders, *counted)))


def _speaks(said: object) -> bool:
    """Whether there are words in a text or a list of them, besides templates and the scene's cautions."""
    if isinstance(said, list):
        return any(map(_speaks, said))
    if isinstance(said, SayPart):
        return _speaks(said.say)
    if isinstance(said, dict):
        return True
    return isinstance(said, str) and said != CAUTIONS and any(map(str.isalpha, _TEMPLATES.sub("", said)))


# Put together


def translated(scene: SceneModel, words: TranslationModel) -> SceneModel:
    """The scene in the language of a translation that is whole, and in no other."""
    parameters, roles = words.parameters or {}, words.roles or {}
    landings = {
        name: landing.model_copy(update=_given(say=own.say if own is not None else None))
        for name in LANDINGS
        if isinstance(landing := getattr(scene, name), LandingModel)
        for own in (getattr(words, name),)
    }
    return scene.model_copy(
        update={
            "languages": [words.language],
            "title": words.title,
            "summary": words.summary,
            "cautions": [
                caution.model_copy(update={"text": text}) if isinstance(caution, CautionModel) else text
                for caution, text in zip(scene.cautions, words.cautions or (), strict=True)
            ],
            "parameters": {
                name: kind.model_copy(update={"title": parameters.get(name)}) for name, kind in scene.parameters.items()
            },
            "roles": {name: role.model_copy(update={"title": roles.get(name)}) for name, role in scene.roles.items()},
            "phrases": words.phrases or {},
            "steps": _blocks(scene.steps, words),
            **landings,
        }
    )


def _blocks(blocks: list[Block], words: TranslationModel) -> list[Block]:
    return [_block(block, words) for block in blocks]


def _block(block: Block, words: TranslationModel) -> Block:
    if isinstance(block, LoopModel):
        return block.model_copy(update={"steps": _blocks(block.steps, words)})
    if isinstance(block, PartModel):
        own = (words.parts or {}).get(block.part, TranslatedPartModel())
        return block.model_copy(update={**_given(title=own.title), "steps": _blocks(block.steps, words)})
    return _step(block, words.steps.get(block.step, TranslatedStepModel()))


def _step(step: StepModel, words: TranslatedStepModel) -> StepModel:
    update = _given(title=words.title, say=words.say)
    said = iter(words.cues or ())
    update["cues"] = [_cue(cue, said) for cue in step.cues]
    if isinstance(step.wait, WaitModel):
        update["wait"] = _wait(step.wait, words.wait or TranslatedWaitModel())
    if step.count is not None:
        update["count"] = _count(step.count, words.count or TranslatedCountModel())
    return step.model_copy(update=update)


def _cue(cue: CueModel, said: Iterator[Any]) -> CueModel:
    return cue.model_copy(update={"say": next(said)}) if _speaks(cue.say) else cue


def _wait(wait: WaitModel, words: TranslatedWaitModel) -> WaitModel:
    update = {
        key: reminder.model_copy(update=_given(say=getattr(words, key)))
        for key in TranslatedWaitModel.model_fields
        if (reminder := getattr(wait, key)) is not None
    }
    return wait.model_copy(update=update)


def _count(count: CountModel, words: TranslatedCountModel) -> CountModel:
    update = _given(say=words.say)
    if count.parts is not None and words.parts is not None:
        update["parts"] = [
            beat.model_copy(update=_given(say=own.say, first=own.first, last=own.last))
            for beat, own in zip(count.parts, words.parts, strict=True)
        ]
    return count.model_copy(update=update)


def _given(**words: object) -> dict[str, Any]:
    """Those that there are: what has no words in a translation needs none."""
    return {name: value for name, value in words.items() if value is not None}


# Where


def place_in_translation(scene: SceneModel, path: KeyPath) -> KeyPath | None:
    """Where a translation's file has what is at a path of the scene that it became; None where that has no words."""
    match path:
        case ("title" | "summary" | "phrases" | "cautions" | "finish" | "stopped" | "lost", *_):
            return tuple(part for part in path if part != "text" or path[0] != "cautions")
        case (("parameters" | "roles") as table, name, "title", *_):
            return (table, name)
        case ("steps", *_):
            return _place_in_steps(scene, path)
        case _:
            return None


def _place_in_steps(scene: SceneModel, path: KeyPath) -> KeyPath | None:
    node: Any = scene
    rest = list(path)
    while rest[:1] == ["steps"] and len(rest) > 1 and not isinstance(node, StepModel):
        node = node.steps[rest[1]]
        rest = rest[2:]
    if isinstance(node, PartModel) and rest[:1] == ["title"]:
        return ("parts", node.part, "title")
    if not isinstance(node, StepModel):
        return None
    match rest:
        case []:
            return ("steps", node.step)
        case ["title" | "say" | "count", *_]:
            return ("steps", node.step, *rest)
        case ["wait", ("remind" | "before_end") as key, "say", *inner]:
            return ("steps", node.step, "wait", key, *inner)
        case ["cues", int(index), "say", *inner] if _speaks(node.cues[index].say):
            return ("steps", node.step, "cues", sum(_speaks(cue.say) for cue in node.cues[:index]), *inner)
        case _:
            return None
