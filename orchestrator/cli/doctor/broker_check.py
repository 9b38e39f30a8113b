"""A broker and the devices at it, listened to for two seconds: what answers, and what is stored that will bite."""

import asyncio
import re
import secrets
from collections.abc import Iterator

from orchestrator.cli.doctor.check_result import CheckResult, fail, ok, warn
from orchestrator.cli.doctor.device_answers import DeviceAnswers
from orchestrator.cli.event_text import device_titles
from orchestrator.daemon.gateways import AT_NO_BROKER
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2MqttSettings
from orchestrator.devices.messages import (
    Change,
    Message,
    Play,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
)
from orchestrator.errors import BrokerError
from orchestrator.home.library import Home
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.units import SECOND, Ms, Percent, WordsPerMinute

BROKER_ANSWERS_WITHIN = 3.0
"""Seconds that the broker has to answer."""
DEVICES_ANSWER_WITHIN = 2.0
"""Seconds that the devices have."""
_LISTED_AT_MOST = 10
_COMMANDS = re.compile(r"(?:.*/)?(?:cmnd/.+|set(?:/[^/]+)?|rpc|command)")
"""Topics on which devices of the dialects that we know are told what to do."""
_VERSION = "$SYS/broker/version"
_EXAMPLES: tuple[Change, ...] = (
    SetLight(Percent(50.0), None),
    SetLight(Percent(0.0), None),
    SetSwitch(on=True),
    Play("http://music.example.invalid/"),
    SetVolume(Percent(20.0)),
    Speak("id", "words", "en", Percent(20.0), WordsPerMinute(110.0), 1000),
)


class BrokerCheck:
    """One look at a broker. Asks each device that is there how it is, and changes nothing."""

    def __init__(self, address: Address, base: str, home: Home | None) -> None:
        self._address = address
        self._base = base
        devices = home.devices if home is not None else {}
        self._devices = {
            name: device for name, device in devices.items() if device.settings.dialect not in AT_NO_BROKER
        }
        self._version = ""
        self._is_daemon_there = False
        self._stored: list[str] = []
        self._answers = DeviceAnswers(home)
        self._home = home
        self._bases: set[str] = set()
        """Base topics of the bridges that are there."""
        self._told_on = {
            message.topic
            for device in self._devices.values()
            for change in _EXAMPLES
            for message in DIALECTS[device.settings.dialect].codec(device.name, device.settings).encode(change)
        }

    async def look(self) -> list[CheckResult]:
        """What was found; a broker that does not answer, or says no, is a result as well."""
        topics = sorted({topic for device in self._devices.values() for topic in device.dialect.topics})
        connection = Connection(
            self._address,
            client_id=f"relax-doctor-{secrets.token_hex(4)}",
            subscriptions=["#", _VERSION, *topics],
            on_message=self._receive,
        )
        async with connection:
            try:
                await connection.first(BROKER_ANSWERS_WITHIN)
            except BrokerError as error:
                return [fail("broker", error.message, error.hint or "Start it, or mend `broker:` in the home file.")]
            await self._ask(connection)
            await self._listen()
            if (trouble := connection.trouble) is not None:
                return [fail("broker", trouble.message, trouble.hint)]
            version_5, limits = connection.speaks_version_5, connection.limits.sentences()
        takes = [warn("broker", said, "Raise its limit, if it is yours: docs/interface.md.") for said in limits]
        devices = [*self._behind(), *self._answers.results(DEVICES_ANSWER_WITHIN)]
        return [self._broker(version_5=version_5), *takes, self._daemon(), *self._retained(), *devices]

    async def _ask(self, connection: Connection) -> None:
        """No bridge more at a time than it takes, and nobody who has spoken meanwhile."""
        asked_at: Ms = 0
        for at, name, questions in self._answers.questions():
            if at > asked_at:
                await _pause((at - asked_at) / SECOND)
                asked_at = at
            if not self._answers.has_answered(name):
                connection.publish(questions)

    async def _listen(self) -> None:
        await _pause(DEVICES_ANSWER_WITHIN)

    def _receive(self, message: Message) -> None:
        topic = message.topic
        if topic == _VERSION:
            self._version = message.payload
        elif topic == f"{self._base}/status":
            self._is_daemon_there = message.payload == "online"
        elif topic.endswith("/bridge/state"):
            self._bases.add(topic.removesuffix("/bridge/state"))
        elif message.retain and message.payload and self._is_command(topic):
            self._stored.append(topic)
        self._answers.hear(message)

    def _is_command(self, topic: str) -> bool:
        return bool(_COMMANDS.fullmatch(topic)) or topic in self._told_on

    def _broker(self, *, version_5: bool) -> CheckResult:
        named = f" ({self._version})" if self._version else ""
        if version_5:
            return ok("broker", f"{self._address} answers{named}, MQTT 5.")
        return warn(
            "broker",
            f"{self._address} answers{named}, MQTT 3.1.1: a message that comes late is not thrown away.",
            "All works; a broker that speaks MQTT 5 is better.",
        )

    def _daemon(self) -> CheckResult:
        if self._is_daemon_there:
            return ok("daemon", f"It is there, on {self._base}/status.")
        return warn("daemon", f"None is there, on {self._base}/status.", "Start it: relax daemon --home FILE")

    def _retained(self) -> Iterator[CheckResult]:
        """Each stored command, as it is: the one who stored it may have meant it."""
        for topic in sorted(set(self._stored))[:_LISTED_AT_MOST]:
            yield warn(
                "retained",
                f"The broker stores a command on {topic}: whoever listens there gets it again at each start.",
                f"If nobody meant that: mosquitto_pub -r -n -t '{topic}'",
            )
        more = len(set(self._stored)) - _LISTED_AT_MOST
        if more > 0:
            yield warn("retained", f"And {more} more commands are stored.", "Clear these, and look again.")
        if not self._stored:
            yield ok("retained", "The broker stores no command.")

    def _behind(self) -> Iterator[CheckResult]:
        """Lamps whose bridge has a slash in its base topic, which their topics alone do not tell."""
        for base in sorted(self._bases):
            lost = [
                name
                for name, device in self._devices.items()
                if isinstance(device.settings, Zigbee2MqttSettings)
                and device.settings.topic.startswith(f"{base}/")
                and len(base) > len(device.settings.bridge)
            ]
            if lost:
                yield warn(
                    "devices",
                    f"Behind the bridge {base}, and the home file does not say so: {device_titles(lost, self._home)}.",
                    f"Write `base: {base}` into their entries.",
                )


async def _pause(seconds: float) -> None:
    nobody_wakes_it = asyncio.Event()
    try:
        async with asyncio.timeout(seconds):
            await nobody_wakes_it.wait()
    except TimeoutError:
        return
