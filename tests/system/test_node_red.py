"""The flow of docs/integrations/node_red in a real Node-RED: imported, pressed, and told how the room stands.

Node-RED is an npm package: `npm install --prefix DIR node-red`, then RELAX_NODE_RED=DIR/node_modules; or `node-red` is
on the PATH.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.messages import Message
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.requests import Request
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import SCENE, House, client, house

FLOW = Path(__file__).parents[2] / "docs" / "integrations" / "node_red" / "flow.json"
SETTINGS = """
module.exports = {{
    uiHost: "127.0.0.1", uiPort: {port}, flowFile: "flows.json", credentialSecret: false,
    telemetry: {{enabled: false, updateNotification: false}},
    externalModules: {{palette: {{allowInstall: false, allowUpload: false}}, modules: {{allowInstall: false}}}},
    logging: {{console: {{level: "info"}}}},
}};
"""


def program() -> list[str]:
    """How Node-RED is started here; the test is skipped where it is not installed."""
    modules = os.environ.get("RELAX_NODE_RED")
    if modules:
        return ["node", str(Path(modules) / "node-red" / "red.js")]
    if found := shutil.which("node-red"):
        return [found]
    pytest.skip("no Node-RED: npm install --prefix DIR node-red, then set RELAX_NODE_RED=DIR/node_modules")


def flow(port: int, room: str) -> list[dict[str, Any]]:
    """The flow as a person would set it up: their broker, their room."""
    nodes: list[dict[str, Any]] = json.loads(FLOW.read_text(encoding="utf-8"))
    for node in nodes:
        if node["type"] == "mqtt-broker":
            node |= {"broker": "127.0.0.1", "port": str(port)}
        if node["type"] == "tab":
            node["env"] = [entry | {"value": room} if entry["name"] == "ROOM" else entry for entry in node["env"]]
    return nodes


class NodeRed:
    """A real one, on loopback, with a folder of its own."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, path: str, payload: object = None, method: str | None = None) -> Any:
        """Its answer to a request: JSON where it is, else text."""
        body = json.dumps(payload).encode() if payload is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", body, method=method)
        request.add_header("Content-Type", "application/json")
        request.add_header("Accept", "application/json")
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            text = answer.read().decode()
        with suppress(ValueError):
            return json.loads(text)
        return text

    async def asked(self, path: str, payload: object = None, method: str | None = None) -> Any:
        return await asyncio.to_thread(self.ask, path, payload, method)

    async def is_there(self) -> bool:
        try:
            await self.asked("/settings")
        except (urllib.error.URLError, OSError):
            return False
        return True

    async def press(self, button: str) -> None:
        await self.asked(f"/inject/{button}", method="POST")

    async def state(self) -> dict[str, Any]:
        state: dict[str, Any] = await self.asked("/relax/state")
        return state

    async def comes_to(self, **expected: Any) -> dict[str, Any]:
        """Wait until its own picture of the room is so."""
        state: dict[str, Any] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT):
                while True:
                    state = await self.state()
                    room = state.get("room") or {}
                    if all(room.get(key) == value for key, value in expected.items()):
                        return state
                    await asyncio.sleep(0.05)
        raise AssertionError(f"Node-RED shows {state}, not {expected}")


@contextmanager
def process(command: list[str], folder: Path, port: int) -> Iterator[None]:
    folder.mkdir()
    (folder / "settings.js").write_text(SETTINGS.format(port=port))
    arguments = [*command, "--userDir", str(folder), "--settings", str(folder / "settings.js")]
    with (folder / "log.txt").open("wb") as log:
        running = subprocess.Popen(arguments, stdout=log, stderr=log, cwd=folder)
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@asynccontextmanager
async def node_red(folder: Path) -> AsyncIterator[NodeRed]:
    command = program()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with process(command, folder, port):
        found = NodeRed(port)
        try:
            async with asyncio.timeout(LIMIT):
                while not await found.is_there():  # noqa: ASYNC110 another process
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError((folder / "log.txt").read_text()) from None
        yield found


# Without Node-RED


