"""Jinja in its sandbox, for the dialect that people write themselves. Imported only where a home has such a device."""

import json
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

_JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


class PayloadTemplate:
    """A payload with holes. Raises ValueError, with a sentence, for what is no template."""

    def __init__(self, source: str) -> None:
        try:
            self.names = frozenset(meta.find_undeclared_variables(_JINJA.parse(source)))
            self._template = _JINJA.from_string(source)
        except TemplateSyntaxError as error:
            raise ValueError(f"not a Jinja template: {error.message}") from None

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
