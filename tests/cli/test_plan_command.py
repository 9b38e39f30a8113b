"""`relax plan`: the table, the JSON, the picture, one moment."""

import json

import pytest

from orchestrator.conductor.journal_entries import SpeechMeasured
from tests.journal.lives import opened


def test_the_table_says_what_comes_when(relax, snapshot):
    assert relax("plan", "box-breathing").out == snapshot


@pytest.mark.parametrize(
    ("scene", "light"),
    [("evening-wind-down", "off"), ("foot-massage", "36 %  as before"), ("box-breathing", "as before")],
)
def test_the_light_of_the_closing_is_the_look_that_the_scene_leaves(relax, scene, light):
    (closing,) = [line for line in relax("plan", scene).out.splitlines() if " finish " in line]
    assert light in closing
    assert ("as before" in closing) == ("as before" in light)


def test_the_table_fits_on_a_small_terminal(relax, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    done = relax("plan", "foot-massage")
    table = done.out[done.out.index("start") :].splitlines()
    assert max(len(line.rstrip()) for line in table) <= 80
    assert "…" not in "".join(line[:20] for line in table)


def test_a_moment_is_the_room_then(relax, snapshot):
    assert relax("plan", "foot-massage", "--at", "3:20").out == snapshot


def test_a_moment_as_json(relax):
    moment = json.loads(relax("plan", "foot-massage", "--at", "3:20", "--json").out)
    assert moment["at"] == 200.0
    assert moment["room"]["main"] == {"level": 45.0, "colour": "2700K"}


def test_json_has_all_chapters_and_ways_out(relax):
    plan = json.loads(relax("plan", "foot-massage", "--set", "feet=left", "--json").out)
    assert plan["scene"] == "foot-massage"
    assert [chapter["start"] for chapter in plan["chapters"]] == sorted(
        chapter["start"] for chapter in plan["chapters"]
    )
    assert {"finish", "stopped", "lost"} <= plan.keys()
    assert plan["seconds"] < plan["usual_seconds"] < plan["longest_seconds"]


def test_json_says_what_a_cue_hangs_from_and_how_it_is_done(relax):
    plan = json.loads(relax("plan", "box-breathing", "--json").out)
    settle, square = plan["chapters"][:2]
    assert settle["cues"][0]["anchor"] == "start"
    assert {cue["curve"] for cue in square["cues"] if cue.get("swells") and cue["seconds"]} == {"ease"}
    spoken = [cue for cue in square["cues"] if "say" in cue]
    assert [cue["beat"] for cue in spoken[:2]] == [False, True]
    assert {"volume", "rate", "gap", "seconds"} <= spoken[0].keys()
    assert square["counted"]
    assert "cast" not in plan


def test_json_says_who_plays_what_in_a_room(relax, tmp_path):
    lamp = "{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}"
    home = f"home: small\nformat: 1\ndevices:\n  lamp: {lamp}\nrooms:\n  den: {{roles: {{main: lamp}}}}\n"
    (tmp_path / "home.yaml").write_text(home)
    cast = json.loads(relax("plan", "box-breathing", "--json", "--home", "home.yaml").out)["cast"]
    assert cast["room"] == "den"
    assert cast["roles"] == {"main": ["lamp"]}
    assert cast["uncast"] == ["glow", "music", "voice"]


def test_the_picture_goes_into_a_file(relax, tmp_path):
    done = relax("plan", "foot-massage", "--svg", "picture.svg")
    assert done.code == 0
    assert (tmp_path / "picture.svg").read_text().startswith("<svg")


HOME = """
home: ours
format: 1
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  speaker: {kind: voice, dialect: relax_speaker, topic: speakers/bedroom}
rooms: {bedroom: {roles: {main: lamp, voice: speaker}}}
"""


def test_in_a_room_the_voice_takes_as_long_as_the_journal_has_learnt(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(HOME)
    asked = ("plan", "evening-wind-down", "--home", "home.yaml", "--room", "bedroom", "--json", "--state-dir", "state")
    unheard = json.loads(relax(*asked).out)
    journal = opened(tmp_path / "state" / "journal.db")
    slow = [SpeechMeasured("speaker", "en", True, True, words, words * 2) for words in range(1000, 20_000, 1000)]
    journal.write(slow, 0)
    journal.close()
    heard = json.loads(relax(*asked).out)
    first = [next(cue["seconds"] for cue in plan["chapters"][0]["cues"] if "say" in cue) for plan in (unheard, heard)]
    assert first[1] > 1.4 * first[0]


def test_a_journal_that_cannot_be_read_teaches_nothing_and_keeps_nobody_from_planning(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(HOME)
    asked = ("plan", "box-breathing", "--home", "home.yaml", "--room", "bedroom", "--json", "--state-dir", "state")
    without = relax(*asked)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "journal.db").write_bytes(b"no journal" * 1000)
    damaged = relax(*asked)
    assert (damaged.code, damaged.out, damaged.err) == (0, without.out, "")


def test_in_german_it_is_german(relax):
    assert "Fußmassage (de)" in relax("plan", "foot-massage", "--language", "de").out
