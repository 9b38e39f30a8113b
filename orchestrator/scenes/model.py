"""The scene file, format 1, as models: every key that may be written, and nothing else.

Where a value may be computed from parameters it is kept as the text of its template; the planner renders it. Texts are
a string, or a map from language to string. Lengths are written `90s`, `10min`, `1h30m`, `"1:30"`, shares `50%`.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from orchestrator.fade import Curve
from orchestrator.scenes.notation import (
    ColourText,
    Duration,
    Expression,
    Identifier,
    KelvinText,
    Language,
    Name,
    Offset,
    PercentText,
    SignedDuration,
    Template,
    Text,
)
from orchestrator.scenes.timeline import Hands
from orchestrator.values import Percent


class Strict(BaseModel):
    """A model that takes no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


# Parameters


class ChoiceParameter(Strict):
    """One of several words."""

    choice: list[str] = Field(min_length=1)
    default: str
    title: Text | None = None


class FlagParameter(Strict):
    """Yes or no; the value is the default."""

    flag: bool
    title: Text | None = None


class DurationParameter(Strict):
    """A length; the value is the default."""

    duration: Duration
    min: Duration
    max: Duration
    title: Text | None = None


class NumberParameter(Strict):
    """A number; the value is the default."""

    number: float
    min: float
    max: float
    title: Text | None = None


class WholeParameter(Strict):
    """A whole number; the value is the default."""

    whole: int
    min: int
    max: int
    title: Text | None = None


Parameter: TypeAlias = ChoiceParameter | FlagParameter | DurationParameter | NumberParameter | WholeParameter


# Roles and looks


class RoleModel(Strict):
    """A part that the home casts."""

    kind: Literal["light", "player", "voice", "switch"]
    optional: bool = False
    title: Text | None = None


class LightLook(Strict):
    """One lamp in a look. Brightness is perceived lightness; 0 % is refused (write `off`)."""

    brightness: PercentText | None = None
    temperature: KelvinText | None = None
    color: ColourText | None = None


LookModel: TypeAlias = dict[Name, LightLook | Literal["off"]]


# Cues


class MusicModel(Strict):
    """Music. `play` is a name or several, best first; `volume` is of the room's comfortable level."""

    play: str | list[str] | None = None
    volume: PercentText | None = None
    fade: Offset | None = None
    stop: Literal[True] | None = None


class SayPart(Strict):
    """A text that is said only when `when` holds."""

    when: Expression | None = None
    say: Text


class PausePart(Strict):
    """A silence between texts."""

    pause: Duration


SayModel: TypeAlias = Text | list[Text | SayPart | PausePart]
"""A text, a list of them, or `cautions`, which speaks the scene's cautions."""


class CueModel(Strict):
    """Something at a moment of a step; `at` counts from the end of the words, below zero from the end of the step."""

    at: Offset
    when: Expression | None = None
    look: str | list[str] | None = None
    fade: Offset | None = None
    curve: Curve | None = None
    music: MusicModel | None = None
    switch: dict[Name, Literal["on", "off"]] | None = None
    say: SayModel | None = None
    chime: str | None = None


class RemindModel(Strict):
    """Words in a wait. `at` counts from its beginning, below zero from its limit."""

    at: SignedDuration
    say: SayModel


class WaitModel(Strict):
    """The step lasts until the person says next, or at most so long. `usually`: what a plan reckons with."""

    at_most: Duration | Template = 120_000
    usually: Duration | Template | None = None
    remind: RemindModel | None = None
    before_end: RemindModel | None = None


class CountPart(Strict):
    """One beat of a round; `first` and `last` are said instead of `say` in the first and the last round."""

    lasts: Duration | Template
    swell: Literal["up", "down"] | None = None
    say: Text | None = None
    first: Text | None = None
    last: Text | None = None


