"""Hermes, the words of Rhasspy and its satellites: a voice at a site, which says when it has spoken.

Nothing is retained, and a satellite does not say whether it is there. Whatever is being spoken cannot be stopped: the
speaker plays it to its end (rhasspy-speakers-cli-hermes runs a program and waits for it). Volume is 0 to 1 and scales
the sound, not the loudspeaker; rate and silences between sentences are the speech engine's own. `sayFinished` also
follows words that failed, after `error/tts` with their id as `context` (rhasspy-tts-cli-hermes). What people say to a
satellite is no device's business: see `integrations/intents.py`.
"""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from orchestrator.devices.abilities import Abilities, Kind, VoiceAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import Change, Message, Report, Speak, SpeechEvent, SpeechReport
from orchestrator.devices.settings import DeviceSettings, Topic
from orchestrator.devices.wire import compact, fields, units
from orchestrator.units import SECOND, Ms, Percent

BASE = "hermes"
NOWHERE = "default"
"""The site of messages that name none."""
STEPS = 100
WORDS_EXPIRY: Ms = 3 * SECOND
"""Words that come later than this belong to a moment that is over."""


def site(text: object) -> str:
    """The name of a satellite; it is a level of topics as well. Raises ValueError."""
    if not isinstance(text, str) or not text.strip() or len(text) > 64 or any(sign in text for sign in "+#/\0"):
        raise ValueError("expected the site id of a satellite such as bedroom, without + # and /")
    return text


Site: TypeAlias = Annotated[
    str, PlainValidator(site), WithJsonSchema({"type": "string", "pattern": "^[^+#/]{1,64}$", "examples": ["bedroom"]})
]


class HermesSettings(DeviceSettings):
    """`site`: the satellite. `languages`: what its speech engine calls a language, where not as we do."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.VOICE})

    dialect: Literal["hermes"]
    site: Site
    base: Topic = BASE
    languages: dict[str, str] = Field(default_factory=dict)


class Hermes:
    """The voice of one satellite."""

    def __init__(self, name: str, settings: HermesSettings) -> None:
        self.name = name
        self._site = settings.site
        self._base = settings.base
        self._languages = settings.languages
        self._abilities = Abilities(voice=VoiceAbilities(done=True, hush=False, rate=False, gap=False))

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"{self._base}/tts/sayFinished", *self._errors)

    @property
    def _errors(self) -> tuple[str, str]:
        """What names the words that it is about in `context`: they were not made, or not played."""
        return (f"{self._base}/error/tts", f"{self._base}/error/audioServer/play")

    def encode(self, change: Change) -> tuple[Message, ...]:
        match change:
            case Speak(id_, text, language, volume):
                lang = self._languages.get(language, language)
                payload = compact(text=text, siteId=self._site, lang=lang, id=id_, volume=_volume(volume))
                return (Message(f"{self._base}/tts/say", payload, expiry=WORDS_EXPIRY),)
            case _:
                return ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        is_error = message.topic in self._errors
        if message.topic not in self.topics:
            return ()
        said = fields(message.payload)
        id_ = said.get("context" if is_error else "id")
        if said.get("siteId", NOWHERE) != self._site or not isinstance(id_, str):
            return ()
        return (SpeechReport(id_, SpeechEvent.FAILED if is_error else SpeechEvent.DONE),)


def _volume(level: Percent) -> float:
    return units(level, STEPS) / STEPS


FAMILY = Family("hermes", HermesSettings, Hermes)
