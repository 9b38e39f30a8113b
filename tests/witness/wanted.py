"""What each device is to be at each moment: the plan's tracks, from how the device was, within its limits and night."""

import math
from bisect import bisect_right
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.witness.colorimetry import Chromaticity, lightness, luminance, of_hex, of_rgb, white
from tests.witness.disturbances import Hand
from tests.witness.playhead import Moved, Playhead, Visit
from tests.witness.recording import Recording

SAFE = 20.0
"""L* to work and to walk by."""
GLIDE = 2.0
"""Seconds in which a jump brings tracks to where the chapter begins."""


class Colour(NamedTuple):
    """A colour as the plan mixes it: white in mired, or parts of sRGB; else as a lamp said it before."""

    mired: float | None = None
    rgb: tuple[float, float, float] | None = None
    said: Chromaticity | None = None

    @property
    def chromaticity(self) -> Chromaticity:
        if self.said is not None:
            return self.said
        return white(self.mired) if self.mired is not None else of_rgb(*(self.rgb or (255.0, 255.0, 255.0)))


class Fade(NamedTuple):
    start: float
    end: float
    origin: Any
    target: Any
    curve: str

    def at(self, t: float) -> Any:
        if t >= self.end or self.origin == self.target:
            return self.target
        if self.origin is None:
            return None  # nobody knows whence
        if t <= self.start:
            return self.origin
        share = (t - self.start) / (self.end - self.start)
        if self.curve == "ease":
            share = share * share * (3.0 - 2.0 * share)
        if isinstance(self.target, float) and isinstance(self.origin, float):
            return _level(self.origin, self.target, share, self.curve)
        if isinstance(self.target, Colour) and isinstance(self.origin, Colour):
            return _colour(self.origin, self.target, share)
        return self.target


class Track:
    """An attribute of one device over running time. None: nobody has touched it, or nobody knows."""

    def __init__(self, before: Any) -> None:
        self.before = before
        self.fades: list[Fade] = []
        self.looks: list[Fade] = []
        """The fades that are no swells."""
        self._starts: list[float] = []

    def stand(self, t: float, value: Any) -> None:
        """It is there, whatever was wanted: what comes next begins there."""
        self.fades.append(Fade(t, t, value, value, "linear"))
        self._starts.append(t)

    def take(self, t: float, value: Any) -> None:
        """Somebody sets it, and so it stays: of what was wanted afterwards only silence is, and out of it again."""
        later = [fade for fade in self.fades if fade.start >= t]
        self.fades = [fade for fade in self.fades if fade.start < t]
        self._starts = [fade.start for fade in self.fades]
        self.stand(t, value)
        for fade in later:
            if fade.target == 0.0 or self.fades[-1].target == 0.0:
                self.move(fade.start, 0.0 if fade.target == 0.0 else value, fade.end - fade.start, fade.curve)

    def move(self, t: float, target: Any, seconds: float, curve: str) -> None:
        origin = self.at(t)
        self.fades.append(Fade(t, t + seconds, origin, target, curve))
        self._starts.append(t)
        self.looks.append(self.fades[-1])

    @property
    def look(self) -> Fade | None:
        """The last fade that is no swell."""
        return self.looks[-1] if self.looks else None

    def swell(self, t: float, lift: float, seconds: float, curve: str, *, most: float) -> None:
        """On top of the look's fade, so far above it, and never above `most`; one of 0 s goes on to rest."""
        look, origin = self.look, self.at(t)
        if look is None or not isinstance(origin, float) or not isinstance(look.target, float):
            return
        there = look.at(t + seconds)
        if seconds == 0.0:
            if look.end <= t:
                return
            fade = Fade(t, look.end, origin, look.target, look.curve)
        else:
            fade = Fade(t, t + seconds, origin, None if there is None else min(there + lift, most), curve)
        self.fades.append(fade)
        self._starts.append(t)

    def at(self, t: float) -> Any:
        index = bisect_right(self._starts, t) - 1
        return self.fades[index].at(t) if index >= 0 else self.before

    def fade_at(self, t: float) -> Fade | None:
        index = bisect_right(self._starts, t) - 1
        return self.fades[index] if index >= 0 else None

    def look_at(self, t: float) -> Fade:
        """The fade of a look that it is in: the last one that is no swell, else one that stands."""
        looks = [fade for fade in self.looks if fade.start <= t]
        return looks[-1] if looks else Fade(t, t, self.before, self.before, "linear")

    def is_touched(self, t: float) -> bool:
        return bool(self._starts) and self._starts[0] <= t

    @property
    def first(self) -> float:
        return self._starts[0] if self._starts else float("inf")


