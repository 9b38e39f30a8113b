"""The voice grows louder gently, music makes room for words and for nothing else, and nothing is above the limit."""

from bisect import bisect_right
from collections.abc import Iterator

from tests.witness.case import Case, Finding
from tests.witness.playhead import plain
from tests.witness.speakers import Player, Spoken
from tests.witness.wanted import Track, decibel

VOICE = 1.0
"""Decibels from one sentence to the next."""
ROUNDING = 0.15
DUCK = 12.0
DOWN, UP = 0.5, 1.5
"""Seconds in which music makes room, and comes back."""
CLOSE = 4.0
"""Beats that are less than this apart keep the music low."""
OFF = 1.5
"""Decibels that music may be off at rest, besides one step of the player."""
LATE = 1.0
COMES_BACK = 5.0
COMING_IN = 0.6
"""So much of its level it has in the first fifth of that, at most."""
"""Seconds in which what was on before is as loud again as it was."""
QUIET_AGAIN = 90.0
"""Seconds after a restart in which music that was begun anew may be on its way up from quiet."""
ARRIVES = 12.0
"""Seconds in which the first music of a session may still be quieter than the scene wants it."""


def judge(case: Case) -> Iterator[Finding]:
    if case.voice is not None:
        yield from _voice(case)
    for player in case.players:
        yield from _limit(case, player)
        yield from _whose(case, player)
        yield from _returns(case, player)
        yield from _music(case, player)


def _voice(case: Case) -> Iterator[Finding]:
    assert case.voice is not None
    loudest = case.wanted.room.loudest / 100.0
    step = getattr(case.voice, "step", 0.01)
    scale = getattr(case.voice, "scale", 1.0)
    last: Spoken | None = None
    name = case.voice_name or "voice"
    for spoken in case.voice.spoken:
        if spoken.volume is None:
            continue
        volume = spoken.volume / scale
        if volume > loudest + 0.005:
            yield case.finding(
                "loudness: limit", spoken.t, name, f"at most {100 * loudest:.0f} %", f"{100 * volume:.0f} %"
            )
        if last is not None and last.volume is not None and not _is_new(case, last, spoken):
            before = last.volume / scale
            grown = decibel(100 * volume) - decibel(100 * before)
            if grown > VOICE + ROUNDING and volume - before > step + 0.0005:
                wanted = f"at most {VOICE:g} dB more than {100 * before:.0f} %"
                yield case.finding(
                    "loudness: voice", spoken.t, name, wanted, f"{100 * volume:.0f} %, {grown:.1f} dB more"
                )
        last = spoken


def _is_new(case: Case, last: Spoken, spoken: Spoken) -> bool:
    """A person's volume starts anew."""
    said = [each.t for each in case.playhead.clock.commands if each.word == "volume"]
    turned = [hand.t for hand in case.disturbances.hands if hand.attribute == "volume"]
    return any(last.t <= t <= spoken.t for t in (*said, *turned))


def _limit(case: Case, player: Player) -> Iterator[Finding]:
    loudest = case.wanted.room.loudest / 100.0
    for line in player.volume.lines[1:]:
        is_ours = bool(player.playing.at(line.start)) and line.start < case.landed
        if is_ours and line.target > loudest + 0.0055:
            wanted, seen = f"at most {100 * loudest:.0f} %", f"{100 * line.target:.0f} %"
            yield case.finding("loudness: limit", line.start, player.name, wanted, seen)


