"""`relax run --standalone` at a real broker, with the devices of `relax simulator`."""

import json
import signal

import pytest

from orchestrator.cli.arguments import DEMO
from orchestrator.conductor.journal_entries import ProfileLearnt
from orchestrator.daemon import daemon
from orchestrator.daemon.broker import address_of
from orchestrator.home.library import load, read
from orchestrator.mqtt.address import Tls
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.stage.stage import Stage
from orchestrator.values import Attribute
from tests.conftest import LIMIT
from tests.journal.lives import opened


@pytest.fixture
def home_file(tmp_path, mosquitto):
    file = tmp_path / "home.yaml"
    file.write_text(DEMO.read_text().replace("format: 1", f"format: 1\nbroker: {{port: {mosquitto.port}}}"))
    return file


@pytest.mark.broker
def test_a_scene_plays_at_the_homes_broker(process, home_file):
    devices = process("simulator")
    assert "6 devices of demo" in devices.stdout.readline()
    run = process("run", "box-breathing", "--standalone", "--speed", "100", "--hold", "1s", "--json")
    out, err = run.communicate(timeout=LIMIT)
    devices.send_signal(signal.SIGTERM)
    _, complaints = devices.communicate(timeout=LIMIT)
    assert run.returncode == 0
    assert json.loads(out.splitlines()[-1])["summary"]["status"] == "finished"
    assert "Given back: Ceiling lamp, Floor lamp, Light strip, Loudspeaker." in err
    assert (devices.returncode, complaints) == (0, "")


@pytest.mark.broker
def test_no_broker_is_one_line_with_the_address(relax, home_file, mosquitto, monkeypatch):
    monkeypatch.setattr(daemon, "FIRST_CONNECT", 0.2)
    mosquitto.kill()
    done = relax("run", "box-breathing", "--standalone", "--home", str(home_file))
    assert done.code == 3
    assert f"127.0.0.1:{mosquitto.port}" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.broker
def test_a_port_that_is_taken_is_said(relax, mosquitto):
    done = relax("broker", "--port", str(mosquitto.port))
    assert done.code == 1
    assert f"127.0.0.1:{mosquitto.port}" in done.err


def test_a_broker_runs_until_it_is_told_to_end(process, mosquitto):
    mosquitto.kill()
    broker = process("broker", "--port", str(mosquitto.port))
    assert str(mosquitto.port) in broker.stdout.readline()
    broker.send_signal(signal.SIGINT)
    assert broker.communicate(timeout=LIMIT) == ("", "")
    assert broker.returncode == 0


def test_certificates_lie_beside_the_home_file():
    text = DEMO.read_text().replace("format: 1", "format: 1\nbroker: {host: attic, port: 8883, tls: {ca: ca.pem}}")
    home = read(text, "/somewhere/home.yaml")
    address = address_of(home)
    assert str(address) == "attic:8883"
    assert isinstance(address.tls, Tls)
    assert str(address.tls.ca) == "/somewhere/ca.pem"


@pytest.mark.broker
def test_it_knows_what_the_service_has_learnt_of_the_devices(relax, home_file, mosquitto, tmp_path, monkeypatch):
    monkeypatch.setattr(daemon, "FIRST_CONNECT", 0.2)
    monkeypatch.setenv("RELAX_STATE_DIR", str(tmp_path / "state"))
    taken_up = []
    monkeypatch.setattr(Stage, "acquaint", lambda _, profiles: taken_up.append(profiles))
    mosquitto.kill()
    run = ("run", "box-breathing", "--standalone", "--home", str(home_file))
    assert relax(*run).code == 3
    profile = ReportProfile((300,) * 5, {Attribute.LEVEL: (0.98,) * 3})
    journal = opened(tmp_path / "state" / "journal.db")
    journal.write([ProfileLearnt("ceiling", load(home_file).fingerprint("ceiling"), profile)], 0)
    assert relax(*run).code == 3
    journal.close()
    assert taken_up == [{}, {"ceiling": profile}]
