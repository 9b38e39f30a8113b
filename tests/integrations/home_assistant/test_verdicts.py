"""Home Assistant's own schemas and templates take what we announce: as recorded, and again where one is installed."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.errors import Refused
from orchestrator.integrations.requests import Choose, Request, read, read_choice
from orchestrator.scenes.format.parameters import resolve
from tests.integrations.home_assistant.cases import EVERYTHING, PLAIN, VERDICTS, asked, cases, python, shipped

CASES = cases()
RECORDED = sorted(VERDICTS.glob("*.json"))
HOW = "write it anew: RELAX_HOME_ASSISTANT=… python -m tests.integrations.home_assistant.cases"


def recorded(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def test_there_is_a_verdict_of_a_version():
    assert RECORDED


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_what_we_announce_is_what_was_judged(file):
    judged = recorded(file)
    assert set(judged) == set(CASES)
    for name, case in CASES.items():
        assert judged[name]["payload"] == case["payload"], HOW


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_everything_is_accepted(file, name):
    check(CASES[name]["payload"], recorded(file)[name]["verdict"])


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_what_a_person_chooses_is_a_command_of_ours(file):
    for judged in recorded(file).values():
        for component, commands in judged["verdict"]["commands"].items():
            topic = judged["payload"]["components"].get(component, {}).get("command_topic", "")
            assert all(understood(topic, command) for command in commands), (component, commands)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_the_installed_one_says_what_was_recorded(file):
    if python() is None:
        pytest.skip("set RELAX_HOME_ASSISTANT to the folder of a Home Assistant to ask it again")
    answer = asked(CASES)
    if answer["version"] != file.stem:
        pytest.skip(f"Home Assistant {answer['version']} is installed")
    assert answer["verdicts"] == {name: judged["verdict"] for name, judged in recorded(file).items()}


def test_the_installed_one_takes_every_scene_that_ships():
    if python() is None:
        pytest.skip("set RELAX_HOME_ASSISTANT to the folder of a Home Assistant to ask it")
    questions = shipped()
    for name, verdict in asked(questions)["verdicts"].items():
        check(questions[name]["payload"], verdict)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_words_in_the_air_are_running_and_a_step_that_waits_for_a_person_is_waiting(file):
    displays = [json.loads(each) for each in CASES["everything"]["messages"]["relax/rooms/den/display"] if each]
    states = recorded(file)["everything"]["verdict"]["states"]["status"]["value_template"]
    meant = {"speech": "running", "person": "waiting", None: None}
    told = [(display["status"], display["hold"]) for display in displays]
    assert {("holding", "speech"), ("holding", "person")} <= set(told)
    expected = [meant[hold] if status == "holding" else status for status, hold in told]
    assert states[: len(expected)] == expected


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_the_select_has_the_cautions_of_what_is_chosen_as_they_are_written(file):
    displays = CASES["everything"]["messages"]["relax/rooms/den/display"]
    told = recorded(file)["everything"]["verdict"]["states"]["scene"]["json_attributes_template"]
    chosen = [json.loads(each)["choice"]["cautions"] if each else None for each in displays]
    assert [json.loads(each).get("cautions") for each in told] == chosen
    assert chosen[0] == ['Not "hot", & it\'s 38 °C at most.', "Stop when it hurts."]
    assert [] in chosen, "a room without scenes"


def check(payload, verdict):
    """Accepted as a whole and in each part; and no state of ours is one that it would refuse, or log."""
    assert verdict["device"] == "accepted"
    assert set(verdict["components"].values()) <= {"accepted"}
    for component, states in verdict["states"].items():
        config = payload["components"][component]
        for state in states.get("value_template", []):
            assert fits(config, state), (component, state)
        assert set(states.get("availability", ())) <= {"online", "offline"}
        for attributes in states.get("json_attributes_template", []):
            assert isinstance(json.loads(attributes), dict)
            assert len(attributes.encode()) < 16_384


def fits(config, state):
    """Whether a state is one that the entity takes. `None` is unknown; an empty one is ignored, or worth a warning."""
    if config["platform"] == "event":
        return not state or json.loads(state)["event_type"] in config["event_types"]
    if state == "None":
        return True
    if state == "":
        return config.get("device_class") not in ("enum", "timestamp")
    if config["platform"] == "number":
        return config["min"] <= float(state) <= config["max"]
    if "options" in config:
        return state in config["options"]
    if config["platform"] == "switch":
        return state in (config["state_on"], config["state_off"])
    if config["platform"] == "binary_sensor":
        return state in ("ON", "OFF")
    return float(state) >= 0 if "unit_of_measurement" in config else len(state) <= 255


def understood(topic, command):
    """Whether a daemon would do it."""
    if topic.endswith("/choose"):
        what = read_choice(command).what
        assert isinstance(what, Choose)
        scene = EVERYTHING if what.parameters else PLAIN
        return bool(resolve(scene, what.parameters)) or what.scene is not None
    if "/schedules/" in topic:
        return command in ("enable", "disable", "skip")
    try:
        return isinstance(read(command), Request)
    except Refused:
        return False
