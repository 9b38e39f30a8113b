"""A simulated Mopidy, as Mopidy 3.4.2 with Mopiqtt 1.2.1 or MQTT-NG 1.0.0 was heard to answer.

It has a queue, whose tracks end. It says nothing of itself until something changes. A volume without a sign in front is
refused, which nobody hears of. MQTT-NG is told an address and does nothing with it.
"""

import json
from collections.abc import Callable
from typing import NamedTuple

from orchestrator.devices.dialects.mopidy import QUEUE, MopidySettings
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import number
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.twin import Twin
from orchestrator.units import MINUTE, Ms, Percent

VOLUME = Percent(40.0)
ANSWER: Ms = 10
"""A mixer takes a moment."""
TRACK: Ms = 5 * MINUTE
"""How long a file is; a stream has no end."""


class _Words(NamedTuple):
    """What a plug-in calls things."""

    command: str
    said: str
    state: str
    uri: str | None


_MOPIQTT = _Words("cmnd", "stat", "plstate", "trk_uri")
_NG = _Words("c", "i", "sta", None)


class SimulatedMopidy:
    """One Mopidy. With MQTT-NG somebody has filled its queue, which is all that it can play."""

    def __init__(self, name: str, settings: MopidySettings) -> None:
        self.name = name
        self.volume = VOLUME
        self._topic = settings.topic
        self._has_mixer = settings.mixer is not False
        self._is_ng = settings.plugin == "mqtt-ng"
        self._words = _NG if self._is_ng else _MOPIQTT
        self._queue: list[str] = [QUEUE] * 12 if self._is_ng else []
        self._at = 0
        self._has_track = False
        self._state = "stopped"
        self._left: Ms = TRACK
        self._ends: Ms | None = None
        self._agenda = Agenda()
        self._does: dict[str, Callable[[str, Ms], list[Message]]] = {"plb": self._playback, "vol": self._turn}
        if self._is_ng:
            self._does["inf"] = self._asked
        else:
            self._does |= {
                "pstream": self._stream,
                "add": self._add,
                "chgtrk": self._go_to,
                "queryschemes": self._schemes,
            }

    @property
    def address(self) -> str:
        return self._topic

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(f"{self._topic}/{self._words.command}/{command}" for command in self._does)

    @property
    def playing(self) -> str:
        return self._queue[self._at] if self._state != "stopped" else ""

    @property
    def is_paused(self) -> bool:
        return self._state == "paused"

    def availability(self, *, online: bool) -> tuple[Message, ...]:
        """No plug-in has such a thing."""
        del online
        return ()

    def connected(self, _now: Ms) -> list[Message]:
        return []

    def receive(self, message: Message, now: Ms) -> list[Message]:
        return self._does[message.topic.rpartition("/")[2]](message.payload, now)

    def advance(self, now: Ms) -> list[Message]:
        return self._agenda.advance(now)

    def next_deadline(self) -> Ms | None:
        return self._agenda.next_deadline()

    def turned(self, volume: Percent) -> list[Message]:
        """Somebody turns the knob."""
        self.volume = volume
        return [self._says("vol", str(round(volume)))]

    def _playback(self, word: str, now: Ms) -> list[Message]:
        match word:
            case "play" if self._queue:
                return self._go_on(now) if self._state == "paused" else self._start(self._at, now)
            case "resume" if self._state == "paused":
                return self._go_on(now)
            case "pause" if self._state != "stopped":
                self._left = max((self._ends or now + self._left) - now, 0)
                return self._becomes("paused")
            case "stop" if self._state != "stopped":
                return self._becomes("stopped")
            case _:
                return []

    def _turn(self, wish: str, now: Ms) -> list[Message]:
        amount = number(wish[1:])
        if not self._has_mixer or amount is None or wish[0] not in "=+-":
            return []
        before = 0.0 if wish[0] == "=" else float(self.volume)
        self.volume = Percent(min(max(before + (-amount if wish[0] == "-" else amount), 0.0), 100.0))
        return self._later(self._says("vol", str(round(self.volume))), now)

    def _stream(self, uri: str, now: Ms) -> list[Message]:
        stopped = self._becomes("stopped") if self._state != "stopped" else []
        self._queue = [uri]
        return [*stopped, self._lists(), *self._start(0, now)]

    def _add(self, uri: str, _now: Ms) -> list[Message]:
        self._queue.append(uri)
        return [self._lists()]

    def _go_to(self, uri: str, now: Ms) -> list[Message]:
        """The first of that address."""
        return self._start(self._queue.index(uri), now) if uri in self._queue else []

    def _asked(self, what: str, now: Ms) -> list[Message]:
        said = self._says("sta", self._state) if what == "state" else self._says("vol", str(round(self.volume)))
        return self._later(said, now)

    def _start(self, at: int, now: Ms) -> list[Message]:
        """The mixer is set up with each start, and says so."""
        self._at, self._left = at, TRACK
        mixer = [self._says("vol", str(round(self.volume)))] if self._has_mixer else []
        over = [self._says("trk", "")] if self._has_track else []
        self._has_track = True
        name = self._says("trk", f"{self._queue[at].rpartition('/')[2]};;")
        uri = [self._says(self._words.uri, self._queue[at])] if self._words.uri else []
        return [*mixer, *over, *self._go_on(now), name, *uri]

    def _go_on(self, now: Ms) -> list[Message]:
        self._ends = ends = now + self._left
        self._agenda.put(ends, lambda moment: self._end(ends, moment))
        return self._becomes("playing")

    def _end(self, ends: Ms, now: Ms) -> list[Message]:
        """The next of the queue follows without a gap; after the last it is silent."""
        if self._state != "playing" or self._ends != ends:
            return []
        return self._start(self._at + 1, now) if self._at + 1 < len(self._queue) else self._becomes("stopped")

    def _becomes(self, state: str) -> list[Message]:
        self._state = state
        if state == "stopped":
            self._at = 0
        return [self._says(self._words.state, state)]

    def _later(self, said: Message, now: Ms) -> list[Message]:
        self._agenda.put(now + ANSWER, lambda _moment: [said])
        return []

    def _schemes(self, _wish: str, now: Ms) -> list[Message]:
        return self._later(self._says("uri_schemes", '["file", "http", "m3u"]'), now)

    def _lists(self) -> Message:
        return self._says("trklist", json.dumps([{"name": uri.rpartition("/")[2], "uri": uri} for uri in self._queue]))

    def _says(self, what: str, word: str) -> Message:
        return Message(f"{self._topic}/{self._words.said}/{what}", word)


TWIN = Twin(sound=SimulatedMopidy)
