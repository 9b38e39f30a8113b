"""`relax devices record` as a person calls it."""

import json
from pathlib import Path

import pytest

from orchestrator.cli.arguments import DEMO


@pytest.fixture
def home_file(tmp_path, mosquitto):
    file = tmp_path / "home.yaml"
    file.write_text(DEMO.read_text().replace("format: 1", f"format: 1\nbroker: {{port: {mosquitto.port}}}"))
    return file


@pytest.fixture
def simulated(home_file, process):
    devices = process("simulator", "--fault", "ceiling=offline", "--fault", "lamp=silent")
    assert "6 devices" in devices.stdout.readline()


@pytest.mark.broker
@pytest.mark.usefixtures("simulated")
def test_it_writes_what_a_device_says(relax, tmp_path, monkeypatch):
    monkeypatch.setattr("orchestrator.recorder.recorder.BETWEEN", 0.4)
    said = ("--seconds", "1.5", "--exercise", "--vendor", "Quin", "--model", "LED-Strip 5m", "--firmware", "2.1")
    done = relax("devices", "record", "strip", *said)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Listening to Light strip for 1.5 s.",
        "Light strip: Quin, LED-Strip 5m, 2.1.",
        "Wrote home_assistant-quin-led-strip-5m-2.1.json: 5 different messages, 3 changes.",
        "Names, addresses, numbers and places are taken out. Look it over before you give it away all the same.",
    ]
    written = json.loads((tmp_path / "home_assistant-quin-led-strip-5m-2.1.json").read_text())
    assert list(written) == ["source", "device", "devices", "described", "encode", "query", "decode"]
    assert relax("devices", "record", "strip", *said[:2], *said[3:]).code == 0
    assert (tmp_path / "home_assistant-quin-led-strip-5m-2.1-2.json").is_file()


@pytest.mark.broker
@pytest.mark.usefixtures("simulated")
def test_a_file_that_cannot_be_written_is_no_fault_of_relax(relax):
    done = relax("devices", "record", "strip", "--seconds", "1.5", "--output", "nowhere/strip.json")
    assert (done.code, done.err) == (1, "nowhere/strip.json cannot be written: no such file or directory.\n")


@pytest.mark.broker
@pytest.mark.usefixtures("simulated")
def test_as_json_it_says_what_it_wrote_or_why_it_did_not(relax, tmp_path):
    done = relax("devices", "record", "strip", "--seconds", "1.5", "--output", "strip.json", "--json")
    told = json.loads(done.out)
    assert (done.code, told["device"], told["file"], told["changes"]) == (0, "strip", "strip.json", 0)
    assert told["messages"] == len(json.loads((tmp_path / "strip.json").read_text())["decode"])
    silent = relax("devices", "record", "lamp", "--seconds", "0.3", "--json")
    assert (silent.code, json.loads(silent.out)["device"]) == (1, "lamp")
    assert json.loads(silent.out)["error"]["message"].startswith("Floor lamp said nothing.")


@pytest.mark.broker
@pytest.mark.usefixtures("simulated")
def test_in_a_checkout_it_goes_among_the_fixtures(relax, tmp_path):
    (tmp_path / "tests/devices/payloads/home_assistant").mkdir(parents=True)
    done = relax("devices", "record", "strip", "--seconds", "1.5", "--model", "Strip")
    (file,) = Path("tests/devices/payloads/home_assistant").glob("espressif-strip-2026.8.0-*.json")
    assert f"Wrote {file}" in done.out


@pytest.mark.broker
@pytest.mark.usefixtures("simulated")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ceiling", "Ceiling lamp is offline. Switch it on, and try again. No file was written.\n"),
        ("lamp", "Floor lamp said nothing. Is it switched on, and are its topics right?"),
        ("remote", "Remote said nothing. Press it while this listens; --seconds 30 gives you time."),
    ],
)
def test_a_device_that_says_nothing_is_exit_1_and_no_file(relax, tmp_path, name, words):
    done = relax("devices", "record", name, "--seconds", "0.3")
    assert done.code == 1
    assert words in done.err
    assert list(tmp_path.glob("*.json")) == []


@pytest.mark.broker
@pytest.mark.usefixtures("home_file")
def test_no_broker_is_exit_3(relax, mosquitto):
    mosquitto.kill()
    done = relax("devices", "record", "lamp")
    assert done.code == 3
    assert f"No broker answers at 127.0.0.1:{mosquitto.port}" in done.err


def test_an_unknown_device_is_exit_2_with_the_nearest(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(DEMO.read_text())
    done = relax("devices", "record", "lmap")
    assert (done.code, done.err) == (2, "home.yaml has no device `lmap`; did you mean `lamp`?\n")


def test_no_file_is_written_over(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(DEMO.read_text())
    (tmp_path / "mine.json").write_text("{}")
    done = relax("devices", "record", "lamp", "--output", "mine.json")
    assert (done.code, done.err) == (2, "mine.json is there already, and is not written over. Name another file.\n")
