"""The command line as a client of a real daemon at a real broker, with the devices of `relax simulator`."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.cli.arguments import DEMO
from orchestrator.cli.client import client
from orchestrator.cli.completion import step_names
from tests.cli.conftest import Done, processes
from tests.conftest import LIMIT, Mosquitto

pytestmark = pytest.mark.broker


def write_home(folder, port):
    text = DEMO.read_text().replace("format: 1", f"format: 1\nbroker: {{port: {port}}}")
    (folder / "home.yaml").write_text(text)


def serve(process):
    """Devices and a daemon, where a home file is."""
    devices, daemon = process("simulator"), process("daemon", "--log-format", "json")
    assert "6 devices" in devices.stdout.readline()
    assert "serves demo" in daemon.stderr.readline()


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine answers late."""
    for name in ("CONNECT_WITHIN", "PRESENCE_WITHIN", "ANSWER_WITHIN"):
        monkeypatch.setattr(client, name, LIMIT)


@pytest.fixture
def at_the_broker(relax, tmp_path, monkeypatch, mosquitto):
    """A home file where the commands look for it, with a broker and nothing else."""
    write_home(tmp_path, mosquitto.port)
    monkeypatch.setenv("RELAX_STATE_DIR", str(tmp_path / "state"))
    return relax


@pytest.fixture
def fresh_house(at_the_broker, process):
    """And with devices and a daemon that has not played yet."""
    serve(process)
    return at_the_broker


@pytest.fixture(scope="module")
def served(has_mosquitto, tmp_path_factory):
    """A broker with devices and a daemon, and the folder of their home."""
    folder = tmp_path_factory.mktemp("house")
    broker = Mosquitto(folder)
    broker.start()
    write_home(folder, broker.port)
    with processes(folder) as process:
        serve(process)
        yield broker, folder
    broker.kill()


@pytest.fixture
def house(served, relax, tmp_path, monkeypatch):
    """The commands, in a house where nothing is on."""
    broker, folder = served
    write_home(tmp_path, broker.port)
    monkeypatch.setenv("RELAX_STATE_DIR", str(folder / "state"))
    yield relax
    write_home(tmp_path, broker.port)
    eventually(lambda: is_over(relax))


def is_over(relax: Callable[..., Done]) -> bool:
    """Whether nothing is on, now that whatever was on is ended."""
    standing = relax("status").out
    if "is being given back" not in standing:
        relax("abort")
    return bool(standing.startswith("den: nothing is on."))


def read_to(following: subprocess.Popen[str], words: str) -> None:
    """Read on to the line with these words."""
    assert following.stdout is not None
    while words not in (line := following.stdout.readline()):
        assert line, f"{words!r} was never said"


def scrubbed(text: str) -> str:
    """Without what is another each time: lengths, moments, names of sessions, folders."""
    for pattern, word in (
        (r"den-\d{8}-\w{6}", "den-SESSION"),
        (r"\d{4}-\d\d-\d\d", "DATE"),
        (r"\d\d:\d\d:\d\d", "MOMENT"),
        (r"\d+:\d\d to go", "LENGTH to go"),
        (r"at \d\d:\d\d", "at MOMENT"),
        (r"[A-Z][a-z]{2} \d\d [A-Z][a-z]{2} ", "DAY        "),
        (r"\d\d [A-Z][a-z]{2} \d{4}", "DATE"),
        (r" \d\d:\d\d ", " BEGAN "),
        (r"about to begin", "1/33 Get the seat ready, LENGTH to go"),  # who looks at once may see either
    ):
        text = re.sub(pattern, word, text)
    return text


def eventually(holds: Callable[[], bool]) -> None:
    """What is written, and how the room stands, comes behind what happens."""
    deadline = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_session_driven_by_nothing_but_the_command_line(fresh_house, snapshot):
    house, lines = fresh_house, []
    for command in (
        "run foot-massage --detach --set bath=false",
        "status",
        "pause",
        "resume",
        "next",
        "goto strokes",
        "back",
        "repeat",
        "extend 3min",
        "volume 30%",
        "goto rest --room den",
        "abort",
    ):
        done = house(*command.split())
        assert (done.code, done.err) == (0, ""), command
        lines.append(f"$ relax {command}\n{done.out}")
        if command.startswith("run"):
            eventually(lambda: "Get the seat ready" in house("status").out)
    assert scrubbed("".join(lines)) == snapshot
    eventually(lambda: '"ending": "aborted"' in house("history", "--json").out)


def test_what_is_refused_is_exit_4_with_the_daemons_own_sentence(house):
    assert house("pause").err == "Nothing is on in any room. To start something: relax run SCENE\n"
    assert house("run", "box-breathing", "--detach").code == 0
    for arguments, says in (
        (("run", "box-breathing"), "Stop it first"),
        (("run", "foot-masage"), "Did you mean foot-massage?"),
        (("run", "foot-massage", "--set", "feet=bth"), "Did you mean 'both'?"),
        (("run", "box-breathing", "--mode", "louder"), "mode"),
        (("goto", "nowhere"), "There are: settle"),
        (("volume", "loud"), "45%"),
        (("extend", "soon"), "by"),
        (("give-back", "moon"), "moon"),
        (("skip",), "no part"),
    ):
        done = house(*arguments)
        assert done.code == 4, arguments
        assert says in done.err
        assert done.err.count("\n") == 1
    eventually(lambda: "goto was refused (unknown_step)" in house("why").out)