class Room:
    """What a room's levels, limits and night make of a scene's percent."""

    def __init__(self, recording: Recording) -> None:
        room = recording.room
        night: dict[str, Any] = {}
        if recording.cast.get("at_night"):
            night = room.get("night") or {}
        levels, limits = room.get("levels") or {}, room.get("limits") or {}
        is_lit = any(each["hands"] != "free" or each.get("walking") for each in recording.plan["chapters"])
        self.floor = SAFE if is_lit else 0.0
        self.music = _percent(levels.get("music", "40%")) * _percent(night.get("music", "100%")) / 100.0
        self.voice = _percent(levels.get("voice", "40%")) * _percent(night.get("voice", "100%")) / 100.0
        self.brightness = _percent(night.get("brightness", "100%")) / 100.0
        self.brightest = _percent(limits.get("brightness", "100%"))
        self.loudest = _percent(limits.get("volume", "60%"))
        self.quiet = _percent(limits.get("quiet", "20%"))

    def level(self, percent: float) -> float:
        """A lamp's L* of a scene's brightness. Where hands work or somebody walks, a night stops at L* 20."""
        return min(max(percent * self.brightness, min(percent, self.floor)), self.brightest)

    def volume(self, percent: float) -> float:
        """A player's percent of a scene's volume."""
        return min(percent * self.music / 100.0, self.loudest)


class Wanted:
    """The tracks of each device that is cast. `before` are its own values, by device and attribute."""

    def __init__(
        self,
        recording: Recording,
        playhead: Playhead,
        roles: dict[str, list[str]],
        before: dict[tuple[str, str], Any],
        shown: Callable[[str, Visit, Track], float | None],
        hands: list[Hand],
    ) -> None:
        """`shown`: where a lamp is as a visit begins, if nobody could have brought it to where it was wanted.

        `hands`: what somebody set, in the plan's own measure.
        """
        self.room = Room(recording)
        self._plan, self._roles = recording.plan, roles
        self._before = before
        self._left = [((each.device, each.attribute), playhead.clock.running(each.t), each.value) for each in hands]
        """As somebody left it who handed it back: from then on it is given back so."""
        self._rests: dict[str, float] = {}
        """The brightness of a lamp's last look, as the scene says it."""
        self.tracks: dict[tuple[str, str], Track] = {}
        self._named = set(_entering(self._plan, len(self._plan["chapters"])))
        for visit, sooner in zip(playhead.visits, [None, *playhead.visits], strict=False):
            if visit.how == "landing" and visit.chapter["id"] != "finish" and sooner and sooner.how != "landing":
                self._stop(visit.start)
            for (device, attribute), track in self.tracks.items():
                is_known = attribute == "level" or (attribute == "volume" and visit.command == "restart")
                if is_known and (value := shown(device, visit, track)) is not None:
                    track.stand(visit.start, value)
                elif visit.command == "restart" and attribute in ("level", "colour"):
                    track.stand(visit.start, None)
            if visit.how == "jump" and visit.index is not None:
                self._glide(visit)
            for move in visit.moves:
                self._move(move)
        for hand in hands:
            if hand.attribute == "volume":
                self.track(hand.device, "volume").take(playhead.clock.running(hand.t), hand.value)
            elif self._is_back_by((until := playhead.clock.running(hand.until)), playhead.visits[-1:], hand):
                self.track(hand.device, hand.attribute).take(until, hand.value)

    def _is_back_by(self, until: float, last: list[Visit], hand: Hand) -> bool:
        """Whether it was handed back while the room was given back already: then it is as it is to end."""
        mine = [
            move.target
            for visit in last
            if visit.how == "landing" and visit.start <= until < float("inf")
            for move in visit.moves
            if hand.device in self._roles.get(move.role, ()) and move.attribute == hand.attribute
        ]
        return bool(mine) and mine[-1] == "as before" and all(move.at_most is None for move in last[0].moves)

    def track(self, device: str, attribute: str) -> Track:
        key = device, attribute
        if key not in self.tracks:
            self.tracks[key] = Track(self._before.get(key))
        return self.tracks[key]

    def _move(self, move: Moved) -> None:
        for device in self._roles.get(move.role, ()):
            track = self.track(device, move.attribute)
            if (target := self._target((device, move.attribute), track, move)) is None:
                continue
            look = track.look
            if not (move.swells and isinstance(target, float) and look is not None and isinstance(look.target, float)):
                track.move(move.t, target, move.seconds, move.curve)
                if move.attribute == "level" and move.target != "as before":
                    self._rests[device] = float(move.target)
            elif move.attribute == "level":
                # What a night leaves of light, it leaves of a swell: L* 20 is for the light that it rides on.
                lift = (float(move.target) - self._rests.get(device, float(move.target))) * self.room.brightness
                track.swell(move.t, lift, move.seconds, move.curve, most=self.room.brightest)
            else:
                track.swell(move.t, target - look.target, move.seconds, move.curve, most=self.room.loudest)

    def _target(self, key: tuple[str, str], track: Track, move: Moved) -> Any:
        if move.target == "as before":
            left = [value for what, t, value in self._left if what == key and t <= move.t]
            before = left[-1] if left else track.before
            if before is None or not track.is_touched(move.t):
                return None
            return min(before, move.at_most) if move.at_most is not None and isinstance(before, float) else before
        match move.attribute:
            case "level":
                return self.room.level(float(move.target))
            case "volume":
                return self.room.volume(float(move.target))
            case "colour":
                return colour_of(move.target)
        return move.target

    def _stop(self, t: float) -> None:
        """Whoever ends a session wants nothing of its fades any more: they go no further."""
        for track in self.tracks.values():
            fade = track.fade_at(t)
            if fade is not None and fade.end > t and (here := track.at(t)) is not None:
                track.move(t, here, 0.0, fade.curve)

    def _glide(self, visit: Visit) -> None:
        """A jump: what differs from the chapter's start goes there in 2 s; what was not touched by then goes back.

        What is on its way there already goes on as it was, and what would be on its way takes as long as is left of it.
        """
        assert visit.index is not None
        own = {(move.role, move.attribute) for move in visit.moves if move.t <= visit.start + 0.005}
        entering = _entering(self._plan, visit.index)
        for role, devices in self._roles.items():
            for device in devices:
                for attribute in ("level", "colour", "volume"):
                    if (role, attribute) in own or (role, attribute) not in self._named:
                        continue
                    track = self.track(device, attribute)
                    last = entering.get((role, attribute))
                    if last is None:
                        if track.is_touched(visit.start) and track.before is not None:
                            track.move(visit.start, track.before, GLIDE, "perceptual")
                    elif (target := self._target((device, attribute), track, last)) is not None:
                        if attribute == "level" and last.target != "as before":
                            self._rests[device] = float(last.target)
                        look = track.look
                        seconds = max(last.seconds, GLIDE)
                        is_remembered = visit.command != "restart"
                        if is_remembered and look is not None and look.target == target and look.end > visit.start:
                            seconds = look.end - visit.start
                        under_way = track.fade_at(visit.start)
                        is_there = under_way is None or under_way.target == target
                        # Swells ride on the look that it is in: one of another chapter counts no more.
                        is_there = is_there and (look is None or look.target == target)
                        # A swell that begins just then has not moved yet, and goes no further.
                        if track.at(visit.start) != target or not is_there:
                            track.move(visit.start, target, seconds, look.curve if look else "perceptual")


