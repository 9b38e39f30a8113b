"""`relax devices test` as a person calls it, at a real broker, with twins whose traps it has to find.

What it says is held against what the twin really shows, message by message.
"""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from orchestrator.calibration.device_state import colour_text
from orchestrator.calibration.trial import RoomLimits
from orchestrator.cli.home.calibrator import Calibrator, limits_of
from orchestrator.devices.messages import Message
from orchestrator.home import library
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.simulator.faults import parse
from orchestrator.simulator.serve import SimulatorService
from orchestrator.units import Percent
from orchestrator.values import Temperature
from tests.cli.conftest import ROOT
from tests.cli.test_home_init_command import asked
from tests.conftest import LIMIT, Mosquitto

pytestmark = pytest.mark.broker

HOME = """\
home: ours   # since 2024
format: 1
broker: {{port: {port}}}
devices:
  # the big one
  lamp:   # by Anna
    kind: light
    dialect: zigbee2mqtt
    topic: zigbee2mqtt/lamp   # over the stairs
  # the quick one
  globe: {{kind: light, dialect: tasmota, topic: globe, colors: [temperature, rgb]}}
  strip: {{kind: light, dialect: home_assistant, command_topic: s/light/s/command, state_topic: s/light/s/state}}
  plug: {{kind: switch, dialect: tasmota, topic: plug}}
  remote: {{kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}}
  speaker: {{kind: [player, voice], dialect: relax_speaker, topic: speakers/den}}
  pair: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/pair, members: [lamp, other]}}
  other: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/other}}
rooms:
  den: {{roles: {{main: lamp, glow: other, music: speaker, voice: speaker}}, limits: {{volume: 25%}}}}
"""


