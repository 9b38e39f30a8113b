"""From what a session wishes of a track to what each device of the role is to do: in its scale, from where it is."""

from collections.abc import Mapping

from orchestrator.conductor.music_lookup import look_up
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.events.music import MusicUnknown
from orchestrator.events.session import Ending
from orchestrator.fade import Fade
from orchestrator.home.model import HomeModel
from orchestrator.scenes.planning.timeline import Before, is_light
from orchestrator.session.outputs import Wish
from orchestrator.session.tracks import GLIDE
from orchestrator.stage.stage import RISE, Stage
from orchestrator.stage.want import Want
from orchestrator.units import MINUTE, Ms
from orchestrator.values import Attribute, Playing, Value

LOW: Ms = MINUTE
"""How long a light that was ended early is not brighter than its landing says: eyes are used to the dark (rule 13)."""
_GOES_ON = (Ending.STOPPED, Ending.FAILED, Ending.LOST)
"""The endings after which it does. What is finished stays as it ends; an abort has no minute."""


class DeviceWants:
    """Of one session's cast. It tells the stage, and reads there where each device is. Moments are real."""

    def __init__(self, roles: Mapping[str, tuple[str, ...]], home: HomeModel, scale: RoomScale, stage: Stage) -> None:
        self._roles = roles
        self._home = home
        self._scale = scale
        self._stage = stage

    def wish(
        self, wish: Wish, before: Mapping[tuple[str, Attribute], Value], ending: Ending | None, now: Ms
    ) -> list[MusicUnknown]:
        """Want it of each device of the role; gives the music that the home does not have.

        `before`: what to give back to devices that do not say how they are. `ending`: how the session ends, if it does.
        """
        attribute, unknown = wish.track.attribute, []
        for device in self._roles.get(wish.track.role, ()):
            if attribute is Attribute.PLAYING:
                assert isinstance(wish.fade.target, Playing)
                music = look_up(wish.fade.target, device, self._home)
                if music is None:
                    unknown.append(MusicUnknown(", ".join(wish.fade.target.names)))
                    continue
                want = Want(Fade.still(wish.fade.start, music), landing=wish.landing)
            else:
                want = self._want(wish, device, ending, now)
            self._stage.wish(device, attribute, want, now, before.get((device, attribute)))
            if wish.landing and wish.back is None and is_light(wish.track):
                self._stage.owe_instead(device, attribute, want.fade.target)
        return unknown

    def give_back(self, device: str, now: Ms) -> None:
        """A device goes back to what is owed to it, from where it is."""
        for debt in [debt for debt in self._stage.debts if debt.device == device and debt.value is not None]:
            here = self._stage.value(device, debt.attribute, now)
            assert debt.value is not None
            fade = Fade(now, now + GLIDE, here if here is not None else debt.value, debt.value)
            self._stage.wish(device, debt.attribute, Want(fade, landing=True), now)

    def _want(self, wish: Wish, device: str, ending: Ending | None, now: Ms) -> Want:
        fade, rest = self._scale.fade(wish.track.attribute, wish.fade), None
        if wish.rises:
            fade = self._way_up(fade, device, now)
        if wish.back is not None:
            back = wish.back if ending is not Ending.ABORTED else Before()
            fade = self._way_back(wish.track.attribute, back, fade, device, now)
            rest = self._rest(wish, fade, device) if ending in _GOES_ON else None
        return Want(fade, wish.gain, wish.landing, rest)

    def _way_up(self, fade: Fade, device: str, now: Ms) -> Fade:
        """Each device comes up from where it is, and none down."""
        here = self._stage.value(device, Attribute.LEVEL, now)
        if not isinstance(here, float) or not isinstance(fade.target, float):
            return fade
        return fade._replace(origin=here, target=max(here, fade.target))

    def _way_back(self, attribute: Attribute, back: Before, fade: Fade, device: str, now: Ms) -> Fade:
        """Each device goes back to its own value, from where it is."""
        debt = self._stage.debt(device, attribute)
        if debt is None or debt.value is None:
            return fade
        here = self._stage.value(device, attribute, now)
        return fade._replace(
            start=min(now, fade.end),
            origin=here if here is not None else fade.origin,
            target=back.of(debt.value),
        )

    def _rest(self, wish: Wish, fade: Fade, device: str) -> Fade | None:
        """What a light is to come up to yet, once it has been low for its minute."""
        debt = self._stage.debt(device, wish.track.attribute)
        if debt is None or not isinstance(debt.value, float) or not isinstance(fade.target, float):
            return None
        begins = max(wish.fade.start + LOW, fade.end)
        is_capped = wish.track.attribute is Attribute.LEVEL and debt.value > fade.target
        return Fade(begins, begins + RISE, fade.target, debt.value) if is_capped else None