def test_a_room_that_the_daemon_does_not_have_is_wrong_use(house):
    done = house("status", "--room", "dem")
    assert (done.code, done.err) == (2, "The daemon has no room 'dem'; did you mean `den`?\n")


def test_without_a_daemon_it_says_how_to_start_one(at_the_broker, mosquitto, monkeypatch):
    monkeypatch.setattr(client, "PRESENCE_WITHIN", 0.2)
    for arguments in (("next",), ("run", "box-breathing")):
        done = at_the_broker(*arguments)
        assert done.code == 3
        assert f"127.0.0.1:{mosquitto.port}" in done.err
        assert "relax daemon --home FILE" in done.err
        assert done.err.count("\n") == 1


def test_without_a_broker_it_says_which_address_was_tried(at_the_broker, mosquitto, monkeypatch):
    monkeypatch.setattr(client, "CONNECT_WITHIN", 0.2)
    mosquitto.kill()
    done = at_the_broker("stop")
    assert done.code == 3
    assert f"127.0.0.1:{mosquitto.port}" in done.err
    assert done.err.count("\n") == 1


def test_a_session_is_followed_to_its_end_a_line_an_event(fresh_house, snapshot):
    house = fresh_house
    done = house("run", "box-breathing", "--speed", "400")
    assert (done.code, done.err) == (0, "")
    steps = [line for line in scrubbed(done.out).splitlines() if "“" not in line and "Given back:" not in line]
    assert "\n".join(steps) == snapshot
    assert "Given back: " in done.out
    assert scrubbed(house("history").out) == snapshot
    assert "box-breathing in den, finished" in house("trace", "den-").out


def test_a_session_is_followed_as_json(house):
    done = house("run", "box-breathing", "--speed", "400", "--json")
    records = [json.loads(line) for line in done.out.splitlines()]
    assert [each["event"] for each in records if each.get("event") == "step_started"] == ["step_started"] * 3
    assert records[-1]["summary"]["status"] == "finished"
    assert all(each["room"] == "den" for each in records[:-1])


def test_one_that_is_stopped_meanwhile_ends_the_following_as_well(house, process):
    following = process("run", "box-breathing")
    assert "Mind:" in following.stdout.readline()
    read_to(following, "begins")
    assert house("stop").code == 0
    out, err = following.communicate(timeout=LIMIT)
    assert (following.returncode, err) == (0, "")
    assert "It was stopped." in out
    assert "Given back: " in out


def test_ctrl_c_stops_following_and_nothing_else(house, process):
    following = process("run", "box-breathing")
    read_to(following, "begins")
    following.send_signal(signal.SIGINT)
    out, err = following.communicate(timeout=LIMIT)
    assert (following.returncode, err) == (130, "")
    assert "It goes on in den. To end it: relax stop --room den" in out
    assert "Box breathing, 1/3" in house("status").out


def test_a_daemon_that_is_killed_and_comes_back_is_followed_on(at_the_broker, process):
    house = at_the_broker
    devices, daemon = process("simulator"), process("daemon")
    assert "6 devices" in devices.stdout.readline()
    assert "serves demo" in daemon.stderr.readline()
    following = process("run", "box-breathing", stderr=subprocess.STDOUT)
    read_to(following, "“")
    daemon.kill()
    read_to(following, "is away")
    assert "was cut off and goes on" in process("daemon").stderr.readline()
    read_to(following, "it goes on with the step that was on")
    assert house("abort").code == 0
    assert "Given back: " in following.communicate(timeout=LIMIT)[0]
    assert following.returncode == 0


def test_in_a_terminal_a_bar_says_how_far_it_is(house, process):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    following = process("run", "box-breathing", stdin=theirs, stdout=theirs, stderr=theirs)
    seen = b""
    while b" to go" not in seen:
        assert select.select([ours], [], [], LIMIT)[0]
        seen += os.read(ours, 65536)
        if seen.endswith(b"Enter where none does: "):
            os.write(ours, b"\n")
    assert b"dizzy" in seen, "whoever sits there is asked, the first time"
    assert "━".encode() in seen
    following.send_signal(signal.SIGINT)
    assert following.wait(timeout=LIMIT) == 130
    os.close(ours)
    os.close(theirs)


def test_who_waits_for_the_room_is_told_so(house):
    assert house("run", "box-breathing", "--detach").code == 0
    done = house("run", "hand-massage", "--detach", "--mode", "queued")
    assert (done.code, done.out.splitlines()[-1]) == (0, "den: hand-massage waits until the room is free.")


def test_watching_tells_of_all_that_happens(house, process):
    watching = process("watch", "--json")
    assert json.loads(watching.stdout.readline())["session"]["status"] == "idle"
    assert house("run", "box-breathing", "--detach").code == 0
    events = []
    while "step_started" not in events:
        events.append(json.loads(watching.stdout.readline()).get("event"))
    assert "session_started" in events
    watching.send_signal(signal.SIGINT)
    assert watching.communicate(timeout=LIMIT)[1] == ""
    assert watching.returncode == 0


def test_the_broker_may_be_named_where_no_home_file_is(house, served):
    (Path.cwd() / "home.yaml").unlink()
    done = house("status", "--broker", f"127.0.0.1:{served[0].port}")
    assert (done.code, done.out.splitlines()[0]) == (0, "den: nothing is on.")


def test_a_shell_is_offered_the_steps_of_what_is_on(house):
    assert step_names("") == []
    assert house("run", "box-breathing", "--detach").code == 0
    assert step_names("se") == ["settle"]
