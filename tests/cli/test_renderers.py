"""What renderers make of single events: also of those that only a newer relax knows."""

import json
from datetime import UTC, datetime
from typing import Any

from orchestrator.cli.follow.json_lines import EventLines
from orchestrator.cli.follow.renderer import FollowedEvent
from orchestrator.cli.follow.text_renderer import TIME_OF_DAY, TextRenderer
from orchestrator.events.device import DeviceMissing, DeviceRefused, DeviceReturned
from orchestrator.events.event import EventRecord, RoomEvent
from orchestrator.events.session import SessionStarted
from orchestrator.events.step import StepStarted, Waiting
from orchestrator.integrations.outgoing import EventMessage

AT = datetime(2026, 11, 23, 22, 18, 32, tzinfo=UTC)
NEWER = EventMessage(event="sung", at=AT, session="den-1", details={"song": "la", "verses": 3})
WAITING = EventRecord(0, "den", "den-1", Waiting("soak", 600_000))


def text(**settings: Any) -> TextRenderer:
    return TextRenderer(TIME_OF_DAY, None, lambda scene, language: f"{scene} ({language})", **settings)


def test_what_only_a_newer_relax_knows_is_printed_as_it_came(capsys):
    EventLines().happened(FollowedEvent.received("den", NEWER))
    assert json.loads(capsys.readouterr().out) == {"room": "den", **json.loads(NEWER.payload())}


def test_text_has_no_words_for_it(capsys):
    text().happened(FollowedEvent.received("den", NEWER))
    assert capsys.readouterr().out == ""


def test_details_that_a_newer_relax_adds_stay(capsys):
    message = EventMessage.of(WAITING, AT)
    more = message.model_copy(update={"details": {**message.details, "mood": "calm"}})
    event = FollowedEvent.received("den", more)
    EventLines().happened(event)
    assert event.event == WAITING.event
    assert json.loads(capsys.readouterr().out)["details"] == {"chapter": "soak", "at_most": 600.0, "mood": "calm"}


def test_played_here_or_received_it_is_the_same_event():
    played, received = FollowedEvent.played(WAITING, AT), FollowedEvent.received("den", EventMessage.of(WAITING, AT))
    assert played[:4] == received[:4]
    assert played.published() == received.published()


def test_an_event_concerns_its_session_and_its_room():
    event = FollowedEvent.played(WAITING, AT)
    assert event.concerns("den", "den-1")
    assert not event.concerns("den", "den-2")
    assert not event.concerns("attic", "den-1")
    assert event._replace(session=None).concerns("den", "den-2")


def test_with_several_rooms_each_line_names_its_own(capsys):
    renderer = text(names_rooms=True)
    for event in (SessionStarted("den-1", "bath", "en", 1.0), StepStarted("soak", "Soak", 1, 2), WAITING.event):
        renderer.happened(FollowedEvent.played(WAITING._replace(event=event), AT))
    moment = f"{AT.astimezone():%H:%M:%S}"
    assert capsys.readouterr().out.splitlines() == [
        f"{moment}  den: bath (en) begins.",
        f"{moment}  den: 1/2 Soak",
        f"{moment}  den:     waits for you, 10:00 at most",
    ]


def test_why_a_device_cannot_be_told_is_said_once_and_not_that_it_is_not_there_as_well(capsys):
    renderer = text()

    def happen(*events: RoomEvent) -> None:
        for event in events:
            renderer.happened(FollowedEvent.played(WAITING._replace(event=event), AT))

    happen(DeviceRefused("voice", "It hangs."), DeviceMissing("voice"), DeviceMissing("lamp"))
    said = capsys.readouterr().out
    assert said.count("voice") == 1
    assert "It hangs" in said
    assert "lamp is not there" in said
    happen(DeviceReturned("voice"), DeviceMissing("voice"))
    assert "voice is not there" in capsys.readouterr().out
