"""What a journal keeps of how late and how exactly devices report."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from orchestrator.conductor.journal_entries import Ended, Entry, ProfileLearnt, Settled
from orchestrator.events.session import Ending
from orchestrator.home.library import Home, read
from orchestrator.journal.journal import Journal
from orchestrator.journal.reader import Reader
from orchestrator.journal.report_profiles import report_profiles
from orchestrator.journal.salvage import salvaged
from orchestrator.stage.report_profile import ReportProfile
from tests.journal.lives import EVENING, LEVEL, begin, opened

LAMP = "kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, warmest: 2200K, colors: [temperature]"
PROFILE = ReportProfile((310, 290, 305, 1200, 280), {LEVEL: (0.98, 0.97, 0.98)})


def home(entry: str = LAMP, name: str = "ceiling") -> Home:
    rooms = f"{{bedroom: {{roles: {{main: {name}}}}}}}"
    return read(f"{{home: house, format: 1, devices: {{{name}: {{{entry}}}}}, rooms: {rooms}}}", "house.yaml")


def entry(profile: ReportProfile = PROFILE, of: Home | None = None) -> ProfileLearnt:
    return ProfileLearnt("ceiling", (of or home()).fingerprint("ceiling"), profile)


def known(journal: Journal | Reader, of: Home | None = None) -> dict[str, ReportProfile]:
    return report_profiles(journal, of or home())


def test_it_is_known_after_a_restart_and_to_who_only_reads(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = opened(file)
    journal.write([entry()], 0)
    assert known(journal) == {"ceiling": PROFILE}
    journal.close()
    journal = opened(file)
    assert known(journal) == {"ceiling": PROFILE}
    journal.close()
    with Reader(file) as reader:
        assert known(reader) == {"ceiling": PROFILE}


def test_there_is_one_row_a_device(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    for count in range(1, 6):
        journal.write([entry(ReportProfile((count,), {}))], 0)
    assert known(journal) == {"ceiling": ReportProfile((5,), {})}
    assert journal.read("SELECT count(*) FROM report_profiles") == [(1,)]
    journal.close()


@pytest.mark.parametrize(
    "other",
    [
        LAMP.replace("ceiling", "ceiling_2"),
        LAMP.replace("zigbee2mqtt,", "home_assistant,").split(", topic")[0] + ", command_topic: a/set, state_topic: a",
        f"{LAMP}, max: 80%",
    ],
    ids=["another topic", "another dialect", "another scale"],
)
def test_a_device_that_is_reached_otherwise_starts_anew(other: str, tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write([entry()], 0)
    assert known(journal, home(other)) == {}
    journal.write([entry(ReportProfile((7,), {}), home(other))], 0)
    assert known(journal, home(other)) == {"ceiling": ReportProfile((7,), {})}
    journal.close()


def test_another_title_and_another_order_of_keys_change_nothing(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write([entry()], 0)
    turned = ", ".join(reversed(LAMP.split(", ")))
    assert known(journal, home(f"title: Ceiling lamp, lux: 60, {turned}")) == {"ceiling": PROFILE}
    journal.close()


def test_a_device_that_is_gone_or_has_another_name_is_nobody(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write([entry()], 0)
    assert known(journal, home(name="lamp")) == {}
    journal.close()


def test_what_was_not_learnt_for_a_year_is_forgotten(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write([entry()], 0)
    journal.forget_profiles(EVENING - timedelta(days=1))
    assert known(journal)
    journal.forget_profiles(EVENING + timedelta(days=1))
    assert not known(journal)
    journal.close()


@pytest.mark.parametrize("column", ["delays", "ratios"])
@pytest.mark.parametrize(
    "value",
    [
        *("", "{", "7", "null", "[null]", '["soon"]', "[-5]", "[0.5]", '{"taste": [1.0]}', '{"level": 1}'),
        *("[" * 10_000, '{"level": ["a"]}', b"\xff\xfe", 7, "[1" + "0" * 5000 + "]"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_damaged_row_costs_only_itself(value: object, column: str, tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    house = read(
        f"{{home: house, format: 1, devices: {{ceiling: {{{LAMP}}}, lamp: {{{LAMP.replace('ceiling', 'lamp')}}}}},"
        " rooms: {bedroom: {roles: {main: [ceiling, lamp]}}}}",
        "house.yaml",
    )
    journal = opened(file)
    begin(journal, "tonight")
    for name in house.devices:
        journal.write([ProfileLearnt(name, house.fingerprint(name), PROFILE)], 0)
    journal.close()
    with closing(sqlite3.connect(file)) as somebody, somebody:
        somebody.execute(f"UPDATE report_profiles SET {column} = ? WHERE device = 'ceiling'", (value,))
    journal = opened(file)
    assert journal.problem is None
    assert report_profiles(journal, house) == {"lamp": PROFILE}
    assert [found.record.id for found in journal.unfinished(0)] == ["tonight"]
    journal.close()


def test_what_is_read_of_a_damaged_journal_has_it(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.write([entry()], 0)
    journal.close()
    [rescued] = [statement for statement in salvaged(tmp_path / "journal.db") if "report_profiles" in statement.sql]
    assert rescued.values[0] == "ceiling"


@pytest.mark.parametrize("written", range(4))
def test_a_kill_before_it_is_written_loses_nothing_else(written: int, tmp_path: Path) -> None:
    """The end of a session, turn by turn: what stands in the journal besides is as it would be without it."""
    turns: list[list[Entry]] = [
        [Settled("tonight", "ceiling", LEVEL, by_hand=False)],
        [entry()],
        [Ended("tonight", Ending.FINISHED, 9000)],
    ]
    kept = []
    for name, told in (("with", turns), ("without", [turns[0], [], turns[2]])):
        file = tmp_path / f"{name}.db"
        journal = opened(file)
        begin(journal, "tonight")
        for entries in told[:written]:
            journal.write(entries, 9000)
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as after_the_kill:
            kept.append(
                [after_the_kill.execute(f"SELECT * FROM {table}").fetchall() for table in ("debts", "sessions")]
            )
        journal.close()
    assert kept[0] == kept[1]
