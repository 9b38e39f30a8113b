"""What a home file may say of a Tasmota device, and what that makes of its abilities."""

import re
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from orchestrator.devices.abilities import (
    Abilities,
    ColourMode,
    DeviceCurve,
    FadeBy,
    Kind,
    LightAbilities,
    SwitchAbilities,
)
from orchestrator.devices.dialects.tasmota.announced import (
    CHANNELS_APART,
    FIXED_FADE,
    LIGHT,
    NOT_POWER_LINKED,
    RELAY,
    SHORT_WHITES,
    TasmotaAnnouncement,
)
from orchestrator.devices.entry_remark import EntryRemark
from orchestrator.devices.settings import LampSettings, Topic
from orchestrator.units import SECOND, Ms

FULL_LEVEL = 100
LONGEST_FADE: Ms = 20 * SECOND
WHITES, SHORTER_WHITES = (153.0, 500.0), (200.0, 380.0)
"""Mired. The second with `SetOption82 1`."""
Words = Annotated[str, Field(min_length=1, pattern=r"^[^+#/]+$")]


class TasmotaSettings(LampSettings):
    """`topic` as the device has it (`%topic%`), in its `full_topic`; the rest where it does not announce itself."""

    speaks: ClassVar[frozenset[Kind]] = frozenset({Kind.LIGHT, Kind.SWITCH, Kind.BUTTON})

    dialect: Literal["tasmota"]
    topic: Topic
    full_topic: str = "%prefix%/%topic%/"
    prefixes: tuple[Words, Words, Words] = ("cmnd", "stat", "tele")
    output: int | None = Field(default=None, ge=1, le=32)
    dimmer: str | None = Field(default=None, pattern=r"^(none|Dimmer[123]?|Channel([1-9]|[12]\d|3[0-2]))$")
    set_options: frozenset[Annotated[int, Field(ge=0, le=255)]] | None = None

    @field_validator("full_topic")
    @classmethod
    def _complete(cls, form: str) -> str:
        names = re.findall(r"%(\w+)%", form)
        if sorted(names) != ["prefix", "topic"]:
            raise ValueError(
                f"{form!r} needs %prefix% and %topic%, each once, such as %topic%/%prefix%/; "
                "write out what %hostname% and %id% stand for"
            )
        if any(sign in form for sign in "+#\0") or form.startswith("/"):
            raise ValueError(f"{form!r} is no topic: + and # stand for many, and a slash in front is one level more")
        return form

    @field_validator("dimmer", mode="before")
    @classmethod
    def _commanded(cls, dimmer: object) -> object:
        if isinstance(dimmer, str) and dimmer != "none":
            return dimmer[:1].upper() + dimmer[1:].lower()
        return dimmer

    def remarks(self) -> list[EntryRemark]:
        if self.fade is FadeBy.NATIVE and self.set_options is not None and FIXED_FADE not in self.set_options:
            says = "without SetOption117 the device fades in a part of the time; set it to 1 there, and name it here"
            return [*super().remarks(), EntryRemark("fade", says)]
        return super().remarks()

    def base(self, prefix: int) -> str:
        """What a word is added to: 0 for commands, 1 for answers (`stat`), 2 for what it says by itself (`tele`)."""
        return (
            self.full_topic.replace("%prefix%", self.prefixes[prefix]).replace("%topic%", self.topic).rstrip("/") + "/"
        )

    def options(self, said: TasmotaAnnouncement | None) -> frozenset[int]:
        """Those of its SetOptions that are on."""
        if self.set_options is not None:
            return self.set_options
        return said.options if said is not None else frozenset()

    def number(self, said: TasmotaAnnouncement | None) -> int:
        """Which of its outputs it is."""
        kind = LIGHT if Kind.LIGHT in self.kinds else RELAY
        return self.output or (said.first(kind) if said is not None else None) or 1

    def dims_by(self, said: TasmotaAnnouncement | None) -> str | None:
        """The command that dims it; None where it is only on or off."""
        if self.dimmer is not None:
            return None if self.dimmer == "none" else self.dimmer
        if self.set_options is not None and CHANNELS_APART in self.set_options:
            return f"Channel{self.number(said)}"
        return said.dimmer(self.number(said)) if said is not None else "Dimmer"

    def abilities(
        self, said: TasmotaAnnouncement | None = None, curve: DeviceCurve = DeviceCurve.PERCEPTUAL
    ) -> Abilities:
        """As the home file has it, within what the device says of itself."""
        return Abilities(
            light=self._light(said, curve) if Kind.LIGHT in self.kinds else None,
            switch=SwitchAbilities() if Kind.SWITCH in self.kinds else None,
        )

    def _light(self, said: TasmotaAnnouncement | None, curve: DeviceCurve) -> LightAbilities:
        options, dimmer = self.options(said), self.dims_by(said)
        coolest, warmest = SHORTER_WHITES if SHORT_WHITES in options else WHITES
        fades = FIXED_FADE in options and dimmer is not None and not (said is not None and said.jumps)
        takes_while_off = NOT_POWER_LINKED in options and dimmer is not None
        light = LightAbilities(
            fade=FadeBy.NATIVE if fades else FadeBy.STEPPED if dimmer is not None else FadeBy.NONE,
            longest_fade=LONGEST_FADE,
            off_fade=fades,
            colour_with_off=True,
            colour_while_off=takes_while_off,
            level_while_off=takes_while_off,
            dimmable=dimmer is not None,
            coolest=coolest,
            warmest=warmest,
            steps=FULL_LEVEL if dimmer is not None else 1,
            curve=curve,
        )
        light = self.tuned(self.coloured(light))
        has = ColourMode.NONE if dimmer is None else light.colours
        if said is not None and dimmer is not None:
            has &= said.colours(dimmer)
        return replace(light, colours=has)
