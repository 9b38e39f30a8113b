"""What is said to be given back is what the devices showed, and nothing else."""

import json
from typing import Any

import pytest

from orchestrator.cli.event_text import accounted
from orchestrator.commands import Stop
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.journal_entries import Entry, Settled
from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.rates import bridge_rates
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack, SnapshotUnknown
from orchestrator.events.event import EventRecord
from orchestrator.home.library import Home
from orchestrator.home.library import read as home_of
from orchestrator.scenes.library import read as scene_of

HOUSE = """
home: house
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp, colors: [temperature]}
  silent: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/dumb, reports: false}
  mute: {kind: light, dialect: home_assistant, command_topic: mute/set}
rooms:
  room: {roles: {main: %s}%s}
"""
SCENE = """
scene: low
format: 1
title: Low
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 30%, temperature: 2700K}}}
steps: [{step: lie, look: low, fade: 2s, lasts: 20s}]
finish: {fade: 4s}
"""
FALLBACK = ", fallback: {main: {brightness: 60%, temperature: 3000K}}"


class Lamp:
    """Another's lamp: it says what it is told to say, when it is told something."""

    def __init__(self, *says: dict[str, Any] | None) -> None:
        self._says = says
        self.shown: dict[str, Any] = {}

    def hear(self, payload: dict[str, Any]) -> list[dict[str, Any]]:
        self.shown.update({name: value for name, value in payload.items() if name != "transition"})
        return self.answers()

    def answers(self) -> list[dict[str, Any]]:
        return [self.shown if said is None else said for said in self._says]


