"""`relax daemon --find-home`: a service that nobody has written a home file for, at a real broker."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import paho.mqtt.client as mqtt
import pytest
import yaml
from paho.mqtt.enums import CallbackAPIVersion

from tests.cli.far_devices import at_broker
from tests.conftest import LIMIT
from tests.devices.discovery.homes import recorded

pytestmark = pytest.mark.broker

LAMPS = "zigbee2mqtt/real-2.14.1-simulated-lamps"


class Kept:
    """What the broker keeps, and what is said, by topic: the last of each."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._by_topic: dict[str, str] = {}

    def hear(self, _client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        with self._news:
            self._by_topic[message.topic] = message.payload.decode()
            self._news.notify_all()

    def until(self, holds: Callable[[dict[str, str]], bool]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: holds(self._by_topic), LIMIT), sorted(self._by_topic)


@contextmanager
def heard(port: int) -> Iterator[Kept]:
    kept, client = Kept(), mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = kept.hear
    client.connect("127.0.0.1", port)
    client.subscribe("relax/#")
    client.loop_start()
    try:
        yield kept
    finally:
        client.disconnect()
        client.loop_stop()


def test_it_is_there_at_once_and_serves_the_lamps_that_come(process, mosquitto, tmp_path):
    with heard(mosquitto.port) as kept:
        process("daemon", "--find-home", "--broker", f"127.0.0.1:{mosquitto.port}", "--state-dir", "state")
        kept.until(lambda said: said.get("relax/status") == "online")
        assert not (tmp_path / "home.yaml").exists(), "there is nothing to make one of"
        with at_broker(mosquitto.port, recorded(LAMPS)):
            kept.until(lambda said: "relax/rooms/bedroom/session" in said)
        kept.until(lambda said: said.get("relax/status") == "online")
    written = yaml.safe_load((tmp_path / "home.yaml").read_text())
    assert written["rooms"]["bedroom"]["roles"] == {"main": "bedside_left", "glow": "bedside_right"}
    assert written["broker"] == {"host": "127.0.0.1", "port": mosquitto.port}


def test_a_home_file_that_is_there_stays_as_it_is(process, mosquitto, tmp_path):
    broker = f"broker: {{host: 127.0.0.1, port: {mosquitto.port}}}"
    own = f"home: mine\nformat: 1\n{broker}\ndevices: {{}}\nrooms: {{den: {{roles: {{}}}}}}\n"
    (tmp_path / "home.yaml").write_text(own)
    with heard(mosquitto.port) as kept, at_broker(mosquitto.port, recorded(LAMPS)):
        process("daemon", "--find-home", "--broker", f"127.0.0.1:{mosquitto.port}", "--state-dir", "state")
        kept.until(lambda said: "relax/rooms/den/session" in said)
    assert (tmp_path / "home.yaml").read_text() == own


def test_without_it_a_missing_home_file_is_a_fault(relax):
    done = relax("daemon", "--state-dir", "state")
    assert done.code == 2
    assert "--find-home" in done.err
