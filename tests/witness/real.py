"""Real sessions: a real broker, relax as a process, and the witness's own devices, which listen and answer there."""

import json
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.witness.homes import Home
from tests.witness.house import House, read_home
from tests.witness.recording import Recording, of_lines
from tests.witness.relax import ROOT
from tests.witness.twins import Payload, Said

LONGEST = 300.0
"""Seconds in which a session has to be over."""
AFTER = 1.0
"""Seconds in which devices are still listened to."""

SCENE = """
scene: short
format: 1
languages: [en]
title: Short
roles:
  main: {kind: light}
  glow: {kind: light, optional: true}
  music: {kind: player, optional: true}
  voice: {kind: voice, optional: true}
looks:
  low: {main: {brightness: 30%, temperature: 2400K}, glow: {brightness: 25%, color: "#ff8a2a"}}
  lower: {main: {brightness: 18%, temperature: 2300K}, glow: {brightness: 18%, color: "#ff7a1a"}}
steps:
  - step: settle
    title: Settle
    look: low
    fade: 8s
    music: {play: calm, volume: 60%, fade: 5s}
    say: [Sit down., {pause: 1s}, Let the shoulders drop.]
    lasts: 6s
  - step: breathe
    title: Breathe
    look: lower
    fade: 100%
    say: Breathe with me.
    lasts: 8s
finish: {look: restore, fade: 5s, music: {stop: true, fade: 3s}}
stopped: {look: restore, fade: 4s, music: {stop: true, fade: 2s}}
"""


class Devices:
    """The twins of a home at a broker: they hear what is for them and answer; all that is said is kept."""

    def __init__(self, house: House, port: int) -> None:
        self.heard: list[tuple[float, str, Payload]] = []
        self._house, self._port = house, port
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._hear
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, name="witness-devices")

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self._port)
        self._client.subscribe("#", qos=0)
        self._tell(self._house.connected())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._client.disconnect()

    def _live(self) -> None:
        while not self._over.is_set():
            self._client.loop(timeout=0.01)
            due, now = self._house.due(), time.time()
            if due is not None and due <= now:
                self._tell(self._house.advance(now))

    def _hear(self, _client: mqtt.Client, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        now, payload = time.time(), _read(bytes(message.payload))
        self.heard.append((now, message.topic, payload))
        if self._house.is_told(message.topic):
            self._tell(self._house.receive(now, message.topic, payload))

    def _tell(self, said: list[Said]) -> None:
        for each in said:
            text = each.payload if isinstance(each.payload, str) else json.dumps(each.payload)
            self._client.publish(each.topic, text, retain=each.retain)


def play(home: Home, scene: str, folder: Path, port: int, *, settings: tuple[str, ...] = ()) -> Recording:
    """A session at a broker, recorded. `scene` is a name or a path. Raises AssertionError where relax fails."""
    file = folder / f"{home.name}.yaml"
    file.write_text(home.text.replace("format: 1\n", f"format: 1\nbroker: {{host: 127.0.0.1, port: {port}}}\n", 1))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RELAX_STATE_DIR": str(folder / f"{home.name}-state")}
    given = [scene, "--home", str(file), *(part for each in settings for part in ("--set", each))]
    command = [sys.executable, "-m", "orchestrator", "run", *given, "--standalone", "--json", "--hold", home.hold]
    with Devices(House(_document(home), home.before), port) as devices:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with process:
            try:
                said, errors = process.communicate(timeout=LONGEST)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        time.sleep(AFTER)
    assert process.returncode == 0, errors
    events = [json.loads(line) for line in said.splitlines()]
    began = next(_moment(event["at"]) for event in events if event.get("event") == "session_started")
    lines = [{"t": t - began, "topic": topic, "payload": payload} for t, topic, payload in devices.heard]
    lines += [_event(event, began) for event in events if "event" in event]
    lines.sort(key=lambda line: line["t"])
    label = {"scene": Path(scene).stem, "settings": " ".join(settings), "home": f"{home.name} (real)"}
    plan = _plan(given, environment)
    plan = {**plan, "cast": {**plan["cast"], "at_night": _is_night(home)}}
    return of_lines(lines, label=label, plan=plan, home=_document(home), before=home.before, is_real=True)


def _document(home: Home) -> dict[str, Any]:
    return read_home(home.text)


def _plan(given: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """By a process of its own: several sessions are played at once."""
    command = [sys.executable, "-m", "orchestrator", "plan", *given, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    plan: dict[str, Any] = json.loads(done.stdout)
    return plan


def _is_night(home: Home) -> bool:
    """Whether it is night there now: a real session goes by the clock."""
    hour = datetime.now().astimezone().hour
    return home.night and (hour >= 22 or hour < 7)


def _event(event: dict[str, Any], began: float) -> dict[str, Any]:
    topic = f"relax/rooms/{event['room']}/event"
    return {"t": _moment(event["at"]) - began, "from": "relax", "topic": topic, "payload": event}


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()


def _read(payload: bytes) -> Payload:
    text = payload.decode()
    if not text.startswith("{"):
        return text
    return json.loads(text)
