"""Questions how lamps are count in their bridge's budget as commands do; what a person waits for comes first."""

import json

from orchestrator.commands import Abort
from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack, SnapshotUnknown
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Percent
from tests.conductor.wired import Wired

A_SECOND = 4
"""What a bridge takes."""
SCENE = """
scene: low
format: 1
title: Low
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 20%, temperature: 2500K}}}
steps: [{step: one, look: low, fade: 5s, lasts: 60s}]
finish: {look: restore, fade: 5s}
"""


def home(many: int) -> str:
    lamps = [f"  l{n}: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/l{n}}}" for n in range(many)]
    names = ", ".join(f"l{n}" for n in range(many))
    return "\n".join(["devices:", *lamps, f"rooms: {{bedroom: {{roles: {{main: [{names}]}}}}}}"])


def frames(message: Message) -> int:
    """How many commands a bridge's radio makes of a message."""
    keys = json.loads(message.payload)
    if message.topic.endswith("/get"):
        return len(keys)
    return sum(any(key in keys for key in ways) for ways in (("state", "brightness"), ("color_temp", "color")))


def most_in_a_second(room: Wired) -> int:
    """Questions or commands, each by themselves: the first light does not wait for the questions before it."""
    return max(_most(room, "/get"), _most(room, "/set"))


def _most(room: Wired, verb: str) -> int:
    sent = [(at, frames(message)) for at, message in room.sent if message.topic.endswith(verb)]
    return max(sum(cost for at, cost in sent if start <= at < start + 1000) for start, _ in sent)


def asked(room: Wired) -> list[tuple[int, str]]:
    return [(at, message.topic) for at, message in room.sent if message.topic.endswith("/get")]


class Twins:
    """The simulated lamps of a home, of which nobody has heard anything."""

    def __init__(self, many: int) -> None:
        self.room = Wired(home(many), self.hear)
        self._lamps = SimulatedHome(self.room.home)
        self._lamps.connected(0)
        for n in range(many):
            self._lamps.turn(f"l{n}", 0, level=Percent(30.0 + 3 * n))
        self._lamps.advance(0)

    def hear(self, message: Message) -> list[Message]:
        return [] if message.topic not in self._lamps.topics else self._lamps.receive(message, self.room.now)

    def until(self, moment: int) -> None:
        room = self.room
        while True:
            dues = [due for due in (room.conductor.next_deadline(), self._lamps.next_deadline()) if due is not None]
            if not dues or min(dues) > moment:
                room.until(moment)
                return
            room.until(min(dues))
            room.say(*self._lamps.advance(room.now))

    def levels(self) -> list[float]:
        return [round(lamp.level) for lamp in self._lamps.lamps(self.room.now)]


def test_fourteen_lamps_of_which_nothing_is_known_are_asked_no_faster_than_their_bridge_takes_it() -> None:
    twins = Twins(14)
    before = twins.levels()
    twins.room.start(SCENE)
    twins.until(30_000)
    assert most_in_a_second(twins.room) <= A_SECOND
    assert {topic for _, topic in asked(twins.room)} == {f"zigbee2mqtt/l{n}/get" for n in range(14)}
    assert len({*twins.levels()}) == 1, "all are in the look"
    twins.until(120_000)
    assert not twins.room.told(SnapshotUnknown)
    assert set(twins.room.told(GivenBack)[-1].given) == set(twins.room.home.devices)
    assert twins.levels() == before
    assert most_in_a_second(twins.room) <= A_SECOND


def test_the_first_light_does_not_wait_until_all_are_asked() -> None:
    twins = Twins(14)
    twins.room.start(SCENE)
    twins.until(30_000)
    first = next(at for at, message in twins.room.sent if message.topic.endswith("/set"))
    assert first <= 1_100
    assert asked(twins.room)[-1][0] > first


def test_the_first_light_of_three_lamps_comes_at_once() -> None:
    """As after a restart: their bridge keeps nothing at the broker."""
    twins = Twins(3)
    twins.room.start(SCENE)
    twins.until(30_000)
    first = next(at for at, message in twins.room.sent if message.topic.endswith("/set"))
    assert first < 200
    assert most_in_a_second(twins.room) <= A_SECOND
    assert not twins.room.told(SnapshotUnknown)


def test_what_a_lamp_has_said_it_is_not_asked() -> None:
    """A bridge answers whatever is asked with all that it knows."""
    twins = Twins(1)
    twins.room.start(SCENE)
    twins.until(900)
    assert [message.payload for _, message in twins.room.sent if message.topic.endswith("/get")] == ['{"state":""}']
    assert [topic for _, topic in asked(twins.room)] == ["zigbee2mqtt/l0/get"]


def test_what_a_bridge_does_not_know_either_is_asked_next() -> None:
    def answer(message: Message) -> list[Message]:
        if not message.topic.endswith("/get"):
            return []
        known = {"state": "ON", "brightness": 178, "color_temp": 300}
        return [Message("zigbee2mqtt/l0", json.dumps({key: known[key] for key in json.loads(message.payload)}))]

    room = Wired(home(1), answer)
    room.start(SCENE)
    room.until(60_000)
    questions = [json.loads(message.payload) for at, message in room.sent if message.topic.endswith("/get")]
    assert questions[:2] == [{"state": ""}, {"brightness": ""}]
    assert not room.told(SnapshotUnknown)


def test_a_lamp_that_is_asked_late_is_waited_for_and_one_that_never_answers_is_not_for_ever() -> None:
    def answer(message: Message) -> list[Message]:
        if not message.topic.endswith("/get") or message.topic.startswith("zigbee2mqtt/l7/"):
            return []
        return [Message(message.topic.removesuffix("/get"), '{"state": "ON", "brightness": 178}')]

    room = Wired(home(40), answer)
    room.start(SCENE)
    room.until(60_000)
    first = {at for at, topic in asked(room) if topic == "zigbee2mqtt/l39/get"}
    assert min(first) > 5_000, "its turn came late"
    told = min(at for at, message in room.sent if message.topic == "zigbee2mqtt/l39/set")
    assert told >= min(first)
    assert {each.role for each in room.told(SnapshotUnknown)} == {"main"}, "of the one that does not answer"
    assert any(message.topic == "zigbee2mqtt/l7/set" for _, message in room.sent)


def test_nobody_is_asked_whose_session_is_over() -> None:
    twins = Twins(14)
    twins.room.start(SCENE)
    twins.until(200)
    twins.room.command(Abort())
    twins.until(20_000)
    assert not {f"zigbee2mqtt/l{n}/get" for n in range(8, 14)} & {topic for _, topic in asked(twins.room)}
