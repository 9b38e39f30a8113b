"""A real Home Assistant to test against: found by `RELAX_HOME_ASSISTANT`, one at a time on a machine.

The variable names a folder with `run.sh` and `setup.sh`: the first starts Home Assistant on loopback, with the MQTT
port that it is given, and prints its process; the second has installed it. Nothing of it is part of this project.

    with found() as home:
        home.put("packages/mine.yaml", "automation: …")
        home.start(mqtt_port=mosquitto.port)
        async with home.client() as client:
            await client.call("button.press", entity_id="button.relax_den_next")
"""

import asyncio
import contextlib
import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.conftest import LIMIT, until

VARIABLE = "RELAX_HOME_ASSISTANT"
OURS = ("mqtt", "blueprint", "script", "automation", "template", "conversation", "intent", "relax")
"""What a line of its log names where our payloads, blueprints or sentences may be the cause."""
_PUT = ("packages", "blueprints", "custom_components", "custom_sentences", "dashboards")
_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\S* (\w+) \(")
_SEEDED = re.compile(r"^seeded .*: http (\S+), mqtt", re.MULTILINE)
_PID = re.compile(r"^PID (\d+)", re.MULTILINE)


class HomeAssistant:
    """Its process and its folder. What `put` has put there lasts until another one is `found`."""

    def __init__(self, folder: Path) -> None:
        self._run = folder / "run.sh"
        root = os.environ.get("HA_ROOT") or re.findall(r"HA_ROOT:-([^}]+)\}", self._run.read_text())[0]
        self._root = Path(root)
        self.config = self._root / "opt" / "ha-run"
        self._process: psutil.Process | None = None
        self._mqtt_port = 0
        self._address = ""

    @property
    def is_installed(self) -> bool:
        return (self._root / "opt" / "ha" / "bin" / "hass").exists()

    def clear(self) -> None:
        """Take away what earlier tests have put into its folder."""
        for name in _PUT:
            shutil.rmtree(self.config / name, ignore_errors=True)

    def put(self, name: str, content: str | Path) -> None:
        """A file, or a copy of a file or folder, in the configuration: `packages/x.yaml`, `blueprints/automation/…`."""
        assert name.partition("/")[0] in _PUT, f"{name} would not be cleared away: put it below one of {_PUT}"
        target = self.config / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            target.write_text(content, encoding="utf-8")
        elif content.is_dir():
            shutil.copytree(content, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(content, target)

    def start(self, mqtt_port: int, *, fresh: bool = True) -> None:
        """Start, and return when its API answers. `fresh` forgets registries, states and the log of earlier runs."""
        self._mqtt_port = mqtt_port
        flags = ["--fresh"] if fresh else []
        with tempfile.TemporaryFile("w+") as said:  # no pipe: the started process would keep it open
            code = subprocess.run(
                [self._run, *flags, "--mqtt-port", str(mqtt_port)],
                stdout=said,
                stderr=said,
                timeout=5 * LIMIT,
                check=False,
            ).returncode
            said.seek(0)
            text = said.read()
        pid, seeded = _PID.search(text), _SEEDED.search(text)
        if pid is not None and psutil.pid_exists(int(pid[1])):
            self._process = psutil.Process(int(pid[1]))
        if code or seeded is None or self._process is None:
            self.kill()
            raise RuntimeError(f"Home Assistant did not start: {text}")
        self._address = seeded[1]

    def stop(self) -> None:
        """A clean end, as a person's."""
        if self._process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                self._process.terminate()
                self._process.wait(timeout=LIMIT)
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                self._process.kill()
                self._process.wait(timeout=LIMIT)
            self._process = None

    def restart(self) -> None:
        """Stop, and start with all that it remembers."""
        self.stop()
        self.start(self._mqtt_port, fresh=False)

    def complaints(self, *words: str) -> list[str]:
        """The lines of its log at WARNING and above, with what follows them, that name one of the words (`OURS`)."""
        log = self.config / "home-assistant.log"
        entries: list[str] = []
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else ():
            if _LINE.match(line) or not entries:
                entries.append(line)
            else:
                entries[-1] += "\n" + line
        serious = [one for one in entries if (at := _LINE.match(one)) and at[1] in ("WARNING", "ERROR", "CRITICAL")]
        return [one for one in serious if any(word in one.lower() for word in words or OURS)]

    @property
    def url(self) -> str:
        return f"http://{self._address}"

    def show(self, entity: str, state: str) -> None:
        """Have an entity show a state, whether it is somebody's or not, until its owner says another."""
        headers = {"Authorization": f"Bearer {(self.config / 'token').read_text().strip()}"}
        body = json.dumps({"state": state}).encode()
        request = urllib.request.Request(f"{self.url}/api/states/{entity}", body, headers)
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            assert answer.status in (200, 201)

    @asynccontextmanager
    async def client(self) -> AsyncIterator["Client"]:
        """Somebody who is logged in, over its websocket. Leave it before `stop`, which waits for clients."""
        token = (self.config / "token").read_text().strip()
        async with connect(f"ws://{self._address}/api/websocket", max_size=None, proxy=None) as socket:
            await socket.recv()
            await socket.send(json.dumps({"type": "auth", "access_token": token}))
            answer = json.loads(await socket.recv())
            assert answer["type"] == "auth_ok", answer
            client = Client(socket)
            reader = asyncio.create_task(client.read())
            try:
                await client.listen()
                yield client
            finally:
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)


class Client:
    """What Home Assistant says over its websocket: answers, the states as they are now, and events."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._asked = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.states: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        """Every event since `listen`, as `{"event_type", "data", "time_fired", …}`."""

    async def read(self) -> None:
        """Sort what comes in, until the connection ends."""
        with contextlib.suppress(ConnectionClosed):
            async for text in self._socket:
                said = json.loads(text)
                if said["type"] == "result":
                    self._answers.pop(said["id"]).set_result(said)
                elif said["type"] == "event":
                    self._happened(said["event"])

    def _happened(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        if event.get("event_type") == "state_changed":
            entity, state = event["data"]["entity_id"], event["data"]["new_state"]
            if state is None:
                self.states.pop(entity, None)
            else:
                self.states[entity] = state

    async def ask(self, kind: str, **keys: Any) -> Any:
        """A command of the websocket API: its result, or a RuntimeError with the sentence of Home Assistant."""
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": self._asked, "type": kind, **keys}))
        said = await asyncio.wait_for(answer, LIMIT)
        if not said["success"]:
            raise RuntimeError(f"{kind}: {said['error'].get('message')}")
        return said["result"]

    async def listen(self) -> None:
        """Hear every event from now on, and know the states."""
        await self.ask("subscribe_events")
        for state in await self.ask("get_states"):
            self.states.setdefault(state["entity_id"], state)

    async def call(self, service: str, entity_id: str | None = None, **data: Any) -> Any:
        """Call `domain.service`, and wait until it has done it."""
        domain, name = service.split(".")
        target = {} if entity_id is None else {"target": {"entity_id": entity_id}}
        return await self.ask("call_service", domain=domain, service=name, service_data=data, **target)

    def state(self, entity: str) -> str | None:
        """None: there is no such entity."""
        known = self.states.get(entity)
        return None if known is None else str(known["state"])

    def attribute(self, entity: str, name: str) -> Any:
        return self.states.get(entity, {}).get("attributes", {}).get(name)

    async def wait_for(self, entity: str, is_so: str | Callable[[dict[str, Any]], object]) -> None:
        """Until the entity has this state, or its state (with attributes) satisfies the condition."""
        wanted = (lambda state: state["state"] == is_so) if isinstance(is_so, str) else is_so
        try:
            await until(lambda: entity in self.states and wanted(self.states[entity]))
        except AssertionError:
            raise AssertionError(f"{entity} is never so, but {self.states.get(entity)}") from None

    def calls(self, service: str) -> list[dict[str, Any]]:
        """What this service was called with, in order, since `listen`."""
        domain, name = service.split(".")
        called = [event["data"] for event in self.events if event.get("event_type") == "call_service"]
        return [one["service_data"] for one in called if (one["domain"], one["service"]) == (domain, name)]

    async def devices(self) -> list[dict[str, Any]]:
        """The device registry."""
        return list(await self.ask("config/device_registry/list"))

    async def entities(self) -> list[dict[str, Any]]:
        """The entity registry."""
        return list(await self.ask("config/entity_registry/list"))


@contextmanager
def found() -> Iterator[HomeAssistant]:
    """The Home Assistant of this machine, for us alone, with nothing of earlier tests in it; ended when left.

    Skips where there is none. Where CI names one that is not there, that is a failure.
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"set {VARIABLE} to the folder with run.sh and setup.sh of a Home Assistant to test with it")
    if not (Path(folder) / "run.sh").is_file():
        _missing(f"{VARIABLE}={folder} has no run.sh")
    home = HomeAssistant(Path(folder))
    if not home.is_installed:
        _missing(f"Home Assistant is not installed: run setup.sh in {folder}, as {VARIABLE} says")
    with _alone():
        home.clear()
        try:
            yield home
        finally:
            home.stop()
            home.clear()


def _missing(sentence: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def _alone(within: float = 900) -> Iterator[None]:
    """It has one port: test runs take turns."""
    with (Path(tempfile.gettempdir()) / "relax-home-assistant.lock").open("w") as lock:
        deadline = time.monotonic() + within
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"another test run has had Home Assistant for {within:.0f} s") from None
                time.sleep(0.2)
        yield
