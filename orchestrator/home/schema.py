"""The JSON Schema of home files: the home's own models, and each dialect's keys for its devices."""

from typing import Any

from orchestrator.devices.dialects import DIALECTS
from orchestrator.home.model import HomeModel
from orchestrator.scenes.format.schema import of


def schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12, of a home file of format 1. `dialect` decides which keys a device takes."""
    home = of(HomeModel, "A relax home", "urn:relax-orchestrator:home:1")
    definitions = home["$defs"]
    rules = []
    for name, family in DIALECTS.items():
        device = of(family.settings, f"A {name} device", "")
        definitions |= device.pop("$defs")
        definitions[name] = {key: value for key, value in device.items() if key not in {"$schema", "$id"}}
        of_this = {"properties": {"dialect": {"const": name}}, "required": ["dialect"]}
        rules.append({"if": of_this, "then": {"$ref": f"#/$defs/{name}"}})
    definitions["Device"] = {
        "type": "object",
        "required": ["dialect"],
        "properties": {"dialect": {"enum": list(DIALECTS)}},
        "allOf": rules,
    }
    devices = home["properties"]["devices"]
    devices["patternProperties"] = {pattern: {"$ref": "#/$defs/Device"} for pattern in devices["patternProperties"]}
    return home
