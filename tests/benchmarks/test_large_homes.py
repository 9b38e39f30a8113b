"""In a large home one message, one start and one cue cost what they cost in a small one, in time of the processor.

What it takes in milliseconds, and beside an earlier commit, is in `make bench` and `make bench-against`.
"""

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from time import thread_time
from typing import TypeAlias

import pytest
import yaml
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.daemon.message_rank import message_rank
from orchestrator.devices.messages import Message
from orchestrator.home import library as homes
from orchestrator.home.library import Home
from orchestrator.journal.device_trace import DeviceTrace
from orchestrator.journal.journal import Journal
from orchestrator.mqtt.address import Address
from orchestrator.mqtt.subscriptions import Subscriptions
from orchestrator.mqtt.terms import Terms
from orchestrator.scenes import library

SMALL, LARGE = 4, 160
"""Rooms. What grows with the home is forty times as much in the large one, what does not about the same."""
LAMPS = 3
TIMES_AS_MUCH = 2
"""Caches of the processor are colder in a large home."""
SCENE = library.read(
    """
scene: glow
format: 1
title: Glow
roles: {main: {kind: light}, voice: {kind: voice, optional: true}}
looks: {low: {main: {brightness: 10%}}, high: {main: {brightness: 60%}}}
steps:
  - step: play
    look: low
    fade: 0s
    lasts: 1min
    cues: [{at: 1s, look: high, fade: 0s}, {at: 2s, look: low, fade: 0s, say: Rest.}, {at: 3s, look: high, fade: 0s}]
finish: {look: restore, fade: 0s}
""",
    "glow.yaml",
)


Work: TypeAlias = Callable[[], int]
"""Does something some times, and says how many."""


@cache
def home(rooms: int) -> Home:
    return homes.read(text_of(rooms), "home.yaml")


def text_of(rooms: int) -> str:
    lines = ["home: large", "format: 1", "devices:"]
    for room in range(rooms):
        for lamp in range(LAMPS):
            topics = f"command_topic: lamp/{room}/{lamp}/set, state_topic: lamp/{room}/{lamp}"
            lines.append(f"  lamp-{room}-{lamp}: {{kind: light, dialect: home_assistant, {topics}}}")
        lines.append(f"  voice-{room}: {{kind: voice, dialect: relax_speaker, topic: voice/{room}}}")
    lines.append("rooms:")
    for room in range(rooms):
        lamps = ", ".join(f"lamp-{room}-{lamp}" for lamp in range(LAMPS))
        lines.append(f"  room-{room}: {{roles: {{main: [{lamps}], voice: voice-{room}}}}}")
    return "\n".join(lines) + "\n"


def kept(read: Callable[[], object]) -> int:
    """Bytes of what is left of reading something."""
    gc.collect()
    tracemalloc.start()
    try:
        result = read()
        gc.collect()
        assert result is not None
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def states(rooms: int) -> list[Message]:
    """What every lamp says of itself."""
    said = '{"state": "ON", "brightness": 128}'
    return [Message(f"lamp/{room}/{lamp}", said, retain=True) for room in range(rooms) for lamp in range(LAMPS)]


def conductor_of(rooms: int) -> Conductor:
    """What every lamp says of itself it has been told."""
    place = home(rooms)
    conductor = Conductor(place, bridge_rates(place))
    for message in states(rooms):
        conductor.receive(message, 0)
    return conductor


def a_message(rooms: int) -> Work:
    """Of a device."""
    conductor, messages = conductor_of(rooms), states(rooms)

    def work() -> int:
        for message in messages:
            conductor.receive(message, 0)
        return len(messages)

    return work


def a_line_of_the_trace(rooms: int) -> Work:
    """What a device says, where nobody asked it anything."""
    messages, trace = states(rooms), DeviceTrace(home(rooms).devices.values(), Journal(Path("unused")))

    def work() -> int:
        for message in messages:
            trace.heard(message, 0)
        return len(messages)

    return work


def an_announcement(rooms: int) -> Work:
    """A device that is none of ours announces itself to Home Assistant: each of our lamps might be meant."""
    conductor = conductor_of(rooms)
    entities = ", ".join(f'"{number}": {{"cmd_t": "other/{number}", "p": "sensor"}}' for number in range(30))
    message = Message("homeassistant/device/other/config", f'{{"cmps": {{{entities}}}}}', retain=True)

    def work() -> int:
        conductor.receive(message, 0)
        return 1

    return work


