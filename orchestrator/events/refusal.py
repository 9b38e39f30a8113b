"""Somebody wanted something of a room and did not get it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command changed nothing; `code` is the word for machines, `message` the sentence.

    `command` is its word, empty where it could not be read.
    """

    kind: ClassVar[str] = "refused"

    command: str
    code: str
    message: str
