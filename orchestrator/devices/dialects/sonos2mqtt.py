"""sonos2mqtt: a Sonos player, which can speak as well where the bridge has a text-to-speech service.

Commands go to `<base>/set/<name>/…`; states come on `<base>/<uuid>`, retained, whatever the player is called, so its
uuid is learnt from them. A volume is a bare number: in quotes it is refused. An address is only loaded: `play` follows.
In a group the coordinator has the music, and its state tells what all of them play.

Words are a clip that the player mixes into its music, which it lowers meanwhile (`PlayTTSAudioClip`, S2 players): the
bridge answers when they begin, nothing tells when they end. `announce: replace` is for others: the music is broken off
for each sentence and taken up again, and then the bridge answers.

`<base>/connected` is 2 while the bridge has players. It says so only as it starts: where the broker was away the last
will stands there, though the bridge is back, so a state that comes fresh counts as well.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeAlias
from urllib.parse import quote, unquote

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from orchestrator.devices.abilities import Abilities, Kind, PlayerAbilities, VoiceAbilities
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    AvailabilityReport,
    Change,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    RefusalReport,
    Report,
    ResumeMusic,
    SetVolume,
    Speak,
    SpeechEvent,
    SpeechReport,
    StopMusic,
)
from orchestrator.devices.reading import Reading
from orchestrator.devices.settings import DeviceSettings, Topic
from orchestrator.devices.wire import compact, fields, number, units
from orchestrator.units import SECOND, Ms

BASE = "sonos"
STEPS = 100
STEP_EVERY: Ms = 500
"""Two calls a second; and a state is said once nothing has changed for 0.4 s."""
SETTLE: Ms = 3 * SECOND
WORDS_EXPIRY: Ms = 3 * SECOND
"""Words that come later than this belong to a moment that is over."""
REPLY = "relax-"
SHORTEST = 2
"""Letters: the bridge takes one alone for no text."""
_QUEUE = re.compile(r"(x-rincon-queue:[^#]+#0)\?track=(\d+)")
"""The player's own queue, at a track of it: an address of ours, for what is given back."""
_PLAYERS = 64


def player_name(text: object) -> str:
    """The name of a player as it stands in topics: lower case, white space as `-`; or its uuid. Raises ValueError."""
    if not isinstance(text, str) or not text.strip() or len(text) > 100 or any(sign in text for sign in "+#/\0"):
        raise ValueError("expected the name of a player such as living-room, without + # and /")
    return re.sub(r"\s", "-", text.strip().lower())


PlayerName: TypeAlias = Annotated[
    str,
    PlainValidator(player_name),
    WithJsonSchema({"type": "string", "pattern": "^[^+#/]{1,100}$", "examples": ["living-room"]}),
]


