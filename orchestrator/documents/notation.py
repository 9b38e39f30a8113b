"""How values are written in scene and home files: `90s`, `10min`, `1h30m`, `"1:30"`, `45%`, `2700K`, `"#ff9a3c"`.

Each is a type for the models: it reads the notation, says what was expected, and knows its own JSON Schema.
"""

import re
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import Field, PlainValidator, Strict, StringConstraints, WithJsonSchema

from orchestrator.units import HOUR, MINUTE, OFF, SECOND, Ms, Percent
from orchestrator.values import Rgb, Temperature

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
    """The same, with a minus sign allowed: a moment counted back from an end. Raises ValueError."""
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
        raise ValueError(f"{text!r} is no length; {_meant_length(compact)}")
    return sign * bounded(sum(float(number) * _UNITS[unit] for number, unit in parts), text)


_LONG_UNITS = re.compile(
    r"(?P<s>seconds?|secs|sekunden?|sek)|(?P<min>minutes?|mins|minuten?)|(?P<h>hours?|hrs?|stunden?|std)", re.IGNORECASE
)


def _meant_length(compact: str) -> str:
    """What was probably meant by a length in whole words, such as `5 minutes`."""
    short = _LONG_UNITS.sub(lambda match: str(match.lastgroup), compact).replace("and", "").replace("und", "")
    whole = "".join(number + unit for number, unit in _PART.findall(short))
    return f"did you mean {short}?" if short and whole == short else 'write 90s, 10min, 1h30m or "1:30"'


def bounded(value: float, text: str) -> Ms:
    """The value in whole milliseconds, where it is no longer than a day. Raises ValueError."""
    if value > LONGEST:
        raise ValueError(f"{text!r} is longer than a day")
    return round(value)


def percent(text: object) -> Percent:
    """0 to 100 of `45%`. Raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"expected a percentage{_meant_percent(text)}")
    value = float(match[1])
    if value > 100:
        raise ValueError(f"{text} is more than all: 100% is the most")
    return Percent(value)


def _meant_percent(text: object) -> str:
    """What was probably meant by a number without its sign: a share of 1, of 100, or of the 255 that lamps count in."""
    number = _number(text)
    if number is None or number < 0 or number > 255:
        return " such as 45%"
    share = number * 100 if 0 < number < 1 or (number == 1 and _is_fraction(text)) else number
    return f"; did you mean {share if share <= 100 else number / 2.55:.4g}%?"


def _is_fraction(text: object) -> bool:
    return isinstance(text, float) or (isinstance(text, str) and "." in text)


def _number(text: object) -> float | None:
    """The number that stands there, also as a text or with a word for its unit."""
    if isinstance(text, bool):
        return None
    if isinstance(text, int | float):
        return float(text)
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(?:percent|pct|prozent|k|kelvin)?", str(text).strip().lower())
    return float(match[1].replace(",", ".")) if match else None


def brightness(text: object) -> Percent:
    """1 to 100 of `45%`: perceived lightness of a lamp that is on. Raises ValueError."""
    value = percent(text)
    if value == OFF:
        raise ValueError("a brightness of 0% is off; write `off` for the lamp")
    return value


def kelvin(text: object) -> Temperature:
    """The temperature of `2700K`. Raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[Kk]", text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"expected a colour temperature{_meant_kelvin(text)}")
    value = float(match[1])
    if not 1000 <= value <= 10_000:
        raise ValueError(f"{text} is out of range: lamps have 1000K to 10000K")
    return Temperature.of_kelvin(value)


def _meant_kelvin(text: object) -> str:
    """What was probably meant by a number alone: Kelvin, or the mired that lamps count in."""
    number = _number(text)
    if number is not None and 1000 <= number <= 10_000:
        return f"; did you mean {number:.0f}K?"
    if number is not None and 100 <= number <= 1000:
        return f" such as 2700K; {number:.4g} mired are {1_000_000 / number:.0f}K"
    return " such as 2700K"


