"""Sound that startles: a loud first sound, music or a voice that becomes louder at once, a voice that hurries.

The first sound: comfortable music is 40 % of a speaker's volume, a first sound 20 % at most, so half of what is
comfortable; both as a home file has them by default. A leap: 5 LU is the most by which EBU R 128 s1 lets a short piece
rise above the rest, 400 ms the window of momentary loudness (EBU Tech 3341). A voice: 125 to 150 words a minute is how
people speak to one another; nobody relaxes at more.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from orchestrator.documents.document import KeyPath
from orchestrator.fade import QUIETEST_DB, decibel
from orchestrator.scenes.checks.remarks import Remark, clock, seconds
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.planning.courses import Course
from orchestrator.scenes.planning.planner import Planned
from orchestrator.scenes.planning.speaker import SpeakingStyle
from orchestrator.scenes.planning.timeline import Move, Say, Timeline
from orchestrator.units import SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Playing, Track

QUIET = 50.0
"""Percent of the comfortable volume: limits.quiet of 20 % by levels.music of 40 %."""
FIRST: Ms = SECOND
LEAP_DB = 5.0
MOMENT: Ms = 400
SHORT_TERM: Ms = 3 * SECOND
"""What somebody has heard for so long is what they are used to: the window of short-term loudness."""
SOFT_DB = -20.0
"""Of what is comfortable: music below this is as good as silence."""
VOICE_DB = 1.5
"""What a voice may grow from one announcement to the next: 1 dB, as much as is just heard, and what rounding adds."""
FASTEST = 150.0


def sound_remarks(scene: SceneModel, plan: Planned, tracks: Mapping[Track, Course]) -> Iterator[Remark]:
    """Everything about sound."""
    first = _first_music(plan.timeline)
    if first is not None:
        place, moment, role = first
        volume = tracks[Track(role, Attribute.VOLUME)].at(moment + FIRST)
        if isinstance(volume, float) and volume > QUIET:
            message = (
                f"the first music is at {volume:.0f} % of the comfortable volume within {seconds(FIRST)}; "
                f"{QUIET:.0f} % is quiet: fade it in"
            )
            yield Remark((*plan.paths[place], "music"), "loud-start", volume, message)
        yield from _leaps(plan, tracks[Track(role, Attribute.VOLUME)], moment + FIRST)
    yield from _voice(scene, plan)


def _first_music(timeline: Timeline) -> tuple[int, Ms, str] | None:
    """The place of the chapter in which music first plays, when, and which role plays it."""
    for place, (start, chapter) in enumerate(zip(timeline.starts, timeline.chapters, strict=False)):
        for cue in chapter.cues:
            move = cue.what
            if isinstance(move, Move) and isinstance(move.target, Playing) and move.target != SILENCE:
                return place, start + cue.at, move.track.role
    return None


def _leaps(plan: Planned, volume: Course, since: Ms) -> Iterator[Remark]:
    """Music that becomes louder at once. In dB a fade is straight, so it rises most from or to one of its corners."""
    corners = {corner for corner, _ in volume.points()}
    for begin in sorted(moment for moment in {*corners, *(corner - MOMENT for corner in corners)} if moment >= since):
        was, later = volume.coming_to(begin), volume.at(begin + FIRST)
        rise = max(_db(volume.at(begin + MOMENT)), SOFT_DB) - max(_db(was), SOFT_DB)
        if _db(was) <= SOFT_DB and isinstance(later, float) and later > QUIET:
            message = (
                f"music comes out of silence to {later:.0f} % of the comfortable volume within {seconds(FIRST)}, "
                f"{clock(begin)}; {QUIET:.0f} % is the most: fade it in"
            )
            yield Remark(_chapter(plan, begin), "loud-leap", later, message)
        elif _db(volume.coming_to(begin - SHORT_TERM)) > SOFT_DB and rise > LEAP_DB:
            message = (
                f"the music becomes louder by {rise:.0f} dB within {seconds(MOMENT)}, {clock(begin + MOMENT)}; "
                f"{LEAP_DB:.0f} dB is the most (EBU R 128 s1): let it fade"
            )
            yield Remark(_chapter(plan, begin + MOMENT), "loud-leap", rise, message)


def _chapter(plan: Planned, moment: Ms) -> KeyPath:
    place = max(index for index, start in enumerate(plan.timeline.starts) if start <= moment)
    return plan.paths[place] if place < len(plan.paths) else ("finish",)


def _db(volume: object) -> float:
    return decibel(volume) if isinstance(volume, float) else QUIETEST_DB


def _voice(scene: SceneModel, plan: Planned) -> Iterator[Remark]:
    """A voice that hurries, or that is suddenly louder."""
    line = plan.timeline
    said = [
        (start + cue.at, cue.what)
        for start, chapter in zip(line.starts, (*line.chapters, line.finish), strict=True)
        for cue in chapter.cues
        if isinstance(cue.what, Say)
    ]
    rate = SpeakingStyle.of(scene.voice, line.language).rate
    if said and (fastest := max(rate.start, rate.end)) > FASTEST:
        moment = line.lasts if rate.end > rate.start else said[0][0]
        message = (
            f"the voice comes to say {fastest:.0f} words a minute, {clock(moment)}; {FASTEST:.0f} is how people talk, "
            "115 and falling how they calm down (Knowlton and Larkin 2006)"
        )
        yield Remark(("voice", "rate"), "fast-voice", fastest, message)
    for (_, one), (moment, other) in pairwise(said):
        if (rise := decibel(other.volume) - decibel(one.volume)) > VOICE_DB:
            message = (
                f"the voice becomes louder by {rise:.0f} dB, {clock(moment)}; 1 dB from words to words is the most"
            )
            yield Remark(("voice", "volume"), "loud-voice", rise, message)
