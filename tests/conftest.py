"""What every test gets: a check that nothing is left behind, and a real broker to be rough with."""

import asyncio
import inspect
import os
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from orchestrator.mqtt.address import Address
from orchestrator.mqtt.broker import mosquitto as mosquitto_program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What has to go one after the other goes first: the others fill the time beside it."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.fixture(autouse=True)
def nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """No thread, and in the loop of an async test no task, timer or watched socket, lives longer than its test."""
    if inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        request.getfixturevalue("loop_is_left_empty")
    before = set(threading.enumerate())
    yield
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not thread.name.startswith("asyncio_")  # the loop's executor ends with the loop
    ]
    for thread in left:
        thread.join(timeout=2)
    assert not [thread for thread in left if thread.is_alive()], "a thread is left behind"


@pytest.fixture
async def loop_is_left_empty() -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    watched = _watched(loop)
    before = asyncio.all_tasks()
    yield
    assert not asyncio.all_tasks() - before - {asyncio.current_task()}, "a task is left behind"
    assert not [timer for timer in loop._scheduled if not timer.cancelled()], "a timer is left behind"  # type: ignore[attr-defined]
    assert _watched(loop) == watched, "a socket is still watched"


def _watched(loop: asyncio.AbstractEventLoop) -> set[int]:
    return set(loop._selector.get_map())  # type: ignore[attr-defined]


class Mosquitto:
    """A real mosquitto on a port of its own, on loopback, that can be killed, frozen and started again."""

    def __init__(self, folder: Path, settings: str = "allow_anonymous true") -> None:
        self.port = _free_port()
        self.address = Address(port=self.port)
        self._file = folder / "mosquitto.conf"
        self._file.write_text(
            f"listener {self.port} 127.0.0.1\npersistence false\nmax_queued_messages 0\nuser root\n{settings}\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = mosquitto_program()
        assert program is not None
        self._process = subprocess.Popen(
            [program, "-c", str(self._file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while self._process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.005)
        raise AssertionError("mosquitto did not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@pytest.fixture
def has_mosquitto() -> None:
    """Skips where no mosquitto is installed; in CI that is a failure."""
    if mosquitto_program() is None:
        if os.environ.get("CI"):
            pytest.fail("CI must run the tests with a real broker: install mosquitto")
        pytest.skip("no mosquitto is installed")


@pytest.fixture
def mosquitto(has_mosquitto: None, tmp_path: Path) -> Iterator[Mosquitto]:
    """A real broker that takes anybody."""
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until(condition: Callable[[], object], within: float = 10.0) -> None:
    """Wait until a condition holds; an AssertionError when it does not within `within` seconds."""
    try:
        async with asyncio.timeout(within):
            while not condition():  # noqa: ASYNC110 any condition, from any thread
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(f"not within {within} s: {inspect.getsource(condition).strip()}") from None
