"""The scenes as those see them who want to start one."""

from collections.abc import Iterable

from orchestrator.integrations.outgoing import (
    CautionSummary,
    ParameterSummary,
    RoleSummary,
    Scenes,
    SceneSummary,
    Texts,
)
from orchestrator.scenes.format.duration import written
from orchestrator.scenes.format.model import (
    ChoiceParameter,
    DurationParameter,
    FlagParameter,
    NumberParameter,
    Parameter,
    SceneModel,
    WholeParameter,
)
from orchestrator.scenes.planning.cautions import Caution, cautions_of


def catalogue(scenes: Iterable[SceneModel]) -> Scenes:
    """All that there are, in the order given."""
    return Scenes(scenes=[_summary(scene) for scene in scenes])


def _summary(scene: SceneModel) -> SceneSummary:
    languages = scene.languages
    return SceneSummary(
        scene=scene.scene,
        title=_texts(scene.title, languages),
        summary=_texts(scene.summary or "", languages),
        languages=list(languages),
        cautions=[_caution(caution, languages) for caution in cautions_of(scene)],
        parameters={name: _parameter(name, each, languages) for name, each in scene.parameters.items()},
        roles={name: RoleSummary(kind=role.kind, optional=role.optional) for name, role in scene.roles.items()},
    )


def _caution(caution: Caution, languages: list[str]) -> CautionSummary:
    settings = None if caution.settings is None else [dict(setting) for setting in caution.settings]
    without = {name: list(values) for name, values in caution.without.items()} or None
    text = _texts(caution.text, languages)
    return CautionSummary(text=text, settings=settings, without=without, ends=caution.ends or None)


def _parameter(name: str, parameter: Parameter, languages: list[str]) -> ParameterSummary:
    title = _texts(parameter.title or name, languages)
    match parameter:
        case ChoiceParameter():
            return ParameterSummary(kind="choice", title=title, default=parameter.default, choices=parameter.choice)
        case FlagParameter():
            return ParameterSummary(kind="flag", title=title, default=parameter.flag)
        case DurationParameter():
            default, least, most = (written(each) for each in (parameter.duration, parameter.min, parameter.max))
            return ParameterSummary(kind="duration", title=title, default=default, min=least, max=most)
        case NumberParameter():
            return ParameterSummary(
                kind="number", title=title, default=parameter.number, min=parameter.min, max=parameter.max
            )
        case WholeParameter():
            return ParameterSummary(
                kind="whole", title=title, default=parameter.whole, min=parameter.min, max=parameter.max
            )


def _texts(text: str | dict[str, str], languages: list[str]) -> Texts:
    """A text in each language; block style of the file is unfolded."""
    every = text if isinstance(text, dict) else dict.fromkeys(languages, text)
    return {language: " ".join(words.split()) for language, words in every.items()}
