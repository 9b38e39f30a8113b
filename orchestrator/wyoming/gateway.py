"""The way of messages to Wyoming satellites and back: what a broker is for all other devices."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from orchestrator.devices.dialects.wyoming import PREFIX, WyomingSettings
from orchestrator.devices.messages import Message
from orchestrator.wyoming.connection import Place
from orchestrator.wyoming.satellite import SatelliteLink
from orchestrator.wyoming.speaker import WyomingSpeaker
from orchestrator.wyoming.synthesis import Synthesis

SATELLITE, SERVER = "satellite", "text-to-speech server"

logger = logging.getLogger(__name__)


class WyomingGateway:
    """The satellites of a home. Nothing is carried before `serve`, or after it."""

    def __init__(self, devices: Iterable[WyomingSettings]) -> None:
        self._servers = {device.place: device.tts.place for device in devices}
        self._speakers: Mapping[str, WyomingSpeaker] = {}
        self._syntheses: dict[str, Synthesis] = {}

    def carries(self, topic: str) -> bool:
        return _place(topic) in self._servers

    def publish(self, messages: Iterable[Message]) -> None:
        """Take messages to their satellites. Never waits."""
        for message in messages:
            speaker = self._speakers.get(_place(message.topic))
            if speaker is not None:
                speaker.receive(message)

    @asynccontextmanager
    async def serve(self, on_message: Callable[[Message], None]) -> AsyncIterator[None]:
        """`on_message` gets what satellites say, in the loop; what it raises is logged and harms nothing."""

        def say(message: Message) -> None:
            try:
                on_message(message)
            except Exception:
                logger.exception("Something went wrong while a word of a satellite was handled")

        self._speakers = {
            place: WyomingSpeaker(Place.of(place, SATELLITE), self._synthesis_at(server), self._synthesis_at, say)
            for place, server in self._servers.items()
        }
        tasks = [
            asyncio.create_task(speaker.serve(), name=f"{PREFIX}/{place}") for place, speaker in self._speakers.items()
        ]
        try:
            yield
        finally:
            self._speakers = {}
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

    def _synthesis_at(self, server: str) -> Synthesis:
        return self._syntheses.setdefault(server, Synthesis(Place.of(server, SERVER)))


async def look_at(device: WyomingSettings) -> None:
    """Whether words can be made into sound, and be heard. Raises WyomingError while they cannot."""
    await SatelliteLink(Place.of(device.place, SATELLITE)).look(is_to_be_ours=True)
    await Synthesis(Place.of(device.tts.place, SERVER)).look()


def _place(topic: str) -> str:
    """The `host:port` of a topic of ours, "" of another."""
    prefix, _, rest = topic.partition("/")
    return rest.rpartition("/")[0] if prefix == PREFIX else ""