class CountModel(Strict):
    """Counted repetitions: `times`, or as many as fit in `lasts`; each is `parts`, or one beat `every` so long."""

    times: int | Template | None = None
    lasts: Duration | Template | None = None
    spoken: int | None = Field(default=None, ge=0)
    parts: list[CountPart] | None = None
    every: Duration | Template | None = None
    say: Text | None = None
    swell: dict[Name, PercentText] | None = None


class ShareModel(Strict):
    """A share of what is left of the scene's `length`, but at least `min`."""

    share: float = Field(gt=0)
    min: Duration | None = None


# Steps


class StepModel(Strict):
    """What the person does next."""

    step: Identifier
    title: Text | None = None
    when: Expression | None = None
    look: str | list[str] | None = None
    fade: Offset | None = None
    curve: Curve | None = None
    music: MusicModel | None = None
    switch: dict[Name, Literal["on", "off"]] | None = None
    say: SayModel | None = None
    chime: str | None = None
    lasts: Duration | Template | ShareModel | None = None
    hands: Hands | None = None
    cues: list[CueModel] = []
    wait: WaitModel | Literal[True] | None = None
    count: CountModel | None = None


class PartModel(Strict):
    """A group of steps."""

    part: Identifier
    title: Text | None = None
    when: Expression | None = None
    skip: bool = False
    steps: list["Block"] = Field(min_length=1)


class LoopModel(Strict):
    """Steps that are repeated for each value of a list."""

    loop: Annotated[Name, Field(alias="for")]
    values: Annotated[Expression, Field(alias="in")]
    when: Expression | None = None
    steps: list["Block"] = Field(min_length=1)


Block: TypeAlias = StepModel | PartModel | LoopModel


# Ways out, the voice, examples


class LandingModel(Strict):
    """How a session ends: words first, then the look. `restore` gives each lamp back as it was."""

    look: str | list[str] | None = "restore"
    at_most: PercentText | None = None
    fade: Duration | Template | None = None
    curve: Curve | None = None
    music: MusicModel | None = None
    switch: dict[Name, Literal["on", "off"]] | None = None
    say: SayModel | None = None
    chime: str | None = None


class PercentRange(Strict):
    from_: Annotated[PercentText, Field(alias="from")]
    to: PercentText


class RateRange(Strict):
    """Words a minute."""

    from_: Annotated[float, Field(alias="from", ge=60, le=220)]
    to: Annotated[float, Field(ge=60, le=220)]


class GapRange(Strict):
    from_: Annotated[Duration, Field(alias="from")]
    to: Duration


class VoiceModel(Strict):
    """How the voice changes through the session; a single value stands all the way."""

    volume: PercentRange | PercentText = Percent(100.0)
    rate: RateRange | Annotated[float, Field(ge=60, le=220)] = 110.0
    gap: GapRange | Duration = 2000


class LengthRange(Strict):
    min: Duration | None = None
    max: Duration | None = None


class ExampleModel(Strict):
    """What a scene says of itself: set so, it lasts so long (usual waits included), with these steps and without those."""

    set: dict[str, Any] = {}
    lasts: LengthRange | None = None
    with_: Annotated[list[str], Field(alias="with")] = []
    without: list[str] = []
    ends: Literal["restore", "dark"] | None = None


class SceneModel(Strict):
    """A scene: a portable guided session, written for roles."""

    scene: Identifier
    format: Literal[1]
    languages: list[Language] = ["en"]
    title: Text
    summary: Text | None = None
    cautions: list[Text] = []
    parameters: dict[Name, Parameter] = {}
    roles: dict[Name, RoleModel] = Field(min_length=1)
    looks: dict[Name, LookModel] = {}
    phrases: dict[Name, dict[str, Text]] = {}
    pace: float | Template = 1.0
    length: Duration | Template | None = None
    voice: VoiceModel = VoiceModel()
    steps: list[Block] = Field(min_length=1)
    finish: LandingModel = LandingModel()
    stopped: LandingModel | None = None
    lost: LandingModel | None = None
    examples: list[ExampleModel] = []