def _whose(case: Case, player: Player) -> Iterator[Finding]:
    """Our music is never heard at somebody else's volume: before it begins, or after it was given back."""
    before = case.untouched.player(player.name)
    theirs = before.playing.final if before is not None else ""
    quiet = case.wanted.room.quiet / 100.0
    is_told = False
    for turned in player.turned:
        is_ours = bool(turned.playing) and turned.playing != theirs
        seen = f"{100 * turned.volume:.0f} %"
        if turned.do == "volume":
            is_told = True
            is_landing = case.landing is not None and turned.t > case.landing.start
            if is_ours and is_landing and turned.volume > _most(case, player, turned.t) + 2.0 * player.step:
                wanted = "silence before their volume"
                yield case.finding("loudness: whose", turned.t, player.name, wanted, f"{seen} while our music plays")
        elif is_ours and not is_told:
            wanted = "our volume before our music"
            yield case.finding("loudness: whose", turned.t, player.name, wanted, f"{seen}, as it was before")
        elif is_ours and turned.volume > quiet + 0.005 and not case.is_near_command(turned.t, before=3.0):
            yield case.finding("loudness: first", turned.t, player.name, f"at most {100 * quiet:.0f} %", seen)


def _returns(case: Case, player: Player) -> Iterator[Finding]:
    """What was on before comes in again: nobody who lies there wants to hear it at once as loud as it was."""
    before = case.untouched.player(player.name)
    if before is None or case.landing is None or not before.playing.final:
        return
    for turned in player.turned:
        if turned.do == "volume" or turned.playing != before.playing.final or turned.t <= case.landing.wall:
            continue
        if turned.t >= case.aborted - 0.1 or case.disturbances.is_gone(turned.t, COMES_BACK + LATE):
            return
        loud, soon = before.volume.final, player.volume.at(turned.t + COMES_BACK / 5.0)
        if soon > loud * COMING_IN + player.step:
            wanted = f"to come in over {COMES_BACK:.0f} s up to {100 * loud:.0f} %"
            seen = f"{100 * soon:.0f} % after {COMES_BACK / 5.0:.0f} s"
            yield case.finding("loudness: returns", turned.t, player.name, wanted, seen)
        return


def _most(case: Case, player: Player, t: float) -> float:
    track = case.track(player.name, "volume")
    if track is None:
        return 1.0
    clock = case.playhead.clock
    return max(float(track.at(clock.running(t - back)) or 0.0) for back in (0.02, 0.5, 1.0, 1.5)) / 100.0


def _music(case: Case, player: Player) -> Iterator[Finding]:
    """At every second: at its level where nobody speaks, 12 dB lower where somebody does."""
    track = case.track(player.name, "volume")
    if track is None or any(each.word == "volume" for each in case.playhead.clock.commands):
        return
    clock, ducks = case.playhead.clock, not case.ducks_by_itself(player)
    beats, words = _stretches(case, only_beats=True), _stretches(case, only_beats=False)
    t, end = float(int(track.first)) + 0.25, min(case.landed, case.aborted)
    worst: dict[str, tuple[float, float, str, str, int]] = {}
    while t < end:
        t += 0.5
        if not player.playing.at(t) or not player.playing.at(t - 2.0) or clock.is_paused(t) or _paused_lately(case, t):
            continue
        if case.disturbances.is_gone(t, UP + LATE) or _is_turned(case, player.name, words, t):
            continue
        inside = _is_in(beats, t, DOWN + LATE, 0.0)
        outside = not _is_in(words, t, 0.0, UP + LATE)
        if inside == outside:
            continue
        wanted = [float(track.at(clock.running(t - back)) or 0.0) for back in (-0.5, 0.0, 0.5, 1.0, 1.5)]
        seen = 100.0 * player.volume.at(t)
        low, high = min(wanted), max(wanted)
        landing = case.landing
        if t < track.first + ARRIVES or (
            landing is not None and landing.wall <= t and _comes_back(track, clock.running(t))
        ):
            low = 0.0
        elif case.disturbances.is_gone(t, QUIET_AGAIN):
            low = min(low, case.wanted.room.quiet)  # its first sound is quiet, and it goes up from there
        if inside and ducks:
            low, high = (each * 10.0 ** (-DUCK / 20.0) for each in (low, high))
            if (way := track.fade_at(clock.running(t))) is not None and way.origin == 0.0:
                high = max(high, way.target * 10.0 ** (-DUCK / 20.0))  # what comes in need not go down once more
        step = 100.0 * player.step
        off = max(_gap(low, seen, step), _gap(seen, high, step))
        if off > OFF:
            truth = "loudness: ducked" if inside else "loudness: music"
            figures = off, t, f"{low:.1f} to {high:.1f} %", f"{seen:.0f} %", 1
            if truth in worst:
                count = worst[truth][4] + 1
                figures = (*(figures if off > worst[truth][0] else worst[truth])[:4], count)
            worst[truth] = figures
    for truth, (_, moment, wanted_text, seen_text, count) in worst.items():
        yield case.finding(truth, moment, player.name, wanted_text, f"{seen_text}, {count / 2:.0f} s in all")