def an_announcement_of_ours(rooms: int) -> Work:
    """Each of our lamps announces itself, as when we come to the broker: it alone has to hear that."""
    conductor = conductor_of(rooms)
    said = '"stat_t": "lamp/{0}", "schema": "json", "brightness": true, "sup_clrm": ["color_temp"]'
    names = [f"{room}/{lamp}" for room in range(rooms) for lamp in range(LAMPS)]
    messages = [
        Message(
            f"homeassistant/light/{name}/config", f'{{"cmd_t": "lamp/{name}/set", {said.format(name)}}}', retain=True
        )
        for name in names
    ]

    def work() -> int:
        for message in messages:
            conductor.receive(message, 0)
        return len(messages)

    return work


def a_tasmota_lamp_of_ours(rooms: int) -> Work:
    """The same of the other family whose devices announce themselves where all do."""
    names = [f"t{room}-{lamp}" for room in range(rooms) for lamp in range(LAMPS)]
    listed = "".join(f"  {name}: {{kind: light, dialect: tasmota, topic: {name}}}\n" for name in names)
    place = homes.read(f"home: t\nformat: 1\ndevices:\n{listed}rooms: {{den: {{roles: {{}}}}}}\n", "home.yaml")
    conductor = Conductor(place, bridge_rates(place))
    said = '"ft": "%prefix%/%topic%/", "tp": ["cmnd", "stat", "tele"], "rl": [2], "lt_st": 1, "so": {"117": 1}'
    number = count()

    def work() -> int:
        for name in names:  # never the same twice, which a small home would have at hand
            payload = f'{{"t": "{name}", "mac": "{name}", "n": {next(number)}, {said}}}'
            conductor.receive(Message(f"tasmota/discovery/{name}/config", payload, retain=True), 0)
        return len(names)

    return work


def a_start(rooms: int) -> Work:
    """One in every room, and nothing after it."""
    conductor = conductor_of(rooms)
    starts = [prepare(SCENE, home(rooms), f"room-{room}", {}, name=f"s-{room}") for room in range(rooms)]

    def work() -> int:
        for start in starts:
            conductor.start(start, 0)
        return rooms

    return work


def a_session(rooms: int) -> Work:
    """One in every room, some cues long."""
    conductor = conductor_of(rooms)
    starts = [prepare(SCENE, home(rooms), f"room-{room}", {}, name=f"s-{room}") for room in range(rooms)]

    def work() -> int:
        for number, start in enumerate(starts):
            conductor.start(start, number)
            conductor.take()
        while (due := conductor.next_deadline()) is not None and due < 5000:
            conductor.advance(due)
            conductor.take()
            conductor.entries()
            conductor.stirred()
        return rooms

    return work


def a_rank(rooms: int) -> Work:
    """What is said on a topic of the home, asked for the first time."""
    place, topics = home(rooms), [message.topic for message in states(rooms)]

    def work() -> int:
        rank = message_rank(place, ())
        for topic in topics:
            rank(topic)
        return len(topics)

    return work


def a_count(rooms: int) -> Work:
    """What comes by a filter with wildcards is counted, beside all that was asked for by name."""
    client = Client(CallbackAPIVersion.VERSION2)
    subscriptions = Subscriptions(client, Address("broker", 1883), Terms("relax"), lambda _topic: None)
    subscriptions.ask_for([*(message.topic for message in states(rooms)), "other/+/state"])

    def work() -> int:
        for number in range(50):
            subscriptions.count(f"other/{number}/state")
        return 50

    return work


async def cost(of: Callable[[int], Work], rooms: int) -> float:
    """Milliseconds of the processor for one of what is done, the least of some rounds."""
    took = []
    for _ in range(3):
        work = of(rooms)
        gc.collect()
        began = thread_time()
        done = work()
        took.append((thread_time() - began) * 1000 / done)
    return min(took)


@pytest.mark.parametrize(
    "of",
    [
        a_message,
        a_line_of_the_trace,
        an_announcement_of_ours,
        a_tasmota_lamp_of_ours,
        a_start,
        a_session,
        a_rank,
        a_count,
    ],
)
def test_it_costs_no_more_in_a_large_home(of: Callable[[int], Work]) -> None:
    small, large = (asyncio.run(cost(of, rooms)) for rooms in (SMALL, LARGE))
    assert large <= TIMES_AS_MUCH * small


def test_what_all_lamps_hear_is_read_once() -> None:
    small, large = (asyncio.run(cost(an_announcement, rooms)) for rooms in (SMALL, LARGE))
    assert large <= LARGE / SMALL / 2 * small


def test_a_home_that_was_read_is_less_than_the_nodes_of_its_text() -> None:
    """They know the place of every word, which nobody asks for where nothing is wrong."""
    text = text_of(LARGE)
    home(SMALL)
    assert kept(lambda: homes.read(text, "home.yaml")) < 1.3 * kept(lambda: yaml.compose(text, yaml.CSafeLoader))
