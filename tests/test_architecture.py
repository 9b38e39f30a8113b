"""What docs/architecture.md says of the code is so: its rooms, its names, its glossary; no name of before is back."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.test_names import defined as names_of

HERE = Path(__file__).parents[1]
HOUSE = HERE / "orchestrator"
TEXT = (HERE / "docs/architecture.md").read_text(encoding="utf-8")

KEPT_WORDS = """
    announcement casting chapter conductor cue debt device dialect ducking fade home journal landing look override
    parameter playhead role scene session snapshot stage step timeline track trigger twin wait wish
"""
"""The words of the design. Each means one thing, here and in code."""

RETIRED = {
    "actor": "staged device",
    "aside": "announcement",
    "breaks": "interruptions",
    "desk": "request handler",
    "ear": "intent handler",
    "gesture": "mapped press",
    "gestures": "button mapping",
    "grip": "ownership",
    "grips": "ownership",
    "holders": "reservations",
    "household": "service runner",
    "interlude": "pausing",
    "measures": "room scale",
    "mouth": "announcer",
    "onset": "edge detector",
    "onsets": "edge detection",
    "opening": "session starter",
    "panel": "display publisher",
    "performance": "session runner",
    "recollection": "recovery",
    "remembrance": "queries of the journal",
    "repertoire": "music lookup",
    "revival": "recovery",
    "shelf": "scene repository",
    "steward": "scheduler",
    "surroundings": "event sources",
    "vigil": "suspend detector",
    "whereabouts": "daemon address",
}
"""What modules and classes were called before they got the field's terms, and what they are called now."""
RETIRED_MODULES = RETIRED.keys() | {
    "almanac",
    "chosen",
    "faces",
    "ledger",
    "obedience",
    "parts",
    "past",
    "shown",
    "standing",
    "standings",
}

_ROOM = re.compile(r"^\| (\d+) \| `([\w/.]+)` \|", re.MULTILINE)
_TERM = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \|$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_CLASS = re.compile(r"[A-Z]\w*[a-z]\w*")


def without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


PROSE = without_fences(TEXT)


# The rooms


def test_the_table_of_rooms_is_the_house() -> None:
    """Each room once, on the floor that the layers give it, from the bottom up."""
    table = [(int(floor), room) for floor, room in _ROOM.findall(TEXT)]
    assert sorted(table) == sorted(rooms())
    assert [floor for floor, _ in table] == sorted(floor for floor, _ in table)


def rooms() -> list[tuple[int, str]]:
    there = {f"{path.parent.name}/" for path in HOUSE.glob("*/__init__.py")}
    there |= {path.name for path in HOUSE.glob("*.py") if not path.name.startswith("__")}
    found, floor = [], 0
    for layer in reversed(layers()):
        names = [name for name in re.findall(r"orchestrator\.(\w+)", layer) if {f"{name}/", f"{name}.py"} & there]
        floor += bool(names)
        found += [(floor, f"{name}/" if f"{name}/" in there else f"{name}.py") for name in names]
    assert {room for _, room in found} == there, "a room that has no layer in pyproject.toml"
    return found


def layers() -> list[str]:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layered,) = [contract for contract in contracts if contract["type"] == "layers"]
    return list(layered["layers"])


# Names


def test_what_the_architecture_names_is_there() -> None:
    """Files, folders, functions (`name()`) and classes, wherever they are mentioned."""
    assert missing(PROSE) == []


def test_what_is_not_there_would_be_found() -> None:
    false = ["daemon/steward.py", "tests/no_such", "scenes/no_such/", "Stage.mumble()", "StagedLamp"]
    true = ["stage.py", "tests/golden", "journal/", "plan()", "Stage", "a word"]
    assert missing(" ".join(f"`{code}`" for code in (*false, *true))) == false


def missing(text: str) -> list[str]:
    return [code for code in dict.fromkeys(_CODE.findall(text)) if not is_there(code)]


def is_there(code: str) -> bool:
    """Of what is no name of ours nobody knows: that is there."""
    if re.fullmatch(r"[\w./]+\.(py|toml|md)", code):
        return found(code)
    if re.fullmatch(r"[\w./]+/|(tests|docs)/\w+", code):
        return any((root / code).is_dir() for root in (HERE, HOUSE))
    if called := re.fullmatch(r"(?:\w+\.)*(\w+)\([\w, ]*\)", code):
        return called[1] in functions()
    return not _CLASS.fullmatch(code) or any(code in names for names in defined().values())


def found(file: str) -> bool:
    """A file by its path from the top or in the house; by its name alone anywhere in the house or the tests."""
    if "/" in file:
        return any((root / file).is_file() for root in (HERE, HOUSE))
    return (HERE / file).is_file() or any(any(root.rglob(file)) for root in (HOUSE, HERE / "tests"))


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(HOUSE.rglob("*.py"))}


@cache
def defined() -> dict[Path, frozenset[str]]:
    """By file, what is defined at its top: classes, functions, aliases, constants."""
    return {path: frozenset(name for each in tree.body for name in names_of(each)) for path, tree in trees().items()}


@cache
def functions() -> frozenset[str]:
    nodes = (node for tree in trees().values() for node in ast.walk(tree))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


# The glossary


def terms() -> list[tuple[str, str, str]]:
    return _TERM.findall(TEXT[TEXT.index("\n## Glossary\n") :])


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    words = [word for word, _, _ in terms()]
    assert words
    assert words == sorted(set(words), key=str.lower)


def test_the_glossary_has_every_word_of_the_design() -> None:
    assert sorted(set(KEPT_WORDS.split()) - {word for word, _, _ in terms()}) == []


@pytest.mark.parametrize(("word", "where"), [(word, where) for word, _, where in terms()])
def test_each_word_is_where_the_glossary_says(word: str, where: str) -> None:
    """`Name`, `Other`: `path.py`; each name is defined at the top of the file, or of one in the folder, behind it."""
    for part in where.split("; "):
        *named, path = _CODE.findall(part)
        place = HERE / path if path == "orchestrator/" else HOUSE / path
        assert place.is_dir() if path.endswith("/") else place.is_file(), f"{word}: no {path}"
        files = [place] if place.is_file() else [file for file in defined() if file.is_relative_to(place)]
        here = frozenset().union(*(defined()[file] for file in files))
        assert [name for name in named if name not in here] == [], f"{word}: not in {path}"


# Names of before


def test_no_module_and_no_class_has_a_name_of_before() -> None:
    assert [path for path in trees() if path.stem in RETIRED_MODULES] == []
    assert [(name, path) for name, path in classes() if name.strip("_").lower() in RETIRED] == []


@pytest.mark.parametrize("document", sorted((HERE / "docs").rglob("*.md")), ids=lambda path: path.stem)
def test_no_document_names_what_is_no_more(document: Path) -> None:
    """As a module (`ear.py`), or as a class (`Ear`, `Ear.heard`)."""
    code = _CODE.findall(without_fences(document.read_text(encoding="utf-8")))
    files, names = "|".join(RETIRED_MODULES), "|".join(name.title() for name in RETIRED)
    assert [each for each in code if re.fullmatch(rf"(.*/)?({files})\.py|({names})(\..*)?", each)] == []


def classes() -> Iterator[tuple[str, Path]]:
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                yield node.name, path


# The snippet


def test_the_snippet_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (snippet,) = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    exec(compile(snippet, "architecture.md", "exec"), {})
    assert "role='main'" in capsys.readouterr().out
