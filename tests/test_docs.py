"""What the documents say is so: links lead somewhere, snippets load, tables name what there is, the picture is new."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
import yaml
from pydantic import BaseModel

from orchestrator.conductor.preparation import programme_faults
from orchestrator.daemon.scheduler import MEANINGS
from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.dialects.relax_speaker import RelaxSpeaker, RelaxSpeakerSettings
from orchestrator.devices.dialects.template import names
from orchestrator.devices.messages import (
    AbilitiesReport,
    AvailabilityReport,
    Hush,
    Message,
    PauseMusic,
    Play,
    PlayerReport,
    Report,
    ResumeMusic,
    SetVolume,
    Sound,
    Speak,
    SpeechEvent,
    SpeechReport,
    StopMusic,
)
from orchestrator.documents.document import read
from orchestrator.home import library as homes
from orchestrator.home import model as home_model
from orchestrator.home.programme import programme
from orchestrator.home.schedule import ScheduleModel
from orchestrator.home.strict import StrictModel
from orchestrator.mqtt.connection import Connection
from orchestrator.scenes import library as scenes
from orchestrator.scenes.pictures.preview import svg
from orchestrator.scenes.planning import planner
from orchestrator.schedules.days import HolidayRule
from orchestrator.schedules.model import SunEvent
from orchestrator.schedules.recurrence import next_fire
from orchestrator.simulator.faults import Faults
from orchestrator.units import Percent, WordsPerMinute
from tests import generated_docs
from tests.conftest import LIMIT, Mosquitto, until

HERE = Path(__file__).parents[1]
DOCUMENTS = [*sorted(HERE.glob("*.md")), *sorted((HERE / "docs").rglob("*.md"))]
SECRETS = {"RELAX_BROKER_PASSWORD": "secret"}

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def text_of(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def pieces(name: str, language: str) -> list[str]:
    return [body for tag, body in _FENCE.findall(text_of(name)) if tag == language]


def first_line(piece: str) -> str:
    return piece.strip().splitlines()[0][:30]


# Links


def links() -> list[Any]:
    return [
        pytest.param(document, link, id=f"{document.relative_to(HERE)}-{link}")
        for document in DOCUMENTS
        for link in dict.fromkeys(_LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8"))))
        if "://" not in link
    ]


def anchors(document: Path) -> set[str]:
    """The headings of a document as GitHub names them in links."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("document", "link"), links())
def test_every_link_leads_somewhere(document: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = document.parent / path if path else document
    assert target.exists()
    assert not anchor or anchor in anchors(target)


# README


def test_the_home_and_the_scene_of_the_readme_load_and_play() -> None:
    home, _, scene = pieces("README.md", "yaml")
    assert homes.read(home, "README.md", SECRETS).model.rooms
    assert planner.plan(scenes.read(scene, "README.md").model).chapters


def test_the_readme_names_every_scene_that_ships() -> None:
    text = text_of("README.md")
    shipped = [path.stem for path in (HERE / "scenes").glob("*.yaml") if "." not in path.stem]
    assert shipped
    assert [name for name in shipped if f"`{name}`" not in text] == []


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "docs").glob("*.svg")))
def test_a_picture_is_what_plan_draws_now(name: str) -> None:
    drawn = svg(planner.plan(scenes.load(name).model))
    message = f"make it anew: relax plan {name} --svg docs/{name}.svg"
    assert text_of(f"docs/{name}.svg") == drawn, message


# docs/home.md

HOME_PIECES = pieces("docs/home.md", "yaml")
MODELS = [
    value
    for value in vars(home_model).values()
    if isinstance(value, type) and issubclass(value, BaseModel) and value not in (BaseModel, StrictModel, ScheduleModel)
]


@pytest.mark.parametrize("piece", [*HOME_PIECES, *pieces("docs/speaker.md", "yaml")], ids=first_line)
def test_every_piece_of_the_home_guide_loads(piece: str) -> None:
    data = read(piece, "guide").data
    whole = {"home": "piece", "format": 1, "rooms": {"room": {"roles": {}}}} | data
    assert homes.read(yaml.safe_dump(whole, allow_unicode=True), "guide", SECRETS).devices
    if "home" in data:
        assert homes.read(piece, "guide", SECRETS).devices, "as somebody copies it"


