"""An effect of a strip is a part of its colour: it is given back with it, whoever was told of it."""

import json

import pytest

from orchestrator.commands import Abort
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Owed
from orchestrator.conductor.rates import bridge_rates
from orchestrator.devices.messages import Message
from orchestrator.home.library import read
from orchestrator.journal.codec import text_of, value_of
from orchestrator.simulator.home import SimulatedHome
from orchestrator.stage.heard import Debt
from orchestrator.values import Attribute, Channels, Effect
from tests.conductor.wired import HEAD, Wired

HOME = """
devices: {strip: {kind: light, dialect: wled, topic: wled/strip, colors: [rgb]}}
rooms: {bedroom: {roles: {main: strip}}}
"""
SCENE = """
scene: warm
format: 1
title: Warm
roles: {main: {kind: light}}
looks: {warm: {main: {brightness: 30%, color: "COLOUR"}}}
steps: [{step: one, look: warm, fade: 5s, lasts: 60s}]
finish: {look: restore, fade: 5s}
stopped: {look: restore, fade: 5s}
"""
RAINBOW = {"fx": 9, "sx": 40, "ix": 200, "pal": 6}
PERSON = {"on": True, "bri": 128, "seg": {**RAINBOW, "col": [[0, 200, 255]]}}


class Strip:
    """The twin, with what it was told last of an effect."""

    def __init__(self, home: str = HOME) -> None:
        self.twins = SimulatedHome(read(HEAD + home, "house.yaml"))
        self.twins.connected(0)
        self.now = 0
        self.said: list[Message] = []

    def hear(self, message: Message, now: int) -> list[Message]:
        if message.topic not in self.twins.topics:
            return []
        return self.keep(self.twins.receive(message, now))

    def keep(self, said: list[Message]) -> list[Message]:
        self.said += said
        return said

    @property
    def effect(self) -> str:
        last = [each.payload for each in self.said if each.topic.endswith("/v")][-1]
        return last.partition("<nl>0</nl>")[2].partition("<wv>")[0]


def evening(strip: Strip) -> Wired:
    room = Wired(HOME, lambda message: strip.hear(message, room.now))
    room.say(*strip.hear(Message("wled/strip/api", json.dumps(PERSON)), 0))
    advance(room, strip, 5_000)
    return room


def advance(room: Wired, strip: Strip, moment: int) -> None:
    """Both live on one clock."""
    while True:
        dues = [due for due in (room.conductor.next_deadline(), strip.twins.next_deadline()) if due is not None]
        if not dues or min(dues) > moment:
            room.until(moment)
            return
        room.until(min(dues))
        room.say(*strip.keep(strip.twins.advance(room.now)))


ON = "<fx>9</fx><sx>40</sx><ix>200</ix><fp>6</fp>"
OFF = "<fx>0</fx>"


@pytest.mark.parametrize("colour", ["#ff9a3c", "#00c8ff"], ids=["another colour", "its own colour"])
def test_it_comes_back_at_the_end_of_a_session(colour: str) -> None:
    strip = Strip()
    room = evening(strip)
    assert strip.effect == ON
    room.start(SCENE.replace("COLOUR", colour))
    advance(room, strip, 30_000)
    assert strip.effect.startswith(OFF)
    room.command(Abort())
    advance(room, strip, 90_000)
    assert strip.effect == ON


def test_it_comes_back_after_a_restart_in_the_middle() -> None:
    """All that the next life has of it is what the journal was told."""
    strip = Strip()
    room = evening(strip)
    room.start(SCENE.replace("COLOUR", "#ff9a3c"))
    advance(room, strip, 30_000)
    assert strip.effect.startswith(OFF)
    owed = [each.debt for each in room.conductor.entries() if isinstance(each, Owed)]
    debts = [Debt(each.device, each.attribute, value_of(text_of(each.value)), 0) for each in owed]
    assert {each.attribute for each in debts} == {Attribute.LEVEL, Attribute.COLOUR}
    room.home = read(HEAD + HOME, "house.yaml")
    room.conductor = Conductor(room.home, bridge_rates(room.home))
    room.conductor.owe(debts, room.now)
    advance(room, strip, room.now + 90_000)
    assert strip.effect == ON


def test_the_journal_keeps_it_and_reads_what_older_ones_wrote() -> None:
    own = Channels((0.0, 200.0, 255.0), Effect(9, 40, 200, 6))
    assert value_of(text_of(own)) == own
    assert value_of('{"channels": [0, 200, 255]}') == Channels((0.0, 200.0, 255.0))
