"""`relax scenes` and `relax home check`."""

import json

import jsonschema
import pytest

from orchestrator.cli.arguments import DEMO
from orchestrator.home.library import load
from orchestrator.scenes.library import catalogue
from tests.scenes.shipped import KNOWN_FINDINGS


def test_the_catalogue_is_a_table(relax, snapshot):
    assert relax("scenes", "list").out == snapshot


def test_a_scene_in_full(relax, snapshot):
    assert relax("scenes", "show", "box-breathing").out == snapshot


def test_the_catalogue_as_json(relax):
    entries = json.loads(relax("scenes", "list", "--json").out)
    assert {"name", "title", "languages", "roles", "options"} <= entries[0].keys()


def test_every_scene_that_ships_is_fine(relax):
    names = [name for name in catalogue() if name not in KNOWN_FINDINGS]
    done = relax("scenes", "check", "--strict", *names)
    assert done.code == 0
    assert done.err == ""
    assert [line.split(": fine (")[0] for line in done.out.splitlines()] == names


def test_a_new_scene_passes_its_check_and_plays(relax):
    assert relax("scenes", "new", "my-evening").code == 0
    assert relax("scenes", "check", "my-evening.yaml", "--strict").code == 0
    assert (
        json.loads(relax("simulate", "my-evening.yaml", "--json").out.splitlines()[-1])["summary"]["status"]
        == "finished"
    )


def test_a_new_scene_never_overwrites(relax, tmp_path):
    (tmp_path / "mine.yaml").write_text("mine")
    assert relax("scenes", "new", "mine").code == 2
    assert (tmp_path / "mine.yaml").read_text() == "mine"


@pytest.fixture
def scene(relax, tmp_path):
    relax("scenes", "new", "mine")
    return tmp_path / "mine.yaml"


def test_every_fault_is_said_with_its_place(relax, scene):
    scene.write_text(scene.read_text().replace("brightness: 40%", "brightness: 0%").replace("lasts: 15s", "last: 15s"))
    done = relax("scenes", "check", "mine.yaml")
    assert done.code == 2
    assert [line.split(" ")[0] for line in done.err.splitlines()] == ["mine.yaml:20:29:", "mine.yaml:31:5:"]


def test_a_scene_with_faults_is_not_played(relax, scene):
    scene.write_text(scene.read_text().replace("{{ ready }}", "{{ raedy }}").replace("{{ rest }}", "{{ rset }}"))
    done = relax("simulate", "mine.yaml", "--json")
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 2


def test_a_warning_is_a_failure_only_where_it_shall_be(relax, scene):
    scene.write_text(scene.read_text().replace("{lasts: 4s, swell: up, say: In}", "{lasts: 1s, swell: up, say: In}"))
    done = relax("scenes", "check", "mine.yaml")
    assert done.code == 0
    assert "mine.yaml:" in done.out
    assert relax("scenes", "check", "mine.yaml", "--strict").code == 1


def test_verdicts_as_json(relax, scene):
    scene.write_text(scene.read_text().replace("lasts: 15s", "last: 15s"))
    done = relax("scenes", "check", "mine.yaml", "--json")
    (verdict,) = json.loads(done.out)
    assert done.code == 2
    assert (verdict["faults"][0]["line"], verdict["faults"][0]["column"]) == (31, 5)


def test_schemas_come_as_json(relax):
    scene, home = (json.loads(relax(noun, "schema").out) for noun in ("scenes", "home"))
    jsonschema.Draft202012Validator.check_schema(scene)
    jsonschema.validate(load(DEMO).document.data, home)


def test_a_home_in_order_says_what_it_casts(relax, snapshot):
    assert relax("home", "check", str(DEMO)).out == snapshot


def test_a_home_with_faults_says_each(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(
        DEMO.read_text().replace("main: ceiling", "main: celing").replace("22:00", "25:00")
    )
    done = relax("home", "check")
    assert done.code == 2
    assert len(done.err.splitlines()) == 2
    assert all(line.startswith("home.yaml:") for line in done.err.splitlines())


def test_a_home_that_will_bite_is_fine_and_says_where(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(
        "home: ours\nformat: 1\ndevices:\n  lamp:\n    kind: light\n    dialect: template\n"
        '    set: {topic: a/set, payload: "{{ brightness }}"}\n'
        '    state: {topic: a, payload: "{{ value_json.Dimmer }}"}\nrooms: {bedroom: {roles: {main: lamp}}}\n'
    )
    done = relax("home", "check")
    assert done.code == 0
    warning, fine, *_ = done.out.splitlines()
    assert warning.startswith("home.yaml:8:")
    assert "lamp reads a level and never whether the lamp is on" in warning
    assert warning.endswith("[warning]")
    assert fine.startswith("ours: fine")
    assert json.loads(relax("home", "check", "--json").out)["warnings"] == [warning]


@pytest.fixture
def own(relax, tmp_path):
    """A home file with a folder `scenes` beside it, as the service has it."""
    (tmp_path / "home.yaml").write_text(DEMO.read_text())
    (tmp_path / "scenes").mkdir()
    relax("scenes", "new", "mine")
    (tmp_path / "mine.yaml").rename(tmp_path / "scenes" / "mine.yaml")
    return tmp_path / "scenes"


@pytest.mark.parametrize(
    "line",
    [
        ("simulate", "mine", "--home", "home.yaml", "--json"),
        ("plan", "mine"),
        ("plan", "mine", "--room", "den"),
        ("scenes", "show", "mine"),
        ("scenes", "check", "mine"),
    ],
)
def test_a_scene_beside_the_home_file_is_known_by_its_name(relax, own, line):
    done = relax(*line)
    assert (done.code, done.err) == (0, "")


def test_ones_own_scenes_are_in_the_list_and_one_with_faults_costs_only_itself(relax, own):
    (own / "broken.yaml").write_text("scene: broken\nformat: 1\n")
    done = relax("scenes", "list")
    assert done.code == 0
    assert {"mine", "foot-massage"} <= {line.split()[0] for line in done.out.splitlines() if line.strip()}
    assert "relax scenes check broken" in done.err
