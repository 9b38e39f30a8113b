"""A schedule as the home file writes it, and the value that it is."""

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema, model_validator

from orchestrator.documents.alternatives import MapOr, OneOrMore, alternative, by_key
from orchestrator.documents.faults import near
from orchestrator.documents.notation import Duration, Flag, Identifier, Name, Text
from orchestrator.home.recurring import (
    ClockTime,
    CronText,
    DayText,
    EveryText,
    LessText,
    MissedText,
    MonthText,
    SunText,
    WeekdayText,
    WholeDay,
)
from orchestrator.home.signal import SignalModel
from orchestrator.home.strict import StrictModel
from orchestrator.schedules.conditions import Condition, PlayedLess, RoomIdle, SignalIs
from orchestrator.schedules.days import HolidayRule, known_countries
from orchestrator.units import MINUTE

LONGEST_TEXT = 200
_MOMENTS = ("at", "cron", "sun", "ends_at", "calendar")


def _value(value: object) -> bool | float | str:
    """What a parameter can be given. Raises ValueError."""
    if isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= LONGEST_TEXT):
        return value
    raise ValueError("expected a word, a number, true or false, or a length such as 10min")


SetValue: TypeAlias = Annotated[
    bool | float | str, PlainValidator(_value), WithJsonSchema({"type": ["string", "number", "boolean"]})
]


class PieceModel(StrictModel):
    """One scene of several."""

    scene: Identifier
    set: dict[Name, SetValue] = {}


class SpanModel(StrictModel):
    """From one day to another, both included."""

    from_: Annotated[DayText, Field(alias="from")]
    to: DayText

    @model_validator(mode="after")
    def _ordered(self) -> "SpanModel":
        if bool(self.from_[0]) is not bool(self.to[0]):
            raise ValueError("both days have a year, or neither has")
        if self.from_[0] and self.to < self.from_:
            raise ValueError("this ends before it begins")
        return self


class CalendarModel(StrictModel):
    """A calendar: an iCalendar file beside the home file. With `free`, events that are marked as free count as well."""

    calendar: str = Field(min_length=1)
    free: Flag = False


class HolidaysModel(StrictModel):
    """Public holidays of a country, and perhaps of a region of it."""

    country: str
    region: str | None = None
    then: HolidayRule = HolidayRule.SKIP

    @model_validator(mode="after")
    def _known(self) -> "HolidaysModel":
        countries = known_countries()
        if self.country not in countries:
            raise ValueError(f"the holidays of `{self.country}` are not known; write a code such as DE, US or NP")
        if self.region is not None and self.region not in countries[self.country]:
            regions = ", ".join(countries[self.country])
            there = f"it has {regions}" if regions else "leave the region out"
            raise ValueError(f"{self.country} has no region `{self.region}`; {there}")
        return self


class PlayedModel(StrictModel):
    """Fewer times than this."""

    less_than: LessText


class AnnounceModel(StrictModel):
    """So long before, in words of your own."""

    before: Duration
    say: Text | None = None


def _word(value: object) -> str:
    if value in ("idle", "not_today"):
        return str(value)
    guess = near(value, ["idle", "not_today"]) if isinstance(value, str) else ""
    raise ValueError(f"expected `idle`, `not_today`, {{topic: …, equals: …}} or {{less_than: 3 this week}}{guess}")


ConditionWord: TypeAlias = Annotated[str, PlainValidator(_word), WithJsonSchema({"enum": ["idle", "not_today"]})]
ConditionText: TypeAlias = Annotated[
    Annotated[SignalModel, Tag(alternative("topic"))]
    | Annotated[PlayedModel, Tag(alternative("less_than"))]
    | Annotated[ConditionWord, Tag(alternative("plain"))],
    Discriminator(by_key("less_than", "topic", otherwise="topic", plain="plain")),
]
ExceptText: TypeAlias = Annotated[
    Annotated[SpanModel, Tag(alternative("from"))]
    | Annotated[CalendarModel, Tag(alternative("calendar"))]
    | Annotated[DayText, Tag(alternative("plain"))],
    Discriminator(by_key("calendar", "from", otherwise="from", plain="plain")),
]


