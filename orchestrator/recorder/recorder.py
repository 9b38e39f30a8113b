"""A device at a real broker, asked how it is and listened to: the only I/O here."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.devices.messages import AvailabilityReport, Change, Message, Report
from orchestrator.errors import Reason, Refused
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.home.model import HomeAssistantModel
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.recorder.description import Description, describer
from orchestrator.recorder.exercise import FADE, Exercise
from orchestrator.units import SECOND

PATIENCE = 5.0
"""Seconds that the broker has to answer."""
BETWEEN = FADE / SECOND + 1.0
"""Seconds from one change to the next: its fade, and what is said after that."""


class Exercised(NamedTuple):
    """`changes` are those that a device was asked for, `untried` what not because it did not say how it is.

    `is_as_before`: False where it was changed and does not say that it has everything back.
    """

    changes: tuple[Change, ...] = ()
    untried: tuple[str, ...] = ()
    is_as_before: bool = True


class Recording(NamedTuple):
    """What was heard of a device, as it was heard: nothing is taken out yet.

    `is_there`: whether its availability says so, None where nothing does.
    """

    device: Device
    messages: tuple[Message, ...]
    description: Description
    is_there: bool | None = None
    exercised: Exercised = Exercised()

    @property
    def says_something(self) -> bool:
        """Whether anything was heard that means something, beyond that it is there."""
        reports = (report for message in self.messages for report in self.device.dialect.decode(message))
        return any(not isinstance(report, AvailabilityReport) for report in reports)


class Recorder:
    """Listens to one device of a home. `between` are the seconds from one change to the next."""

    def __init__(self, home: Home, device: Device, address: Address, base: str, *, between: float) -> None:
        self._home = home
        self._device = device
        self._address = address
        self._between = between
        self._rooms = {f"{base}/rooms/{room}/session": room for room in home.model.rooms}
        announced = home.model.home_assistant
        prefix = announced.prefix if isinstance(announced, HomeAssistantModel) else HomeAssistantModel().prefix
        self._describer = describer(device, prefix)
        self._heard: list[Message] = []
        self._reports: list[Report] = []
        self._told: dict[str, Message] = {}
        self._sessions: dict[str, str] = {}
        self._there: dict[str, bool] = {}

    async def record(self, seconds: float, *, exercise: bool) -> Recording:
        """Ask how it is and listen for so long; with `exercise` also ask for changes, and give back what it had.

        Raises BrokerError; Refused where it should be exercised while a session has it.
        """
        topics = [*self._device.dialect.topics, *self._describer.topics, *self._rooms]
        connection = Connection(
            self._address,
            client_id=f"relax-recorder-{secrets.token_hex(4)}",
            subscriptions=topics,
            on_message=self._receive,
        )
        async with connection:
            await connection.first(PATIENCE)
            connection.publish(self._device.dialect.query())
            await _wait(seconds)
            tries = exercise and self._is_there is not False
            exercised = await self._exercise(connection, seconds) if tries else Exercised()
        description = self._describer.describe(list(self._told.values()))
        return Recording(self._device, tuple(self._heard), description, self._is_there, exercised)

    async def _exercise(self, connection: Connection, seconds: float) -> Exercised:
        """Whatever happens on the way, also Ctrl-C: what it had is given back."""
        self._refuse_while_it_plays()
        language = self._home.model.language
        exercise, after = (Exercise(self._device.abilities, language) for _ in range(2))
        for report in self._reports:
            exercise.heard(report)
        changes = exercise.changes()
        try:
            for change in changes:
                connection.publish(self._device.dialect.encode(change))
                await _wait(self._between)
        finally:
            self._reports.clear()
            back = exercise.giving_back() if changes else []
            connection.publish(message for change in back for message in self._device.dialect.encode(change))
        await _wait(max(self._between, seconds) if back else seconds)
        for report in self._reports:
            after.heard(report)
        return Exercised((*changes, *back), tuple(exercise.untried()), not back or after.is_like(exercise))

    @property
    def _is_there(self) -> bool | None:
        """A device is there where its bridge is as well."""
        return all(self._there.values()) if self._there else None

    def _refuse_while_it_plays(self) -> None:
        own = set(self._device.physical())
        for room, status in self._sessions.items():
            if status != "idle" and any(own & set(each.physical()) for each in self._home.cast_in(room)):
                title = self._device.title
                raise Refused(
                    Reason.DEVICE_BUSY,
                    f"A session is on in {room}, and {title} plays in it.",
                    f"First: relax stop --room {room}",
                )

    def _receive(self, message: Message) -> None:
        if message.topic in self._rooms:
            self._sessions[self._rooms[message.topic]] = _status(message.payload)
            return
        if any(_matches(each, message.topic) for each in self._describer.topics):
            self._told[message.topic] = message
            return
        self._heard.append(message)
        for report in self._device.dialect.decode(message):
            self._reports.append(report)
            if isinstance(report, AvailabilityReport):
                self._there[message.topic] = report.online


def _matches(topic_filter: str, topic: str) -> bool:
    levels, wanted = topic.split("/"), topic_filter.split("/")
    return len(levels) == len(wanted) and all(b in ("+", a) for a, b in zip(levels, wanted, strict=True))


def _status(payload: str) -> str:
    try:
        state = json.loads(payload)
    except ValueError:
        return "idle"
    return str(state.get("status", "idle")) if isinstance(state, Mapping) else "idle"


async def _wait(seconds: float) -> None:
    """Nothing but listening; cancelling ends it."""
    nobody_wakes_it = asyncio.Event()
    try:
        async with asyncio.timeout(seconds):
            await nobody_wakes_it.wait()
    except TimeoutError:
        return
