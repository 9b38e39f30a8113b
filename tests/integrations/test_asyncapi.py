"""The AsyncAPI document: what stands in docs/, what the parser takes, and what really goes over the wire."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused
from orchestrator.integrations.asyncapi import document, text
from orchestrator.integrations.incoming import MODELS
from orchestrator.integrations.interface import Asked, Interface
from orchestrator.integrations.outgoing import LastTime, PassedDays, ScheduleState
from orchestrator.integrations.scheduling import Scheduling
from orchestrator.scenes import library
from orchestrator.schedules.outcome import ScheduleResult
from tests.integrations.test_room_state import Watcher

FILE = Path(__file__).parents[2] / "docs/asyncapi.json"
PARSE = """
const { Parser } = require("@asyncapi/parser");
new Parser().parse(require("fs").readFileSync(process.argv[1], "utf8")).then(({ document, diagnostics }) => {
  for (const each of diagnostics) console.log(each.severity, each.path.join("."), each.message);
  process.exit(document && !diagnostics.some((each) => each.severity < 2) ? 0 : 1);
});
"""


def fits(payload, name):
    """Raises where a payload is not what the document says of it."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}
    jsonschema.Draft7Validator(schema).validate(json.loads(payload))


def asked_of(interface: Interface, room: str, payload: str) -> Asked:
    asked = interface.asked(Message(f"relax/rooms/{room}/command", payload))
    assert asked is not None
    return asked


def test_the_document_in_docs_is_up_to_date():
    assert FILE.read_text() == text(), "make it anew: make docs"


def test_the_parser_of_asyncapi_takes_it():
    if node("-e", "require.resolve('@asyncapi/parser')").returncode:
        pytest.skip("node or @asyncapi/parser is not installed; docs/interface.md says how to run this")
    parsed = node("-e", PARSE, str(FILE))
    assert parsed.returncode == 0, parsed.stdout + parsed.stderr


def node(*arguments):
    program = shutil.which("node") or "false"
    return subprocess.run([program, *arguments], check=False, capture_output=True, text=True)


def test_every_command_has_its_message():
    channel = document()["channels"]["command"]
    assert set(channel["messages"]) == {"BareWord", *(model.__name__ for model in MODELS.values())}
    assert channel["address"] == "relax/rooms/{room}/command"


def test_the_base_topic_is_in_every_address():
    channels = document("home/relax")["channels"].values()
    assert all(channel["address"].startswith("home/relax/") for channel in channels)


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        ('{"command": "start", "scene": "x", "parameters": {"a": 1, "b": "left", "c": true}}', "StartCommand"),
        ('{"command": "next", "step": "soak", "request_id": "1"}', "PlainCommand"),
        ('{"command": "extend", "by": "1h30m"}', "ExtendCommand"),
        ('{"command": "goto", "step": "strokes:left"}', "GotoCommand"),
        ('{"command": "volume", "level": "30%"}', "VolumeCommand"),
        ('{"command": "give_back", "device": "lamp"}', "GiveBackCommand"),
    ],
)
def test_what_is_read_fits_the_document(payload, name):
    fits(payload, name)
    assert not isinstance(asked_of(Interface(["den"]), "den", payload).request, Refused)


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        ('{"command": "start", "scene": ""}', "StartCommand"),
        ('{"command": "start", "scene": "x", "parameters": {"a": [1]}}', "StartCommand"),
        ('{"command": "extend", "by": 5}', "ExtendCommand"),
        ('{"command": "volume", "level": "loud"}', "VolumeCommand"),
        ('{"command": "goto"}', "GotoCommand"),
        ('{"command": "next", "foo": 1}', "PlainCommand"),
    ],
)
def test_what_is_refused_does_not_fit_the_document(payload, name):
    with pytest.raises(jsonschema.ValidationError):
        fits(payload, name)
    assert isinstance(asked_of(Interface(["den"]), "den", payload).request, Refused)


def test_what_is_published_fits_the_document():
    watcher = Watcher()
    watcher.until(100_000)
    for message in watcher.told:
        fits(message.payload, "SessionState")
    for record in watcher.evening.records:
        fits(watcher.interface.event(record, watcher.wall()).payload, type(record.event).__name__)
    shipped = [library.load(name).model for name in library.catalogue()]
    fits(watcher.interface.scenes(shipped).payload, "Scenes")
    asked = asked_of(watcher.interface, "room", "next")
    for reply in (
        *watcher.interface.accepted(asked, "s"),
        *watcher.interface.refused(asked, Refused(Reason.NOT_NOW, "Nothing is on.")),
    ):
        fits(reply.payload, "Reply")


@pytest.mark.parametrize(
    ("payload", "name", "fits_it"),
    [
        ('{"command": "skip", "request_id": "1"}', "PlainScheduleCommand", True),
        ('{"command": "later", "by": "20min"}', "LaterCommand", True),
        ('{"command": "later"}', "LaterCommand", True),
        ('{"command": "later", "by": 20}', "LaterCommand", False),
        ('{"command": "skip", "by": "20min"}', "PlainScheduleCommand", False),
    ],
)
def test_what_a_schedule_is_told_fits_the_document_exactly_where_it_is_read(payload, name, fits_it):
    asked = Scheduling(["late"]).asked(Message("relax/schedules/late/command", payload))
    assert asked is not None
    assert isinstance(asked.request, Refused) is not fits_it
    if fits_it:
        fits(payload, name)
    else:
        with pytest.raises(jsonschema.ValidationError):
            fits(payload, name)


def test_how_a_schedule_stands_fits_the_document():
    moment = datetime(2026, 11, 27, 22, 15, tzinfo=UTC)
    last = LastTime(due=moment, result=ScheduleResult.UNMET, why="home/presence says away, and home is wanted.")
    passed = [PassedDays(first=moment.date(), last=moment.date(), why="a holiday")]
    state = ScheduleState(
        schedule="late", room="den", scene="quiet", enabled=True, next=moment, passed=passed, last=last
    )
    (message,) = Scheduling(["late"]).states({"late": state})
    fits(message.payload, "ScheduleState")
