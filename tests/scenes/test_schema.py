"""The schema says what the models say, as far as a schema can."""

from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from orchestrator.documents import document
from orchestrator.scenes import library
from orchestrator.scenes.format.model import SceneModel
from orchestrator.scenes.format.schema import schema

VALIDATOR = jsonschema.Draft202012Validator(schema())
LITTLE: dict[str, Any] = {
    "scene": "little",
    "format": 1,
    "title": "-",
    "roles": {"main": {"kind": "light"}},
    "steps": [{"step": "one"}],
}


def test_it_is_a_schema() -> None:
    VALIDATOR.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", sorted(library.catalogue()))
def test_shipped_scenes_fit_it(name: str) -> None:
    data = document.read(library.catalogue()[name].read_text(encoding="utf-8"), name).data
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


@pytest.mark.parametrize(
    "step",
    [
        {"lasts": "90s"},
        {"lasts": {"share": 2, "min": "30s"}},
        {"lasts": "{{ soak }}"},
        {"say": "Breathe."},
        {"say": [{"en": "Breathe."}, {"pause": "3s"}, {"when": "bath", "say": "Again."}, "And out."]},
        {"wait": True},
        {"wait": {"at_most": "4min", "remind": {"at": "2min", "say": "Still there?"}}},
        {"look": ["a", "b"], "fade": "100%", "curve": "ease"},
        {"count": {"times": 5, "parts": [{"lasts": "6s", "swell": "up", "say": "Up"}], "swell": {"main": "8%"}}},
        {"cues": [{"at": "-30s", "look": "rest"}, {"at": "50%", "chime": "soft"}]},
        {"music": {"play": ["rain"], "volume": "80%", "fade": "15s"}, "switch": {"scent": "on"}},
    ],
)
def test_what_the_models_take_the_schema_takes(step: dict[str, Any]) -> None:
    scene = {**LITTLE, "steps": [{"step": "one", **step}]}
    assert SceneModel.model_validate(scene).steps
    assert VALIDATOR.is_valid(scene)


@pytest.mark.parametrize(
    "step",
    [
        {"lasts": "long"},
        {"lasts": 90},
        {"say": 5},
        {"wait": "4min"},
        {"wait": False},
        {"hands": "wet"},
        {"curve": "decibel"},
        {"skip": True},
        {"switch": {"scent": True}},
        {"count": {"times": 0}},
        {"look": []},
        {"music": {"stop": False}},
        {"cues": [{"look": "rest"}]},
    ],
)
def test_what_the_models_refuse_the_schema_refuses(step: dict[str, Any]) -> None:
    scene = {**LITTLE, "steps": [{"step": "one", **step}]}
    with pytest.raises(ValidationError):
        SceneModel.model_validate(scene)
    assert not VALIDATOR.is_valid(scene)
