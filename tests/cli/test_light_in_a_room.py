"""Light as it is in a room of a home: how bright its lamps are, its night, what its schedules begin after sunset."""

import json

import pytest

from orchestrator.cli.doctor.check_result import Severity
from orchestrator.cli.doctor.scene_checks import check_scenes
from orchestrator.daemon.settings import read_settings
from orchestrator.home.library import load

HOME = """
home: bright
format: 1
location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: z/ceiling, lux: 400}
  lamp: {kind: light, dialect: zigbee2mqtt, topic: z/lamp, lux: 12}
rooms:
  bedroom:
    roles: {main: ceiling}
    night: {from: "22:00", to: "07:00", brightness: 50%}
  attic:
    roles: {main: lamp}
"""
SCENE = """
scene: mine
format: 1
title: Mine
roles: {main: {kind: light}}
looks: {warm: {main: {brightness: 40%, temperature: 2700K}}}
steps: [{step: sit, look: warm, fade: 30s, lasts: 5min}]
"""
OILY = SCENE.replace("fade: 30s, ", "fade: 30s, hands: oily, ").replace("40%", "36%")
WIND_DOWN = """
schedules:
  wind-down: {scene: mine, room: bedroom, at: "22:15"}
"""


@pytest.fixture
def home(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(HOME)
    (tmp_path / "mine.yaml").write_text(SCENE)
    return tmp_path / "home.yaml"


def evening(text: str) -> str:
    return text.replace("format: 1", "format: 1\ntime: evening")


def test_a_home_that_has_measured_its_lamps_is_believed(relax, home, tmp_path):
    (tmp_path / "mine.yaml").write_text(evening(SCENE))
    assert relax("scenes", "check", "mine.yaml", "--strict").code == 0
    done = relax("scenes", "check", "mine.yaml", "--home", "home.yaml", "--strict")
    assert done.code == 1
    assert "21 lx melanopic at the eye, at 0:00, with the home's own lamps; in the evening 10 is the most" in done.out
    assert "mine in bedroom: 1 warning" in done.out
    assert "mine in attic: fine" in done.out


def test_one_room_may_be_meant(relax, home):
    done = relax("scenes", "check", "mine.yaml", "--home", "home.yaml", "--room", "attic", "--json")
    assert [verdict["room"] for verdict in json.loads(done.out)] == ["attic"]
    assert relax("scenes", "check", "mine.yaml", "--home", "home.yaml", "--room", "cellar").code == 2


def test_what_a_schedule_begins_after_sunset_is_of_the_evening(relax, home, tmp_path):
    assert relax("scenes", "check", "mine.yaml", "--home", "home.yaml", "--strict").code == 0
    home.write_text(HOME + WIND_DOWN)
    done = relax("scenes", "check", "mine.yaml", "--home", "home.yaml", "--room", "bedroom")
    assert "[wakeful]" in done.out
    assert "after sunset by the schedule wind-down" in done.out
    home.write_text(HOME + WIND_DOWN.replace("22:15", "12:15"))
    assert relax("scenes", "check", "mine.yaml", "--home", "home.yaml", "--strict").code == 0


def test_the_check_of_a_home_looks_at_the_light_of_its_schedules(relax, home, tmp_path, monkeypatch):
    monkeypatch.setenv("RELAX_SCENES", str(tmp_path))
    home.write_text(HOME.replace("brightness: 50%", "brightness: 100%") + WIND_DOWN)
    done = relax("home", "check", "home.yaml")
    assert done.code == 0
    assert "21 lx melanopic" in done.out
    assert "(schedule wind-down, " in done.out
    (warning,) = json.loads(relax("home", "check", "home.yaml", "--json").out)["warnings"]
    assert "[wakeful] (schedule wind-down, " in warning
    home.write_text(HOME + WIND_DOWN)  # a night of half the brightness is dark enough
    assert "melanopic" not in relax("home", "check", "home.yaml").out


def test_a_plan_says_the_most_light_that_there_is(relax, home):
    done = relax("plan", "mine.yaml", "--home", "home.yaml", "--room", "bedroom")
    assert "At most 20.8 lx melanopic at the eye; in the evening 10 is the most." in done.out
    plan = json.loads(relax("plan", "mine.yaml", "--home", "home.yaml", "--room", "attic", "--json").out)
    assert plan["melanopic"] == {"lux": 0.62, "at": 0.0}


def test_the_night_can_be_planned_by_day(relax, home, tmp_path):
    def level(*more):
        args = ("plan", "mine.yaml", "--home", "home.yaml", "--room", "bedroom", "--at", "1:00", "--json", *more)
        return json.loads(relax(*args).out)["room"]["main"]["level"]

    assert level() == 40.0
    assert level("--night") == 20.0
    (tmp_path / "mine.yaml").write_text(OILY)
    assert level("--night") == 20.0  # not 18: hands have to be seen
    assert "20 %" in relax("plan", "mine.yaml", "--home", "home.yaml", "--room", "bedroom", "--night").out


def test_a_plan_as_json_is_in_the_percent_of_the_scene_at_night_too(relax, home, tmp_path):
    (tmp_path / "mine.yaml").write_text(OILY)
    args = ("plan", "mine.yaml", "--home", "home.yaml", "--room", "bedroom", "--json")
    by_day, at_night = (json.loads(relax(*args, *more).out) for more in ((), ("--night",)))
    assert at_night["chapters"] == by_day["chapters"]
    assert at_night["needs_light"] is True
    assert at_night["melanopic"]["lux"] < by_day["melanopic"]["lux"]


def test_the_night_can_be_simulated_by_day(relax, home, tmp_path):
    (tmp_path / "mine.yaml").write_text(SCENE.replace("40%", "30%"))

    def told(*more):
        done = relax("simulate", "mine.yaml", "--home", "home.yaml", "--room", "bedroom", "--json", *more)
        lines = [json.loads(line) for line in done.out.splitlines()]
        sent = [line for line in lines if line.get("topic") == "z/ceiling/set" and line["t"] < 60]
        return round(sent[-1]["payload"]["brightness"] / 254 * 100)

    assert told() == 30
    assert told("--night") == 15


@pytest.mark.parametrize("command", [("plan",), ("simulate",), ("scenes", "check")])
def test_the_built_in_home_has_a_night_and_a_room_without_one_says_so(relax, home, command):
    assert relax(*command, "mine.yaml", "--night").code == 0
    done = relax(*command, "mine.yaml", "--home", "home.yaml", "--room", "attic", "--night")
    assert done.code == 2
    assert "The room attic of home.yaml has no `night`." in done.err


def test_the_doctor_names_evening_scenes_that_are_too_bright_in_a_room(home, tmp_path):
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "mine.yaml").write_text(evening(SCENE))
    found = list(check_scenes(read_settings({"home": home}), load(home)))
    (bright,) = [result for result in found if result.words.startswith("mine in bedroom")]
    assert bright.verdict is Severity.WARN
    assert "21 lx melanopic at the eye, 10 is the most in the evening" in bright.words
    assert "write `lux:`" in bright.remedy
    (dim,) = [result for result in found if result.words.startswith("mine in attic")]
    assert dim.verdict is Severity.OK
    assert "0.6 lx melanopic at most" in dim.words


def test_a_scene_that_is_not_for_this_room_is_said_to_be_none(relax, home, tmp_path):
    (tmp_path / "mine.yaml").write_text(SCENE.replace("main", "spot"))
    done = relax("scenes", "check", "mine.yaml", "--home", "home.yaml", "--room", "attic")
    assert done.code == 0
    assert "cannot be played: The scene needs a light for its role spot" in done.out


def test_only_a_light_is_bright(relax, home):
    home.write_text(HOME.replace("lamp: {kind: light", "lamp: {kind: switch"))
    done = relax("home", "check", "home.yaml")
    assert done.code == 2
    assert "only a light has `lux`" in done.err
