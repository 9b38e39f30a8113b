"""Cautions: which of them apply to what a person chose, and which choices each takes away.

A caution's `when` asks choices and flags alone, so a door that cannot evaluate templates gets it as settings.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from orchestrator.documents.notation import Text
from orchestrator.scenes.format.model import CautionModel, Parameter, SceneModel
from orchestrator.scenes.format.parameters import choices_of, value_of
from orchestrator.scenes.format.templates import BadTemplate, evaluate, mentioned_in
from orchestrator.scenes.planning.scope import Scope

Choices: TypeAlias = Mapping[str, tuple[object, ...]]
"""Values of choices and flags, by the name of their parameter."""


class Caution(NamedTuple):
    """A caution as a door shows it.

    `settings`: it applies where one of these is chosen; None: always. `without`: who has what it warns of cannot choose
    these. `ends`: who has it leaves the scene.
    """

    text: Text
    settings: tuple[Mapping[str, object], ...] | None = None
    without: Choices = MappingProxyType({})
    ends: bool = False

    def applies(self, chosen: Mapping[str, object]) -> bool:
        """Whether it has to be shown to somebody who chose so."""
        return self.settings is None or any(
            all(chosen.get(name) == value for name, value in setting.items()) for setting in self.settings
        )


def cautions_of(scene: SceneModel) -> tuple[Caution, ...]:
    """All cautions of a scene, in the order of its file."""
    return tuple(_caution(each, scene.parameters) for each in scene.cautions)


def those_that_apply(scene: SceneModel, chosen: Mapping[str, object]) -> tuple[Text, ...]:
    """What whoever chose so has to be shown, in the order of its file. `chosen` has a value for each parameter."""
    return tuple(caution.text for caution in cautions_of(scene) if caution.applies(chosen))


def what_remains(scene: SceneModel, without: Choices) -> dict[str, tuple[object, ...]]:
    """What can still be chosen of each parameter that a caution speaks of."""
    return {
        name: tuple(value for value in choices_of(scene.parameters[name]) if value not in taken)
        for name, taken in without.items()
    }


def spoken_cautions(scene: SceneModel, scope: Scope) -> list[str]:
    """The texts of those that apply to what `scope` sees. Raises Unplannable."""
    said = []
    for index, each in enumerate(scene.cautions):
        if not isinstance(each, CautionModel):
            said.append(scope.text(each, ("cautions", index)))
        elif scope.holds(each.when, ("cautions", index, "when")):
            said.append(scope.text(each.text, ("cautions", index, "text")))
    return said


def _caution(caution: CautionModel | Text, parameters: Mapping[str, Parameter]) -> Caution:
    if not isinstance(caution, CautionModel):
        return Caution(caution)
    without = caution.without if isinstance(caution.without, dict) else {}
    return Caution(
        caution.text,
        None if caution.when is None else _settings(caution.when, parameters),
        {name: _values(name, parameters[name], each) for name, each in without.items()},
        ends=caution.without == "scene",
    )


def _values(name: str, parameter: Parameter, written: object) -> tuple[object, ...]:
    return tuple(value_of(name, parameter, value) for value in (written if isinstance(written, list) else [written]))


def _settings(when: str, parameters: Mapping[str, Parameter]) -> tuple[Mapping[str, object], ...] | None:
    """Every setting of the parameters that it asks under which it holds; None (always) where that cannot be told."""
    try:
        asked = [name for name in parameters if name in mentioned_in(when)]
        return tuple(setting for setting in _every(asked, parameters) if evaluate(when, setting))
    except BadTemplate:
        return None


def _every(names: list[str], parameters: Mapping[str, Parameter]) -> Iterator[Mapping[str, object]]:
    for values in product(*(choices_of(parameters[name]) for name in names)):
        yield dict(zip(names, values, strict=True))
