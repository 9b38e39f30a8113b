"""Random timelines as a planner may make them: words never overlap, moves come before words at the same moment."""

from hypothesis import strategies as st

from orchestrator.fade import Curve
from orchestrator.scenes.planning.timeline import Anchor, Before, Chapter, Cue, Move, Say, Timeline, Wait
from orchestrator.units import Percent
from orchestrator.values import SILENCE, Attribute, Playing, Temperature, Track, Value

MAIN = Track("main", Attribute.LEVEL)
WHITE = Track("main", Attribute.COLOUR)
GLOW = Track("glow", Attribute.LEVEL)
MUSIC = Track("music", Attribute.PLAYING)
VOLUME = Track("music", Attribute.VOLUME)
SCENT = Track("scent", Attribute.ON)

BEFORE: dict[Track, Value] = {
    MAIN: 70.0,
    WHITE: Temperature.of_kelvin(3000),
    GLOW: 0.0,
    MUSIC: SILENCE,
    VOLUME: 80.0,
    SCENT: False,
}

levels = st.integers(1, 100).map(float)
lengths = st.integers(0, 40).map(lambda seconds: seconds * 500)


@st.composite
def moves(draw: st.DrawFn) -> Move:
    track = draw(st.sampled_from([MAIN, WHITE, GLOW, MUSIC, VOLUME, SCENT]))
    lasts = draw(lengths)
    match track.attribute:
        case Attribute.LEVEL:
            return Move(track, draw(levels | st.just(0.0)), lasts, draw(st.sampled_from(list(Curve)[:3])))
        case Attribute.COLOUR:
            return Move(track, Temperature(draw(st.floats(200, 450))), lasts)
        case Attribute.PLAYING:
            return Move(track, draw(st.sampled_from([SILENCE, Playing(("calm",)), Playing(("rain", "calm"))])))
        case Attribute.VOLUME:
            return Move(track, draw(levels | st.just(0.0)), lasts, Curve.DECIBEL)
        case _:
            return Move(track, draw(st.booleans()))


@st.composite
def chapters(draw: st.DrawFn, name: str) -> Chapter:
    cues = [Cue(0, Anchor.START, move) for move in draw(st.lists(moves(), max_size=3))]
    words = 0
    for number in range(draw(st.integers(0, 2))):
        lasts = draw(st.integers(1, 8)) * 700
        words += draw(st.integers(0, 2)) * 500
        cues.append(Cue(words, Anchor.START, Say(f"{name} {number}", lasts)))
        words += lasts
    lasts = draw(lengths)
    end = words
    for number in range(draw(st.integers(0, 3))):
        at = words + draw(st.integers(0, max(lasts // 500, 1))) * 500
        anchor = draw(st.sampled_from([Anchor.WORDS, Anchor.END]))
        if draw(st.booleans()):
            cues.append(Cue(at, anchor, draw(moves())))
        else:
            at = max(at, end)
            say = Say(f"{name} aside {number}", draw(st.integers(1, 6)) * 500)
            cues.append(Cue(at, anchor, say))
            end = at + say.lasts
    last = max(end, max((cue.at for cue in cues), default=0))
    lasts = max(lasts, last - words)
    wait = None
    if draw(st.integers(0, 3)) == 0:
        limit = draw(st.integers(1, 60)) * 1000
        wait = Wait(limit, limit // 2)
    ordered = tuple(sorted(cues, key=lambda cue: (cue.at, isinstance(cue.what, Say))))
    return Chapter(name, name, words, lasts, wait, ordered)


def landing(name: str, fade: int, words: int = 0) -> Chapter:
    says = (Cue(0, Anchor.START, Say("It is done.", words)),) if words else ()
    cues = (
        *says,
        *(Cue(words, Anchor.WORDS, Move(track, Before(), fade)) for track in (MAIN, WHITE, GLOW)),
        Cue(words, Anchor.WORDS, Move(VOLUME, 0.0, fade, Curve.DECIBEL)),
        Cue(words, Anchor.WORDS, Move(SCENT, Before())),
        Cue(words + fade, Anchor.WORDS, Move(MUSIC, Before())),
        Cue(words + fade, Anchor.WORDS, Move(VOLUME, Before())),
    )
    return Chapter(name, name, words, fade, None, cues)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    count = draw(st.integers(1, 5))
    return Timeline(
        "random",
        "Random",
        "en",
        tuple(draw(chapters(f"step{number}")) for number in range(count)),
        landing("finish", 6000, draw(st.sampled_from([0, 2100]))),
        landing("stopped", 3000),
        landing("lost", 3000),
    )


def said(outputs: list[object]) -> list[str]:
    return [output.text for output in outputs if hasattr(output, "text")]


__all__ = ["BEFORE", "Percent", "timelines"]
