"""The one voice of a session, by itself."""

from orchestrator.scenes.planning.timeline import Say
from orchestrator.session.voice import Traits, Voice

DOWN, CLOSED = Say("Lie down.", 2000), Say("Close your eyes.", 2000)


def repeating() -> Voice:
    """It says two sentences once more, three seconds apart, and has begun the first."""
    one = Voice("s", Traits(cast=True, done=True, hush=True))
    one.repeat([(0, DOWN), (3000, CLOSED)], 0)
    assert one.say_next(0) is not None
    return one


def test_what_is_said_again_comes_in_order_each_after_its_pause() -> None:
    one = repeating()
    one.end(2000)
    assert one.due == 5000
    assert one.say_next(4999) is None
    second = one.say_next(5000)
    assert second is not None
    assert second.say == CLOSED


def test_who_is_hushed_has_nothing_left_to_say_again() -> None:
    one = repeating()
    assert [each.id for each in one.hush(500)] == ["s-1"]
    assert not one.is_busy
    assert one.due is None
    assert one.say_next(60_000) is None
