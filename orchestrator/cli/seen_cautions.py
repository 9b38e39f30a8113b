"""Which cautions were shown whole in a home: kept in the state folder, so that nobody reads one list each evening."""

import json
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

FILE = "cautions.json"


class SeenCautions:
    """Of the homes of one state folder. What cannot be read or kept counts as never shown."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def has_all(self, home: str, scene: str, texts: Iterable[str]) -> bool:
        """Whether each of these was shown there already, word for word."""
        return {_mark(text) for text in texts} <= self._marks(home, scene)

    def note(self, home: str, scene: str, texts: Iterable[str]) -> None:
        """They have been shown there."""
        marks = self._marks(home, scene) | {_mark(text) for text in texts}
        everything = self._read()
        everything[f"{home}/{scene}"] = sorted(marks)
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(everything, indent=1), encoding="utf-8")

    def _marks(self, home: str, scene: str) -> set[str]:
        found = self._read().get(f"{home}/{scene}")
        return {str(mark) for mark in found} if isinstance(found, list) else set()

    def _read(self) -> dict[str, object]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
