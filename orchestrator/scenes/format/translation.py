"""A scene in one more language, from a file of its own: `scenes/<scene>.<language>.yaml`, format 1.

It has the scene's words and nothing else, keyed by the ids of steps. What a step says it replaces whole: with its own
sentences, pauses and `when`. What the scene does, and how long it takes, stays the scene's.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from orchestrator.documents.alternatives import alternative, list_or_plain
from orchestrator.documents.notation import Identifier, Language, Name
from orchestrator.scenes.format.model import PausePart, SayPart, SceneStrict, say_part


class TranslationStrict(SceneStrict):
    """A model that is built when a translation is first held against it: most scenes are played without one."""

    model_config = ConfigDict(defer_build=True)


def _plain(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("expected a text; a translation is in one language, and a number needs quotes around it")
    if not value.strip():
        raise ValueError("this text is empty")
    return value


PlainText: TypeAlias = Annotated[str, PlainValidator(_plain), WithJsonSchema({"type": "string"})]


class TranslatedSayPart(SayPart):
    """A text that is said only when `when` holds."""

    model_config = ConfigDict(defer_build=True)

    say: PlainText


_Saying: TypeAlias = Annotated[
    Annotated[PlainText, Tag(alternative("text"))]
    | Annotated[TranslatedSayPart, Tag(alternative("say"))]
    | Annotated[PausePart, Tag(alternative("pause"))],
    Discriminator(say_part),
]
TranslatedSay: TypeAlias = Annotated[
    Annotated[PlainText, Tag(alternative("plain"))]
    | Annotated[list[_Saying], Field(min_length=1), Tag(alternative("list"))],
    Discriminator(list_or_plain),
]
"""A text, or a list of them with pauses and conditions of their own."""


class TranslatedBeatModel(TranslationStrict):
    """What a beat of a count says: in every round, in the first and in the last."""

    say: PlainText | None = None
    first: PlainText | None = None
    last: PlainText | None = None


class TranslatedCountModel(TranslationStrict):
    """What a count says: at each of its parts, or every so long."""

    say: PlainText | None = None
    parts: list[TranslatedBeatModel] | None = None


class TranslatedWaitModel(TranslationStrict):
    """What is said in a wait."""

    remind: TranslatedSay | None = None
    before_end: TranslatedSay | None = None


class TranslatedStepModel(TranslationStrict):
    """All words of a step. `cues`: those of its cues that say something, in their order."""

    title: PlainText | None = None
    say: TranslatedSay | None = None
    cues: list[TranslatedSay] | None = None
    wait: TranslatedWaitModel | None = None
    count: TranslatedCountModel | None = None


class TranslatedPartModel(TranslationStrict):
    title: PlainText | None = None


class TranslatedLandingModel(TranslationStrict):
    say: TranslatedSay | None = None


class TranslationModel(TranslationStrict):
    """The words of a scene in a language. `read_by`: whether a person whose language it is has read them."""

    scene: Identifier
    format: Literal[1]
    language: Language
    read_by: Literal["person", "model"]
    title: PlainText
    summary: PlainText | None = None
    cautions: list[PlainText] | None = None
    parameters: dict[Name, PlainText] | None = None
    roles: dict[Name, PlainText] | None = None
    phrases: dict[Name, dict[str, PlainText]] | None = None
    steps: dict[Identifier, TranslatedStepModel] = Field(min_length=1)
    parts: dict[Identifier, TranslatedPartModel] | None = None
    finish: TranslatedLandingModel | None = None
    stopped: TranslatedLandingModel | None = None
    lost: TranslatedLandingModel | None = None
