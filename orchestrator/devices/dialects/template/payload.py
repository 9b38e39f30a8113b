"""Jinja in its sandbox, for the dialect that people write themselves. Imported only where a home has such a device."""

import json
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from orchestrator.documents.faults import nearest

_JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _either(value: Any, if_true: Any = True, if_false: Any = False) -> Any:
    return if_true if value else if_false


_JINJA.filters.update(
    to_json=_json,
    from_json=json.loads,
    iif=_either,
    bool=lambda value: str(value).strip().lower() in ("true", "on", "yes", "1"),
    multiply=lambda value, by: float(value) * by,
    add=lambda value, more: float(value) + more,
)
"""What templates that were written for Home Assistant use most, as it has them."""


class PayloadTemplate:
    """A payload with holes. Raises ValueError, with a sentence, for what is no template."""

    def __init__(self, source: str) -> None:
        try:
            self.names = frozenset(meta.find_undeclared_variables(_JINJA.parse(source)))
            self._template = _JINJA.from_string(source)
        except TemplateSyntaxError as error:
            raise ValueError(f"not a Jinja template: {error.message}{_hint(str(error.message))}") from None

    def rendered(self, values: Mapping[str, Any]) -> str | None:
        """The text with its holes filled; None where the values do not fit the template. Never raises."""
        try:
            return self._template.render(values).strip()
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
            return None

    def read(self, payload: str) -> str | None:
        """What the template makes of a payload that came in; None where it does not fit. Never raises."""
        try:
            value_json = json.loads(payload)
        except (ValueError, RecursionError):
            value_json = None
        return self.rendered({"value": payload, "value_json": value_json})


def _hint(message: str) -> str:
    """Which filter or test was probably meant."""
    match = re.fullmatch(r"No (filter|test) named '(.+)'\.", message)
    if match is None:
        return ""
    known = _JINJA.filters if match[1] == "filter" else _JINJA.tests
    guess = nearest(match[2], known)
    return f" Did you mean `{guess}`?" if guess else " Home Assistant may have it; Jinja alone has not"
