"""How a session ends: words first, then everything that was touched is given back, or put to rest.

Rule 13: music stops before its volume is given back. Rule 14: a scene that ends in the dark never lights up a room.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from orchestrator.documents.document import KeyPath
from orchestrator.fade import Curve
from orchestrator.languages.library import find
from orchestrator.scenes.format.model import LandingModel, SceneModel
from orchestrator.scenes.planning.scope import Scope
from orchestrator.scenes.planning.speaker import SpeakingStyle
from orchestrator.scenes.planning.timeline import Anchor, Before, Chapter, Chime, Cue, Move, is_light
from orchestrator.scenes.planning.wants import RESTORE, Delayed, RoleWants
from orchestrator.scenes.planning.words import items, placed
from orchestrator.units import OFF, SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Track

FINISH_FADE: Ms = 30 * SECOND
STOPPED_FADE: Ms = 5 * SECOND


class LandingPlan(NamedTuple):
    """A way out of a scene: its name, what the scene says of it, and where."""

    name: str
    model: LandingModel
    path: KeyPath
    fade: Ms
    spoken: bool = True


def landings(scene: SceneModel) -> tuple[LandingPlan, LandingPlan, LandingPlan]:
    """`finish`, `stopped` and `lost`, as written or by default.

    `stopped` restores in 5 s, unless the finish has another look: then that one. `lost` is as `stopped`, without words.
    """
    finish = LandingPlan("finish", scene.finish, ("finish",), FINISH_FADE)
    if scene.stopped is not None:
        stopped = LandingPlan("stopped", scene.stopped, ("stopped",), STOPPED_FADE)
    elif restores(scene.finish):
        stopped = LandingPlan("stopped", _as_dim(scene.finish), ("finish",), STOPPED_FADE)
    else:
        same = _as_dim(scene.finish).model_copy(update={"look": scene.finish.look})
        stopped = LandingPlan("stopped", same, ("finish",), STOPPED_FADE)
    if scene.lost is None:
        return finish, stopped, stopped._replace(name="lost", spoken=False)
    return finish, stopped, LandingPlan("lost", scene.lost, ("lost",), STOPPED_FADE, spoken=False)


def _as_dim(landing: LandingModel) -> LandingModel:
    """Nothing but how bright it may be. What was read once is no text any more, and is not read again."""
    return LandingModel().model_copy(update={"at_most": landing.at_most})


def restores(landing: LandingModel) -> bool:
    """True where every lamp is given back as it was."""
    return landing.look in (None, RESTORE, [RESTORE])


def landed(
    landing: LandingPlan,
    scene: SceneModel,
    scope: Scope,
    wants: RoleWants,
    speaker: SpeakingStyle,
    *,
    touched: Iterable[Track],
) -> Chapter:
    """The chapter of a way out. `touched`: the tracks that the session may have touched. Raises Unplannable."""
    model, path = landing.model, landing.path
    said = items(model.say, scope, scene, (*path, "say")) if landing.spoken else []
    places, words = placed(said, 0, lambda text, _: speaker.say(text, 1.0))
    cues = [Cue(0, Anchor.START, Chime(model.chime))] if model.chime is not None and landing.spoken else []
    cues += (Cue(place.at, Anchor.START, place.say) for place in places)
    moves = sorted(_moves(landing, scope, wants, list(touched)), key=lambda delayed: delayed[0])
    cues += (Cue(words + delay, Anchor.WORDS, move) for delay, move in moves)
    lasts = max((delay + move.lasts for delay, move in moves), default=0)
    return Chapter(landing.name, _title(landing, scene, scope), words, lasts, None, tuple(cues))


def _title(landing: LandingPlan, scene: SceneModel, scope: Scope) -> str:
    """The program's own; the scene's where that has no words in its language, so that none is in another."""
    words = find(scope.language)
    return str(getattr(words.landings, landing.name)) if words is not None else scope.text(scene.title, ("title",))


def _moves(landing: LandingPlan, scope: Scope, wants: RoleWants, touched: list[Track]) -> Iterator[Delayed]:
    model, path = landing.model, landing.path
    fade = scope.length(model.fade, (*path, "fade")) if model.fade is not None else landing.fade
    yield from ((0, move) for move in _lights(landing, wants, touched, fade))
    yield from _music(landing, scope, wants, touched, fade)
    switch = model.switch or {}
    yield from ((0, move) for move in wants.switches(switch))
    yield from (
        (0, Move(track, Before())) for track in touched if track.attribute is Attribute.ON and track.role not in switch
    )


def _lights(landing: LandingPlan, wants: RoleWants, touched: list[Track], fade: Ms) -> Iterator[Move]:
    """The look, for the lamps that it names; every other lamp as it was. Colour first."""
    model = landing.model
    curve = model.curve or Curve.PERCEPTUAL
    named = {} if restores(model) else wants.lamps(model.look or [], (*landing.path, "look"))
    for role, lamp in named.items():
        for attribute, value in lamp.items():
            level = attribute is Attribute.LEVEL and model.at_most is not None and isinstance(value, float)
            target = min(float(value), float(model.at_most or 0)) if level else value  # type: ignore[arg-type]
            yield Move(Track(role, attribute), target, fade, curve)
    others = [track for track in touched if is_light(track) and track.role not in named]
    for track in sorted(others, key=lambda track: track.attribute is Attribute.LEVEL):
        at_most = model.at_most if track.attribute is Attribute.LEVEL else None
        yield Move(track, Before(at_most), fade, curve)


def _music(landing: LandingPlan, scope: Scope, wants: RoleWants, touched: list[Track], fade: Ms) -> Iterator[Delayed]:
    """What becomes of the music: as written, else it fades out, stops, and then has its volume back."""
    music, path = landing.model.music, (*landing.path, "music")
    default = fade if landing.name == "finish" else min(fade, STOPPED_FADE)
    lasts = default
    if music is not None and music.fade is not None:
        written = scope.offset(music.fade, (*path, "fade"))
        lasts = written if isinstance(written, int) else round(fade * written.percent / 100)
    named: set[Track] = set()
    if music is not None and not music.stop:
        for delay, move in wants.music(music, lasts, scope, path):
            named.add(move.track)
            yield delay, move
    for track in touched:
        if track.attribute is Attribute.VOLUME and track not in named:
            yield from _given_back(track, Track(track.role, Attribute.PLAYING) in touched, lasts)


def _given_back(volume: Track, played: bool, lasts: Ms) -> Iterator[Delayed]:
    """A player as it was. Where the room's own music only became softer, it becomes louder again."""
    if not played:
        yield 0, Move(volume, Before(), lasts, Curve.DECIBEL)
        return
    playing = Track(volume.role, Attribute.PLAYING)
    yield 0, Move(volume, OFF, lasts, Curve.DECIBEL)
    # Silence first: where nobody knows what played before, there is nothing to give back, and it has to stop.
    yield lasts, Move(playing, SILENCE)
    yield lasts, Move(playing, Before())
    yield lasts, Move(volume, Before())
