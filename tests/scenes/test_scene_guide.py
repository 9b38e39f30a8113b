"""docs/scenes.md is held to the models: every key stands in it, and every piece of YAML in it is accepted."""

import re
import textwrap
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from orchestrator.documents.document import read
from orchestrator.scenes.format import model

GUIDE = Path(__file__).parents[2] / "docs" / "scenes.md"
PIECES = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
MODELS = [
    value
    for value in vars(model).values()
    if isinstance(value, type) and issubclass(value, BaseModel) and value not in (BaseModel, model.SceneStrict)
]
LEAST: dict[str, Any] = {"scene": "piece", "format": 1, "title": "A piece", "roles": {"main": {"kind": "light"}}}


def keys(of: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in of.model_fields.items()}


def test_the_guide_has_pieces_of_yaml() -> None:
    assert len(PIECES) > 20


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.strip().splitlines()[0][:30])
def test_every_piece_of_yaml_in_the_guide_is_accepted(piece: str) -> None:
    document = read(textwrap.dedent(piece), "guide")
    assert document.faults == ()
    data = document.data
    if isinstance(data, list):
        TypeAdapter(list[model.Block]).validate_python(data)
    elif set(data) <= keys(model.SceneModel):
        model.SceneModel.model_validate(LEAST | {"steps": [{"step": "sit"}]} | data)
    else:
        model.StepModel.model_validate({"step": "sit"} | data)


@pytest.mark.parametrize("of", MODELS, ids=lambda of: of.__name__)
def test_every_key_is_in_the_guide(of: type[BaseModel]) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    missing = [key for key in keys(of) if not re.search(rf"`{key}[`:]|\.{key}`|\b{key}:", text)]
    assert missing == []


def test_every_curve_and_kind_of_role_is_in_the_guide() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    kinds = get_args(model.RoleModel.model_fields["kind"].annotation)
    for word in (*kinds, "linear", "perceptual", "ease", "free", "busy", "oily"):
        assert f"`{word}`" in text