@pytest.mark.parametrize(
    "of", [*MODELS, *(family.settings for family in DIALECTS.values())], ids=lambda of: of.__name__
)
def test_every_key_of_a_home_is_in_its_guide(of: type[BaseModel]) -> None:
    text = text_of("docs/home.md")
    keys = [field.alias or name for name, field in of.model_fields.items()]
    assert [key for key in keys if not re.search(rf"`{key}[`:]|\b{key}:", text)] == []


def test_the_home_guide_names_every_dialect_command_name_and_fault() -> None:
    text = text_of("docs/home.md")
    words = [*DIALECTS, *get_args(home_model.ButtonCommand), *names.OUTGOING, *names.INCOMING]
    assert [word for word in words if f"`{word}`" not in text] == []
    assert [fault for fault in Faults.__dataclass_fields__ if not re.search(rf"\b{fault}\b", text)] == []


# docs/devices.md


@pytest.mark.parametrize("document", generated_docs.MADE)
def test_what_is_made_from_something_else_is_not_stale(document: str) -> None:
    assert text_of(document) == generated_docs.made_anew(document), "make it anew: make docs"


def test_every_fixture_says_what_it_was_recorded_of() -> None:
    for path in (HERE / "tests/devices/payloads").glob("*/*.json"):
        device = json.loads(path.read_text(encoding="utf-8"))["device"]
        assert [key for key in ("vendor", "model", "recorded") if not device.get(key)] == [], path.name


# docs/schedules.md

LOCATION = {"latitude": 52.5, "longitude": 13.4, "timezone": "Europe/Berlin"}


SCHEDULES = [
    piece for piece in (*pieces("docs/schedules.md", "yaml"), *pieces("README.md", "yaml")) if "schedules:" in piece
]


@pytest.mark.parametrize("piece", SCHEDULES, ids=first_line)
def test_every_schedule_that_is_shown_can_be_played(piece: str, tmp_path: Path) -> None:
    data = read(piece, "guide").data
    lamp = {"kind": "light", "dialect": "zigbee2mqtt", "topic": "zigbee2mqtt/lamp"}
    whole = {"home": "piece", "format": 1, "location": LOCATION, "devices": {"lamp": lamp}}
    whole["rooms"] = {"bedroom": {"roles": {"main": "lamp"}}}
    for name in re.findall(r"\w+\.ics", piece):
        (tmp_path / name).write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n")
    home = homes.read(yaml.safe_dump(whole | data, allow_unicode=True), str(tmp_path / "guide"), SECRETS)
    assert programme_faults(home, scenes.load) == []
    after = datetime(2026, 11, 27, tzinfo=UTC)
    assert all(next_fire(each, after).at for each in programme(home, ZoneInfo("UTC")).values())


def test_the_guide_to_schedules_has_every_key_word_and_result() -> None:
    text = text_of("docs/schedules.md")
    keys = [field.alias or name for name, field in ScheduleModel.model_fields.items()]
    words = [*keys, *SunEvent, *HolidayRule, *MEANINGS, "weekdays", "weekend", "idle", "not_today", "less_than"]
    assert [word for word in words if not re.search(rf"\b{word}\b", text)] == []


# docs/speaker.md

SPEAKER = RelaxSpeaker(
    "speaker",
    RelaxSpeakerSettings(kind=[Kind.PLAYER, Kind.VOICE], dialect="relax_speaker", topic="speakers/bedroom"),
)
SPOKEN = Speak("bedroom-1-7", "Let it go. Lean back.", "en", Percent(40.0), WordsPerMinute(105.5), 2500)


def decoded(level: str, payload: str) -> list[Report]:
    return list(SPEAKER.decode(Message(f"speakers/bedroom/{level}", payload)))


def test_the_payloads_of_the_speaker_guide_are_those_of_the_dialect() -> None:
    say, events, state = pieces("docs/speaker.md", "json")
    assert json.loads(SPEAKER.encode(SPOKEN)[0].payload) == json.loads(say)
    assert [decoded("event", event) for event in events.splitlines()] == [
        [SpeechReport("bedroom-1-7", SpeechEvent.STARTED)],
        [SpeechReport("bedroom-1-7", SpeechEvent.DONE)],
    ]
    assert decoded("state", state) == [
        PlayerReport("http://nas.local/calm.mp3", Percent(30.0)),
        AbilitiesReport(frozenset({"say", "done", "hush", "rate", "gap", "pause", "loop"})),
    ]


