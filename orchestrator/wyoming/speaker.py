"""The voice of one satellite: what it is told to say, one after the other, and whether it is there at all.

Sentences are made into sound one ahead of the one that is heard. Sound goes out as it is heard, a little ahead, so that
it can be stopped. What fails is said with its reason, and the voice is away until it was tried again: words then take
the time that was planned for them.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from orchestrator.devices.dialects.wyoming import PREFIX
from orchestrator.devices.messages import Message, SpeechEvent
from orchestrator.devices.wire import compact, fields, number
from orchestrator.errors import WyomingError
from orchestrator.scenes.planning.pacing import sentences
from orchestrator.units import SECOND, Ms
from orchestrator.wyoming.connection import Place
from orchestrator.wyoming.satellite import SatelliteLink, pause, until
from orchestrator.wyoming.sound import Clip, SoundFormat, made_quieter, portions
from orchestrator.wyoming.synthesis import Sentence, Synthesis

AHEAD: Final = 0.75
"""Seconds of sound that the satellite has before they are heard: what the network may stumble, and a hush be late."""
PORTION: Final[Ms] = 50
STARTS_WITHIN: Final = 6.0
"""Seconds from the command to the first sound. Later the session has gone on."""
LEFT_AFTER: Final = 30.0
"""Seconds of silence after which the satellite is left to others."""
LOOKS_EVERY: Final = 60.0
LOOKS_AGAIN: Final = 10.0
"""Seconds from one look whether it is there to the next, and while it is away."""

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class _Words:
    """What it was told to say, how loud, and by when it has to begin."""

    id: str
    sentences: Sequence[Sentence]
    share: float
    gap: Ms
    synthesis: Synthesis
    begin_by: float
    cut: asyncio.Event = field(default_factory=asyncio.Event)


class WyomingSpeaker:
    """Run `serve`. `say` is called with what comes out: messages as a device at a broker would send them.

    `first` is the text-to-speech server that is looked at until words name one.
    """

    def __init__(
        self,
        place: Place,
        first: Synthesis,
        synthesis_at: Callable[[str], Synthesis],
        say: Callable[[Message], None],
    ) -> None:
        self._topic = f"{PREFIX}/{place}"
        self._satellite = SatelliteLink(place)
        self._synthesis = first
        self._synthesis_at = synthesis_at
        self._say = say
        self._queue: asyncio.Queue[_Words] = asyncio.Queue()
        self._words: list[_Words] = []
        """Told and not over, in order."""
        self._heard_until = 0.0
        self._is_online: bool | None = None
        self._trouble: str | None = None
        """The cause of its silence that was said."""
        self._unsaid: tuple[Synthesis, Sentence] | None = None
        """What could not be made into sound: it is tried again before the voice counts as there."""
        self._worry = asyncio.Event()

    # What it is told

    def receive(self, message: Message) -> None:
        """A message on its topics. What is no command is nothing. New words cut those that are on."""
        told = fields(message.payload)
        id_ = told.get("id")
        if not isinstance(id_, str):
            return
        command = message.topic.removeprefix(f"{self._topic}/")
        for words in self._words:
            if command == "say" or words.id == id_:
                words.cut.set()
        if command == "say":
            words = self._read(id_, told)
            self._synthesis = words.synthesis
            self._words.append(words)
            self._queue.put_nowait(words)

    def _read(self, id_: str, told: Mapping[str, Any]) -> _Words:
        text, language = str(told.get("text")), str(told.get("language"))
        voice, speaker = (_named(told.get(key)) for key in ("voice", "speaker"))
        said = [Sentence(each, language, voice, speaker) for each in sentences(text)]
        share, gap = number(told.get("volume")), number(told.get("gap"))
        begin_by = asyncio.get_running_loop().time() + STARTS_WITHIN
        synthesis = self._synthesis_at(str(told.get("tts")))
        return _Words(id_, said, 1.0 if share is None else share, round((gap or 0.0) * SECOND), synthesis, begin_by)

    # What it says

    async def serve(self) -> None:
        """Until it is cancelled."""
        looking = asyncio.create_task(self._look_after(), name=f"{self._topic} looks")
        try:
            while True:
                words = await self._next()
                if words is not None:
                    await self._deal_with(words)
                    self._words.remove(words)
        finally:
            looking.cancel()
            await asyncio.wait([looking])
            await self._satellite.leave()

    async def _next(self) -> _Words | None:
        """What to say next; None where nothing came for so long that the satellite was left."""
        if not self._satellite.is_open:
            return await self._queue.get()
        try:
            async with asyncio.timeout(LEFT_AFTER):
                return await self._queue.get()
        except TimeoutError:
            await self._satellite.leave()
            return None

    async def _deal_with(self, words: _Words) -> None:
        speaking = asyncio.create_task(self._speak(words), name=f"{self._topic} speaks")
        cut = asyncio.create_task(words.cut.wait())
        try:
            await asyncio.wait([speaking, cut], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (speaking, cut):
                task.cancel()
            await asyncio.wait([speaking, cut])
        if speaking.cancelled():
            self._unsaid = None
            with suppress(WyomingError):
                await self._satellite.stop()
            self._event(words.id, SpeechEvent.FAILED)
            return
        try:
            speaking.result()
        except WyomingError as error:
            self._failed(error)
            await self._satellite.leave()
        except Exception:
            logger.exception("Something went wrong while a satellite spoke")
            self._event(words.id, SpeechEvent.FAILED)
        else:
            self._is_well()
            self._event(words.id, SpeechEvent.DONE)

    async def _speak(self, words: _Words) -> None:
        """Say it all, to the end of the sound. The satellite is taken while the first sentence is made."""
        if not words.sentences:
            return
        taking = asyncio.create_task(self._satellite.take())
        try:
            form: SoundFormat | None = None
            async with aclosing(self._clips(words)) as clips:
                async for clip in clips:
                    if form is None:
                        await taking
                        await self._satellite.start(clip.format)
                        self._event(words.id, SpeechEvent.STARTED)
                    else:
                        await self._send(form.silence(words.gap), form, 1.0)
                    form = clip.format
                    await self._send(clip.sound, form, words.share)
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
        await self._satellite.stop()
        await self._satellite.silent(self._heard_until)

    async def _send(self, sound: bytes, form: SoundFormat, share: float) -> None:
        """Sound, as it is heard. Where it comes too late, what follows is heard later as well."""
        now = asyncio.get_running_loop().time
        for portion in portions(sound, form, PORTION):
            await until(self._heard_until - AHEAD)
            await self._satellite.play(made_quieter(portion, form, share), form)
            self._heard_until = max(self._heard_until, now()) + form.lasts(portion)

    async def _clips(self, words: _Words) -> AsyncGenerator[Clip, None]:
        """What its sentences sound like, each made while the one before is heard."""
        synthesis, rest = words.synthesis, list(words.sentences)
        making: asyncio.Task[Clip] | None = asyncio.create_task(synthesis.clip(rest[0]))
        begin_by: float | None = words.begin_by
        try:
            while making is not None:
                self._unsaid = synthesis, rest.pop(0)
                clip = await _in_time(making, begin_by, synthesis)
                self._unsaid = begin_by = None
                making = asyncio.create_task(synthesis.clip(rest[0])) if rest else None
                yield clip
        finally:
            if making is not None:
                making.cancel()
                await asyncio.gather(making, return_exceptions=True)

    # Whether it is there

    async def _look_after(self) -> None:
        """Look now and then, sooner where it has failed."""
        while True:
            try:
                await self._look()
            except WyomingError as error:
                self._failed(error)
            except Exception:
                logger.exception("Something went wrong while a satellite was looked at")
            else:
                self._is_well()
            self._worry.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_EVERY if self._is_online else LOOKS_AGAIN):
                    await self._worry.wait()
            if self._worry.is_set():
                await pause(LOOKS_AGAIN)

    async def _look(self) -> None:
        """Raises WyomingError while it could not say a word."""
        await self._satellite.look(is_to_be_ours=not self._is_online)
        if self._unsaid is None or self._words:
            await self._synthesis.look()
            return
        synthesis, sentence = self._unsaid
        await synthesis.clip(sentence)
        self._unsaid = None

    def _is_well(self) -> None:
        self._trouble = None
        if self._is_online is not True:
            self._is_online = True
            self._say_status()

    def _failed(self, error: WyomingError) -> None:
        """Say why, once for each cause, and that it is away."""
        self._worry.set()
        if self._trouble != error.cause:
            self._trouble = error.cause
            self._say(Message(f"{self._topic}/error", compact(why=str(error))))
            logger.info("The satellite at %s is silent. %s", self._satellite.place, error)
        if self._is_online is not False:
            self._is_online = False
            self._say_status()

    def _say_status(self) -> None:
        self._say(Message(f"{self._topic}/status", "online" if self._is_online else "offline"))

    def _event(self, id_: str, event: SpeechEvent) -> None:
        self._say(Message(f"{self._topic}/event", compact(id=id_, event=str(event))))


async def _in_time(making: "asyncio.Task[Clip]", begin_by: float | None, synthesis: Synthesis) -> Clip:
    """What is being made. Raises WyomingError where it comes too late."""
    try:
        async with asyncio.timeout_at(begin_by):
            return await making
    except TimeoutError:
        why = f"needs more than {STARTS_WITHIN:g} s for a sentence."
        raise synthesis.place.silence(why, "Does it hang? Restart it; a smaller voice is faster.") from None


def _named(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
