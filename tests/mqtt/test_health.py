import os
import subprocess
import sys

import pytest

from orchestrator.devices.messages import Message
from orchestrator.mqtt.connection import Connection
from orchestrator.mqtt.health import status
from tests.conftest import until


async def test_what_is_retained_is_the_status(mosquitto):
    async with Connection(mosquitto.address, client_id="a", on_message=lambda _: None) as link:
        await link.first(5)
        link.publish([Message("relax/status", "online", qos=1, retain=True)])
        assert await status(mosquitto.address, "relax/status") == "online"
        assert await status(mosquitto.address, "other/status") == "nothing"


async def test_who_vanished_is_offline(mosquitto):
    will = Message("relax/status", "offline", retain=True)
    birth = Message("relax/status", "online", retain=True)
    heard = []
    async with (
        Connection(mosquitto.address, client_id="w", subscriptions=["#"], on_message=heard.append) as watcher,
    ):
        await watcher.first(5)
        async with Connection(mosquitto.address, client_id="a", will=will, birth=birth, on_message=heard.append):
            await until(lambda: heard)
        assert await status(mosquitto.address, "relax/status") == "offline"


@pytest.mark.parametrize(("port", "said"), [(None, "relax/status is nothing"), (1, "No broker answers at 127.0.0.1:1")])
def test_ill_health_is_one_line_and_exit_1(mosquitto, port, said):
    environment = {**os.environ, "RELAX_HEALTH_BROKER": f"127.0.0.1:{port or mosquitto.port}"}
    ended = subprocess.run(
        [sys.executable, "-m", "orchestrator.mqtt.health"], check=False, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1
