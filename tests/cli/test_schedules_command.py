"""`relax schedules`: what it says without a daemon, and what it does to a home file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Done

HOME = """\
home: linden-street
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp, colors: [temperature]}
rooms:
  bedroom: {roles: {main: lamp}}  # größer
schedules:
  late: {scene: box-breathing, room: bedroom, at: "22:15"}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home.yaml"
    path.write_bytes(HOME.encode())
    return path


def test_a_file_with_the_line_ends_of_windows_keeps_them(relax: Callable[..., Done], home: Path) -> None:
    theirs = HOME.replace("\n", "\r\n").encode()
    home.write_bytes(theirs)
    done = relax("schedules", "add", "early", "--scene", "box-breathing", "--at", "07:00", "--home", str(home))
    assert done.code == 0, done.err
    added = home.read_bytes()
    assert added.startswith(theirs)
    assert added.count(b"\n") == added.count(b"\r\n") > theirs.count(b"\n")
    assert relax("schedules", "remove", "early", "--home", str(home)).code == 0
    assert home.read_bytes() == theirs


@pytest.mark.parametrize("start", ["9999-12-31", "9999-01-01"])
def test_beyond_the_calendar_nothing_is_due_and_that_is_said(
    relax: Callable[..., Done], home: Path, start: str
) -> None:
    assert relax("schedules", "next", "--from", start, "--home", str(home)) == Done(
        0, f"From {start} on: never, as they are written.\n", ""
    )


def test_the_first_day_of_the_calendar_has_a_next_time(relax: Callable[..., Done], home: Path) -> None:
    done = relax("schedules", "next", "--from", "0001-01-01", "--count", "1", "--home", str(home))
    assert done.code == 0, done.err
    assert "22:15" in done.out


def test_a_schedule_whose_calendar_is_of_no_use_is_said_and_the_others_are_shown(
    relax: Callable[..., Done], home: Path
) -> None:
    home.write_text(HOME + "  away: {scene: box-breathing, room: bedroom, at: '21:00', except: {calendar: gone.ics}}\n")
    done = relax("schedules", "next", "--count", "1", "--home", str(home))
    assert done.code == 0
    assert "22:15  late" in done.out
    why = "Its calendar gone.ics is of no use: the file cannot be read: No such file or directory."
    assert done.err == f"away does not begin. {why}\n"
    found = relax("doctor", "--home", str(home), "--state-dir", str(home.parent / "state"), "--broker", "127.0.0.1:1")
    assert found.code == 1
    assert f"fail  schedules away does not begin. {why}" in found.out
    checked = relax("home", "check", str(home))
    assert (checked.code, checked.out.count("[warning]")) == (0, 1)