class Twins:
    """The simulated home at a broker, in a loop of its own. `levels` are all that a lamp was at, at each message."""

    def __init__(self, home: library.Home, address: Address, *faults: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._service = SimulatorService(home, address, parse(faults))
        self._home = home
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._over: asyncio.Event
        self.commands: list[Message] = []
        self._watcher: Connection

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._over = asyncio.Event()
        watched = [topic for topic in self._service.simulated.topics if topic.endswith(("/set", "Backlog", "POWER"))]
        self._watcher = Connection(
            self._service._connection.address,
            client_id="watches",
            subscriptions=[*watched, "cmnd/#"],
            on_message=self.commands.append,
        )
        async with self._service, self._watcher:
            await self._service.first(LIMIT)
            await self._watcher.first(LIMIT)
            self._ready.set()
            await self._over.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(LIMIT)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def do(self, deed: Callable[[SimulatorService], Any]) -> Any:
        async def done() -> Any:
            return deed(self._service)

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(LIMIT)

    def lamp(self, name: str) -> tuple[float, str]:
        def look(service: SimulatorService) -> tuple[float, str]:
            (found,) = (each for each in service.simulated.lamps(service.now()) if each.name == name)
            return round(found.level, 1), colour_text(found.colour) if found.colour is not None else ""

        shown: tuple[float, str] = self.do(look)
        return shown


@pytest.fixture
def file(tmp_path: Path, mosquitto: Mosquitto) -> Path:
    path = tmp_path / "home.yaml"
    path.write_text(HOME.format(port=mosquitto.port))
    return path


@contextmanager
def twins(file: Path, mosquitto: Mosquitto, *faults: str) -> Iterator[Twins]:
    with Twins(library.load(file), mosquitto.address, *faults) as there:
        yield there


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds of patience stand for sixteen, and three for ten."""
    monkeypatch.setattr("orchestrator.cli.home.calibrator.TRIAL_ANSWERED_WITHIN", 4000)
    monkeypatch.setattr("orchestrator.calibration.findings.PATIENT", 3000)


def say(mosquitto: Mosquitto, topic: str, payload: str, *, retain: bool = True) -> None:
    command = ["mosquitto_pub", "-p", str(mosquitto.port), "-t", topic, "-m", payload, *(["-r"] if retain else [])]
    subprocess.run(command, check=True)


def never_brighter(there: Twins, most: float) -> None:
    told = [json.loads(each.payload) for each in there.commands if each.topic == "zigbee2mqtt/lamp/set"]
    assert told
    assert max(each.get("brightness", 0) for each in told) <= round(most * 2.54)
    assert not any(each.get("state") == "OFF" for each in told)


def test_a_sound_lamp_confirms_all_and_is_as_before(relax, file, mosquitto):
    with twins(file, mosquitto) as there:
        before, text = there.lamp("lamp"), file.read_text()
        done = relax("devices", "test", "lamp")
        assert (done.code, done.err) == (0, "")
        assert there.lamp("lamp") == before
        never_brighter(there, before[0])
    assert re.sub(r"\d\.\d s", "0.0 s", done.out).splitlines() == [
        "Trying lamp (zigbee2mqtt) out; Ctrl-C gives it back.",
        "  a step to 49 %           confirmed after 0.0 s",
        "  a fade to 24 %, 4 s      confirmed after 0.0 s; it was heard on its way",
        "  amber                    confirmed after 0.0 s",
        "  warm white 2700 K        confirmed after 0.0 s",
        "  given back               it says that it is as it was: at 70 %, 4000 K",
        "Nothing follows for the home file: relax knows this device as it is.",
    ]
    assert file.read_text() == text


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("device", "fault", "options", "sets"),
    [
        ("lamp", "late_echo:1500", (), {"settle": "5s"}),
        ("lamp", "ignores_transitions", (), {"fade": "stepped"}),
        ("lamp", "intermediate", (), {}),
        ("lamp", "silent", ("--is", "70%"), {"reports": False}),
        ("strip", "ignores_transitions", (), {}),
        ("globe", "silent", ("--is", "70"), {"reports": False}),
    ],
)
def test_the_traps_of_a_lamp_are_found(relax, file, mosquitto, device, fault, options, sets):
    """What an ESPHome lamp does on its way it does not say: without eyes nothing follows from that."""
    with twins(file, mosquitto, f"{device}={fault}") as there:
        before, text = there.lamp(device), file.read_text()
        done = relax("devices", "test", device, "--json", *options)
        assert there.lamp(device)[0] == before[0]
        assert fault == "silent" or there.lamp(device) == before
    assert done.code == 0
    told = json.loads(done.out)
    assert told["sets"] == sets
    assert told["given_back"] is (None if fault == "silent" else True)
    assert told["written"] is False
    assert file.read_text() == text
    assert bool(sets) == ("With --yes this is written into it." in done.err)


@pytest.mark.usefixtures("hasty")
def test_with_yes_it_is_written_and_shown_and_every_comment_stays(relax, file, mosquitto):
    before = file.read_text()
    with twins(file, mosquitto, "lamp=ignores_transitions"):
        done = relax("devices", "test", "lamp", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "+    fade: stepped\n" in done.out
    assert done.out.endswith("Written into home.yaml.\n")
    line = "    topic: zigbee2mqtt/lamp   # over the stairs\n"
    assert file.read_text() == before.replace(line, f"{line}    fade: stepped\n")
    assert relax("home", "check").code == 0


def test_a_lamp_that_says_nothing_is_left_alone_where_nobody_says_how_it_is(relax, file, mosquitto, monkeypatch):
    monkeypatch.setattr("orchestrator.cli.home.calibrator.TRIAL_ANSWERED_WITHIN", 500)
    with twins(file, mosquitto, "lamp=silent") as there:
        done = relax("devices", "test", "lamp")
        assert there.commands == []
    assert done.code == 1
    assert "lamp does not say how it is, and could not be given back as it was: left alone." in done.err
    assert "--is 40% or --is off" in done.err


def test_a_lamp_that_is_off_comes_up_a_little_and_is_off_again(relax, file, mosquitto):
    with twins(file, mosquitto) as there:
        there.do(lambda service: service.turn("lamp", level=Percent(0.0)))
        done = relax("devices", "test", "lamp", "--json")
        told = [json.loads(each.payload) for each in there.commands if each.topic == "zigbee2mqtt/lamp/set"]
        assert max(each.get("brightness") or 0 for each in told) <= 64
        assert there.lamp("lamp")[0] == 0.0
    assert (done.code, json.loads(done.out)["given_back"]) == (0, True)


def test_a_speaker_is_no_louder_than_its_room_and_counts_to_two(relax, file, mosquitto):
    with twins(file, mosquitto) as there:
        done = relax("devices", "test", "speaker", "--json")
        told = [json.loads(each.payload) for each in there.commands if each.topic == "speakers/den/set"]
        (speaker,) = there.do(lambda service: service.simulated.players())
    assert done.code == 0, done.err
    assert [(each["what"], each["answer"]) for each in json.loads(done.out)["tried"]] == [
        ("volume", "confirmed"),
        ("words", "confirmed"),
    ]
    assert speaker.volume == 30.0
    assert [each.get("level", each.get("volume")) for each in told] == [0.21, 0.25, 0.3]


def test_at_night_a_room_is_as_low_as_its_night(file, monkeypatch):
    night = 'night: {from: "22:00", to: "07:00", voice: 50%, brightness: 20%}'
    file.write_text(file.read_text().replace("limits: {volume: 25%}", f"limits: {{volume: 25%}}, {night}"))
    home = library.load(file)
    monkeypatch.setattr("orchestrator.cli.home.calibrator.is_night_now", lambda _home, room: room == "den")
    limits = limits_of(home, home.devices["speaker"])
    assert (limits.brightness, limits.volume, limits.voice) == (20.0, 25.0, 20.0)
    assert limits_of(home, home.devices["plug"]) == RoomLimits()


def test_a_plug_is_told_what_it_is(relax, file, mosquitto):
    with twins(file, mosquitto) as there:
        before = there.do(lambda service: service.simulated.switches())
        done = relax("devices", "test", "plug", "--json")
        assert there.do(lambda service: service.simulated.switches()) == before
    assert (done.code, json.loads(done.out)["tried"][0]["answer"]) == (0, "confirmed")


def test_an_offline_device_is_exit_1(relax, file, mosquitto):
    with twins(file, mosquitto, "lamp=offline"):
        done = relax("devices", "test", "lamp")
    assert (done.code, done.err) == (1, "lamp is offline. Switch it on, and try again.\n")


def test_as_json_the_reason_is_json_as_well_whatever_it_is(relax, file, mosquitto):
    with twins(file, mosquitto, "lamp=offline"):
        done = relax("devices", "test", "lamp", "--json")
    assert (done.code, json.loads(done.out)) == (
        1,
        {"device": "lamp", "error": {"message": "lamp is offline.", "hint": "Switch it on, and try again."}},
    )
    assert done.err == "lamp is offline. Switch it on, and try again.\n"
    wrong = relax("devices", "test", "lmap", "--json")
    assert (wrong.code, "did you mean `lamp`" in json.loads(wrong.out)["error"]["message"]) == (2, True)
    mosquitto.kill()
    away = relax("devices", "test", "lamp", "--json")
    assert (away.code, json.loads(away.out)["device"]) == (3, "lamp")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lmap", "did you mean `lamp`?"),
        ("pair", "Test lamp or other; the group follows."),
        ("remote", "relax devices record remote --seconds 30 listens to it."),
    ],
)
def test_what_cannot_be_tried_is_exit_2(relax, file, name, words):
    done = relax("devices", "test", name)
    assert (done.code, words in done.err) == (2, True)
    assert relax("devices", "test", "lamp", "--is", "bright").code == 2


# Who has it


def test_a_lamp_of_a_session_that_was_cut_off_is_left_alone(relax, file, mosquitto):
    """What is retained outlives the service that said it."""
    say(mosquitto, "relax/rooms/den/session", json.dumps({"status": "running", "title": "Foot massage"}))
    with twins(file, mosquitto) as there:
        done = relax("devices", "test", "lamp")
        assert there.commands == []
        assert relax("devices", "test", "plug", "--json").code == 0, "it plays in no room"
    assert done.code == 4
    assert done.err == (
        "A session in den was cut off, and lamp played in it: it is not as it was. "
        "Start relax: it gives the room back, or goes on.\n"
    )


def test_what_a_former_session_still_owes_is_not_tried(relax, file, mosquitto):
    say(mosquitto, "relax/rooms/den/session", json.dumps({"status": "idle", "owed": ["lamp"]}))
    with twins(file, mosquitto) as there:
        done = relax("devices", "test", "lamp")
        assert there.commands == []
    assert (done.code, "`relax owed` says why" in done.err) == (4, True)


def test_it_works_beside_a_running_service_which_keeps_out_of_it(relax, file, mosquitto, process):
    with twins(file, mosquitto) as there:
        service = process("daemon", "--home", str(file))
        _wait(lambda: relax("status", "--home", str(file)).code == 0)
        before = there.lamp("lamp")
        done = relax("devices", "test", "lamp", "--json")
        assert (done.code, json.loads(done.out)["given_back"]) == (0, True)
        assert there.lamp("lamp") == before
        room = json.loads(relax("status", "--home", str(file), "--json").out)["rooms"]["den"]
        assert (room["status"], room.get("overridden", {}), room.get("owed", [])) == ("idle", {}, [])
        assert relax("run", "box-breathing", "--detach", "--home", str(file)).code == 0
        busy = relax("devices", "test", "lamp")
        assert (busy.code, "A session is on in den (Box breathing)" in busy.err) == (4, True)
        relax("abort", "--home", str(file))
        service.send_signal(signal.SIGTERM)
        assert service.wait(LIMIT) == 0


def test_a_session_of_its_own_process_is_not_disturbed(relax, file, mosquitto, process):
    with twins(file, mosquitto):
        run = process("run", "box-breathing", "--standalone", "--home", str(file))
        claimed = subprocess.run(
            ["mosquitto_sub", "-p", str(mosquitto.port), "-t", "relax-drivers/ours/claim", "-C", "1", "-W", "60"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert claimed.stdout
        done = relax("devices", "test", "lamp")
        assert done.code == 4
        assert "`relax run --standalone`" in done.err
        run.kill()  # it would take a minute and a half to give the room back
        run.wait(LIMIT)


# On every way out


def begun(file: Path, there: Twins, lamp: str = "lamp") -> "subprocess.Popen[str]":
    """The command as a process, once the lamp is being faded."""
    child = subprocess.Popen(
        [sys.executable, "-m", "orchestrator", "devices", "test", lamp],
        cwd=file.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    fades = f"zigbee2mqtt/{lamp}/set"
    _wait(lambda: any(each.topic == fades and "transition" in each.payload for each in there.commands))
    return child


def _wait(condition: Callable[[], object]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_is_given_back_whatever_ends_the_command(file, mosquitto, number):
    with twins(file, mosquitto) as there:
        before = there.lamp("lamp")
        child = begun(file, there)
        child.send_signal(number)
        _, err = child.communicate(timeout=LIMIT)
        assert child.returncode == 130
        assert err == "lamp is given back.\n"
        assert there.lamp("lamp") == before
        never_brighter(there, before[0])


@pytest.mark.parametrize("turns", range(4))
async def test_an_interrupt_that_comes_together_with_a_report_is_not_lost(turns: int) -> None:
    """Python 3.11 loses it in `asyncio.wait_for`: the command then goes on to its end."""
    home = library.read(HOME.format(port=1), "home.yaml")
    one = Calibrator(home, home.devices["lamp"], Address("127.0.0.1", 1), "relax")
    listening = asyncio.ensure_future(one._pause(0.5))
    await asyncio.sleep(0.01)
    one._receive(Message("zigbee2mqtt/lamp", '{"state": "ON"}'))
    for _ in range(turns):
        await asyncio.sleep(0)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening


def test_it_is_given_back_where_the_broker_goes_and_comes_again(file, mosquitto):
    with twins(file, mosquitto) as there:
        before = there.lamp("lamp")
        child = begun(file, there)
        mosquitto.kill()
        _wait(lambda: not there.do(lambda service: service._connection.is_connected))
        mosquitto.start()
        _, err = child.communicate(timeout=LIMIT)
        assert child.returncode == 3
        assert "The broker went away" in err
        assert "look at it" not in err
        assert there.lamp("lamp") == before


def test_a_session_that_begins_meanwhile_has_it_from_then_on(file, mosquitto):
    """What is given back to a lamp that a session has would look like a hand."""
    with twins(file, mosquitto) as there:
        child = begun(file, there)
        say(mosquitto, "relax/rooms/den/session", json.dumps({"status": "starting", "title": "Foot massage"}))
        _, err = child.communicate(timeout=LIMIT)
        assert child.returncode == 4
        assert "at 70 %, 4000 K" in err
        assert "A session is on in den (Foot massage)" in err
        assert not any('"brightness":178' in each.payload for each in there.commands)


def test_who_begins_to_drive_meanwhile_finds_it_as_it_was(file, mosquitto, process):
    with twins(file, mosquitto) as there:
        before = there.lamp("lamp")
        child = begun(file, there)
        service = process("daemon", "--home", str(file))
        _, err = child.communicate(timeout=LIMIT)
        assert child.returncode == 1
        assert "Another relax begins to drive this home" in err
        assert there.lamp("lamp") == before
        service.terminate()
        service.wait(LIMIT)


# In a terminal


def test_in_a_terminal_eyes_are_asked(file, mosquitto):
    """An ESPHome lamp does not say how it gets there; which step looks half as bright only eyes can tell."""
    with twins(file, mosquitto, "strip=ignores_transitions") as there:
        before = there.lamp("strip")
        said = [
            ("did the light go gently", "o"),
            ("Which looks half as bright?", ""),
            ("Half as bright was", "2"),
            ("Write this into home.yaml?", "y"),
        ]
        code, heard = asked(file.parent, said, "devices", "test", "strip")
        assert code == 0, heard
        assert there.lamp("strip") == before
    strip = library.load(file).devices["strip"].settings
    assert (strip.fade, strip.curve) == ("stepped", "linear")
    assert "# the quick one" in file.read_text()


def test_in_a_terminal_a_person_says_how_a_silent_lamp_is_and_no_is_no(file, mosquitto):
    text = file.read_text()
    with twins(file, mosquitto, "lamp=silent") as there:
        there.do(lambda service: service.turn("lamp", level=Percent(20.0), colour=Temperature(370.0)))
        said = [
            ("How bright is it now?", "20"),
            ("did the light go gently", ""),
            ("Write this into home.yaml?", "n"),
        ]
        code, heard = asked(file.parent, said, "devices", "test", "lamp")
        assert code == 0, heard
        assert there.lamp("lamp")[0] == pytest.approx(20.0, abs=0.5)
    assert "home.yaml stays as it is." in heard
    assert "+    reports: false" in heard
    assert file.read_text() == text


def test_two_lamps_are_tried_at_one_time(file, mosquitto):
    """Who only asks who drives does not begin to."""
    with twins(file, mosquitto) as there:
        before = [there.lamp(name) for name in ("lamp", "other")]
        children = [begun(file, there)]
        children.append(begun(file, there, "other"))
        assert [child.communicate(timeout=LIMIT)[1] for child in children] == ["", ""]
        assert [child.returncode for child in children] == [0, 0]
        assert [there.lamp(name) for name in ("lamp", "other")] == before
