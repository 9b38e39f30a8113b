"""Words that are not the scene's own: an answer to somebody who asked, what an interruption or a restart has to say."""

from orchestrator.languages.library import own_words
from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.scenes.planning.timeline import Chapter, Say
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming
from orchestrator.units import SECOND, Ms, WordsPerMinute

GAP: Ms = 2 * SECOND


def announcement(text: str, language: str, chapter: Chapter | None = None, *, timing: VoiceTiming = AS_PLANNED) -> Say:
    """The announcement that a text of a language is; in a chapter as loud and as slow as what that says."""
    own = (cue.what for cue in chapter.cues if isinstance(cue.what, Say)) if chapter is not None else iter(())
    like = next(own, _plain(language))
    lasts = spoken_ms(text, language, like.rate, like.gap, timing)
    return like._replace(text=text, lasts=lasts, beat=False, language=language)


def plain_rate(language: str) -> WordsPerMinute:
    """How fast a language is spoken where no scene says it."""
    return WordsPerMinute(own_words(language).model.speech.words_per_minute)


def _plain(language: str) -> Say:
    return Say("", 0, rate=plain_rate(language), gap=GAP)
