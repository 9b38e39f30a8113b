"""Our MQTT interface: the topics, who asks what on them, and what is published there.

Messages in, messages out: it knows no clock and no connection. It remembers what it answered and what it published, so
that a request that comes twice is acted on once, and a state is told only when it changed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from orchestrator import __version__
from orchestrator.conductor.outstanding import Outstanding
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.devices.messages import Message
from orchestrator.errors import BadParameter, FileError, Reason, Refused, RelaxError, UnknownRoom, UnknownScene
from orchestrator.events.event import EventRecord
from orchestrator.integrations.branch import STALE, Branch, is_ours
from orchestrator.integrations.catalogue import catalogue
from orchestrator.integrations.outgoing import (
    Display,
    ErrorModel,
    EventMessage,
    Health,
    Last,
    NewDevices,
    RefusalModel,
    Reply,
)
from orchestrator.integrations.payloads import request_id_of
from orchestrator.integrations.reply_cache import ReplyCache
from orchestrator.integrations.reply_topics import ReplyTopics
from orchestrator.integrations.requests import VOCABULARY, Request, read, read_choice
from orchestrator.integrations.room_state import Problem, Told, room_status, state
from orchestrator.scenes.format.model import SceneModel
from orchestrator.units import Ms

BASE = "relax"
_LONGEST_MESSAGE = 1000
_STORED = ("status", "display", "session")
"""What the broker keeps of a room. The last is what a former self is known by, so it goes last."""
_OF_THE_MOMENT = (Reason.NOT_NOW, Reason.MOVED_ON)
"""Reasons with which nothing is wrong: the moment was."""


class Asked(NamedTuple):
    """Somebody wants something of a room. `request` is why not where it cannot be understood."""

    room: str
    request: Request | Refused
    request_id: str | None = None
    reply_to: str | None = None
    correlation: bytes | None = None

    def understood(self) -> Request:
        """The request. Raises Refused where there is none."""
        if isinstance(self.request, Refused):
            raise self.request
        return self.request


class Interface:
    """The interface of a home with these rooms, under a base topic. `reply_to`: where replies may go beside."""

    def __init__(self, rooms: Iterable[str], base: str = BASE, reply_to: Sequence[str] = ()) -> None:
        self.base = base
        self.reply_topics = ReplyTopics(base, reply_to)
        self._branch = Branch(base, "room", rooms, Reason.UNKNOWN_ROOM)
        self._answers: dict[str, ReplyCache[Reply]] = {}
        self._told: dict[str, Told] = {}
        self._last: dict[str, Last] = {}
        self._problems: dict[str, Problem] = {}
        self._refusals: dict[str, RefusalModel] = {}
        self._unsaid: dict[str, None] = {}
        self._health: tuple[datetime, str | None, datetime | None] | None = None

    # What is heard

    def subscriptions(self) -> list[str]:
        """Commands and choices; and states, for those that a former self left behind (see `leftover`)."""
        return [self._branch.all(leaf) for leaf in ("command", "choose", "session")]

    def is_ours(self, topic: str) -> bool:
        """True for topics that no device has anything to do with."""
        return is_ours(self.base, topic)

    def asked(self, message: Message) -> Asked | None:
        """What a command or a choice asks for; None for what is neither. Never raises: what is wrong is in it.

        The room is that of the topic, whether the home has it or not.
        """
        command, choice = (self._branch.name_in(message.topic, leaf) for leaf in ("command", "choose"))
        room = command if command is not None else choice
        if room is None:
            return None
        request: Request | Refused
        try:
            self._branch.refuse_unknown(room)
            reader = read if command is not None else read_choice
            request = reader(message.payload, retained=message.retain)
            request_id = request.request_id
        except Refused as refused:
            request, request_id = refused, request_id_of(message.payload, VOCABULARY)
        place = self.reply_topics.place(message.reply_to, self._branch.topic(room, "reply"))
        if place.refusal is not None and not isinstance(request, Refused):
            request = place.refusal
        return Asked(room, request, request_id, place.topic, message.correlation)

    def room_told_of(self, topic: str) -> str | None:
        """The room of this home whose state is told on a topic; None for any other."""
        room = self._branch.name_in(topic, "session")
        return room if room in self._branch.names else None

    def leftover(self, message: Message) -> list[Message]:
        """What clears all that is stored of a room that this home does not have (any more)."""
        return self._branch.cleared(message, "session", _STORED)

    def has(self, room: str) -> bool:
        """Whether the home has this room."""
        return room in self._branch.names

    # Answers

    def again(self, asked: Asked) -> list[Message] | None:
        """The answer once more, to a request that was answered already; None for a new one."""
        if isinstance(asked.request, Refused):
            return None
        reply = self._of_room(asked.room).find(asked.request_id)
        return self._reply(asked, reply) if reply is not None else None

    def accepted(
        self,
        asked: Asked,
        session: str | None = None,
        *,
        queued: bool = False,
        answer: str | None = None,
        caution: str | None = None,
    ) -> list[Message]:
        """It is done, or waits for the session before it; `session` is the one that it was about."""
        reply = Reply(
            request_id=asked.request_id,
            ok=True,
            session=session,
            queued=True if queued else None,
            answer=answer,
            caution=caution,
        )
        return self._answer(asked, reply)

    def refused(self, asked: Asked, error: RelaxError, answer: str | None = None) -> list[Message]:
        """It is not done, and why."""
        message = str(error)
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[:_LONGEST_MESSAGE]}…"
        reply = Reply(
            request_id=asked.request_id,
            ok=False,
            error=ErrorModel(code=reason_of(error), message=message),
            answer=answer,
        )
        return self._answer(asked, reply)

    # What is published

    def status(self, *, online: bool) -> Message:
        """That we are there, or not."""
        return Message(f"{self.base}/status", "online" if online else "offline", retain=True)

    def will(self) -> Message:
        """What the broker says when we vanish."""
        return self.status(online=False)

    def scenes(self, scenes: Iterable[SceneModel]) -> Message:
        """The catalogue."""
        return Message(f"{self.base}/scenes", catalogue(scenes).payload(), retain=True)

    def new_devices(self, found: NewDevices) -> Message:
        """What the broker has and the home has not."""
        return Message(f"{self.base}/new_devices", found.payload(), retain=True)

    def session(
        self,
        room: str,
        runner: SessionRunner | None,
        now: Ms,
        wall: datetime,
        last: Last | None = None,
        outstanding: Sequence[Outstanding] = (),
    ) -> list[Message]:
        """How a room stands, where that is news. `wall` (with its zone) is what the clock on the wall shows at `now`.

        Without `last` the room keeps the one that was told before. `outstanding` is what sessions that are over still
        owe it.
        """
        if last is not None:
            self._last[room] = last
        here = room_status(runner, now, self._last.get(room), self._problems.get(room), outstanding)._replace(
            refused=self._refusals.get(room)
        )
        told = self._told.get(room)
        if told is not None and told.holds(here, now, wall):
            return []
        self._told[room] = Told(here, now, wall)
        return [Message(self._branch.topic(room, "session"), state(here, now, wall).payload(), retain=True)]

    def health(self, since: datetime) -> list[Message]:
        """Relax itself, which runs since a moment of the wall clock, where that is news."""
        problems = [(f"{room}: {problem.sentence}", problem.since) for room, problem in self._problems.items()]
        problems += [(f"{room}: {refusal.message}", refusal.at) for room, refusal in self._refusals.items()]
        here = (since, *next(iter(problems), (None, None)))
        if here == self._health:
            return []
        self._health = here
        payload = Health(version=__version__, since=since, problem=here[1], problem_since=here[2]).payload()
        return [Message(f"{self.base}/health", payload, retain=True)]

    def problem_is(self, room: str, problem: str | None, since: datetime) -> None:
        """What a person should know of a room, until it is told otherwise; said with the next `session`."""
        if problem is None:
            self._problems.pop(room, None)
        elif room not in self._problems or self._problems[room].sentence != problem:
            self._problems[room] = Problem(problem, since)

    def refusal_is(self, room: str, error: Refused, command: str, at: datetime) -> None:
        """A command was refused: said with the room's state until `refusal_is_over`. What only came late is no news."""
        if room in self._branch.names and error.reason not in _OF_THE_MOMENT:
            self._refusals[room] = RefusalModel(
                command=command,
                code=error.reason,
                message=error.message[:_LONGEST_MESSAGE],
                what_to_do=error.hint[:_LONGEST_MESSAGE],
                at=at,
            )
            self._unsaid[room] = None

    def refusal_is_over(self, room: str) -> None:
        """Something is accepted in the room, or begins there."""
        if self._refusals.pop(room, None) is not None:
            self._unsaid[room] = None

    def unsaid(self) -> list[str]:
        """The rooms whose state is to be said again, since the last call."""
        rooms, self._unsaid = self._unsaid, {}
        return list(rooms)

    def presence(self, room: str, *, online: bool) -> Message:
        """Whether anything could be played in a room."""
        return Message(self._branch.topic(room, "status"), "online" if online else "offline", retain=True)

    def display(self, room: str, display: Display) -> Message:
        """How a room stands, for panels that cannot count by themselves."""
        return Message(self._branch.topic(room, "display"), display.payload(), retain=True)

    def forget(self) -> None:
        """The broker may have lost everything: every state is news again."""
        self._told.clear()
        self._health = None

    def event(self, record: EventRecord, at: datetime) -> Message:
        """Something that happened in a room, at a moment of the wall clock."""
        return Message(self._branch.topic(record.room, "event"), EventMessage.of(record, at).payload(), expiry=STALE)

    def rooms_are(self, rooms: Iterable[str], reply_to: Sequence[str] = ()) -> list[Message]:
        """The home file was read again: these are its rooms now. Clears the states of those that are gone."""
        self.reply_topics = ReplyTopics(self.base, reply_to)
        before, self._branch.names = self._branch.names, tuple(rooms)
        gone = [room for room in before if room not in self._branch.names]
        for room in gone:
            for memory in (self._told, self._last, self._problems, self._refusals, self._unsaid, self._answers):
                memory.pop(room, None)
        return [message for room in gone for message in self._branch.clearing(room, _STORED)]

    # Inside

    def _of_room(self, room: str) -> ReplyCache[Reply]:
        return self._answers.setdefault(room, ReplyCache())

    def _answer(self, asked: Asked, reply: Reply) -> list[Message]:
        """What was never understood is not remembered: it did nothing, and does nothing the next time."""
        if not isinstance(asked.request, Refused):
            self._of_room(asked.room).remember(asked.request_id, reply)
        return self._reply(asked, reply)

    def _reply(self, asked: Asked, reply: Reply) -> list[Message]:
        return self._branch.replies(asked.room, reply, asked.reply_to, asked.correlation)


def reason_of(error: RelaxError) -> Reason:
    """The word for machines that an error has."""
    match error:
        case Refused(reason=reason):
            return reason
        case UnknownScene():
            return Reason.UNKNOWN_SCENE
        case UnknownRoom():
            return Reason.UNKNOWN_ROOM
        case BadParameter():
            return Reason.BAD_PARAMETER
        case FileError():
            return Reason.BROKEN_FILE
        case _:
            return Reason.FAILED
