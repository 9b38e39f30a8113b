"""What only scenes write: shares of a step, templates, expressions. All else is the house's notation, named here as well."""

import re
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import PlainValidator

from orchestrator.notation import (
    DURATION,
    LONGEST,
    ColourText,
    Duration,
    Identifier,
    KelvinText,
    Language,
    Name,
    PercentText,
    SignedDuration,
    Text,
    bounded,
    colour,
    duration,
    kelvin,
    percent,
    schema,
    signed_duration,
    text,
)
from orchestrator.values import Ms

__all__ = [
    "LONGEST",
    "ColourText",
    "Duration",
    "Expression",
    "Identifier",
    "KelvinText",
    "Language",
    "Name",
    "Offset",
    "PercentText",
    "Share",
    "SignedDuration",
    "Template",
    "Text",
    "bounded",
    "colour",
    "duration",
    "kelvin",
    "offset",
    "percent",
    "signed_duration",
    "template",
    "text",
]

_TEMPLATE = r"\{\{.*\}\}"


class Share(NamedTuple):
    """A share of a step, in percent of its doing."""

    percent: float


def offset(text: object) -> Ms | Share | str:
    """A length (perhaps below zero), a share such as `50%`, or a template. Raises ValueError."""
    if isinstance(text, str) and "{{" in text:
        return template(text)
    if isinstance(text, str) and text.strip().endswith("%"):
        return Share(float(percent(text)))
    return signed_duration(text)


def template(text: object) -> str:
    """A text with at least one `{{ … }}`. Raises ValueError."""
    if not isinstance(text, str) or not re.search(_TEMPLATE, text, re.DOTALL):
        raise ValueError('expected a length such as 90s, or a template such as "{{ soak }}"')
    return text


def length(text: object) -> Ms | str:
    """A length, or a template that gives one. Raises ValueError."""
    return template(text) if isinstance(text, str) and "{{" in text else duration(text)


def fade_time(text: object) -> Ms | Share | str:
    """A length, a share of the step such as `100%`, or a template. Raises ValueError."""
    value = offset(text)
    if isinstance(value, int) and value < 0:
        raise ValueError(f"a fade cannot take less than no time: {text}")
    return value


def times(value: object) -> int | str:
    """How often something is repeated, 1 to 1000, or a template that gives it. Raises ValueError."""
    if isinstance(value, str) and "{{" in value:
        return template(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        raise ValueError('expected a whole number from 1 to 1000, or a template such as "{{ rounds }}"')
    return value


def pace(value: object) -> float | str:
    """How much longer everything takes, 0.1 to 10, or a template that gives it. Raises ValueError."""
    if isinstance(value, str) and "{{" in value:
        return template(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.1 <= value <= 10:
        raise ValueError('expected a number from 0.1 to 10, or a template such as "{{ pace }}"')
    return float(value)


def expression(value: object) -> str:
    """A Jinja expression, not yet compiled. Raises ValueError."""
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError("expected an expression in quotes, such as \"feet == 'both'\"")


def text(value: object) -> str | dict[str, str]:
    """A string, or a map from language to string. Raises ValueError."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value and all(isinstance(part, str) for pair in value.items() for part in pair):
        return value
    if isinstance(value, bool | int | float):
        raise ValueError("expected a text; a number or true and false need quotes around them")
    raise ValueError('expected a text, or one for each language: {en: "…", de: "…"}')


Template: TypeAlias = Annotated[str, PlainValidator(template), schema(_TEMPLATE, "{{ soak }}")]
Offset: TypeAlias = Annotated[
    Ms | Share | str, PlainValidator(offset), schema(f"{DURATION}|^\\d+(\\.\\d+)?\\s*%$|{_TEMPLATE}", "50%")
]
Expression: TypeAlias = str
