"""From the fades of a session, in running time, to what the outside is to be told, in real time."""

from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import is_light
from orchestrator.session.outputs import NO_GAIN, Wish
from orchestrator.session.running_clock import RunningClock
from orchestrator.session.tracks import Tracks
from orchestrator.units import Ms
from orchestrator.values import SILENCE, Attribute, Playing, Track, Value


def wish(
    track: Track, tracks: Tracks, gain: Fade, clock: RunningClock, now: Ms, *, is_landing: bool, stands: bool = False
) -> Wish:
    """What is wanted of a track at a real moment. While the clock stands, so does the value, and music pauses.

    `stands`: it is to stay where it is.
    """
    running = tracks.fades[track]
    fade = _standing(running.at(clock.at(now)), now) if clock.is_standing else _in_real_time(running, clock)
    gain = _in_real_time(gain, clock) if track.attribute is Attribute.VOLUME else NO_GAIN
    back = tracks.backs.get(track)
    stands = (clock.is_standing or stands) and (is_light(track) or track.attribute is Attribute.VOLUME)
    return Wish(track, fade, gain, back, landing=is_landing, stands=stands)


def _in_real_time(fade: Fade, clock: RunningClock) -> Fade:
    look = _in_real_time(fade.look, clock) if fade.look is not None else None
    return fade._replace(start=clock.when(fade.start), end=clock.when(fade.end), look=look)


def _standing(value: Value, now: Ms) -> Fade:
    if isinstance(value, Playing) and value != SILENCE:
        value = Playing(value.names, paused=True)
    return Fade.still(now, value)
