"""`relax home init`, `home add` and `devices list`, `show`, `discover`, as a person calls them at a real broker."""

import asyncio
import http.server
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from orchestrator.cli.home.broker_search import first_that_answers
from orchestrator.cli.home.listening import listened
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerUnreachable
from orchestrator.home import library
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from tests.cli.conftest import ROOT
from tests.cli.far_devices import at_broker, listener, retained
from tests.conftest import LIMIT, Mosquitto, until
from tests.devices.discovery.homes import RecordedHome, content, message, names, recorded

pytestmark = pytest.mark.broker

LAMPS = "zigbee2mqtt/real-2.14.1-simulated-lamps"
MEBIBYTE = 1024
"""In what Linux counts memory in."""
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
"""Calls a command and says its peak of memory: Linux takes that of who starts it for its own, and this is small."""


@pytest.fixture
def lamps(mosquitto: Mosquitto) -> Iterator[list[Message]]:
    with at_broker(mosquitto.port, recorded(LAMPS)) as asked:
        yield asked


def broker(mosquitto: Mosquitto) -> tuple[str, ...]:
    return ("--broker", f"127.0.0.1:{mosquitto.port}", "--seconds", "1")


@pytest.mark.usefixtures("lamps")
def test_it_writes_a_sound_home_that_is_checked_and_simulated(relax, mosquitto, tmp_path):
    done = relax("home", "init", "--yes", *broker(mosquitto))
    assert (done.code, done.err) == (0, "")
    assert "home.yaml is written: 14 devices." in done.out
    assert "  bedroom: main: bedside_left; glow: bedside_right\n" in done.out
    assert "relax run foot-massage --standalone --room bedroom" in done.out
    checked = relax("home", "check")
    assert (checked.code, checked.out.splitlines()[0]) == (0, "home: fine (14 devices)")
    assert relax("simulate", "foot-massage", "--home", "home.yaml", "--room", "bedroom", "--json").code == 0
    schema = json.loads((tmp_path / "home.schema.json").read_text())
    assert schema["title"] == "A relax home"


def test_where_nothing_can_be_written_it_says_so_before_it_listens(relax, mosquitto, tmp_path):
    (tmp_path / "file").touch()
    for folder, why in (("nowhere", "is not there"), ("file", "is no folder that can be written to")):
        done = relax("home", "init", "--yes", f"{folder}/home.yaml", *broker(mosquitto))
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"{folder}/home.yaml cannot be written: {folder} {why}.")


@pytest.mark.usefixtures("lamps")
def test_as_json_it_asks_nothing_and_says_what_is_in_the_file(relax, mosquitto, tmp_path):
    done = relax("home", "init", "--json", *broker(mosquitto))
    assert (done.code, done.err) == (0, "Listening for 1 s.\n")
    told = json.loads(done.out)
    home = library.load(tmp_path / "home.yaml")
    assert {each["name"] for each in told["devices"]} == set(home.devices)
    assert told["rooms"] == {name: dict(room.roles) for name, room in home.model.rooms.items()}
    assert told["play"] == "relax run foot-massage --standalone --room bedroom"
    assert told["in_no_room"]
    assert relax("home", "check").code == 0
    again = relax("home", "add", "--json", "--seconds", "1")
    assert (again.code, json.loads(again.out)) == (0, {"file": "home.yaml", "added": [], "not_added": {}})
    text = (tmp_path / "home.yaml").read_text()
    head, _, rest = text.partition("  shelf:\n")
    fewer = head + rest[rest.index("\n  #") + 1 :]
    (tmp_path / "home.yaml").write_text(fewer)
    added = relax("home", "add", "--json", "--seconds", "1")
    assert [each["name"] for each in json.loads(added.out)["added"]] == ["shelf"]


@pytest.mark.usefixtures("lamps")
def test_a_file_that_is_there_stays_as_it_is(relax, mosquitto, tmp_path):
    (tmp_path / "home.yaml").write_text("mine\n")
    done = relax("home", "init", "--yes", *broker(mosquitto))
    assert (done.code, done.out) == (2, ""), "it says so before it listens"
    assert done.err == (
        "home.yaml is there already, and stays as it is. "
        "relax home add home.yaml puts new devices into it; or name another file.\n"
    )
    assert (tmp_path / "home.yaml").read_text() == "mine\n"
    (tmp_path / "home.schema.json").write_text("mine too\n")
    assert relax("home", "init", "--yes", "other.yaml", *broker(mosquitto)).code == 0
    assert (tmp_path / "home.schema.json").read_text() == "mine too\n"


