"""How changes and reports are written in the payload files."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices import messages
from orchestrator.devices.dialect import Dialect
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import AbilitiesReport, Change, LightReport, Message, PlayerReport, Report
from orchestrator.values import Rgb, Temperature

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


def colour(written: dict[str, Any] | None) -> Temperature | Rgb | None:
    match written:
        case None:
            return None
        case {"mired": mired}:
            return Temperature(float(mired))
        case {"kelvin": kelvin}:
            return Temperature.of_kelvin(kelvin)
        case _:
            return Rgb.of_hex(written["hex"])


def change(written: dict[str, Any]) -> Change:
    ((name, fields),) = written.items()
    if name == "SetLight":
        fields = {"level": None} | fields | {"colour": colour(fields.get("colour"))}
    return getattr(messages, name)(**fields)


def wire(message: Message) -> list[Any]:
    """A message as it stands in the files: JSON payloads as what they say."""
    try:
        payload = json.loads(message.payload)
    except ValueError:
        payload = message.payload
    return [message.topic, payload if isinstance(payload, dict) else message.payload]


def spelt(report: Report) -> dict[str, Any]:
    """A report as it stands in the files, without what it does not tell; figures rounded as the files have them."""
    fields = {name: value for name, value in report._asdict().items() if value is not None}
    if isinstance(report, LightReport) and report.colour is not None:
        shown = report.colour
        fields["colour"] = {"mired": round(shown.mired, 1)} if isinstance(shown, Temperature) else {"hex": shown.hex}
    for name in ("level", "volume"):
        if name in fields:
            fields[name] = round(fields[name], 1)
    if isinstance(report, PlayerReport) and not report.paused:
        del fields["paused"]
    if isinstance(report, AbilitiesReport):
        fields["abilities"] = sorted(report.abilities)
    return {type(report).__name__: fields}


def expected(written: dict[str, Any]) -> dict[str, Any]:
    """A report of the files with its colour in mired."""
    ((name, fields),) = written.items()
    if (white := colour(fields.get("colour"))) is not None and isinstance(white, Temperature):
        fields = fields | {"colour": {"mired": round(white.mired, 1)}}
    return {name: fields}
