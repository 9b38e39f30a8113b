"""What a journal knows of how long its voices take."""

from collections.abc import Sequence

from orchestrator.conductor.journal_entries import SpeechMeasured
from orchestrator.devices.abilities import VoiceAbilities
from orchestrator.journal.reader import Readable
from orchestrator.scenes.planning.voice_timing import KEPT, SpeechSample, VoiceTiming, learnt


def measured(journal: Readable) -> list[SpeechMeasured]:
    """What was measured of all voices, oldest first. A row that makes no sense is passed over."""
    rows = journal.read("SELECT device, language, rate, gap, words, lasted FROM speech ORDER BY id")
    return [
        SpeechMeasured(device, language, bool(rate), bool(gap), words, lasted)
        for device, language, rate, gap, words, lasted in rows
        if isinstance(words, int) and isinstance(lasted, int)
    ]


def timing_of(journal: Readable, device: str, language: str, voice: VoiceAbilities) -> VoiceTiming:
    """What is known of a voice in a language; what its abilities tell where too little was learnt."""
    found = [each for each in measured(journal) if (each.device, each.language) == (device, language)]
    return timing_from(found, voice)


def timing_from(spoken: Sequence[SpeechMeasured], voice: VoiceAbilities) -> VoiceTiming:
    """The same from what was measured of that voice in that language, oldest first.

    Words count that it said while it followed rate and silences as it does now. One that has yet to tell what it
    follows is taken to be as it was when it spoke last.
    """
    timing = VoiceTiming(rate=voice.rate, gap=voice.gap)
    if spoken and not voice.told:
        timing = timing._replace(rate=spoken[-1].rate, gap=spoken[-1].gap)
    samples = [
        SpeechSample(each.words, each.lasted)
        for each in spoken[-KEPT:]
        if (each.rate, each.gap) == (timing.rate, timing.gap)
    ]
    return learnt(samples, timing)