def colour(text: object) -> Rgb:
    """The colour of `"#ff9a3c"`. Raises ValueError."""
    if not isinstance(text, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        digits = str(text).strip().lstrip("#")
        doubled = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
        is_colour = re.fullmatch(r"[0-9a-fA-F]{6}", doubled) is not None
        raise ValueError(
            f'expected a colour in quotes; did you mean "#{doubled}"?'
            if is_colour
            else 'expected a colour in quotes such as "#ff9a3c"'
        )
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


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


NAME = r"^[a-z][a-z0-9_]*$"
IDENTIFIER = r"^[a-z0-9][a-z0-9-]*$"
DEVICE_NAME = r"^[a-z0-9][a-z0-9_-]*$"
TOPIC_BASE = r"^[^/+#$\s]+(/[^/+#\s]+)*$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"

_MAYBE_TEMPLATE = f"{_DURATION}|{_TEMPLATE}"
_PERCENT = r"^\d+(\.\d+)?\s*%$"
_TEMPLATE_SCHEMA = {"type": "string", "pattern": _TEMPLATE}
_TIMES_SCHEMA = {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 1000}, _TEMPLATE_SCHEMA]}
_PACE_SCHEMA = {"anyOf": [{"type": "number", "minimum": 0.1, "maximum": 10}, _TEMPLATE_SCHEMA]}
_TEXT_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "propertyNames": {"pattern": LANGUAGE}, "additionalProperties": {"type": "string"}},
    ]
}

Flag: TypeAlias = Annotated[bool, Strict()]
Whole: TypeAlias = Annotated[int, Strict()]
Number: TypeAlias = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Duration: TypeAlias = Annotated[Ms, PlainValidator(duration), _schema(_DURATION.replace("-?", ""), "90s")]
SignedDuration: TypeAlias = Annotated[Ms, PlainValidator(signed_duration), _schema(_DURATION, "-30s")]
PercentText: TypeAlias = Annotated[Percent, PlainValidator(percent), _schema(_PERCENT, "45%")]
BrightnessText: TypeAlias = Annotated[Percent, PlainValidator(brightness), _schema(_PERCENT, "45%")]
KelvinText: TypeAlias = Annotated[Temperature, PlainValidator(kelvin), _schema(r"^\d+(\.\d+)?\s*[Kk]$", "2700K")]
ColourText: TypeAlias = Annotated[Rgb, PlainValidator(colour), _schema(r"^#[0-9a-fA-F]{6}$", "#ff9a3c")]
Template: TypeAlias = Annotated[str, PlainValidator(template), _schema(_TEMPLATE, "{{ soak }}")]
Length: TypeAlias = Annotated[Ms | str, PlainValidator(length), _schema(_MAYBE_TEMPLATE, "90s")]
Offset: TypeAlias = Annotated[Ms | Share | str, PlainValidator(offset), _schema(f"{_MAYBE_TEMPLATE}|{_PERCENT}", "50%")]
FadeTime: TypeAlias = Annotated[
    Ms | Share | str, PlainValidator(fade_time), _schema(f"{_MAYBE_TEMPLATE}|{_PERCENT}".replace("-?", ""), "40s")
]
Times: TypeAlias = Annotated[int | str, PlainValidator(times), WithJsonSchema(_TIMES_SCHEMA)]
Pace: TypeAlias = Annotated[float | str, PlainValidator(pace), WithJsonSchema(_PACE_SCHEMA)]
Text: TypeAlias = Annotated[str | dict[str, str], PlainValidator(text), WithJsonSchema(_TEXT_SCHEMA)]
Expression: TypeAlias = Annotated[str, PlainValidator(expression), WithJsonSchema({"type": "string"})]
DeviceName: TypeAlias = Annotated[str, StringConstraints(pattern=DEVICE_NAME, max_length=64)]
"""A name of a device, a signal, a trigger."""
TopicBase: TypeAlias = Annotated[str, StringConstraints(pattern=TOPIC_BASE, max_length=100)]
"""What all topics of something begin with."""
Name: TypeAlias = Annotated[str, StringConstraints(pattern=NAME, max_length=64)]
"""A name that templates can use: parameters, roles, looks, phrases."""
Identifier: TypeAlias = Annotated[str, StringConstraints(pattern=IDENTIFIER, max_length=64)]
"""A name in addresses: scenes, steps, rooms."""
Language: TypeAlias = Annotated[str, StringConstraints(pattern=LANGUAGE)]
