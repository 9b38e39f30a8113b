"""The devices of a home at a broker, each behind its line: they hear commands, do something, and speak of it."""

import copy
import heapq
import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from random import Random
from typing import Any, NamedTuple, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.far_end.line import Line
from tests.witness.house import House
from tests.witness.lamps import Lamp
from tests.witness.speakers import Speaker
from tests.witness.twins import Payload, Said, Twin

_STRAIGHT = Line()
_ASLEEP = 0.004
"""Seconds that the thread waits for the broker at once."""


class Heard(NamedTuple):
    """A message at the broker, and when it came."""

    t: float
    topic: str
    payload: Payload


class Devices:
    """Use it in `with`. One thread of its own; what is seen of a device may be read at any time.

    `on_message` is called there with everything that anybody publishes. `seed` decides whatever is left to chance.
    """

    def __init__(
        self, house: House, lines: Mapping[str, Line], port: int, seed: object, on_message: Callable[[Heard], None]
    ) -> None:
        self.house = house
        self.before: dict[str, Twin] = copy.deepcopy(house.twins)
        self._lines = lines
        self._port = port
        self._on_message = on_message
        self._chance = Random(str(seed))
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._numbers = count()
        self._wishes: queue.SimpleQueue[Callable[[float], None]] = queue.SimpleQueue()
        self._by_topic: dict[str, list[str]] = {}
        for name, twin in house.twins.items():
            for topic in twin.topics:
                self._by_topic.setdefault(topic, []).append(name)
        self._over = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._hear
        self._thread = threading.Thread(target=self._live, name="far-end-devices")

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self._port)
        self._client.subscribe("#", qos=0)
        for twin in self.house.twins.values():
            self._send(twin.connected())
        for name, line in self._lines.items():
            if line.repeats is not None:
                self._repeat(name, line.repeats)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._client.disconnect()

    # What people do

    def publish(self, topic: str, payload: Payload, *, retain: bool = False) -> None:
        """Somebody says something."""
        self._wishes.put(lambda _t: self._send([Said(topic, payload, retain)]))

    def turn(self, name: str, units: float) -> None:
        """A hand at a lamp, which says so."""

        def turned(t: float) -> None:
            lamp = self.lamp(name)
            lamp.go(t, units > 0, units if units > 0 else None, None)
            self._say(name, _state(lamp))

        self._wishes.put(turned)

    def power_up(self, name: str, *others: Said) -> None:
        """A lamp that was without power is lit as its maker has it: at full. `others` is what tells of it as well."""

        def lit(t: float) -> None:
            lamp = self.lamp(name)
            lamp.level.move(t, float(lamp.units))
            lamp.remembered = float(lamp.units)
            self._send(others)
            self._say(name, _state(lamp))

        self._wishes.put(lit)

    # What is seen

    def lamp(self, name: str) -> Lamp:
        return self.house.lamps[name]

    def units(self, name: str) -> float:
        """What a lamp shows now, in units of its own; 0 is off."""
        return self.lamp(name).level.at(time.monotonic()) * self.line(name).shows

    def speaker(self, name: str) -> Speaker:
        twin = self.house.twins[name]
        assert isinstance(twin, Speaker)
        return twin

    # Its thread

    def _live(self) -> None:
        while not self._over.is_set():
            self._client.loop(timeout=_ASLEEP)
            now = time.monotonic()
            while not self._wishes.empty():
                self._wishes.get()(now)
            while self._due and self._due[0][0] <= now:
                heapq.heappop(self._due)[2](now)
            for name, twin in self.house.twins.items():
                if (due := twin.due()) is not None and due <= now:
                    self._say(name, twin.advance(now))

    def _hear(self, _client: mqtt.Client, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        heard = Heard(time.monotonic(), message.topic, _read(bytes(message.payload)))
        for name in self._by_topic.get(heard.topic, ()):
            self._tell(name, heard)
        self._on_message(heard)

    def _tell(self, name: str, heard: Heard) -> None:
        twin, line = self.house.twins[name], self.line(name)
        if line.loses is None or not line.loses(heard.payload):
            self._say(name, twin.receive(heard.t, heard.topic, heard.payload))
        elif line.assumes:
            self._say(name, copy.deepcopy(twin).receive(heard.t, heard.topic, heard.payload))

    def _repeat(self, name: str, seconds: float) -> None:
        def say(_t: float) -> None:
            self._say(name, _state(self.lamp(name)))
            self._at(seconds, say)

        self._at(seconds * self._chance.random(), say)

    def _say(self, name: str, said: Iterable[Said]) -> None:
        """What a device says, as its line brings it to the broker."""
        line = self.line(name)
        for each in said:
            shown = each._replace(payload=line.says(each.payload, self._chance))
            for _ in range(2 if line.doubled else 1):
                self._at(line.late + line.uneven * self._chance.random(), self._sending(shown))

    def _sending(self, said: Said) -> Callable[[float], None]:
        return lambda _t: self._send([said])

    def _at(self, seconds: float, do: Callable[[float], None]) -> None:
        if seconds <= 0.0:
            do(time.monotonic())
        else:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), do))

    def _send(self, said: Iterable[Said]) -> None:
        for each in said:
            text = each.payload if isinstance(each.payload, str) else json.dumps(each.payload)
            self._client.publish(each.topic, text, retain=each.retain)

    def line(self, name: str) -> Line:
        return self._lines.get(name, _STRAIGHT)


def _state(lamp: Lamp) -> list[Said]:
    """How a lamp is, in its own words."""
    state: Any = lamp.connected()
    return [said for said in state if isinstance(said.payload, dict) and "brightness" in said.payload]


def _read(payload: bytes) -> Payload:
    text = payload.decode(errors="replace")
    return json.loads(text) if text.startswith("{") else text
