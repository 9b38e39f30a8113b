"""How long the voices of a home in service take: what they say of themselves, and what was learnt of them."""

from collections import deque
from collections.abc import Iterable

from orchestrator.conductor.journal_entries import Entry, SpeechMeasured
from orchestrator.devices.abilities import VoiceAbilities
from orchestrator.home.device import Device
from orchestrator.journal.journal import Journal
from orchestrator.journal.speech import measured, timing_from
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, KEPT, VoiceTiming
from orchestrator.stage.stage import Stage


class VoiceTimings:
    """Of one home. What is known of a voice is told anew once it has spoken. A start reads no journal for it."""

    def __init__(self, stage: Stage, journal: Journal) -> None:
        self._stage = stage
        self._journal = journal
        self._spoken: dict[tuple[str, str], deque[SpeechMeasured]] = {}
        """By device and language, the newest."""
        self._known: dict[tuple[str, str], tuple[VoiceAbilities, VoiceTiming]] = {}

    def open(self) -> None:
        """Take up what was learnt before."""
        self.entered(measured(self._journal))

    def of(self, device: Device, language: str) -> VoiceTiming:
        """A device in a language; what is no voice takes what is planned."""
        voice = self._stage.staged(device.name).abilities.voice
        if voice is None:
            return AS_PLANNED
        key = (device.name, language)
        if key not in self._known or self._known[key][0] != voice:
            self._known[key] = (voice, timing_from(tuple(self._spoken.get(key, ())), voice))
        return self._known[key][1]

    def entered(self, entries: Iterable[Entry]) -> None:
        """The journal has new entries."""
        for entry in entries:
            if isinstance(entry, SpeechMeasured):
                key = (entry.device, entry.language)
                self._spoken.setdefault(key, deque(maxlen=KEPT)).append(entry)
                self._known.pop(key, None)
