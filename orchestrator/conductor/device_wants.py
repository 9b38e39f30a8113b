"""From what a session wishes of a track to what each device of the role is to do: in its scale, from where it is."""

from collections.abc import Mapping

from orchestrator.conductor.music_lookup import look_up
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.events.music import MusicUnknown
from orchestrator.fade import Fade
from orchestrator.home.model import HomeModel
from orchestrator.session.outputs import Wish
from orchestrator.session.tracks import GLIDE
from orchestrator.stage.stage import Stage
from orchestrator.stage.want import Want
from orchestrator.units import Ms
from orchestrator.values import Attribute, Playing, Value


class DeviceWants:
    """Of one session's cast. It tells the stage, and reads there where each device is. Moments are real."""

    def __init__(self, roles: Mapping[str, tuple[str, ...]], home: HomeModel, scale: RoomScale, stage: Stage) -> None:
        self._roles = roles
        self._home = home
        self._scale = scale
        self._stage = stage

    def wish(self, wish: Wish, before: Mapping[tuple[str, Attribute], Value], now: Ms) -> list[MusicUnknown]:
        """Want it of each device of the role; gives the music that the home does not have.

        `before`: what to give back to devices that do not say how they are.
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
                want = self._want(wish, device, now)
            self._stage.wish(device, attribute, want, now, before.get((device, attribute)))
        return unknown

    def give_back(self, device: str, now: Ms) -> None:
        """A device goes back to what is owed to it, from where it is."""
        for debt in [debt for debt in self._stage.debts if debt.device == device and debt.value is not None]:
            here = self._stage.value(device, debt.attribute, now)
            assert debt.value is not None
            fade = Fade(now, now + GLIDE, here if here is not None else debt.value, debt.value)
            self._stage.wish(device, debt.attribute, Want(fade, landing=True), now)

    def _want(self, wish: Wish, device: str, now: Ms) -> Want:
        fade = self._scale.fade(wish.track.attribute, wish.fade)
        if wish.rises:
            fade = self._way_up(fade, device, now)
        if wish.back is not None:
            fade = self._way_back(wish, fade, device, now)
        return Want(fade, wish.gain, wish.landing)

    def _way_up(self, fade: Fade, device: str, now: Ms) -> Fade:
        """Each device comes up from where it is, and none down."""
        here = self._stage.value(device, Attribute.LEVEL, now)
        if not isinstance(here, float) or not isinstance(fade.target, float):
            return fade
        return fade._replace(origin=here, target=max(here, fade.target))

    def _way_back(self, wish: Wish, fade: Fade, device: str, now: Ms) -> Fade:
        """Each device goes back to its own value, from where it is; one of which nobody knows it stays as it is."""
        debt = self._stage.debt(device, wish.track.attribute)
        here = self._stage.value(device, wish.track.attribute, now)
        if wish.back is None or debt is None:
            return fade
        if debt.value is None:
            return fade if here is None else fade._replace(origin=here, target=wish.back.of(here))
        return fade._replace(
            start=min(now, fade.end),
            origin=here if here is not None else fade.origin,
            target=wish.back.of(debt.value),
        )
