"""Our Wyoming before the library that Home Assistant speaks it with: what relax sends, and how it reads what comes."""

import asyncio
import base64
import json
import os
import subprocess
from pathlib import Path

import pytest

from orchestrator.wyoming.event import WyomingEvent, read_event
from orchestrator.wyoming.sound import SoundFormat, sound_format
from orchestrator.wyoming.synthesis import best, voices

FOLDER = Path(__file__).parent / "verdicts"
VERDICT = json.loads((FOLDER / "wyoming-1.10.2.json").read_text(encoding="utf-8"))
FORM = {"rate": 22050, "width": 2, "channels": 1}
SOUND = b"\x01\x00\x02\x00"
OURS = {
    "question": [WyomingEvent("describe"), WyomingEvent("ping"), WyomingEvent("pong", {"text": "there?"})],
    "words": [
        WyomingEvent("synthesize", {"text": "Füße hoch.", "voice": {"name": "de_DE-mls-medium", "speaker": "3"}}),
        WyomingEvent("synthesize", {"text": "In."}),
    ],
    "sound": [
        WyomingEvent("audio-start", {**FORM, "timestamp": 0}),
        WyomingEvent("audio-chunk", {**FORM, "timestamp": 0}, SOUND),
        WyomingEvent("audio-stop", {"timestamp": 1500}),
    ],
    "no": [WyomingEvent("error", {"text": "relax speaks, and does not listen.", "code": "not-listening"})],
}
"""What `orchestrator/wyoming/` sends."""


def asked() -> dict[str, str]:
    return {name: base64.b64encode(b"".join(each.bytes() for each in some)).decode() for name, some in OURS.items()}


def theirs(name: str) -> WyomingEvent:
    async def read() -> WyomingEvent | None:
        reader = asyncio.StreamReader()
        reader.feed_data(base64.b64decode(VERDICT["theirs"][name]))
        return await read_event(reader)

    event = asyncio.run(read())
    assert event is not None
    return event


def test_the_library_was_asked_about_what_relax_sends():
    assert json.loads((FOLDER / "wyoming-questions.json").read_text(encoding="utf-8")) == asked()


def test_the_library_reads_every_event_that_relax_writes():
    def reads(name):
        return [(each["class"], each["fields"]) for each in VERDICT["ours"][name]]

    assert reads("question") == [("Describe", {}), ("Ping", {"text": None}), ("Pong", {"text": "there?"})]
    (named, named_fields), (plain, plain_fields) = reads("words")
    assert named == plain == "Synthesize"
    assert (named_fields["text"], plain_fields["text"], plain_fields["voice"]) == ("Füße hoch.", "In.", None)
    assert {"name": "de_DE-mls-medium", "speaker": "3"}.items() <= named_fields["voice"].items()
    assert reads("sound") == [
        ("AudioStart", {**FORM, "timestamp": 0}),
        ("AudioChunk", {**FORM, "timestamp": 0, "audio": base64.b64encode(SOUND).decode()}),
        ("AudioStop", {"timestamp": 1500}),
    ]
    assert reads("no") == [("Error", {"text": "relax speaks, and does not listen.", "code": "not-listening"})]


def test_relax_reads_every_event_that_the_library_writes():
    assert dict(voices(theirs("info of a server").data)) == {"de_de": "de_DE-thorsten-medium"}
    assert best(dict(voices(theirs("info of a server").data)), "de") == "de_DE-thorsten-medium"
    assert not dict(voices(theirs("info of a satellite").data))
    chunk = theirs("audio-chunk")
    assert sound_format(theirs("audio-start").data) == sound_format(chunk.data) == SoundFormat(**FORM)
    assert chunk.payload == SOUND
    assert theirs("error").data["text"] == "no such voice"
    assert theirs("ping").data["text"] == "there?"
    for kind in ("audio-start", "audio-chunk", "audio-stop", "error", "played", "ping", "run-pipeline"):
        assert theirs(kind).kind == kind


def test_the_library_says_the_same_today():
    """RELAX_WYOMING names a Python that has wyoming; without one the verdict that was recorded stands."""
    python = os.environ.get("RELAX_WYOMING")
    if not python:
        pytest.skip("no wyoming: pip install it in a venv elsewhere and set RELAX_WYOMING to that venv's python")
    questions = (FOLDER / "wyoming-questions.json").read_text(encoding="utf-8")
    done = subprocess.run(
        [python, str(FOLDER / "python_wyoming.py")], input=questions, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == VERDICT