def test_nothing_found_is_exit_1_and_no_file(relax, mosquitto, tmp_path):
    done = relax("home", "init", "--yes", *broker(mosquitto))
    assert done.code == 1
    assert "No device that relax knows says anything" in done.err
    assert list(tmp_path.glob("home*")) == []


def test_no_broker_is_exit_3(relax, mosquitto, tmp_path):
    mosquitto.kill()
    for command in (("home", "init", "--yes"), ("devices", "discover")):
        done = relax(*command, *broker(mosquitto))
        assert done.code == 3
        assert f"127.0.0.1:{mosquitto.port}" in done.err
    assert list(tmp_path.glob("home*")) == []


async def nobody_announces() -> list[Address]:
    return []


def test_where_no_broker_is_named_one_is_looked_for(relax, mosquitto, monkeypatch, lamps):
    monkeypatch.setattr("orchestrator.cli.home.broker_search._OF_HOME_ASSISTANT", ())
    monkeypatch.setattr("orchestrator.cli.home.broker_search._USUAL", (mosquitto.address,))
    monkeypatch.setattr("orchestrator.cli.home.broker_search.announced_brokers", nobody_announces)
    done = relax("home", "init", "--yes", "--seconds", "1")
    assert (done.code, done.out.splitlines()[0]) == (0, f"A broker answers at {mosquitto.address}.")
    monkeypatch.setattr("orchestrator.cli.home.broker_search._USUAL", ())
    done = relax("home", "init", "--yes", "other.yaml")
    assert (done.code, done.err) == (
        3,
        "No broker was found. Is it on? Say where it is: --broker HOST:PORT; or start one: relax broker.\n",
    )


@pytest.mark.usefixtures("lamps")
def test_a_room_has_the_name_that_is_given_where_nobody_says_one(relax, mosquitto, tmp_path):
    with at_broker(mosquitto.port, RecordedHome([Message("zigbee2mqtt/bridge/devices", "[]", retain=True)])):
        pass
    with at_broker(mosquitto.port, recorded("home_assistant/blled-abbreviated")):
        done = relax("home", "init", "--yes", "--room", "Studio", "--language", "de", *broker(mosquitto))
    assert done.code == 0
    home = library.load(tmp_path / "home.yaml")
    assert list(home.model.rooms) == ["studio"]
    assert home.model.language == "de"


UNRECORDED = (
    RecordedHome([Message("mopidy/stat/plstate", "stopped"), Message("mopidy/stat/vol", "40")]),
    RecordedHome(
        [Message("speakers/den/state", '{"playing": "", "volume": 0.3, "abilities": ["say", "done"]}', retain=True)]
    ),
)
"""Families of which no recording is kept: what their software says (`tests/devices/payloads`)."""


def everything() -> list[RecordedHome]:
    """All recorded homes that can be at one broker: of two that have one name, one."""
    twice = {"shelly/gen2-plus-1pm", "wled/rgb", "wled/rgbw", "wled/versions-0.14.4", "zigbee2mqtt/frontend-2x"}
    twice |= {name for name in names() if name.startswith("zigbee2mqtt/") and name != LAMPS}
    return [*(recorded(name) for name in names() if name not in twice and "status" not in content(name)), *UNRECORDED]


