"""`relax integrations`: what Home Assistant is told, printed and taken away."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import orchestrator.home
from orchestrator.cli.home import discovery_cleanup
from orchestrator.daemon.clock import local_time
from orchestrator.devices.messages import Message
from orchestrator.journal.journal import Journal
from orchestrator.mqtt.connection import Connection
from tests.cli.conftest import Done
from tests.conftest import Mosquitto, until
from tests.daemon.serving import SECRET, house, publish, tool

DEMO = Path(orchestrator.home.__file__).with_name("demo.yaml")
TOPIC = "homeassistant/device/relax/den/config"


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RELAX_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def stored(port: int) -> set[str]:
    """What is stored comes before what is said now."""
    command = [tool("mosquitto_sub"), "-p", str(port), "-v", "-t", "#"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listener:
        assert listener.stdout is not None
        found = [listener.stdout.readline()]
        publish(port, "-t", "all/said", "-m", "now")
        while not found[-1].startswith("all/said"):
            found.append(listener.stdout.readline())
        listener.terminate()
    return {line.split()[0] for line in found[:-1]}


async def kept(mosquitto: Mosquitto) -> dict[str, str]:
    """What is stored at the broker once a room is announced there."""
    found: dict[str, str] = {}

    def hear(message: Message) -> None:
        found[message.topic] = message.payload

    async with Connection(mosquitto.address, client_id="looker", subscriptions=["#"], on_message=hear):
        await until(lambda: "schedule_" in found.get(TOPIC, ""))
    return found


def test_every_room_is_printed_with_its_topic(relax):
    done = relax("integrations", "home-assistant", "--home", str(DEMO))
    hub, _, room = done.out.partition(f"{TOPIC}\n")
    assert done.code == 0
    assert hub.startswith("homeassistant/device/relax/config\n")
    assert json.loads(room)["device"]["name"] == "Relax Den"


def test_as_json_it_is_one_list(relax):
    done = relax("integrations", "home-assistant", "--home", str(DEMO), "--base", "house/relax", "--json")
    hub, room = json.loads(done.out)
    assert hub["topic"] == "homeassistant/device/house-relax/config"
    assert room["topic"] == "homeassistant/device/house-relax/den/config"
    assert room["payload"]["availability"][0] == {"topic": "house/relax/status"}


def test_what_was_chosen_is_in_it(relax, state_dir):
    journal = Journal(state_dir / "journal.db")
    journal.open(local_time(), 0)
    journal.choose("den", "foot-massage", {})
    journal.close()
    (_, room) = json.loads(relax("integrations", "home-assistant", "--home", str(DEMO), "--json").out)
    assert "set_feet_select" in room["payload"]["components"]


async def test_it_is_what_the_daemon_publishes_schedules_and_all(
    relax: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mosquitto: Mosquitto
) -> None:
    monkeypatch.setenv("RELAX_BROKER_PASSWORD", SECRET)
    more = 'schedules:\n  wind-down: {scene: quiet, room: den, at: "22:15"}\n'
    more += '  dawn: {title: {de: Morgens, en: At dawn}, scene: quiet, room: den, at: "06:00"}\n'
    async with house(tmp_path, mosquitto, more=more):
        published = json.loads((await kept(mosquitto))[TOPIC])
        (_, printed) = json.loads(relax("integrations", "home-assistant", "--home", "home.yaml", "--json").out)
    names = [published["components"][f"schedule_{name}"]["name"] for name in ("wind-down", "dawn")]
    assert [name.rpartition(" ")[2] for name in names] == ["down", "dawn"]
    assert printed == {"topic": TOPIC, "payload": published}


@pytest.mark.parametrize("own", ["off", "{rooms: false, token: of-its-devices}"])
def test_where_it_is_off_that_is_said(relax, tmp_path, own):
    home = tmp_path / "home.yaml"
    home.write_text(DEMO.read_text() + f"home_assistant: {own}\n")
    done = relax("integrations", "home-assistant")
    assert (done.code, done.out) == (0, "Home Assistant is told nothing: home.yaml says so under `home_assistant`.\n")


def test_what_is_at_the_broker_is_taken_away_and_nothing_else(
    relax: Callable[..., Done], tmp_path: Path, mosquitto: Mosquitto
) -> None:
    announced = json.loads(relax("integrations", "home-assistant", "--home", str(DEMO), "--json").out)
    ours, foreign = json.dumps(announced[1]["payload"]), '{"origin": {"name": "other"}, "components": {}}'
    kept = {"homeassistant/device/relax/other/config": foreign, "homeassistant/device/house/den/config": ours}
    for topic, payload in {TOPIC: ours, "ha/device/relax/attic/config": ours, **kept}.items():
        publish(mosquitto.port, "-r", "-t", topic, "-m", payload)
    broker = f"127.0.0.1:{mosquitto.port}"
    done = relax("integrations", "home-assistant", "--clear", "--broker", broker)
    assert done.code == 0
    assert done.out.splitlines()[:2] == ["Cleared ha/device/relax/attic/config", f"Cleared {TOPIC}"]
    assert "unless its home says `home_assistant: off`" in done.out
    assert stored(mosquitto.port) == set(kept)
    again = relax("integrations", "home-assistant", "--clear", "--broker", broker, "--json")
    assert json.loads(again.out) == {"cleared": []}


def test_without_a_broker_nothing_is_taken_away(relax, monkeypatch):
    monkeypatch.setattr(discovery_cleanup, "ANSWER_WITHIN_SECONDS", 0.2)
    done = relax("integrations", "home-assistant", "--clear", "--broker", "127.0.0.1:9")
    assert (done.code, done.out) == (3, "")
