"""From what a session wishes of a track to what each device of the role is to do: in its scale, from where it is."""

from collections.abc import Collection, Iterable, Mapping

from orchestrator.conductor.music_lookup import look_up
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.events.music import MusicUnknown
from orchestrator.events.session import Ending
from orchestrator.fade import Curve, Fade, amplitude
from orchestrator.home.model import HomeModel
from orchestrator.scenes.planning.timeline import Before, is_light
from orchestrator.session.outputs import Wish
from orchestrator.session.tracks import GLIDE
from orchestrator.stage.stage import RISE, Stage
from orchestrator.stage.want import Want
from orchestrator.units import MINUTE, OFF, SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Playing, Value

FIRST_SOUND: Ms = SECOND
"""So long the first music of a session is quiet (`limits.quiet`) …"""
FIRST_RISE: Ms = 10 * SECOND
"""… and so long it then takes to its level, where the scene has it come faster."""
COMES_BACK: Ms = 5 * SECOND
"""So long the music that was on before takes to be as loud as it was."""
HEARD_DB = 1.0
"""A swell of less is not heard as one."""

LOW: Ms = MINUTE
"""How long a light that was ended early is not brighter than its landing says: eyes are used to the dark (rule 13)."""
_GOES_ON = (Ending.STOPPED, Ending.FAILED, Ending.LOST)
"""The endings after which it does. What is finished stays as it ends; an abort has no minute."""
_SOUND = (Attribute.PLAYING, Attribute.VOLUME)


