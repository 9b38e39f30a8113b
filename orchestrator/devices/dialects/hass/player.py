"""A media player of Home Assistant's as the room's music: its calls, and what it says of what it plays.

What it is told to play it may call otherwise: a `media-source://…` has another address once it plays. What it says
first, after it was told, is that name. An address that is none of the web's is ours, for what is given back: with its
type (`media:channel:7`), or a source (`source:TV`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from orchestrator.devices.abilities import PlayerAbilities
from orchestrator.devices.dialects.hass.entity_state import EntityState, ServiceCall
from orchestrator.devices.messages import (
    Change,
    PauseMusic,
    Play,
    PlayerReport,
    Report,
    ResumeMusic,
    SetVolume,
    StopMusic,
)
from orchestrator.devices.reading import Reading
from orchestrator.devices.wire import units
from orchestrator.units import SECOND, Ms

PAUSE, VOLUME, TURN_OFF, PLAY_MEDIA, SOURCE, STOP, REPEAT, ANNOUNCE = 1, 4, 256, 512, 2048, 4096, 262_144, 1_048_576
"""MediaPlayerEntityFeature."""
STEPS: Final = 100
STEP_EVERY: Ms = 400
SETTLE: Ms = 3 * SECOND
MUSIC: Final = "music"
_OF_TYPE, _OF_SOURCE = "media:", "source:"
_SOUNDS: Final = ("playing", "buffering")
_SILENT: Final = ("idle", "off", "standby")


class HassPlayer:
    """One player. It remembers what it was told to play, and what it calls that."""

    def __init__(self, entity: str) -> None:
        self._entity = entity
        self._features: int | None = None
        self._repeats: object = None
        self._is_off = False
        self._was_off = False
        """Before it was told to play: then it is turned off again."""
        self._said: str | None = None
        self._told: str | None = None
        self._before: str | None = None
        self._called: str | None = None
        """What it plays as it calls it, what it was told, what it had said before, what it calls what it was told."""
        self._programme: str | None = None
        """What somebody had on before it was told anything: it repeats as that did."""
        self._repeated: str | None = None
        """How it repeated before it was told to repeat."""

    @property
    def abilities(self) -> PlayerAbilities:
        return PlayerAbilities(self._can(PAUSE), STEPS, STEP_EVERY, settle=SETTLE)

    def _can(self, feature: int) -> bool:
        """Until it has said what it can it can all."""
        return self._features is None or bool(self._features & feature)

    @property
    def announces(self) -> bool:
        """Whether words go over its music, and do not break it off."""
        return self._can(ANNOUNCE)

    @property
    def can_stop(self) -> bool:
        return self._can(STOP)

    @property
    def can_pause(self) -> bool:
        return self._can(PAUSE)

    # Out

    def calls(self, change: Change) -> Sequence[ServiceCall]:
        match change:
            case Play(uri) if uri.strip():
                return self._played(uri)
            case PauseMusic() if self._can(PAUSE):
                return (self._call("media_pause"),)
            case ResumeMusic():
                return (self._call("media_play"),)
            case StopMusic():
                return self._stopped()
            case SetVolume(level) if self._can(VOLUME):
                return (self._call("volume_set", volume_level=units(level, STEPS) / STEPS),)
            case _:
                return ()

    def _played(self, uri: str) -> Sequence[ServiceCall]:
        """It repeats, where the player can: else what is played is to have no end."""
        if uri.startswith(_OF_SOURCE):
            return (self._call("select_source", source=uri.removeprefix(_OF_SOURCE)),)
        kind, content = MUSIC, uri
        if uri.startswith(_OF_TYPE):
            kind, _, content = uri.removeprefix(_OF_TYPE).partition(":")
        repeat = (self._call("repeat_set", repeat="one"),) if self._is_to_repeat(uri) else ()
        return (*repeat, self._call("play_media", media_content_id=content, media_content_type=kind))

    def _is_to_repeat(self, uri: str) -> bool:
        is_ours = uri != self._programme
        return is_ours and self._features is not None and self._can(REPEAT) and self._repeats != "one"

    def _stopped(self) -> Sequence[ServiceCall]:
        ways = (("media_stop", STOP), ("media_pause", PAUSE), ("turn_off", TURN_OFF))
        way = next((name for name, feature in ways if self._can(feature)), "media_stop")
        repeat = (self._call("repeat_set", repeat=self._repeated),) if self._repeated is not None else ()
        is_off_again = self._was_off and self._can(TURN_OFF) and way != "turn_off"
        return (self._call(way), *repeat, *((self._call("turn_off"),) if is_off_again else ()))

    def _call(self, name: str, **data: Any) -> ServiceCall:
        return ServiceCall(f"media_player.{name}", data, self._entity)

    def told(self, change: Change) -> None:
        """It was sent."""
        match change:
            case Play(uri) if uri == self._programme:
                self._told = self._called = self._programme = None  # it is somebody's again
            case Play(uri):
                if self._is_to_repeat(uri) and self._repeated is None and isinstance(self._repeats, str):
                    self._repeated = self._repeats
                if self._told is None:
                    self._was_off, self._programme = self._is_off, self._said
                self._told, self._before, self._called = uri, self._said, None
            case StopMusic():
                self._told = self._called = self._repeated = None

    # In

    def hear(self, state: EntityState) -> tuple[Report, ...]:
        self._features, self._repeats = state.features, state.attributes.get("repeat")
        self._is_off = state.word in ("off", "standby")
        reading = Reading()
        volume = reading.share("volume", state.attributes.get("volume_level"), 1.0)
        playing = self._playing(state)
        report = PlayerReport(playing, volume, bool(playing) and state.word == "paused")
        return (*(() if playing is None and volume is None else (report,)), *reading.refused)

    def _playing(self, state: EntityState) -> str | None:
        """The address of what plays, "" for silence; None where that has none."""
        if state.word in _SILENT:
            self._said = None
            return ""
        if state.word not in (*_SOUNDS, "paused", "on"):
            return None
        self._said = said = _programme(state.attributes)
        if said is None:
            return self._told if self._told is not None else None if state.word != "on" else ""
        if self._told is None:
            return said
        if self._called is None and said != self._before:
            self._called = said
        return self._told if said == self._called else said


def _programme(said: Mapping[str, Any]) -> str | None:
    content, kind, source = (said.get(key) for key in ("media_content_id", "media_content_type", "source"))
    if isinstance(content, str) and content:
        return content if kind == MUSIC or not isinstance(kind, str) else f"{_OF_TYPE}{kind}:{content}"
    return f"{_OF_SOURCE}{source}" if isinstance(source, str) and source else None
