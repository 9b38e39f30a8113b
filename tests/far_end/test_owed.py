"""What is still owed next morning is told where people look, and they pay it or drop it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.conftest import Mosquitto
from tests.far_end.evening import BRIGHT, Evening, home_of, zigbee
from tests.far_end.line import Line, brighter_than
from tests.witness.twins import Payload

HOUR = 3_600_000
ROOMS = ("paid", "dropped", "kept")
TOLD = "Not given back: {} is away. To try again: relax owed pay. To leave it so: relax owed drop."


class Radio:
    """Reaches its lamp until it is to be given back, and again once somebody has mended it."""

    def __init__(self) -> None:
        self.is_lost = self.is_mended = False

    def loses(self, payload: Payload) -> bool:
        self.is_lost = self.is_lost or brighter_than(120)(payload)
        return self.is_lost and not self.is_mended


def available(evening: Evening, room: str, word: str) -> None:
    evening.devices.publish(f"{room}-bridge/lamp/availability", {"state": word}, retain=True)


def test_what_is_owed_for_long_is_told_also_after_a_restart_and_is_paid_or_dropped(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    radios = {room: Radio() for room in ROOMS}
    lines = {room: Line(loses=radio.loses) for room, radio in radios.items()}
    home = home_of({room: {"main": room} for room in ROOMS}, {room: zigbee(room) for room in ROOMS})
    with Evening(tmp_path, mosquitto.port, home, lines=lines, before=dict.fromkeys(ROOMS, BRIGHT)) as evening:
        for room in ROOMS:
            evening.start(room)
        evening.play_to_the_end()
        evening.until(lambda: all(evening.state(room)["unanswered"] == [room] for room in ROOMS), "none answers")
        listed = evening.relax("owed").stdout.splitlines()
        assert [line.split(":")[0] for line in listed] == sorted(ROOMS)
        assert all("70 % before" in line and line.endswith("does not answer") for line in listed), listed

        radios["paid"].is_mended = True
        assert evening.relax("owed", "pay", "--room", "paid").returncode == 0
        evening.until(lambda: abs(evening.devices.units("paid") - 178) < 2, "it is paid")

        # The next morning: the same debts, an hour older, of lamps that are known to be away.
        away = [room for room in ROOMS if room != "paid"]
        for room in away:
            available(evening, room, "offline")
        evening.kill()
        with closing(sqlite3.connect(tmp_path / "state" / "journal.db")) as journal:
            journal.execute("UPDATE debts SET since = since - ?", (HOUR,))
            journal.commit()
        evening.begin()
        evening.until(lambda: all(evening.state(room)["problem"] == TOLD.format(room) for room in away), "it is told")
        assert f"mind: {TOLD.format('kept')}" in evening.relax("status", "--room", "kept").stdout
        owed = json.loads(evening.relax("owed", "--json", "--room", "kept").stdout)["rooms"]["kept"]
        assert [(each["device"], each["values"], each["why"]) for each in owed] == [("kept", {"level": 70}, "away")]
        assert evening.tell("kept", "pay_owed")["error"]["code"] == "not_now"

        dropped = evening.relax("owed", "drop", "dropped", "--room", "dropped")
        assert (dropped.returncode, dropped.stdout) == (0, "Nothing is owed.\n"), dropped
        again = evening.relax("owed", "pay", "--room", "dropped")
        assert (again.returncode, again.stderr.split("\n")[0]) == (4, "Nothing is owed in dropped."), again
        evening.until(lambda: evening.state("dropped")["problem"] is None, "all is well")
        assert evening.events("dropped", "given_back")[-1]["details"]["left"] == "dropped"
        for room in away:
            radios[room].is_mended = True
            available(evening, room, "online")
        evening.until(lambda: evening.devices.units("kept") > 60, "it comes back by itself, slowly")
        assert evening.devices.units("dropped") < 50
