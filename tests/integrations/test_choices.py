"""What a room would start next: what somebody chose, as far as it can be had."""

import pytest

from orchestrator.errors import BadParameter, Reason, Refused, UnknownScene
from orchestrator.home.library import read
from orchestrator.integrations.choices import Choice, Choices
from orchestrator.scenes import library
from tests.integrations.home_assistant.cases import EVERYTHING, PLAIN

HOME = read(
    "home: h\nformat: 1\ndevices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: z/lamp}}\n"
    "rooms: {den: {roles: {main: lamp}}, attic: {roles: {}}}",
    "home.yaml",
)
SPOKEN = library.read(
    "scene: spoken\nformat: 1\ntitle: Spoken\nroles: {main: {kind: light}, voice: {kind: voice}}\n"
    "steps: [{step: rest, lasts: 1s}]",
    "spoken.yaml",
).model
SCENES = [PLAIN, EVERYTHING, SPOKEN]


def choices(**remembered):
    choices = Choices(HOME, SCENES)
    choices.recall(remembered)
    return choices


def chosen(of, scene=None, **parameters):
    choice = of.wanted("den", scene, parameters)
    of.choose("den", choice)
    return choice


def test_where_nobody_chose_it_is_the_first():
    assert choices().scene("den") is PLAIN
    assert choices().parameters("den") == {}


def test_a_room_that_can_cast_nothing_starts_nothing():
    found = choices()
    assert (found.scene("attic"), found.parameters("attic"), found.offered("attic")) == (None, {}, ())
    with pytest.raises(Refused) as refused:
        found.wanted("attic", None, {})
    assert refused.value.reason is Reason.UNKNOWN_SCENE


def test_parameters_come_on_top_of_those_that_were_chosen():
    found = choices()
    assert chosen(found, "everything", feet="left") == Choice("everything", {"feet": "left"})
    assert chosen(found, bath=False, soak="3min") == Choice(
        "everything", {"feet": "left", "bath": False, "soak": "3min"}
    )
    assert found.parameters("den")["pace"] == 1.0


def test_another_scene_has_its_defaults_and_the_same_keeps_what_was_chosen():
    found = choices()
    chosen(found, "everything", feet="left")
    assert chosen(found, "everything").parameters == {"feet": "left"}
    chosen(found, "plain")
    assert chosen(found, "everything").parameters == {}


def test_what_cannot_be_is_refused_and_changes_nothing():
    found = choices()
    before = chosen(found, "everything", feet="left")
    with pytest.raises(UnknownScene, match="did you mean `everything`"):
        found.wanted("den", "everythin", {})
    with pytest.raises(BadParameter):
        found.wanted("den", None, {"soak": "1h"})
    with pytest.raises(BadParameter):
        found.wanted("den", "plain", {"feet": "left"})
    with pytest.raises(Refused) as refused:
        found.wanted("den", "spoken", {})
    assert refused.value.reason is Reason.ROLE_MISSING
    assert found.wanted("den", None, {}) == before


def test_what_was_chosen_in_another_life_is_taken_as_far_as_it_goes():
    found = choices(den=Choice("everything", {"feet": "middle", "bath": False, "gone": 1}), cellar=Choice("plain", {}))
    assert found.scene("den") is EVERYTHING
    assert found.wanted("den", None, {}) == Choice("everything", {"bath": False})


def test_a_scene_that_is_taken_away_gives_way_to_the_first_and_comes_back():
    found = choices()
    chosen(found, "everything", feet="left")
    found.offer([PLAIN])
    assert found.scene("den") is PLAIN
    found.offer(SCENES)
    assert found.scene("den") is EVERYTHING
    assert found.parameters("den")["feet"] == "left"
