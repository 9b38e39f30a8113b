"""Wyoming, the words of Home Assistant's voice satellites: a loudspeaker, and a text-to-speech server that feeds it.

It is spoken over TCP and not over MQTT, so what is written here goes to `orchestrator/wyoming/`, which has the words
made into sound, sends that, and says what came of it: `wyoming/<host>:<port>/say` and `/hush` are told it, `/event`,
`/status` and `/error` come back. As the sound is in our hands, its volume and the silences between sentences are ours
as well, it can be stopped, and its end is known. How fast it speaks is the server's own.
"""

import re
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from orchestrator.devices.abilities import Abilities, Kind, VoiceAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    AvailabilityReport,
    Change,
    Hush,
    Message,
    RefusalReport,
    Report,
    Speak,
    SpeechEvent,
    SpeechReport,
)
from orchestrator.devices.settings import DeviceSettings
from orchestrator.devices.wire import compact, fields, seconds, units
from orchestrator.units import SECOND, Ms, Percent

PREFIX = "wyoming"
SATELLITE, PIPER = 10700, 10200
"""The ports that their documents tell people to take."""
STEPS = 100
WORDS_EXPIRY: Ms = 3 * SECOND
"""Words that come later than this belong to a moment that is over."""


def host(text: object) -> str:
    """A name or address in the network, without its port. Raises ValueError."""
    if not isinstance(text, str) or not text.strip() or len(text) > 253 or re.search(r"[\s+#\0]", text):
        raise ValueError("expected a name or an address in your network such as 192.168.1.20 or kitchen.local")
    if "/" in text or re.fullmatch(r"[^:]*:\d+", text):
        raise ValueError(f"{text!r}: write host and port each for itself: host: 192.168.1.20, port: 10700")
    return text.lower()


NetworkName: TypeAlias = Annotated[
    str,
    PlainValidator(host),
    WithJsonSchema({"type": "string", "pattern": r"^[^\s+#/]{1,253}$", "examples": ["192.168.1.20"]}),
]
PortNumber: TypeAlias = Annotated[int, Field(ge=1, le=65535, strict=True)]
VoiceName: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


class TextToSpeech(BaseModel):
    """Where words become sound. `voice` is one for all languages, or one for each; else the first that speaks it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: NetworkName
    port: PortNumber = PIPER
    voice: VoiceName | dict[str, VoiceName] = Field(default_factory=dict)
    speaker: VoiceName | None = None

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def voice_for(self, language: str) -> str | None:
        """None where the server is to choose."""
        return self.voice if isinstance(self.voice, str) else self.voice.get(language)


class WyomingSettings(DeviceSettings):
    """`host`, `port`: the satellite, or another server that plays sound; `tts`: who makes sound of words for it."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.VOICE})

    dialect: Literal["wyoming"]
    host: NetworkName
    port: PortNumber = SATELLITE
    tts: TextToSpeech

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


class Wyoming:
    """The voice of one satellite."""

    def __init__(self, name: str, settings: WyomingSettings) -> None:
        self.name = name
        self._tts = settings.tts
        self._topic = f"{PREFIX}/{settings.place}"
        self._abilities = Abilities(voice=VoiceAbilities(done=True, hush=True, steps=STEPS, rate=False, gap=True))

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        return f"{self._topic}/event", f"{self._topic}/status", f"{self._topic}/error"

    def encode(self, change: Change) -> tuple[Message, ...]:
        match change:
            case Speak(id_, text, language, volume, _, gap):
                payload = compact(
                    id=id_,
                    text=text,
                    language=language,
                    volume=_volume(volume),
                    gap=seconds(gap, 2),
                    tts=self._tts.place,
                    voice=self._tts.voice_for(language),
                    speaker=self._tts.speaker,
                )
                return (Message(f"{self._topic}/say", payload, expiry=WORDS_EXPIRY),)
            case Hush(id_):
                return (Message(f"{self._topic}/hush", compact(id=id_)),)
            case _:
                return ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        said = fields(message.payload)
        match message.topic.removeprefix(f"{self._topic}/"):
            case "status" if message.payload in ("online", "offline"):
                return (AvailabilityReport(message.payload == "online"),)
            case "event" if isinstance(said.get("id"), str) and said.get("event") in tuple(SpeechEvent):
                return (SpeechReport(said["id"], SpeechEvent(said["event"])),)
            case "error" if isinstance(said.get("why"), str):
                return (RefusalReport(said["why"]),)
            case _:
                return ()


def _volume(level: Percent) -> float:
    return units(level, STEPS) / STEPS


FAMILY = Family("wyoming", WyomingSettings, Wyoming)
