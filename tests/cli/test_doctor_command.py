"""`relax doctor` at a real broker, and what it says of a machine."""

import asyncio
import json
import re
from datetime import UTC, datetime

import pytest

from orchestrator.cli.arguments import DEMO
from orchestrator.cli.doctor import broker_check, host_checks
from orchestrator.cli.doctor.check_result import Severity
from orchestrator.conductor.journal_entries import ProfileLearnt
from orchestrator.devices.messages import Message
from orchestrator.home.library import load, read
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.values import Attribute
from tests.conftest import LIMIT, Mosquitto, until
from tests.journal.lives import begin, opened


@pytest.fixture
def home_file(tmp_path, mosquitto):
    file = tmp_path / "home.yaml"
    file.write_text(DEMO.read_text().replace("format: 1", f"format: 1\nbroker: {{port: {mosquitto.port}}}"))
    return file


async def store(address: Address, *topics: str) -> None:
    async with Connection(address, client_id="somebody", on_message=lambda _: None) as connection:
        await connection.first(LIMIT)
        connection.publish(Message(topic, '{"state": "ON"}', retain=True) for topic in topics)


async def until_each_has_answered(look: broker_check.BrokerCheck) -> None:
    """Two seconds may be short on a busy machine, and are long on a quiet one."""
    await until(lambda: look._version and look._answers.is_complete)


@pytest.mark.broker
def test_it_looks_at_everything_and_names_what_will_bite(relax, process, home_file, mosquitto, snapshot, monkeypatch):
    monkeypatch.setattr(broker_check.BrokerCheck, "_listen", until_each_has_answered)
    stored = ("zigbee2mqtt/den_lamp/set", "cmnd/burner/POWER", "relax/rooms/den/command", "den-strip/light/strip/state")
    asyncio.run(store(mosquitto.address, *stored, "homeassistant/light/set-of-lamps/config"))
    devices = process("simulator", "--fault", "lamp=offline", "--fault", "ceiling=offline")
    assert "6 devices" in devices.stdout.readline()
    done = relax("doctor", "--state-dir", str(home_file.parent / "state"))
    assert (done.code, done.err) == (0, "")
    lines = [line for line in done.out.splitlines() if line.split()[1] in ("home", "daemon", "retained")]
    assert "\n".join(lines) == snapshot
    lasts, light = r"\d+:\d\d, \d+:\d\d of it words", r"\d\.\d lx melanopic at most"
    assert re.search(rf"ok    scenes    foot-massage in den: {lasts}, {light}\.", done.out)
    assert "warn  devices   " in done.out
    assert "Floor lamp" in done.out
    assert "Loudspeaker" not in done.out
    assert f"ok    broker    127.0.0.1:{mosquitto.port} answers (mosquitto" in done.out


@pytest.mark.broker
def test_what_the_broker_does_not_take_is_said(has_mosquitto, tmp_path, monkeypatch):
    monkeypatch.setattr(broker_check, "DEVICES_ANSWER_WITHIN", 0.1)
    small = Mosquitto(tmp_path, "allow_anonymous true\nmax_packet_size 2000\nretain_available false")
    small.start()
    try:
        found = asyncio.run(broker_check.BrokerCheck(small.address, "relax", None).look())
    finally:
        small.kill()
    said = " ".join(each.line for each in found if each.about == "broker")
    assert "packets of 2000 bytes" in said
    assert "keeps no messages" in said


@pytest.mark.broker
def test_a_broker_that_is_away_is_exit_1_and_the_rest_is_looked_at(relax, home_file, mosquitto, tmp_path, monkeypatch):
    monkeypatch.setattr(broker_check, "BROKER_ANSWERS_WITHIN", 0.2)
    mosquitto.kill()
    done = relax("doctor", "--json", "--state-dir", str(tmp_path / "state"))
    findings = {each["about"]: each for each in json.loads(done.out)}
    assert done.code == 1
    assert findings["broker"]["verdict"] == "fail"
    assert f"127.0.0.1:{mosquitto.port}" in findings["broker"]["words"]
    assert findings["scenes"]["verdict"] == "ok"
    assert findings["disk"]["verdict"] == "ok"


def test_a_wrong_home_file_is_told_fault_by_fault(relax, tmp_path):
    (tmp_path / "home.yaml").write_text("home: Mine\nformat: 2\nrooms: {}\n")
    done = relax("doctor", "--state-dir", str(tmp_path))
    assert done.code == 1
    assert done.out.count("fail  home") == 3
    assert "can be read" in done.out


def test_where_there_is_no_home_file_it_is_said_what_writes_one(relax, tmp_path):
    done = relax("doctor", "--state-dir", str(tmp_path))
    assert done.code == 1
    assert "fail  home      There is no home.yaml. `relax home init` writes one" in done.out
    assert "`relax home init` writes one" in relax("run", "foot-massage", "--standalone").err


