"""What we say on our topics, as models: replies, how a room stands, what happened, which scenes there are.

Lengths are seconds, moments are ISO 8601 with their zone, volumes and brightness are percent.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from orchestrator.conductor.outstanding import WhyOwed
from orchestrator.errors import Reason
from orchestrator.events.codec import from_wire, to_wire
from orchestrator.events.event import EventRecord, RoomEvent
from orchestrator.events.facts import Fact
from orchestrator.events.session import Ending
from orchestrator.scenes.planning.leaving import Leaving
from orchestrator.scenes.planning.timeline import Hands
from orchestrator.schedules.outcome import ScheduleResult
from orchestrator.session.state import HoldFor, Status

Seconds: TypeAlias = float
Online: TypeAlias = Literal["online", "offline"]
SESSION = "session"
"""The fact of an event that stands beside its details, and is said of every event."""
Texts: TypeAlias = dict[str, str]
"""A text in each language of its scene."""


class OutModel(BaseModel):
    """A payload of ours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def payload(self) -> str:
        """As it is published."""
        return self.model_dump_json(by_alias=True)


class ErrorModel(OutModel):
    """Why not: a word for machines and a sentence for people."""

    code: Reason
    message: str


class Reply(OutModel):
    """The answer to a command: `session` is the one that it was about; `queued`: it waits for the one before it.

    `caution` is the first that applies to what was started, in the language of the answer, else of the session. `times`
    are those of a schedule that were asked for; `more`: there are others after the last of them.
    """

    request_id: str | None = None
    ok: bool
    session: str | None = None
    queued: bool | None = None
    caution: str | None = None
    error: ErrorModel | None = None
    answer: str | None = Field(default=None, description="The same as a sentence, where somebody asked for one.")
    times: list[datetime] | None = None
    more: bool | None = None

    def payload(self) -> str:
        """Without what does not apply."""
        return self.model_dump_json(exclude_none=True)


class HoldModel(OutModel):
    """What the session stands for, and until when at the latest."""

    reason: HoldFor = Field(serialization_alias="for", validation_alias=AliasChoices("for", "reason"))
    until: datetime


class Last(OutModel):
    """How the session before ended."""

    session: str
    scene: str
    ending: Ending
    ended_at: datetime


class OutstandingModel(OutModel):
    """A device that has not been given back what it had: `values` by attribute, as in `overridden` events."""

    device: str
    values: dict[str, int | str | None]
    since: datetime
    why: WhyOwed
    low_until: datetime | None = Field(
        default=None, description="Under way: kept low so long for the eyes, before it comes up."
    )
    back_by: datetime | None = Field(default=None, description="Under way: when it has all that it is told.")
    answer_by: datetime | None = Field(
        default=None, description="Under way: so long it has to say that it is as it was; null for what never does."
    )


class RefusalModel(OutModel):
    """A command that was refused, and why: `what_to_do` next, empty where the message says all."""

    command: str
    code: Reason
    message: str
    what_to_do: str
    at: datetime


class SessionState(OutModel):
    """How a room stands.

    Nobody ticks: while `status` is neither `idle`, `starting` nor `paused`, `position` grows by `rate` for each second
    since `position_at`, and without a `hold` `remaining` shrinks as fast. `chapter` is for machines, `step` for people.
    """

    status: Status
    id: str | None = None
    scene: str | None = None
    title: str | None = None
    language: str | None = None
    chapter: str | None = None
    step: str | None = None
    number: int | None = Field(default=None, description="Which step this is, of `of`.")
    of: int | None = None
    position: Seconds | None = None
    position_at: datetime | None = None
    remaining: Seconds | None = None
    hold: HoldModel | None = None
    hands: Hands | None = None
    rate: float | None = None
    leaves: Leaving | None = Field(
        default=None, description="How the light is left, while it lands: as before, in a look, or dark."
    )
    trigger: str | None = None
    missing: list[str] = Field(default=[], description="Devices that are away.")
    overridden: dict[str, list[str]] = Field(default={}, description="What people have taken by hand, by device.")
    owed: list[str] = Field(default=[], description="Devices that have not been given back what they had.")
    unanswered: list[str] = Field(
        default=[], description="Devices of the session before that did not say that they are as they were."
    )
    outstanding: list[OutstandingModel] = Field(
        default=[], description="What sessions that are over still owe: what each had, since when, and why."
    )
    last: Last | None = None
    problem: str | None = Field(
        default=None,
        description="Why the room was not, or after a crash would not be, given back as it was: a sentence.",
    )
    problem_since: datetime | None = None
    refused: RefusalModel | None = Field(
        default=None,
        description="The last command that was refused, until one is accepted or a session begins. One that only came"
        " at the wrong moment (`not_now`, `moved_on`) is none.",
    )


class ChoiceModel(OutModel):
    """What the room would start: a scene, each of its parameters, and the cautions that apply. Lengths are seconds."""

    scene: str | None = None
    title: str | None = None
    parameters: dict[str, bool | int | float | str] = {}
    cautions: list[str] = []


