"""Room on the disk that is kept for what a room is owed: given up when the disk is full, taken again when it is not."""

import os
from contextlib import suppress
from pathlib import Path

SIZE = 1 << 20
"""Bytes: some thirty sessions without their history."""
_PLENTY = 4 * SIZE


class Reserve:
    """A file of nothing beside the journal."""

    def __init__(self, journal: Path) -> None:
        self._file = Path(f"{journal}.reserve")
        self.is_spent = False
        """True from when it was given up until it is held again."""

    def hold(self) -> bool:
        """Keep the room, if there is plenty; whether it is held now. Never raises."""
        if self._file.exists():
            self.is_spent = False
            return True
        try:
            if _free(self._file.parent) < _PLENTY:
                return False
            file = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                written = os.write(file, os.urandom(SIZE))  # zeros would take no room on a disk that packs them
            finally:
                os.close(file)
            if written == SIZE:
                self.is_spent = False
                return True
        except OSError:
            pass
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
        return False

    def give_up(self) -> bool:
        """Have the room free for others on a disk that is full; whether that was done. Never raises."""
        try:
            if _free(self._file.parent) >= SIZE:
                return False
            self._file.unlink()
        except OSError:
            return False
        self.is_spent = True
        return True


def _free(folder: Path) -> int:
    """Raises OSError."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
