"""A signal as the home file writes it: a topic, and what it has to say."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema, field_validator, model_validator

from orchestrator.devices.dialects.template.names import INCOMING
from orchestrator.devices.dialects.template.settings import template
from orchestrator.devices.settings import Topic
from orchestrator.documents.notation import Duration, Number
from orchestrator.home.strict import StrictModel
from orchestrator.signals import Signal

YES = frozenset({"true", "on", "yes", "1"})
"""What a template says where the signal is meant to be on, in any letters."""


def _plain(value: object) -> str:
    """A payload as it comes over the wire. Raises ValueError."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("expected what the topic says, such as home or 21.5")


PayloadTest: TypeAlias = Annotated[
    str, PlainValidator(_plain), WithJsonSchema({"type": ["string", "number", "boolean"], "examples": ["home"]})
]


class SignalModel(StrictModel):
    """A topic and one test of what it says; `template` says what of the payload is tested."""

    topic: Topic
    equals: PayloadTest | None = None
    above: Number | None = None
    below: Number | None = None
    template: str | None = None
    lasting: Annotated[Duration, Field(alias="for")] = 0

    @field_validator("template")
    @classmethod
    def _known(cls, source: str | None) -> str | None:
        if source is not None and (unknown := template(source).names - INCOMING):
            raise ValueError(f"no such name here: {', '.join(sorted(unknown))}; there are value and value_json")
        return source

    @model_validator(mode="after")
    def _tested(self) -> "SignalModel":
        if self.equals is not None and (self.above is not None or self.below is not None):
            raise ValueError("`equals` stands alone, without `above` or `below`")
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise ValueError(f"nothing is above {self.above:g} and below {self.below:g}")
        if self.equals is None and self.above is None and self.below is None and self.template is None:
            raise ValueError("what has to be so? Write `equals`, `above`, `below` or `template`")
        return self

    def signal(self) -> Signal:
        """The signal that this describes."""
        return Signal(self.topic, self._wanted(), self._test(), self.lasting)

    @property
    def is_momentary(self) -> bool:
        """True where every message that passes counts, as a press does: a word that does not have to last.

        A figure, and what has to be so for a while, counts once when it begins.
        """
        return self.above is None and self.below is None and not self.lasting

    def _wanted(self) -> str:
        """The test in words."""
        parts = [f"above {self.above:g}"] if self.above is not None else []
        parts += [f"below {self.below:g}"] if self.below is not None else []
        parts += [str(self.equals)] if self.equals is not None else []
        words = " and ".join(parts)
        return words if self.template is None else f"{self.template} {words}".strip()

    def _test(self) -> Callable[[str], bool]:
        passes = self._compares()
        source = self.template
        if source is None:
            return passes
        return lambda payload: (said := template(source).read(payload)) is not None and passes(said)

    def _compares(self) -> Callable[[str], bool]:
        if self.equals is not None:
            wanted = self.equals.strip().casefold()
            return lambda value: value.strip().casefold() == wanted
        if self.above is None and self.below is None:
            return lambda value: value.strip().casefold() in YES
        least = float("-inf") if self.above is None else self.above
        most = float("inf") if self.below is None else self.below
        return lambda value: (figure := _figure(value)) is not None and least < figure < most


def _figure(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