def test_the_speaker_guide_has_every_command_with_its_keys() -> None:
    rows = [row for row in text_of("docs/speaker.md").splitlines() if row.startswith("|")]
    for change in (
        SPOKEN,
        Hush("1"),
        Play("x"),
        PauseMusic(),
        ResumeMusic(),
        StopMusic(),
        SetVolume(Percent(3.0)),
        Sound("x"),
    ):
        command = json.loads(SPEAKER.encode(change)[0].payload)
        said = next(row for row in rows if f"`{command['do']}`" in row.split("|")[1])
        assert [key for key in command if key != "do" and f"`{key}`" not in said] == []


@contextmanager
def running(folder: Path, port: str) -> Iterator[None]:
    """The guide's speaker in a process of its own, killed when the block is left."""
    arguments = [sys.executable, str(folder / "speaker.py"), "127.0.0.1", port, "speakers/bedroom"]
    speaker = subprocess.Popen(arguments, env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"})
    try:
        yield
    finally:
        speaker.kill()
        speaker.wait()


async def test_the_speaker_of_the_guide_keeps_the_contract(mosquitto: Mosquitto, tmp_path: Path) -> None:
    """The program itself, against a real broker, with a stand-in for the one that speaks."""
    (program,) = pieces("docs/speaker.md", "python")
    (tmp_path / "speaker.py").write_text(program, encoding="utf-8")
    speech = tmp_path / "espeak-ng"
    speech.write_text('#!/bin/sh\necho "$@" >> "$0.said"\ncase "$*" in *long*) exec sleep 30;; esac\n')
    speech.chmod(0o755)
    reports: list[Report] = []
    connection = Connection(
        mosquitto.address,
        client_id="listener",
        subscriptions=SPEAKER.topics,
        on_message=lambda message: reports.extend(SPEAKER.decode(message)),
    )
    async with connection:
        await connection.first(LIMIT)
        with running(tmp_path, str(mosquitto.port)):
            await until(lambda: AbilitiesReport(frozenset({"say", "done", "hush", "rate", "gap"})) in reports)
            assert AvailabilityReport(True) in reports
            connection.publish(SPEAKER.encode(SPOKEN))
            await until(lambda: SpeechReport("bedroom-1-7", SpeechEvent.DONE) in reports)
            connection.publish(SPEAKER.encode(SPOKEN._replace(id="2", text="Something long.")))
            await until(lambda: SpeechReport("2", SpeechEvent.STARTED) in reports)
            connection.publish(SPEAKER.encode(Hush("2")))
            await until(lambda: SpeechReport("2", SpeechEvent.FAILED) in reports)
        await until(lambda: AvailabilityReport(False) in reports)
    said = (tmp_path / "espeak-ng.said").read_text().splitlines()
    assert said[0] == '-m -v en -s 106 -a 80 Let it go.<break time="2500ms"/>Lean back.'


# The decisions


def test_decisions_are_numbered_without_a_gap_and_say_what_they_cost() -> None:
    notes = sorted((HERE / "docs/decisions").glob("[0-9]*.md"))
    assert [int(note.name[:4]) for note in notes] == list(range(1, len(notes) + 1))
    for note in notes:
        written = note.read_text(encoding="utf-8")
        assert written.startswith(f"# {int(note.name[:4])}. ")
        assert all(f"**{word}.**" in written for word in ("Forces", "Choice", "Costs"))


def test_every_decision_has_a_line_in_their_index() -> None:
    rows = re.findall(
        r"^\| \[(\d+)\]\((.+?)\) \| (.+?) \| (.+?) \|$", text_of("docs/decisions/README.md"), re.MULTILINE
    )
    notes = sorted((HERE / "docs/decisions").glob("[0-9]*.md"))
    titles = [note.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for note in notes]
    assert [(f"{number}. {title}", file) for number, file, title, _ in rows] == [
        (title, note.name) for title, note in zip(titles, notes, strict=True)
    ]
    assert [number for number, _, _, line in rows if len(line) > 120] == []
