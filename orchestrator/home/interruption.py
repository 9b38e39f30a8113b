"""An interruption as the home file writes it: the doorbell, the phone, a smoke alarm, and what a session does then."""

from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from orchestrator.documents.notation import Flag, Identifier, Text, duration, percent
from orchestrator.home.signal import SignalModel
from orchestrator.home.spoken_text import SpokenText, spoken_text
from orchestrator.units import FULL, SECOND, Ms, Percent

WALKING = Percent(40.0)
"""Perceived brightness in which a way to the door is found; below what dazzles eyes that were in low light."""


class ResumeWhen(NamedTuple):
    """When a paused session goes on by itself: `after` so long, or as soon as the signal is over; else never."""

    after: Ms | None = None
    when_over: bool = False


def goes_on(text: object) -> ResumeWhen:
    """What `after 2min`, `when over` and `never` mean. Raises ValueError."""
    words = text.split() if isinstance(text, str) else []
    match words:
        case ["never"]:
            return ResumeWhen()
        case ["when", "over"]:
            return ResumeWhen(when_over=True)
        case ["after", *length] if length:
            after = duration(" ".join(length))
            if after < SECOND:
                raise ValueError(f"{text}: a second is the least")
            return ResumeWhen(after=after)
        case _:
            raise ValueError("expected `after 2min`, `when over` or `never`")


def light(text: object) -> Percent:
    """0 to 100 of `40%`, or of `full`. Raises ValueError."""
    return FULL if text == "full" else percent(text)


GoesOnText: TypeAlias = Annotated[
    ResumeWhen,
    PlainValidator(goes_on),
    WithJsonSchema({"type": "string", "pattern": r"^(never|when over|after .+)$", "examples": ["after 2min"]}),
]
LightText: TypeAlias = Annotated[
    Percent,
    PlainValidator(light),
    WithJsonSchema({"type": "string", "pattern": r"^(full|\d+(\.\d+)?\s*%)$", "examples": ["40%"]}),
]


class InterruptionModel(SignalModel):
    """What breaks in on a session. `rooms` None: in whichever room one is on."""

    do: Literal["pause", "announce", "abort"]
    rooms: Annotated[list[Identifier], Field(min_length=1)] | None = None
    light: LightText | None = None
    say: Text | None = None
    goes_on: GoesOnText | None = None
    when_idle: Flag = False

    @model_validator(mode="after")
    def _sensible(self) -> "InterruptionModel":
        if self.do == "announce" and self.say is None:
            raise ValueError("what is to be said? `announce` needs `say`")
        if self.do == "announce" and self.light is not None:
            raise ValueError("`announce` leaves the light alone; `light` is for `pause` and `abort`")
        if self.do != "pause" and self.goes_on is not None:
            raise ValueError("only a session that is paused goes on: `goes_on` is for `pause`")
        if self.do != "abort" and self.when_idle:
            raise ValueError("only `abort` lights a room in which nothing is on: `when_idle` is for `abort`")
        if self.do == "abort" and self.light == 0.0:
            raise ValueError("`abort` leaves the lights on; to end in the dark, map a button to `abort`")
        return self

    @property
    def lit(self) -> Percent:
        """How bright the lights are to be: as they are (0) where nothing is said, walking level, or full."""
        if self.light is not None:
            return self.light
        return FULL if self.do == "abort" else WALKING

    def words(self, language: str) -> SpokenText | None:
        """What is said, in a language where there are words in it, else in the first that there are words in.

        A text without a language is taken for one of the language that is spoken.
        """
        return spoken_text(self.say, language) if self.say else None