class DeviceWants:
    """Of one session's cast. It tells the stage, and reads there where each device is. Moments are real."""

    def __init__(self, roles: Mapping[str, tuple[str, ...]], home: HomeModel, scale: RoomScale, stage: Stage) -> None:
        self._roles = roles
        self._home = home
        self._scale = scale
        self._stage = stage
        self._sounds_since: dict[str, Ms] = {}
        self._volumes: dict[str, tuple[Fade, Fade]] = {}
        """How the volume of each player was wanted last: as its role has it, and on its own way."""
        self._ways: dict[str, Fade] = {}
        """How each lamp came, or comes, to where it rests: from where it was itself."""
        self._held: dict[str, dict[Attribute, Wish]] = {}
        """Devices that are told nothing yet, since nobody knows how they are, and what is wished of them meanwhile."""
        self._were: dict[tuple[str, Attribute], Value] = {}
        """What was owed to lamps that an end leaves in a look of its own: whoever stops that end has them back."""

    def hold(self, devices: Iterable[str]) -> None:
        """Tell these nothing until they are let go, or the session lands: what they say first is how they were."""
        self._held = {device: {} for device in devices}

    @property
    def held(self) -> tuple[str, ...]:
        return tuple(self._held)

    def forget_held(self) -> None:
        """The session lands: what it wanted of them is not wanted any more."""
        self.hold(self._held)

    def let_go(self, device: str, before: Mapping[tuple[str, Attribute], Value], now: Ms) -> list[MusicUnknown]:
        """Tell a device what is wanted of it by now; gives the music that the home does not have.

        A light whose fade is over by now, or nearly, glides there.
        """
        unknown: list[MusicUnknown] = []
        for wish in self._held.pop(device, {}).values():
            is_short = is_light(wish.track) and wish.fade.look is None and wish.fade.end < now + GLIDE
            fade = wish.fade._replace(end=now + GLIDE) if is_short else wish.fade
            unknown += self._wish_of(device, wish._replace(fade=fade), before, None, now)
        return unknown

    def wish(
        self, wish: Wish, before: Mapping[tuple[str, Attribute], Value], ending: Ending | None, now: Ms
    ) -> list[MusicUnknown]:
        """Want it of each device of the role; gives the music that the home does not have.

        `before`: what to give back to devices that do not say how they are. `ending`: how the session ends, if it does.
        """
        unknown: list[MusicUnknown] = []
        for device in self._roles.get(wish.track.role, ()):
            if device not in self._held:
                unknown += self._wish_of(device, wish, before, ending, now)
            elif not wish.landing:
                self._held[device][wish.track.attribute] = wish
            elif wish.back is None and wish.track.attribute not in _SOUND:
                # Nothing was sent to it: there is nothing to give back, and no music to stop.
                unknown += self._wish_of(device, wish, before, ending, now)
        return unknown

    def _wish_of(
        self,
        device: str,
        wish: Wish,
        before: Mapping[tuple[str, Attribute], Value],
        ending: Ending | None,
        now: Ms,
    ) -> list[MusicUnknown]:
        """The same of one device."""
        attribute = wish.track.attribute
        if wish.back is not None and (was := self._were.pop((device, attribute), None)) is not None:
            self._stage.owe_instead(device, attribute, was)
        if attribute is Attribute.PLAYING:
            debt = self._stage.debt(device, attribute) if wish.back is not None else None
            programme = debt.value if debt is not None and debt.value is not None else wish.fade.target
            assert isinstance(programme, Playing)
            music = look_up(programme, device, self._home)
            if music is None:
                return [MusicUnknown(", ".join(programme.names))]
            if music != SILENCE:
                self._sounds_since.setdefault(device, wish.fade.start)
            want = Want(Fade.still(wish.fade.start, music), landing=wish.landing)
        else:
            want = self._want(wish, device, ending, now, before.get((device, attribute)))
        self._stage.wish(device, attribute, want, now, before.get((device, attribute)))
        if wish.landing and wish.back is None and is_light(wish.track):
            if (owed := self._stage.debt(device, attribute)) is not None and owed.value is not None:
                self._were.setdefault((device, attribute), owed.value)
            self._stage.owe_instead(device, attribute, want.fade.target)
        return []

    def give_back(self, device: str, keeping: Collection[tuple[str, Attribute]], now: Ms) -> None:
        """A device goes back to what is owed to it, from where it is, but for what is kept."""
        for debt in [debt for debt in self._stage.debts if debt.device == device and debt.value is not None]:
            if (device, debt.attribute) in keeping:
                continue
            here = self._stage.value(device, debt.attribute, now)
            assert debt.value is not None
            fade = Fade(now, now + GLIDE, here if here is not None else debt.value, debt.value)
            self._stage.wish(device, debt.attribute, Want(fade, landing=True), now)

    def hand_back(self, device: str, backs: Mapping[Attribute, Before], now: Ms) -> None:
        """A person has handed a device back while it lands: it goes back to how they had left it, as far as it may."""
        for attribute, back in backs.items():
            debt, here = self._stage.debt(device, attribute), self._stage.value(device, attribute, now)
            if debt is not None and debt.value is not None and here is not None:
                fade = Fade(now, now + GLIDE, here, back.of(debt.value))
                self._stage.wish(device, attribute, Want(fade, landing=True), now)

    def _want(self, wish: Wish, device: str, ending: Ending | None, now: Ms, before: Value | None) -> Want:
        fade, rest = self._scale.fade(wish.track.attribute, wish.fade), None
        if wish.track.attribute is Attribute.VOLUME:
            fade = self._from_its_own(wish, fade, device, now, before)
        elif wish.stands and (here := self._stage.value(device, wish.track.attribute, now)) is not None:
            return Want(Fade.still(now, here), wish.gain, wish.landing)
        if is_light(wish.track) and fade.look is None and self._is_unknown(device, wish.track.attribute, now):
            fade = fade._replace(origin=fade.target)
        if wish.track.attribute is Attribute.VOLUME and fade.origin != fade.target:
            fade = self._audible(fade, device)
            if not wish.landing:
                fade = self._quiet_at_first(fade, device)
        if wish.track.attribute is Attribute.LEVEL and not wish.rises:
            fade = self._own_swell(wish.fade, fade, device, now)
        if wish.rises:
            fade = self._way_up(fade, device, now)
        if wish.back is not None:
            back = wish.back if ending is not Ending.ABORTED else Before()
            fade = self._way_back(wish.track.attribute, back, fade, device, now)
            if wish.track.attribute is Attribute.VOLUME and ending is not Ending.ABORTED:
                fade = self._coming_in(fade, device)
            self._volumes.pop(device, None)
            rest = self._rest(wish, fade, device) if ending in _GOES_ON else None
        return Want(fade, wish.gain, wish.landing, rest)

    def _from_its_own(self, wish: Wish, fade: Fade, device: str, now: Ms, before: Value | None) -> Fade:
        """A player's volume as it is to be, from where it is itself: another of its role may have begun elsewhere.

        `fade` is the role's in the device's measure. What begins in silence does so everywhere.
        """
        planned, way = wish.fade, self._volumes.get(device)
        if wish.stands:
            return fade if way is None else Fade.still(now, way[1].at(now))
        if way is not None and (way[0].origin, way[0].target) == (planned.origin, planned.target):
            fade = fade._replace(origin=way[1].origin)
        elif planned.origin not in (OFF, planned.target):
            here = self._stage.value(device, Attribute.VOLUME, now) if way is None else way[1].at(fade.start)
            origin = here if here is not None else before
            fade = fade if origin is None else fade._replace(origin=origin)
        self._volumes[device] = planned, fade
        return fade

    def _is_unknown(self, device: str, attribute: Attribute, now: Ms) -> bool:
        """True of a lamp of which nobody ever knew how it is: it need not be where another of its role is.

        One that is away, or was known before, is brought to where the room is.
        """
        debt = self._stage.debt(device, attribute)
        if (debt is not None and debt.value is not None) or self._stage.is_away(device):
            return False
        return self._stage.value(device, attribute, now) is None

    def _own_swell(self, planned: Fade, fade: Fade, device: str, now: Ms) -> Fade:
        """Each lamp swells on top of its own way to the look: those of one role may have begun far apart.

        `planned` is the role's, in the scene's measure; `fade` the same in the device's.
        """
        way, look = self._ways.get(device), fade.look
        if look is None:
            if fade.end > fade.start:
                here = self._stage.own_way(device, Attribute.LEVEL, now)
                self._ways[device] = fade._replace(start=now, origin=here if here is not None else fade.origin)
            return fade
        if way is None or way.target != look.target or planned.look is None or look.end <= fade.end:
            return fade
        late = look.end - way.end
        own = way._replace(start=way.start + late, end=look.end).at(fade.end)
        rest, target = planned.look.at(fade.end), planned.target
        assert isinstance(own, float | int)
        assert isinstance(rest, float | int)
        assert isinstance(target, float | int)
        lift = (target - rest) * self._scale.brightness / 100.0
        return fade._replace(target=min(max(own + lift, 0.0), self._scale.brightest))

    def _audible(self, fade: Fade, device: str) -> Fade:
        """A swell goes a step of its player up from where it rests, and HEARD_DB, at the least."""
        player = self._stage.staged(device).abilities.player
        origin, target = fade.origin, fade.target
        if fade.curve is not Curve.EASE or player is None or not isinstance(origin, float | int):
            return fade
        assert isinstance(target, float | int)
        rest = min(origin, target)
        least = max(rest + 100.0 / player.steps, rest * amplitude(HEARD_DB) / 100.0)
        peak = min(max(origin, target, least), self._scale.loudest)
        return fade._replace(origin=rest, target=peak) if target > origin else fade._replace(origin=peak, target=rest)

    def _quiet_at_first(self, fade: Fade, device: str) -> Fade:
        """The first music of a session is quiet at first, however fast the scene has it come."""
        since, quiet = self._sounds_since.get(device), self._scale.quiet
        target, at_first = fade.target, fade.at((since or 0) + FIRST_SOUND)
        if since is None or not since <= fade.start < since + FIRST_RISE:
            return fade
        if not isinstance(target, float) or not isinstance(at_first, float) or at_first <= quiet:
            return fade
        origin = min(float(fade.origin), quiet) if isinstance(fade.origin, float | int) else quiet
        return fade._replace(origin=origin, end=max(fade.end, since + FIRST_RISE))

    def _way_up(self, fade: Fade, device: str, now: Ms) -> Fade:
        """Each device comes up from where it is, and none down."""
        here = self._stage.value(device, Attribute.LEVEL, now)
        if not isinstance(here, float) or not isinstance(fade.target, float):
            return fade
        return fade._replace(origin=here, target=max(here, fade.target))

    def _way_back(self, attribute: Attribute, back: Before, fade: Fade, device: str, now: Ms) -> Fade:
        """Each device goes back to its own value, from where it is; one of which nobody knows it stays as it is."""
        debt = self._stage.debt(device, attribute)
        here = self._stage.value(device, attribute, now)
        if debt is None:
            return fade
        if debt.value is None:
            return fade if here is None else fade._replace(origin=here, target=here)
        return fade._replace(
            start=min(now, fade.end),
            origin=here if here is not None else fade.origin,
            target=back.of(debt.value),
        )

    def _coming_in(self, fade: Fade, device: str) -> Fade:
        """What a person had on comes back as music comes: not at once as loud as it was."""
        debt = self._stage.debt(device, Attribute.PLAYING)
        is_heard = debt is not None and isinstance(debt.value, Playing) and debt.value.names and not debt.value.paused
        if not is_heard or not isinstance(fade.origin, float | int) or not isinstance(fade.target, float | int):
            return fade
        return fade._replace(end=fade.start + COMES_BACK) if fade.origin < fade.target else fade

    def _rest(self, wish: Wish, fade: Fade, device: str) -> Fade | None:
        """What a light is to come up to yet, once it has been low for its minute."""
        debt = self._stage.debt(device, wish.track.attribute)
        if debt is None or not isinstance(debt.value, float) or not isinstance(fade.target, float):
            return None
        begins = max(wish.fade.start + LOW, fade.end)
        is_capped = wish.track.attribute is Attribute.LEVEL and debt.value > fade.target
        return Fade(begins, begins + RISE, fade.target, debt.value) if is_capped else None
