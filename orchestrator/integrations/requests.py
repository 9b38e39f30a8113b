"""What somebody wants of a room, read from the payload of a command: JSON, or a bare word where it is enough.

Whatever the payload, reading it gives a request or raises `Refused` with a sentence that says what was expected.
"""

from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.commands import BY_WORD, RoomCommand, word_of
from orchestrator.conductor.request import Mode
from orchestrator.integrations.incoming import (
    ARGUMENTS,
    MODELS,
    ChooseCommand,
    CommandModel,
    Question,
    QuestionCommand,
    StartCommand,
)
from orchestrator.integrations.payloads import Vocabulary, malformed, read_as, understood

VOCABULARY: Vocabulary[CommandModel] = Vocabulary(
    MODELS,
    ARGUMENTS,
    'expected a word such as `pause`, or JSON such as {"command": "start", "scene": "foot-massage"}',
)
_CHOICE = 'expected the name of a scene, or JSON such as {"scene": "foot-massage"} or {"parameters": {"bath": false}}'


class StartScene(NamedTuple):
    """Begin a scene. `scene` None: what was chosen for the room, with what is given here on top of what was chosen.

    `mode` None: as the home file says; `rate` is in thousandths.
    """

    scene: str | None
    parameters: Mapping[str, bool | float | str]
    language: str | None = None
    mode: Mode | None = None
    trigger: str = "mqtt"
    rate: int = 1000


class Choose(NamedTuple):
    """Choose what the room starts next. `scene` None: the one that is chosen already."""

    scene: str | None
    parameters: Mapping[str, bool | float | str]


class Do(NamedTuple):
    """Tell the room something."""

    command: RoomCommand


class Query(NamedTuple):
    """Query something of the room, which changes nothing."""

    question: Question


class Request(NamedTuple):
    """What is wanted. With `step` it is meant for that step only; a request id is answered once.

    `answer` is the language in which it is answered in words as well.
    """

    what: StartScene | Choose | Do | Query
    request_id: str | None = None
    step: str | None = None
    answer: str | None = None

    @property
    def word(self) -> str:
        """The command as people know it: `start`, `goto`, `give_back`."""
        match self.what:
            case StartScene():
                return "start"
            case Choose():
                return "choose"
            case Do(command):
                return word_of(command)
            case Query(question):
                return str(question)


def read(payload: str, *, retained: bool = False) -> Request:
    """The request that a payload is. Raises Refused: RETAINED, MALFORMED."""
    return _request(understood(payload, VOCABULARY, retained=retained))


def read_choice(payload: str, *, retained: bool = False) -> Request:
    """The choice that a payload is. Raises Refused: RETAINED, MALFORMED."""
    choice = read_as(ChooseCommand, payload, "choose", "scene", _CHOICE, retained=retained)
    if choice.scene is None and not choice.parameters:
        raise malformed(_CHOICE)
    return Request(Choose(choice.scene, choice.parameters), choice.request_id, answer=choice.answer)


def _request(command: CommandModel) -> Request:
    if isinstance(command, StartCommand):
        what = StartScene(
            command.scene,
            command.parameters,
            command.language,
            command.mode,
            command.trigger,
            round(command.rate * 1000),
        )
        return Request(what, command.request_id, answer=command.answer)
    if isinstance(command, QuestionCommand):
        return Request(Query(command.command), command.request_id, answer=command.answer)
    fields = dict(command)
    spec = BY_WORD[fields.pop("command")]
    argument = [] if spec.argument is None else [fields.pop(spec.argument.key)]
    return Request(Do(spec.command(*argument)), **fields)
