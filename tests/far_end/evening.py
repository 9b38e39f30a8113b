"""A home in service: its devices, `relax daemon` as a process, and somebody who steers and listens."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from tests.far_end.devices import Devices, Heard
from tests.far_end.line import Line
from tests.far_end.slow_way import SlowWay
from tests.witness.house import House, read_home
from tests.witness.lamps import Lamp
from tests.witness.speakers import Speaker
from tests.witness.twins import Before

ROOT = Path(__file__).parents[2]
ROUNDS = range(int(os.environ.get("RELAX_ROUNDS", "1")))
"""How often each case is tried, each time with another seed."""
HANGS = 120.0
"""Seconds after which a wait is a hang."""
PATIENCE = 90.0
"""Seconds that a room has to be as it was, and to say so: what is missing is sent again after 2, 5, 15 and 60 s."""
STAYS = 1.5
"""Seconds for which it is then still looked at: what comes late must change nothing."""

SCENE = """
scene: short
format: 1
languages: [en]
title: Short
roles:
  main: {kind: light, optional: true}
  music: {kind: player, optional: true}
parameters:
  rest: {duration: 1s, min: 100ms, max: 10min}
looks:
  dim: {main: {brightness: 40%}}
  low: {main: {brightness: 15%}}
steps:
  - {step: arrive, look: dim, fade: 600ms, music: {play: [calm], volume: 60%, fade: 500ms}, lasts: 1s}
  - {step: sink, look: low, fade: 500ms, lasts: "{{ rest }}"}
finish: {look: restore, fade: 300ms, music: {stop: true, fade: 200ms}}
stopped: {look: restore, fade: 300ms, music: {stop: true, fade: 200ms}}
"""
BRIGHT: Before = {"units": 178}
"""How a lamp is that the scene dims."""
LOUD: Before = {"volume": 0.8}
"""How a speaker is that the scene turns down."""


def zigbee(name: str) -> dict[str, Any]:
    """A lamp behind a bridge of its own, so that none waits for another room's."""
    return {"kind": "light", "dialect": "zigbee2mqtt", "topic": f"{name}-bridge/lamp", "base": f"{name}-bridge"}


def json_lamp(name: str) -> dict[str, Any]:
    """One that nobody can ask how it is."""
    topics = {"command_topic": f"lamps/{name}/set", "state_topic": f"lamps/{name}/state"}
    return {"kind": "light", "dialect": "home_assistant", **topics, "supported_color_modes": ["brightness"]}


def speaker(name: str) -> dict[str, Any]:
    return {"kind": ["player"], "dialect": "relax_speaker", "topic": f"speakers/{name}"}


def home_of(rooms: Mapping[str, Mapping[str, object]], devices: Mapping[str, object], **more: object) -> dict[str, Any]:
    """A home file without its broker. `rooms`: roles by room."""
    return {
        "home": "far-end",
        "format": 1,
        "devices": devices,
        "rooms": {room: {"roles": roles, "levels": {"music": "40%"}} for room, roles in rooms.items()},
        "music": {"calm": "http://example.invalid/calm.mp3"},
        **more,
    }


