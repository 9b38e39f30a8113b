"""What relax says has happened, and what its journal keeps of it, is what it always was: clients and old files read it.

`events.jsonl` says so, and is written anew only where a new event is added: `python -m tests.golden.events`.
"""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.golden.events import FILE, text
from tests.golden.product import EVENTS

ASYNCAPI = json.loads((Path(__file__).parents[2] / "docs/asyncapi.json").read_text(encoding="utf-8"))
LINES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
WRITTEN_ALONE = {"debt_dropped", "schedule_passed", "slept", "sent", "answered", "spoken"}
"""What is in the journal, and is no event of a room."""


def test_every_payload_and_every_record_is_as_it_was_byte_for_byte():
    assert text().splitlines() == FILE.read_text(encoding="utf-8").splitlines()


def test_every_event_and_every_record_is_there():
    assert {line["event"] for line in LINES} == {*EVENTS, *WRITTEN_ALONE}
    assert all((line["payload"] is None) == (line["event"] in WRITTEN_ALONE) for line in LINES)


@pytest.mark.parametrize("ending", ["finished", "stopped", "aborted", "failed", "lost"])
def test_every_ending_is_there(ending):
    for event in ("landing", "landed"):
        assert [line for line in LINES if line["event"] == event and json.loads(line["journal"])["ending"] == ending]


def test_every_payload_is_what_the_document_of_the_interface_says():
    channel = ASYNCAPI["channels"]["event"]["address"]
    for line in LINES:
        if line["payload"] is not None:
            jsonschema.Draft7Validator(schema_of(line["event"])).validate(json.loads(line["payload"]))
            assert line["topic"] in [channel.format(room=room) for room in ("den", "study")]
            assert json.loads(line["payload"])["event"] == line["event"]


def schema_of(event):
    """The schema of that kind of event; each has one of its own."""
    named = ASYNCAPI["channels"]["event"]["messages"]
    schemas = (ASYNCAPI["components"]["schemas"][name] for name in named)
    (found,) = [schema for schema in schemas if schema["properties"]["event"]["const"] == event]
    return found


def test_the_journal_has_the_facts_that_were_published():
    """Lengths are milliseconds there and seconds outside; the session is beside the facts, outside and inside."""
    for line in LINES:
        if line["payload"] is not None:
            published, kept = json.loads(line["payload"]), json.loads(line["journal"])
            assert kept.pop("session", published["session"]) == published["session"]
            seconds = {name: kept[name] / 1000 for name in ("at_most", "by", "late") if name in kept}
            assert published["details"] == {**kept, **seconds}
