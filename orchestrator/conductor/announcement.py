"""Words that are not the scene's own: an answer to somebody who asked, what an interruption or a restart has to say."""

from orchestrator.scenes.planning.pacing import spoken_ms
from orchestrator.scenes.planning.timeline import Chapter, Say
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming
from orchestrator.units import SECOND, Ms, WordsPerMinute

RATE = WordsPerMinute(110.0)
GAP: Ms = 2 * SECOND
_PLAIN = Say("", 0, rate=RATE, gap=GAP)


def announcement(text: str, language: str, chapter: Chapter | None = None, *, timing: VoiceTiming = AS_PLANNED) -> Say:
    """The announcement that a text is; in a chapter as loud and as slow as what that says."""
    own = (cue.what for cue in chapter.cues if isinstance(cue.what, Say)) if chapter is not None else iter(())
    like = next(own, _PLAIN)
    return like._replace(text=text, lasts=spoken_ms(text, language, like.rate, like.gap, timing), beat=False)
