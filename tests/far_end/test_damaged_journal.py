"""The journal is damaged by the crash: what can be read of it is given back, and what cannot is told in the room."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, LOUD, ROUNDS, Evening, home_of, json_lamp, speaker, zigbee

PAGE = 4096


def damage(file: Path, pages: Iterable[int] | None) -> None:
    """Write over pages of a database; over all of them where none is named."""
    content = bytearray(file.read_bytes())
    for page in pages if pages is not None else range(1, len(content) // PAGE + 1):
        content[(page - 1) * PAGE : page * PAGE] = b"\xa5" * PAGE
    file.write_bytes(content)


def pages_of(file: Path, table: str) -> list[int]:
    """Where a table is, with all that was written to the log brought in."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try:
            return [page for (page,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]
        except sqlite3.OperationalError:
            pytest.skip("this SQLite has no dbstat")


@pytest.mark.parametrize("seed", ROUNDS)
@pytest.mark.parametrize("lost", ["history", "all of it"])
def test_a_room_is_given_back_though_the_crash_damaged_the_journal(
    lost: str, seed: int, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    rooms = {"den": {"main": ["lamp", "strip"], "music": "speaker"}}
    home = home_of(rooms, {"lamp": zigbee("lamp"), "strip": json_lamp("strip"), "speaker": speaker("speaker")})
    home["rooms"]["den"]["fallback"] = {"main": {"brightness": "10%"}}
    before = {"lamp": BRIGHT, "strip": {"units": 178}, "speaker": LOUD}
    with Evening(tmp_path, mosquitto.port, home, before=before, seed=seed) as evening:
        evening.start("den", parameters={"rest": "10min"})
        evening.until(lambda: evening.state("den")["chapter"] == "sink", "the second step")
        evening.until(lambda: evening.devices.units("lamp") < 50, "the room is low")
        evening.kill()
        file = tmp_path / "state" / "journal.db"
        pages = pages_of(file, "events")
        damage(file, pages if lost == "history" else None)
        evening.begin()
        evening.until(lambda: "The journal was damaged" in str(evening.state("den")["problem"]), "it is told")
        assert list(file.parent.glob("journal.db.damaged-*"))
        if lost == "history":
            evening.until(lambda: evening.events("den", "session_resumed"), "it goes on")
            evening.tell("den", "stop")
            evening.until(lambda: evening.is_over("den"), "over")
            assert evening.not_given_back() == []
            return
        # Nobody knows how the room was: the home file's word is done, music is silent, and it is said.
        assert "does not know how the room was" in evening.state("den")["problem"]
        evening.until(lambda: not evening.devices.speaker("speaker").playing.final, "the music is over")
        lamps = ("lamp", "strip")
        evening.until(lambda: all(abs(evening.devices.units(lamp) - 25) < 3 for lamp in lamps), "the fallback")
        assert "journal" in evening.relax("doctor", "--home", "home.yaml").stdout
