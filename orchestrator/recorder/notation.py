"""How messages, changes and reports are written in a fixture: `tests/devices/payloads/` reads it."""

import json
from typing import Any

from orchestrator.devices.messages import AbilitiesReport, Change, Message, PlayerReport, Report
from orchestrator.values import Channels, Colour, HueSaturation, Temperature, Xy


def wire(message: Message) -> list[Any]:
    """A message that is sent: topic and payload."""
    return [message.topic, payload(message)]


def payload(message: Message) -> Any:
    """A JSON object as what it says, all else as its text."""
    try:
        read = json.loads(message.payload)
    except (ValueError, RecursionError):
        return message.payload
    return read if isinstance(read, dict) else message.payload


def report(said: Report) -> dict[str, Any]:
    """A report without what it does not tell; figures with one decimal."""
    written = _written(said)
    if isinstance(said, PlayerReport) and not said.paused:
        del written["paused"]
    if isinstance(said, AbilitiesReport):
        written["abilities"] = sorted(said.abilities)
    return {type(said).__name__: written}


def change(wanted: Change) -> dict[str, Any]:
    """A change without what it leaves alone."""
    return {type(wanted).__name__: _written(wanted)}


def _written(what: Report | Change) -> dict[str, Any]:
    written = {name: value for name, value in what._asdict().items() if value is not None}
    if (shown := written.get("colour")) is not None:
        written["colour"] = _colour(shown)
    for name in ("level", "volume", "remembered"):
        if name in written:
            written[name] = round(written[name], 1)
    return written


def _colour(shown: Colour) -> dict[str, Any]:
    match shown:
        case Temperature(mired):
            return {"mired": round(mired, 1)}
        case Xy(x, y):
            return {"xy": [round(x, 4), round(y, 4)]}
        case HueSaturation(hue, saturation):
            return {"hue": round(hue, 2), "saturation": round(saturation, 2)}
        case Channels(parts, effect):
            shines = {"channels": [round(part, 1) for part in parts]}
            return shines if effect is None else {**shines, "effect": list(effect)}
        case _:
            return {"hex": shown.hex}
