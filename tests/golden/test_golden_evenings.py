"""Evenings that a former relax was cut off in: this one takes up its journals, and every room ends as it has to.

`evenings-*.json` says a line an evening what was done, how the devices were found, and what is right; the journals are
beside it. RELAX_EVENINGS is how many of them are played (200: all); the least is one of each kind of moment.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from orchestrator.journal.schema import newest
from tests.golden.judge import Recording, faults, recordings

RECORDINGS = {recording.name: recording for recording in recordings()}
PLAYED = int(os.environ.get("RELAX_EVENINGS", "40"))


def chosen(recording: Recording) -> list[Any]:
    """One of each kind first, then one here and one there."""
    kinds = {evening["moment"]: evening["number"] for evening in reversed(recording.evenings)}
    numbers = [evening["number"] for evening in recording.evenings]
    order = [*kinds.values(), *(number for start in range(7) for number in numbers[start::7])]
    taken = set(list(dict.fromkeys(order))[: max(PLAYED, len(kinds))])
    return [_parameter(recording, evening) for evening in recording.evenings if evening["number"] in taken]


def _parameter(recording: Recording, evening: dict[str, Any]) -> Any:
    fault = evening["known_fault"]
    marks = [pytest.mark.xfail(strict=True, raises=AssertionError, reason=fault)] if fault else []
    name = f"{recording.name}-{evening['number']:03d} {evening['moment']}"
    return pytest.param(recording.name, evening["number"], marks=marks, id=name)


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every journal as it lay there, in a folder for each recording."""
    folder = tmp_path_factory.mktemp("journals")
    for recording in RECORDINGS.values():
        recording.unpack(folder / recording.name)
    return folder


def a_copy(journals: Path, name: str, number: int, to: Path) -> Path:
    return Path(shutil.copyfile(journals / name / f"{number:03d}.db", to / "journal.db"))


@pytest.mark.parametrize(
    ("name", "number"), [evening for recording in RECORDINGS.values() for evening in chosen(recording)]
)
def test_an_evening_that_was_cut_off_ends_as_it_has_to(name: str, number: int, journals: Path, tmp_path: Path) -> None:
    recording = RECORDINGS[name]
    assert faults(recording.home, recording.evenings[number], a_copy(journals, name, number, tmp_path)) == []


def test_there_are_evenings_of_every_version_of_the_journal(journals: Path) -> None:
    """Whoever adds a migration records some: see `record_versions.py`."""
    versions = set()
    for file in journals.glob("*/*.db"):
        with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as journal:
            versions.add(journal.execute("PRAGMA user_version").fetchone()[0])
    assert versions == set(range(1, newest() + 1))


# The judge can say no.


def first(**is_so: Any) -> dict[str, Any]:
    """The first evening without a known fault in whose room this was to happen, with one lamp at least to give back."""
    for evening in RECORDINGS["evenings-1"].evenings:
        expected = evening["expected"]["den"]
        lamp = evening["before"]["ceiling"]["level"], evening["found"]["ceiling"]["level"]
        if (
            not evening["known_fault"]
            and all(expected.get(name, evening.get(name)) == value for name, value in is_so.items())
            and abs(lamp[0] - lamp[1]) > 20
            and lamp[0] > 20
        ):
            return evening
    raise AssertionError(is_so)


@pytest.mark.parametrize(
    ("evening", "change", "fault"),
    [
        pytest.param(
            first(does="resume", way="finish", moment="in words"),
            "UPDATE debts SET value = '7.0' WHERE device = 'ceiling' AND attribute = 'level'",
            "ceiling: looks is",
            id="a debt of another value",
        ),
        pytest.param(
            first(does="land", ending="lost"),
            "UPDATE debts SET value = '7.0' WHERE device = 'ceiling' AND attribute = 'level'",
            "ceiling: looks is",
            id="a debt of another value, landed",
        ),
        pytest.param(
            first(does="resume", way="finish", moment="in words"),
            "DELETE FROM debts WHERE device = 'ceiling'",
            "ceiling: looks is",
            id="a debt that was forgotten",
        ),
        pytest.param(
            first(does="resume", moment="in a wait"),
            "UPDATE positions SET number = number - 1",
            "it was to go on in",
            id="another chapter",
        ),
        pytest.param(
            first(does="resume", moment="after a hand on a lamp"),
            "DELETE FROM overrides",
            "was a person's",
            id="a hand that was forgotten",
        ),
        pytest.param(
            first(does="land", ending="lost", moment="in words"),
            "UPDATE heartbeat SET boot_ms = boot_ms + {gap}, wall = wall + {gap}",
            "it was to be landed",
            id="another gap",
        ),
        pytest.param(
            first(does="land", ending="stopped"),
            "UPDATE sessions SET landing = NULL",
            "it was to",
            id="a landing that was forgotten",
        ),
        pytest.param(
            first(does="resume", moment="paused"),
            "UPDATE positions SET paused = 0",
            "it was to stand",
            id="a pause that was forgotten",
        ),
        pytest.param(
            first(does="nothing", moment="over, and something owed"),
            "UPDATE sessions SET ending = NULL, ended_at = NULL",
            "was lost, not stopped",
            id="an end that was forgotten",
        ),
        pytest.param(
            first(does="land", ending="lost", moment="resumed three times"),
            "UPDATE positions SET resumes = 2",
            "it was to be landed",
            id="a resume that was not counted",
        ),
        pytest.param(
            first(does="resume", way="finish", moment="in words"),
            "DELETE FROM scene_texts",
            "it was to go on once",
            id="a text that is gone",
        ),
    ],
)
def test_the_judge_notices_a_journal_that_says(
    evening: dict[str, Any], change: str, fault: str, journals: Path, tmp_path: Path
) -> None:
    copy = a_copy(journals, "evenings-1", evening["number"], tmp_path)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(change.format(gap=round(evening["gap"]["seconds"] * 1000)))
        connection.commit()
    found = faults(RECORDINGS["evenings-1"].home, evening, copy)
    assert any(fault in sentence for sentence in found), found


def test_the_judge_notices_another_value_in_what_an_old_version_wrote(journals: Path, tmp_path: Path) -> None:
    recording = RECORDINGS["evenings-3"]
    for number in (0, 1, 4):
        copy = a_copy(journals, "evenings-3", number, tmp_path)
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("UPDATE debts SET value = '7.0' WHERE device = 'ceiling' AND attribute = 'level'")
            connection.commit()
        found = faults(recording.home, recording.evenings[number], copy)
        assert any("ceiling: looks is" in sentence for sentence in found), (number, found)


def test_there_are_two_hundred_evenings_of_every_kind() -> None:
    evenings = RECORDINGS["evenings-1"].evenings
    assert [evening["number"] for evening in evenings] == list(range(200))
    outcomes = [expected["does"] for evening in evenings for expected in evening["expected"].values()]
    assert outcomes.count("resume") > 80
    assert outcomes.count("land") > 50
    expected = [evening["expected"]["den"] for evening in evenings]
    assert {each.get("language") for each in expected} >= {"en", "de"}
    assert len({each.get("scene") for each in expected} - {None}) == 8
    assert len({each.get("rate") for each in expected} - {None}) >= 4
    assert {each["ending"] for each in expected if each["does"] == "land"} == {
        "finished",
        "stopped",
        "aborted",
        "failed",
        "lost",
    }
