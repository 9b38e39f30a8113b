"""The schedules on our MQTT interface: what they are told, and how they stand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import AwareDatetime, Field

from orchestrator.devices.messages import Message
from orchestrator.documents.notation import Duration
from orchestrator.errors import Reason, Refused, RelaxError
from orchestrator.integrations.branch import Branch
from orchestrator.integrations.incoming import CommandModel
from orchestrator.integrations.interface import BASE, reason_of
from orchestrator.integrations.outgoing import ErrorModel, Reply, ScheduleState
from orchestrator.integrations.payloads import Vocabulary, request_id_of, understood
from orchestrator.integrations.reply_cache import ReplyCache
from orchestrator.integrations.reply_topics import ReplyTopics
from orchestrator.units import Ms

ScheduleWord: TypeAlias = Literal["enable", "disable", "announce", "skip", "unskip", "run", "now"]


class PlainScheduleCommand(CommandModel):
    """`enable`, `disable`; `skip` the next time and `unskip` it; `run` it now; `now`: begin what is announced.

    `announce`: somebody has been told of the next time, on a phone say.
    """

    command: ScheduleWord


class LaterCommand(CommandModel):
    """Put off what is announced."""

    command: Literal["later"]
    by: Annotated[Duration | None, Field(json_schema_extra={"examples": ["15min"]})] = None


class TimesCommand(CommandModel):
    """When it begins, in a stretch of time: from now on for a year, unless that is said. Changes nothing."""

    command: Literal["times"]
    start: Annotated[
        AwareDatetime | None,
        Field(alias="from", strict=False, json_schema_extra={"examples": ["2026-12-01T00:00:00Z"]}),
    ] = None
    end: Annotated[
        AwareDatetime | None, Field(alias="to", strict=False, json_schema_extra={"examples": ["2027-01-01T00:00:00Z"]})
    ] = None


AnyScheduleCommand: TypeAlias = PlainScheduleCommand | LaterCommand | TimesCommand
MODELS: dict[str, type[AnyScheduleCommand]] = {
    **dict.fromkeys(("enable", "disable", "announce", "skip", "unskip", "run", "now"), PlainScheduleCommand),
    "later": LaterCommand,
    "times": TimesCommand,
}
VOCABULARY: Vocabulary[AnyScheduleCommand] = Vocabulary(
    MODELS, {"later": "by"}, 'expected a word such as `skip`, or JSON such as {"command": "skip"}'
)


class ScheduleRequest(NamedTuple):
    """What is wanted of a schedule. `by` is how much later, where that was said; `start` and `end` of a question."""

    word: str
    by: Ms | None = None
    request_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class ScheduleAnswer(NamedTuple):
    """What came of it: the session that it started, or the times that were asked for. `more`: there are others."""

    session: str | None = None
    times: Sequence[datetime] | None = None
    more: bool | None = None


class ScheduleAsked(NamedTuple):
    """Somebody wants something of a schedule. `request` is why not where it cannot be understood."""

    name: str
    request: ScheduleRequest | Refused
    request_id: str | None = None
    reply_to: str | None = None
    correlation: bytes | None = None

    def understood(self) -> ScheduleRequest:
        """The request. Raises Refused where there is none."""
        if isinstance(self.request, Refused):
            raise self.request
        return self.request


class Scheduling:
    """The topics of the schedules of one home, under a base topic. `reply_to`: where replies may go beside."""

    def __init__(self, names: Iterable[str] = (), base: str = BASE, reply_to: Sequence[str] = ()) -> None:
        self._reply_topics = ReplyTopics(base, reply_to)
        self._branch = Branch(base, "schedule", names, Reason.UNKNOWN_SCHEDULE)
        self._told: dict[str, str] = {}
        self._answers: dict[str, ReplyCache[Reply]] = {}

    def subscriptions(self) -> list[str]:
        """Commands; and states, for those that a former self left behind (see `leftover`)."""
        return [self._branch.all("command"), self._branch.all("state")]

    def asked(self, message: Message) -> ScheduleAsked | None:
        """What a command asks for; None for what is no command. Never raises: what is wrong with it is in it."""
        name = self._branch.name_in(message.topic, "command")
        if name is None:
            return None
        request: ScheduleRequest | Refused
        try:
            self._branch.refuse_unknown(name)
            command = understood(message.payload, VOCABULARY, retained=message.retain)
            by = command.by if isinstance(command, LaterCommand) else None
            asks = command if isinstance(command, TimesCommand) else None
            start, end = (asks.start, asks.end) if asks is not None else (None, None)
            request = ScheduleRequest(command.command, by, command.request_id, start, end)
            request_id = request.request_id
        except Refused as refused:
            request, request_id = refused, request_id_of(message.payload, VOCABULARY)
        place = self._reply_topics.place(message.reply_to, self._branch.topic(name, "reply"))
        if place.refusal is not None and not isinstance(request, Refused):
            request = place.refusal
        return ScheduleAsked(name, request, request_id, place.topic, message.correlation)

    def answered(self, asked: ScheduleAsked, do: Callable[[ScheduleRequest], ScheduleAnswer]) -> list[Message]:
        """Do what is asked, once, and the replies."""
        again = self._of(asked.name).find(asked.request_id) if not isinstance(asked.request, Refused) else None
        if again is not None:
            return self._reply(asked, again)
        try:
            done = do(asked.understood())
            times = list(done.times) if done.times is not None else None
            reply = Reply(request_id=asked.request_id, ok=True, session=done.session, times=times, more=done.more)
        except RelaxError as error:
            message = str(error)[:1000]
            reply = Reply(
                request_id=asked.request_id, ok=False, error=ErrorModel(code=reason_of(error), message=message)
            )
        if not isinstance(asked.request, Refused):
            self._of(asked.name).remember(asked.request_id, reply)
        return self._reply(asked, reply)

    def leftover(self, message: Message) -> list[Message]:
        """What clears the stored state of a schedule that this home does not have (any more)."""
        return self._branch.cleared(message, "state")

    def states(self, states: Mapping[str, ScheduleState]) -> list[Message]:
        """How the schedules stand, where that is news."""
        messages = []
        for name, state in states.items():
            payload = state.payload()
            if self._told.get(name) != payload:
                self._told[name] = payload
                messages.append(Message(self._branch.topic(name, "state"), payload, retain=True))
        return messages

    def forget(self) -> None:
        """The broker may have lost everything: every state is news again."""
        self._told.clear()

    def _of(self, name: str) -> ReplyCache[Reply]:
        return self._answers.setdefault(name, ReplyCache())

    def _reply(self, asked: ScheduleAsked, reply: Reply) -> list[Message]:
        return self._branch.replies(asked.name, reply, asked.reply_to, asked.correlation)
