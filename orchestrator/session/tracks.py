"""The tracks of a session: the fade that each touched one is in, and how they get to where a chapter begins.

Moments are running time.
"""

from collections.abc import Iterable, Mapping

from orchestrator.fade import Fade
from orchestrator.scenes.planning.timeline import Before, Move, RoomState, Timeline, moved
from orchestrator.units import OFF, SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Track, Value

GLIDE: Ms = 2 * SECOND
"""How long tracks take to where a chapter begins that was jumped to."""


class Tracks:
    """What a session has touched. `before` is how the room was, as far as is known."""

    def __init__(self, before: RoomState) -> None:
        self._before: dict[Track, Value] = dict(before)
        self._fades: dict[Track, Fade] = {}
        self._backs: dict[Track, Before] = {}
        self._by_hand: dict[Track, float] = {}

    @property
    def fades(self) -> Mapping[Track, Fade]:
        """The fade that each touched track is in, or came to rest by."""
        return self._fades

    @property
    def backs(self) -> Mapping[Track, Before]:
        """The tracks that are on their way back to how they were, or have come there."""
        return self._backs

    def at(self, moment: Ms) -> dict[Track, Value]:
        """What the room should be like."""
        return {track: fade.at(moment) for track, fade in self._fades.items()}

    def of(self, attribute: Attribute) -> list[Track]:
        return [track for track in self._fades if track.attribute is attribute]

    def is_heard(self, moment: Ms) -> bool:
        """Whether music has begun before, and is no silence now."""
        return any(
            self._is_on(track.role, moment) and fade.at(moment) != OFF
            for track, fade in self._fades.items()
            if track.attribute is Attribute.VOLUME
        )

    def _is_on(self, role: str, moment: Ms) -> bool:
        """Whether a player had music on already. Where only its volume is the scene's, the music is somebody's."""
        playing = self._fades.get(Track(role, Attribute.PLAYING))
        return playing is None or (playing.target != SILENCE and playing.start < moment)

    def unsettled(self, moment: Ms) -> list[Track]:
        """What a pause changes: fades that still go on, and music."""
        music = (Attribute.PLAYING, Attribute.VOLUME)
        return [track for track, fade in self._fades.items() if fade.end > moment or track.attribute in music]

    def move(self, move: Move, moment: Ms, *, is_landing: bool) -> bool:
        """Let a move act; False where it has nothing to do."""
        if move.track in self._by_hand and not is_landing:
            heard = self._as_by_hand(move)
            if heard is None:
                return False
            move = heard
        fade = moved(move, moment, self._fades.get(move.track), self._before)
        if fade is None:
            return False
        self._set(move.track, fade, move.target if isinstance(move.target, Before) else None)
        return True

    def _as_by_hand(self, move: Move) -> Move | None:
        """Of a scene's volumes only silence applies, lest music stop in the middle; out of it comes the person's."""
        if move.target == OFF:
            return move
        is_silent = self._fades[move.track].target == OFF
        return move._replace(target=self._by_hand[move.track]) if is_silent and not move.swells else None

    def turn(self, track: Track, level: float, moment: Ms) -> None:
        """A person's volume: the scene's no longer apply to this track."""
        self._by_hand[track] = level
        self._set(track, Fade.still(moment, level), None)

    def turned_by_hand(self, track: Track, level: float, moment: Ms) -> None:
        """The same, at the device itself: it stays after the session."""
        self.turn(track, level, moment)
        self._before[track] = level

    def learn(self, before: RoomState) -> None:
        """How tracks were before has become known, after the start."""
        self._before |= {track: value for track, value in before.items() if track not in self._by_hand}

    def come_down(self, lifted: RoomState, moment: Ms) -> None:
        """Go on to where each fade was going, from where the lights are: in what is left of it, 2 s at least."""
        for track, value in lifted.items():
            fade = self._fades[track]
            self._fades[track] = fade._replace(start=moment, end=max(fade.end, moment + GLIDE), origin=value)

    def stand(self, moment: Ms, tracks: Iterable[Track] | None = None) -> list[Track]:
        """Let these tracks, or all, stay where they are; gives those that were on their way."""
        moving = [track for track, fade in self._fades.items() if fade.end > moment]
        left = moving if tracks is None else [track for track in tracks if track in moving]
        for track in left:
            self._set(track, Fade.still(moment, self._fades[track].at(moment)), None)
        return left

    def forgotten(self, timeline: Timeline, index: int) -> list[Track]:
        """The tracks that nothing has touched by a chapter, and of which nobody knows how they were before."""
        entering = timeline.entering(index, self._before)
        return [track for track in self._fades if track not in entering and track not in self._before]

    def glide(self, timeline: Timeline, index: int, moment: Ms) -> list[Track]:
        """Bring every track to what it is where a chapter begins; gives those that have to move.

        A track that is on its way there already goes on as it was: whoever says next does not want the light to leap. A
        fade that reaches into the chapter goes on from where the track is now. What nothing has touched by that point
        goes back to how it was.
        """
        start = timeline.starts[index]
        entering = timeline.entering(index, self._before)
        silent = {track.role for track in entering if self._is_to_begin(track, entering[track])}
        gliding = []
        for track in dict.fromkeys((*entering, *self._fades)):
            if track in self._by_hand:
                own = self._by_hand[track]
                target = OFF if track in entering and entering[track].target == OFF and own != OFF else own
                moves = self._fades[track].target != target and self._glide_to(track, target, GLIDE, moment, None)
            elif track in entering:
                fade = entering[track]
                if fade.look is not None and fade.look.end > start:
                    fade = fade.look
                begins = track.attribute is Attribute.VOLUME and track.role in silent
                lasts = max(fade.end - start, GLIDE)
                moves = self._glide_to(track, fade.target, lasts, moment, None, present=OFF if begins else None)
            else:
                moves = track in self._before and self._glide_to(track, self._before[track], GLIDE, moment, Before())
            if moves:
                gliding.append(track)
        return gliding

    def _is_to_begin(self, track: Track, fade: Fade) -> bool:
        """Whether music begins with a jump: it comes from silence, and not at the volume that somebody left there."""
        here = self._fades.get(track)
        is_silent = here is None or here.target == SILENCE
        return track.attribute is Attribute.PLAYING and fade.target != SILENCE and is_silent

    def recall(self, timeline: Timeline, index: int, touched: tuple[Track, ...]) -> None:
        """Take for given that these tracks are where a chapter begins: they were touched in a life before this one."""
        start, entering = timeline.starts[index], timeline.entering(index, self._before)
        for track in touched:
            if track in entering:
                here = entering[track]
                way = here.look or here
                left = way.end - start
                self._fades[track] = (
                    Fade(0, left, here.at(start), way.target, way.curve) if left > 0 else Fade.still(0, here.target)
                )
            elif track in self._before:
                self._fades[track] = Fade.still(0, self._before[track])

    def _glide_to(
        self, track: Track, target: Value, lasts: Ms, moment: Ms, back: Before | None, *, present: Value | None = None
    ) -> bool:
        running = self._fades.get(track)
        way = Fade.still(0, target) if running is None else running.look or running
        if present is None:
            present = running.at(moment) if running is not None else self._before.get(track, target)
            if way.target == target and way.end > moment:
                lasts = way.end - moment
        if running is not None and present == target == running.target:
            return False
        self._set(track, Fade(moment, moment + lasts, present, target, way.curve), back)
        return True

    def _set(self, track: Track, fade: Fade, back: Before | None) -> None:
        self._fades[track] = fade
        if back is None:
            self._backs.pop(track, None)
        else:
            self._backs[track] = back
