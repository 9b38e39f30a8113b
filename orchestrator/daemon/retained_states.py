"""How the rooms stood in the life before this one, as the broker kept it: what the journal could not be told.

A message of ours to ourselves comes back after everything that the broker has stored; who waits for it has heard all.
"""

import json
import secrets
from typing import Any

from pydantic import ValidationError

from orchestrator.devices.messages import Message
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import SessionState
from orchestrator.journal.records import Closed, LastSeen
from orchestrator.session.state import Status
from orchestrator.units import SECOND, Ms

HEARD_WITHIN: Ms = 2 * SECOND
"""A broker that does not let us talk to ourselves has told by then what it has."""


class RetainedStates:
    """One home's. States are taken until `are_complete`."""

    def __init__(self, interface: Interface) -> None:
        self._interface = interface
        self.echo = f"{interface.base}/echo/{secrets.token_hex(4)}"
        """The topic to subscribe to, and to publish `question` on."""
        self._states: dict[str, SessionState] = {}
        self._asked: Ms | None = None
        self._has_echoed = False

    def question(self, now: Ms) -> Message:
        """To be published on every connect."""
        self._asked, self._has_echoed = now, False
        return Message(self.echo, "")

    def take(self, message: Message) -> None:
        """Anything that is heard."""
        if message.topic == self.echo:
            self._has_echoed = True
        room = self._interface.room_told_of(message.topic)
        if room is not None and message.retain and (state := _read(message.payload)) is not None:
            self._states[room] = state

    def are_complete(self, now: Ms) -> bool:
        """Whether all that is stored has been heard, or would have been by now."""
        return self._asked is not None and (self._has_echoed or now - self._asked >= HEARD_WITHIN)

    def seen(self) -> dict[str, LastSeen]:
        """By room: who was on, who was on before, and what was still owed."""
        return {room: _seen(room, state) for room, state in self._states.items()}


def _seen(room: str, state: SessionState) -> LastSeen:
    last = state.last
    closed = Closed(last.session, room, last.scene, last.ending, last.ended_at) if last is not None else None
    has_begun = state.status is not Status.STARTING
    return LastSeen(state.id, state.scene, closed, frozenset(state.owed), has_begun)


def _read(payload: str) -> SessionState | None:
    """A state as this relax, an older or a newer one wrote it; None for what is none."""
    try:
        found: Any = json.loads(payload)
        known = {field.alias or name for name, field in SessionState.model_fields.items()}
        state = SessionState.model_validate({key: value for key, value in found.items() if key in known})
    except (ValueError, ValidationError, AttributeError, RecursionError):
        return None
    has_zone = state.last is None or state.last.ended_at.tzinfo is not None
    return state if has_zone else None
