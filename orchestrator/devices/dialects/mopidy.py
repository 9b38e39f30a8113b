"""Mopidy behind one of its MQTT plug-ins: a player of files and streams. Nothing is retained, nobody says it is there.

Mopiqtt: `<topic>/cmnd/add` puts an address at the end of the queue, and `chgtrk` goes to it: what stood there stays,
and is gone back to in the same way. `pstream` would empty the queue, and say `stopped` between, as if a person had
done that. Nothing repeats, so a file is put in several times. What plays is said piece by piece: that a track is over
(an empty `trk`), that something plays (`plstate`), and then what (`trk_uri`). It cannot be asked what is on: but as
it says each change, it is as it said last when it answers anything (`queryschemes`). To turn its volume by 0 is as
good as a question, and where Mopidy has no mixer the plug-in dies of it: so that is asked only of one that has said a
volume, or that the home file says has a mixer.

MQTT-NG asks for what Mopidy 3 has no more when it is given an address, and does nothing; it does not say what plays
either. So its music is what stands in Mopidy's own queue, by the address `queue`.
"""

import json
import re
from typing import ClassVar, Literal

from orchestrator.devices.abilities import Abilities, Kind, PlayerAbilities
from orchestrator.devices.entry_remark import EntryRemark
from orchestrator.devices.family import Family
from orchestrator.devices.messages import (
    Change,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    Report,
    ResumeMusic,
    SetVolume,
    StopMusic,
)
from orchestrator.devices.reading import Reading
from orchestrator.devices.settings import DeviceSettings, Topic
from orchestrator.devices.wire import units

STEPS = 100
TIMES = 8
"""How often a file stands in the queue: one of five minutes is as long as a session."""
QUEUE = "queue"
"""The address of whatever stands in Mopidy's queue."""
_FILE = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:.+|https?:[^?#]*\.(aac|flac|m4a|mp3|oga|ogg|opus|wav)", re.IGNORECASE)
_STREAMS = ("tunein:", "somafm:", "radiobrowser:", "rtsp:", "rtmp:", "mms:")
_STATES = ("playing", "paused", "stopped")


class MopidySettings(DeviceSettings):
    """`plugin`: who speaks MQTT for it. `mixer`: it has one, and may be asked for its volume."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.PLAYER})

    dialect: Literal["mopidy"]
    topic: Topic = "mopidy"
    plugin: Literal["mopiqtt", "mqtt-ng"] = "mopiqtt"
    mixer: bool | None = None

    def remarks(self) -> list[EntryRemark]:
        if self.plugin == "mopiqtt":
            return super().remarks()
        says = "mqtt-ng cannot be given an address: only `queue` plays, what stands in Mopidy's queue; Mopiqtt can"
        return [*super().remarks(), EntryRemark("plugin", says)]


class Mopidy:
    """One player. It remembers what of a state comes in several messages, and whether it has a mixer."""

    def __init__(self, name: str, settings: MopidySettings) -> None:
        self.name = name
        self._topic = settings.topic
        self._is_ng = settings.plugin == "mqtt-ng"
        self._has_mixer = settings.mixer is True
        self._asks_mixer = settings.mixer is not False
        self._state: str | None = None
        self._uri: str | None = None
        self._queue: frozenset[str] = frozenset()
        self._abilities = Abilities(player=PlayerAbilities(steps=STEPS))

    @property
    def abilities(self) -> Abilities:
        return self._abilities

    @property
    def topics(self) -> tuple[str, ...]:
        if self._is_ng:
            return f"{self._topic}/i/sta", f"{self._topic}/i/vol"
        return tuple(
            f"{self._topic}/stat/{name}" for name in ("plstate", "vol", "trk", "trk_uri", "trklist", "uri_schemes")
        )

    def encode(self, change: Change) -> tuple[Message, ...]:
        match change:
            case Play(uri):
                return self._played(uri.strip())
            case PauseMusic():
                return (self._told("plb", "pause"),)
            case ResumeMusic():
                return (self._told("plb", "resume"),)
            case StopMusic():
                return (self._told("plb", "stop"),)
            case SetVolume(level):
                return (self._told("vol", f"={units(level, STEPS)}"),)
            case _:
                return ()

    def cost(self, change: Change) -> int:
        return len(self.encode(change))

    def query(self) -> tuple[Message, ...]:
        if self._is_ng:
            return self._told("inf", "state"), self._told("inf", "volume")
        state = (self._told("queryschemes", ""),) if self._programme() else ()
        return (*state, *((self._told("vol", "+0"),) if self._has_mixer else ()))

    def decode(self, message: Message) -> tuple[Report, ...]:
        if message.topic not in self.topics:
            return ()
        word = message.payload.strip()
        match message.topic.rpartition("/")[2]:
            case "vol":
                return self._turned(word)
            case "uri_schemes":
                return self._programme()
            case "trklist":
                self._queue = _addresses(word)
                return ()
            case "trk" if not word:
                self._uri = None
                return ()
            case "trk_uri" if word:
                self._uri = word
                return (PlayerReport(word, paused=self._state == "paused"),)
            case "plstate" | "sta" if word in _STATES:
                return self._stands(word)
            case _:
                return ()

    def _told(self, command: str, payload: str) -> Message:
        return Message(f"{self._topic}/{'c' if self._is_ng else 'cmnd'}/{command}", payload)

    def _played(self, uri: str) -> tuple[Message, ...]:
        """What stands in the queue is gone to. A stream does not end: it would be looked up for nothing once more."""
        if self._is_ng:
            return (self._told("plb", "play"),) if uri == QUEUE else ()
        if not uri:
            return ()
        if uri in self._queue:
            return (self._told("chgtrk", uri),)
        is_file = _FILE.fullmatch(uri) is not None and not uri.lower().startswith(_STREAMS)
        add = self._told("add", uri)
        return (add, self._told("chgtrk", uri), *([add] * (TIMES - 1 if is_file else 0)))

    def _stands(self, state: str) -> tuple[Report, ...]:
        self._state = state
        if state == "stopped":
            self._uri = None
        return self._programme()

    def _programme(self) -> tuple[Report, ...]:
        """What is on, as far as it has said that."""
        if self._state in ("stopped", None):
            return () if self._state is None else (PlayerReport(""),)
        playing = QUEUE if self._is_ng else self._uri
        return (PlayerReport(playing, paused=self._state == "paused"),) if playing is not None else ()

    def _turned(self, word: str) -> tuple[Report, ...]:
        """`None` where there is no mixer."""
        reading = Reading()
        volume = reading.share("volume", word if word not in ("", "None") else None, STEPS)
        if volume is None:
            return tuple(reading.refused)
        self._has_mixer = self._asks_mixer
        return (PlayerReport(volume=volume),)


def _addresses(payload: str) -> frozenset[str]:
    try:
        tracks = json.loads(payload)
    except (ValueError, RecursionError):
        return frozenset()
    said = (track.get("uri") for track in tracks if isinstance(track, dict)) if isinstance(tracks, list) else ()
    return frozenset(uri for uri in said if isinstance(uri, str))


FAMILY = Family("mopidy", MopidySettings, Mopidy)
