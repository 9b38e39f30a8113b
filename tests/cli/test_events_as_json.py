"""`--json` prints the same objects for a scene, whoever plays it: the service, this process, a demo."""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli.arguments import DEMO
from tests.cli.conftest import Done
from tests.conftest import LIMIT
from tests.daemon.serving import tool

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
FAST = ("--speed", "300")


@pytest.fixture
def home(tmp_path, mosquitto, monkeypatch):
    """A home file where the commands look for it."""
    text = DEMO.read_text().replace("format: 1", f"format: 1\nbroker: {{port: {mosquitto.port}}}")
    (tmp_path / "home.yaml").write_text(text)
    monkeypatch.setenv("RELAX_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
def printed(
    home: None, process: Callable[..., subprocess.Popen[str]], relax: Callable[..., Done]
) -> Callable[..., list[dict[str, Any]]]:
    """The objects that a command prints; where a service is wanted one is there meanwhile."""
    devices = process("simulator")
    assert devices.stdout is not None
    assert "6 devices" in devices.stdout.readline()

    def call(*arguments: str, service: bool = False) -> list[dict[str, Any]]:
        daemon = process("daemon") if service else None
        if daemon is not None:
            assert daemon.stderr is not None
            assert "serves demo" in daemon.stderr.readline()
        done = relax(*arguments, "--json", *FAST)
        if daemon is not None:
            daemon.terminate()
            daemon.communicate(timeout=LIMIT)
        assert done.code == 0
        return [json.loads(line) for line in done.out.splitlines()]

    return call


def timeless(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what is another each time: moments, real lengths, names of sessions, which device is back first."""
    session = objects[-1]["summary"]["session"]
    text = json.dumps(objects).replace(session, "SESSION")
    text = re.sub(r'"at": "[^"]+"', '"at": "MOMENT"', text)
    alike: list[dict[str, Any]] = json.loads(re.sub(r'"seconds": [0-9.]+', '"seconds": 0', text))
    for each in alike:
        if each.get("event") == "given_back":
            each["details"] = {key: sorted(names.split(", ")) for key, names in each["details"].items()}
    return alike


def documented() -> list[dict[str, Any]]:
    """The objects that the guide shows."""
    section = (ROOT / "docs/interface.md").read_text().partition("### The same from the command line")[2]
    pieces = section.partition("\n## ")[0].split("```")[1::2]
    return [json.loads(piece) for piece in pieces]


@pytest.mark.parametrize("scene", ["box-breathing", "hand-massage"])
def test_who_plays_it_makes_no_difference(printed, scene):
    followed = printed("run", scene, service=True)
    played = printed("run", scene, "--standalone")
    demonstrated = printed("demo", scene, "--hold", "never")
    assert timeless(played) == timeless(followed)
    assert timeless(demonstrated) == timeless(followed)
    assert {each["event"] for each in followed[:-1]} >= {"session_started", "step_started", "announced", "given_back"}


def test_another_session_would_be_told_from_it(printed):
    """The comparison is no empty one: a choice, and one object more or less, make a difference."""
    played = printed("run", "box-breathing", "--standalone")
    other = printed("run", "box-breathing", "--standalone", "--set", "aloud=yes")
    assert timeless(other) != timeless(played)
    assert timeless(played[1:]) != timeless(played)


def test_an_object_is_what_is_published_with_its_room(printed):
    *events, last = printed("run", "box-breathing", "--standalone")
    assert all(list(each) == ["room", "event", "at", "session", "details"] for each in events)
    assert {each["room"] for each in events} == {"den"}
    moments = [datetime.fromisoformat(each["at"]) for each in events]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is not None for moment in moments)
    summary = last["summary"]
    assert list(summary) == ["scene", "room", "session", "status", "steps", "announcements", "seconds"]
    assert summary["steps"] == [each["details"]["chapter"] for each in events if each["event"] == "step_started"]
    assert summary["announcements"] == len([each for each in events if each["event"] == "announced"])
    assert summary["status"] == "finished"
    for shown, real in zip(documented(), (events[0], last), strict=True):
        assert list(shown) == list(real)
    assert list(documented()[1]["summary"]) == list(summary)


def test_it_is_what_any_client_of_the_broker_receives(home, process, relax, mosquitto):
    """The judge knows nothing of us: mosquitto's own client."""
    devices, daemon = process("simulator"), process("daemon")
    assert "6 devices" in devices.stdout.readline()
    assert "serves demo" in daemon.stderr.readline()
    topics = ("-t", "relax/status", "-t", "relax/rooms/den/event")
    command = [tool("mosquitto_sub"), "-p", str(mosquitto.port), *topics]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == "online\n"
        done = relax("run", "box-breathing", "--json", *FAST)
        received = [json.loads(client.stdout.readline()) for _ in done.out.splitlines()[:-1]]
        client.terminate()
    printed = [json.loads(line) for line in done.out.splitlines()[:-1]]
    assert [{key: value for key, value in each.items() if key != "room"} for each in printed] == received
