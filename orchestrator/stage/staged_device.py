"""One device on the stage: its parts (lamp, player, plug), whether it is there, and when it is to be told something."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from orchestrator.devices.abilities import Abilities, LightAbilities
from orchestrator.devices.dialect import Dialect
from orchestrator.devices.messages import LightReport, OutOfRangeReport, PlayerReport, Report
from orchestrator.stage.lateness import Lateness
from orchestrator.stage.report_profile import NOTHING_LEARNT, ReportProfile
from orchestrator.stage.staged_light import StagedLight
from orchestrator.stage.staged_player import StagedPlayer
from orchestrator.stage.staged_switch import StagedSwitch
from orchestrator.units import Ms
from orchestrator.values import Attribute, Value

Part: TypeAlias = StagedLight | StagedPlayer | StagedSwitch


@dataclass(slots=True)
class Verification:
    """Of a device whose session is over. `over`: when all that it was told was; `tries`: how often it was again."""

    over: Ms
    tries: int = 0
    has_answered: bool = False
    """It has said something since it was told what it was to have."""
    told_at: Ms | None = None
    """When it was told again last, or would have been: there may be nothing to tell."""
    asked_at: Ms | None = None
    answer_by: Ms | None = None
    """So long an answer is waited for."""


SILENT_AFTER: Ms = 10_000
"""A device that reports has had time enough."""

_PART_OF: dict[Attribute, type[Part]] = {
    Attribute.LEVEL: StagedLight,
    Attribute.COLOUR: StagedLight,
    Attribute.PLAYING: StagedPlayer,
    Attribute.VOLUME: StagedPlayer,
    Attribute.ON: StagedSwitch,
}


class DeviceLike(Protocol):
    """What the stage needs of a device of the home."""

    @property
    def name(self) -> str: ...
    @property
    def dialect(self) -> Dialect: ...
    @property
    def abilities(self) -> Abilities: ...
    def as_written(self, abilities: Abilities, /) -> Abilities: ...


@dataclass(slots=True)
class StagedDevice:
    """A device as the stage keeps it. `due` is when it wants to be told something, `since` since when it has waited."""

    name: str
    dialect: Dialect
    abilities: Abilities
    parts: tuple[Part, ...]
    as_written: Callable[[Abilities], Abilities]
    """Abilities, with what the home file says of how it reports."""
    lateness: Lateness = field(default_factory=Lateness)
    can_ask: bool = False
    """It answers when it is asked how it is."""
    is_online: bool | None = None
    is_offline_of_old: bool = False
    """That it is offline is only what the broker kept: it may have been said long ago."""
    due: Ms | None = None
    since: Ms = 0
    told_at: Ms | None = None
    told_last: Ms | None = None
    has_answered: bool = False
    has_answered_since: bool = False
    """Whether it has said anything since it was told something last."""
    has_been_called_silent: bool = False
    closing: bool = False
    waits_until: Ms | None = None
    """While its session is over: when it is looked at again whether it has said that it is given back."""
    verification: Verification | None = None
    """What has been done since its session is over to have it say that it is given back."""
    is_unanswered: bool = False
    """It had its time and has not said so; it may still."""
    waits_for_morning: bool = False
    untold: set[Attribute] = field(default_factory=set)
    """What a debt was opened for, since it was told anything, of which it had not said itself how it is."""
    nonsense: dict[str, OutOfRangeReport] = field(default_factory=dict)
    """By name, what it says that means nothing."""
    profile_told: ReportProfile = NOTHING_LEARNT
    """What is known elsewhere of how it reports."""

    def part(self, attribute: Attribute) -> Part | None:
        """The part that has an attribute; None where the device has no such part."""
        kind = _PART_OF[attribute]
        for part in self.parts:
            if isinstance(part, kind):
                return part
        return None

    def value(self, attribute: Attribute, now: Ms) -> Value | None:
        """What it is believed to show; a lamp's level as lightness. None where nobody knows, or it has no such part."""
        part = self.part(attribute)
        return part.value(attribute, now) if part is not None else None

    @property
    def busy_until(self) -> Ms:
        """When what it was told last is over."""
        motions = [ownership.motion for part in self.parts for ownership in part.ownerships.values()]
        return max([self.told_last or 0, *(motion.end for motion in motions if motion is not None)])

    @property
    def quiet_at(self) -> Ms:
        """When no echo of what it was told can be on its way any more."""
        told = [own for part in self.parts for own in part.ownerships.values() if own.is_commanded and not own.is_hand]
        return max((ownership.quiet_at for ownership in told), default=0)

    @property
    def doubts_at(self) -> Ms | None:
        """When to look whether it has followed; None where there is nothing to doubt."""
        return earliest(*[ownership.check_at for part in self.parts for ownership in part.ownerships.values()])

    @property
    def in_doubt_until(self) -> Ms | None:
        """While it is in doubt whether a person has anything of it."""
        moments = [ownership.doubts_until for part in self.parts for ownership in part.ownerships.values()]
        return max((moment for moment in moments if moment is not None), default=None)

    @property
    def lamp(self) -> StagedLight | None:
        for part in self.parts:
            if isinstance(part, StagedLight):
                return part
        return None

    def is_withheld(self, now: Ms) -> bool:
        """True where its light waits for the morning."""
        return self.lamp is not None and self.lamp.is_withheld(now)

    def is_its_own(self, topic: str) -> bool:
        """Whether a topic is the device's, and not its bridge's."""
        return self.abilities.bridge is None or not topic.startswith(f"{self.abilities.bridge}/bridge/")

    def was_told(self, now: Ms) -> None:
        """A command went out to it."""
        self.told_at = now if self.told_at is None else self.told_at
        self.told_last, self.has_answered_since = now, False
        self.untold.clear()

    def asked(self, now: Ms) -> None:
        """It was asked how it is."""
        for part in self.parts:
            for ownership in part.ownerships.values():
                ownership.asked(now)

    def answers(self) -> None:
        """It has said something of itself."""
        self.has_answered = self.has_answered_since = True

    def forget_closing(self) -> None:
        """It is to be told something again: what it said before shows nothing any more."""
        self.waits_until = self.verification = None
        self.is_unanswered = self.waits_for_morning = False

    def release(self) -> None:
        """No session wants anything of it any more."""
        self.closing = False
        self.due = self.told_at = self.told_last = None
        self.has_answered = self.has_been_called_silent = False
        self.forget_closing()
        if self.lamp is not None:
            self.lamp.must_not_rise = False
        for part in self.parts:
            part.wants.clear()
            for ownership in part.ownerships.values():
                ownership.release()
            if isinstance(part, StagedPlayer):
                part.release()

    def acquaint(self, profile: ReportProfile) -> None:
        """Take up how it reports, as it was learnt in a life before."""
        self.lateness.remember(profile.delays)
        for part in self.parts:
            for attribute, ownership in part.ownerships.items():
                ownership.accuracy.remember(profile.ratios.get(attribute, ()))
        self.profile_told = self._profile

    @property
    def _profile(self) -> ReportProfile:
        learnt = {
            attribute: ownership.accuracy.ratios
            for part in self.parts
            for attribute, ownership in part.ownerships.items()
            if ownership.accuracy.ratios
        }
        return ReportProfile(self.lateness.delays, learnt)

    def new_profile(self) -> ReportProfile | None:
        """How it reports, once after more was learnt of that; else None."""
        profile = self._profile
        if profile == self.profile_told:
            return None
        self.profile_told = profile
        return profile

    @property
    def is_anyones_hand(self) -> bool:
        """True while a person has anything of it."""
        return any(ownership.is_hand for part in self.parts for ownership in part.ownerships.values())

    @property
    def is_landing(self) -> bool:
        return any(want.landing for part in self.parts for want in part.wants.values())

    @property
    def wants_anything(self) -> bool:
        return any(part.wants for part in self.parts)

    @property
    def reports(self) -> bool:
        """True where silence after a command means that something is wrong."""
        declared = (self.abilities.light, self.abilities.player, self.abilities.switch)
        return any(ability.reports for ability in declared if ability is not None)

    @property
    def silent_at(self) -> Ms | None:
        if self.has_answered or self.has_been_called_silent or self.told_at is None or not self.reports:
            return None
        return self.told_at + SILENT_AFTER

    def understand(self, report: Report) -> None:
        """What is said rightly now is no nonsense any more."""
        match report:
            case PlayerReport(volume=volume) if volume is not None:
                self.nonsense.pop("volume", None)
            case LightReport(level, colour):
                for name in list(self.nonsense):
                    if (level if name == "brightness" else colour) is not None:
                        del self.nonsense[name]

    def doubt(self, attribute: Attribute) -> None:
        """It counts otherwise than we do: what it had said, while no session wanted anything of it, is not known."""
        part = self.part(attribute)
        if part is not None and not part.ownerships[attribute].is_commanded:
            part.ownerships[attribute].forget()

    def take_light_abilities(self, light: LightAbilities) -> None:
        """Its bridge has told what the lamp can. What a person wrote of how it reports holds all the same."""
        told = self.as_written(replace(self.abilities, light=light, budget=self.dialect.abilities.budget))
        self.abilities, light = told, told.light or light
        for part in self.parts:
            if isinstance(part, StagedLight):
                part.abilities = light

    def say_of_itself(self, abilities: Sequence[str]) -> None:
        """A speaker has told what it can."""
        told = frozenset(abilities)
        if self.abilities.voice is not None:
            named = {name: name in told for name in ("done", "hush", "ducks", "rate", "gap")}
            voice = replace(self.abilities.voice, **named, told=True)
            self.abilities = replace(self.abilities, voice=voice)
        for part in self.parts:
            if isinstance(part, StagedPlayer):
                part.abilities = replace(part.abilities, pause="pause" in told)

    def never_says_done(self) -> None:
        """Nobody is there to say so, as in a rehearsal: its words take what is planned."""
        if self.abilities.voice is not None:
            self.abilities = replace(self.abilities, voice=replace(self.abilities.voice, done=False))


def earliest(*moments: Ms | None) -> Ms | None:
    """The first of those that there are. It is asked for with each message: no list is made for it."""
    first = None
    for moment in moments:
        if moment is not None and (first is None or moment < first):
            first = moment
    return first


def staged(device: DeviceLike) -> StagedDevice:
    """A device as the stage has it, with a part for each of its abilities."""
    abilities = device.abilities
    declared = (abilities.light, abilities.player, abilities.switch)
    lateness = Lateness(max((ability.settle for ability in declared if ability is not None), default=0))
    parts: list[Part] = []
    if abilities.light is not None:
        parts.append(StagedLight(abilities.light, lateness))
    if abilities.player is not None:
        parts.append(StagedPlayer(abilities.player, lateness))
    if abilities.switch is not None:
        parts.append(StagedSwitch(abilities.switch, lateness))
    can_ask = bool(device.dialect.query())
    return StagedDevice(device.name, device.dialect, abilities, tuple(parts), device.as_written, lateness, can_ask)
