"""The commands that anybody may publish on `<base>/rooms/<room>/command`, as models.

Wrong types are refused, never bent into right ones. Lengths and percentages are written as in scene files.
"""

import math
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema

from orchestrator.conductor.request import Mode
from orchestrator.documents.notation import Duration, Identifier, Language, Name, PercentText
from orchestrator.home.model import DeviceName
from orchestrator.values import MINUTE

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
StepName: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
TriggerName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=32)]
ParameterValue: TypeAlias = Annotated[
    bool | float | str,
    PlainValidator(parameter_value),
    WithJsonSchema({"type": ["string", "number", "boolean"], "maxLength": LONGEST_TEXT}),
]
PlainWord: TypeAlias = Literal["pause", "resume", "toggle", "next", "back", "repeat", "skip", "stop", "abort"]
"""The commands that need no more words."""


class CommandModel(BaseModel):
    """What every command takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    request_id: RequestId | None = Field(
        default=None, description="Comes back in the reply; the same one again is answered without acting twice."
    )


class GuardedCommand(CommandModel):
    """A command that may say which step it is meant for."""

    step: StepName | None = Field(default=None, description="Refused as `moved_on` when another step is on.")


class StartCommand(CommandModel):
    """Begin a scene in this room: the one that is named, else the one that was chosen for it."""

    command: Literal["start"]
    scene: Identifier | None = None
    parameters: dict[Name, ParameterValue] = Field(default={}, max_length=MOST_PARAMETERS)
    language: Annotated[Language, StringConstraints(max_length=35)] | None = None
    mode: Annotated[Mode, Field(strict=False)] | None = Field(
        default=None, description="What to do where a session is on; by default what the home file says."
    )
    trigger: TriggerName = Field(default="mqtt", description="What started it, for the record.")
    rate: float = Field(default=1.0, ge=0.1, le=1000, allow_inf_nan=False, description="How fast time goes.")


class ChooseCommand(CommandModel):
    """Choose what the room starts next: a scene, parameters, or both. Another scene begins with its defaults."""

    scene: Identifier | None = None
    parameters: dict[Name, ParameterValue] = Field(default={}, max_length=MOST_PARAMETERS)


class PlainCommand(GuardedCommand):
    """A command that needs no more words."""

    command: PlainWord


class ExtendCommand(GuardedCommand):
    """More time for the step that is on."""

    command: Literal["extend"]
    by: Duration = Field(default=2 * MINUTE, json_schema_extra={"default": "2min"})


class GotoCommand(CommandModel):
    """To a step, by its id or the part of it before `:` or `#`."""

    command: Literal["goto"]
    step: StepName


class VolumeCommand(GuardedCommand):
    """The music's level for the rest of the session, in percent of the room's comfortable level."""

    command: Literal["volume"]
    level: PercentText


class GiveBackCommand(GuardedCommand):
    """Hand a device that a person took by hand to the session again."""

    command: Literal["give_back"]
    device: DeviceName


AnyCommand: TypeAlias = StartCommand | PlainCommand | ExtendCommand | GotoCommand | VolumeCommand | GiveBackCommand

MODELS: dict[str, type[AnyCommand]] = {
    **dict.fromkeys(get_args(PlainWord), PlainCommand),
    "start": StartCommand,
    "extend": ExtendCommand,
    "goto": GotoCommand,
    "volume": VolumeCommand,
    "give_back": GiveBackCommand,
}
"""The model of each command."""

ARGUMENTS = {"start": "scene", "extend": "by", "goto": "step", "volume": "level", "give_back": "device"}
"""The key of what may stand behind the word of a command: `extend 5min`."""
