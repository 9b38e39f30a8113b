"""Which tests reach a line, the quickest first: from one run of all that counted, test by test, what each reached."""

import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

LONGEST = 45.0
"""Seconds that the tests of one mutant took together while they were counted. Slower ones are not picked."""


class PickedTests:
    """Of a file of coverage.py with contexts and branches, and the durations that pytest wrote."""

    def __init__(self, reached: Path, durations: Path) -> None:
        self._reached = reached
        self._found: dict[str, dict[str, set[int]]] = {}
        self._takes = {_name(case): float(case.get("time", 0)) for case in ET.parse(durations).iter("testcase")}

    def of(self, path: str, lines: Iterable[int]) -> list[str]:
        """The names of tests that reach any of these lines; where none does, as in a table, any of the file."""
        if path not in self._found:
            self._found[path] = self._contexts(path)
        found = self._found[path]
        wanted = set(lines)
        names = {name for name, reached in found.items() if reached & wanted} or set(found)
        picked, total = [], 0.0
        for name in sorted(names, key=lambda each: self._takes.get(each, 1.0)):
            total += self._takes.get(name, 1.0)
            if total > LONGEST:
                break
            picked.append(name)
        return picked

    def _contexts(self, path: str) -> dict[str, set[int]]:
        query = (
            "SELECT DISTINCT context.context, abs(arc.fromno), abs(arc.tono) FROM arc JOIN file ON file.id = file_id"
            " JOIN context ON context.id = context_id WHERE file.path LIKE ?"
        )
        found: dict[str, set[int]] = {}
        with closing(sqlite3.connect(self._reached)) as connection:
            for context, *lines in connection.execute(query, (f"%/{path}",)):
                name = context.partition("|")[0]
                if name:
                    found.setdefault(name, set()).update(lines)
        return found


def _name(case: ET.Element) -> str:
    """As pytest takes it on its command line."""
    return f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '')}"
