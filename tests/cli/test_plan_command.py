"""`relax plan`: the table, the JSON, the picture, one moment."""

import json


def test_the_table_says_what_comes_when(relax, snapshot):
    assert relax("plan", "box-breathing").out == snapshot


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


def test_the_picture_goes_into_a_file(relax, tmp_path):
    done = relax("plan", "foot-massage", "--svg", "picture.svg")
    assert done.code == 0
    assert (tmp_path / "picture.svg").read_text().startswith("<svg")


def test_in_german_it_is_german(relax):
    assert "Fußmassage (de)" in relax("plan", "foot-massage", "--language", "de").out
