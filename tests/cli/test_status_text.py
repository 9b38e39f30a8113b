"""How a room stands, in words, and where the daemon is said to be: no broker is needed for either."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.cli.client.client import Client
from orchestrator.cli.client.daemon_address import DaemonAddress, address_at, daemon_address
from orchestrator.cli.client.status_text import (
    last_words,
    more_lines,
    owed_line,
    remaining,
    status_line,
    the_active_room,
    the_room_to_start_in,
)
from orchestrator.cli.event_text import accounted
from orchestrator.conductor.outstanding import WhyOwed
from orchestrator.devices.messages import Message
from orchestrator.errors import Refused, UnknownRoom, UsageError
from orchestrator.events.device import GivenBack
from orchestrator.events.session import Ending
from orchestrator.home.library import read
from orchestrator.integrations.outgoing import HoldModel, Last, OutstandingModel, SessionState
from orchestrator.mqtt.address import Address
from orchestrator.scenes.planning.leaving import Leaving
from orchestrator.session.state import HoldFor, Status

THEN = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
LATER = THEN + timedelta(seconds=30)
PLAYING = SessionState(
    status=Status.RUNNING,
    id="den-1",
    scene="foot-massage",
    title="Foot massage",
    chapter="oil:left",
    step="Oil the left foot",
    number=3,
    of=18,
    position=12.0,
    position_at=THEN,
    remaining=600.0,
    rate=1.0,
)
PERSON = HoldModel(reason=HoldFor.PERSON, until=LATER)
LAST = Last(session="den-1", scene="foot-massage", ending=Ending.LOST, ended_at=THEN)


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({}, 570),
        ({"rate": 2.0}, 540),
        ({"status": Status.PAUSED}, 600),
        ({"status": Status.HOLDING, "hold": PERSON}, 600),
        ({"remaining": 10.0}, 0),
        ({"position_at": LATER + timedelta(hours=1)}, 600),  # a daemon whose clock is ahead
        ({"remaining": None}, None),
    ],
)
def test_what_remains_is_counted_on_from_what_was_told(changes, seconds):
    assert remaining(PLAYING.model_copy(update=changes), LATER) == seconds


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "den: Foot massage, 3/18 Oil the left foot, 9:30 to go."),
        ({"status": Status.PAUSED}, "den: Foot massage, 3/18 Oil the left foot, 10:00 to go, paused."),
        (
            {"status": Status.HOLDING, "hold": PERSON},
            "den: Foot massage, 3/18 Oil the left foot, 10:00 to go, waits for you.",
        ),
        (
            {"status": Status.LANDING, "leaves": Leaving.AS_BEFORE},
            "den: Foot massage, the room is being given back.",
        ),
        ({"status": Status.LANDING, "leaves": Leaving.DARK}, "den: Foot massage, it goes dark, and stays so."),
        ({"status": Status.LANDING}, "den: Foot massage, it ends."),
        ({"status": Status.IDLE}, "den: nothing is on."),
    ],
)
def test_a_room_in_one_line(changes, line):
    assert status_line("den", PLAYING.model_copy(update=changes), LATER) == line


def test_what_else_there_is_to_know_of_a_room():
    state = PLAYING.model_copy(
        update={"overridden": {"lamp": ["level", "colour"]}, "missing": ["strip"], "owed": ["lamp", "strip"]}
    )
    assert list(more_lines(state, None, LATER)) == ["left to you: lamp (brightness, colour)", "not there: strip"]
    over = SessionState(status=Status.IDLE, owed=["strip"], last=LAST)
    assert list(more_lines(over, None, LATER)) == [
        "still to be given back: strip",
        "before: foot-massage, was lost at 22:00",
    ]
    odd = SessionState(status=Status.IDLE, problem="The journal was damaged.")
    assert list(more_lines(odd, None, LATER)) == ["mind: The journal was damaged."]


def test_an_end_on_another_day_says_the_day():
    assert last_words(LAST, LATER + timedelta(days=1)) == "foot-massage, was lost on 2026-11-23 at 22:00"


def test_what_became_of_the_devices():
    told = GivenBack(("ceiling", "strip"), ("lamp",), ())
    assert accounted(told, None) == "Given back: ceiling, strip. Left as you set it: lamp."


@pytest.mark.parametrize(
    ("text", "host", "port", "user"),
    [
        ("broker.local", "broker.local", 1883, None),
        ("broker.local:8883", "broker.local", 8883, None),
        ("me@broker.local:1884", "broker.local", 1884, "me"),
        ("[::1]:1884", "::1", 1884, None),
        ("[fe80::2]", "fe80::2", 1883, None),
        ("::1", "::1", 1883, None),
        ("mqtts://me@broker.local", "broker.local", 8883, "me"),
        ("ws://broker.local:9001/mqtt", "broker.local", 9001, None),
    ],
)
def test_a_broker_is_named_in_a_word(text, host, port, user, monkeypatch):
    monkeypatch.setenv("RELAX_BROKER_PASSWORD", "hush")
    address = address_at(text)
    assert (address.host, address.port, address.username) == (host, port, user)
    assert address.password == ("hush" if user else None)


@pytest.mark.parametrize(
    "text", ["", ":1883", "host:0", "host:65536", "host:x", "http://host", "mqtt://me:secret@host:0"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(UsageError, match="host:port") as told:
        address_at(text)
    assert "secret" not in str(told.value)


def test_the_topics_may_begin_otherwise(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELAX_BASE", "house/relax")
    assert daemon_address(None, "127.0.0.1").base == "house/relax"


async def test_the_room_that_is_meant_is_the_one_where_something_is_on():
    client = Client(DaemonAddress(Address(), "relax", None))
    idle = SessionState(status=Status.IDLE)
    client.states = {"den": PLAYING, "bath": idle}
    assert the_active_room(client, None) == "den"
    assert the_active_room(client, "bath") == "bath"
    with pytest.raises(UnknownRoom, match="`bath`"):
        the_active_room(client, "bat")
    with pytest.raises(UsageError, match=r"several rooms\. Say which: --room bath or den"):
        the_room_to_start_in(client, None)
    client.states = {"den": PLAYING, "bath": PLAYING}
    with pytest.raises(UsageError, match=r"on in bath and den\. Say which"):
        the_active_room(client, None)
    client.states = {"den": idle}
    assert the_room_to_start_in(client, None) == "den"
    with pytest.raises(Refused, match="Nothing is on"):
        the_active_room(client, None)


async def test_whatever_comes_over_our_topics_the_client_stays_whole():
    client = Client(DaemonAddress(Address(), "relax", None))
    for topic in ("status", "scenes", "rooms/den/session", "rooms/den/event", "rooms/den/reply", "rooms/a/b/c", ""):
        for payload in ("", "{}", "[]", "null", "\ufffd", '{"status": 7}', '{"event": "new_one", "at": "x"}'):
            client._receive(Message(f"relax/{topic}", payload))
    assert client.states == {}
    assert client.latest() == []
    newer = PLAYING.model_dump(mode="json", by_alias=True) | {"mood": "calm"}
    client._receive(Message("relax/rooms/den/session", json.dumps(newer), retain=True))
    assert client.states == {"den": PLAYING}


@pytest.mark.parametrize(
    ("values", "why", "line"),
    [
        ({"level": 70}, WhyOwed.UNANSWERED, "lamp, 70 % before, since 22:00: does not answer"),
        ({"level": 70, "colour": "2700K"}, WhyOwed.AWAY, "lamp, 70 % and 2700K before, since 22:00: is away"),
        ({"level": None}, WhyOwed.MORNING, "lamp, brightness unknown before, since 22:00: waits for the morning"),
        ({"on": "off"}, WhyOwed.UNDER_WAY, "lamp, off before, since 22:00: is on its way"),
    ],
)
def test_what_is_owed_is_said_in_a_line(values, why, line):
    owed = OutstandingModel(device="lamp", values=values, since=THEN, why=why)
    assert owed_line(owed, None, LATER) == line


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (10, "is kept low for your eyes until 22:01:00, and as it was by 22:01:30"),
        (60, "comes back until 22:01:30"),
        (89, "comes back until 22:01:30"),
        (91, "was told, and has until 22:01:35 to say that it is as it was"),
        (100, "was told, and has not said yet that it is as it was"),
    ],
)
def test_what_is_under_way_is_said_as_it_is_by_now(passed, words):
    moments = {"low_until": 60, "back_by": 90, "answer_by": 95}
    course = {name: THEN + timedelta(seconds=seconds) for name, seconds in moments.items()}
    owed = OutstandingModel(device="lamp", values={"level": 70}, since=THEN, why=WhyOwed.UNDER_WAY, **course)
    wall = THEN + timedelta(seconds=passed)
    assert owed_line(owed, None, wall) == f"lamp, 70 % before, since 22:00: {words}"
    state = SessionState(status=Status.IDLE, owed=["lamp"], outstanding=[owed])
    assert list(more_lines(state, None, wall)) == [f"still to be given back: lamp ({words})"]


def test_what_never_says_how_it_is_is_not_waited_for():
    owed = OutstandingModel(device="lamp", values={}, since=THEN, why=WhyOwed.UNDER_WAY, back_by=THEN)
    assert "until" not in owed_line(owed, None, LATER).partition(": ")[2]


def test_what_was_never_known_is_said_and_no_colour_of_a_lamp_that_has_none():
    owed = OutstandingModel(device="lamp", values={"level": 70, "colour": None}, since=THEN, why=WhyOwed.AWAY)
    lamp = "{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp, colors: COLOURS}"
    text = f"home: h\nformat: 1\ndevices: {{lamp: {lamp}}}\nrooms: {{den: {{roles: {{}}}}}}\n"
    homes = (read(text.replace("COLOURS", colours), "home.yaml") for colours in ("[rgb]", "[]"))
    said = [owed_line(owed, home, LATER).partition(" before")[0] for home in homes]
    assert said == ["lamp, 70 % and colour unknown", "lamp, 70 %"]


def test_what_is_owed_since_another_day_is_said_with_the_day():
    owed = OutstandingModel(device="lamp", values={"level": 70}, since=THEN, why=WhyOwed.AWAY)
    assert owed_line(owed, None, THEN + timedelta(hours=9)) == "lamp, 70 % before, since 2026-11-23 22:00: is away"
