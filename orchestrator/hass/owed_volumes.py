"""How loud players are to be again that only speak: in a file, so that a kill of relax leaves none that loud.

Such a player is no player of a room, so the journal has no debt of it.
"""

import json
import logging
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.devices.wire import number

logger = logging.getLogger(__name__)


class OwedVolume(NamedTuple):
    """0 to 1: how loud it was, and how loud it was told to be for its words."""

    before: float
    told: float


class OwedVolumes:
    """By entity. Without a file nothing outlives us. What cannot be read is nothing owed."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._owed = _read(file)

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(self._owed)

    def of(self, entity: str) -> OwedVolume | None:
        return self._owed.get(entity)

    def put(self, entity: str, owed: OwedVolume | None) -> None:
        """In the file when this returns, before anybody is turned; None: nothing is owed any more."""
        if self._owed.get(entity) == owed:
            return
        if owed is None:
            self._owed.pop(entity)
        else:
            self._owed[entity] = owed
        if self._file is not None:
            _write(self._file, self._owed)


def _read(file: Path | None) -> dict[str, OwedVolume]:
    try:
        said = json.loads(file.read_text(encoding="utf-8")) if file is not None else {}
    except (OSError, ValueError):
        return {}
    pairs = {entity: _pair(each) for entity, each in said.items()} if isinstance(said, dict) else {}
    return {entity: pair for entity, pair in pairs.items() if pair is not None}


def _pair(said: Any) -> OwedVolume | None:
    before, told = (number(each) for each in said) if isinstance(said, list) and len(said) == 2 else (None, None)
    return OwedVolume(before, told) if before is not None and told is not None else None


def _write(file: Path, owed: dict[str, OwedVolume]) -> None:
    """Whole or not at all: beside it first, and then in its place."""
    beside = file.with_suffix(".new")
    try:
        if not owed:
            file.unlink(missing_ok=True)
            return
        beside.write_text(json.dumps(owed), encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        logger.warning("How loud a voice is to be again cannot be kept in %s: %s.", file, error.strerror)
