"""A person's volume stays, and music that the scene lets fall silent falls silent: it does not stop in the middle."""

from orchestrator.commands import Back, MusicVolume
from orchestrator.fade import Curve
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Timeline
from orchestrator.session.session import Session
from orchestrator.units import SECOND, Percent
from orchestrator.values import SILENCE, Playing
from tests.session.timelines import BEFORE, MUSIC, VOLUME, landing

CALM = Playing(("calm",))


def chapter(name: str, *cues: Cue) -> Chapter:
    return Chapter(name, name, 0, 20 * SECOND, None, cues)


def volume(at: int, level: float, seconds: int = 0) -> Cue:
    return Cue(at * SECOND, Anchor.START, Move(VOLUME, level, seconds * SECOND, Curve.DECIBEL))


def plays(at: int, what: Playing) -> Cue:
    return Cue(at * SECOND, Anchor.START, Move(MUSIC, what))


TIMELINE = Timeline(
    scene="volumes",
    language="en",
    title="Volumes",
    chapters=(
        chapter("play", volume(0, 0.0), plays(0, CALM), volume(0, 60.0, 2)),
        chapter("quieter", volume(0, 40.0, 2)),
        chapter("silence", volume(0, 0.0, 10), plays(10, SILENCE)),
        chapter("again", volume(0, 0.0), plays(0, CALM), volume(0, 50.0, 2)),
    ),
    finish=landing("finish", 4 * SECOND),
    stopped=landing("stopped", 4 * SECOND),
    lost=landing("lost", 4 * SECOND),
)


def session() -> Session:
    """A person sets 30 % at 5 s."""
    one = Session("s", TIMELINE, BEFORE, 0)
    one.advance(5 * SECOND)
    one.handle(MusicVolume(Percent(30.0)), 5 * SECOND)
    return one


def heard(one: Session, second: int) -> float:
    one.advance(second * SECOND)
    level = one.room(second * SECOND)[VOLUME]
    assert isinstance(level, float)
    return level


def test_a_scenes_other_volumes_do_not_count() -> None:
    assert heard(session(), 30) == 30.0


def test_music_that_is_to_stop_fades_out() -> None:
    one = session()
    assert 0.0 < heard(one, 45) < 30.0
    assert heard(one, 50) == 0.0


def test_music_that_plays_again_comes_up_to_the_persons_volume() -> None:
    assert heard(session(), 63) == 30.0


def test_who_goes_back_hears_it_at_that_volume() -> None:
    one = session()
    assert heard(one, 55) == 0.0
    one.handle(Back(), 55 * SECOND)
    one.handle(Back(), 56 * SECOND)
    assert heard(one, 60) == 30.0
