"""Brokers that nobody has recorded: every kind of MAPPING's tables, written by hand with what is to come of it.

Each file of `unseen/` says of which part it is; what is expected was written before it was tried.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.devices.dialects import DIALECTS
from tests.devices.discovery.homes import SOURCE, Answer, RecordedHome, message
from tests.devices.discovery.test_recorded_homes import judge

FILES = sorted((Path(__file__).parent / "unseen").glob("*.yaml"))


def content(path: Path) -> dict[str, Any]:
    """Files are YAML so that they can say why; what they hold is JSON."""
    return dict(json.loads(json.dumps(yaml.load(path.read_text(encoding="utf-8"), _Json))))


class _Json(yaml.SafeLoader):
    """YAML without its words for true and false: `on` is a word."""


_Json.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tf"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def home_of(told: dict[str, Any]) -> RecordedHome:
    answers: dict[tuple[str, str], list[Answer]] = {}
    for each in told.get("answers", []):
        answers.setdefault((each["topic"], each["asked"]), []).append((f"{SOURCE}/{each['on']}", each["told"]))
    return RecordedHome([message(each) for each in told["messages"]], answers)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_what_is_found_is_what_was_written_by_hand(path: Path) -> None:
    told = content(path)
    judge(home_of(told).surveyed(), told)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_its_dialect_takes_each_entry(path: Path) -> None:
    for device in home_of(content(path)).surveyed().found():
        DIALECTS[device.entry["dialect"]].settings.model_validate(dict(device.entry))


def test_there_are_as_many_as_were_asked_for() -> None:
    assert len(FILES) >= 20
