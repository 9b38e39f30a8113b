"""From what a scene says to what a device of this room is told, and back: comfortable levels, limits, the night."""

from dataclasses import dataclass, replace

from orchestrator.fade import Fade, amplitude
from orchestrator.home.model import RoomModel
from orchestrator.scenes.planning.timeline import DIMMEST, Before, Chapter, Cue, Move, Timeline
from orchestrator.units import Percent
from orchestrator.values import Attribute, Value

GREETING_DB = -6.0
"""How far below its level a voice begins."""


@dataclass(frozen=True, slots=True)
class RoomScale:
    """What percent mean in one room, this session. All figures are percent of a device's own scale.

    `least` is the light that the night takes nothing below, L*: what is safe to work and walk by. A limit does.
    """

    music: float
    voice: float
    brightness: float
    loudest: float
    brightest: float
    quiet: float
    """The first sound of music is no louder."""
    least: float = 0.0

    @classmethod
    def of(cls, room: RoomModel, *, at_night: bool, needs_light: bool = False) -> "RoomScale":
        """Of a room. `needs_light`: hands work or somebody walks in what is played."""
        night = room.night if at_night else None
        return cls(
            music=room.levels.music * (night.music / 100.0 if night else 1.0),
            voice=room.levels.voice * (night.voice / 100.0 if night else 1.0),
            brightness=night.brightness if night else 100.0,
            loudest=room.limits.volume,
            brightest=room.limits.brightness,
            quiet=room.limits.quiet,
            least=DIMMEST if needs_light else 0.0,
        )

    def value(self, attribute: Attribute, value: Value) -> Value:
        """A scene's value as the device's. Limits come last."""
        if isinstance(value, bool) or not isinstance(value, float | int):
            return value
        if attribute is Attribute.VOLUME:
            return min(value * self.music / 100.0, self.loudest)
        return min(max(value * self.brightness / 100.0, min(value, self.least)), self.brightest)

    def fade(self, attribute: Attribute, fade: Fade) -> Fade:
        if fade.look is not None and attribute is Attribute.LEVEL:
            return self._swell(fade, fade.look)
        look = self.fade(attribute, fade.look) if fade.look is not None else None
        origin, target = self.value(attribute, fade.origin), self.value(attribute, fade.target)
        return fade._replace(origin=origin, target=target, look=look)

    def _swell(self, fade: Fade, look: Fade) -> Fade:
        """Light breathes by as much as a night leaves of it, on top of a look that the night may not dim."""
        origin = self._above(fade.origin, look.at(fade.start))
        target = self._above(fade.target, look.at(fade.end))
        return fade._replace(origin=origin, target=target, look=self.fade(Attribute.LEVEL, look))

    def _above(self, level: Value, rest: Value) -> Value:
        assert isinstance(level, float | int)
        assert isinstance(rest, float | int)
        own = self.value(Attribute.LEVEL, rest)
        assert isinstance(own, float | int)
        return min(max(own + (level - rest) * self.brightness / 100.0, 0.0), self.brightest)

    def lit(self, timeline: Timeline) -> Timeline:
        """The same with levels as lamps here are told them."""
        return replace(
            timeline,
            chapters=tuple(map(self._chapter, timeline.chapters)),
            finish=self._chapter(timeline.finish),
            stopped=self._chapter(timeline.stopped),
            lost=self._chapter(timeline.lost),
        )

    def _chapter(self, chapter: Chapter) -> Chapter:
        return chapter._replace(cues=tuple(map(self._cue, chapter.cues)))

    def _cue(self, cue: Cue) -> Cue:
        move = cue.what
        if not isinstance(move, Move) or isinstance(move.target, Before) or move.track.attribute is not Attribute.LEVEL:
            return cue
        return cue._replace(what=move._replace(target=self.value(move.track.attribute, move.target)))

    def scene_volume(self, device: float) -> Percent:
        """A device's volume in percent of what is comfortable here; may pass 100."""
        return Percent(device / self.music * 100.0) if self.music > 0 else Percent(100.0)

    def scene_value(self, attribute: Attribute, value: Value) -> Value:
        """What a device shows, as a scene would have to say it."""
        if isinstance(value, bool) or not isinstance(value, float | int):
            return value
        if attribute is Attribute.VOLUME:
            return float(self.scene_volume(float(value)))
        return value / (self.brightness / 100.0) if self.brightness and value > self.least else value

    def speech(self, volume: Percent) -> Percent:
        """The device volume of words that a scene wants so loud."""
        return Percent(min(volume * self.voice / 100.0, self.loudest))

    def greeting(self, volume: Percent) -> Percent:
        """The same for the first words of a session: nobody should start."""
        return Percent(self.speech(volume) * amplitude(GREETING_DB) / 100.0)
