"""What schedules are told over MQTT is answered once each, and how they stand is told when that is news."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused
from orchestrator.integrations.outgoing import ScheduleState
from orchestrator.integrations.scheduling import ScheduleAnswer, ScheduleAsked, ScheduleRequest, Scheduling
from orchestrator.units import MINUTE

COMMAND = "relax/schedules/late/command"
STATE = ScheduleState(schedule="late", room="den", scene="quiet", enabled=True)


def of(scheduling: Scheduling, message: Message) -> ScheduleAsked:
    found = scheduling.asked(message)
    assert found is not None
    return found


def requested(payload: str, topic: str = COMMAND, *, retain: bool = False) -> ScheduleRequest | Refused:
    return of(Scheduling(["late"]), Message(topic, payload, retain=retain)).request


@pytest.mark.parametrize(
    ("payload", "request_"),
    [
        ("skip", ScheduleRequest("skip")),
        (" SKIP ", ScheduleRequest("skip")),
        ("later", ScheduleRequest("later")),
        ("later 20min", ScheduleRequest("later", 20 * MINUTE)),
        ('{"command": "later", "by": "1h", "request_id": "r"}', ScheduleRequest("later", 60 * MINUTE, "r")),
        ('{"command": "enable"}', ScheduleRequest("enable")),
        ("times", ScheduleRequest("times")),
        (
            '{"command": "times", "from": "2026-12-01T00:00:00+01:00", "to": "2027-01-01T00:00:00Z"}',
            ScheduleRequest(
                "times", start=datetime(2026, 11, 30, 23, tzinfo=UTC), end=datetime(2027, 1, 1, tzinfo=UTC)
            ),
        ),
    ],
)
def test_a_command_is_understood(payload, request_):
    assert requested(payload) == request_


@pytest.mark.parametrize(
    ("payload", "topic", "reason", "words"),
    [
        ("skpi", COMMAND, Reason.MALFORMED, "did you mean `skip`?"),
        ("skip now", COMMAND, Reason.MALFORMED, "`skip` takes nothing behind it"),
        ("later soon", COMMAND, Reason.MALFORMED, "no length"),
        ("{}", COMMAND, Reason.MALFORMED, "`command` is missing"),
        ("skip", "relax/schedules/lte/command", Reason.UNKNOWN_SCHEDULE, "did you mean `late`?"),
    ],
)
def test_a_wrong_one_is_refused_with_a_sentence(payload, topic, reason, words):
    refused = requested(payload, topic)
    assert isinstance(refused, Refused)
    assert refused.reason is reason
    assert words in str(refused)


def test_a_retained_command_is_refused():
    refused = requested("skip", retain=True)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.RETAINED


@given(st.text(max_size=60))
def test_no_payload_raises(payload):
    assert isinstance(requested(payload), Refused | ScheduleRequest)


@pytest.mark.parametrize(
    "topic", ["relax/rooms/den/command", "relax/schedules/late/state", "relax/schedules/a/b/command"]
)
def test_other_topics_are_none_of_its_business(topic):
    assert Scheduling(["late"]).asked(Message(topic, "skip")) is None


def test_a_request_that_comes_twice_is_answered_twice_and_done_once():
    scheduling, done = Scheduling(["late"]), list[ScheduleRequest]()

    def run(request: ScheduleRequest) -> ScheduleAnswer:
        done.append(request)
        return ScheduleAnswer(f"session-{len(done)}")

    first, again = (
        scheduling.answered(of(scheduling, Message(COMMAND, '{"command": "run", "request_id": "r"}')), run)
        for _ in range(2)
    )
    assert len(done) == 1
    assert again == first
    assert json.loads(first[0].payload) == {"request_id": "r", "ok": True, "session": "session-1"}


def test_whoever_waits_is_answered_where_they_wait():
    scheduling = Scheduling(["late"])
    message = Message(COMMAND, "skip", reply_to="relax/reply/me", correlation=b"c")

    def refuse(request):
        raise Refused(Reason.NOT_NOW, f"No {request.word} now.")

    public, private = scheduling.answered(of(scheduling, message), refuse)
    assert (public.topic, private.topic, private.correlation) == ("relax/schedules/late/reply", "relax/reply/me", b"c")
    assert json.loads(private.payload) == {"ok": False, "error": {"code": "not_now", "message": "No skip now."}}


def test_no_schedule_does_anything_for_whoever_waits_on_a_topic_that_is_no_place_for_replies():
    message = Message(COMMAND, "run", reply_to="zigbee2mqtt/lamp/set")
    scheduling, done = Scheduling(["late"]), list[ScheduleRequest]()

    def run(request: ScheduleRequest) -> ScheduleAnswer:
        done.append(request)
        return ScheduleAnswer()

    (reply,) = scheduling.answered(of(scheduling, message), run)
    assert reply.topic == "relax/schedules/late/reply"
    assert json.loads(reply.payload)["error"]["code"] == "reply_topic"
    assert done == []


def test_a_state_is_told_when_it_is_news():
    scheduling = Scheduling(["late"])
    (told,) = scheduling.states({"late": STATE})
    assert told.topic == "relax/schedules/late/state"
    assert told.retain
    assert scheduling.states({"late": STATE}) == []
    assert len(scheduling.states({"late": STATE.model_copy(update={"enabled": False})})) == 1
    scheduling.forget()
    assert len(scheduling.states({"late": STATE})) == 1


def test_what_a_former_self_left_is_cleared():
    scheduling = Scheduling(["late"])
    old = Message("relax/schedules/early/state", "{}", retain=True)
    assert scheduling.leftover(old) == [Message("relax/schedules/early/state", "", retain=True)]
    assert scheduling.leftover(old._replace(topic="relax/schedules/late/state")) == []
    assert scheduling.leftover(old._replace(retain=False)) == []
