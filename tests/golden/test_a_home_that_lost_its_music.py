"""A home whose `music:` was taken out while relax was cut off in a session: what it has on is stopped all the same."""

from pathlib import Path

import pytest

from orchestrator.home.library import read
from tests.golden.product import Back, House, Life, moment

HOME = """
home: house
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  player: {kind: [KIND], dialect: relax_speaker, topic: speakers/den}
rooms: {den: {roles: ROLES}}
"""
MUSIC = "music: {calm: 'http://example.invalid/calm'}\n"
SCENE = """
scene: calm
format: 1
title: Calm
roles: {main: {kind: light}, music: {kind: player, optional: true}, voice: {kind: voice, optional: true}}
looks: {low: {main: {brightness: 20%}}}
steps:
  - {step: one, look: low, fade: 4s, music: {play: calm, volume: 80%, fade: 2s}, lasts: 10min}
finish: {look: restore, fade: 4s, music: {stop: true, fade: 2s}}
"""
BOOT = 50_000


@pytest.mark.parametrize(
    ("kind", "roles"),
    [("player", "{main: lamp, music: player}"), ("player, voice", "{main: lamp, music: player, voice: player}")],
)
@pytest.mark.parametrize("away", [30_000, 1_200_000])
def test_our_music_stops_and_the_volume_is_as_it_was(tmp_path: Path, kind: str, roles: str, away: int) -> None:
    text = HOME.replace("KIND", kind).replace("ROLES", roles)
    house = House(text + MUSIC)
    house.turn("player", volume=20.0)
    house.after(20_000)
    before = house.state()["player"]
    life = Life(house, tmp_path / "journal.db", Back("boot-1", BOOT, moment("2026-06-14T15:00:00+02:00")))
    assert life.start("den", "den-1", SCENE, "scenes/calm.yaml") == ""
    house.after(30_000)
    assert house.state()["player"] != before
    life.die(tmp_path / "cut.db")
    house.after(away)
    house.home = read(text, "house.yaml")
    minutes = {30_000: "01", 1_200_000: "20"}[away]
    back = Back("boot-1", BOOT + 30_000 + away, moment(f"2026-06-14T15:{minutes}:30+02:00"))
    life = Life(house, tmp_path / "cut.db", back)
    house.after(20_000)
    if away == 30_000:
        life.ask("den", "abort")
    house.after(60_000)
    assert house.state()["player"] == before
    assert life.owed() == []
