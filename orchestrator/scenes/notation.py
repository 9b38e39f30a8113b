"""How values are written in scene and home files: `90s`, `10min`, `1h30m`, `"1:30"`, `45%`, `2700K`, `"#ff9a3c"`, `{{ … }}`.

Each is a type for the models: it reads the notation, says what was expected, and knows its own JSON Schema.
"""

import re
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import PlainValidator, StringConstraints, WithJsonSchema

from orchestrator.values import HOUR, MINUTE, SECOND, Ms, Percent, Rgb, Temperature

_UNITS = {"ms": 1, "s": SECOND, "sec": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|sec|s|min|m|h)")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")
_DURATION = r"^-?(\d+(\.\d+)?\s*(ms|sec|s|min|m|h)\s*)+$|^-?(\d+:)?\d{1,2}:\d{2}$"
_TEMPLATE = r"\{\{.*\}\}"
LONGEST: Ms = 24 * HOUR


class Share(NamedTuple):
    """A share of a step, in percent of its doing."""

    percent: float


def duration(text: object) -> Ms:
    """Milliseconds of `90s`, `10min`, `1h30m`, `1:30` (minutes and seconds) or `1:02:03`. Raises ValueError."""
    value = signed_duration(text)
    if value < 0:
        raise ValueError(f"a length cannot be below zero: {text}")
    return value


def signed_duration(text: object) -> Ms:
    """The same, with a minus sign allowed: a moment counted back from an end."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        if text == 0:
            return 0
        raise ValueError(f"{text} of what? Write the unit: '{text}s' or '{text}min'")
    if not isinstance(text, str):
        raise ValueError("expected a length such as 90s, 10min or 1h30m")
    sign, body = (-1, text.strip()[1:]) if text.strip().startswith("-") else (1, text.strip())
    if clock := _CLOCK.fullmatch(body):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return sign * bounded(hours * HOUR + minutes * MINUTE + seconds * SECOND, text)
    compact = body.replace(" ", "")
    parts = _PART.findall(compact)
    if not parts or "".join(number + unit for number, unit in parts) != compact:
        raise ValueError(f'{text!r} is no length; write 90s, 10min, 1h30m or "1:30"')
    return sign * bounded(round(sum(float(number) * _UNITS[unit] for number, unit in parts)), text)


def bounded(value: Ms, text: str) -> Ms:
    """The value, where it is no longer than a day."""
    if value > LONGEST:
        raise ValueError(f"{text!r} is longer than a day")
    return value


def percent(text: object) -> Percent:
    """0 to 100 of `45%`. Raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text.strip()) if isinstance(text, str) else None
    if match is None:
        written = f"'{text}%'" if isinstance(text, int | float) and not isinstance(text, bool) else "such as 45%"
        raise ValueError(f"expected a percentage, {written}")
    value = float(match[1])
    if value > 100:
        raise ValueError(f"{text} is more than all: 100% is the most")
    return Percent(value)


def kelvin(text: object) -> Temperature:
    """The temperature of `2700K`. Raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[Kk]", text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError("expected a colour temperature such as 2700K")
    value = float(match[1])
    if not 1000 <= value <= 10_000:
        raise ValueError(f"{text} is out of range: lamps have 1000K to 10000K")
    return Temperature.of_kelvin(value)


def colour(text: object) -> Rgb:
    """The colour of `"#ff9a3c"`. Raises ValueError."""
    if not isinstance(text, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError('expected a colour in quotes such as "#ff9a3c"')
    return Rgb.of_hex(text)


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


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


def _text_schema() -> dict[str, Any]:
    return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}


def text(value: object) -> str | dict[str, str]:
    """A string, or a map from language to string. Raises ValueError."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value and all(isinstance(part, str) for pair in value.items() for part in pair):
        return value
    raise ValueError('expected a text, or one for each language: {en: "…", de: "…"}')


Duration: TypeAlias = Annotated[Ms, PlainValidator(duration), _schema(_DURATION, "90s")]
SignedDuration: TypeAlias = Annotated[Ms, PlainValidator(signed_duration), _schema(_DURATION, "-30s")]
PercentText: TypeAlias = Annotated[Percent, PlainValidator(percent), _schema(r"^\d+(\.\d+)?\s*%$", "45%")]
KelvinText: TypeAlias = Annotated[Temperature, PlainValidator(kelvin), _schema(r"^\d+(\.\d+)?\s*[Kk]$", "2700K")]
ColourText: TypeAlias = Annotated[Rgb, PlainValidator(colour), _schema(r"^#[0-9a-fA-F]{6}$", "#ff9a3c")]
Template: TypeAlias = Annotated[str, PlainValidator(template), _schema(_TEMPLATE, "{{ soak }}")]
Offset: TypeAlias = Annotated[
    Ms | Share | str, PlainValidator(offset), _schema(f"{_DURATION}|^\\d+(\\.\\d+)?\\s*%$|{_TEMPLATE}", "50%")
]
Text: TypeAlias = Annotated[str | dict[str, str], PlainValidator(text), WithJsonSchema(_text_schema())]
Expression: TypeAlias = str
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""A name that templates can use: parameters, roles, looks, phrases."""
Identifier: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
"""A name in addresses: scenes, steps, rooms."""
Language: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
