"""What has to agree between a caution and the parameters that it asks about, or takes choices of."""

from collections.abc import Iterator, Mapping

from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import Flaw, near
from orchestrator.errors import BadParameter
from orchestrator.scenes.format.model import CautionModel, ChoiceParameter, FlagParameter, Parameter
from orchestrator.scenes.format.parameters import choices_of, value_of
from orchestrator.scenes.format.templates import BadTemplate, mentioned_in

MOST_SETTINGS = 64
"""So many settings of the choices that a caution asks about are told to the doors, and no more."""


def caution_flaws(path: KeyPath, caution: CautionModel, parameters: Mapping[str, Parameter | None]) -> Iterator[Flaw]:
    """All that does not agree in one caution. A parameter that is faulty itself is None."""
    if caution.when is not None:
        yield from _asking_flaws((*path, "when"), caution.when, parameters)
    if isinstance(caution.without, dict):
        for name, taken in caution.without.items():
            yield from _taking_flaws((*path, "without", name), name, taken, parameters)


def _asking_flaws(path: KeyPath, when: str, parameters: Mapping[str, Parameter | None]) -> Iterator[Flaw]:
    """A door shows those that apply, and can compare values; it knows no figures, phrases or loops."""
    try:
        asked = sorted(mentioned_in(when))
    except BadTemplate:
        return
    settings = 1
    for name in asked:
        parameter = parameters.get(name)
        if name in parameters and parameter is None:
            return
        if not isinstance(parameter, ChoiceParameter | FlagParameter):
            known = [each for each, kind in parameters.items() if isinstance(kind, ChoiceParameter | FlagParameter)]
            message = f"a caution asks about choices and flags alone; `{name}` is none{near(name, known)}"
            yield Flaw(path, message)
            return
        settings *= len(choices_of(parameter))
    if settings > MOST_SETTINGS:
        yield Flaw(path, f"this asks about {settings} settings; {MOST_SETTINGS} are the most: write two cautions")


def _taking_flaws(
    path: KeyPath, name: str, taken: object, parameters: Mapping[str, Parameter | None]
) -> Iterator[Flaw]:
    parameter = parameters.get(name)
    if name not in parameters:
        end = near(name, parameters, "the scene has no `parameters`")
        yield Flaw(path, f"there is no parameter `{name}`{end}", at_key=True)
        return
    if parameter is None:
        return
    if not isinstance(parameter, ChoiceParameter | FlagParameter):
        yield Flaw(path, f"a caution takes away choices and flags alone; `{name}` is a figure", at_key=True)
        return
    values = []
    for value in taken if isinstance(taken, list) else [taken]:
        try:
            values.append(value_of(name, parameter, value))
        except BadParameter as error:
            yield Flaw(path, str(error))
            return
    if set(choices_of(parameter)) <= set(values):
        yield Flaw(path, f"nothing of `{name}` is left; `without: scene` says that it is nothing for them at all")
