"""A speaker that keeps the contract of docs/speaker.md with this computer's sound."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np

from orchestrator.devices.messages import Message
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.connection import Connection
from orchestrator.speaker.audio_renderer import AudioRenderer
from orchestrator.speaker.chime import chime
from orchestrator.speaker.mixer import Mixer
from orchestrator.speaker.music import Prefetched, music
from orchestrator.speaker.orders import (
    AnnounceOrder,
    ChimeOrder,
    HushOrder,
    Order,
    PauseOrder,
    PlayOrder,
    ResumeOrder,
    SayOrder,
    StopOrder,
    VolumeOrder,
    order,
)
from orchestrator.speaker.output import NoOutput, Output, Paced
from orchestrator.speaker.sound import Samples
from orchestrator.speaker.voices.voice import Voice

VOLUME = 0.5
"""Of the music before anybody said one."""

_LOOKS_AFTER_OUTPUT = 1.0
"""Seconds after which an output that pulled nothing is taken for lost; a lost one is tried again as often."""

_KEPT_EVENTS = 8
"""Events that are said when the broker is back; older ones are of words that nobody waits for any more."""

logger = logging.getLogger(__name__)


class _Words(NamedTuple):
    """What is being said, from the order until it was heard or cut."""

    id: str
    making: asyncio.Task[None]


class Speaker:
    """Use it in `async with`, from the loop's own thread. It lives as long as that, whatever output and broker do.

    `open_output` gives the output, and a new one when it was lost; it raises NoOutput where there is none. Without a
    voice the speaker says nothing and does not claim to.
    """

    def __init__(
        self,
        address: Address,
        topic: str,
        open_output: Callable[[], Output],
        voice: Voice | None = None,
    ) -> None:
        self._topic = topic
        self._open_output = open_output
        self._voice = voice
        self._mixer = Mixer()
        self._renderer = AudioRenderer(self._mixer, self._deliver)
        self._output: Output | None = None
        self._is_lost = False
        self._playing = ""
        self._piece = 0
        self._is_paused = False
        self._volume = VOLUME
        self._words_volume = VOLUME
        self._words: _Words | None = None
        self._unsent: deque[Message] = deque(maxlen=_KEPT_EVENTS)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._warden: asyncio.Task[None] | None = None
        self._connection = Connection(
            address,
            client_id=f"relax-speaker-{topic.replace('/', '-')}",
            subscriptions=[f"{topic}/set"],
            on_message=self._heard,
            on_connected=self._connected,
            will=Message(f"{topic}/status", "offline", qos=1, retain=True),
            birth=Message(f"{topic}/status", "online", qos=1, retain=True),
        )

    @property
    def abilities(self) -> list[str]:
        """As the contract names them."""
        words = ["say", "done", "hush", "rate", "gap"] if self._voice is not None else []
        return [*words, "pause", "loop", "ducks"]

    @property
    def output(self) -> str:
        """Where the sound goes, for a person."""
        return self._output.name if self._output is not None else ""

    async def first(self, timeout: float) -> None:  # noqa: ASYNC109 as the connection's
        """Wait for the first connect. Raises BrokerError."""
        await self._connection.first(timeout)

    async def __aenter__(self) -> Self:
        """Raises NoOutput, UsageError."""
        self._loop = asyncio.get_running_loop()
        self._mixer.volume(self._volume)
        output = self._open_output()
        self._renderer.start()
        self._begin(output)
        self._warden = asyncio.create_task(self._look_after_output(), name="speaker output")
        await self._connection.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.__aexit__(kind, error, trace)
        tasks = [each for each in (self._warden, self._words and self._words.making) if each is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._output is not None:
            self._output.close()
        self._renderer.close()

    # The output

    def _begin(self, output: Output) -> None:
        output.start(self._renderer.pull)
        self._renderer.latency = output.latency
        self._output = output

    async def _look_after_output(self) -> None:
        """A device that fell silent is closed and opened again; until it is back, time goes on without it."""
        before = -1
        while True:
            await _wait(_LOOKS_AFTER_OUTPUT)
            if self._renderer.played == before or self._is_lost:
                self._open_again()
            before = self._renderer.played

    def _open_again(self) -> None:
        was_lost, output = self._is_lost, self._output
        if not was_lost:
            logger.warning("The output %s is gone; music and words go on when it is back", self.output)
            if output is not None:
                output.close()
        try:
            new: Output = self._open_output()
            if was_lost and output is not None:
                output.close()
            self._begin(new)
        except NoOutput as error:
            logger.debug("%s", error)
            if not was_lost:
                self._begin(Paced())
            self._is_lost = True
        else:
            self._is_lost = False
            logger.info("Sound comes from %s again", self.output)

    # The broker

    def _connected(self) -> None:
        self._tell_state()
        unsent, self._unsent = list(self._unsent), deque(maxlen=_KEPT_EVENTS)
        self._connection.publish(unsent)

    def _tell_state(self) -> None:
        state: dict[str, Any] = {
            "playing": self._playing,
            "paused": self._is_paused,
            "volume": round(self._volume, 2),
            "abilities": self.abilities,
        }
        self._connection.publish([Message(f"{self._topic}/state", json.dumps(state), qos=1, retain=True)])

    def _tell(self, id_: str, event: str) -> None:
        message = Message(f"{self._topic}/event", json.dumps({"id": id_, "event": event}), qos=1)
        if not self._connection.publish([message]):
            self._unsent.append(message)

    def _heard(self, message: Message) -> None:
        told = order(message.payload)
        if told is None or message.retain:
            logger.debug("Not understood on %s: %s", message.topic, message.payload)
            return
        self._do(told)

    def _do(self, told: Order) -> None:
        match told:
            case SayOrder() | AnnounceOrder():
                self._speak(told)
            case HushOrder(id_):
                self._hush(id_)
            case ChimeOrder():
                with self._renderer.mixer() as mixer:
                    mixer.chime(chime(), self._words_volume)
            case _:
                self._play(told)
                self._tell_state()

    # Music

    def _play(self, told: PlayOrder | PauseOrder | ResumeOrder | StopOrder | VolumeOrder) -> None:
        with self._renderer.mixer() as mixer:
            match told:
                case PlayOrder(uri, loop):
                    self._piece += 1
                    mixer.play(*self._source(uri, loop, self._piece))
                    self._playing, self._is_paused = uri, False
                case PauseOrder():
                    mixer.pause()
                    self._is_paused = bool(self._playing)
                case ResumeOrder():
                    mixer.resume()
                    self._is_paused = False
                case StopOrder():
                    mixer.stop()
                    self._playing, self._is_paused = "", False
                case VolumeOrder(level):
                    mixer.volume(level)
                    self._volume = level

    def _source(self, uri: str, loop: bool, piece: int) -> tuple[Prefetched, Callable[[], None]]:
        def failed(why: str) -> None:
            logger.warning("%s", why)

        return Prefetched(lambda: music(uri, loop=loop), failed), lambda: self._ended(piece)

    def _ended(self, piece: int) -> None:
        """The music came to its end by itself."""
        if piece == self._piece and self._playing:
            self._playing, self._is_paused = "", False
            self._tell_state()

    # Words

    def _speak(self, told: SayOrder | AnnounceOrder) -> None:
        if self._words is not None:
            if self._words.id == told.id:
                return
            self._hush(self._words.id)
        if self._voice is None and isinstance(told, SayOrder):
            return
        self._words_volume = told.volume
        making = asyncio.create_task(self._make(told), name=f"words {told.id}")
        self._words = _Words(told.id, making)

    async def _make(self, told: SayOrder | AnnounceOrder) -> None:
        """Make the sound and hand it to the mixer, which tells when it is heard."""
        id_ = told.id
        try:
            samples = await self._samples(told)
        except Exception as error:  # noqa: BLE001 whatever a voice raises, these words are lost and no others
            logger.warning("Words were not said: %s", error)
            self._over(id_, "failed")
            return
        low = told.gap if isinstance(told, SayOrder) and told.more else 0.0
        with self._renderer.mixer() as mixer:
            mixer.say(samples, told.volume, lambda: self._begun(id_), lambda: self._over(id_, "done"), keep_low=low)

    async def _samples(self, told: SayOrder | AnnounceOrder) -> Samples:
        if isinstance(told, AnnounceOrder):
            return await asyncio.to_thread(_recording, told.uri)
        assert self._voice is not None
        spoken = await self._voice.speak(told.text, language=told.language, rate=told.rate, gap=told.gap)
        return spoken.samples

    def _begun(self, id_: str) -> None:
        if self._words is not None and self._words.id == id_:
            self._tell(id_, "started")

    def _over(self, id_: str, event: str) -> None:
        if self._words is not None and self._words.id == id_:
            self._words = None
            self._tell(id_, event)

    def _hush(self, id_: str) -> None:
        words = self._words
        if words is None or words.id != id_:
            return
        words.making.cancel()
        with self._renderer.mixer() as mixer:
            mixer.hush()
        self._over(id_, "failed")

    def _deliver(self, heard: Callable[[], None]) -> None:
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop is closed: nobody wants to know
            self._loop.call_soon_threadsafe(heard)


def _recording(uri: str) -> Samples:
    """A recording as mono samples, two minutes at most: what is announced is words."""
    return np.asarray(np.concatenate(list(_first(music(uri, loop=False), 6000))).mean(axis=1), np.float32)


def _first(blocks: Iterable[Samples], count: int) -> Iterable[Samples]:
    for _, block in zip(range(count), blocks, strict=False):
        yield block


async def _wait(seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
