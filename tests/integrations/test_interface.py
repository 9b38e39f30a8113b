"""Our topics: who is answered where, what is remembered, what is stored and cleared."""

import json
from datetime import UTC, datetime

import pytest

from orchestrator.commands import Next
from orchestrator.devices.messages import Message
from orchestrator.errors import (
    BadParameter,
    BrokerUnreachable,
    Fault,
    Reason,
    Refused,
    SceneError,
    UnknownRoom,
    UnknownScene,
)
from orchestrator.events.event import EventRecord
from orchestrator.events.session import Ending, Landed
from orchestrator.events.step import Waiting
from orchestrator.integrations.interface import Interface, reason_of
from orchestrator.integrations.requests import Choose, Do, Request
from orchestrator.scenes import library

WALL = datetime(2026, 11, 23, 22, 15, tzinfo=UTC)


@pytest.fixture
def interface():
    return Interface(["den", "bedroom"])


def command(payload, room="den", **more):
    return Message(f"relax/rooms/{room}/command", payload, **more)


def cleared(room):
    return [Message(f"relax/rooms/{room}/{leaf}", "", retain=True) for leaf in ("status", "display", "session")]


def said(message):
    return json.loads(message.payload)


@pytest.mark.parametrize(
    "topic",
    [
        "relax/rooms/den/reply",
        "relax/rooms/den/x/command",
        "relax/rooms/command",
        "relax/rooms",
        "relax/status",
        "relaxed/rooms/den/command",
        "zigbee2mqtt/relax/rooms/den/command",
    ],
)
def test_only_a_command_asks_something(interface, topic):
    assert interface.asked(Message(topic, "next")) is None


def test_a_command_is_understood(interface):
    asked = interface.asked(command('{"command": "next", "request_id": "1"}'))
    assert (asked.room, asked.request_id) == ("den", "1")
    assert asked.understood() == Request(Do(Next()), "1")


def test_what_is_done_is_said_in_the_room(interface):
    (reply,) = interface.accepted(interface.asked(command("next")), "den-1")
    assert (reply.topic, reply.retain) == ("relax/rooms/den/reply", False)
    assert said(reply) == {"ok": True, "session": "den-1"}


def test_what_waits_says_so(interface):
    (reply,) = interface.accepted(interface.asked(command("start x")), "den-2", queued=True)
    assert said(reply) == {"ok": True, "session": "den-2", "queued": True}


def test_who_says_where_it_waits_is_answered_there_as_well(interface):
    asked = interface.asked(command("next", reply_to="relax/reply/me", correlation=b"\x00\xff"))
    public, private = interface.accepted(asked, "den-1")
    assert (public.topic, public.correlation) == ("relax/rooms/den/reply", None)
    assert private == public._replace(topic="relax/reply/me", correlation=b"\x00\xff")


def test_who_waits_where_all_look_is_answered_once(interface):
    asked = interface.asked(command("next", reply_to="relax/rooms/den/reply", correlation=b"7"))
    (reply,) = interface.accepted(asked)
    assert (reply.topic, reply.correlation) == ("relax/rooms/den/reply", b"7")


ELSEWHERE = [
    "", "a/#", "+", "$SYS/x", "a\0", "relax/rooms/den/command", "relax/status", "relax/rooms/den/session",
    "relax/rooms/bedroom/reply", "relax/reply", "relax/reply/", "relax/reply/#", "relax/reply/a\nb", "relax/replyto/me",
    "zigbee2mqtt/bridge/request/permit_join", "zigbee2mqtt/bedroom_ceiling/set", "cmnd/plug/POWER", "/relax/reply/me",
    "homeassistant/device/relax/den/config", "node-red/answers", "RELAX/reply/me", "relax/reply/" + "x" * 300,
]  # fmt: skip
"""Bridges, lamps, states of ours and of others: what a reply must never become."""


@pytest.mark.parametrize("topic", ELSEWHERE)
def test_a_reply_goes_nowhere_but_below_the_reply_branch_and_the_room_hears_why(interface, topic):
    asked = interface.asked(command('{"command": "next", "request_id": "1"}', reply_to=topic, correlation=b"7"))
    with pytest.raises(Refused) as refused:
        asked.understood()
    (reply,) = interface.refused(asked, refused.value)
    assert reply.topic == "relax/rooms/den/reply"
    assert said(reply)["request_id"] == "1"
    assert said(reply)["error"]["code"] == "reply_topic"
    assert "relax/reply/" in said(reply)["error"]["message"]


@pytest.mark.parametrize("topic", ELSEWHERE)
def test_what_is_no_command_is_answered_in_the_room_alone_where_the_reply_topic_is_none(interface, topic):
    asked = interface.asked(command("nxt", reply_to=topic))
    (reply,) = interface.refused(asked, asked.request)
    assert (reply.topic, said(reply)["error"]["code"]) == ("relax/rooms/den/reply", "malformed")


