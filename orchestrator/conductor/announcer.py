"""The device that speaks for a session, if there is one: what it can, and what it is told to say and when."""

from orchestrator.conductor.room_scale import RoomScale
from orchestrator.conductor.voice_level import VoiceLevel
from orchestrator.devices.messages import Hush, Message, Sound, Speak
from orchestrator.session.outputs import Announce
from orchestrator.session.voice import Traits
from orchestrator.stage.stage import Stage
from orchestrator.units import SECOND, Ms

TOO_LATE: Ms = 3 * SECOND
"""Words that are later than this would only confuse."""


class Announcer:
    """`device` is None where words are captions. While the broker is away it keeps what is to be said."""

    def __init__(self, device: str | None, language: str, stage: Stage, scale: RoomScale) -> None:
        self.device = device
        self._language = language
        self._stage = stage
        self._level = VoiceLevel(scale)
        self._is_connected = True
        self._unheard: list[Announce] = []

    @property
    def traits(self) -> Traits:
        """What it can; nothing while it is away."""
        if self.device is None or not self._is_connected or self._stage.is_away(self.device):
            return Traits()
        voice = self._stage.staged(self.device).abilities.voice
        return Traits() if voice is None else Traits(cast=True, done=voice.done, hush=voice.hush, ducks=voice.ducks)

    def is_too_late(self, announce: Announce, now: Ms) -> bool:
        """Whether these words are left out, where somebody could have said them."""
        return self.device is not None and now - announce.at > TOO_LATE

    def say(self, announce: Announce) -> list[Message]:
        """Say it, or keep it while the broker is away; nothing where words are captions."""
        if self.device is None:
            return []
        if not self._is_connected:
            self._unheard.append(announce)
            return []
        voice = self._stage.staged(self.device).abilities.voice
        volume = self._level.of(announce.volume, rises=announce.rises, steps=voice.steps if voice is not None else 100)
        words = Speak(announce.id, announce.text, self._language, volume, announce.rate, announce.gap)
        return self.tell(words)

    def tell(self, change: Speak | Hush | Sound) -> list[Message]:
        return self._stage.tell(self.device, change) if self.device is not None else []

    def lost(self) -> None:
        """The broker is gone."""
        self._is_connected = False

    def connected(self) -> list[Announce]:
        """The broker is back; what it was to say meanwhile."""
        self._is_connected = True
        unheard, self._unheard = self._unheard, []
        return unheard