class ScheduleModel(StrictModel):
    """When which scene starts in which room."""

    title: Text | None = None
    scene: OneOrMore[MapOr[PieceModel, Identifier]]
    room: Identifier
    set: dict[Name, SetValue] = {}
    mode: Literal["single", "restart", "queued"] | None = None
    at: ClockTime | None = None
    cron: CronText | None = None
    sun: SunText | None = None
    ends_at: ClockTime | None = None
    calendar: str | None = Field(default=None, min_length=1)
    not_before: ClockTime | None = None
    not_after: ClockTime | None = None
    days: OneOrMore[WeekdayText] | None = None
    months: OneOrMore[MonthText] | None = None
    between: OneOrMore[SpanModel] | None = None
    every: EveryText | None = None
    start: WholeDay | None = None
    except_: Annotated[OneOrMore[ExceptText] | None, Field(alias="except")] = None
    holidays: HolidaysModel | None = None
    if_: Annotated[OneOrMore[ConditionText] | None, Field(alias="if")] = None
    announce: MapOr[AnnounceModel, Duration] | None = None
    postpone: Duration = 15 * MINUTE
    jitter: Duration = 0
    if_missed: MissedText = 0

    @model_validator(mode="after")
    def _whole(self) -> "ScheduleModel":
        for fault in self._faults():
            raise ValueError(fault)
        return self

    def _faults(self) -> Iterator[str]:
        """What its keys say against one another."""
        given = [name for name in _MOMENTS if getattr(self, name) is not None]
        clocks = [name for name in given if name != "calendar"]
        if not given:
            yield 'when is it due? Write `at: "22:15"`, `cron`, `sun: sunset+30min`, `ends_at` or `calendar`'
        if len(clocks) > 1:
            yield f"`{clocks[0]}` and `{clocks[1]}` both say when; keep one"
        if self.sun is None and (self.not_before is not None or self.not_after is not None):
            yield "`not_before` and `not_after` hold the sun between two times of day; there is no `sun` here"
        if self.not_before is not None and self.not_after is not None and self.not_before > self.not_after:
            yield "`not_before` is later than `not_after`"
        if (self.every is None) is not (self.start is None):
            yield "`every` needs a `start`, the first day: start: 2026-12-01, and `start` an `every`"
        if self.set and not isinstance(self.scene, str | PieceModel):
            yield "with several scenes each has its own `set`: scene: [{scene: foot-massage, set: {feet: left}}, …]"

    def pieces(self) -> list[PieceModel]:
        """Its scenes, one after the other."""
        scenes = self.scene if isinstance(self.scene, list) else [self.scene]
        return [each if isinstance(each, PieceModel) else PieceModel(scene=each, set=self.set) for each in scenes]

    def exceptions(self) -> list[SpanModel | CalendarModel]:
        """Days on which it is not, one kind or the other."""
        given = self.except_ if isinstance(self.except_, list) else [self.except_] if self.except_ is not None else []
        return [SpanModel.model_construct(from_=each, to=each) if isinstance(each, tuple) else each for each in given]

    def calendars(self) -> list[str]:
        """The files of its calendars."""
        own = [self.calendar] if self.calendar is not None else []
        return own + [each.calendar for each in self.exceptions() if isinstance(each, CalendarModel)]

    def conditions(self) -> tuple[Condition, ...]:
        """What has to be so."""
        given = self.if_ if isinstance(self.if_, list) else [self.if_] if self.if_ is not None else []
        return tuple(_condition(each) for each in given)


def _condition(given: SignalModel | PlayedModel | str) -> Condition:
    match given:
        case SignalModel():
            return SignalIs(given.signal())
        case PlayedModel(less_than=often):
            return PlayedLess(often.times, often.this_week)
        case "idle":
            return RoomIdle()
        case _:
            return PlayedLess(1)
