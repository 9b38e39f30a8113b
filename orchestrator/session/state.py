"""What a session is in, what each command does to that, and what is published of it: the whole machine in one place.

A session's state is derived and never written: from its ending, from whether it is paused, and from what its playhead
stands for. `COMMANDS` says which command is accepted where, and what it leaves the session in; `BY_ITSELF` what time
does. What else refuses a command (a step that does not exist) and what it means in detail is in `session.py`.

Before it has begun there is no session: `starting` is its runner's.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import NamedTuple

from orchestrator.commands import (
    Abort,
    Back,
    Extend,
    Goto,
    MusicVolume,
    Next,
    Pause,
    Proceed,
    Repeat,
    Resume,
    Skip,
    Stop,
    Toggle,
)
from orchestrator.errors import Reason, Refused
from orchestrator.session.commands import Command, Interrupt, Tell
from orchestrator.units import Ms


class HoldFor(StrEnum):
    """What the playhead stands for."""

    SPEECH = "speech"
    """Words that are still in the air, or come first."""
    PERSON = "person"
    """A wait: the person says next."""


class Hold(NamedTuple):
    """The playhead stands, at the latest until a moment (real)."""

    reason: HoldFor
    until: Ms


class State(Enum):
    """What a session is in."""

    PLAYING = "playing"
    """Its playhead moves along a chapter, or stands in a hold."""
    PAUSED = "paused"
    """Its running clock stands, and with it fades, words and limits."""
    LANDING = "landing"
    """The room is being given back, or left in a look; `ending` says why."""
    OVER = "over"
    """Nothing happens any more."""


class Status(StrEnum):
    """What a room's session does."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    HOLDING = "holding"
    PAUSED = "paused"
    LANDING = "landing"


def status_of(state: State, hold: HoldFor | None) -> Status:
    """The status of a session in a state, whose playhead stands for something or moves."""
    match state:
        case State.PLAYING:
            return Status.RUNNING if hold is None else Status.HOLDING
        case State.PAUSED:
            return Status.PAUSED
        case State.LANDING:
            return Status.LANDING
        case State.OVER:
            return Status.IDLE


_PLAYING, _PAUSED, _LANDING = frozenset({State.PLAYING}), frozenset({State.PAUSED}), frozenset({State.LANDING})
_STAYS = {State.PLAYING: _PLAYING, State.PAUSED: _PAUSED}
_PAUSES = {State.PLAYING: _PAUSED, State.PAUSED: _PAUSED}
_PLAYS = {State.PLAYING: _PLAYING, State.PAUSED: _PLAYING}
_MOVES_ON = {State.PLAYING: _PLAYING | _LANDING, State.PAUSED: _PLAYING | _LANDING}
_LANDS = {State.PLAYING: _LANDING, State.PAUSED: _LANDING, State.LANDING: _LANDING}

COMMANDS: Mapping[type[Command], Mapping[State, frozenset[State]]] = {
    Pause: _PAUSES,
    Interrupt: _PAUSES,
    Resume: _PLAYS,
    Toggle: {State.PLAYING: _PAUSED, State.PAUSED: _PLAYING},
    Next: _MOVES_ON,
    Proceed: _MOVES_ON,
    Skip: _MOVES_ON,
    Back: _PLAYS,
    Goto: _PLAYS,
    Repeat: _PLAYS,
    Extend: _STAYS,
    MusicVolume: _STAYS,
    Tell: {**_STAYS, State.LANDING: _LANDING},
    Stop: _LANDS,
    Abort: _LANDS,
}
"""For each command: the states in which it is accepted, each with those that it may leave the session in."""

BY_ITSELF: Mapping[State, frozenset[State]] = {
    State.PLAYING: _LANDING,
    State.PAUSED: _LANDING,
    State.LANDING: frozenset({State.OVER}),
    State.OVER: frozenset(),
}
"""Where time leads: the last chapter is over, a pause is too long, the room has been given back.

`Session.end` lands as well; `Session.replaced` leads to OVER from everywhere.
"""

_REFUSALS = {
    State.LANDING: "The session is landing: it comes to its end by itself.",
    State.OVER: "The session is over.",
}


def refuse_unless_accepted(command: Command, state: State) -> None:
    """Raises Refused for a command that makes no sense in a state."""
    if state not in COMMANDS[type(command)]:
        raise Refused(Reason.NOT_NOW, _REFUSALS[state])