def test_a_reply_goes_where_the_home_file_allows_it():
    interface = Interface(["den"], reply_to=["node-red/answers/+", "hall/#"])
    for topic in ("node-red/answers/7", "hall/button", "hall"):
        asked = interface.asked(command("next", reply_to=topic))
        assert asked is not None
        assert interface.accepted(asked)[1].topic == topic
    for topic in ("node-red/answers", "node-red/answers/7/x", "halls"):
        asked = interface.asked(command("next", reply_to=topic))
        assert asked is not None
        assert isinstance(asked.request, Refused)


def test_no_home_file_allows_a_reply_to_become_a_command_or_a_state_of_ours():
    interface = Interface(["den"], base="house/relax", reply_to=["house/#"])
    for topic in ("house/relax/status", "house/relax/rooms/den/command", "house/relax/schedules/late/command"):
        asked = interface.asked(command("next", reply_to=topic)._replace(topic="house/relax/rooms/den/command"))
        assert asked is not None
        assert isinstance(asked.request, Refused)


@pytest.mark.parametrize(
    ("payload", "code"), [("nxt", "malformed"), ("{", "malformed"), ("\ufffd\ufffd", "malformed"), ("", "malformed")]
)
def test_what_cannot_be_understood_is_answered(interface, payload, code):
    asked = interface.asked(command(payload))
    with pytest.raises(Refused) as refused:
        asked.understood()
    (reply,) = interface.refused(asked, refused.value)
    assert said(reply)["ok"] is False
    assert said(reply)["error"]["code"] == code
    assert said(reply)["error"]["message"] == str(refused.value)


def test_a_refusal_carries_the_id_of_its_request(interface):
    asked = interface.asked(command('{"command": "nxt", "request_id": "a"}'))
    (reply,) = interface.refused(asked, asked.request)
    assert said(reply)["request_id"] == "a"


@pytest.mark.parametrize(
    ("room", "said_"),
    [
        ("dem", "There is no room 'dem'; did you mean `den`?"),
        ("attic", "There is no room 'attic'; known are `bedroom` and `den`."),
        ("", "There is no room ''"),
        ("..", "There is no room '..'"),
        ("\u202e\n$(x)", "There is no room"),
        ("x" * 9000, "x…'"),
    ],
)
def test_a_room_that_is_not_there_is_answered(interface, room, said_):
    asked = interface.asked(command("next", room))
    (reply,) = interface.refused(asked, asked.request)
    assert reply.topic == f"relax/rooms/{room}/reply"
    assert said(reply)["error"]["code"] == "unknown_room"
    assert said_ in said(reply)["error"]["message"]
    assert len(reply.payload) < 300


def test_a_retained_command_is_answered(interface):
    asked = interface.asked(command('{"command": "next", "request_id": "1"}', retain=True))
    (reply,) = interface.refused(asked, asked.request)
    assert said(reply)["error"]["code"] == "retained"
    assert interface.again(interface.asked(command('{"command": "next", "request_id": "1"}'))) is None


def test_a_choice_is_understood_and_answered_in_the_room(interface):
    asked = interface.asked(Message("relax/rooms/den/choose", '{"scene": "x", "request_id": "1"}'))
    assert (asked.room, asked.understood()) == ("den", Request(Choose("x", {}), "1"))
    (reply,) = interface.accepted(asked)
    assert (reply.topic, said(reply)) == ("relax/rooms/den/reply", {"request_id": "1", "ok": True})
    stored = interface.asked(Message("relax/rooms/den/choose", "x", retain=True))
    assert stored.request.reason is Reason.RETAINED
    assert interface.asked(Message("relax/rooms/attic/choose", "x")).request.reason is Reason.UNKNOWN_ROOM


def test_a_request_that_comes_twice_gets_the_same_answer(interface):
    first = interface.asked(command('{"command": "next", "request_id": "1"}'))
    assert interface.again(first) is None
    answer = interface.accepted(first, "den-1")
    payload = '{"command": "next", "request_id": "1"}'
    second = interface.asked(command(payload, reply_to="relax/reply/me", correlation=b"2"))
    public, private = interface.again(second)
    assert [public] == answer
    assert (private.topic, private.correlation, private.payload) == ("relax/reply/me", b"2", public.payload)


def test_a_refusal_is_remembered_too(interface):
    asked = interface.asked(command('{"command": "next", "request_id": "1"}'))
    answer = interface.refused(asked, Refused(Reason.NOT_NOW, "Nothing is on in den."))
    assert interface.again(asked) == answer


def test_requests_without_an_id_are_all_new(interface):
    asked = interface.asked(command("next"))
    interface.accepted(asked)
    assert interface.again(asked) is None


