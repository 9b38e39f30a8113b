"""What brokers were seen to hold becomes the entries that were written for it by hand: all 59 files."""

import json
from typing import Any

import pytest

from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.survey import Survey
from tests.devices.discovery.homes import EXPECTED, homes, names, recorded

SAFE = {
    ("shellies/command", "announce"),
    ("rhasspy/tts/getVoices", ""),
    ("rhasspy/audioServer/getDevices", ""),
    ("mopidy/c/inf", "state"),
}
"""Questions that are asked at every broker; those with JSON in them by their topic alone."""
METHODS = {"Shelly.GetDeviceInfo", "Shelly.GetComponents", "Shelly.GetStatus"}


def test_each_file_has_its_expectation() -> None:
    assert names() == sorted(str(path.relative_to(EXPECTED).with_suffix("")) for path in EXPECTED.glob("*/*.yaml"))
    assert len(names()) == 59


@pytest.mark.parametrize(("name", "part", "told"), homes())
def test_what_is_found_is_what_was_written_by_hand(name: str, part: str, told: dict[str, Any]) -> None:
    judge(recorded(name, part).surveyed(), told)


def judge(survey: Survey, told: dict[str, Any]) -> None:
    """Hold what was found against what was written by hand."""
    found = survey.found()
    titles = {device.keys[0]: device.title for device in found}
    assert [_shown(device, titles) for device in found] == [_with_defaults(each) for each in told["found"]]
    for device, each in zip(found, told["found"], strict=True):
        for words in each.get("remarks", []):
            assert any(words in remark for remark in device.remarks), (device.remarks, words)
        assert len(device.remarks) == len(each.get("remarks", [])), device.remarks
    left = {each.title: each.why for each in survey.left_out()}
    assert left.keys() == told.get("left_out", {}).keys()
    assert all(words in left[title] for title, words in told.get("left_out", {}).items()), left


@pytest.mark.parametrize(("name", "part", "told"), homes())
def test_nothing_is_asked_but_what_is_safe(name: str, part: str, told: dict[str, Any]) -> None:
    home = recorded(name, part)
    home.surveyed()
    for question in home.asked:
        assert not question.retain
        json_question = question.payload.startswith("{")
        if question.topic.endswith("/rpc"):
            assert json.loads(question.payload)["method"] in METHODS
        elif question.topic.endswith("Status"):
            assert question.payload == "0"
        else:
            assert (question.topic, "" if json_question else question.payload) in SAFE
    assert len(home.asked) == len(set(home.asked))


def _shown(device: FoundDevice, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "title": device.title,
        "area": device.area,
        "plays": [kind.value for kind in device.proposed],
        "entry": dict(device.entry),
        "unknown": list(device.unknown),
        "members": [titles[key] for key in device.members],
        "signals": list(device.signals),
    }


def _with_defaults(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": each["title"],
        "area": each.get("area"),
        "plays": each.get("plays", []),
        "entry": each["entry"],
        "unknown": each.get("unknown", []),
        "members": each.get("members", []),
        "signals": each.get("signals", []),
    }
