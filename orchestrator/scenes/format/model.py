"""The scene file, format 1, as models: every key that may be written, and nothing else.

Where a value may be computed from parameters it is kept as the text of its template; the planner renders it. Texts are
a string, or a map from language to string. Lengths are written `90s`, `10min`, `1h30m`, `"1:30"`, shares `50%`.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    PrivateAttr,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from orchestrator.documents.alternatives import MapOr, OneOrMore, alternative, by_key, list_or_plain, only
from orchestrator.documents.notation import (
    BrightnessText,
    ColourText,
    Duration,
    Expression,
    FadeTime,
    Flag,
    Identifier,
    KelvinText,
    Language,
    Length,
    Name,
    Number,
    Offset,
    Pace,
    PercentText,
    SignedDuration,
    Text,
    Times,
    Whole,
)
from orchestrator.fade import Curve
from orchestrator.scenes.planning.timeline import Hands, Posture
from orchestrator.units import Percent


class SceneStrict(BaseModel):
    """A model that takes no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


SpokenName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^\W_]+(?:[ '-][^\W_]+)*$", max_length=64)]
"""What people say for something: words, without punctuation, which recognisers of speech would take for grammar."""
MusicNames: TypeAlias = OneOrMore[str]
"""A name, or a list of names."""
LightCurve: TypeAlias = Literal[Curve.LINEAR, Curve.PERCEPTUAL, Curve.EASE]
Switching: TypeAlias = dict[Name, Literal["on", "off"]]


# Parameters


class ChoiceParameter(SceneStrict):
    """One of several words."""

    choice: list[str] = Field(min_length=1)
    default: str
    title: Text | None = None


class FlagParameter(SceneStrict):
    """Yes or no; the value is the default."""

    flag: Flag
    title: Text | None = None


class DurationParameter(SceneStrict):
    """A length; the value is the default."""

    duration: Duration
    min: Duration
    max: Duration
    title: Text | None = None


class NumberParameter(SceneStrict):
    """A number; the value is the default."""

    number: Number
    min: Number
    max: Number
    title: Text | None = None


class WholeParameter(SceneStrict):
    """A whole number; the value is the default."""

    whole: Whole
    min: Whole
    max: Whole
    title: Text | None = None


Parameter: TypeAlias = Annotated[
    Annotated[ChoiceParameter, Tag(alternative("choice"))]
    | Annotated[FlagParameter, Tag(alternative("flag"))]
    | Annotated[DurationParameter, Tag(alternative("duration"))]
    | Annotated[NumberParameter, Tag(alternative("number"))]
    | Annotated[WholeParameter, Tag(alternative("whole"))],
    Discriminator(
        by_key("choice", "flag", "duration", "number", "whole"),
        custom_error_type="alternatives",
        custom_error_message="expected one of `choice`, `flag`, `duration`, `number` and `whole`",
    ),
]


# Cautions


def chosen(value: object) -> str | bool:
    """A value of a choice or a flag. Raises ValueError."""
    if isinstance(value, str | bool):
        return value
    raise ValueError("expected a value that can be chosen, such as `both`, `true` or `false`")


Chosen: TypeAlias = Annotated[
    str | bool, PlainValidator(chosen), WithJsonSchema({"type": ["string", "boolean"], "examples": ["both"]})
]
NotThisScene: TypeAlias = Annotated[
    Literal["scene"],
    only("scene", "expected what cannot be chosen then, such as {feet: both}, or `scene`: nothing of it"),
    WithJsonSchema({"const": "scene"}),
]


class CautionModel(SceneStrict):
    """A caution for some choices only, or one that says what whoever it applies to cannot choose."""

    when: Expression | None = None
    text: Text
    without: MapOr[dict[Name, OneOrMore[Chosen]], NotThisScene] | None = None


def _caution(value: Any) -> str:
    is_map = isinstance(value, dict) and not value.keys().isdisjoint(CautionModel.model_fields)
    return alternative("caution" if is_map or isinstance(value, CautionModel) else "text")


CautionOrText: TypeAlias = Annotated[
    Annotated[Text, Tag(alternative("text"))] | Annotated[CautionModel, Tag(alternative("caution"))],
    Discriminator(_caution),
]


# Roles and looks


class RoleModel(SceneStrict):
    """A part that the home casts."""

    kind: Literal["light", "player", "voice", "switch"]
    optional: Flag = False
    title: Text | None = None


class LightLook(SceneStrict):
    """One lamp in a look. Brightness is perceived lightness; 0 % is refused (write `off`)."""

    brightness: BrightnessText | None = None
    temperature: KelvinText | None = None
    color: ColourText | None = None


LookOff: TypeAlias = Annotated[
    Literal["off"],
    only("off", "expected `off`, or a map such as {brightness: 45%, temperature: 2700K}"),
    WithJsonSchema({"const": "off"}),
]
LookModel: TypeAlias = dict[Name, MapOr[LightLook, LookOff]]


# Cues


StopMusicModel: TypeAlias = Annotated[
    Literal[True], only(True, "expected `true`; leave `stop` out to let it play"), WithJsonSchema({"const": True})
]


class MusicModel(SceneStrict):
    """Music. `play` is a name or several, best first, each perhaps a template; `volume` is of the comfortable level."""

    play: MusicNames | None = None
    volume: PercentText | None = None
    fade: FadeTime | None = None
    stop: StopMusicModel | None = None


class SayPart(SceneStrict):
    """A text that is said only when `when` holds."""

    when: Expression | None = None
    say: Text


class PausePart(SceneStrict):
    """A silence between texts."""

    pause: Duration


def say_part(value: Any) -> str:
    """Chooses what an item of a `say` is meant to be, by its keys."""
    if isinstance(value, PausePart) or (isinstance(value, dict) and "pause" in value):
        return alternative("pause")
    is_say = isinstance(value, SayPart) or (isinstance(value, dict) and not value.keys().isdisjoint({"when", "say"}))
    return alternative("say" if is_say else "text")


_Saying: TypeAlias = Annotated[
    Annotated[Text, Tag(alternative("text"))]
    | Annotated[SayPart, Tag(alternative("say"))]
    | Annotated[PausePart, Tag(alternative("pause"))],
    Discriminator(say_part),
]
SayModel: TypeAlias = Annotated[
    Annotated[Text, Tag(alternative("plain"))]
    | Annotated[list[_Saying], Field(min_length=1), Tag(alternative("list"))],
    Discriminator(list_or_plain),
]
"""A text, a list of them, or `cautions`, which speaks the scene's cautions."""


class CueModel(SceneStrict):
    """Something at a moment of a step; `at` counts from the end of the words, below zero from the end of the step."""

    at: Offset
    when: Expression | None = None
    look: MusicNames | None = None
    fade: FadeTime | None = None
    curve: LightCurve | None = None
    music: MusicModel | None = None
    switch: Switching | None = None
    say: SayModel | None = None
    chime: str | None = None


class RemindModel(SceneStrict):
    """Words in a wait. `at` counts from its beginning, below zero from its limit."""

    at: SignedDuration
    say: SayModel


class WaitModel(SceneStrict):
    """The step lasts until the person says next, or at most so long. `usually`: what a plan reckons with."""

    at_most: Length = 120_000
    usually: Length | None = None
    remind: RemindModel | None = None
    before_end: RemindModel | None = None


WaitOrTrue: TypeAlias = MapOr[
    WaitModel,
    Annotated[
        Literal[True],
        only(True, "expected `true`, or a map such as {at_most: 4min}"),
        WithJsonSchema({"const": True}),
    ],
]


class CountPart(SceneStrict):
    """One beat of a round; `first` and `last` are said instead of `say` in the first and the last round."""

    lasts: Length
    swell: Literal["up", "down"] | None = None
    say: Text | None = None
    first: Text | None = None
    last: Text | None = None


class CountModel(SceneStrict):
    """Counted repetitions: `times`, or as many as fit in `lasts`; each is `parts`, or one beat `every` so long."""

    times: Times | None = None
    lasts: Length | None = None
    spoken: Annotated[Whole, Field(ge=0)] | None = None
    parts: list[CountPart] | None = None
    every: Length | None = None
    say: Text | None = None
    swell: dict[Name, PercentText] | None = None


class ShareModel(SceneStrict):
    """A share of what is left of the scene's `length`, but at least `min`."""

    share: Number = Field(gt=0)
    min: Duration | None = None


# Steps


class PostureModel(SceneStrict):
    """A posture that is held, with its side: `left`, `right`, or a template that gives one of them.

    Held only where `when` holds: whoever gives the massage to somebody else sits otherwise.
    """

    hold: Posture
    side: str | None = None
    when: Expression | None = None


class StepModel(SceneStrict):
    """What the person does next."""

    step: Identifier
    title: Text | None = None
    when: Expression | None = None
    look: MusicNames | None = None
    fade: FadeTime | None = None
    curve: LightCurve | None = None
    music: MusicModel | None = None
    switch: Switching | None = None
    say: SayModel | None = None
    chime: str | None = None
    lasts: MapOr[ShareModel, Length] | None = None
    hands: Hands | None = None
    walking: Flag = False
    hands_on: Flag = False
    posture: MapOr[PostureModel, Posture] | None = None
    cues: list[CueModel] = []
    wait: WaitOrTrue | None = None
    count: CountModel | None = None


class PartModel(SceneStrict):
    """A group of steps."""

    part: Identifier
    title: Text | None = None
    when: Expression | None = None
    skip: Flag = False
    hands_on: Flag = False
    steps: list["Block"] = Field(min_length=1)


class LoopModel(SceneStrict):
    """Steps that are repeated for each value of a list."""

    loop: Annotated[Name, Field(alias="for")]
    values: Annotated[Expression, Field(alias="in")]
    when: Expression | None = None
    hands_on: Flag = False
    steps: list["Block"] = Field(min_length=1)


Block: TypeAlias = Annotated[
    Annotated[StepModel, Tag(alternative("step"))]
    | Annotated[PartModel, Tag(alternative("part"))]
    | Annotated[LoopModel, Tag(alternative("for"))],
    Discriminator(
        by_key("step", "part", "for"),
        custom_error_type="alternatives",
        custom_error_message="expected a step: a map with `step`, `part` or `for`",
    ),
]

PartModel.model_rebuild()
LoopModel.model_rebuild()


# Ways out, the voice, examples


class LandingModel(SceneStrict):
    """How a session ends: words first, then the look. `restore` gives each lamp back as it was."""

    look: MusicNames | None = "restore"
    at_most: PercentText | None = None
    fade: Length | None = None
    curve: LightCurve | None = None
    music: MusicModel | None = None
    switch: Switching | None = None
    say: SayModel | None = None
    chime: str | None = None


SpeechRate: TypeAlias = Annotated[Number, Field(ge=60, le=220)]


class PercentRange(SceneStrict):
    from_: Annotated[PercentText, Field(alias="from")]
    to: PercentText


class RateRange(SceneStrict):
    """Words a minute."""

    from_: Annotated[SpeechRate, Field(alias="from")]
    to: SpeechRate


class GapRange(SceneStrict):
    from_: Annotated[Duration, Field(alias="from")]
    to: Duration


class VoiceModel(SceneStrict):
    """How the voice changes through the session; a single value stands all the way."""

    volume: MapOr[PercentRange, PercentText] = Percent(100.0)
    rate: MapOr[RateRange, SpeechRate] = 110.0
    gap: MapOr[GapRange, Duration] = 2000


class LengthRange(SceneStrict):
    min: Duration | None = None
    max: Duration | None = None


class ExampleModel(SceneStrict):
    """What a scene says of itself: set so, it lasts so long (usual waits included), with and without these steps."""

    set: dict[str, Any] = {}
    lasts: LengthRange | None = None
    with_: Annotated[list[str], Field(alias="with")] = []
    without: list[str] = []
    ends: Literal["restore", "dark"] | None = None


Evening: TypeAlias = Annotated[
    Literal["evening"],
    only("evening", "expected `evening`; leave `time` out for a scene of any time"),
    WithJsonSchema({"const": "evening"}),
]


class SceneModel(SceneStrict):
    """A scene: a portable guided session, written for roles."""

    scene: Identifier
    format: Literal[1]
    languages: list[Language] = Field(default=["en"], min_length=1)
    title: Text
    aliases: dict[Language, list[SpokenName]] = {}
    summary: Text | None = None
    cautions: list[CautionOrText] = []
    time: Evening | None = None
    parameters: dict[Name, Parameter] = {}
    roles: dict[Name, RoleModel] = Field(min_length=1)
    looks: dict[Name, LookModel] = {}
    phrases: dict[Name, dict[str, Text]] = {}
    pace: Pace = 1.0
    length: Length | None = None
    voice: VoiceModel = VoiceModel()
    steps: list[Block] = Field(min_length=1)
    finish: LandingModel = LandingModel()
    stopped: LandingModel | None = None
    lost: LandingModel | None = None
    examples: list[ExampleModel] = []
    _translations: Mapping[str, "SceneModel"] = PrivateAttr(default_factory=dict)
    _alone: "SceneModel | None" = PrivateAttr(default=None)

    @property
    def translations(self) -> Mapping[str, "SceneModel"]:
        """The whole scene in each language that a file beside it adds."""
        return self._translations

    def in_language(self, language: str) -> "SceneModel":
        """The scene that has its words in this language: a translation, where there is one, else itself."""
        return self._translations.get(language, self)

    def without_translations(self) -> "SceneModel":
        """As its own file has it."""
        return self._alone or self

    def with_translations(self, translations: Mapping[str, "SceneModel"]) -> "SceneModel":
        """The same, speaking these languages as well; what is shown without being planned has them all."""
        made = self.model_copy(update={"languages": [*self.languages, *translations], **_shown(self, translations)})
        made._translations, made._alone = dict(translations), self  # noqa: SLF001 it is one of us
        return made


def _shown(scene: SceneModel, translations: Mapping[str, SceneModel]) -> dict[str, Any]:
    """Title, summary, cautions and titles of parameters and roles, in all languages."""

    def text(own: Text | None, others: Mapping[str, Text | None]) -> Text | None:
        if own is None:
            return None
        known = own if isinstance(own, dict) else dict.fromkeys(scene.languages, own)
        return {**known, **{name: said for name, said in others.items() if isinstance(said, str)}}

    def caution(index: int, own: Text | CautionModel) -> Text | CautionModel | None:
        others = {name: each.cautions[index] for name, each in translations.items()}
        if not isinstance(own, CautionModel):
            return text(own, {name: each for name, each in others.items() if isinstance(each, str)})
        said = {name: each.text for name, each in others.items() if isinstance(each, CautionModel)}
        return own.model_copy(update={"text": text(own.text, said)})

    def titled(table: str) -> dict[str, Any]:
        return {
            name: each.model_copy(
                update={
                    "title": text(
                        each.title, {tongue: getattr(of, table)[name].title for tongue, of in translations.items()}
                    )
                }
            )
            for name, each in getattr(scene, table).items()
        }

    return {
        "title": text(scene.title, {name: each.title for name, each in translations.items()}),
        "summary": text(scene.summary, {name: each.summary for name, each in translations.items()}),
        "cautions": [caution(index, each) for index, each in enumerate(scene.cautions)],
        "parameters": titled("parameters"),
        "roles": titled("roles"),
    }
