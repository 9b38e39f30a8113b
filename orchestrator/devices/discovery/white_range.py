"""The range of whites that an entity of Home Assistant's has announced, in the keys in which it said that."""

from collections.abc import Mapping
from typing import Any

from orchestrator.devices.discovery.parsing import is_true
from orchestrator.devices.wire import number


def white_range(entity: Mapping[str, Any], unknown: dict[str, str]) -> dict[str, Any]:
    """Nothing of what it did not say, which is said in `unknown`."""
    keys: dict[str, Any] = {}
    if is_true(entity.get("color_temp_kelvin")):
        keys["color_temp_kelvin"] = True
    names = ("min_kelvin", "max_kelvin") if entity.get("min_kelvin") else ("min_mireds", "max_mireds")
    low, high = (number(entity.get(name)) for name in names)
    if low and high and 0 < low < high <= 20_000:
        return keys | dict(zip(names, (_short(low), _short(high)), strict=True))
    unknown["min_mireds, max_mireds"] = "it did not say them; 153 to 500 holds until you write what the lamp has"
    return keys


def _short(amount: float) -> float | int:
    """ESPHome announces 152.905."""
    return int(amount) if amount == int(amount) else round(amount, 1)