def _comes_back(track: Track, t: float) -> bool:
    """Whether it was told just now to be as loud as before, as music comes in again."""
    fade = track.fade_at(t)
    return fade is not None and fade.start <= t < fade.start + COMES_BACK + LATE


def _gap(low: float, high: float, step: float) -> float:
    """By how many decibels one is below the other, where it is by more than a step."""
    return decibel(low) - decibel(high) if low - high > step + 0.01 else 0.0


def _stretches(case: Case, *, only_beats: bool) -> list[tuple[float, float]]:
    """When words are spoken; what is close together as one, or only beats that are."""
    if case.voice is None:
        return []
    beats = {
        said.heard.id
        for visit in case.playhead.visits
        for said in visit.announced
        if said.heard and said.cue.get("beat")
    }
    planned = {} if case.voice.says_done else _planned(case)
    joined: list[tuple[float, float]] = []
    before, begun = "", 0.0
    for spoken in case.voice.spoken:
        # What "less than 4 s apart" means, from beginning to beginning or from end to beginning, is left open.
        is_joined = not only_beats or (before in beats and spoken.id in beats and spoken.t - begun < CLOSE - 0.05)
        # A voice that never says done gets the time that its words should take; nobody can know that it is silent.
        takes = 0.0 if only_beats or spoken.cut else planned.get(spoken.id, 0.0)
        ended = max(spoken.ended, spoken.t + takes)
        if joined and is_joined and spoken.t - joined[-1][1] < CLOSE:
            joined[-1] = joined[-1][0], max(ended, joined[-1][1])
        else:
            joined.append((spoken.t, ended))
        before, begun = spoken.id, spoken.t
    return joined


def _planned(case: Case) -> dict[str, float]:
    """Seconds that words should take, by their id; of those that a person wanted again, too."""
    seconds: dict[str, float] = {}
    for visit in case.playhead.visits:
        for said in visit.announced:
            for spoken in (said.heard, said.last):
                if spoken is not None:
                    seconds[spoken.id] = said.ended - spoken.t
        for extra in visit.extra:
            same = (said.cue for said in visit.announced if plain(extra.text) in plain(said.cue["say"]))
            seconds[extra.id] = max((float(cue["seconds"]) for cue in same), default=0.0)
    return seconds


def _is_in(stretches: list[tuple[float, float]], t: float, late: float, after: float) -> bool:
    """Whether a moment lies in one of them, from `late` after its start until `after` its end."""
    index = bisect_right(stretches, (t, float("inf"))) - 1
    return any(start + late <= t <= stop + after for start, stop in stretches[max(index - 1, 0) : index + 1])


def _is_turned(case: Case, player: str, words: list[tuple[float, float]], t: float) -> bool:
    """Whether somebody set the volume just then: under words it counts as it is, until they are over."""
    turned = [hand.t for hand in case.disturbances.hands if hand.device == player and hand.attribute == "volume"]
    spoken = (stop for moment in turned for start, stop in words if start <= moment <= stop)
    until = max(
        [moment + UP + LATE for moment in turned if moment <= t] + [stop + UP + LATE for stop in spoken], default=0.0
    )
    return bool(turned) and turned[0] <= t <= until


def _paused_lately(case: Case, t: float) -> bool:
    """A pause, a jump and what follows have ways of their own."""
    return any(each.t <= t <= each.t + 5.0 for each in case.playhead.clock.commands)
