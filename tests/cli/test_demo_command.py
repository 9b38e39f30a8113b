"""`relax demo` as a process: a real broker, real messages, real signals, a real terminal."""

import json
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from fcntl import ioctl
from typing import Any

import pytest

from orchestrator.cli.arguments import DEMO
from orchestrator.home.library import load
from tests.conftest import LIMIT


def test_a_demo_says_what_a_simulation_says(process, relax):
    """In order, device by device: topic and payload; a few of the quick steps of volume may fall together."""
    demo = process("demo", "box-breathing", "--speed", "80", "--messages")
    out, err = demo.communicate(timeout=LIMIT)
    *played, last = [json.loads(line) for line in out.splitlines()]
    *simulated, other = [
        json.loads(line) for line in relax("simulate", "box-breathing", "--speed", "80", "--json").out.splitlines()
    ]
    assert demo.returncode == 0
    assert last["summary"]["steps"] == other["summary"]["steps"]
    assert last["summary"]["announcements"] == other["summary"]["announcements"]
    assert last["summary"]["status"] == "finished"
    assert last["summary"]["seconds"] >= other["summary"]["seconds"] - 0.5, "no sooner; later where a machine is busy"
    assert words(played) == words(simulated)
    assert "Given back: Ceiling lamp, Floor lamp, Light strip, Loudspeaker." in err
    assert "Not given back" not in err


def words(messages: list[dict[str, Any]]) -> list[str]:
    return [message["payload"]["text"] for message in messages if message["payload"].get("do") == "say"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_gives_the_room_back(process, number):
    demo = process("demo", "box-breathing", "--speed", "5", "--json")
    assert demo.stdout.readline()
    demo.send_signal(number)
    out, err = demo.communicate(timeout=LIMIT)
    assert demo.returncode == 0
    assert json.loads(out.splitlines()[-1])["summary"]["status"] == "stopped"
    assert "It was stopped. Given back: Loudspeaker. Low f" in err
    assert "Ceiling lamp" in err


def test_two_signals_give_up_and_say_what_is_left(process):
    demo = process("demo", "box-breathing", "--json")
    assert demo.stdout.readline()
    demo.send_signal(signal.SIGINT)
    while "Ctrl-C again" not in demo.stderr.readline():
        assert demo.poll() is None
    demo.send_signal(signal.SIGINT)
    _, err = demo.communicate(timeout=LIMIT)
    assert demo.returncode == 1
    assert "Not given back: Ceiling lamp" in err, "it did not wait for it"


def test_a_reader_that_is_gone_ends_it_in_order(process):
    demo = process("demo", "box-breathing", "--speed", "20", "--json")
    assert demo.stdout.readline()
    demo.stdout.close()
    assert demo.wait(timeout=LIMIT) == 0
    assert "Given back" in demo.stderr.read()


def test_in_a_pipe_it_is_a_line_an_event(process):
    demo = process("demo", "box-breathing", "--speed", "300")
    out, err = demo.communicate(timeout=LIMIT)
    assert demo.returncode == 0
    assert err == ""
    assert "\x1b" not in out
    assert "1/3 Sit upright" in out
    assert out.splitlines()[-1].startswith("It is finished. Given back: Ceiling lamp")


class Terminal:
    """A terminal of 80 by 24 with `relax` in it."""

    def __init__(self, start: Callable[..., "subprocess.Popen[str]"], *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(theirs)
        os.environ["TERM"] = "xterm-256color"
        self.process = start(*arguments, stdin=theirs, stdout=theirs, stderr=theirs, process_group=0)
        self.seen = ""
        self._theirs = theirs

    def until(self, text: str) -> None:
        """Read until a text has been seen."""
        deadline = time.monotonic() + LIMIT
        while text not in self.seen:
            assert time.monotonic() < deadline, f"{text!r} was not seen"
            self._read(0.1)

    def _read(self, wait: float) -> None:
        if select.select([self._ours], [], [], wait)[0]:
            self.seen += os.read(self._ours, 65536).decode(errors="ignore")

    def press(self, key: str) -> None:
        self.seen = ""
        os.write(self._ours, key.encode())

    def ended(self) -> int:
        deadline = time.monotonic() + LIMIT
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            self._read(0.1)
        self._read(0.1)
        return self.process.returncode

    @property
    def is_as_before(self) -> bool:
        return termios.tcgetattr(self._theirs) == self.before

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def terminal(process: Callable[..., subprocess.Popen[str]]) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(process, *arguments))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_in_a_terminal_keys_move_the_session_and_leave_the_terminal_as_it_was(terminal):
    view = terminal("demo", "hand-massage")
    view.until("Before you begin")
    view.press("x")
    view.until("step 1 of")
    view.press("n")
    view.until("step 2 of")
    view.press(" ")
    view.until("Paused. Space goes on.")
    view.press("b")
    view.until("step 1 of")
    view.press("q")
    view.until("Giving the room back.")
    assert view.ended() == 0
    farewell = " ".join(view.seen.split())
    assert "It was stopped. Given back: Loudspeaker. Low for a minute, then as it was: Ceiling lamp" in farewell
    assert view.is_as_before
    assert view.seen.rindex("\x1b[?1049l") > view.seen.rfind("\x1b[?1049h")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_reads_the_cautions_and_leaves_has_a_terminal_as_before(terminal, number):
    view = terminal("demo", "hand-massage")
    view.until("Before you begin")
    view.process.send_signal(number)
    assert view.ended() == 130
    assert view.is_as_before


def test_the_demo_home_is_sound():
    assert list(load(DEMO).model.rooms) == ["den"]