def test_a_wrong_scene_is_told(relax, tmp_path, monkeypatch):
    monkeypatch.setattr(broker_check, "BROKER_ANSWERS_WITHIN", 0.2)
    (tmp_path / "home.yaml").write_text(DEMO.read_text())
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "odd.yaml").write_text("scene: odd\nformat: 1\nstepps: []\n")
    done = relax("doctor", "--state-dir", str(tmp_path), "--broker", "127.0.0.1:1")
    assert done.code == 1
    assert "fail  scenes" in done.out
    assert "odd.yaml:3:1" in done.out


def test_a_clock_that_was_never_set_is_told():
    assert host_checks.check_clock(datetime(1970, 1, 1, tzinfo=UTC), None).verdict is Severity.FAIL


def test_a_machine_in_another_zone_than_the_home_is_told():
    place = "location: {latitude: 52.5, longitude: 13.4, timezone: Europe/Berlin}"
    home = read(DEMO.read_text().replace("format: 1", f"format: 1\n{place}"), "home.yaml")
    wall = datetime(2100, 11, 23, 22, 0, tzinfo=UTC)
    found = host_checks.check_clock(wall, home)
    assert found.verdict is Severity.WARN
    assert "at home in Europe/Berlin it is 23:00" in found.words


def test_a_full_disk_is_told(monkeypatch, tmp_path):
    for free, verdict in ((1_000_000, Severity.FAIL), (50_000_000, Severity.WARN), (10**10, Severity.OK)):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: type("Usage", (), {"free": free}))
        assert host_checks.check_disk(tmp_path / "not" / "there").verdict is verdict


def test_a_damaged_journal_is_told(tmp_path):
    file = tmp_path / "journal.db"
    file.write_bytes(b"this is no journal" * 100)
    file.chmod(0o600)
    assert [each.verdict for each in host_checks.check_journal(file)] == [Severity.FAIL]


def test_a_journal_that_is_damaged_somewhere_deep_is_told_and_so_is_one_that_was_set_aside(tmp_path):
    file = tmp_path / "journal.db"
    journal = opened(file)
    for number in range(60):
        begin(journal, f"s{number}")
    journal.close()
    content = file.read_bytes()
    file.write_bytes(content[:8192] + bytes(len(content) - 8192))
    assert [each.verdict for each in host_checks.check_journal(file)] == [Severity.FAIL]
    opened(file).close()
    kept, whole = host_checks.check_journal(file)
    assert (kept.verdict, whole.verdict) == (Severity.WARN, Severity.OK)
    assert f"A damaged one is kept as {file}.damaged-20261122T213000Z." in kept.line


def test_a_journal_that_others_may_read_is_told(tmp_path):
    file = tmp_path / "journal.db"
    opened(file).close()
    assert [each.verdict for each in host_checks.check_journal(file)] == [Severity.OK]
    file.chmod(0o644)
    tmp_path.chmod(0o755)
    found = next(iter(host_checks.check_journal(file)))
    assert (found.verdict, found.words) == (Severity.WARN, f"Others on this machine may read {file}.")
    assert f"chmod 600 {file}" in found.remedy


def test_what_was_learnt_of_a_device_is_said(relax, tmp_path, monkeypatch):
    monkeypatch.setattr(broker_check, "BROKER_ANSWERS_WITHIN", 0.2)
    (tmp_path / "home.yaml").write_text(DEMO.read_text())
    place = load(tmp_path / "home.yaml")
    journal = opened(tmp_path / "journal.db")
    learnt = {
        "ceiling": ReportProfile((310, 290, 305, 1200, 280), {Attribute.LEVEL: (0.98, 0.97, 0.98)}),
        "lamp": ReportProfile((1500,) * 5, {Attribute.LEVEL: (0.98,)}),
        "strip": ReportProfile((100, 100), {}),
    }
    journal.write([ProfileLearnt(name, place.fingerprint(name), profile) for name, profile in learnt.items()], 0)
    journal.close()
    done = relax("doctor", "--state-dir", str(tmp_path), "--broker", "127.0.0.1:1")
    assert [line for line in done.out.splitlines() if " devices " in line] == [
        "ok    devices   Ceiling lamp usually answers within 0.3 s and says 0.98 of the brightness that it is told.",
        "ok    devices   Floor lamp usually answers within 1.5 s.",
    ]


@pytest.mark.broker
def test_a_lamp_whose_bridge_has_a_slash_in_its_base_topic_is_named_where_the_file_does_not_say_so(
    mosquitto, monkeypatch
):
    monkeypatch.setattr(broker_check, "DEVICES_ANSWER_WITHIN", 0.3)
    lamp = "kind: light, dialect: zigbee2mqtt, topic: home/zigbee2mqtt/lamp"
    lines = ["home: h", "format: 1", "devices:", f"  lost: {{{lamp}}}"]
    lines += [f"  known: {{{lamp}2, base: home/zigbee2mqtt}}", "rooms: {den: {roles: {main: lost}}}"]
    asyncio.run(store(mosquitto.address, "home/zigbee2mqtt/bridge/state"))
    found = asyncio.run(broker_check.BrokerCheck(mosquitto.address, "relax", read("\n".join(lines), "h.yaml")).look())
    (said,) = [each for each in found if "Behind the bridge" in each.line]
    assert "lost" in said.line
    assert "known" not in said.line
    assert "base: home/zigbee2mqtt" in said.remedy
