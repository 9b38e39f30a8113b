"""A session as a listener at the broker would have heard it: what is sent, what devices say, what is published."""

from collections.abc import Callable
from datetime import datetime

from orchestrator.cli.follow.json_lines import MessageLines, payload_of
from orchestrator.cli.follow.renderer import FollowedEvent
from orchestrator.cli.follow.session_summary import SessionSummary
from orchestrator.cli.json_output import print_json_line
from orchestrator.commands import BY_WORD, word_of
from orchestrator.conductor.deeds import Hand, Morning, Offline, Online, Restart
from orchestrator.conductor.rehearsal import Commanded, Done
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.integrations.interface import Interface
from orchestrator.units import SECOND, Ms
from orchestrator.values import Colour, Temperature


class RecordingLines(MessageLines):
    """A message a line, as `MessageLines`; what did not come from us says `from`: home, person or relax.

    `relax` is what our interface publishes: events and how the room stands. `wall`: the clock on the wall at a moment.
    """

    def __init__(self, room: str, runner: Callable[[], SessionRunner | None], wall: Callable[[Ms], datetime]) -> None:
        super().__init__()
        self._room = room
        self._runner = runner
        self._wall = wall
        self._interface = Interface([room])

    def heard(self, at: Ms, message: Message) -> None:
        """A device said something."""
        self._print(at, "home", message)

    def commanded(self, what: Commanded) -> None:
        """A person told the room something; a refusal is the answer that it would have got."""
        word = word_of(what.command)
        argument = BY_WORD[word].argument
        values = {} if argument is None else {argument.key: _plain(getattr(what.command, argument.key))}
        refused = {} if what.refused is None else {"refused": str(what.refused)}
        topic = f"{self._interface.base}/rooms/{self._room}/command"
        print_json_line(
            {"t": what.at / SECOND, "from": "person", "topic": topic, "payload": {"command": word, **values}, **refused}
        )

    def done(self, what: Done) -> None:
        """Something was done that is no message: by a hand, to a device, to relax itself."""
        print_json_line({"t": what.at / SECOND, "from": "person", **_deed(what)})

    def happened(self, event: FollowedEvent) -> None:
        if isinstance(event.origin, EventRecord):
            self._print(event.origin.at, "relax", self._interface.event(event.origin, event.at))

    def stands(self, now: Ms) -> None:
        """How the room stands, where that is news."""
        for message in self._interface.session(self._room, self._runner(), now, self._wall(now)):
            self._print(now, "relax", message)

    def ended(self, summary: SessionSummary) -> None:
        self.stands(round(summary.seconds * SECOND))
        super().ended(summary)

    def _print(self, at: Ms, origin: str, message: Message) -> None:
        line = {"t": at / SECOND, "from": origin, "topic": message.topic, "payload": payload_of(message.payload)}
        print_json_line({**line, "qos": message.qos, "retain": message.retain})


def _deed(what: Done) -> dict[str, object]:
    match what.deed:
        case Hand(device, level, colour, on):
            turned = {"level": level, "colour": None if colour is None else _colour(colour), "on": on}
            return {"does": "hand", "device": device, **{key: each for key, each in turned.items() if each is not None}}
        case Offline(device):
            return {"does": "offline", "device": device}
        case Online(device):
            return {"does": "online", "device": device}
        case Restart(away):
            return {"does": "restart", "away": away / SECOND}
        case Morning():
            return {"does": "morning"}


def _colour(colour: Colour) -> str:
    return f"{colour.kelvin:.0f}K" if isinstance(colour, Temperature) else colour.hex


def _plain(value: object) -> object:
    """The argument of a command in JSON: lengths as seconds."""
    return value / SECOND if isinstance(value, int) else value
