"""The lamp itself: a level and a colour that move in time, linear in the device's own unit."""

from typing import NamedTuple

from orchestrator.fade import Curve, Fade
from orchestrator.units import FULL, OFF, Ms, Percent
from orchestrator.values import Colour

FLASH: Ms = 400
"""How long a lamp with that fault shines at full when it is turned on."""


class Order(NamedTuple):
    """A command as a lamp understands it. `power` without a level is back to the remembered one, or off."""

    power: bool | None = None
    level: Percent | None = None
    colour: Colour | None = None
    over: Ms = 0
    halt: bool = False
    """Stop where you are."""
    prepare: bool = False
    """The level is only remembered while the lamp is off."""
    level_over: Ms | None = None
    """Where the level does not take as long as the colour."""
    tells_end: bool = False
    """It says how it is once more when it is there."""


class Bulb:
    """Level in percent of the device's scale; 0 is off. The level before is remembered; brightness 0 spoils that."""

    def __init__(
        self,
        level: Percent,
        colour: Colour | None,
        *,
        jumps: bool = False,
        flashes: bool = False,
        deaf: bool = False,
        dimmable: bool = True,
    ) -> None:
        self.remembered = level if level > OFF else FULL
        self._level = Fade.still(0, float(level))
        self._colour = None if colour is None else Fade.still(0, colour)
        self._jumps = jumps
        self._flashes = flashes
        self._deaf = deaf
        self._dimmable = dimmable
        self._flash_until: Ms = 0

    def level(self, now: Ms) -> Percent:
        """How bright it is at a moment."""
        if now < self._flash_until:
            return FULL
        value = self._level.at(now)
        assert isinstance(value, float)
        return Percent(value)

    def colour(self, now: Ms) -> Colour | None:
        """Its colour at a moment; None for a lamp that has one white only."""
        value = None if self._colour is None else self._colour.at(now)
        assert value is None or isinstance(value, Colour)
        return value

    @property
    def goal(self) -> tuple[Percent, Colour | None]:
        """Where level and colour are going."""
        level, colour = self._level.target, None if self._colour is None else self._colour.target
        assert isinstance(level, float)
        assert colour is None or isinstance(colour, Colour)
        return Percent(level), colour

    @property
    def rests_at(self) -> Ms:
        """When its last movement ends."""
        return max(self._level.end, self._flash_until, 0 if self._colour is None else self._colour.end)

    @property
    def flashes_until(self) -> Ms:
        return self._flash_until

    def hears(self, order: Order, now: Ms) -> bool:
        """Whether it takes an order now. One that is deaf hears nothing while it fades but a plain off, and a halt."""
        is_plain_off = order.power is False and order.over == 0 and order.colour is None
        return not self._deaf or now >= self.rests_at or is_plain_off or order.halt

    def obey(self, order: Order, now: Ms) -> None:
        """Take a new order; it starts from where the lamp is."""
        if order.halt:
            self._halt(now)
            return
        over = 0 if self._jumps else order.over
        if order.colour is not None and self._colour is not None:
            self._colour = Fade(now, now + over, self._colour.at(now), order.colour)
        if order.prepare and self.goal[0] == OFF:
            self.remembered = order.level or self.remembered
        elif (level := self._wanted(order)) is not None:
            self._go(level, over if order.level_over is None else order.level_over, now)
            if order.level == OFF:
                self.remembered = OFF

    def _wanted(self, order: Order) -> Percent | None:
        if order.power is False:
            return OFF
        if order.level is not None:
            return order.level if self._dimmable or order.level == OFF else FULL
        if order.power is True:
            return self.goal[0] if self.goal[0] > OFF else self.remembered
        return None

    def _go(self, level: Percent, over: Ms, now: Ms) -> None:
        origin, start = self.level(now), now
        if self._flashes and origin == OFF and level > OFF:
            self._flash_until = start = now + FLASH
            origin = FULL
        self._level = Fade(
            start, start + (over if self._dimmable else 0), float(origin), float(level), Curve.PERCEPTUAL
        )
        if level > OFF:
            self.remembered = level

    def _halt(self, now: Ms) -> None:
        self._level = Fade.still(now, float(self.level(now)))
        if (colour := self.colour(now)) is not None:
            self._colour = Fade.still(now, colour)
        if self.goal[0] > OFF:
            self.remembered = self.goal[0]