class Evening:
    """A session of `SCENE` with one lamp."""

    def __init__(self, lamp: Lamp, *, name: str = "lamp", room: str = "", before: dict[str, Any] | None = None) -> None:
        self.home: Home = home_of(HOUSE % (name, room), "home.yaml")
        self.conductor = Conductor(self.home, bridge_rates(self.home))
        self.lamp = lamp
        self.now = 0
        self.records: list[EventRecord] = []
        self.entries: list[Entry] = []
        self.asked = 0
        self.log: list[object] = []
        if before is not None:
            self.say(before)
        self.until(1000)
        self.start("s")

    def start(self, name: str) -> None:
        scene = scene_of(SCENE, "low.yaml")
        self.conductor.start(prepare(scene, self.home, "room", {}, name=name), self.now)
        self._exchange()

    def say(self, payload: dict[str, Any]) -> None:
        self.conductor.receive(Message("zigbee2mqtt/lamp", json.dumps(payload)), self.now)
        self._exchange()

    def until(self, moment: int) -> None:
        while (due := self.conductor.next_deadline()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.conductor.advance(self.now)
            self._exchange()
        self.now = max(self.now, moment)

    def to_the_end(self) -> GivenBack:
        """Stop it, and hear what became of the lamp."""
        self.until(15_000)
        self.conductor.command("room", Stop(), self.now)
        self._exchange()
        while not self.conductor.is_settled("room"):
            due = self.conductor.next_deadline()
            assert due is not None
            self.until(due)
        return self.told()[-1]

    def told(self) -> list[GivenBack]:
        return [record.event for record in self.records if isinstance(record.event, GivenBack)]

    def _exchange(self) -> None:
        while True:
            entries, (messages, records) = self.conductor.entries(), self.conductor.take()
            self.entries += entries
            self.log += [*entries, *messages]
            self.records += records
            if not messages:
                return
            for message in messages:
                if message.topic.endswith("/get"):
                    self.asked += 1
                    for said in self.lamp.answers():
                        self.conductor.receive(Message("zigbee2mqtt/lamp", json.dumps(said)), self.now)
                    continue
                for said in self.lamp.hear(json.loads(message.payload)):
                    self.conductor.receive(Message("zigbee2mqtt/lamp", json.dumps(said)), self.now)


ON = {"state": "ON", "brightness": 200, "color_temp": 300}


def test_what_it_says_it_shows_is_given_back() -> None:
    evening = Evening(Lamp(None), before=ON)
    told = evening.to_the_end()
    assert (told.given, told.unanswered) == (("lamp",), ())
    assert evening.asked == 1, "once it is over"
    assert accounted(told, None) == "Given back: lamp."


def test_where_nobody_listens_nothing_is_given_back() -> None:
    """live-nobody-there."""
    evening = Evening(Lamp())
    told = evening.to_the_end()
    assert (told.given, told.unanswered) == ((), ("lamp",))
    assert "Did not say that it is as it was" in accounted(told, None)
    assert "iven back" not in accounted(told, None)


def test_a_lamp_that_stopped_answering_is_not_given_back_and_is_owed_until_it_says_so() -> None:
    evening = Evening(Lamp(), before=ON)
    told = evening.to_the_end()
    assert told.unanswered == ("lamp",)
    assert evening.conductor.stage.owes("lamp")
    evening.until(evening.now + 90_000)
    evening.say(ON)
    assert evening.told()[-1].given == ("lamp",)
    assert not evening.conductor.stage.owes("lamp")


def test_it_is_asked_once_before_it_is_said_not_to_answer() -> None:
    evening = Evening(Lamp(), before=ON)
    evening.to_the_end()
    assert evening.asked == 2, "once at rest in the scene, once when it is over"


@pytest.mark.parametrize("says", [{"state": "ON"}, {"state": "ON", "brightness": None, "color_temp": None}])
def test_a_lamp_of_which_nothing_was_known_is_left_and_its_level_said(says: dict[str, Any]) -> None:
    evening = Evening(Lamp(says), before=says)
    told = evening.to_the_end()
    assert (told.given, told.unknown) == ((), (("lamp", 30),))
    assert accounted(told, None) == "lamp: left at 30 %, for nothing was known of it."
    assert SnapshotUnknown("main", fallback=False, devices=("lamp",)) in [record.event for record in evening.records]


def test_with_a_fallback_that_is_what_it_gets_and_is_said_to_have() -> None:
    evening = Evening(Lamp({"state": "ON"}), before={"state": "ON"}, room=FALLBACK)
    told = evening.to_the_end()
    assert (told.given, told.fallback) == ((), ("lamp",))
    assert evening.lamp.shown["brightness"] == round(0.6 * 254)
    assert SnapshotUnknown("main", fallback=True, devices=("lamp",)) in [record.event for record in evening.records]


def test_a_fallback_for_one_that_does_not_answer_is_no_answer() -> None:
    assert Evening(Lamp(), room=FALLBACK).to_the_end().unanswered == ("lamp",)


@pytest.mark.parametrize("name", ["mute", "silent"])
def test_a_lamp_that_never_says_how_it_is_is_told_and_not_waited_for(name: str) -> None:
    evening = Evening(Lamp(), name=name, room=FALLBACK)
    told = evening.to_the_end()
    assert (told.given, told.unanswered, told.sent, told.fallback) == ((), (), (name,), (name,))
    assert evening.asked == (name == "silent") * 2, "only when it begins: whether it is on, and how bright it is"


def test_a_lamp_that_shows_something_else_is_not_given_back() -> None:
    """Its bridge repeats what the lamp was before: the last command was lost."""
    evening = Evening(Lamp(None), before=ON)
    evening.until(12_000)
    evening.lamp._says = ()
    told = evening.to_the_end()
    assert told.unanswered == ("lamp",)


def test_a_debt_is_settled_after_its_message_went_out() -> None:
    evening = Evening(Lamp(None), before=ON)
    evening.to_the_end()
    settled = [place for place, each in enumerate(evening.log) if isinstance(each, Settled)]
    sent = [place for place, each in enumerate(evening.log) if isinstance(each, Message)]
    assert settled
    assert min(settled) > max(sent)


def test_a_hand_in_the_landing_leaves_it_to_the_person() -> None:
    evening = Evening(Lamp(None), before=ON)
    evening.until(15_000)
    evening.say({"state": "ON", "brightness": 250, "color_temp": 370})
    told = evening.to_the_end()
    assert told.left == ("lamp",)
    assert "lamp" not in told.given


def test_what_was_unanswered_for_half_a_day_is_no_more_what_was_before() -> None:
    evening = Evening(Lamp(), before=ON)
    evening.to_the_end()
    evening.until(evening.now + 13 * 3_600_000)
    evening.lamp = Lamp(None)
    evening.start("t")
    evening.until(evening.now + 5000)
    assert min(debt.since for debt in evening.conductor.stage.debts) > 12 * 3_600_000
