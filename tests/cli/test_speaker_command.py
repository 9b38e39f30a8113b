"""`relax speaker` as a process, and what it says where it cannot begin."""

import asyncio
import json
import os
import signal
import sys
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestrator.cli.app import app
from orchestrator.cli.service.speaker import needs_the_extra, speaker_topic
from orchestrator.devices.messages import Message
from orchestrator.errors import RelaxError, UsageError
from orchestrator.home import library
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, until

DEMO = Path(library.__file__).with_name("demo.yaml")


def test_the_topic_is_that_of_the_rooms_speaker():
    assert speaker_topic(library.load(DEMO), None) == "speakers/den"
    assert speaker_topic(library.load(DEMO), "den") == "speakers/den"


def test_a_room_that_is_not_there_is_said():
    with pytest.raises(UsageError, match="no room attic"):
        speaker_topic(library.load(DEMO), "attic")


def test_without_home_and_topic_it_says_what_to_say():
    with pytest.raises(UsageError, match="Say --topic TOPIC"):
        speaker_topic(None, None)


def test_without_the_extra_it_says_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(RelaxError, match=r"pip install 'relax-orchestrator\[speaker\]'"):
        needs_the_extra()


def test_a_machine_without_miniaudio_lists_what_it_has(monkeypatch):
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    assert CliRunner().invoke(app, ["speaker", "--list"]).exit_code == 0


def test_the_list_has_the_soundscapes():
    shown = CliRunner().invoke(app, ["speaker", "--list"])
    assert shown.exit_code == 0
    assert "relax:rain" in shown.stdout


@pytest.mark.broker
async def test_it_plays_is_killed_and_comes_back(mosquitto, tmp_path):
    file = tmp_path / "heard.wav"
    words = ["--topic", "speakers/den", "--broker", str(mosquitto.address), "--to", str(file)]
    command = [sys.executable, "-m", "orchestrator", "speaker", *words]
    said: dict[str, str] = {}

    def hear(message: Message) -> None:
        said[message.topic.rpartition("/")[2]] = message.payload

    def playing() -> object:
        return json.loads(said.get("state", "{}")).get("playing")

    async with Connection(mosquitto.address, client_id="ear", subscriptions=["speakers/den/#"], on_message=hear) as ear:
        await ear.first(LIMIT)
        first = await asyncio.create_subprocess_exec(*command, env=dict(os.environ), stdout=asyncio.subprocess.DEVNULL)
        await until(lambda: said.get("status") == "online" and playing() == "")
        ear.publish([Message("speakers/den/set", json.dumps({"do": "play", "uri": "relax:rain", "loop": True}))])
        await until(lambda: playing() == "relax:rain")
        first.kill()
        await first.wait()
        await until(lambda: said["status"] == "offline")
        second = await asyncio.create_subprocess_exec(*command, env=dict(os.environ), stdout=asyncio.subprocess.DEVNULL)
        await until(lambda: said["status"] == "online" and playing() == "")
        ear.publish([Message("speakers/den/set", json.dumps({"do": "play", "uri": "relax:rain", "loop": True}))])
        await until(lambda: playing() == "relax:rain")
        await until(lambda: file.stat().st_size > 300_000)
        second.send_signal(signal.SIGINT)
        assert await second.wait() == 0
        await until(lambda: said["status"] == "offline")
    with wave.open(str(file)) as recorded:
        assert any(recorded.readframes(recorded.getnframes()))
