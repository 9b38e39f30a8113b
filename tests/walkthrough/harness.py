"""CONTRIBUTING.md, followed to the letter in a copy of the tree: what it lists, and nothing else, is written there."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]
_LEFT_AT_HOME = shutil.ignore_patterns(".*", "__pycache__", "*.pyc", "walkthrough", "benchmarks", "system")
_BY_THE_WAY = {"__pycache__", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache"}
_WITHIN = 600
"""Seconds that only a hang meets."""

Edit: TypeAlias = Callable[[str], str]
"""What a file says before ("" where it is new), to what it says after."""


def listed(what: str, **names: str) -> list[str]:
    """The files that CONTRIBUTING.md lists for adding something, with `<name>` and its like filled in."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)
    (section,) = [each for each in sections if each.splitlines()[0] == f"Add a {what}"]
    files = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    return [re.sub(r"<(\w+)>", lambda found: names.get(found[1], found[0]), file) for file in files]


class Copy:
    """The tree without what is not needed to run the checks. Make it once, and `use` it with some of the edits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "relax"
        shutil.copytree(ROOT, self.folder, ignore=_LEFT_AT_HOME)
        self._before = self._files()

    def write(self, edits: Mapping[str, Edit], *, without: str | None = None) -> None:
        """Bring the copy to where all edits, but the one that is left out, are made and nothing else."""
        for file in edits:
            original = ROOT / file
            if original.exists():
                shutil.copyfile(original, self.folder / file)
            else:
                (self.folder / file).unlink(missing_ok=True)
        for file, edit in edits.items():
            if file != without:
                path = self.folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(edit(path.read_text(encoding="utf-8") if path.exists() else ""), encoding="utf-8")

    def changed(self) -> set[str]:
        """The files that are not as they were, new ones included."""
        after = self._files()
        return {file for file in self._before.keys() | after.keys() if self._before.get(file) != after.get(file)}

    def python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A module of Python, in the copy: what it imports of ours is the copy's."""
        return self._run(sys.executable, "-m", *arguments)

    def relax(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self.python("orchestrator", *arguments)

    def tests(self, *files: str, named: str) -> "subprocess.CompletedProcess[str]":
        """The tests of some files whose names have some words."""
        return self.python("pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", named, *files)

    def checked(self, *files: str) -> list["subprocess.CompletedProcess[str]"]:
        """Format, lint and types of files, as `make check` looks at them, and the layers."""
        sources = [file for file in files if file.endswith(".py")]
        return [
            self.python("ruff", "format", "--check", "--no-cache", *sources),
            self.python("ruff", "check", "--no-cache", *sources),
            self.types(*sources),
            self._run(str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"),
        ]

    def types(self, *files: str) -> "subprocess.CompletedProcess[str]":
        return self.python("mypy", *files)

    def _run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
        environment = {**inherited, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "120"}
        environment |= {"RELAX_DEBUG": "1", "PYTEST_ADDOPTS": ""}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_WITHIN,
            check=False,
        )

    def _files(self) -> dict[str, str]:
        found = {}
        for folder, below, names in os.walk(self.folder):
            below[:] = [name for name in below if name not in _BY_THE_WAY]
            for name in names:
                path = Path(folder, name)
                found[str(path.relative_to(self.folder))] = hashlib.md5(path.read_bytes()).hexdigest()
        return found


def after(anchor: str, added: str) -> Edit:
    """Put something in behind a text that is there once."""
    return lambda text: _once(text, anchor, f"{anchor}{added}")


def before(anchor: str, added: str) -> Edit:
    """Put something in before a text that is there once."""
    return lambda text: _once(text, anchor, f"{added}{anchor}")


def both(*edits: Edit) -> Edit:
    """One after the other."""

    def edited(text: str) -> str:
        for edit in edits:
            text = edit(text)
        return text

    return edited


def new(content: str) -> Edit:
    """A file that is not there yet."""

    def written(text: str) -> str:
        assert not text
        return content

    return written


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """What a check said, for a test that fails."""
    return f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def passes(*checks: "subprocess.CompletedProcess[str]") -> None:
    for done in checks:
        assert done.returncode == 0, said(done)


def fails(check: "subprocess.CompletedProcess[str]", because_of: str) -> None:
    """A test failed, or could not be read, and it speaks of what was left out; not that there was no test."""
    assert check.returncode in (1, 2), said(check)
    assert because_of in check.stdout + check.stderr, said(check)


def _once(text: str, old: str, now: str) -> str:
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, now)
