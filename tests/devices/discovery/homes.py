"""Brokers as they were found: each file of `announcements/` as a home whose devices also answer questions.

The files are facts, with their sources in them; `expected/` says by hand what is to come of each.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.devices.discovery.survey import Survey
from orchestrator.devices.messages import Message

FOLDER = Path(__file__).parent / "announcements"
EXPECTED = Path(__file__).parent / "expected"
SOURCE = "relax-probe/test"
PAGE = 5
"""Components in an answer: real devices send 11, then the rest."""

Answer = tuple[str, Any]


class RecordedHome:
    """What a broker holds, and what is answered: `answers` by topic and method (or payload) of the question."""

    def __init__(self, said: list[Message], answers: Mapping[tuple[str, str], list[Answer]] | None = None) -> None:
        self.said = said
        self.answers = dict(answers or {})
        self.asked: list[Message] = []

    def surveyed(self, survey: Survey | None = None) -> Survey:
        """All that is said, then what is answered to each question, as long as there are questions."""
        survey = survey or Survey(SOURCE)
        for message in self.said:
            survey.hear(message)
        while questions := survey.probes():
            self.asked += questions
            for question in questions:
                for answer in self.answer(question):
                    survey.hear(answer)
        return survey

    def answer(self, question: Message) -> Iterator[Message]:
        asked = json.loads(question.payload) if question.payload.startswith("{") else {}
        for topic, told in self.answers.get((question.topic, asked.get("method", question.payload)), []):
            said = _page(told, asked["params"]["offset"]) if "components" in told else told
            if "method" in asked:
                said = {"id": asked["id"], "dst": asked["src"], **said}
            yield Message(topic, said if isinstance(said, str) else json.dumps(said))


def _page(told: Mapping[str, Any], offset: int) -> dict[str, Any]:
    listed = told["components"]
    result = {"components": listed[offset : offset + PAGE], "offset": offset, "total": len(listed)}
    return {"src": told["src"], "result": result}


def names() -> list[str]:
    """Of all files: `tasmota/nous-a1t-13.1`."""
    return [str(path.relative_to(FOLDER).with_suffix("")) for path in sorted(FOLDER.glob("*/*.json"))]


@cache
def content(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def expected(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((EXPECTED / f"{name}.yaml").read_text(encoding="utf-8")))


def recorded(name: str, part: str = "") -> RecordedHome:
    """The home that a file is; `part` where there are several in it."""
    file = content(name)
    if "exposes" in file:
        return RecordedHome([_exposed(name, file["exposes"])])
    if "status" in file:
        return _answering(file["status"][part])
    if "answers" in file and "settings" in file["answers"]:
        return _first_generation(file["answers"]["settings"])
    if "answers" in file:
        return _older_shelly(file["answers"])
    if "config" in file:
        return _shelly(file["id"], file["config"])
    return RecordedHome([message(each) for each in file["messages"]])


def message(each: Mapping[str, Any]) -> Message:
    payload = each["payload"]
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return Message(each["topic"], text, retain=bool(each.get("retain")))


def _exposed(name: str, exposes: Any) -> Message:
    vendor, _, model = name.rpartition("/")[2].removeprefix("exposes-").partition("-")
    definition = {"vendor": vendor.capitalize(), "model": model.upper(), "exposes": exposes}
    entry = {
        "friendly_name": model,
        "ieee_address": "0x00fa4e0000000001",
        "type": "Router",
        "supported": True,
        "disabled": False,
        "interview_completed": True,
        "definition": definition,
    }
    return Message("zigbee2mqtt/bridge/devices", json.dumps([entry]), retain=True)


def _answering(status: Mapping[str, Any]) -> RecordedHome:
    name = status["STATUS"]["Status"]["Topic"]
    answers = [(f"stat/{name}/{key}", value) for key, value in status.items()]
    return RecordedHome([Message(f"tele/{name}/LWT", "Online", retain=True)], {(f"cmnd/{name}/Status", "0"): answers})


def _first_generation(settings: Mapping[str, Any]) -> RecordedHome:
    device = settings["device"]
    said = {"id": settings["mqtt"]["id"], "model": device["type"], "mac": device["mac"], "new_fw": False}
    return RecordedHome([], {("shellies/command", "announce"): [("shellies/announce", said)]})


def _older_shelly(answers: Mapping[str, Any]) -> RecordedHome:
    """Firmware that knows no Shelly.GetComponents."""
    prefix = answers["config"]["mqtt"]["topic_prefix"] or answers["shelly"]["id"]
    source = answers["shelly"]["id"]
    unknown = {"code": 404, "message": "No handler for Shelly.GetComponents"}
    return RecordedHome(
        [Message(f"{prefix}/online", "true", 1, retain=True)],
        {
            (f"{prefix}/rpc", "Shelly.GetDeviceInfo"): _said(source, result=answers["shelly"]),
            (f"{prefix}/rpc", "Shelly.GetComponents"): _said(source, error=unknown),
            (f"{prefix}/rpc", "Shelly.GetStatus"): _said(source, result=answers["status"]),
        },
    )


def _shelly(source: str, config: Mapping[str, Any]) -> RecordedHome:
    prefix = config["mqtt"]["topic_prefix"]
    components = [{"key": key, "status": {}, "config": value} for key, value in config.items()]
    about = {"id": source, "name": config["sys"]["device"]["name"], "gen": 3, "auth_en": False}
    return RecordedHome(
        [Message(f"{prefix}/online", "true", 1, retain=True)],
        {
            (f"{prefix}/rpc", "Shelly.GetDeviceInfo"): _said(source, result=about),
            (f"{prefix}/rpc", "Shelly.GetComponents"): _said(source, components=components),
        },
    )


def _said(source: str, **content: Any) -> list[Answer]:
    return [(f"{SOURCE}/rpc", {"src": source, **content})]


def homes() -> list[Any]:
    """Every file, and every part of the one that is several homes, as test parameters: name, part, what is to come."""
    cases = []
    for name in names():
        told = expected(name)
        parts = told if "found" not in told else {"": told}
        cases += [
            pytest.param(name, part, each, id=f"{name}{':' if part else ''}{part}") for part, each in parts.items()
        ]
    return cases