class Sonos2MqttSettings(DeviceSettings):
    """`endpoint`, `voice`: the text-to-speech service and its voice, where the bridge was not told them."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.PLAYER, Kind.VOICE})

    dialect: Literal["sonos2mqtt"]
    name: PlayerName
    base: Topic = BASE
    pause: bool = True
    announce: Literal["clip", "replace"] = "clip"
    endpoint: str | None = None
    voice: str | None = None
    languages: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_at_a_time(self) -> "Sonos2MqttSettings":
        if self.announce == "replace" and Kind.PLAYER in self.kinds:
            raise ValueError(
                "announce: replace breaks the music off for each sentence; "
                "write kind: voice, and let another device play the music"
            )
        return self


class _Programme(NamedTuple):
    """What a player plays; None where its state does not tell."""

    playing: str | None
    is_paused: bool


class Sonos2Mqtt:
    """One player. What it has learnt is its uuid, who coordinates its group, and what that one plays."""

    def __init__(self, name: str, settings: Sonos2MqttSettings) -> None:
        self.name = name
        self._settings = settings
        self._base = settings.base
        self._uuid: str | None = None
        self._coordinator: str | None = None
        self._programmes: dict[str, _Programme] = {}
        self._is_bridge_gone = False
        is_clip, is_player = settings.announce == "clip", Kind.PLAYER in settings.kinds
        voice = VoiceAbilities(
            done=not is_clip, hush=False, ducks=is_clip and is_player, steps=STEPS, rate=False, gap=False
        )
        self._abilities = Abilities(
            player=PlayerAbilities(settings.pause, STEPS, STEP_EVERY, settle=SETTLE) if is_player else None,
            voice=voice if Kind.VOICE in settings.kinds else None,
        )

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        """States are by uuid, so all are heard; so are errors and answers."""
        return f"{self._base}/+", f"{self._base}/+/+"

    def encode(self, change: Change) -> tuple[Message, ...]:
        if isinstance(change, Speak):
            return self._spoken(change) if self._abilities.voice is not None else ()
        if self._abilities.player is None:
            return ()
        match change:
            case Play(uri):
                return self._played(uri)
            case PauseMusic():
                return (self._set("pause"),)
            case ResumeMusic():
                return (self._set("play"),)
            case StopMusic():
                return (self._set("stop"),)
            case SetVolume(level):
                return (self._set("volume", str(units(level, STEPS))),)
            case _:
                return ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        return ()

    def decode(self, message: Message) -> tuple[Report, ...]:
        if not message.topic.startswith(f"{self._base}/"):
            return ()
        who, _, what = message.topic.removeprefix(f"{self._base}/").partition("/")
        if not what:
            return self._connected(message.payload) if who == "connected" else self._state(who, message)
        if who != self._uuid:
            return ()
        return _refused(fields(message.payload)) if what == "error" else self._answered(what, message.payload)

    def _set(self, command: str, payload: str = "", player: str | None = None, expiry: Ms | None = None) -> Message:
        return Message(f"{self._base}/set/{player or self._settings.name}/{command}", payload, expiry=expiry)

    def _played(self, uri: str) -> tuple[Message, ...]:
        """What is loaded is the coordinator's; `play` finds it by itself."""
        if not uri.strip():
            return ()
        found = _QUEUE.fullmatch(uri)
        loaded = self._set("setavtransporturi", found[1] if found else uri, self._coordinator)
        chosen = (self._set("selecttrack", found[2], self._coordinator),) if found else ()
        return (loaded, *chosen, self._set("play"))

    def _spoken(self, words: Speak) -> tuple[Message, ...]:
        """A volume of 0 is refused, and so is a text of one letter."""
        settings = self._settings
        text = words.text if len(words.text) >= SHORTEST else f"{words.text}..."[:SHORTEST]
        wish = {
            "text": text,
            "lang": settings.languages.get(words.language, words.language),
            "endpoint": settings.endpoint,
            "name": settings.voice,
            "volume": max(units(words.volume, STEPS), 1),
        }
        payload = compact(
            cmd="PlayTTSAudioClip" if settings.announce == "clip" else "PlayTTS",
            val={key: value for key, value in wish.items() if value is not None},
            reply=f"{REPLY}{quote(words.id, safe='', errors='replace')}",
        )
        return (self._set("adv-command", payload, expiry=WORDS_EXPIRY),)

    def _connected(self, payload: str) -> tuple[Report, ...]:
        word = payload.strip()
        if word not in ("0", "1", "2"):
            return ()
        self._is_bridge_gone = word != "2"
        return (AvailabilityReport(word == "2"),)

    def _state(self, uuid: str, message: Message) -> tuple[Report, ...]:
        said = fields(message.payload)
        if said.get("uuid") != uuid:
            return ()
        reports: list[Report] = []
        if self._is_bridge_gone and not message.retain:
            self._is_bridge_gone = False
            reports.append(AvailabilityReport(True))
        if uuid in self._programmes or len(self._programmes) < _PLAYERS:
            self._programmes[uuid] = _programme(said)
        is_ours = self._is_ours(uuid, said.get("name"), is_old=message.retain)
        if is_ours:
            self._uuid = uuid
            coordinator = said.get("coordinatorUuid")
            self._coordinator = coordinator if coordinator != uuid and _is_uuid(coordinator) else None
        if self._abilities.player is None or not (is_ours or uuid == self._coordinator):
            return tuple(reports)
        reading = Reading()
        volume = reading.share("volume", _part(said.get("volume"), "Master"), STEPS) if is_ours else None
        programme = self._programmes.get(self._coordinator or uuid, _Programme(None, False))
        if programme.playing is not None or volume is not None:
            reports.append(PlayerReport(programme.playing, volume, programme.is_paused))
        return (*reports, *reading.refused)

    def _is_ours(self, uuid: str, name: object, *, is_old: bool) -> bool:
        """By its uuid or its name; what the broker has kept of one that has had that name before counts for nothing."""
        if self._settings.name == uuid.lower():
            return True
        is_named = isinstance(name, str) and re.sub(r"\s", "-", name.lower()) == self._settings.name
        return is_named and (self._uuid in (None, uuid) or not is_old)

    def _answered(self, what: str, payload: str) -> tuple[Report, ...]:
        """`true`: the words have begun, or were said; `false`: they wait for others."""
        if self._abilities.voice is None or not what.startswith(REPLY) or payload.strip() != "true":
            return ()
        event = SpeechEvent.DONE if self._abilities.voice.done else SpeechEvent.STARTED
        return (SpeechReport(unquote(what.removeprefix(REPLY)), event),)


def _programme(said: Mapping[str, Any]) -> _Programme:
    """Its own queue is called by its place in it, since a track of it alone would be another programme."""
    state = said.get("transportState")
    if state in ("STOPPED", "GROUP_STOPPED"):
        return _Programme("", False)
    if state not in ("PLAYING", "GROUP_PLAYING", "PAUSED_PLAYBACK"):
        return _Programme(None, False)
    uri, is_paused = _part(said.get("currentTrack"), "TrackUri"), state == "PAUSED_PLAYBACK"
    queue = said.get("enqueuedMetadata")
    length, place = number(_part(queue, "QueueLength")), number(_part(queue, "QueuePosition"))
    if length is not None and length >= 2 and place is not None and place >= 1:
        return _Programme(f"x-rincon-queue:{said['uuid']}#0?track={int(place)}", is_paused)
    return _Programme(uri if isinstance(uri, str) and uri else None, is_paused)


def _part(value: object, key: str) -> Any:
    """With the bridge's option `discovery` keys begin in lower case."""
    return value.get(key, value.get(key[0].lower() + key[1:])) if isinstance(value, dict) else None


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"RINCON_\w{1,60}", value) is not None


def _refused(said: Mapping[str, Any]) -> tuple[Report, ...]:
    """An error may print as `{}`."""
    command, error = said.get("command"), said.get("error")
    if not isinstance(command, str):
        return ()
    words = ("UpnpErrorDescription", "message", "name")
    texts = [text for key in words if isinstance(text := _part(error, key), str) and text]
    why = texts[0] if texts else "see the log of sonos2mqtt"
    return (RefusalReport(f"{command[:60]}: {why[:200]}"),)


FAMILY = Family("sonos2mqtt", Sonos2MqttSettings, Sonos2Mqtt)
