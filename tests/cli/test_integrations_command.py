"""`relax integrations`: what Home Assistant is told, printed and taken away."""

import json
import subprocess
from pathlib import Path

import pytest

import orchestrator.home
from orchestrator.daemon.clock import local_time
from orchestrator.journal.journal import Journal
from tests.conftest import Mosquitto
from tests.daemon.serving import publish, tool

DEMO = Path(orchestrator.home.__file__).with_name("demo.yaml")
TOPIC = "homeassistant/device/relax/den/config"


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RELAX_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def stored(port: int) -> set[str]:
    command = [tool("mosquitto_sub"), "-p", str(port), "-v", "-t", "#", "-W", "1"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout
    return {line.split()[0] for line in said.splitlines()}


def test_every_room_is_printed_with_its_topic(relax):
    done = relax("integrations", "home-assistant", "--home", str(DEMO))
    topic, _, payload = done.out.partition("\n")
    assert (done.code, topic) == (0, TOPIC)
    assert json.loads(payload)["device"]["name"] == "Relax Den"


def test_as_json_it_is_one_list(relax):
    done = relax("integrations", "home-assistant", "--home", str(DEMO), "--base", "house/relax", "--json")
    (room,) = json.loads(done.out)
    assert room["topic"] == "homeassistant/device/house-relax/den/config"
    assert room["payload"]["availability"][0] == {"topic": "house/relax/status"}


def test_what_was_chosen_is_in_it(relax, state_dir):
    journal = Journal(state_dir / "journal.db")
    journal.open(local_time(), 0)
    journal.choose("den", "foot-massage", {})
    journal.close()
    (room,) = json.loads(relax("integrations", "home-assistant", "--home", str(DEMO), "--json").out)
    assert "set_feet_select" in room["payload"]["components"]


def test_where_it_is_off_that_is_said(relax, tmp_path):
    home = tmp_path / "home.yaml"
    home.write_text(DEMO.read_text() + "home_assistant: off\n")
    done = relax("integrations", "home-assistant")
    assert (done.code, done.out) == (0, "Home Assistant is told nothing: home.yaml says `home_assistant: off`.\n")


def test_what_is_at_the_broker_is_taken_away_and_nothing_else(relax, tmp_path, mosquitto: Mosquitto):
    announced = json.loads(relax("integrations", "home-assistant", "--home", str(DEMO), "--json").out)
    ours, foreign = json.dumps(announced[0]["payload"]), '{"origin": {"name": "other"}, "components": {}}'
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


def test_without_a_broker_nothing_is_taken_away(relax):
    done = relax("integrations", "home-assistant", "--clear", "--broker", "127.0.0.1:9")
    assert (done.code, done.out) == (3, "")
