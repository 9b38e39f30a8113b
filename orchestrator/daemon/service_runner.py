"""The service from its first line to its exit code: signals, files that change, the end."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from enum import Enum, auto
from pathlib import Path

from orchestrator.daemon import logs
from orchestrator.daemon.broker import address_of
from orchestrator.daemon.clock import local_time, now
from orchestrator.daemon.driver import refuse_second, service_claim, taken
from orchestrator.daemon.new_devices import NewDeviceLook
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.service import Service
from orchestrator.daemon.settings import Settings
from orchestrator.daemon.systemd import Systemd
from orchestrator.daemon.watched_files import WatchedFiles
from orchestrator.errors import BrokerRefused, HomeError, SceneError
from orchestrator.home.library import Home, load
from orchestrator.integrations.interface import Interface
from orchestrator.journal.journal import Journal
from orchestrator.journal.permissions import exposed
from orchestrator.units import SECOND

LOOK = 2.0
"""Seconds between two looks at the files, the journal and the clocks."""
FAREWELL = 120.0
"""Seconds that rooms may take to be given back after Ctrl-C."""

logger = logging.getLogger(__name__)


def run_service(settings: Settings) -> int:
    """Serve the home until a signal ends it. Blocks, and gives the exit code.

    Ctrl-C gives the rooms back first, a second one does not wait. SIGTERM leaves sessions for the next start, which
    goes on with them within the home's `resume_within` and gives the rooms back after that. SIGHUP reads the files
    again.
    Raises HomeError, JournalError, BrokerRefused for what cannot begin; HomeTaken where another relax drives this home.
    """
    handler = logs.set_up(settings.log_format, settings.log_level)
    try:
        return asyncio.run(ServiceRunner(settings).serve())
    finally:
        logs.take_down(handler)


class _Why(Enum):
    """Why a service ends."""

    LEAVE = auto()
    LAND = auto()
    NEW_HOME = auto()


class ServiceRunner:
    """What outlives the home's file: the journal, the scenes, and whoever watches over us."""

    def __init__(self, settings: Settings, systemd: Systemd | None = None) -> None:
        self._settings = settings
        self._systemd = systemd or Systemd()
        self._journal = Journal(settings.journal)
        self._home: Home | None = None
        self._files = WatchedFiles(())
        self._next_home: Home | None = None
        self._must_look = False
        self._news = asyncio.Event()
        self._end: asyncio.Future[_Why] | None = None
        self._farewell: _Why | None = None
        self._given_up = asyncio.Event()

    async def serve(self) -> int:
        """Until a signal ends it. The exit code."""
        settings = self._settings
        home = load(settings.home)
        self._files = WatchedFiles(home.files)
        self._repository, errors = read_scenes(settings.folders)
        _refuse(errors)
        interface = Interface(home.model.rooms, settings.base, home.model.reply_topics)
        async with AsyncExitStack() as stack:
            stack.callback(self._forget_signals)
            self._heed_signals()
            self._journal.open(local_time(), now())
            stack.callback(self._journal.close)
            if (open_to_others := exposed(settings.journal)) is not None:
                sentence = (
                    "Others on this machine may read %s, and that could not be changed: relax doctor says what to do."
                )
                logger.warning(sentence, open_to_others)
            await self._serve_homes(home, interface)
        return 0

    async def _serve_homes(self, home: Home, interface: Interface) -> None:
        """One after the other, as the file changes. A new one that its broker does not let in is refused as well."""
        proven, why = None, _Why.NEW_HOME
        while why is _Why.NEW_HOME and self._farewell is None:
            try:
                why = await self._serve(home, interface)
                proven = home
            except BrokerRefused as error:
                if proven is None or proven is home:
                    raise
                logger.error("The new home file is refused, the old one stays in use: %s", error)  # noqa: TRY400
                self._next_home = proven
            if self._next_home is not None:
                home, self._next_home = self._next_home, None
                interface.rooms_are(home.model.rooms, home.model.reply_topics)

    async def _serve(self, home: Home, interface: Interface) -> _Why:
        """One home, until it ends or its file is another."""
        self._end = asyncio.get_running_loop().create_future()
        self._end_if_wanted()
        claim = service_claim(self._settings.base, self._settings.journal)
        await refuse_second(address_of(home), home.model.home, claim)
        async with (
            Service(home, self._repository, self._journal, interface, claim=claim) as service,
            _looked_around(service, interface),
        ):
            rooms = ", ".join(home.model.rooms)
            logger.info("relax serves %s (%s) at %s.", home.model.home, rooms, service.daemon.address)
            for warning in home.remarks:
                logger.warning("%s", warning)
            self._systemd.ready(f"serves {home.model.home}")
            while not self._end.done():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._interval()):
                        await self._news.wait()
                self._news.clear()
                if service.rival is not None:
                    raise taken(home.model.home, service.daemon.address, service.rival)
                service.look()
                self._systemd.alive()
                await self._look_at_files(service)
            why = self._end.result()
            if why is not _Why.NEW_HOME:
                await self._leave(service, why)
        return why

    def _interval(self) -> float:
        watchdog = self._systemd.watchdog
        return LOOK if watchdog is None else min(LOOK, watchdog / SECOND / 3)

    async def _leave(self, service: Service, why: _Why) -> None:
        if why is _Why.LAND and service.playing():
            logger.info("The rooms are given back. Ctrl-C again does not wait for it.")
            landing = asyncio.create_task(service.land())
            given_up = asyncio.create_task(self._given_up.wait())
            await asyncio.wait([landing, given_up], timeout=FAREWELL, return_when=asyncio.FIRST_COMPLETED)
            for task in (landing, given_up):
                task.cancel()
            await asyncio.wait([landing, given_up])
        if left := service.playing():
            within = service.home.model.resume_within // SECOND
            sentence = (
                "Left as they are: %s. They go on if relax starts again within %d s, and are given back if later."
            )
            logger.warning(sentence, ", ".join(left), within)

    # Files

    async def _look_at_files(self, service: Service) -> None:
        """Take up what changed: scenes at once, a home when nothing is on. What is wrong is refused, aloud."""
        must, self._must_look = self._must_look, False
        if must:
            self._systemd.reloading(now())
        if must or not self._repository.is_current(self._settings.folders):
            self._repository, errors = await asyncio.to_thread(read_scenes, self._settings.folders, self._repository)
            _refuse(errors)
            service.offer(self._repository)
            logger.info("The scenes are: %s.", ", ".join(model.scene for model in self._repository.models()))
        if must or self._files.have_changed():
            await self._read_home()
        if must:
            self._systemd.ready(f"serves {service.home.model.home}")
        if self._next_home is not None and not service.playing():
            self._finish(_Why.NEW_HOME)

    async def _read_home(self) -> None:
        """Take the home anew where anything that it is made of says something else."""
        if not self._files.say_something_else():
            return
        try:
            home = await asyncio.to_thread(_whole, self._settings.home)
        except HomeError as error:
            logger.error("The new home file is refused, the old one stays in use: %s", error)  # noqa: TRY400 a person's
        else:
            self._next_home, self._files = home, WatchedFiles(home.files)
            logger.info("The home file was read again; it is used as soon as nothing is on.")

    # Signals

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._leave_for, _Why.LEAVE)
        loop.add_signal_handler(signal.SIGINT, self._interrupted)
        loop.add_signal_handler(signal.SIGHUP, self._look_again)

    def _forget_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().remove_signal_handler(number)

    def _interrupted(self) -> None:
        if self._farewell is not None:
            self._given_up.set()
        self._leave_for(_Why.LAND)

    def _leave_for(self, why: _Why) -> None:
        """The first signal decides; one that comes between two homes is not lost."""
        if self._farewell is None:
            self._farewell = why
            self._systemd.stopping()
        self._end_if_wanted()

    def _end_if_wanted(self) -> None:
        if self._farewell is not None:
            self._finish(self._farewell)

    def _look_again(self) -> None:
        self._must_look = True
        self._news.set()

    def _finish(self, why: _Why) -> None:
        if self._end is not None and not self._end.done():
            self._end.set_result(why)
            self._news.set()


@asynccontextmanager
async def _looked_around(service: Service, interface: Interface) -> AsyncIterator[None]:
    """What the broker has and the home has not is told, while nothing is on."""
    look = NewDeviceLook(
        service.home,
        service.daemon.address,
        is_busy=lambda: bool(service.playing()) or not service.daemon.is_connected,
        tell=lambda found: service.daemon.publish([interface.new_devices(found)]),
    )
    task = asyncio.create_task(look.run(), name="new devices")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def _whole(path: Path) -> Home:
    """A home with its calendars, which may take long to read. Raises HomeError."""
    home = load(path)
    _ = home.calendars
    return home


def _refuse(errors: list[SceneError]) -> None:
    for error in errors:
        logger.error("A scene file is refused: %s", error)
