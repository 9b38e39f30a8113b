"""A short sound rings in its moment, and not into words."""

from orchestrator.scenes.planning.timeline import Anchor, Chapter, Chime, Cue, Say, Timeline
from orchestrator.session.outputs import Ring
from orchestrator.session.session import Session
from orchestrator.session.voice import Traits
from tests.session.timelines import BEFORE, landing


def rung(*cues: Cue) -> list[str]:
    chapters = (Chapter("sit", "Sit", 0, 60_000, None, cues),)
    line = Timeline("t", "T", "en", chapters, landing("finish", 0), landing("stopped", 0), landing("lost", 0))
    one = Session("s", line, BEFORE, 0, traits=Traits(cast=True, done=True))
    outputs = [*one.advance(0), *one.advance(30_000)]
    return [output.sound for output in outputs if isinstance(output, Ring)]


def test_a_chime_rings() -> None:
    assert rung(Cue(10_000, Anchor.START, Chime("bell"))) == ["bell"]


def test_a_chime_in_words_is_left_out() -> None:
    assert rung(Cue(10_000, Anchor.START, Say("Sit.", 4000)), Cue(12_000, Anchor.START, Chime("bell"))) == []
