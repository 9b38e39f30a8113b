"""A process that dies while it plays with a group: the next one gives each of its lamps back what that had itself."""

import json
from pathlib import Path

import pytest

from tests.golden.product import Back, House, Life, moment

HOME = (Path(__file__).parent / "house.yaml").read_text(encoding="utf-8")
SCENE = """
scene: glowing
format: 1
title: Glowing
roles: {main: {kind: light}, glow: {kind: light}}
looks:
  low: {main: {brightness: 20%}}
  glow: {glow: {brightness: 40%, temperature: 2300K}}
steps:
  - {step: low, look: low, fade: 4s, lasts: 20s, cues: [{at: 10s, look: glow, fade: 4s}]}
  - {step: on, lasts: 10min}
finish: {look: restore, fade: 4s}
lost: {look: restore, fade: 4s}
"""
BOOT = 50_000


def begun(folder: Path) -> tuple[House, Life]:
    house = House(HOME)
    house.turn("left", level=30.0, mired=400.0)
    house.turn("right", level=90.0, mired=250.0)
    house.after(20_000)
    life = Life(house, folder / "journal.db", Back("boot-1", BOOT, moment("2026-06-14T15:00:00+02:00")))
    assert life.start("study", "study-1", SCENE, "scenes/glowing.yaml") == ""
    return house, life


@pytest.mark.parametrize("after", [12_000, 15_500, 40_000])
@pytest.mark.parametrize("away", ["30s", "20min"])
def test_each_lamp_of_the_group_is_as_it_was(tmp_path: Path, after: int, away: str) -> None:
    """Also where the group was touched since the step began: the journal knows that from the debts of its lamps."""
    house, life = begun(tmp_path)
    before = house.state()
    house.after(after)
    assert house.state()["left"] != before["left"]
    life.die(tmp_path / "cut.db")
    gone = {"30s": 30_000, "20min": 1_200_000}[away]
    house.after(gone)
    minutes = {"30s": "01", "20min": "21"}[away]
    back = Back("boot-1", BOOT + after + gone, moment(f"2026-06-14T15:{minutes}:00+02:00"))
    life = Life(house, tmp_path / "cut.db", back)
    house.after(15_000)
    if away == "30s":
        assert house.state()["left"]["level"] == pytest.approx(house.state()["right"]["level"], abs=1.0)
        life.ask("study", "abort")
    house.after(60_000)
    for lamp in ("left", "right"):
        assert house.state()[lamp]["level"] == pytest.approx(before[lamp]["level"], abs=0.5)
        assert house.state()[lamp]["colour"] == before[lamp]["colour"]
    assert life.owed() == []


@pytest.mark.parametrize("name", ["shelf", "right"])
def test_what_was_handed_back_before_is_nobody_s_afterwards(tmp_path: Path, name: str) -> None:
    house, life = begun(tmp_path)
    house.after(40_000)
    house.turn("right", level=70.0)
    house.after(1000)
    assert life.state("study")["overridden"] == {"right": ["level"]}
    (reply,) = life.ask("study", json.dumps({"command": "give_back", "device": name}))
    assert reply["ok"]
    house.after(2000)
    life.die(tmp_path / "cut.db")
    house.after(30_000)
    life = Life(house, tmp_path / "cut.db", Back("boot-1", BOOT + 73_000, moment("2026-06-14T15:01:30+02:00")))
    house.after(10_000)
    assert life.state("study")["overridden"] == {}
