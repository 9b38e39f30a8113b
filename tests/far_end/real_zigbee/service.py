"""relax in service beside a real bridge: `relax daemon` as a process, and somebody who starts scenes and listens."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

ROOT = Path(__file__).parents[3]
ROOM = "den"
PATIENCE = 120.0
"""Seconds: what is owed is told again after 2, 5, 15 and 60."""
HANGS = 900.0
"""Seconds after which a wait is a hang: the longest scene takes three minutes at speed 20."""


class Service:
    """Use it in `with`. One room, `den`, whose home file is given without its broker."""

    def __init__(self, folder: Path, home: dict[str, Any], port: int) -> None:
        self._folder = folder
        self._home = {**home, "broker": {"host": "127.0.0.1", "port": port}}
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Condition()
        self.state: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self._replies: dict[str, dict[str, Any]] = {}
        self._is_online = False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._hear

    def __enter__(self) -> Self:
        (self._folder / "home.yaml").write_text(json.dumps(self._home))
        self._client.connect("127.0.0.1", self._port)
        self._client.subscribe("relax/#")
        self._client.loop_start()
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self) -> None:
        """Start relax, and wait until it serves."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("RELAX_")}
        environment = {**others, "PYTHONPATH": str(ROOT), "RELAX_LOG_LEVEL": "debug"}
        command = [sys.executable, "-m", "orchestrator", "daemon", "--home", "home.yaml", "--state-dir", "state"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self._folder, env=environment, stdout=log, stderr=log)
        self.until(lambda: self._is_online and "status" in self.state, "relax serves")

    def kill(self) -> None:
        """As a power cut does; the broker says then that it is gone."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.until(lambda: not self._is_online, "relax is gone")

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def _log(self) -> Path:
        return self._folder / "relax.log"

    def tell(self, command: str, **given: object) -> None:
        """Tell the room something. Raises AssertionError where relax does not do it."""
        name = f"request-{len(self._replies)}"
        payload = {"command": command, "request_id": name, **given}
        self._client.publish(f"relax/rooms/{ROOM}/command", json.dumps(payload))
        self.until(lambda: name in self._replies, f"an answer to {command}")
        assert self._replies[name]["ok"], self._replies[name]

    def publish(self, topic: str, payload: str) -> None:
        """Somebody says something."""
        self._client.publish(topic, payload)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What has happened of one kind."""
        with self._lock:
            return [each for each in self.events if each["event"] == kind]

    def is_given_back(self) -> None:
        """Wait until the session is over and the room says that nothing is owed, or has had time to say it.

        Raises AssertionError where it is never over.
        """
        self.until(lambda: self.told("given_back") and self.state["status"] == "idle", "the session is over")
        with self._lock:
            self._lock.wait_for(lambda: not self.state["owed"], PATIENCE)

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for something. Raises AssertionError."""
        end = time.monotonic() + HANGS
        with self._lock:
            while not holds():
                assert self._lock.wait(end - time.monotonic()), f"never: {what}\n{self._log.read_text()[-2000:]}"

    def _hear(self, _client: mqtt.Client, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        text = message.payload.decode()
        with self._lock:
            match message.topic.split("/"):
                case ["relax", "status"]:
                    self._is_online = text == "online"
                case ["relax", "rooms", _, "session"]:
                    self.state = json.loads(text)
                case ["relax", "rooms", _, "event"]:
                    self.events.append(json.loads(text))
                case ["relax", "rooms", _, "reply"]:
                    reply = json.loads(text)
                    if "request_id" in reply:  # others ask without one
                        self._replies[reply["request_id"]] = reply
            self._lock.notify_all()