class Display(OutModel):
    """How a room stands, for panels that cannot count by themselves: it ticks.

    While something is on it is told again every five seconds. Texts are in the language of the session, or of the home.
    """

    status: Status = Status.IDLE
    scene: str | None = None
    title: str | None = None
    step: str | None = None
    number: int | None = Field(default=None, description="Which step this is, of `of`.")
    of: int | None = None
    steps: list[str] = Field(default=[], description="The titles of all steps.")
    instructions: str = Field(default="", description="What the step says, as `repeat` would say it.")
    session: str | None = None
    hands: Hands | None = None
    hold: HoldFor | None = Field(default=None, description="What it stands for, where it does: words, or a person.")
    prompt: str = Field(default="", description="What a person does so that it goes on; empty where it does by itself.")
    progress: int = Field(default=0, ge=0, le=100, description="Percent of the whole, as far as it can be known.")
    remaining: int = Field(default=0, ge=0, description="Seconds by the clock.")
    ends_at: datetime | None = Field(
        default=None, description="Null while nobody knows: nothing is on, or it is paused."
    )
    volume: int | None = Field(default=None, ge=0, le=100, description="As `volume` takes it; null without music.")
    choice: ChoiceModel = ChoiceModel()


class EventMessage(OutModel):
    """Something happened in a room. What the facts of each kind are, each class of `events` says."""

    event: str
    at: datetime
    session: str | None = None
    details: dict[str, Fact] = {}

    @classmethod
    def of(cls, record: EventRecord, at: datetime) -> "EventMessage":
        """An event as it is published; `at` is its moment by the clock on the wall."""
        facts = to_wire(record.event)
        facts.pop(SESSION, None)
        return cls(event=record.event.kind, at=at, session=record.session, details=facts)

    def happened(self) -> RoomEvent | None:
        """What happened; None for what only a newer relax knows."""
        return from_wire(self.event, {SESSION: self.session, **self.details})


class ParameterSummary(OutModel):
    """What can be chosen at the start. `choices` for a choice; `min` and `max` for lengths (`10min`) and numbers."""

    kind: Literal["choice", "flag", "duration", "number", "whole"]
    title: Texts
    default: bool | int | float | str
    choices: list[str] | None = None
    min: int | float | str | None = None
    max: int | float | str | None = None


class RoleSummary(OutModel):
    """A part that the room casts."""

    kind: str
    optional: bool


class CautionSummary(OutModel):
    """A caution to be shown before the start.

    `settings`: it applies where all of one of them is chosen; always where there is none. `without`: who has what it
    warns of cannot choose these. `ends`: who has it had better not start.
    """

    text: Texts
    settings: list[dict[str, Any]] | None = None
    without: dict[str, list[Any]] | None = None
    ends: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_an_older_relax(cls, said: Any) -> Any:
        """It said the texts alone."""
        return {"text": said} if isinstance(said, dict) and "text" not in said else said

    def applies(self, chosen: Mapping[str, object]) -> bool:
        """Whether it has to be shown to somebody who chose so."""
        return self.settings is None or any(setting.items() <= chosen.items() for setting in self.settings)


class SceneSummary(OutModel):
    """A scene that can be started."""

    scene: str
    title: Texts
    summary: Texts
    languages: list[str]
    cautions: list[CautionSummary]
    parameters: dict[str, ParameterSummary]
    roles: dict[str, RoleSummary]


class Scenes(OutModel):
    """The catalogue."""

    scenes: list[SceneSummary]

    def payload(self) -> str:
        """Without what does not apply."""
        return self.model_dump_json(exclude_none=True)


class NewDevice(OutModel):
    """A device at the broker that the home does not have. `address` is its topic, site or name: what `ignore` takes."""

    title: str
    kinds: list[str]
    dialect: str
    address: str
    area: str | None = None
    model: str | None = None


class NewDevices(OutModel):
    """What the broker has and the home has not: `count` devices, the first of them one by one."""

    count: int = 0
    devices: list[NewDevice] = []


class Health(OutModel):
    """relax itself: its version, since when it runs, and what a person should see to; null where all is well."""

    version: str
    since: datetime
    problem: str | None = None
    problem_since: datetime | None = None


class PassedDays(OutModel):
    """Days, from one to another, that a schedule leaves out, and why."""

    first: date
    last: date
    why: str


class LastTime(OutModel):
    """How the last time of a schedule went: `why` where it did not start, `session` where it did."""

    due: datetime
    result: ScheduleResult
    why: str = ""
    session: str | None = None


class ScheduleState(OutModel):
    """How a schedule stands.

    `next` is when it will begin, with what is left out or put off taken into account; `skipped` the time that is left
    out; `announced`: it has been said aloud that it begins soon. `passed` are days before `next` that it leaves out.
    """

    schedule: str
    title: str | None = None
    room: str
    scene: str
    caution: str | None = Field(default=None, description="The first caution of its scene that applies, for a message.")
    enabled: bool
    next: datetime | None = None
    skipped: datetime | None = None
    postponed: datetime | None = Field(default=None, description="The time that was put off to `next`.")
    announced: bool = False
    passed: list[PassedDays] = []
    last: LastTime | None = None
    problem: str | None = Field(default=None, description="Why it does not begin at all as things are: a sentence.")
