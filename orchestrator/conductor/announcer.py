"""The device that speaks for a session, if there is one: what it can, and what it is told to say and when."""

from orchestrator.conductor.room_scale import RoomScale
from orchestrator.conductor.speech_meter import SpeechMeter
from orchestrator.conductor.utterances import Utterances
from orchestrator.conductor.voice_level import VoiceLevel
from orchestrator.devices.abilities import VoiceAbilities
from orchestrator.devices.messages import Hush, Message, Sound, Speak, SpeechEvent
from orchestrator.scenes.planning.pacing import sentences, words_ms
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, SpeechSample, VoiceTiming
from orchestrator.session.outputs import Announce
from orchestrator.session.voice import Traits
from orchestrator.stage.stage import Stage
from orchestrator.units import SECOND, Ms

TOO_LATE: Ms = 3 * SECOND
"""Words that are later than this would only confuse."""


class Announcer:
    """`device` is None where words are captions. While the broker is away it keeps what is to be said.

    `timing` is what was known of it when the session was planned; `rate` is the session's, in thousandths.
    """

    def __init__(
        self,
        device: str | None,
        language: str,
        stage: Stage,
        scale: RoomScale,
        *,
        timing: VoiceTiming = AS_PLANNED,
        rate: int = 1000,
    ) -> None:
        self.device = device
        self._language = language
        self._stage = stage
        self._level = VoiceLevel(scale)
        self._timing = timing
        self._rate = rate
        self._is_connected = True
        self._unheard: list[Announce] = []
        self._utterances: Utterances | None = None
        self._stands = False
        self._standing: Utterances | None = None
        self._meter = SpeechMeter()

    @property
    def traits(self) -> Traits:
        """What it can; nothing while it is away. At a speed other than 1 words take what is planned, done or not."""
        if self.device is None or not self._is_connected or self._stage.is_away(self.device):
            return Traits()
        voice = self._abilities
        if voice is None:
            return Traits()
        return Traits(cast=True, done=voice.done and self._rate == 1000, hush=voice.hush, ducks=voice.ducks)

    @property
    def timing(self) -> VoiceTiming:
        """What is known of it, with what it says of itself by now."""
        voice = self._abilities
        return self._timing if voice is None else self._timing._replace(rate=voice.rate, gap=voice.gap)

    @property
    def _abilities(self) -> VoiceAbilities | None:
        return self._stage.staged(self.device).abilities.voice if self.device is not None else None

    # What it is told

    def is_too_late(self, announce: Announce, now: Ms) -> bool:
        """Whether these words are left out, where somebody could have said them."""
        return self.device is not None and now - announce.at > TOO_LATE

    def say(self, announce: Announce, now: Ms, *, at_once: bool = False) -> list[Message]:
        """Say it, or keep it while the broker is away; nothing where words are captions.

        A voice that keeps no silences gets a sentence at a time; `at_once`: all of it, whoever minds the silences.
        """
        if self.device is None:
            return []
        if not self._is_connected:
            self._unheard.append(announce)
            return []
        abilities = self._abilities
        steps = abilities.steps if abilities is not None else 100
        volume = self._level.of(announce.volume, rises=announce.rises, steps=steps)
        self._utterances = Utterances(
            announce._replace(volume=volume),
            announce.language or self._language,
            self.timing._replace(gap=True) if at_once else self.timing,
            says_done=abilities is not None and abilities.done,
            rate=self._rate,
        )
        return self._say_next(now)

    def ring(self, sound: str) -> list[Message]:
        """A chime."""
        return self._tell(Sound(sound))

    def hush(self, name: str) -> list[Message]:
        """Stop saying this announcement, and what is left of it."""
        utterances = self._utterances
        if utterances is None or utterances.announce.id != name:
            return self._tell(Hush(name))
        self._utterances = None
        if utterances.current is None:
            return []
        self._meter.hushed(utterances.current)
        return self._tell(Hush(utterances.current))

    @property
    def saying(self) -> str | None:
        """The announcement that it says, or said last."""
        return self._utterances.announce.id if self._utterances is not None else None

    def cut(self, name: str | None) -> str | None:
        """Leave out the sentences of an announcement that a voice was not given yet, which cannot be hushed in one.

        Gives its id where it is over by this: it was in a silence.
        """
        utterances = self._utterances
        if utterances is None or utterances.is_whole or name != utterances.announce.id:
            return None
        utterances.cut()
        return utterances.announce.id if utterances.current is None else None

    def stand(self, *, stands: bool) -> None:
        """While the session stands it gets no sentence more of what was begun before; what is begun then is said."""
        if stands and not self._stands:
            self._standing = self._utterances
        self._stands = stands

    def fall_silent(self) -> Announce | None:
        """Leave unsaid what is left of an announcement; gives it where there was any."""
        utterances, self._utterances = self._utterances, None
        return utterances.announce if utterances is not None and not utterances.is_whole else None

    # Time

    @property
    def due(self) -> Ms | None:
        """When it has the next sentence to say."""
        if self._utterances is None or (self._stands and self._utterances is self._standing):
            return None
        return self._utterances.due

    def advance(self, now: Ms) -> list[Message]:
        """Say the next sentence, if it is time."""
        due = self.due
        return self._say_next(now) if due is not None and due <= now else []

    def _say_next(self, now: Ms) -> list[Message]:
        assert self._utterances is not None, "only an announcement has sentences"
        utterance, announce, timing = self._utterances.next(now), self._utterances.announce, self.timing
        language = announce.language or self._language
        if self._rate == 1000 and language == self._language:
            silences = max(len(sentences(utterance.text)) - 1, 0) * announce.gap if timing.gap else 0
            words = words_ms(utterance.text, language, announce.rate, timing)
            self._meter.told(utterance.id, words, silences, now)
        more = not self._utterances.is_whole
        return self._tell(
            Speak(utterance.id, utterance.text, language, announce.volume, announce.rate, announce.gap, more)
        )

    def _tell(self, change: Speak | Hush | Sound) -> list[Message]:
        return self._stage.tell(self.device, change) if self.device is not None else []

    # What it says

    def heard(self, name: str, event: SpeechEvent, now: Ms) -> str | None:
        """What is over by this: the id of an announcement; None where nothing is, or there is more of it to say."""
        if event is SpeechEvent.STARTED:
            return None
        self._meter.ended(name, now, done=event is SpeechEvent.DONE)
        utterances = self._utterances
        if utterances is None or utterances.announce.id != name.partition(".")[0]:
            return name
        return utterances.announce.id if utterances.ended(name, now) else None

    def samples(self) -> list[SpeechSample]:
        """What its words really took, as far as it said so, since the last call."""
        return self._meter.take()

    # Whether it is there

    def away(self) -> None:
        """The voice is gone, and with it what it was saying."""
        self._utterances = None
        self._meter.clear()

    def lost(self) -> None:
        """The broker is gone."""
        self._is_connected = False
        self.away()

    def connected(self) -> list[Announce]:
        """The broker is back; what it was to say meanwhile."""
        self._is_connected = True
        unheard, self._unheard = self._unheard, []
        return unheard
