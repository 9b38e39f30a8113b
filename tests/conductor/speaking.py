"""A home whose voice speaks as real ones do: at its own rate, or in a share of the time that is planned, and late."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from orchestrator.commands import RoomCommand
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Entry, RecoveryRecord
from orchestrator.conductor.preparation import Timings, declared, prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.request import Start
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Landed
from orchestrator.events.words import Announced
from orchestrator.home.library import Home, read
from orchestrator.scenes.library import Scene
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import SECOND, Ms

TOPIC = "speakers/room"
KINDS = {
    "relax_speaker": f"{{kind: voice, dialect: relax_speaker, topic: {TOPIC}}}",
    "hermes": "{kind: voice, dialect: hermes, site: room}",
    "template": """
    kind: voice
    dialect: template
    say: {topic: tts/say, payload: "{{ {'text': text, 'id': id} | tojson }}"}
    done: {topic: tts/done}
""",
    "template without done": """
    kind: voice
    dialect: template
    say: {topic: tts/say, payload: "{{ {'text': text, 'id': id} | tojson }}"}
""",
}


def home(kind: str) -> Home:
    return read(
        f"""
home: house
format: 1
devices:
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
  voice: {KINDS[kind]}
rooms:
  room:
    roles: {{main: lamp, voice: voice}}
    ready: tap the phone
""",
        "home.yaml",
    )


def start(place: Home, scene: Scene, timings: Timings = declared, rate: int = 1000, language: str = "en") -> Start:
    return prepare(scene, place, "room", {}, name="room-1", timings=timings, rate=rate, language=language)


class Said(NamedTuple):
    """What was to be heard of one `say`, from its first sound to its last."""

    id: str
    text: str
    began: Ms
    over: Ms


class RealVoice:
    """Answers what a home's voice is told. `takes` says how long it needs for a text at a rate."""

    def __init__(
        self, kind: str, takes: Callable[[str, float, float], Ms], abilities: Sequence[str] = ("done", "hush")
    ) -> None:
        self.said: list[Said] = []
        self.hushed: list[str] = []
        self._kind = kind
        self._takes = takes
        self._abilities = abilities
        self._free: Ms = 0
        self._ends: list[tuple[Ms, Message]] = []

    def connected(self) -> list[Message]:
        if self._kind != "relax_speaker":
            return []
        state = json.dumps({"playing": "", "volume": 0.3, "abilities": list(self._abilities)})
        return [Message(f"{TOPIC}/state", state, retain=True), Message(f"{TOPIC}/status", "online", retain=True)]

    def is_meant(self, message: Message) -> bool:
        return message.topic in (f"{TOPIC}/set", "hermes/tts/say", "tts/say")

    def receive(self, message: Message, now: Ms) -> list[Message]:
        order = json.loads(message.payload)
        if order.get("do") == "hush":
            return self._hush(order["id"], now)
        if order.get("do", "say") != "say":
            return []
        began = max(now, self._free)  # one after the other
        over = self._free = began + self._takes(order["text"], order.get("rate", 110.0), order.get("gap", 0.0))
        self.said.append(Said(order["id"], order["text"], began, over))
        if self._kind != "template without done":
            self._ends.append((over, self._event(order["id"], "done")))
        return []

    def _hush(self, name: str, now: Ms) -> list[Message]:
        self.hushed.append(name)
        self._ends = [end for end in self._ends if end[1] != self._event(name, "done")]
        self._free = now
        return [self._event(name, "failed")]

    def _event(self, name: str, event: str) -> Message:
        if self._kind == "relax_speaker":
            return Message(f"{TOPIC}/event", json.dumps({"id": name, "event": event}))
        if self._kind == "hermes":
            return Message("hermes/tts/sayFinished", json.dumps({"id": name, "siteId": "room"}))
        return Message("tts/done", name)

    def due(self) -> Ms | None:
        return min((at for at, _ in self._ends), default=None)

    def advance(self, now: Ms) -> list[Message]:
        over = [message for at, message in self._ends if at <= now]
        self._ends = [end for end in self._ends if end[0] > now]
        return over


class Played(NamedTuple):
    """A session that is over: when it had landed, what was announced of it, and what the journal was told."""

    ended: Ms
    records: list[EventRecord]
    entries: list[Entry]
    remaining: list[tuple[Ms, Ms]]
    """Moments, and what the room said was left then."""

    @property
    def announced(self) -> list[str]:
        return [record.event.text for record in self.records if isinstance(record.event, Announced)]


def play(
    place: Home,
    begin: Start,
    voice: RealVoice,
    commands: Sequence[tuple[Ms, RoomCommand]] = (),
    recovered: RecoveryRecord | None = None,
) -> Played:
    """A session on virtual time, in a home that has just told how it is; commands at their moments.

    `recovered`: it was cut off, and goes on.
    """
    conductor, simulated = Conductor(place, bridge_rates(place)), SimulatedHome(place)
    records: list[EventRecord] = []
    remaining: list[tuple[Ms, Ms]] = []
    waiting = sorted(commands, key=lambda command: command[0])

    def hear(messages: Sequence[Message], now: Ms) -> None:
        for message in messages:
            conductor.receive(message, now)

    def exchange(now: Ms) -> None:
        while True:
            messages, told = conductor.take()
            records.extend(told)
            if not messages:
                return
            for message in messages:
                hear(voice.receive(message, now) if voice.is_meant(message) else simulated.receive(message, now), now)

    now: Ms = 0
    hear([message for message in simulated.connected(0) if not message.topic.startswith(TOPIC)], 0)
    hear(voice.connected(), 0)
    if recovered is None:
        conductor.start(begin, 0)
    else:
        conductor.resume(begin, recovered, 0)
    exchange(0)
    while not conductor.is_settled("room"):
        due = (conductor.next_deadline(), simulated.next_deadline(), voice.due(), waiting[0][0] if waiting else None)
        now = max(now, min(moment for moment in due if moment is not None))
        hear(simulated.advance(now), now)
        hear(voice.advance(now), now)
        conductor.advance(now)
        while waiting and waiting[0][0] <= now:
            with suppress(Refused):
                conductor.command("room", waiting.pop(0)[1], now)
        runner = conductor.runner("room")
        view = runner.view(now) if runner is not None else None
        if view is not None and view.ending is None:
            remaining.append((now, view.remaining))
        exchange(now)
    ended = next(record.at for record in records if isinstance(record.event, Landed))
    return Played(ended, records, conductor.entries(), remaining)


def a_tenth_of_a_second_a_letter(text: str, rate: float, gap: float) -> Ms:
    """A voice of its own rate: letters, and a little to get going. It runs sentences together."""
    del rate, gap
    return len(text) * SECOND // 14 + 350
