"""How the payload files are read. How they are written is `orchestrator/recorder/notation.py`."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices import messages
from orchestrator.devices.dialect import Dialect
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import Change
from orchestrator.values import Channels, Colour, HueSaturation, Rgb, Temperature, Xy

FOLDER = Path(__file__).parent / "payloads"


def files() -> list[tuple[str, str, dict[str, Any]]]:
    """Dialect, version and content of each payload file."""
    return [(path.parent.name, path.stem, json.loads(path.read_text())) for path in sorted(FOLDER.glob("*/*.json"))]


def cases(section: str) -> list[Any]:
    return [
        pytest.param(content["devices"][case["device"]], case, id=f"{dialect}-{version}-{number}")
        for dialect, version, content in files()
        for number, case in enumerate(content[section])
    ]


def codec(entry: dict[str, Any]) -> Dialect:
    family = DIALECTS[entry["dialect"]]
    return family.codec("device", family.settings.model_validate(entry))


def colour(written: dict[str, Any] | None) -> Colour | None:
    match written:
        case None:
            return None
        case {"mired": mired}:
            return Temperature(float(mired))
        case {"kelvin": kelvin}:
            return Temperature.of_kelvin(kelvin)
        case {"xy": [x, y]}:
            return Xy(x, y)
        case {"hue": hue, "saturation": saturation}:
            return HueSaturation(hue, saturation)
        case {"channels": [*parts]}:
            return Channels(tuple(parts))
        case _:
            return Rgb.of_hex(written["hex"])


def change(written: dict[str, Any]) -> Change:
    ((name, fields),) = written.items()
    if name == "SetLight":
        fields = {"level": None} | fields | {"colour": colour(fields.get("colour"))}
    made: Change = getattr(messages, name)(**fields)
    return made


def expected(written: dict[str, Any]) -> dict[str, Any]:
    """A report of the files with its colour in mired."""
    ((name, fields),) = written.items()
    if (white := colour(fields.get("colour"))) is not None and isinstance(white, Temperature):
        fields = fields | {"colour": {"mired": round(white.mired, 1)}}
    return {name: fields}