class Evening:
    """Use it in `with`. `lines` and `before` are by device; `away`: seconds that the broker is away from relax."""

    def __init__(
        self,
        folder: Path,
        port: int,
        home: dict[str, Any],
        *,
        lines: Mapping[str, Line] | None = None,
        before: Mapping[str, Before] | None = None,
        seed: object = 0,
        away: float | None = None,
        scene: str = SCENE,
    ) -> None:
        self._folder = folder
        self._port = port
        self._home = home
        self._away = away
        self._stack = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._states: dict[str, dict[str, Any]] = {}
        self._replies: dict[str, dict[str, Any]] = {}
        self._events: list[dict[str, Any]] = []
        self._said: dict[str, Any] = {}
        self._is_online = False
        self._asked = 0
        self.log = folder / "relax.log"
        (folder / "scenes").mkdir(exist_ok=True)
        (folder / "scenes" / "short.yaml").write_text(scene)
        house = House(read_home(json.dumps(home)), dict(before or {}))
        self.devices = Devices(house, lines or {}, port, seed, self._hear)

    def __enter__(self) -> Self:
        port = self._port
        if self._away is not None:
            port = self._stack.enter_context(SlowWay(self._port, self._away)).port
        file = self._folder / "home.yaml"
        file.write_text(json.dumps({**self._home, "broker": {"host": "127.0.0.1", "port": port}}))
        self._stack.enter_context(self.devices)
        self._stack.callback(self.kill)
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # The service

    def begin(self) -> None:
        """`relax daemon`, until it knows how its rooms are."""
        with self._lock:
            self._is_online = False
            self._states.clear()
        self._process = self._popen("daemon", "--home", "home.yaml", "--state-dir", "state")
        self.until(lambda: self._is_online and set(self._states) == set(self.rooms), "relax serves", HANGS)

    def kill(self) -> None:
        """At once, as a crash does it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def relax(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command of relax, in a terminal."""
        return subprocess.run(
            [sys.executable, "-m", "orchestrator", *arguments],
            cwd=self._folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=HANGS,
            check=False,
        )

    def _popen(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "orchestrator", *arguments],
                cwd=self._folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )

    def _environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("RELAX_")}
        return {**others, "PYTHONPATH": str(ROOT), "RELAX_LOG_LEVEL": "debug"}

    # Who steers and listens

    @property
    def rooms(self) -> list[str]:
        return list(self._home["rooms"])

    def tell(self, room: str, command: str, **given: object) -> dict[str, Any]:
        """Tell a room something; the reply."""
        self._asked += 1
        name = f"request-{self._asked}"
        payload = {"command": command, "request_id": name, **given}
        self.devices.publish(f"relax/rooms/{room}/command", payload)
        self.until(lambda: name in self._replies, f"{room} answers", HANGS)
        return self._replies[name]

    def start(self, room: str, **given: object) -> str:
        """Begin the scene; the session's name. Raises AssertionError where relax does not."""
        reply = self.tell(room, "start", scene="short", **given)
        assert reply["ok"], reply
        return str(reply.get("session"))

    def state(self, room: str) -> dict[str, Any]:
        """How a room was told to stand last."""
        return self._states.get(room, {})

    def said(self, device: str) -> Any:
        """What a lamp said last, as the broker has it."""
        entry = self._home["devices"][device]
        return self._said.get(str(entry.get("state_topic", entry.get("topic"))), {})

    def events(self, room: str, kind: str) -> list[dict[str, Any]]:
        with self._lock:
            return [each for each in self._events if (each["room"], each["event"]) == (room, kind)]

    def is_over(self, room: str, sessions: int = 1) -> bool:
        """Whether so many sessions have landed in a room, and nothing is on."""
        return len(self.events(room, "landed")) >= sessions and self.state(room)["status"] == "idle"

    def play_to_the_end(self, sessions: int = 1) -> None:
        """Wait until so many sessions have landed in every room."""
        self.until(lambda: all(self.is_over(room, sessions) for room in self.rooms), "every session is over")

    def hands_seen(self) -> dict[str, list[dict[str, Any]]]:
        """What was taken for a person's, by its room."""
        return {room: found for room in self.rooms if (found := self.events(room, "overridden"))}

    def until(self, holds: Callable[[], object], what: str, seconds: float = HANGS) -> None:
        """Wait for something. Raises AssertionError."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}\n{self.log.read_text()[-2000:]}"
            time.sleep(0.01)

    def _hear(self, heard: Heard) -> None:
        self._said[heard.topic] = heard.payload
        match heard.topic.split("/"):
            case ["relax", "status"]:
                self._is_online = heard.payload == "online"
            case ["relax", "rooms", room, "session"] if isinstance(heard.payload, dict):
                with self._lock:
                    self._states[room] = heard.payload
            case ["relax", "rooms", room, "event"]:
                with self._lock:
                    self._events.append({**heard.payload, "room": room})
            case ["relax", "rooms", _, "reply"]:
                self._replies[heard.payload["request_id"]] = heard.payload

    # The verdict

    def not_given_back(self, *, by_hand: Mapping[str, float] | None = None) -> list[str]:
        """The rooms that are not as they were, or do not say so, or do not stay so, once they have had their time.

        `by_hand`: what lamps show that a person has taken.
        """
        end = time.monotonic() + PATIENCE
        while (wrong := self._wrong(self.rooms, by_hand or {})) and time.monotonic() < end:
            time.sleep(0.05)
        if not wrong:
            time.sleep(STAYS)
            wrong = self._wrong(self.rooms, by_hand or {})
        return wrong

    def _wrong(self, rooms: Iterable[str], by_hand: Mapping[str, float]) -> list[str]:
        wrong = []
        for room in rooms:
            state = self.state(room)
            found = [self._off(name, by_hand.get(name)) for name in self._cast(room)]
            open_ = [f"{key} {state[key]}" for key in ("owed", "unanswered") if state[key]]
            said = "; ".join(each for each in (*found, *open_) if each)
            if said or state["status"] != "idle":
                account = [each["details"] for each in self.events(room, "given_back")]
                wrong.append(f"{room}: {said or state['status']}; relax says {account}")
        return wrong

    def _cast(self, room: str) -> list[str]:
        roles = self._home["rooms"][room]["roles"]
        cast = [name for names in roles.values() for name in (names if isinstance(names, list) else [names])]
        return [member for name in cast for member in self.devices.house.members(name)]

    def _off(self, name: str, by_hand: float | None) -> str:
        """How a device differs from how it was, or from how a person has it."""
        before, now = self.devices.before[name], self.devices.house.twins[name]
        line = self.devices.line(name)
        if isinstance(before, Lamp) and isinstance(now, Lamp):
            wanted = before.level.final * line.shows if by_hand is None else by_hand
            shown = self.devices.units(name)
            within = 2.0 + line.jitter + abs(1.0 - line.shows) * wanted
            is_off = abs(wanted - shown) > within or (wanted > 0) != (shown > 0)
            return f"{name} shows {shown:.0f} where it showed {wanted:.0f}" if is_off else ""
        if isinstance(before, Speaker) and isinstance(now, Speaker):
            was = before.playing.final, round(before.volume.final, 2)
            is_ = now.playing.final, round(now.volume.final, 2)
            return f"{name} is {is_} where it was {was}" if is_ != was else ""
        raise AssertionError(f"nobody judges {name}")
