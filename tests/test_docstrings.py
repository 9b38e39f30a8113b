"""Docstrings are contracts: whatever a public function raises by itself is said in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from orchestrator.cli.app import app

HOUSE = Path(__file__).parents[1] / "orchestrator"


def silent(source: str) -> list[str]:
    """The public functions that raise something and do not say so."""
    return [
        function.name
        for function in public(ast.parse(source))
        if any(True for _ in raises(function)) and "aises" not in (ast.get_docstring(function) or "")
    ]


def public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def raises(node: ast.AST) -> Iterator[ast.Raise]:
    """What it raises itself; `raise` alone passes on what somebody else says."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise) and child.exc is not None:
            yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from raises(child)


def shown_as_help(group: typer.Typer) -> Iterator[tuple[str, str]]:
    """The functions whose docstrings people read as `--help`: what they raise is none of it. Module and name."""
    for known in (*group.registered_commands, group.registered_callback):
        if known is not None and known.callback is not None:
            yield known.callback.__module__, known.callback.__name__
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from shown_as_help(inner.typer_instance)


HELP = set(shown_as_help(app))


@pytest.mark.parametrize("file", [pytest.param(path, id=str(path.relative_to(HOUSE))) for path in HOUSE.rglob("*.py")])
def test_a_public_function_says_what_it_raises(file: Path) -> None:
    module = ".".join(file.relative_to(HOUSE.parent).with_suffix("").parts)
    assert [name for name in silent(file.read_text(encoding="utf-8")) if (module, name) not in HELP] == []


def test_a_function_that_keeps_it_to_itself_is_found() -> None:
    assert silent("def f():\n    '''Do it.'''\n    raise ValueError('no')\n") == ["f"]
    assert silent("def f():\n    '''Do it. Raises ValueError.'''\n    raise ValueError('no')\n") == []
    assert silent("class C:\n    def f(self):\n        if self.x:\n            raise KeyError\n") == ["f"]
