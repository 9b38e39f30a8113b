"""What a journal knows of how long its voices take."""

from orchestrator.devices.abilities import VoiceAbilities
from orchestrator.journal.reader import Readable
from orchestrator.scenes.planning.voice_timing import KEPT, SpeechSample, VoiceTiming, learnt


def timing_of(journal: Readable, device: str, language: str, voice: VoiceAbilities) -> VoiceTiming:
    """What is known of a voice in a language; what its abilities tell where too little was learnt.

    Words count that it said while it followed rate and silences as it does now. One that has yet to tell what it
    follows is taken to be as it was when it spoke last.
    """
    rows = journal.read(
        "SELECT rate, gap, words, lasted FROM speech WHERE device = ? AND language = ? ORDER BY id DESC LIMIT ?",
        (device, language, KEPT),
    )
    timing = VoiceTiming(rate=voice.rate, gap=voice.gap)
    if rows and not voice.told:
        timing = timing._replace(rate=bool(rows[0][0]), gap=bool(rows[0][1]))
    samples = [
        SpeechSample(words, lasted)
        for rate, gap, words, lasted in reversed(rows)
        if (bool(rate), bool(gap)) == (timing.rate, timing.gap)
    ]
    return learnt(samples, timing)