def test_each_room_remembers_its_own(interface):
    interface.accepted(interface.asked(command('{"command": "next", "request_id": "1"}')))
    assert interface.again(interface.asked(command('{"command": "next", "request_id": "1"}', "bedroom"))) is None


def test_the_last_32_are_remembered(interface):
    asked = [interface.asked(command(f'{{"command": "next", "request_id": "{number}"}}')) for number in range(33)]
    for each in asked:
        interface.accepted(each)
    assert interface.again(asked[0]) is None
    assert all(interface.again(each) is not None for each in asked[1:])


def test_a_flood_of_nonsense_pushes_no_answer_out(interface):
    asked = interface.asked(command('{"command": "next", "request_id": "1"}'))
    interface.accepted(asked)
    for number in range(100):
        nonsense = interface.asked(command(f'{{"command": "nxt", "request_id": "{number}"}}'))
        interface.refused(nonsense, nonsense.request)
    assert interface.again(asked) is not None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused(Reason.MOVED_ON, "soak is over."), "moved_on"),
        (UnknownScene("There is no scene 'x'."), "unknown_scene"),
        (UnknownRoom("There is no room 'x'."), "unknown_room"),
        (BadParameter("feet cannot be 'three'."), "bad_parameter"),
        (SceneError((Fault("x.yaml", 3, 1, "this is empty"),)), "broken_file"),
        (BrokerUnreachable("Nobody answers."), "failed"),
    ],
)
def test_each_error_has_its_code(error, code):
    assert reason_of(error) == code


def test_status_and_will_are_stored(interface):
    assert interface.status(online=True) == Message("relax/status", "online", retain=True)
    assert interface.will() == Message("relax/status", "offline", retain=True)


def test_the_catalogue_has_every_scene_with_what_it_takes(interface):
    shipped = [library.load(name).model for name in library.catalogue()]
    message = interface.scenes(shipped)
    assert (message.topic, message.retain) == ("relax/scenes", True)
    scenes = {scene["scene"]: scene for scene in said(message)["scenes"]}
    assert scenes.keys() == {scene.scene for scene in shipped}
    foot = scenes["foot-massage"]
    assert foot["title"].items() >= {"en": "Foot massage", "de": "Fußmassage"}.items()
    assert foot["parameters"]["feet"]["choices"] == ["both", "left", "right"]
    assert foot["parameters"]["soak"]["default"] == "10min"
    assert foot["roles"]["main"] == {"kind": "light", "optional": False}
    assert len(message.payload) < 64 * 1024


def test_an_event_is_told_once_in_seconds(interface):
    message = interface.event(EventRecord(5, "den", "den-1", Waiting("soak", 90_000)), WALL)
    assert (message.topic, message.retain) == ("relax/rooms/den/event", False)
    assert said(message) == {
        "event": "waiting",
        "at": "2026-11-23T22:15:00Z",
        "session": "den-1",
        "details": {"chapter": "soak", "at_most": 90.0},
    }


def test_an_event_that_names_its_session_is_of_that_one(interface):
    message = interface.event(EventRecord(5, "den", "den-1", Landed("den-1", Ending.STOPPED)), WALL)
    assert (said(message)["session"], said(message)["details"]) == ("den-1", {"ending": "stopped"})


def test_what_a_former_self_left_behind_is_cleared(interface):
    stored = Message("relax/rooms/attic/session", '{"status": "idle"}', retain=True)
    assert interface.leftover(stored) == cleared("attic")


@pytest.mark.parametrize(
    "message",
    [
        Message("relax/rooms/den/session", "{}", retain=True),
        Message("relax/rooms/attic/session", "{}"),
        Message("relax/rooms/attic/session", "", retain=True),
        Message("relax/rooms/attic/event", "{}", retain=True),
        Message("other/rooms/attic/session", "{}", retain=True),
    ],
)
def test_nothing_else_is_cleared(interface, message):
    assert interface.leftover(message) == []


def test_the_state_of_a_room_that_is_gone_is_cleared(interface):
    interface.session("bedroom", None, 0, WALL)
    assert interface.rooms_are(["den", "attic"]) == cleared("bedroom")
    assert interface.rooms_are(["den", "attic"]) == []
    assert isinstance(interface.asked(command("next", "attic")).request, Request)
    assert isinstance(interface.asked(command("next", "bedroom")).request, Refused)


def test_devices_may_live_under_our_base(interface):
    assert not interface.is_ours("relax/speakers/den/set")
    assert interface.is_ours("relax/rooms/den/session")


def test_another_base_is_another_house():
    interface = Interface(["den"], base="home/relax")
    assert interface.subscriptions()[0] == "home/relax/rooms/+/command"
    assert interface.asked(Message("home/relax/rooms/den/command", "next")) is not None
    assert interface.asked(Message("relax/rooms/den/command", "next")) is None
