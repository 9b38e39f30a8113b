"""How long the voices of a home in service take: what they say of themselves, and what was learnt of them."""

from collections.abc import Iterable

from orchestrator.conductor.journal_entries import Entry, SpeechMeasured
from orchestrator.devices.abilities import VoiceAbilities
from orchestrator.home.device import Device
from orchestrator.journal.journal import Journal
from orchestrator.journal.speech import timing_of
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming
from orchestrator.stage.stage import Stage


class VoiceTimings:
    """Of one home. What is known of a voice is told from the journal again once it has spoken."""

    def __init__(self, stage: Stage, journal: Journal) -> None:
        self._stage = stage
        self._journal = journal
        self._known: dict[tuple[str, str, VoiceAbilities], VoiceTiming] = {}

    def of(self, device: Device, language: str) -> VoiceTiming:
        """A device in a language; what is no voice takes what is planned."""
        voice = self._stage.staged(device.name).abilities.voice
        if voice is None:
            return AS_PLANNED
        key = (device.name, language, voice)
        if key not in self._known:
            self._known[key] = timing_of(self._journal, *key)
        return self._known[key]

    def entered(self, entries: Iterable[Entry]) -> None:
        """The journal has new entries."""
        if any(isinstance(entry, SpeechMeasured) for entry in entries):
            self._known.clear()
