"""The speaker contract: player and voice for whatever has no MQTT speech of its own.

Commands on `<topic>/set`; `<topic>/state` (retained), `<topic>/event` and `<topic>/status` come back. Volume is 0 to 1,
`rate` is words a minute, `gap` the silence between sentences in seconds. A player that pauses may say `"paused": true`.
"""

from typing import Any, ClassVar, Literal

from orchestrator.devices.abilities import Abilities, Kind, PlayerAbilities, VoiceAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    AbilitiesReport,
    AvailabilityReport,
    Change,
    Hush,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    Report,
    ResumeMusic,
    SetVolume,
    Sound,
    Speak,
    SpeechEvent,
    SpeechReport,
    StopMusic,
)
from orchestrator.devices.reading import Reading
from orchestrator.devices.settings import DeviceSettings, Topic
from orchestrator.devices.wire import compact, fields, seconds, units
from orchestrator.units import SECOND, Ms, Percent

STEPS = 100
WORDS_EXPIRY: Ms = 3 * SECOND
"""Words that come later than this belong to a moment that is over."""


class RelaxSpeakerSettings(DeviceSettings):
    """`topic`: what `/set`, `/state`, `/event` and `/status` are added to.

    `availability_topic`: where `offline` is said as well when who carries it is gone, whose last will is not its own.
    """

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.PLAYER, Kind.VOICE})

    dialect: Literal["relax_speaker"]
    topic: Topic
    availability_topic: Topic | None = None


class RelaxSpeaker:
    """One speaker that keeps our contract."""

    def __init__(self, name: str, settings: RelaxSpeakerSettings) -> None:
        self.name = name
        self._topic = settings.topic
        self._carrier = settings.availability_topic
        self._abilities = Abilities(
            player=PlayerAbilities(steps=STEPS) if Kind.PLAYER in settings.kinds else None,
            voice=VoiceAbilities(told=False) if Kind.VOICE in settings.kinds else None,
        )

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        own = (f"{self._topic}/state", f"{self._topic}/event", f"{self._topic}/status")
        return own if self._carrier is None else (*own, self._carrier)

    def encode(self, change: Change) -> tuple[Message, ...]:
        payload = _player(change) if self._abilities.player is not None else None
        if payload is None and self._abilities.voice is not None:
            payload = _voice(change)
        if payload is None:
            return ()
        expiry = WORDS_EXPIRY if isinstance(change, Speak | Sound) else None
        return (Message(f"{self._topic}/set", payload, expiry=expiry),)

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        if message.topic == f"{self._topic}/status":
            word = message.payload.strip()
            return (AvailabilityReport(word == "online"),) if word in ("online", "offline") else ()
        if message.topic == self._carrier:
            return (AvailabilityReport(False),) if message.payload.strip() == "offline" else ()
        said = fields(message.payload)
        if message.topic == f"{self._topic}/event":
            return _spoken(said)
        return self._state(said) if message.topic == f"{self._topic}/state" else ()

    def _state(self, state: dict[str, Any]) -> tuple[Report, ...]:
        reports: list[Report] = []
        if self._abilities.player is not None:
            reading = Reading()
            playing, volume = _playing(state), reading.share("volume", state.get("volume"), 1.0)
            if playing is not None or volume is not None:
                reports.append(PlayerReport(playing, volume, state.get("paused") is True))
            reports += reading.refused
        abilities = state.get("abilities")
        if isinstance(abilities, list):
            reports.append(AbilitiesReport(frozenset(word for word in abilities if isinstance(word, str))))
        return tuple(reports)


def _player(change: Change) -> str | None:
    match change:
        case Play(uri):
            return compact(do="play", uri=uri, loop=True)
        case PauseMusic():
            return compact(do="pause")
        case ResumeMusic():
            return compact(do="resume")
        case StopMusic():
            return compact(do="stop")
        case SetVolume(level):
            return compact(do="volume", level=_volume(level))
        case _:
            return None


def _voice(change: Change) -> str | None:
    match change:
        case Speak(id_, text, language, volume, rate, gap, more):
            follows = {"more": True} if more else {}
            return compact(
                do="say",
                id=id_,
                text=text,
                language=language,
                volume=_volume(volume),
                rate=round(rate, 1),
                gap=seconds(gap, 2),
                **follows,
            )
        case Hush(id_):
            return compact(do="hush", id=id_)
        case Sound(sound):
            return compact(do="chime", sound=sound)
        case _:
            return None


def _volume(level: Percent) -> float:
    return units(level, STEPS) / STEPS


def _playing(state: dict[str, Any]) -> str | None:
    """The address of what plays, "" for silence, None where the state does not tell."""
    if "playing" not in state or state["playing"] is True:
        return None
    playing = state["playing"]
    return playing if isinstance(playing, str) else "" if not playing else None


def _spoken(said: dict[str, Any]) -> tuple[Report, ...]:
    id_, event = said.get("id"), said.get("event")
    if not isinstance(id_, str) or event not in tuple(SpeechEvent):
        return ()
    return (SpeechReport(id_, SpeechEvent(event)),)


FAMILY = Family("relax_speaker", RelaxSpeakerSettings, RelaxSpeaker)
