"""Every small mistake that could be made in a file, one at a time: pure, from text to text.

The usual operators of mutation testing, as in mutmut and cosmic-ray, and a statement left out.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
}


class Mutant(NamedTuple):
    """A file with one mistake in it; lines count from 1. `was` and `now` are the piece of code."""

    path: str
    line: int
    last: int
    was: str
    now: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_short(self.was)} -> {_short(self.now)}"


def mutants(path: str, text: str) -> list[Mutant]:
    """All of a file, in its order. Types, docstrings, messages and what is only logged are left alone."""
    pairs: list[tuple[ast.AST, ast.AST]] = []
    for node in _looked_into(ast.parse(text)):
        pairs += [(node, now) for now in _mistakes(node)]
        pairs += [(test, ast.UnaryOp(ast.Not(), test)) for test in _conditions(node)]
    return [mutant for node, now in pairs if (mutant := _made(path, text, node, now)) is not None]


def _looked_into(tree: ast.AST) -> Iterator[ast.AST]:
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if not isinstance(node, ast.AST) or _is_left_alone(node):
                continue
            yield node
            yield from _looked_into(node)


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Assert() | ast.JoinedStr() | ast.Raise() | ast.Import() | ast.ImportFrom() | ast.Slice():
            return True
        case ast.Expr(ast.Constant()):
            return True
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("logger")))):
            return True
        case ast.Assign([ast.Name(name)]):
            return name == "logger"
        case ast.AnnAssign(simple=1):
            return node.value is None
        case _:
            return False


def _mistakes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, [op], right):
            yield from (ast.Compare(left, [other()], right) for other in _COMPARED[type(op)])
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.BinOp(left, op, right) if type(op) in _RECKONED:
            yield ast.BinOp(left, _RECKONED[type(op)](), right)
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Assign([ast.Attribute() | ast.Subscript()]) | ast.Delete():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case _:
            pass


def _conditions(node: ast.AST) -> Iterator[ast.expr]:
    """What a node asks, where no other operator makes the opposite of it."""
    match node:
        case ast.If(test) | ast.While(test) | ast.IfExp(test) | ast.comprehension(ifs=[test, *_]):
            if not isinstance(test, ast.Compare | ast.UnaryOp):
                yield test
        case _:
            pass


def _made(path: str, text: str, node: ast.AST, now: ast.AST) -> Mutant | None:
    if not isinstance(node, ast.expr | ast.stmt):
        return None
    was = ast.get_source_segment(text, node)
    if was is None:
        return None
    mistake = ast.unparse(now)
    if isinstance(now, ast.expr) and not isinstance(now, ast.Constant):
        mistake = f"({mistake})"
    lines = text.splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    head = lines[first].encode()[: node.col_offset].decode()
    tail = lines[last].encode()[node.end_col_offset :].decode()
    padding = "\n" * (last - first - mistake.count("\n"))  # so that lines stay where they are
    made = "".join([*lines[:first], head, mistake, tail.rstrip("\n"), padding, "\n", *lines[last + 1 :]])
    try:
        compile(made, path, "exec")
    except SyntaxError:
        return None
    return Mutant(path, first + 1, last + 1, was, mistake, made)


def _short(code: str) -> str:
    return " ".join(code.split())[:90]
