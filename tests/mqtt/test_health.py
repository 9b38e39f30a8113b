import os
import subprocess
import sys

import pytest

from orchestrator.devices.messages import Message
from orchestrator.mqtt import health
from orchestrator.mqtt.connection import Connection
from orchestrator.mqtt.health import status
from tests.conftest import LIMIT, until


async def test_what_is_retained_is_the_status(mosquitto):
    async with Connection(mosquitto.address, client_id="a", on_message=lambda _: None) as link:
        await link.first(LIMIT)
        link.publish([Message("relax/status", "online", qos=1, retain=True)])
        assert await status(mosquitto.address, "relax/status") == "online"
        assert await status(mosquitto.address, "other/status") == "nothing"


async def test_who_vanished_is_offline(mosquitto):
    will = Message("relax/status", "offline", retain=True)
    birth = Message("relax/status", "online", retain=True)
    heard: list[Message] = []
    async with (
        Connection(mosquitto.address, client_id="w", subscriptions=["#"], on_message=heard.append) as watcher,
    ):
        await watcher.first(LIMIT)
        async with Connection(mosquitto.address, client_id="a", will=will, birth=birth, on_message=heard.append):
            await until(lambda: heard)
        assert await status(mosquitto.address, "relax/status") == "offline"


def test_ill_health_is_one_line_and_exit_1(mosquitto):
    environment = {**os.environ, "RELAX_HEALTH_BROKER": f"127.0.0.1:{mosquitto.port}"}
    ended = subprocess.run(
        [sys.executable, "-m", "orchestrator.mqtt.health"], check=False, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr == "relax/status is nothing\n"


def test_a_broker_that_is_not_there_is_ill_health_as_well(monkeypatch):
    monkeypatch.setenv("RELAX_HEALTH_BROKER", "127.0.0.1:1")
    monkeypatch.setattr(health, "_WITHIN", 0.2)
    with pytest.raises(SystemExit) as ended:
        health.main()
    assert str(ended.value.code).startswith("No broker answers at 127.0.0.1:1")
