"""The machine that the daemon runs on: its clock, its disk, the journal's folder."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestrator.cli.doctor.check_result import CheckResult, fail, ok, warn
from orchestrator.errors import JournalError
from orchestrator.home.library import Home
from orchestrator.journal.permissions import exposed
from orchestrator.journal.reader import Reader

_MB = 1_000_000
DISK_TIGHT = 100 * _MB
DISK_FULL = 5 * _MB


def check_clock(wall: datetime, home: Home | None) -> CheckResult:
    """The clock on the wall: not before this relax was installed, and in the zone of the home."""
    made = datetime.fromtimestamp(Path(__file__).stat().st_mtime, tz=UTC)
    if wall < made:
        return fail("clock", f"It shows {wall:%Y-%m-%d %H:%M}, and relax is younger than that.", "Set it, best by NTP.")
    location = home.model.location if home is not None else None
    if location is not None:
        try:
            there = wall.astimezone(ZoneInfo(location.timezone))
        except (ZoneInfoNotFoundError, ValueError):
            return fail("clock", f"There is no time zone {location.timezone!r}.", "Mend `location:` in the home file.")
        if there.utcoffset() != wall.utcoffset():
            return warn(
                "clock",
                f"This machine says {wall:%H:%M}, and at home in {location.timezone} it is {there:%H:%M}.",
                "Nights begin by this machine: set its time zone.",
            )
    return ok("clock", f"{wall:%Y-%m-%d %H:%M %Z}.")


def check_disk(folder: Path) -> CheckResult:
    """Room for the journal. Raises OSError where nobody can say."""
    free = shutil.disk_usage(_nearest(folder)).free
    words = f"{free // _MB} MB are free where the journal is ({folder})."
    if free < DISK_FULL:
        return fail("disk", words, "Make room: without a journal a restart knows nothing of the session before.")
    return warn("disk", words, "Make room before it is full.") if free < DISK_TIGHT else ok("disk", words)


def check_journal(file: Path) -> Iterator[CheckResult]:
    """Whether the journal can be written and read."""
    place = _nearest(file)
    if not os.access(place, os.W_OK):
        remedy = "If the daemon runs as somebody else, that may be right; else change its owner, or use --state-dir."
        yield warn("journal", f"{place} cannot be written by you.", remedy)
    if not file.exists():
        if os.access(place, os.W_OK):
            yield ok("journal", f"None yet; the daemon begins it at {file}.")
        return
    if (each := exposed(file)) is not None:
        remedy = f"chmod 600 {each} (the daemon does so where it owns the file, on file systems that have permissions)."
        yield warn("journal", f"Others on this machine may read {each}.", remedy)
    for kept in sorted(file.parent.glob(f"{file.name}.damaged-*[0-9Z]")):
        remedy = f"What could be read of it is in the new one. To be rid of it and of this line: rm {kept}*"
        yield warn("journal", f"A damaged one is kept as {kept}.", remedy)
    try:
        with Reader(file) as reader:
            reader.refuse_damage()
            (count,) = reader.read("SELECT count(*) FROM sessions")[0]
    except JournalError as error:
        yield fail("journal", error.message, error.hint)
    else:
        yield ok("journal", f"{file} is whole and knows {count} session{'s' if count != 1 else ''}.")


def _nearest(path: Path) -> Path:
    """The path itself, else the first folder above it that is there."""
    return next((each for each in (path, *path.absolute().parents) if each.exists()), Path("/"))
