"""A name means one thing, so that whoever searches for it finds the one thing that it means."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "orchestrator"

COMMANDS = {
    "add": "`relax home add`, `relax schedules add`",
    "broker": "`relax broker`",
    "check": "`relax scenes check`, `relax home check`",
    "history": "`relax history`",
    "plan": "`relax plan`",
    "run": "`relax run`, `relax schedules run`",
    "schedules": "`relax schedules`",
    "show": "`relax devices show`, `relax scenes show`",
    "schema": "`relax scenes schema`, `relax home schema`",
    "status": "`relax status`",
    "trace": "`relax trace`",
    "why": "`relax why`",
}
"""A function that is a command is named as people type it, and what it calls may be named so as well."""
KNOWN_NAMES = COMMANDS | {
    "main": "where a program begins",
}


SPEAKERS_OWN = {
    "Voice": "what makes sound of words, in the process of the speaker: session/ has the voice as a session sees it",
    "Spoken": "the sound of words, there: session/ has the report that they are over",
}
"""Names that speaker/voices has as well: a process of its own, which may not import session/, nor be imported by it."""


def test_a_class_is_the_only_one_of_its_name() -> None:
    assert twice(classes()).keys() - SPEAKERS_OWN.keys() == set()


def test_a_name_of_the_command_line_is_nothing_else_anywhere() -> None:
    """Functions, aliases and constants of cli/: a name that the house has already needs another there."""
    ours = {name: places for name, places in twice(names()).items() if any(is_cli(place) for place in places)}
    assert {name: places for name, places in ours.items() if name not in KNOWN_NAMES} == {}


def test_two_of_one_name_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("class Lamp:\n    pass\n")
    (tmp_path / "other.py").write_text("Lamp: int = 3\n\n\nclass Lamp:\n    pass\n")
    assert twice(classes(tmp_path)) == {"Lamp": [tmp_path / "one.py", tmp_path / "other.py"]}
    assert set(twice(names(tmp_path))) == {"Lamp"}


def is_cli(path: Path) -> bool:
    return path.is_relative_to(PACKAGE / "cli")


def twice(found: Iterator[tuple[str, Path]]) -> dict[str, list[Path]]:
    """The names that stand in several files, and in which."""
    places: defaultdict[str, set[Path]] = defaultdict(set)
    for name, path in found:
        places[name].add(path)
    return {name: sorted(paths) for name, paths in places.items() if len(paths) > 1}


def statements(folder: Path) -> Iterator[tuple[ast.stmt, Path]]:
    for path in folder.rglob("*.py"):
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            yield statement, path


def classes(folder: Path = PACKAGE) -> Iterator[tuple[str, Path]]:
    """The public classes at the top of each module."""
    for statement, path in statements(folder):
        if isinstance(statement, ast.ClassDef) and not statement.name.startswith("_"):
            yield statement.name, path


def names(folder: Path = PACKAGE) -> Iterator[tuple[str, Path]]:
    """All public names at the top of each module, but for those that are imported."""
    for statement, path in statements(folder):
        for name in defined(statement):
            if not name.startswith("_"):
                yield name, path


def defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            return []
