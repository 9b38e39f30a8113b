"""What every test gets: a check that nothing is left behind, and a real broker to be rough with."""

import asyncio
import inspect
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property
from itertools import groupby, zip_longest
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from orchestrator.mqtt.address import Address
from orchestrator.mqtt.broker import mosquitto as mosquitto_program

LIMIT = 120.0
"""Seconds after which a wait is a hang. Only a hang meets it: no wait of a test judges how busy the machine is."""

EXAMPLES = int(os.environ.get("RELAX_EXAMPLES", "50"))
"""How many examples a property is tried with. CI tries more."""
settings.register_profile(
    "relax",
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,  # the same examples everywhere: what is red here is red there
    database=None,
    suppress_health_check=list(HealthCheck),  # how long an example takes to make or to try says nothing of ours
)
settings.load_profile("relax")
# Hypothesis also tries numbers and words that it finds in modules of ours that are imported by then. Which these are is
# another matter in each worker, and so were the examples.
assert hasattr(providers, "is_local_module_file"), "Hypothesis has it elsewhere now: look where it finds its constants"
providers.is_local_module_file = lambda _: False
FEW = settings(max_examples=max(EXAMPLES // 2, 1))
"""For a property of whole evenings and whole files, each of which takes a while to play."""
MANY = settings(max_examples=20 * EXAMPLES)
"""For what anybody may send us."""

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # A process that we start finds its bytecode, as that of an installed program does; one that had to compile all of
    # it would take a second more, and there are many.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir(), f"relax-bytecode-{os.getuid()}"))


_HOME_ASSISTANT = "from tests.system.home_assistant import"
WAITING = ("benchmarks", "system", "far_end", "daemon", "cli", "mqtt", "journal")
"""Where tests wait for the world more than they compute, longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait and files that compute in turn, so that workers do both at once; the longest waits first."""
    files = [list(each) for _, each in groupby(items, key=lambda item: item.path)]
    waits = [file for file in files if file[0].path.parent.name in WAITING]
    waits.sort(key=lambda file: WAITING.index(file[0].path.parent.name))
    computes = [file for file in files if file not in waits]
    none: list[pytest.Item] = []
    items[:] = [item for pair in zip_longest(waits, computes, fillvalue=none) for file in pair for item in file]


class InTurns(LoadFileScheduling):
    """A file is one worker's, and so are all that want the one Home Assistant: nobody waits for it who could work."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "home-assistant" if file in self._in_turns else file

    @cached_property
    def _in_turns(self) -> frozenset[str]:
        root = self.config.rootpath
        files = [path for path in (root / "tests").rglob("test_*.py") if _HOME_ASSISTANT in path.read_text("utf-8")]
        return frozenset(str(path.relative_to(root)) for path in files)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InTurns | None:
    """Other ways of sharing out, such as `--dist load`, stay as they are."""
    return InTurns(config, log) if config.getvalue("dist") == "loadfile" else None


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
        thread.join(timeout=LIMIT)
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
        ours = ("persistence false", "set_tcp_nodelay true", "max_queued_messages 0", "user root")
        self._file.write_text("\n".join([f"listener {self.port} 127.0.0.1", *ours, settings, ""]))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = mosquitto_program()
        assert program is not None
        self._process = subprocess.Popen(
            [program, "-c", str(self._file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + LIMIT
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


@pytest.fixture(scope="session")
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


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds; an AssertionError where it never does."""
    try:
        async with asyncio.timeout(LIMIT):
            while not condition():  # noqa: ASYNC110 any condition, from any thread
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"never: {inspect.getsource(condition).strip()}") from None
