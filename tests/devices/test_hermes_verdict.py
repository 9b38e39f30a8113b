"""Our Hermes messages before Rhasspy's own message classes, and theirs before ours."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.hermes import Hermes, HermesSettings
from orchestrator.devices.messages import Message, Speak, SpeechEvent, SpeechReport
from orchestrator.integrations.intents import EndDialogue, IntentNotRecognized, Said, read
from orchestrator.units import MINUTE, Percent, WordsPerMinute

FOLDER = Path(__file__).parent / "verdicts"
VERDICT = json.loads((FOLDER / "hermes-0.6.2.json").read_text())
SATELLITE = Hermes("satellite", HermesSettings(kind=Kind.VOICE, dialect="hermes", site="bedroom"))


def ours():
    """What relax sends, as the questions have it."""
    (say,) = SATELLITE.encode(Speak("ann-1", "Füße hoch.", "de", Percent(40.0), WordsPerMinute(110.0), 1500))
    ends = [EndDialogue("hermes", "bedroom-1", text).message() for text in ("", "Nothing is on.")]
    return [[message.topic, json.loads(message.payload)] for message in (say, *ends)]


def theirs(kind):
    return [Message(each["topic"], json.dumps(each["payload"])) for each in VERDICT["theirs"] if each["is"] == kind]


def test_rhasspy_was_asked_about_what_relax_sends():
    assert json.loads((FOLDER / "hermes-questions.json").read_text()) == ours()
    assert [[each["topic"], each["payload"]] for each in VERDICT["ours"]] == ours()


def test_rhasspy_reads_every_key_that_relax_writes():
    names = {"siteId": "site_id", "sessionId": "session_id"}
    for each in VERDICT["ours"]:
        read_back = {names.get(key, key): value for key, value in each["payload"].items()}
        assert read_back.items() <= each["fields"].items()


def test_the_end_of_words_is_read_as_rhasspy_writes_it():
    (finished,), (failed,) = theirs("finished"), theirs("failed")
    assert SATELLITE.decode(finished) == (SpeechReport("ann-1", SpeechEvent.DONE),)
    assert SATELLITE.decode(failed) == (SpeechReport("ann-1", SpeechEvent.FAILED),)


def test_intents_are_read_as_rhasspy_writes_them():
    following, extending = (read("hermes", message) for message in theirs("intent"))
    assert following == Said("next", "hermes", "bedroom", "bedroom-1", None, None, 0.98)
    assert extending == Said("extend", "hermes", "bedroom", "bedroom-1", "de", 5 * MINUTE, 0.98)
    (not_recognized,) = theirs("not_recognized")
    assert read("hermes", not_recognized) == IntentNotRecognized("hermes", "bedroom", "bedroom-1")


def test_rhasspy_says_the_same_today():
    """RELAX_RHASSPY names a Python that has rhasspy-hermes; without one the verdict that was recorded stands."""
    python = os.environ.get("RELAX_RHASSPY")
    if not python:
        pytest.skip("no rhasspy-hermes: pip install it in a venv elsewhere and set RELAX_RHASSPY to that venv's python")
    questions = (FOLDER / "hermes-questions.json").read_text()
    done = subprocess.run(
        [python, str(FOLDER / "hermes.py")], input=questions, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == VERDICT
