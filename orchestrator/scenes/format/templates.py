"""Jinja in a cage: what `when`, `in` and `{{ … }}` may say, compiled once. The only place that knows jinja2.

A template computes words and lengths from parameters; it never loops, assigns, calls or includes. So the cage is an
allowlist of syntax, checked before anything is compiled: what is not on it cannot run, and no template can grow.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from orchestrator.documents.plain_text import printable
from orchestrator.languages.library import spoken
from orchestrator.scenes.format.duration import TemplateDuration

LONGEST_SOURCE = 4000
LONGEST_OUTPUT = 4000
LONGEST_RANGE = 500
CONSTANTS = frozenset({"true", "false", "none", "True", "False", "None"})

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If,
    nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.CondExpr,
    nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos, nodes.Concat,
    nodes.Filter, nodes.Test, nodes.Call, nodes.Keyword,
)  # fmt: skip
_FILTERS = ("spoken", "int", "float", "round", "abs", "lower", "upper", "capitalize", "trim", "length", "first", "last")
_JINJAS_OWN = frozenset({"self", "caller", "varargs", "kwargs"})
_TESTS = ("odd", "even", "divisibleby", "none", "number", "string", "in")


class BadTemplate(Exception):
    """A template that cannot be read, or that cannot be rendered with these values. `str()` says why."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Only numbers and lengths are multiplied and divided: `'a' * 1000000000` is no text."""

    intercepted_binops = frozenset({"*", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if not all(isinstance(value, int | float | TemplateDuration | Undefined) for value in (left, right)):
            raise TypeError(f"only numbers and lengths go with {operator}")
        return super().call_binop(context, operator, left, right)


@pass_context
def _spoken(context: Context, value: object) -> str:
    """A length in the session's language."""
    if not isinstance(value, TemplateDuration):
        raise TypeError(f"`spoken` says lengths, not {value!r}")
    return spoken(value.ms, str(context.get("language", "en")))


def _range(*bounds: int) -> list[int]:
    """Python's range as a list, LONGEST_RANGE at most."""
    values = range(*(int(bound) for bound in bounds))
    if len(values) > LONGEST_RANGE:
        raise ValueError(f"a range of {len(values)} is too long; {LONGEST_RANGE} is the most")
    return list(values)


def _output(value: Any) -> Any:
    """What is printed of a value: 1.0 as 1, nothing for none, no undefined."""
    if value is None:
        return ""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _environment() -> _Sandbox:
    cage = _Sandbox(undefined=StrictUndefined, finalize=_output, autoescape=False, cache_size=0)
    cage.globals = {"range": _range}
    known = {**cage.filters, "spoken": _spoken}
    cage.filters = {name: known[name] for name in _FILTERS}
    cage.tests = {name: test for name, test in cage.tests.items() if name in _TESTS or not name[0].isalpha()}
    return cage


_cage = _environment()


def is_template(text: str) -> bool:
    """True where there is something to render."""
    return "{{" in text or "{%" in text or "{#" in text


def render(text: str, names: Mapping[str, object]) -> str:
    """The text with its templates filled in. Raises BadTemplate."""
    if not is_template(text):
        return text
    output = _run(_template(text), names)
    if len(output) > LONGEST_OUTPUT:
        raise BadTemplate(f"this becomes {len(output)} characters long; {LONGEST_OUTPUT} is the most")
    return str(output)


def evaluate(expression: str, names: Mapping[str, object]) -> object:
    """The value of an expression such as `giver == 'self'`, with or without braces. Raises BadTemplate."""
    return _run(_expression(expression), names)


@lru_cache(maxsize=4096)
def parsed(text: str) -> nodes.Template:
    """The syntax tree of a text. Raises BadTemplate for what is no template, or says what a scene's may not."""
    if len(text) > LONGEST_SOURCE:
        raise BadTemplate(f"a template of {len(text)} characters is too long; {LONGEST_SOURCE} is the most")
    try:
        tree = _cage.parse(text)
    except TemplateError as error:
        raise BadTemplate(_sentence(error)) from None
    except RecursionError:
        raise BadTemplate("there are too many brackets in brackets") from None
    for node in (tree, *tree.find_all(nodes.Node)):
        if reason := _forbidden(node):
            raise BadTemplate(reason)
    return tree


def parsed_expression(expression: str) -> nodes.Template:
    """The syntax tree of an expression. Raises BadTemplate."""
    return parsed("{{ (" + _bare(expression) + ") }}")


@lru_cache(maxsize=4096)
def mentioned(text: str) -> frozenset[str]:
    """The names that a text uses. Raises BadTemplate."""
    if not is_template(text):
        return frozenset()
    return frozenset(name.name for name in parsed(text).find_all(nodes.Name)) - CONSTANTS


def mentioned_in(expression: str) -> frozenset[str]:
    """The names that an expression uses, with or without braces. Raises BadTemplate."""
    return frozenset(name.name for name in parsed_expression(expression).find_all(nodes.Name)) - CONSTANTS


def _bare(expression: str) -> str:
    """Without the braces that people put around it."""
    inner = expression.strip()
    return inner[2:-2].strip() if inner.startswith("{{") and inner.endswith("}}") else inner


def _forbidden(node: nodes.Node) -> str | None:
    """Why a scene's template may not have this node; None where it may."""
    if not isinstance(node, _ALLOWED):
        return f"templates in scenes have no `{type(node).__name__.lower()}`; only values, `if` and comparisons"
    if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name == "range"):
        return "templates in scenes call nothing but range(…)"
    if isinstance(node, nodes.Call) and (node.dyn_args or node.dyn_kwargs or node.kwargs):
        return "range(…) takes numbers"
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and printable(node.value) != node.value:
        return "there is a character in a text that is no text; remove the escape (`\\x…`)"
    if isinstance(node, nodes.Filter) and node.name not in _cage.filters:
        return f"there is no filter `{node.name}`; these are: {', '.join(_FILTERS)}"
    if isinstance(node, nodes.Test) and node.name not in _cage.tests:
        return f"there is no test `{node.name}`; these are: {', '.join(_TESTS)}"
    if isinstance(node, nodes.Name) and node.name in _JINJAS_OWN:
        return f"`{node.name}` is not known here; a word stands in quotes: '{node.name}'"
    if isinstance(node, nodes.Getattr | nodes.Name) and _name(node).startswith("_"):
        return f"`{_name(node)}` is out of bounds"
    return None


def _name(node: nodes.Getattr | nodes.Name) -> str:
    return str(node.attr if isinstance(node, nodes.Getattr) else node.name)


@lru_cache(maxsize=4096)
def _template(text: str) -> Callable[[Mapping[str, object]], object]:
    parsed(text)
    try:
        return _cage.from_string(text).render
    except (TemplateError, SyntaxError, RecursionError) as error:
        raise BadTemplate(_sentence(error)) from None


@lru_cache(maxsize=4096)
def _expression(expression: str) -> Callable[[Mapping[str, object]], object]:
    parsed_expression(expression)
    try:
        return _cage.compile_expression(_bare(expression), undefined_to_none=False)
    except (TemplateError, SyntaxError, RecursionError) as error:
        raise BadTemplate(_sentence(error)) from None


def _run(template: Callable[[Mapping[str, object]], object], names: Mapping[str, object]) -> Any:
    try:
        value = template(names)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise BadTemplate(_sentence(error)) from None
    if isinstance(value, Undefined):
        raise BadTemplate(f"`{value._undefined_name}` is not known here")  # noqa: SLF001 - jinja's name for the name
    return value


def _sentence(error: BaseException) -> str:
    """What Jinja or Python said, on one line."""
    return " ".join(str(error).split()) or type(error).__name__


class Comparison(NamedTuple):
    """A name compared with a constant: `giver == 'self'`, `'left' in [foot]`."""

    name: str
    value: object


def comparisons(tree: nodes.Template) -> Iterator[Comparison]:
    """What a template compares names with, on either side, one by one and in lists."""
    for compare in tree.find_all(nodes.Compare):
        sides = [compare.expr, *(operand.expr for operand in compare.ops)]
        for operand, left, right in zip(compare.ops, sides, sides[1:], strict=False):
            if operand.op in ("eq", "ne"):
                yield from (*_compared(left, right), *_compared(right, left))
            elif operand.op in ("in", "notin") and isinstance(right, nodes.List | nodes.Tuple):
                yield from (found for item in right.items for found in _compared(left, item))


def turning_points(tree: nodes.Template) -> Iterator[Comparison]:
    """The figures and lengths that a template holds names against, whichever is on the left: where it may change."""
    for compare in tree.find_all(nodes.Compare):
        sides = [compare.expr, *(operand.expr for operand in compare.ops)]
        for left, right in pairwise(sides):
            yield from (*_compared(left, right), *_compared(right, left))


def constants(tree: nodes.Template, known: Mapping[str, frozenset[object] | None]) -> frozenset[object] | None:
    """What the lists in an expression can hold, where `known` says so of each name in them; None where it does not."""
    found: set[object] = set()
    lists = [node for node in tree.find_all(nodes.List) if not _is_compared(tree, node)]
    for item in (item for node in lists for item in node.items):
        values = frozenset({item.value}) if isinstance(item, nodes.Const) else _values(item, known)
        if values is None:
            return None
        found |= values
    return frozenset(found) if lists and not list(tree.find_all(nodes.Call)) else None


def _compared(one: nodes.Node, other: nodes.Node) -> tuple[Comparison, ...]:
    if isinstance(one, nodes.Name) and isinstance(other, nodes.Const):
        return (Comparison(one.name, other.value),)
    return ()


def _values(item: nodes.Node, known: Mapping[str, frozenset[object] | None]) -> frozenset[object] | None:
    return known.get(item.name) if isinstance(item, nodes.Name) else None


def _is_compared(tree: nodes.Template, node: nodes.List) -> bool:
    return any(operand.expr is node for operand in tree.find_all(nodes.Operand))
