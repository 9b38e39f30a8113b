"""No circle of imports between files, whoever hides it: under TYPE_CHECKING, or in a function."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import orchestrator

ROOT = Path(orchestrator.__file__).parent
Graph = Mapping[str, set[str]]


def modules() -> dict[str, Path]:
    """Every module by its name; a package by its own."""
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = ("orchestrator", *path.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.Module, known: Mapping[str, object]) -> Iterator[str]:
    """The modules that a file names, wherever it does. `from package import module` is that module, not its package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                if module in known:
                    yield module
                elif node.module is not None and node.module in known:
                    yield node.module


def graph() -> Graph:
    found = modules()
    return {name: set(imported(ast.parse(path.read_text()), found)) - {name} for name, path in found.items()}


def circles(edges: Graph) -> list[set[str]]:
    """The modules that can reach each other, as sets: strong components (Tarjan 1972), without recursion."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []
    for start in edges:
        if start in number:
            continue
        work = [(start, iter(sorted(edges[start])))]
        number[start] = low[start] = len(number)
        stack.append(start)
        while work:
            name, coming = work[-1]
            following = next(coming, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[name])
                if low[name] == number[name]:
                    at = stack.index(name)
                    component, stack = set(stack[at:]), stack[:at]
                    if len(component) > 1:
                        found.append(component)
            elif following not in number:
                number[following] = low[following] = len(number)
                stack.append(following)
                work.append((following, iter(sorted(edges.get(following, set())))))
            elif following in stack:
                low[name] = min(low[name], number[following])
    return found


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert circles(graph()) == []


def test_a_circle_would_be_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": set()}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == [{"a", "b", "c"}]
    assert circles({"a": {"b"}, "b": set(), "c": {"d", "a"}, "d": {"c"}}) == [{"c", "d"}]


def test_an_import_is_found_wherever_it_hides() -> None:
    text = """
import x.top
from x import part
from x.other import Name
if TYPE_CHECKING:
    from x.typed import Name
def later():
    from x.inside import name
"""
    known = dict.fromkeys(["x", "x.top", "x.part", "x.other", "x.typed", "x.inside"])
    assert set(imported(ast.parse(text), known)) == set(known) - {"x"}
