"""One life of the real service on a machine of the storm, from its start to its end, or until it is killed.

The service is put together by its own constructor. What of the machine it would ask (clocks, chance, disk, network) is
the storm's: `machine_of_the_storm` says all of it.
"""

import asyncio
import gc
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from orchestrator.daemon import (
    clock,
    daemon,
    driver,
    plan_cache,
    retained_states,
    service,
    service_runner,
    session_starter,
    suspend_detector,
)
from orchestrator.daemon.driver import refuse_second
from orchestrator.daemon.service import Service
from orchestrator.errors import HomeTaken
from orchestrator.home.library import Home
from orchestrator.integrations.driver_claim import DriverClaim, DriverKind
from orchestrator.integrations.interface import Interface
from orchestrator.journal import journal as journals
from orchestrator.journal.journal import Journal
from orchestrator.mqtt.address import Address
from tests.storm import homes
from tests.storm.broker import Broker
from tests.storm.disk import Disk, MemoryStore
from tests.storm.virtual_time import Machine, VirtualLoop
from tests.storm.wire import Connection


class Killed(BaseException):
    """The process ends here. Nothing catches it."""


class Life:
    """The process. `broker` is the one that it finds; `dies_at` is asked at each point where it could be cut off."""

    running: "Life"

    def __init__(
        self,
        number: int,
        home: Home,
        machine: Machine,
        disk: Disk,
        broker: Broker,
        *,
        driver_name: str,
        chance: Random,
        stumbled: Callable[[str], None],
        dies_at: Callable[[str], bool] = lambda _where: False,
    ) -> None:
        self.number = number
        self.home = home
        self.machine = machine
        self.disk = disk
        self.broker = broker
        self.chance = chance
        self.connections: list[Connection] = []
        self.is_dead = False
        self.has_left = False
        self.rival = ""
        self.service: Service | None = None
        self.loop = VirtualLoop(machine)
        self.loop.set_exception_handler(self._loop_stumbles)
        self._driver_name = driver_name
        self._stumbled = stumbled
        self._dies_at = dies_at
        self._end: asyncio.Future[bool] | None = None
        self._store = MemoryStore(disk, self.crash)
        self._task: asyncio.Task[None] | None = None

    @property
    def is_for_a_while(self) -> bool:
        """A second service beside the first: it goes, and does not come back."""
        return self._driver_name == "second"

    @property
    def is_over(self) -> bool:
        return self.is_dead or self.has_left

    # From outside

    def start(self) -> None:
        with self.as_running():
            self._task = self.loop.create_task(self._serve())
            self._task.add_done_callback(self._has_ended)

    def next(self) -> int | None:
        return None if self.is_over else self.loop.next()

    def turn(self) -> None:
        """Let it do what is due."""
        with self.as_running():
            self.loop.turn()
        if self.is_dead:
            self.forget()

    def kill(self) -> None:
        """Everything of it is gone at once; the broker finds out."""
        self._die()
        self.forget()

    def leave(self, *, lands: bool) -> None:
        """A signal: end in order, and give the rooms back first or leave them for the next life."""
        if self._end is not None and not self._end.done():
            with self.as_running():
                self._end.set_result(lands)

    def forget(self) -> None:
        """It is no more, and nothing that it meant to do is done: its tasks end without a word."""
        self._die()
        self.is_dead = self.is_dead or not self.has_left
        self.loop.stop_for_good()
        with self.as_running():
            for task in asyncio.all_tasks(self.loop):
                _end(task)
        self.loop.bury()

    @contextmanager
    def as_running(self) -> Iterator[None]:
        before = getattr(Life, "running", self)
        Life.running = Connection.process = self
        try:
            yield
        finally:
            Life.running = Connection.process = before

    # What the product calls

    def crash(self, where: str) -> None:
        """Here it may be cut off: between any two writes, before and after each send."""
        if not self.is_dead and self._dies_at(where):
            self._die()
        if self.is_dead:
            raise Killed

    def stumbles(self, error: BaseException) -> None:
        """Something was raised where nothing may be."""
        if isinstance(error, Killed):
            raise error
        if self.is_dead:
            return
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f" in {place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno}" if place else ""
        self._stumbled(f"{type(error).__name__}: {error}{where}")

    def new_store(self, *_args: Any, **_kwargs: Any) -> MemoryStore:
        return self._store

    def sync(self) -> None:
        if not self.is_dead:
            self._store.sync()

    # Inside

    async def _serve(self) -> None:
        """As `ServiceRunner.serve`, without signals and files."""
        journal = Journal(self._store.path)
        journal.open(self.machine.wall(), self.machine.monotonic())
        interface = Interface(self.home.model.rooms)
        claim = DriverClaim(
            driver=self._driver_name, kind=DriverKind.SERVICE, base=interface.base, since=self.machine.wall()
        )
        self._end = self.loop.create_future()
        try:
            await refuse_second(Address(), self.home.model.home, claim)
            served = self.service = Service(
                self.home,
                homes.scenes(),
                journal,
                interface,
                claim=claim,
                boot=self.machine.boot_clock,
                wall=self.machine.wall,
            )
            async with served:
                while not self._end.done():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(asyncio.shield(self._end), service_runner.LOOK)
                    if served.rival is not None:
                        self.rival = served.rival.driver
                        break
                    served.look()
                else:
                    if self._end.result() and served.playing():
                        with suppress(TimeoutError):
                            await asyncio.wait_for(served.land(), service_runner.FAREWELL)
        except HomeTaken as taken:
            self.rival = str(taken)
        journal.close()
        self.has_left = True

    def _loop_stumbles(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and not isinstance(error, Killed):
            self.stumbles(error)
        elif error is None and not self.is_dead:
            self._stumbled(str(context.get("message")))

    def _has_ended(self, task: "asyncio.Task[None]") -> None:
        error = task.exception() if not task.cancelled() else None
        if error is not None and not isinstance(error, Killed):
            self.has_left = True
            self.stumbles(error)

    def _die(self) -> None:
        if self.is_over:
            return
        self.is_dead = True
        for connection in self.connections:
            connection.vanish()


def _end(task: "asyncio.Task[Any]") -> None:
    """Have a task's coroutine end now. Whoever waits in it waits no more; who insists is asked again."""
    inside: Any = task
    inside._log_destroy_pending = False
    coroutine: Any = task.get_coro()
    for _ in range(20):
        try:
            coroutine.close()
        except BaseException:  # noqa: BLE001 it is dead: what it has to say is of no interest
            continue
        return


class _Clocks:
    """In the place of the module `time` in `daemon.clock`."""

    CLOCK_BOOTTIME = CLOCK_MONOTONIC = 7

    @staticmethod
    def monotonic_ns() -> int:
        return Life.running.machine.monotonic() * 1_000_000

    @staticmethod
    def clock_gettime_ns(_clock: int) -> int:
        return Life.running.machine.boot_clock() * 1_000_000


class _Wall:
    """In the place of `datetime` in `daemon.clock`."""

    @staticmethod
    def now() -> datetime:
        return Life.running.machine.wall()


def _zone() -> ZoneInfo:
    return ZoneInfo("Europe/Berlin")


def _store(*args: Any, **named: Any) -> MemoryStore:
    return Life.running.new_store(*args, **named)


class _DiskSync:
    """In the place of `daemon.disk_sync.DiskSync`: one thread is all there is."""

    def __init__(self, sync: Callable[[], None]) -> None:
        self.soon = self.close = sync  # the milliseconds that a disk needs are not played: decision 47


class _Secrets:
    """In the place of the module `secrets`: names that are the same each time a seed is played."""

    @staticmethod
    def choice(letters: str) -> str:
        return Life.running.chance.choice(letters)

    @staticmethod
    def token_hex(count: int) -> str:
        return f"{Life.running.chance.getrandbits(8 * count):0{2 * count}x}"


class _Stumbles(logging.Handler):
    """What the service logs as its own fault: an error with a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None and record.levelno >= logging.ERROR:
            Life.running.stumbles(record.exc_info[1])


@contextmanager
def machine_of_the_storm(seed: int) -> Iterator[None]:
    """All that a process would ask of its machine is asked of the storm's; put back afterwards."""
    root = logging.getLogger("orchestrator")
    handler, level, spreads = _Stumbles(), root.level, root.propagate
    with ExitStack() as stack:
        for place, name, instead in (
            (clock, "time", _Clocks),
            (clock, "datetime", _Wall),
            (suspend_detector, "boot_id", lambda: Life.running.machine.boot_id),
            (daemon, "Connection", Connection),
            (daemon, "local_zone", _zone),
            (service, "local_zone", _zone),
            (service, "DiskSync", _DiskSync),
            (plan_cache, "local_zone", _zone),
            (driver, "Connection", Connection),
            (daemon, "gc", SimpleNamespace(freeze=int, unfreeze=int, set_threshold=lambda *_: None)),
            (session_starter, "secrets", _Secrets),
            (retained_states, "secrets", _Secrets),
            (driver, "secrets", _Secrets),
            (journals, "Store", _store),
            (journals, "sync", lambda _path: Life.running.sync()),
        ):
            stack.enter_context(patch.object(place, name, instead))
        state = random.getstate()
        random.seed(seed)
        root.addHandler(handler)
        root.setLevel(logging.ERROR)
        root.propagate = False
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            random.setstate(state)
            root.removeHandler(handler)
            root.setLevel(level)
            root.propagate = spreads
            if collects:
                gc.enable()
