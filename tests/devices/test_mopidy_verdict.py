"""Our Mopidy before a real one with a silent sink: what it does with what relax sends, and how that is read."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.mopidy import Mopidy, MopidySettings
from orchestrator.devices.messages import Message, PauseMusic, Play, PlayerReport, ResumeMusic, SetVolume, StopMusic
from orchestrator.simulator.firmware.mopidy import SimulatedMopidy
from orchestrator.units import SECOND, Percent

SETTINGS = MopidySettings(kind=Kind.PLAYER, dialect="mopidy", mixer=True)
FOLDER = Path(__file__).parent / "verdicts"
VERDICT = json.loads((FOLDER / "mopidy-3.4.2-mopiqtt-1.2.1.json").read_text())
CALM, RAIN, BELL = (f"file:///music/{name}.wav" for name in ("calm", "rain", "bell"))
TOLD = {
    "volume": SetVolume(Percent(25.0)),
    "the same volume": SetVolume(Percent(25.0)),
    "asked": None,
    "music": Play(CALM),
    "pause": PauseMusic(),
    "pause again": PauseMusic(),
    "asked what is on": None,
    "resume": ResumeMusic(),
    "resume again": ResumeMusic(),
    "other music": Play(RAIN),
    "pause of other music": PauseMusic(),
    "music from a pause": Play(CALM),
    "stop": StopMusic(),
    "stop again": StopMusic(),
    "resume what is stopped": ResumeMusic(),
    "twice a bell": Play(BELL),
}
"""What is told, by the name of the question; None is the dialect's own question."""
SAYS = {
    "volume": PlayerReport(volume=Percent(25.0)),
    "asked": PlayerReport(volume=Percent(25.0)),
    "music": PlayerReport(CALM),
    "pause": PlayerReport(CALM, paused=True),
    "asked what is on": PlayerReport(CALM, paused=True),
    "resume": PlayerReport(CALM),
    "other music": PlayerReport(RAIN),
    "pause of other music": PlayerReport(RAIN, paused=True),
    "music from a pause": PlayerReport(CALM),
    "stop": PlayerReport(""),
    "twice a bell": PlayerReport(BELL),
}
"""The last that it says of it."""


def player():
    return Mopidy("player", SETTINGS)


def asks(name):
    """What is on can be asked of one that has said it, by a codec that knows of no mixer."""
    if name == "asked":
        return player().query()
    codec = Mopidy("player", SETTINGS.model_copy(update={"mixer": None}))
    codec.decode(Message("mopidy/stat/plstate", "stopped"))
    return codec.query()


def ours():
    """What relax sends, as the questions have it. The bell rings twelve seconds, and then again: it stands in line."""
    for name, change in TOLD.items():
        messages = asks(name) if change is None else player().encode(change)
        seconds = {"seconds": 15.0} if name == "twice a bell" else {}
        yield {"name": name, "told": [[each.topic, each.payload] for each in messages], **seconds}


def test_mopidy_was_asked_about_what_relax_sends():
    assert json.loads((FOLDER / "mopidy-questions.json").read_text()) == list(ours())
    assert [{key: each[key] for key in each if key != "said"} for each in VERDICT["answers"]] == list(ours())


def test_what_mopidy_says_is_read_as_what_it_does():
    codec, last = player(), {}
    for answer in VERDICT["answers"]:
        reports = [report for topic, text in answer["said"] for report in codec.decode(Message(topic, text))]
        last[answer["name"]] = [report for report in reports if isinstance(report, PlayerReport)]
    told = {
        name: [each for each in last[name] if (each.playing is None) is (says.playing is None)][-1]
        for name, says in SAYS.items()
    }
    assert told == SAYS
    assert last["resume what is stopped"] == []
    assert [each.playing for each in last["twice a bell"] if each.playing is not None] == [BELL, BELL]
    for name, uri in (("other music", RAIN), ("music from a pause", CALM)):
        names = {report.playing for report in last[name] if report.playing is not None}
        assert names == {uri}, "neither what was on before nor silence between"


def test_what_stands_in_the_queue_is_gone_to_and_not_put_in_again():
    codec = player()
    codec.decode(Message("mopidy/stat/trklist", json.dumps([{"name": "rain.wav", "uri": RAIN}])))
    assert [(each.topic, each.payload) for each in codec.encode(Play(RAIN))] == [("mopidy/cmnd/chgtrk", RAIN)]
    codec.decode(Message("mopidy/stat/trklist", "[]"))
    assert len(codec.encode(Play(RAIN))) == 9


def test_the_twin_says_what_mopidy_says():
    twin = SimulatedMopidy("player", SETTINGS)
    now = 0
    for answer in VERDICT["answers"]:
        messages = [each for told in answer["told"] for each in twin.receive(Message(*told), now)]
        now += SECOND
        said = [[each.topic, each.payload] for each in [*messages, *twin.advance(now)]]
        assert sound(said) == sound(answer["said"]), answer["name"]


def sound(said):
    """Without what a mixer says again, and a track that follows the same."""
    kept = [[topic, text] for topic, text in said if not topic.endswith(("/vol", "/trk", "/trklist", "/uri_schemes"))]
    times = [at for at, each in enumerate(kept) if each[0].endswith("/trk_uri")][:1]
    volumes = [text for topic, text in said if topic.endswith("/vol")][-1:]
    return (kept[: times[0] + 1] if times else kept), volumes


def test_mopidy_says_the_same_today():
    """RELAX_MOPIDY names a Python that has Mopidy and Mopiqtt; without one the verdict that was recorded stands."""
    python = os.environ.get("RELAX_MOPIDY")
    if not python:
        pytest.skip("no Mopidy: install it with Mopiqtt elsewhere and set RELAX_MOPIDY to that place's python")
    questions = (FOLDER / "mopidy-questions.json").read_text()
    done = subprocess.run(
        [python, str(FOLDER / "mopidy.py")], input=questions, capture_output=True, text=True, check=True
    )
    today = json.loads(done.stdout)
    assert today["oracle"] == VERDICT["oracle"]
    for answer, before in zip(today["answers"], VERDICT["answers"], strict=True):
        assert sound(answer["said"]) == sound(before["said"]), answer["name"]