def test_a_broker_with_everything_and_5000_topics_more_is_found_in_8_s(mosquitto, tmp_path):
    """With no device twice, with nothing published but the questions, in less than 100 MiB."""

    def unrelated(number: int) -> tuple[str, str]:
        forms = ("plant/{}/state", "{}/online", "house/{}/online", "logs/{}/value", "homeassistant/sensor/s{}/config")
        return forms[number % len(forms)].format(number), json.dumps({"value": "x" * 200, "number": number})

    retained(mosquitto.port, 5000, unrelated)
    with at_broker(mosquitto.port, *everything()), listener(mosquitto.port) as published:
        before = set(published)
        command = [sys.executable, "-m", "orchestrator", "devices", "discover", "--json"]
        child = subprocess.run(
            [sys.executable, "-c", MEASURED, *command, "--broker", f"127.0.0.1:{mosquitto.port}"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert child.returncode == 0
    assert int(child.stderr.split()[-1]) < 100 * MEBIBYTE
    found = json.loads(child.stdout)["devices"]
    entries = [json.dumps(each["entry"], sort_keys=True) for each in found]
    assert len(entries) == len(set(entries))
    assert len({json.dumps(_target(each["entry"])) for each in found}) == len(found)
    dialects = {each["entry"]["dialect"] for each in found}
    spoken = {"zigbee2mqtt", "home_assistant", "tasmota", "shelly1", "shelly2", "wled", "homie", "sonos2mqtt", "hermes"}
    assert dialects == spoken | {"mopidy", "relax_speaker"}
    together = RecordedHome(
        [message for home in everything() for message in home.said],
        {question: answer for home in everything() for question, answer in home.answers.items()},
    ).surveyed()
    assert len(found) == len(together.found())
    theirs = {message.topic for home in everything() for message in home.said}
    asked = {topic for topic in set(published) - before - theirs if not topic.startswith("relax-probe-")}
    safe = re.compile(
        r".*/rpc|shellies/command|cmnd/[^/]+/Status|rhasspy/(tts/getVoices|audioServer/getDevices)|mopidy/c/inf"
    )
    answers = {answer[0] for home in everything() for listed in home.answers.values() for answer in listed}
    assert [topic for topic in asked - answers if not safe.fullmatch(topic)] == []


def _target(entry: dict[str, Any]) -> list[Any]:
    keys = ("dialect", "topic", "command_topic", "set", "site", "name", "component", "output", "kind")
    return [entry.get(key) for key in keys]


@pytest.mark.usefixtures("lamps")
def test_what_is_new_comes_into_a_file_and_every_other_letter_stays(relax, mosquitto, tmp_path, monkeypatch):
    mine = f"""\
# ours, since 2024
home: ours
format: 1
broker: {{port: {mosquitto.port}}}   # in the cupboard
devices:
  # the big one
  hall: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/hall}}   # by Anna

rooms:
  hall: {{roles: {{main: hall}}}}   # nothing else
"""
    (tmp_path / "home.yaml").write_text(mine)
    done = relax("home", "add", "--seconds", "1")
    assert (done.code, done.err) == (0, "")
    assert "13 new devices in home.yaml." in done.out
    text = (tmp_path / "home.yaml").read_text()
    assert all(line in text.splitlines() for line in mine.splitlines())
    home = library.read(text, "home.yaml")
    assert len(home.devices) == 14
    assert home.devices["hall"].settings.model_fields_set == {"kind", "dialect", "topic"}
    assert "# NOT KNOWN coolest, warmest" in text
    again = relax("home", "add", "--seconds", "1")
    assert (again.code, again.out.splitlines()[-1]) == (0, "Nothing new in home.yaml.")
    assert (tmp_path / "home.yaml").read_text() == text
    (tmp_path / "home.yaml").write_text(mine)
    monkeypatch.setattr("orchestrator.home.additions.known_as", lambda found, home: None)
    once_more = relax("home", "add", "--seconds", "1")
    assert once_more.code == 0
    assert "has this topic already" in once_more.out, "one that cannot be added …"
    assert "12 new devices in home.yaml." in once_more.out, "… keeps no other out but its group"


@pytest.mark.usefixtures("lamps")
def test_devices_are_listed_shown_and_discovered(relax, mosquitto):
    assert relax("home", "init", "--yes", *broker(mosquitto)).code == 0
    listed = json.loads(relax("devices", "list", "--json").out)
    assert [each["name"] for each in listed][:2] == ["bedside_left", "bedside_right"]
    assert listed[0]["plays"] == ["main in bedroom"]
    assert "bedside_left" in relax("devices", "list").out
    shown = relax("devices", "show", "shelf")
    assert shown.code == 0
    assert "one_attribute_per_fade: true" in shown.out
    assert "plays: nothing yet" in shown.out
    assert "\nas a light:\n  fades by itself, 1.8 h at most, told in pieces of 10 s\n" in shown.out
    assert json.loads(relax("devices", "show", "shelf", "--json").out)["abilities"]["light"]["colours"] == [
        "temperature",
        "rgb",
    ]
    wrong = relax("devices", "show", "shlef")
    assert (wrong.code, "did you mean `shelf`?" in wrong.err) == (2, True)
    found = relax("devices", "discover", "--seconds", "1")
    assert (found.code, found.out.splitlines()[-1]) == (0, "14 devices found.")
    assert re.search(r"^hall +light +zigbee2mqtt +Hall ", found.out, re.MULTILINE), "as `home init` has it"
    away = relax("devices", "discover", "--broker", "127.0.0.1:1", "--json")
    assert (away.code, list(json.loads(away.out))) == (3, ["error"])
    data = json.loads(relax("devices", "discover", "--seconds", "1", "--json").out)
    assert all(each["in_home"] for each in data["devices"])


def test_discovery_below_another_prefix_is_found_and_stands_in_the_file(relax, mosquitto, tmp_path):
    lamp = {"schema": "json", "cmd_t": "den/lamp/set", "stat_t": "den/lamp", "sup_clrm": ["color_temp"], "name": "Den"}
    retained(mosquitto.port, 1, lambda _: ("hass/light/lamp/config", json.dumps(lamp)))
    done = relax("home", "init", "--yes", *broker(mosquitto))
    assert (done.code, done.err) == (0, "")
    assert "home_assistant: {prefix: hass}\n" in (tmp_path / "home.yaml").read_text()
    home = library.load(tmp_path / "home.yaml")
    (device,) = home.devices.values()
    assert device.settings.model_dump()["discovery_prefix"] == "hass"
    mine = (tmp_path / "home.yaml").read_text().replace("home_assistant: {prefix: hass}\n", "")
    (tmp_path / "other.yaml").write_text(mine)
    told = relax("home", "add", "other.yaml", "--seconds", "1").out
    assert "Write into other.yaml: home_assistant: {prefix: hass}" in told


@pytest.mark.usefixtures("lamps")
def test_what_a_home_ignores_is_not_added(relax, mosquitto, tmp_path):
    head = f"home: ours\nformat: 1\nbroker: {{port: {mosquitto.port}}}\n"
    (tmp_path / "home.yaml").write_text(f"{head}ignore: [zigbee2mqtt/#]\nrooms: {{den: {{roles: {{}}}}}}\n")
    done = relax("home", "add", "--seconds", "1")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Nothing new in home.yaml.")


class Strips(http.server.BaseHTTPRequestHandler):
    """The pages of two strips: one has all channels, one is busy."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if "aabbcc" in self.path:
            self.send_error(503)
            return
        said = json.dumps({"mac": "ddeeff0455f0", "name": "Shelf", "leds": {"lc": 7}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None: ...


def test_strips_are_asked_over_http_where_somebody_wants_that(relax, mosquitto, monkeypatch):
    names = ("0455f0", "aabbcc")
    retained(mosquitto.port, 2, lambda number: (f"wled/{names[number]}/status", "online"))
    Strips.asked.clear()
    with http.server.HTTPServer(("127.0.0.1", 0), Strips) as server:
        page = f"http://127.0.0.1:{server.server_port}/{{name}}/json/info"
        monkeypatch.setattr("orchestrator.devices.discovery.wled._PAGE", page)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        assert relax("devices", "discover", "--json", *broker(mosquitto)).code == 0
        assert Strips.asked == [], "nobody wanted that"
        found = json.loads(relax("devices", "discover", "--json", "--ask-devices", *broker(mosquitto)).out)["devices"]
        server.shutdown()
        serving.join()
    assert sorted(Strips.asked) == ["GET /0455f0/json/info", "GET /aabbcc/json/info"]
    assert {each["title"]: each["entry"]["colors"] for each in found} == {
        "Shelf": ["temperature", "rgb"],
        "WLED aabbcc": ["rgb"],
    }


def test_a_bridge_that_has_just_been_started_is_waited_for_and_it_is_said(relax, mosquitto):
    retained(mosquitto.port, 1, lambda _: ("zigbee2mqtt/bridge/state", '{"state":"online"}'))
    late = RecordedHome([message(each) for each in content(LAMPS)["messages"] if "devices" in each["topic"]])
    over = threading.Event()

    def start() -> None:
        with at_broker(mosquitto.port, late):
            over.wait(LIMIT)

    timer = threading.Timer(2.0, start)
    timer.start()
    done = relax("devices", "discover", *broker(mosquitto))
    over.set()
    timer.join()
    assert done.code == 0
    assert "The bridge zigbee2mqtt has just been started" in done.out
    assert "13 devices found." in done.out


CTRL_C = "\x03"
"""It is no controlling terminal: the signal is sent."""


def asked(folder: Path, said: list[tuple[str, str]], *arguments: str, **environment: str) -> tuple[int, str]:
    """The command in a terminal of its own: each answer is given when its question is there."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    heard, waiting = "", list(said)
    try:
        while True:
            heard += os.read(ours, 4096).decode()
            if waiting and waiting[0][0] in heard.rpartition("\x00")[2]:
                heard += "\x00"
                answer = waiting.pop(0)[1]
                if answer == CTRL_C:
                    child.send_signal(signal.SIGINT)
                else:
                    os.write(ours, f"{answer}\n".encode())
    except OSError:  # its end is the end of the terminal
        pass
    finally:
        os.close(ours)
    return child.wait(LIMIT), heard.replace("\x00", "")


@pytest.mark.usefixtures("lamps")
def test_in_a_terminal_it_asks_which_room_and_what_is_in_it(mosquitto, tmp_path):
    said = [
        ("In which room do you relax? [Bedroom]:", "Attic"),
        ("Which of these are in it?", "99"),
        ("Write numbers", "3,5-6"),
    ]
    code, heard = asked(tmp_path, said, "home", "init", *broker(mosquitto))
    assert code == 0, heard
    home = library.load(tmp_path / "home.yaml")
    assert {name: dict(room.roles) for name, room in home.model.rooms.items()}["attic"] == {
        "main": "floor_lamp",
        "glow": ["hall", "shelf"],
    }


@pytest.mark.usefixtures("lamps")
def test_enter_takes_what_is_proposed(mosquitto, tmp_path):
    said = [("In which room", ""), ("Which of these", "")]
    code, heard = asked(tmp_path, said, "home", "init", *broker(mosquitto))
    assert code == 0, heard
    home = library.load(tmp_path / "home.yaml")
    assert home.model.rooms["bedroom"].roles == {"main": "bedside_left", "glow": "bedside_right"}


@pytest.mark.usefixtures("lamps")
def test_what_it_says_is_cut_in_no_word(mosquitto, tmp_path):
    (tmp_path / "in").mkdir()
    said = [("In which room", ""), ("Which of these", "all")]
    code, heard = asked(tmp_path / "in", said, "home", "init", *broker(mosquitto), COLUMNS="60")
    assert code == 0, heard
    _, _, summary = heard.partition("home.yaml is written")
    lines = [line.rstrip() for line in summary.splitlines()]
    assert all(len(line) <= 60 for line in lines if not line.startswith("Play: "))
    home = library.load(tmp_path / "in" / "home.yaml")
    words = {word.strip(":,;") for line in lines for word in line.split()}
    assert {name for each in home.model.rooms.values() for name in each.roles["glow"]} <= words


@pytest.mark.usefixtures("lamps")
def test_names_of_devices_can_be_read_and_typed_at_eighty_columns(relax, mosquitto, monkeypatch):
    assert relax("home", "init", "--yes", "--seconds", "1", *broker(mosquitto)).code == 0
    names = {each["name"] for each in json.loads(relax("devices", "list", "--json").out)}
    for columns in ("80", "50"):
        monkeypatch.setenv("COLUMNS", columns)
        listed = relax("devices", "list").out
        assert names <= {line.split(" ")[0] for line in listed.splitlines()}
        assert "…" not in listed
        assert all(len(line) <= int(columns) for line in listed.splitlines())
    found = relax("devices", "discover", "--seconds", "1").out
    assert "…" not in found


def test_where_there_is_no_home_file_nobody_is_sent_to_it(has_mosquitto, tmp_path, relax, monkeypatch):
    secrets = tmp_path / "passwords"
    secrets.touch()
    guarded = Mosquitto(tmp_path, f"allow_anonymous false\npassword_file {secrets}")
    guarded.start()
    try:
        unnamed = relax("home", "init", "--yes", *broker(guarded))
        monkeypatch.setenv("RELAX_BROKER_PASSWORD", "wrong")
        wrong = relax("home", "init", "--yes", "--broker", f"mqtt://me@127.0.0.1:{guarded.port}")
    finally:
        guarded.kill()
    away = relax("home", "init", "--yes", *broker(guarded))
    assert (unnamed.code, wrong.code, away.code) == (3, 3, 3)
    there = f"--broker mqtt://{{}}@127.0.0.1:{guarded.port}, and the password in RELAX_BROKER_PASSWORD."
    assert unnamed.err.rstrip().endswith(f"It wants a name and a password: {there.format('USER')}")
    assert wrong.err.rstrip().endswith(f"Check the name and the password: {there.format('me')}")
    assert away.err.rstrip().endswith("Say where it is: --broker HOST:PORT; or start one: relax broker.")
    assert "home file" not in unnamed.err + wrong.err + away.err


def test_a_password_is_asked_once_and_is_in_no_file(has_mosquitto, tmp_path):
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("no mosquitto_passwd")
    secrets = tmp_path / "passwords"
    subprocess.run([program, "-c", "-b", secrets, "relax", "right-secret"], check=True, capture_output=True)
    (tmp_path / "in").mkdir()
    guarded = Mosquitto(tmp_path, f"allow_anonymous false\npassword_file {secrets}")
    guarded.start()
    try:
        lamp = RecordedHome([message(each) for each in content("home_assistant/blled-abbreviated")["messages"]])
        publish(guarded.port, lamp.said)
        said = [("User name", "relax"), ("Password", "right-secret"), ("In which room", ""), ("Which of these", "")]
        code, heard = asked(tmp_path / "in", said, "home", "init", *broker(guarded))
        assert code == 0, heard
        assert heard.count("Password (") == 1
        assert "export RELAX_BROKER_PASSWORD" in heard
        text = (tmp_path / "in" / "home.yaml").read_text()
        assert "right-secret" not in text + heard
        assert 'password: "${RELAX_BROKER_PASSWORD}"' in text
    finally:
        guarded.kill()


@pytest.mark.parametrize("question", ["User name", "Password", "In which room", "Which of these"])
def test_ctrl_c_at_any_question_ends_it(has_mosquitto, tmp_path, question):
    """Also where a loop runs around the question."""
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("no mosquitto_passwd")
    secrets = tmp_path / "passwords"
    subprocess.run([program, "-c", "-b", secrets, "relax", "right-secret"], check=True, capture_output=True)
    (tmp_path / "in").mkdir()
    guarded = Mosquitto(tmp_path, f"allow_anonymous false\npassword_file {secrets}")
    guarded.start()
    try:
        announce(guarded.port)
        said = [("User name", "relax"), ("Password", "right-secret"), ("In which room", ""), ("Which of these", "")]
        place = next(place for place, (asks, _) in enumerate(said) if asks == question)
        code, heard = asked(tmp_path / "in", [*said[:place], (question, CTRL_C)], "home", "init", *broker(guarded))
    finally:
        guarded.kill()
    assert code == 130, heard
    assert "Traceback" not in heard
    assert list((tmp_path / "in").iterdir()) == []


def publish(port: int, said: list[Message]) -> None:
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("relax", "right-secret")
    client.connect("127.0.0.1", port)
    client.loop_start()
    for each in said:
        client.publish(each.topic, each.payload, 1, retain=True).wait_for_publish()
    client.disconnect()
    client.loop_stop()


async def test_the_first_broker_that_answers_is_taken(mosquitto):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = Address("127.0.0.1", nobody.getsockname()[1])
    assert await first_that_answers([closed, mosquitto.address]) == mosquitto.address
    assert await first_that_answers([closed]) is None


async def no_satellites(_seconds: float) -> list[FoundDevice]:
    return []


def announce(port: int) -> None:
    said = [message(each) for each in content("home_assistant/blled-abbreviated")["messages"]]
    publish(port, RecordedHome(said).said)


@pytest.mark.parametrize("comes_back", [True, False])
async def test_what_half_of_a_broker_said_is_no_home(mosquitto, monkeypatch, comes_back):
    """It goes away while it is listened to. What it says when it is back counts."""
    monkeypatch.setattr("orchestrator.cli.home.listening._AWAY", LIMIT if comes_back else 0.5)
    monkeypatch.setattr("orchestrator.cli.home.listening.announced_satellites", no_satellites)
    announce(mosquitto.port)
    asked, told = asyncio.Event(), []

    def tell(line: str) -> None:
        told.append(line)
        if comes_back:
            mosquitto.start()
            announce(mosquitto.port)

    others = Connection(
        mosquitto.address,
        client_id="others",
        subscriptions=("shellies/command",),
        on_message=lambda _message: asked.set(),
    )
    async with others:
        await others.first(LIMIT)
        listening = asyncio.create_task(listened(mosquitto.address, 2.0, tell))
        await until(asked.is_set)
        mosquitto.kill()
        if comes_back:
            assert [device.entry["dialect"] for device in (await listening).found()] == ["home_assistant"]
        else:
            with pytest.raises(BrokerUnreachable, match="No broker answers at"):
                await listening
    assert len(told) == 1
    assert "went away meanwhile" in told[0]