def test_every_button_of_the_flow_says_something_that_relax_takes() -> None:
    interface = Interface(["bedroom"])
    nodes = flow(1883, "bedroom")
    payloads = [node["payload"] for node in nodes if node["type"] == "inject"]
    assert len(payloads) == 8
    for payload in payloads:
        asked = interface.asked(Message("relax/rooms/bedroom/command", payload))
        assert asked is not None
        assert isinstance(asked.request, Request), payload


def test_the_flow_holds_together() -> None:
    """Every wire leads somewhere, every MQTT node is at the one broker, and nothing is published retained."""
    nodes = flow(1883, "bedroom")
    ids = {node["id"] for node in nodes}
    assert len(ids) == len(nodes)
    assert [wire for node in nodes for output in node.get("wires", []) for wire in output if wire not in ids] == []
    talking = [node for node in nodes if node["type"] in ("mqtt in", "mqtt out")]
    assert {node["broker"] for node in talking} == {"relax-broker"}
    assert [node["retain"] for node in nodes if node["type"] == "mqtt out"] == ["false"]


def test_the_guide_names_every_node_whose_topic_has_the_base_in_it() -> None:
    listening = [node for node in flow(1883, "bedroom") if node.get("topic", "").startswith("relax/")]
    guide = (FLOW.parent / "README.md").read_text(encoding="utf-8")
    assert len(listening) == 4
    assert [node["name"] for node in listening if f"*{node['name']}*" not in guide] == []


# With it


async def test_node_red_imports_the_flow_and_steers_a_session(tmp_path: Path, mosquitto: Mosquitto) -> None:
    (tmp_path / "scenes").mkdir()
    long = SCENE.replace("rest: {duration: 2s", "rest: {duration: 10min")
    massage = long.replace("scene: quiet", "scene: foot-massage")
    (tmp_path / "scenes" / "foot-massage.yaml").write_text(massage)
    async with node_red(tmp_path / "node-red") as red:
        async with house(tmp_path, mosquitto) as place:
            await red.asked("/flows", flow(mosquitto.port, "den"))
            await _only_stock_nodes(red)
            await _is_steered(red, place)
        await _is_not_taken_in(red, mosquitto)


async def _only_stock_nodes(red: NodeRed) -> None:
    """What the flow is made of comes with Node-RED."""
    stock = {kind for module in await red.asked("/nodes") if module["module"] == "node-red" for kind in module["types"]}
    used = {node["type"] for node in flow(1883, "den")} - {"tab"}
    assert used <= stock
    assert {node["type"] for node in await red.asked("/flows")} - {"tab"} == used


async def _is_steered(red: NodeRed, place: House) -> None:
    relax = place.client
    await red.comes_to(status="idle")
    assert (await red.state())["relax"] == "online"
    await red.press("relax-start")
    state = await red.comes_to(status="running", chapter="sink")
    assert state["room"]["trigger"] == "node-red"
    assert state["shown"].startswith("running: ")
    assert state["shown"].endswith("(2 of 4)")
    await red.press("relax-pause")
    await red.comes_to(status="paused")
    assert relax.state()["status"] == "paused"
    await red.press("relax-resume")
    await red.comes_to(status="running", chapter="sink")
    await red.press("relax-extend")
    await until(lambda: relax.events("extended"))
    await red.press("relax-back")
    await red.comes_to(chapter="arrive")
    await red.press("relax-next")
    await red.comes_to(chapter="sink")
    await red.press("relax-stop")
    state = await red.comes_to(status="idle")
    assert state["shown"] == "idle"
    assert state["room"]["last"]["ending"] == "stopped"
    assert [reply["ok"] for reply in relax.replies()] == [True] * 7
    await red.asked("/relax/start/quiet", method="POST")
    await red.comes_to(scene="quiet")
    await relax.ask("abort")
    await red.comes_to(status="idle")


async def _is_not_taken_in(red: NodeRed, mosquitto: Mosquitto) -> None:
    """A session that the broker still tells of is none while relax is not there."""
    async with client(mosquitto) as somebody:
        left = json.dumps({"status": "running", "step": "Sink", "number": 2, "of": 4})
        somebody.connection.publish([Message("relax/rooms/den/session", left, retain=True)])
        state = await red.comes_to(status="running")
    assert state["relax"] == "offline"
    assert state["shown"] == "relax is not there"
