"""Looks, music and switches as moves, and what the scene has wanted of each track so far."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import near
from orchestrator.fade import Curve
from orchestrator.scenes.format.model import LightLook, MusicModel, SceneModel
from orchestrator.scenes.planning.scope import Scope, Unplannable
from orchestrator.scenes.planning.timeline import Before, Move
from orchestrator.units import FULL, OFF, SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Playing, Track, Value

LOOK_FADE: Ms = 2 * SECOND
MUSIC_FADE: Ms = 5 * SECOND
RESTORE = "restore"
NO_MUSIC = "none"
"""A name of music that is none: whoever chose it hears the words alone."""

Delayed = tuple[Ms, Move]
"""A move, so long after the moment that it belongs to."""


class RoleWants:
    """What a scene wants of the room, move by move: `resting` is where each track goes to, as last said."""

    def __init__(self, scene: SceneModel) -> None:
        self.resting: dict[Track, Value] = {}
        self._looks = scene.looks
        self._is_refused = False
        players = [name for name, role in scene.roles.items() if role.kind == "player"]
        self.player = "music" if "music" in players else players[0] if players else None

    def look(self, names: str | list[str], fade: Ms, curve: Curve | None, path: KeyPath) -> Iterator[Move]:
        """A look, or several with later ones on top: each lamp's colour, then its level. Raises Unplannable."""
        for role, lamp in self.lamps(names, path).items():
            yield from (
                self._wanted(Move(Track(role, attribute), value, fade, curve or Curve.PERCEPTUAL))
                for attribute, value in lamp.items()
            )

    def lamps(self, names: str | list[str], path: KeyPath) -> dict[str, dict[Attribute, Value]]:
        """What looks say of each lamp. Raises Unplannable."""
        lamps: dict[str, dict[Attribute, Value]] = {}
        for name in [names] if isinstance(names, str) else names:
            if name not in self._looks:
                raise Unplannable(path, f"there is no look `{name}`{near(name, self._looks)}")
            for role, lamp in self._looks[name].items():
                lamps[role] = {Attribute.LEVEL: OFF} if lamp == "off" else {**_kept(lamps.get(role)), **_lamp(lamp)}
        return {role: dict(sorted(lamp.items(), key=_colour_first)) for role, lamp in lamps.items()}

    def switches(self, switch: Mapping[str, Any]) -> Iterator[Move]:
        """Switches on or off."""
        for role, state in switch.items():
            yield self._wanted(Move(Track(role, Attribute.ON), state in ("on", True)))

    def music(self, music: MusicModel, fade: Ms, scope: Scope, path: KeyPath) -> Iterator[Delayed]:
        """Music that starts, changes, becomes louder or softer, or stops. Raises Unplannable.

        From silence it starts at no volume; what plays already fades out in the first half of the fade, and what
        comes fades in in the second. After `play: none` nothing is done to any music until some is played.
        """
        if self.player is None:
            raise Unplannable(path, "there is no role of kind `player` for this music")
        names = None if music.play is None else _names(music.play, scope, (*path, "play"))
        if names is not None:
            self._is_refused = not names
        if music.stop or (names == () and self.is_playing):
            yield from self._stop(fade)
        elif self._is_refused:
            return
        elif names is not None:
            yield from self._play(Playing(names), fade, music.volume)
        elif music.volume is not None:
            yield 0, self._volume(music.volume, fade)

    @property
    def is_playing(self) -> bool:
        """True while the scene has music on."""
        return self.resting.get(Track(self.player or "", Attribute.PLAYING), SILENCE) != SILENCE

    def level(self, track: Track) -> float | None:
        """Where a level or a volume rests; None where nobody knows, or the lamp is off, or nothing plays."""
        value = self.resting.get(track)
        return value if isinstance(value, float) and value > 0.0 else None

    def _play(self, playing: Playing, fade: Ms, volume: float | None) -> Iterator[Delayed]:
        before = self.resting.get(Track(self._music, Attribute.PLAYING), SILENCE)
        resting = self.level(Track(self._music, Attribute.VOLUME))
        target = volume if volume is not None else resting if resting is not None else FULL
        if before == playing:
            if volume is not None:
                yield 0, self._volume(volume, fade)
            return
        half = fade // 2 if before != SILENCE else 0
        yield 0, self._volume(OFF, half)
        yield half, self._wanted(Move(Track(self._music, Attribute.PLAYING), playing))
        yield half, self._volume(target, fade - half)

    def _stop(self, fade: Ms) -> Iterator[Delayed]:
        yield 0, self._volume(OFF, fade)
        yield fade, self._wanted(Move(Track(self._music, Attribute.PLAYING), SILENCE))

    def _volume(self, volume: float, fade: Ms) -> Move:
        return self._wanted(Move(Track(self._music, Attribute.VOLUME), float(volume), fade, Curve.DECIBEL))

    @property
    def _music(self) -> str:
        assert self.player is not None
        return self.player

    def _wanted(self, move: Move) -> Move:
        if not isinstance(move.target, Before):
            self.resting[move.track] = move.target
        return move


def _names(play: str | list[str], scope: Scope, path: KeyPath) -> tuple[str, ...]:
    """What is to be played, best first, templates filled in; nothing where the best is NO_MUSIC. Raises Unplannable."""
    written = [(play, path)] if isinstance(play, str) else [(name, (*path, index)) for index, name in enumerate(play)]
    names = [name for text, place in written if (name := scope.text(text, place))]
    wanted = names[: names.index(NO_MUSIC)] if NO_MUSIC in names else names
    return tuple(dict.fromkeys(wanted))


def _lamp(lamp: LightLook) -> dict[Attribute, Value]:
    found: dict[Attribute, Value] = {}
    colour = lamp.color or lamp.temperature
    if colour is not None:
        found[Attribute.COLOUR] = colour
    if lamp.brightness is not None:
        found[Attribute.LEVEL] = float(lamp.brightness)
    return found


def _kept(lamp: dict[Attribute, Value] | None) -> dict[Attribute, Value]:
    """What stays of a lamp in a lower look; off does not, a lamp that is named above it is on."""
    return {attribute: value for attribute, value in (lamp or {}).items() if value != OFF}


def _colour_first(entry: tuple[Attribute, Value]) -> bool:
    return entry[0] is Attribute.LEVEL
