"""Who may read a journal: its owner, and nobody else. When somebody lies down is nobody else's business.

SQLite gives its log and its index the permissions of the file that they belong to.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
_OTHERS = 0o077
_BESIDE = ("-wal", "-shm")


def make_private(file: Path) -> None:
    """Have the folder and an empty file there where they are missing, and tighten what there is (decision 42).

    A folder that has anything else in it is somebody else's as well, and stays as it is; its journal is tightened.
    Where the file system or the owner does not allow it, nothing happens: `exposed` tells. Raises OSError where there
    can be no such file.
    """
    folder = file.parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=FOLDER)
    if _is_for_the_journal_alone(file):
        _tighten(folder, FOLDER)
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE))
    for each in _files(file):
        _tighten(each, FILE)


def exposed(file: Path) -> Path | None:
    """The first file of a journal that others on this machine may read or write; None where none is.

    A folder that nobody else may enter hides what is in it.
    """
    with suppress(OSError):
        if file.parent.stat().st_mode & _OTHERS:
            return next((each for each in _files(file) if each.stat().st_mode & _OTHERS), None)
    return None


def _is_for_the_journal_alone(file: Path) -> bool:
    with suppress(OSError):
        return all(each.name.startswith(file.name) for each in file.parent.iterdir())
    return False


def _files(file: Path) -> Iterator[Path]:
    """The journal, what SQLite keeps beside it, and damaged ones that were kept."""
    with suppress(OSError):
        names = {file.name, *(f"{file.name}{ending}" for ending in _BESIDE)}
        for each in sorted(file.parent.iterdir()):
            if (each.name in names or each.name.startswith(f"{file.name}.damaged-")) and each.is_file():
                yield each


def _tighten(path: Path, mode: int) -> None:
    with suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            path.chmod(mode)