def _entering(plan: dict[str, Any], index: int) -> dict[tuple[str, str], Moved]:
    """Where each track is going by the time a chapter begins, and in how many seconds after that it is there."""
    aims: dict[tuple[str, str], Moved] = {}
    start = 0.0
    for chapter in plan["chapters"][:index]:
        for cue in chapter["cues"]:
            if "move" in cue and not cue.get("swells"):
                role, attribute = cue["move"].split(".")
                end = start + cue["at"] + cue["seconds"]
                aims[role, attribute] = Moved(0.0, role, attribute, cue["to"], end, "perceptual", cue.get("at_most"))
        start += chapter["words"] + chapter["lasts"] + (chapter["wait"]["at_most"] if chapter["wait"] else 0.0)
    return {track: move._replace(seconds=max(move.seconds - start, 0.0)) for track, move in aims.items()}


def colour_of(text: str) -> Colour:
    """A colour as the plan writes it."""
    if text.endswith("K"):
        return Colour(mired=1e6 / float(text[:-1]))
    digits = text.removeprefix("#")
    red, green, blue = (float(int(digits[i : i + 2], 16)) for i in (0, 2, 4))
    return Colour(rgb=(red, green, blue))


def _level(origin: float, target: float, share: float, curve: str) -> float:
    if curve == "linear":
        return lightness(luminance(origin) + (luminance(target) - luminance(origin)) * share)
    if curve == "decibel":
        one, other = decibel(origin), decibel(target)
        return 100.0 * math.pow(10.0, (one + (other - one) * share) / 20.0)
    return origin + (target - origin) * share


def _colour(origin: Colour, target: Colour, share: float) -> Colour | None:
    """What lies between, where the design says how it is mixed; None where a lamp may go its own way."""
    if origin.mired is not None and target.mired is not None:
        return Colour(mired=origin.mired + (target.mired - origin.mired) * share)
    if origin.rgb is not None and target.rgb is not None:
        red, green, blue = (a + (b - a) * share for a, b in zip(origin.rgb, target.rgb, strict=True))
        return Colour(rgb=(red, green, blue))
    return None


def decibel(percent: float) -> float:
    """Of an amplitude in percent of full; a player's lowest step is as low as it goes."""
    return max(20.0 * math.log10(percent / 100.0), -40.0) if percent > 0.0 else -40.0


def _percent(text: str | float) -> float:
    return float(str(text).rstrip("% "))


__all__ = ["Colour", "Room", "Track", "Wanted", "colour_of", "decibel", "of_hex"]
