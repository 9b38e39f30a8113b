"""The commands that anybody may publish on `<base>/rooms/<room>/command`, as models.

Wrong types are refused, never bent into right ones. Lengths and percentages are written as in scene files.
"""

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema, create_model

from orchestrator.commands import Argument, ArgumentKind, CommandSpec, MqttDoor, through
from orchestrator.conductor.request import Mode
from orchestrator.documents.notation import DEVICE_NAME, DeviceName, Duration, Language, Name, PercentText

LONGEST_TEXT = 200
MOST_PARAMETERS = 64


def parameter_value(value: object) -> bool | float | str:
    """What a parameter can be given. Raises ValueError."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("expected a finite number")
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise ValueError(f"this is longer than {LONGEST_TEXT} letters")
    if isinstance(value, bool | int | float | str):
        return value
    raise ValueError('expected a word, a number, true or false, or a length such as "10min"')


RequestId: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=64)]
SceneReference: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
"""A scene by its name or its title."""
StepName: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
TriggerName: TypeAlias = Annotated[str, StringConstraints(pattern=DEVICE_NAME, max_length=32)]
ParameterValue: TypeAlias = Annotated[
    bool | float | str,
    PlainValidator(parameter_value),
    WithJsonSchema({"type": ["string", "number", "boolean"], "maxLength": LONGEST_TEXT}),
]
AnswerLanguage: TypeAlias = Annotated[Language, StringConstraints(max_length=35)]
PLAIN_WORDS = tuple(spec.word for spec, _ in through(MqttDoor) if spec.argument is None)
"""The commands that need no more words."""
if TYPE_CHECKING:
    PlainWord: TypeAlias = str
else:
    PlainWord = Literal[PLAIN_WORDS]
_TYPES: dict[ArgumentKind, Any] = {
    ArgumentKind.DURATION: Duration,
    ArgumentKind.PERCENT: PercentText,
    ArgumentKind.STEP: StepName,
    ArgumentKind.DEVICE: DeviceName,
}


class CommandModel(BaseModel):
    """What every command takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    request_id: RequestId | None = Field(
        default=None, description="Comes back in the reply; the same one again is answered without acting twice."
    )


class RoomCommandModel(CommandModel):
    """What every command of a room takes."""

    answer: AnswerLanguage | None = Field(
        default=None, description="The reply also has an `answer` in this language: a sentence to be said or shown."
    )


class GuardedCommand(RoomCommandModel):
    """A command that may say which step it is meant for."""

    step: StepName | None = Field(default=None, description="Refused as `moved_on` when another step is on.")


class StartCommand(RoomCommandModel):
    """Begin a scene in this room: the one that is named, else the one that was chosen for it."""

    command: Literal["start"]
    scene: SceneReference | None = None
    parameters: dict[Name, ParameterValue] = Field(default={}, max_length=MOST_PARAMETERS)
    language: AnswerLanguage | None = None
    mode: Annotated[Mode, Field(strict=False)] | None = Field(
        default=None, description="What to do where a session is on; by default what the home file says."
    )
    trigger: TriggerName = Field(default="mqtt", description="What started it, for the record.")
    rate: float = Field(default=1.0, ge=0.1, le=1000, allow_inf_nan=False, description="How fast time goes.")


class ChooseCommand(RoomCommandModel):
    """Choose what the room starts next: a scene, parameters, or both. Another scene begins with its defaults."""

    scene: SceneReference | None = None
    parameters: dict[Name, ParameterValue] = Field(default={}, max_length=MOST_PARAMETERS)


class Question(StrEnum):
    """What somebody may ask of a room; it changes nothing."""

    WHAT_NOW = "what_now"
    HOW_LONG = "how_long"


class QuestionCommand(RoomCommandModel):
    """Which step is on and what there is to do; how long it still takes. The reply has an `answer` in any case."""

    command: Annotated[Question, Field(strict=False)]


class PlainCommand(GuardedCommand):
    """A command that needs no more words."""

    command: PlainWord


def _model(spec: CommandSpec, argument: Argument) -> type[CommandModel]:
    """A command with something behind its word. One that takes a step cannot be meant for another step as well."""
    key = Field(
        default=... if argument.default is None else argument.default,
        validate_default=True,
        description=argument.about,
        examples=list(argument.examples) or None,
    )
    fields: dict[str, Any] = {"command": (Literal[spec.word], ...), argument.key: (_TYPES[argument.kind], key)}
    name = f"{spec.word.title().replace('_', '')}Command"
    base = RoomCommandModel if argument.key == "step" else GuardedCommand
    return create_model(name, __base__=base, __doc__=spec.about, __module__=__name__, **fields)


MODELS: dict[str, type[CommandModel]] = {
    **dict.fromkeys(PLAIN_WORDS, PlainCommand),
    **dict.fromkeys(Question, QuestionCommand),
    "start": StartCommand,
    **{spec.word: _model(spec, spec.argument) for spec, _ in through(MqttDoor) if spec.argument is not None},
}
"""The model of each command."""

ARGUMENTS = {"start": "scene"} | {spec.word: spec.argument.key for spec, _ in through(MqttDoor) if spec.argument}
"""The key of what may stand behind the word of a command: `extend 5min`."""
