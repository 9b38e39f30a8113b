"""What a device can. Declared by its dialect and its entry in the home file, never guessed while playing."""

from dataclasses import dataclass, replace
from enum import Enum, Flag, StrEnum, auto

from orchestrator.units import FULL, OFF, SECOND, Ms, Percent
from orchestrator.values import Colour, Temperature


class Kind(StrEnum):
    """What a device is to a scene."""

    LIGHT = "light"
    PLAYER = "player"
    VOICE = "voice"
    SWITCH = "switch"
    SENSOR = "sensor"
    BUTTON = "button"


class FadeBy(StrEnum):
    """Who makes a fade."""

    NATIVE = "native"
    """The device, told its target and its transition."""
    STEPPED = "stepped"
    """We, one level after the other."""
    NONE = "none"
    """Nobody: the device goes to its target at once."""


class ColourMode(Flag):
    """What colours a lamp has. Test with `in`."""

    NONE = 0
    TEMPERATURE = auto()
    RGB = auto()


class DeviceCurve(StrEnum):
    """What a device's own percent means."""

    PERCEPTUAL = "perceptual"
    """Lightness: half looks half."""
    LINEAR = "linear"
    """Luminance: half is half of the photons."""
    SQUARED = "squared"
    """The square root of luminance."""


class Budget(Enum):
    """Which of a bridge's limits a device's commands count against."""

    LAMP = "lamp"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class LightAbilities:
    """A lamp. `steps` are the levels above off on its wire; a level that is on is at least one of them."""

    fade: FadeBy = FadeBy.NATIVE
    longest_fade: Ms = 6_553_000
    shortest_fade: Ms = 0
    """Native: what is shorter it does at once, so that is made in steps."""
    segment: Ms = 10 * SECOND
    """Native: the longest that one command may fade. Stepped: the time from step to step."""
    one_attribute_per_fade: bool = False
    """Level and colour never fade in one command: the colour jumps first."""
    may_be_deaf: bool = False
    """It may hear nothing while it fades: what it is told then it is told again afterwards."""
    starts_bright: bool = False
    """Turned on, it is as bright as it was last before it takes a level: it is told its least first."""
    off_fade: bool = True
    """It can fade to off by itself; else it fades to its least and is then switched off."""
    off_after_fade: bool = False
    """Once it has faded to off it is switched off as well: it may stand at its least, and be on."""
    colour_with_off: bool = False
    """It takes a colour at the moment that it is turned off, and keeps that for when it is turned on."""
    colour_while_off: bool = False
    level_while_off: bool = False
    """It takes a colour, a level while it is off, and stays off: only where the lamp says so itself."""
    dimmable: bool = True
    colours: ColourMode = ColourMode.TEMPERATURE | ColourMode.RGB
    warmest: float = 500.0
    coolest: float = 153.0
    """Mired."""
    steps: int = 254
    curve: DeviceCurve = DeviceCurve.PERCEPTUAL
    least: Percent = OFF
    most: Percent = FULL
    """The part of its own scale that is used while it is on (`min`, `max` of the home file)."""
    reports: bool = True
    """It answers a command with a report; silence is then worth saying."""
    says_colour: bool = False
    """Asked how it is, it says its colour as well; perhaps later than its level, in a message of its own."""
    settle: Ms = 2 * SECOND
    """How long after the end of a command its reports may still speak of the way there."""

    def nearest(self, colour: Colour) -> Colour | None:
        """What this lamp has that comes nearest to a colour; None where it has white of one kind only."""
        if not isinstance(colour, Temperature):
            if ColourMode.RGB in self.colours:
                return colour
            colour = colour.nearest_temperature
        if ColourMode.TEMPERATURE in self.colours:
            return Temperature(min(max(colour.mired, self.coolest), self.warmest))
        return colour.rgb if ColourMode.RGB in self.colours else None


@dataclass(frozen=True, slots=True)
class PlayerAbilities:
    """A player. `steps` are the volumes above silence on its wire."""

    pause: bool = True
    steps: int = 100
    step_every: Ms = 300
    reports: bool = True
    settle: Ms = 2 * SECOND


@dataclass(frozen=True, slots=True)
class VoiceAbilities:
    """A voice. `done`: it says when it has spoken; `hush`: it can be stopped; `ducks`: it lowers music by itself.

    `rate`, `gap`: it follows the rate, and keeps the silences between sentences, that it is asked for.
    """

    done: bool = True
    hush: bool = True
    ducks: bool = False
    steps: int = 100
    """The volumes above silence on its wire."""
    rate: bool = True
    gap: bool = True
    told: bool = True
    """False for one that says at run time what it can, and has not yet: this is what it is taken for."""


@dataclass(frozen=True, slots=True)
class SwitchAbilities:
    """A switch."""

    reports: bool = True
    settle: Ms = 2 * SECOND


@dataclass(frozen=True, slots=True)
class Abilities:
    """All that one device can, by what it is. A Sonos is a player and a voice."""

    light: LightAbilities | None = None
    player: PlayerAbilities | None = None
    voice: VoiceAbilities | None = None
    switch: SwitchAbilities | None = None
    bridge: str | None = None
    """The bridge whose budget its commands count against (a base topic)."""
    budget: Budget = Budget.LAMP
    members: tuple[str, ...] = ()
    """Of a group, as its bridge lists it: the topics of its members."""

    def settling(self, settle: Ms) -> "Abilities":
        """The same of a device whose words may come so late."""
        return replace(
            self,
            light=replace(self.light, settle=settle) if self.light is not None else None,
            player=replace(self.player, settle=settle) if self.player is not None else None,
            switch=replace(self.switch, settle=settle) if self.switch is not None else None,
        )

    def silent(self) -> "Abilities":
        """The same of a device that never says how it is."""
        return replace(
            self,
            light=replace(self.light, reports=False) if self.light is not None else None,
            player=replace(self.player, reports=False) if self.player is not None else None,
            switch=replace(self.switch, reports=False) if self.switch is not None else None,
        )
