"""Words beside the scene's own: an answer to somebody who asked, as loud and as slow as what the step says."""

from orchestrator.scenes.pacing import spoken_ms
from orchestrator.scenes.timeline import Chapter, Say

_PLAIN = Say("", 0)


def aside(text: str, language: str, chapter: Chapter) -> Say:
    """The announcement that a text is in a chapter."""
    like = next((cue.what for cue in chapter.cues if isinstance(cue.what, Say)), _PLAIN)
    return like._replace(text=text, lasts=spoken_ms(text, language, like.rate, like.gap), beat=False)
