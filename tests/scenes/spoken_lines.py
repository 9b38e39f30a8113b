"""Every line of a plan beside what a real voice takes for it, and the time until what comes after it."""

from collections.abc import Iterator
from typing import NamedTuple

from orchestrator.scenes.planning.timeline import Anchor, Chapter, Chime, Cue, Say, Timeline
from orchestrator.units import Ms
from tests.scenes.real_voice import RealVoice, Spoken

KEPT = 0.5
"""So much of the silence after a line stays at least."""


class Line(NamedTuple):
    """An announcement or a beat. `room`: the time from its beginning until what is said, chimed or done next."""

    chapter: str
    say: Say
    room: Ms

    @property
    def silence(self) -> Ms:
        """What is planned to follow it."""
        return max(self.room - self.say.lasts, 0)

    @property
    def most(self) -> Ms:
        """The longest that it may take."""
        return round(self.room - self.silence * KEPT)


class SpokenLine(NamedTuple):
    """A line as the voice says it."""

    line: Line
    spoken: Spoken

    @property
    def ratio(self) -> float:
        """How long it is heard, of what is planned."""
        return self.spoken.heard / self.line.say.lasts

    @property
    def ratio_done(self) -> float:
        """How long it takes until the voice could say that it is done, of what is planned."""
        return self.spoken.done / self.line.say.lasts

    @property
    def fits(self) -> bool:
        return self.spoken.heard <= self.line.most


def lines(timeline: Timeline) -> Iterator[Line]:
    """All that is said in a plan, in every way that it can end; waits run to their limit."""
    for chapter in (*timeline.chapters, timeline.finish, timeline.stopped, timeline.lost):
        opening = [cue for cue in chapter.cues if cue.at < chapter.words]
        doing = [cue for cue in chapter.cues if cue.at >= chapter.words]
        yield from _lines(chapter.id, opening, chapter.words)
        yield from _lines(chapter.id, doing, chapter.length)
        if (wait := chapter.wait) is not None:
            yield from _lines(chapter.id, _from_start(chapter), wait.at_most)


def _from_start(chapter: Chapter) -> list[Cue]:
    assert chapter.wait is not None
    limit = chapter.wait.at_most
    return [cue._replace(at=limit + cue.at) if cue.anchor is Anchor.END else cue for cue in chapter.wait.cues]


def _lines(chapter: str, cues: list[Cue], end: Ms) -> Iterator[Line]:
    """The lines of a stretch that ends at `end`. A beat that comes in the middle of a line is not said."""
    heard = sorted((cue for cue in cues if isinstance(cue.what, Say | Chime)), key=lambda cue: cue.at)
    for index, cue in enumerate(heard):
        if isinstance(cue.what, Say):
            over = cue.at + (1 if cue.what.beat else cue.what.lasts)
            following = next((other.at for other in heard[index + 1 :] if other.at >= over), end)
            yield Line(chapter, cue.what, following - cue.at)


def spoken(timeline: Timeline, voice: RealVoice) -> Iterator[SpokenLine]:
    for line in lines(timeline):
        say = line.say
        language = say.language or timeline.language
        yield SpokenLine(line, voice.say(say.text, language, say.rate, say.gap))
