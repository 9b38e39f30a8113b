"""What a person chose, made sure of: defaults filled in, words and JSON values alike understood."""

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from orchestrator.documents.faults import nearest
from orchestrator.errors import BadParameter
from orchestrator.scenes.format.duration import TemplateDuration, written
from orchestrator.scenes.format.model import (
    ChoiceParameter,
    DurationParameter,
    FlagParameter,
    NumberParameter,
    Parameter,
    SceneModel,
    WholeParameter,
)

_YES = frozenset({"true", "yes", "on", "1", "y", "ja"})
_NO = frozenset({"false", "no", "off", "0", "n", "nein"})


def resolve(scene: SceneModel, given: Mapping[str, object]) -> dict[str, object]:
    """Every parameter of the scene with its value: `given`, else the default.

    Values are what JSON has: a choice as its word, a flag as a bool, a length as text (`10min`), numbers as
    numbers. What this returns may be given to it again. Raises BadParameter, naming what is allowed.
    """
    for name in given:
        if name not in scene.parameters:
            raise BadParameter(f"The scene {scene.scene} has no parameter {name!r}.", _those(name, scene.parameters))
    return {
        name: value_of(name, parameter, given[name]) if name in given else default_of(parameter)
        for name, parameter in scene.parameters.items()
    }


def names_of(values: Mapping[str, object], scene: SceneModel) -> dict[str, object]:
    """Resolved values as templates see them: lengths are Durations."""
    return {
        name: TemplateDuration.of(value) if isinstance(scene.parameters[name], DurationParameter) else value
        for name, value in values.items()
    }


def default_of(parameter: Parameter) -> object:
    """The value where nobody chose."""
    match parameter:
        case ChoiceParameter():
            return parameter.default
        case FlagParameter():
            return parameter.flag
        case DurationParameter():
            return written(parameter.duration)
        case NumberParameter():
            return parameter.number
        case WholeParameter():
            return parameter.whole


def choices_of(parameter: Parameter) -> tuple[object, ...]:
    """The values of a choice or a flag; none of a figure."""
    if isinstance(parameter, ChoiceParameter):
        return tuple(parameter.choice)
    return (True, False) if isinstance(parameter, FlagParameter) else ()


def value_of(name: str, parameter: Parameter, given: object) -> object:
    """What was given, as this parameter's kind of value. Raises BadParameter."""
    match parameter:
        case ChoiceParameter():
            return _choice(name, parameter, given)
        case FlagParameter():
            return flag_of(name, given)
        case DurationParameter():
            return _duration(name, parameter, given)
        case NumberParameter():
            number = _number(name, given)
            _within(name, number, parameter.min, parameter.max, f"{number:g}")
            return number
        case WholeParameter():
            number = _number(name, given)
            if not number.is_integer():
                raise BadParameter(f"{name} is a whole number, not {given}.")
            _within(name, number, parameter.min, parameter.max, f"{number:g}")
            return int(number)


def _choice(name: str, parameter: ChoiceParameter, given: object) -> str:
    for value in parameter.choice:
        if isinstance(given, str) and given.strip().casefold() == value.casefold():
            return value
    raise BadParameter(f"{name} cannot be {given!r}.", _those(str(given), parameter.choice))


def flag_of(name: str, given: object) -> bool:
    """Yes or no, as a word or a JSON value. Raises BadParameter."""
    word = str(given).strip().casefold()
    if isinstance(given, bool | str) and word in _YES | _NO:
        return word in _YES
    raise BadParameter(f"{name} is yes or no, not {given!r}.")


def _duration(name: str, parameter: DurationParameter, given: object) -> str:
    try:
        length = TemplateDuration.of(given.strip() if isinstance(given, str) else given)
    except ValueError as error:
        raise BadParameter(f"{name}: {error}.") from None
    _within(name, length.ms, parameter.min, parameter.max, str(length), of=written)
    return str(length)


def _number(name: str, given: object) -> float:
    number = math.nan
    if isinstance(given, int | float | str) and not isinstance(given, bool):
        with suppress(ValueError, OverflowError):
            number = float(given)
    if not math.isfinite(number):
        raise BadParameter(f"{name} is a number, not {given!r}.")
    return number


def _within(
    name: str, value: float, least: float, most: float, said: str, *, of: Callable[[int], str] | None = None
) -> None:
    """Raises BadParameter where a value is out of its range."""
    if not least <= value <= most:
        low, high = (of(int(least)), of(int(most))) if of else (f"{least:g}", f"{most:g}")
        raise BadParameter(f"{name} cannot be {said}.", f"It goes from {low} to {high}.")


def _those(wrong: str, right: Iterable[str]) -> str:
    """The near name if there is one, and all that there are."""
    names = list(right)
    if not names:
        return "It has none."
    near = nearest(wrong.casefold(), names)
    guess = f"Did you mean {near!r}? " if near else ""
    return f"{guess}There {'is' if len(names) == 1 else 'are'}: {', '.join(names)}."
