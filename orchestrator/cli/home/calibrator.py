"""A device of the home at its real broker, tried out and given back: who has it is asked first."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import NamedTuple

from orchestrator.calibration.device_state import DeviceState
from orchestrator.calibration.findings import BRIGHT_ENOUGH, SeenByEye, halves
from orchestrator.calibration.hearing import QUIET, Hearing, Moved, TrialAnswer
from orchestrator.calibration.trial import FADE, RoomLimits, Trial, Tried, giving_back, trials
from orchestrator.cli.arguments import is_night_now
from orchestrator.cli.home.listening import BROKER_SECONDS
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.daemon.driver import driver_of, taken
from orchestrator.daemon.gateways import gateways_of
from orchestrator.devices.abilities import DeviceCurve
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import (
    AvailabilityReport,
    LightAbilitiesReport,
    Message,
    RefusalReport,
    Report,
    SetLight,
)
from orchestrator.errors import BrokerUnreachable, Reason, Refused, RelaxError
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.integrations.driver_claim import ClaimTopics, DriverKind
from orchestrator.integrations.outgoing import SessionState
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.session.state import Status
from orchestrator.units import FULL, OFF, SECOND, Ms, Percent

RESTORED_WITHIN = 2.0
"""Seconds for it to say that it is as it was, and twice what its answers take."""
TRIAL_ANSWERED_WITHIN: Ms = 16 * SECOND
"""How long after a change its words are waited for, of a device that has said anything at all."""
SILENT_FOR: Ms = SECOND
"""Of one that has said nothing to the first change either."""
ASKS_AGAIN: Ms = 3 * SECOND
ANSWERS_ITSELF = frozenset({"zigbee2mqtt"})
"""Dialects whose answer comes from the lamp itself, on its way; all others say where it goes."""
ANSWERS_BY_ITSELF = 5.0
"""Seconds that a device has to let us in that is reached otherwise than by the broker."""
BROKER_AWAY = 60.0
"""Seconds that a broker which goes away has to come back, so that the device can be given back."""
TOLD_AT_MOST = 3
"""How often it is told how it was, until it says that it is."""
LOOKS = 4.0
"""Seconds for a person to look at a light."""

Ask = Callable[[str, Sequence[str]], Awaitable[str]]
"""A question to a person, and the words that are answers; empty is one that nobody could give."""


class Calibration(NamedTuple):
    """`was` is how it was; `given_back`: None for one that never says how it is, and was told."""

    was: DeviceState
    heard: tuple[Hearing, ...]
    seen: SeenByEye
    answer_after: Ms | None
    refusals: tuple[str, ...]
    given_back: bool | None


class Calibrator:
    """Tries one device of a home. `said` is how it is by what a person says; `tell` is called with what was tried.

    With `ask` a person is asked what only eyes can tell. `base` is the topic of the service, where none answers.
    """

    def __init__(
        self,
        home: Home,
        device: Device,
        address: Address,
        base: str,
        *,
        said: Percent | None = None,
        ask: Ask | None = None,
        tell: Callable[[Hearing], None] = lambda _heard: None,
        warn: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        self._home = home
        self._device = device
        self._address = address
        self._base = base
        self._person_says = said
        self._ask = ask
        self._tell = tell
        self._warn = warn
        self._claims = ClaimTopics(home.model.home)
        self._rooms: dict[str, str] = {}
        self._sessions: dict[str, SessionState] = {}
        self._there: dict[str, bool] = {}
        self._said: list[tuple[float, Report]] = []
        self._state = DeviceState()
        self._refusals: dict[str, None] = {}
        self._driver: str | None = None
        self._news = asyncio.Event()
        self._end: RelaxError | None = None
        self._tried: list[Tried] = []
        self._has_spoken = False
        self._answer_after: Ms | None = None
        self._asked_at = 0.0
        self._gateways = gateways_of(replace(home, devices={device.name: device}))
        self._connection: Connection

    async def run(self) -> Calibration:
        """Whatever happens on the way, also where this is cancelled: what was touched is given back.

        Raises BrokerError; HomeTaken or Refused where somebody has it, RelaxError where it is away or does not say how
        it is.
        """
        driver = await driver_of(self._address, self._home.model.home)
        if driver is not None and driver.kind is DriverKind.RUN:
            raise taken(self._home.model.home, self._address, driver)
        if driver is not None and self._gateways:
            raise self._spoken_to()
        self._driver = driver.driver if driver is not None else None
        base = driver.base if driver is not None else self._base
        self._rooms = {f"{base}/rooms/{room}/session": room for room in self._home.model.rooms}
        self._connection = Connection(
            self._address,
            client_id=f"relax-test-{secrets.token_hex(4)}",
            subscriptions=[*self._device.dialect.topics, *self._rooms, *self._claims.subscriptions()],
            on_message=self._receive,
            on_lost=self._lost,
        )
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._connection)
            await self._connection.first(BROKER_SECONDS)
            for gateway in self._gateways:
                await stack.enter_async_context(gateway.serve(self._receive))
            before = await self._how_it_is()
            heard: list[Hearing] = []
            try:
                seen = await self._tried_out(before, heard)
            except BaseException:
                await self._leave(before)
                raise
            given_back = await self._give_back(before)
        return Calibration(before, tuple(heard), seen, self._answer_after, tuple(self._refusals), given_back)

    # Before

    async def _how_it_is(self) -> DeviceState:
        """By what it says, else by what a person says. Raises Refused, RelaxError."""
        loop = asyncio.get_running_loop()
        began, question = loop.time(), self._device.dialect.query()
        end = began + (TRIAL_ANSWERED_WITHIN / SECOND if self._has_states else 0.0)
        while self._state == DeviceState() and loop.time() < end:
            self._question()
            wait = min(ASKS_AGAIN / SECOND, end - loop.time())
            await self._pause(wait, until=lambda: self._state != DeviceState())
        if question and (at := next((at for at, _ in self._said if at > began), None)) is not None:
            self._answer_after = round((at - began) * SECOND)
        await self._pause(QUIET / SECOND)
        if self._gateways:
            await self._pause(ANSWERS_BY_ITSELF, until=lambda: any(self._there.values()))
        if self._there and not all(self._there.values()):
            raise RelaxError(f"{self._device.title} is offline.", "Switch it on, and try again.")
        self._refuse_where_somebody_has_it()
        before = replace(self._state)
        if self._device.abilities.light is not None and before.level is None:
            before.level = await self._level_by_eye()
        return before

    @property
    def _has_states(self) -> bool:
        can = self._device.abilities
        return not (can.light is None and can.player is None and can.switch is None)

    async def _level_by_eye(self) -> Percent:
        """Raises RelaxError where nobody says it: it could not be given back."""
        if self._person_says is None and self._ask is not None:
            question = f"{self._device.title} does not say how bright it is. How bright is it now? (such as 40, or off)"
            self._person_says = level_in_words(await self._ask(question, ()))
        if self._person_says is None:
            raise RelaxError(
                f"{self._device.title} does not say how it is, and could not be given back as it was: left alone.",
                f"{_to_keep(self._device)}Say how bright it is now: --is 40% or --is off.",
            )
        return self._person_says

    def _refuse_where_somebody_has_it(self) -> None:
        """Raises Refused."""
        for room, state in self._sessions.items():
            if self._is_cast(room) and state.status is not Status.IDLE:
                raise self._busy(room, state) if self._driver is not None else self._cut_off(room)
            if self._device.name in (*state.owed, *(each.device for each in state.outstanding)):
                raise Refused(
                    Reason.DEVICE_BUSY,
                    f"{self._device.title} has not been given back what it had before the last session in {room}.",
                    "`relax owed` says why; try again after that.",
                )

    def _busy(self, room: str, state: SessionState) -> Refused:
        what = f" ({state.title or state.scene})" if state.title or state.scene else ""
        sentence = f"A session is on in {room}{what}, and {self._device.title} plays in it."
        return Refused(Reason.DEVICE_BUSY, sentence, f"First: relax stop --room {room}")

    def _cut_off(self, room: str) -> Refused:
        """What the broker keeps of a session whose service is gone."""
        sentence = f"A session in {room} was cut off, and {self._device.title} played in it: it is not as it was."
        return Refused(Reason.DEVICE_BUSY, sentence, "Start relax: it gives the room back, or goes on.")

    def _spoken_to(self) -> Refused:
        """A satellite lets one in at a time."""
        sentence = f"{self._device.title} speaks with the service, and with nobody else meanwhile."
        return Refused(Reason.DEVICE_BUSY, sentence, "Stop the service first, or let a scene speak.")

    def _is_cast(self, room: str) -> bool:
        own = set(self._device.physical())
        return any(own & set(each.physical()) for each in self._home.cast_in(room))

    # The trials

    async def _tried_out(self, before: DeviceState, heard: list[Hearing]) -> SeenByEye:
        """What was heard goes into `heard`, one after the other: also what came before somebody ended it."""
        for trial in trials(self._device.abilities, before, limits_of(self._home, self._device), self._language):
            heard.append(await self._try(trial))
            self._tell(heard[-1])
        if self._ask is None or self._end is not None:
            return SeenByEye()
        return SeenByEye(await self._fade_by_eye(heard), await self._curve_by_eye(before))

    @property
    def _language(self) -> str:
        return self._home.model.language

    async def _try(self, trial: Trial) -> Hearing:
        loop, patience = asyncio.get_running_loop(), self._patience
        late = (self._answer_after or 0) / SECOND
        if late > QUIET / SECOND:  # answers that are still on their way are about what was before
            await self._pause(self._asked_at + late - loop.time())
        self._tried.append(trial.tried)
        self._said.clear()
        began, asked = loop.time(), 0

        def heard() -> Hearing:
            said = tuple((round((at - began) * SECOND), report) for at, report in self._said)
            return Hearing(trial, said, asked)

        self._publish(self._device.dialect.encode(trial.change))
        if trial.tried is Tried.FADE and self._device.settings.dialect in ANSWERS_ITSELF:
            for _ in range(2):
                await self._pause(trial.length / 3 / SECOND)
                asked += self._question() > 0
        end = began + trial.length / SECOND
        await self._pause(end - loop.time())
        asks_at, again = QUIET, max(ASKS_AGAIN, 2 * (self._answer_after or 0))
        while (passed := round((loop.time() - end) * SECOND)) < patience:
            if heard().is_over(round((loop.time() - began) * SECOND), self._answer_after or 0):
                break
            if passed >= asks_at and heard().answer is not TrialAnswer.CONFIRMED:
                self._question()
                asks_at += again
            await self._pause(0.1)
        return heard()

    @property
    def _patience(self) -> Ms:
        return TRIAL_ANSWERED_WITHIN if self._has_spoken or not self._tried else SILENT_FOR

    async def _fade_by_eye(self, heard: Sequence[Hearing]) -> Moved | None:
        """What its words do not tell: whether it faded."""
        faded = next((each for each in heard if each.trial.tried is Tried.FADE), None)
        if faded is None or faded.moved is Moved.GRADUALLY or self._ask is None:
            return None
        question = f"Its fade of {FADE / SECOND:g} s: did the light go gently, or all at once? (g, o; Enter: not seen)"
        return {"g": Moved.GRADUALLY, "o": Moved.AT_ONCE}.get(await self._ask(question, ("g", "o", "")))

    async def _curve_by_eye(self, before: DeviceState) -> DeviceCurve | None:
        """Which of two steps looks half as bright as it was. Nothing is brighter than it was."""
        light, level = self._device.abilities.light, before.level
        if light is None or self._ask is None or not light.dimmable or level is None or level < BRIGHT_ENOUGH:
            return None
        first, second = halves(level)
        question = (
            "Two steps follow, each down from the light that it had. Which looks half as bright? "
            "(Enter: show them; n: leave it)"
        )
        if await self._ask(question, ("", "n")) == "n":
            return None
        while True:
            for number, step in (("first", first), ("second", second)):
                self._publish(self._device.dialect.encode(SetLight(level, before.colour if light.colours else None)))
                await self._pause(LOOKS / 2)
                self._warn(f"The {number} step.")
                self._publish(self._device.dialect.encode(SetLight(step, None)))
                await self._pause(LOOKS)
            said = await self._ask("Half as bright was: 1, 2, or a (again)? (Enter: cannot say)", ("1", "2", "a", ""))
            if said != "a":
                return {"1": DeviceCurve.PERCEPTUAL, "2": DeviceCurve.LINEAR}.get(said)

    # After

    async def _leave(self, before: DeviceState) -> None:
        """Somebody or something has ended the trials."""
        title = self._device.title
        if self._tried and isinstance(self._end, Refused):
            self._warn(f"{title} was {before.text()}; the session has it as it is now, and gives that back.")
            return
        if self._tried:
            self._warn(f"{title} is given back.")
        if await self._give_back(before) is False:
            self._warn(f"{title} does not say that it is as it was ({before.text()}): look at it.")

    async def _give_back(self, before: DeviceState) -> bool | None:
        """Whether it says that it is as it was; True as well for one that was not touched, None where it never speaks.

        Raises BrokerUnreachable where the broker does not come back in time: it says how the device was.
        """
        back = giving_back(self._device.abilities, before, self._tried)
        if not back:
            return True
        if self._end is not None:
            back = [each._replace(transition=0) if isinstance(each, SetLight) else each for each in back]
        self._end = None
        for _ in range(TOLD_AT_MOST):
            await self._back_at_the_broker(before)
            self._said.clear()
            self._state = DeviceState()
            self._publish([message for change in back for message in self._device.dialect.encode(change)])
            length = max((each.transition for each in back if isinstance(each, SetLight)), default=0)
            await self._pause((length + QUIET) / SECOND)
            if self._has_spoken and await self._is_like(before):
                return True
        return False if self._has_spoken else None

    async def _is_like(self, before: DeviceState) -> bool:
        loop = asyncio.get_running_loop()
        end = loop.time() + RESTORED_WITHIN + 2 * (self._answer_after or 0) / SECOND
        while not self._state.is_like(before) and loop.time() < end:
            self._question()
            await self._pause(QUIET / SECOND, until=lambda: self._state.is_like(before))
        return self._state.is_like(before)

    async def _back_at_the_broker(self, before: DeviceState) -> None:
        if self._connection.is_connected:
            return
        self._warn(f"The broker is away: it is waited for, so that {self._device.title} is given back.")
        loop = asyncio.get_running_loop()
        end = loop.time() + BROKER_AWAY
        while not self._connection.is_connected:
            if loop.time() > end:
                sentence = f"The broker does not come back: {self._device.title} could not be given back."
                raise BrokerUnreachable(sentence, f"It was {before.text()}.")
            await self._pause(0.2)

    # The broker

    def _publish(self, messages: Sequence[Message]) -> int:
        for gateway in self._gateways:
            gateway.publish([message for message in messages if gateway.carries(message.topic)])
        carried = [message for message in messages if any(each.carries(message.topic) for each in self._gateways)]
        return self._connection.publish([message for message in messages if message not in carried]) + len(carried)

    def _question(self) -> int:
        """Have it say how it is; how many messages that took."""
        self._asked_at = asyncio.get_running_loop().time()
        return self._publish(self._device.dialect.query())

    async def _pause(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Nothing but listening. Raises what ends the trials."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and not until():
            if self._end is not None:
                raise self._end
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._news.wait()
        if self._end is not None:
            raise self._end

    def _lost(self, reason: str) -> None:
        if self._tried:
            self._end = BrokerUnreachable(f"The broker went away ({reason}) while {self._device.title} was tried.")
            self._news.set()

    def _receive(self, message: Message) -> None:
        if (room := self._rooms.get(message.topic)) is not None:
            self._told_of(room, message.payload)
        elif self._claims.is_ours(message.topic):
            self._claimed(message)
        else:
            for report in self._device.dialect.decode(message):
                self._take(report, message)
        self._news.set()

    def _take(self, report: Report, message: Message) -> None:
        if isinstance(report, AvailabilityReport):
            self._there[message.topic] = report.online
        elif isinstance(report, RefusalReport):
            self._refusals[report.why] = None
        elif not isinstance(report, LightAbilitiesReport):
            is_state = self._state.hear(report)
            if not message.retain:
                self._has_spoken = self._has_spoken or is_state
                self._said.append((asyncio.get_running_loop().time(), report))

    def _told_of(self, room: str, payload: str) -> None:
        """A session that begins now has taken it as it is: to give it back would look like a hand."""
        with suppress(ValueError):
            state = SessionState.model_validate_json(payload, extra="ignore")
            self._sessions[room] = state
            if self._tried and self._end is None and self._is_cast(room) and state.status is not Status.IDLE:
                self._end = self._busy(room, state)

    def _claimed(self, message: Message) -> None:
        """Somebody would like to drive, and has not begun: it is given back before that."""
        driver = self._claims.begins(message)
        if self._tried and self._end is None and driver is not None and driver != self._driver:
            sentence = f"Another relax begins to drive this home: {self._device.title} is given back."
            self._end = RelaxError(sentence, "Try again when its session is over.")


def limits_of(home: Home, device: Device) -> RoomLimits:
    """The most that the rooms allow in which it plays, at this hour; of several the least."""
    names = [name for name in home.model.rooms if device in home.cast_in(name)]
    scales = [RoomScale.of(home.model.rooms[name], at_night=is_night_now(home, name)) for name in names]
    usual = RoomLimits()
    return RoomLimits(
        Percent(min((each.brightest * each.brightness / FULL for each in scales), default=FULL)),
        Percent(min((each.loudest for each in scales), default=usual.volume)),
        Percent(min((each.voice for each in scales), default=usual.voice)),
    )


def _to_keep(device: Device) -> str:
    """What its owner can do once and for all, as the beginning of an advice."""
    to_keep = DIALECTS[device.settings.dialect].to_keep
    return f"{to_keep[:1].upper()}{to_keep[1:]}, and it is known from then on. " if to_keep else ""


def level_in_words(text: str) -> Percent | None:
    """`40`, `40%` or `off`; None for what is none of these."""
    word = text.strip().removesuffix("%").strip()
    if word == "off":
        return OFF
    with suppress(ValueError):
        if 0 <= float(word) <= FULL:
            return Percent(float(word))
    return None
