"""The calendars that the schedules of a home name: data that somebody else writes, and never a reason not to serve.

A calendar that cannot be read keeps the schedules from beginning that ask for it, and no others.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from orchestrator.documents.document import Document, KeyPath
from orchestrator.errors import Fault
from orchestrator.home.schedule import ScheduleModel
from orchestrator.schedules.calendar_file import CalendarFile, read_calendar

LARGEST = 32 << 20
"""Bytes. A calendar of ten busy years has 6 MB."""


class HomeCalendars(NamedTuple):
    """Those that could be read, by the name in the home file; why the others could not; and what to say of them all."""

    files: Mapping[str, CalendarFile]
    unread: Mapping[str, str]
    remarks: tuple[Fault, ...]


def beside(source: str, name: str) -> Path:
    """A file that a home names, seen from where its own lies."""
    return Path(source).expanduser().parent / Path(name).expanduser()


def read_calendars(schedules: Mapping[str, ScheduleModel], paper: Document) -> HomeCalendars:
    """Read each once. Never raises."""
    files: dict[str, CalendarFile] = {}
    unread: dict[str, str] = {}
    warnings: list[Fault] = []
    asking: dict[str, list[str]] = {}
    for name, schedule in schedules.items():
        for file in schedule.calendars():
            asking.setdefault(file, []).append(name)
    for file, names in asking.items():
        place = _naming(paper, ("schedules", names[0]), file)
        try:
            files[file] = read_calendar(_text_of(beside(paper.source, file)))
        except ValueError as error:
            unread[file] = str(error)
            what = f"{' and '.join(dict.fromkeys(names))} cannot begin before that is mended"
            warnings.append(paper.fault(place, f"`{file}`: {error}; {what}"))
        else:
            warnings += [paper.fault(place, f"`{file}`: {fault}") for fault in files[file].faults]
    return HomeCalendars(files, unread, tuple(warnings))


def _text_of(path: Path) -> str:
    """The text of a file in whatever letters it was exported. Raises ValueError, with a sentence."""
    try:
        if path.exists() and not path.is_file():
            raise ValueError("this is no file")
        if path.stat().st_size > LARGEST:
            raise ValueError(f"the file is larger than {LARGEST >> 20} MB")
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror}") from None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # what is counted is in ASCII; only a title may look odd
        return content.decode("cp1252", errors="replace")


def _naming(paper: Document, path: KeyPath, file: str) -> KeyPath:
    """Where a schedule names a calendar."""
    entry = paper.at(path)
    if entry.get("calendar") == file:
        return (*path, "calendar")
    exceptions = entry.get("except")
    for index, each in enumerate(exceptions if isinstance(exceptions, list) else []):
        if isinstance(each, dict) and each.get("calendar") == file:
            return (*path, "except", index, "calendar")
    return (*path, "except", "calendar")
