"""What a person does in a simulation, and when: `3:20=stop`, `5:00=extend 2min`."""

from collections.abc import Iterable

from orchestrator.conductor.rehearsal import Commanded
from orchestrator.documents.notation import duration
from orchestrator.errors import Refused, UsageError
from orchestrator.integrations import requests

_EXAMPLE = "Write the time from the start, then the command: --do 3:20=stop, --do '5:00=extend 2min'."


def commands_at(texts: Iterable[str]) -> list[Commanded]:
    """The commands of texts such as `3:20=stop`. Raises UsageError."""
    return [_command(text) for text in texts]


def _command(text: str) -> Commanded:
    moment, equals, words = text.partition("=")
    if not equals:
        raise UsageError(f"--do {text} says no command.", _EXAMPLE)
    try:
        at = duration(moment)
    except ValueError as error:
        raise UsageError(f"--do {text}: {error}.", _EXAMPLE) from None
    try:
        request = requests.read(words)
    except Refused as refused:
        raise UsageError(f"--do {text}: {refused}", _EXAMPLE) from None
    if not isinstance(request.what, requests.Do):
        raise UsageError(f"--do {text}: {request.word} is nothing that is told a session which is on.", _EXAMPLE)
    return Commanded(at, request.what.command)
