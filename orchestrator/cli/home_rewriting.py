"""A home file that is there, changed: whole or not at all, and only if it is a sound home after that."""

import os
from pathlib import Path

from orchestrator.errors import HomeError, UsageError


def home_text_of(path: Path) -> str:
    """A file with its own line ends."""
    with path.expanduser().open(encoding="utf-8", newline="") as file:
        return file.read()


def rewrite(path: Path, text: str) -> None:
    """Keep a text only if it is a sound home, at once and whole. Raises UsageError."""
    import tempfile

    from orchestrator.cli.arguments import with_playable_schedules
    from orchestrator.home.library import read

    try:
        with_playable_schedules(read(text, str(path)), path)
    except HomeError as error:
        raise UsageError(f"The file stays as it is; with this it would be wrong: {error}") from None
    target = path.expanduser().resolve()
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=target.parent, prefix=f".{target.name}-", delete=False, encoding="utf-8", newline=""
        ) as file:
            file.write(text)
        os.chmod(file.name, target.stat().st_mode)  # noqa: PTH101 - a name
        Path(file.name).replace(target)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
