"""Jinja in its sandbox, for the dialect that people write themselves. Imported only where a home has such a device."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
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

LONGEST: Final = 400
"""Characters of a template of somebody else's."""
_LOOKED_UP: Final = (
    *(nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice),
    *(nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword),
    *(nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test),
    *(nodes.Add, nodes.Sub, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Mul, nodes.Neg, nodes.Filter, nodes.Call),
)
"""What reads, chooses and reckons. No loop, no assignment, no power, no macro."""
_FILTERS: Final = frozenset(
    (
        *("int", "float", "round", "abs", "default", "d", "lower", "upper", "trim", "join", "first", "last", "bool"),
        *("format", "string", "to_json", "tojson", "from_json", "iif", "multiply", "add"),
    )
)
_NUMBERS: Final = frozenset({"int", "float", "round", "abs", "multiply"})
_FORMAT: Final = re.compile(r"([^%]|%%|%0?\d?(\.\d)?[dxXfs])*")


class PayloadTemplate:
    """A payload with holes. Raises ValueError, with a sentence, for what is no template."""

    def __init__(self, source: str) -> None:
        self._source = source
        try:
            self.names = frozenset(meta.find_undeclared_variables(_JINJA.parse(source)))
            self._template = _JINJA.from_string(source)
        except TemplateSyntaxError as error:
            raise ValueError(f"not a Jinja template: {error.message}{_hint(str(error.message))}") from None

    @property
    def is_harmless(self) -> bool:
        """Whether it does no more than look up and reckon, with little: then one of somebody unknown may be run."""
        return len(self._source) <= LONGEST and all(_is_harmless(node) for node in _JINJA.parse(self._source).body)

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


def _is_harmless(node: nodes.Node) -> bool:
    match node:
        case nodes.Mul(left=nodes.Name(), right=nodes.Const(value=int() | float() as times)):
            is_small = 0 <= times <= 100
        case nodes.Mul(left=left, right=right):
            is_small = _is_number(left) and _is_number(right)  # a text times a number is as long as one likes
        case (
            nodes.Mod(left=nodes.Const(value=str() as text))
            | nodes.Filter(name="format", node=nodes.Const(value=str() as text))
        ):
            is_small = _FORMAT.fullmatch(text) is not None
        case nodes.Mod(left=left):
            is_small = _is_number(left)
        case nodes.Filter(name=name):
            is_small = name in _FILTERS and name != "format"
        case nodes.Call(node=nodes.Getattr(attr="split")):
            is_small = True
        case _:
            is_small = isinstance(node, _LOOKED_UP) and not isinstance(node, nodes.Call)
    return is_small and all(_is_harmless(child) for child in node.iter_child_nodes())


def _is_number(node: nodes.Node) -> bool:
    match node:
        case nodes.Const(value=value):
            return isinstance(value, int | float) and abs(value) < 1e9
        case nodes.Filter(name=name):
            return name in _NUMBERS
        case nodes.Div() | nodes.FloorDiv() | nodes.Sub() | nodes.Neg():
            return True
        case nodes.Add(left=left, right=right) | nodes.Mul(left=left, right=right):
            return _is_number(left) and _is_number(right)
    return False


def _hint(message: str) -> str:
    """Which filter or test was probably meant."""
    match = re.fullmatch(r"No (filter|test) named '(.+)'\.", message)
    if match is None:
        return ""
    known = _JINJA.filters if match[1] == "filter" else _JINJA.tests
    guess = nearest(match[2], known)
    return f" Did you mean `{guess}`?" if guess else " Home Assistant may have it; Jinja alone has not"
