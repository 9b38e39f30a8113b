"""What relax tells a speaker, read from `<topic>/set`: docs/speaker.md."""

import json
from typing import Any, NamedTuple, TypeAlias


class SayOrder(NamedTuple):
    """Words. `rate` is words a minute, `gap` seconds between sentences; `more` where the next sentence follows."""

    id: str
    text: str
    language: str
    volume: float
    rate: float
    gap: float
    more: bool


class AnnounceOrder(NamedTuple):
    """A recording instead of words."""

    id: str
    uri: str
    volume: float


class HushOrder(NamedTuple):
    id: str


class PlayOrder(NamedTuple):
    uri: str
    loop: bool


class PauseOrder(NamedTuple):
    pass


class ResumeOrder(NamedTuple):
    pass


class StopOrder(NamedTuple):
    pass


class VolumeOrder(NamedTuple):
    level: float


class ChimeOrder(NamedTuple):
    sound: str


Order: TypeAlias = (
    SayOrder | AnnounceOrder | HushOrder | PlayOrder | PauseOrder | ResumeOrder | StopOrder | VolumeOrder | ChimeOrder
)


def order(payload: str) -> Order | None:
    """The order of a payload; None for one that this speaker does not know, which the contract says to ignore."""
    try:
        said = json.loads(payload)
        return _order(said) if isinstance(said, dict) else None
    except (ValueError, KeyError, TypeError):
        return None


def _order(said: dict[str, Any]) -> Order | None:
    match said.get("do"):
        case "say":
            rate, gap = _between(said.get("rate", 110), 60, 220), _between(said.get("gap", 1), 0, 60)
            language, volume = str(said.get("language", "en")), _between(said.get("volume", 0.5), 0, 1)
            return SayOrder(
                _text(said["id"]), _text(said["text"]), language, volume, rate, gap, said.get("more") is True
            )
        case "announce":
            return AnnounceOrder(_text(said["id"]), _text(said["uri"]), _between(said.get("volume", 0.5), 0, 1))
        case "hush":
            return HushOrder(_text(said["id"]))
        case "play":
            return PlayOrder(_text(said["uri"]), said.get("loop", True) is not False)
        case "pause":
            return PauseOrder()
        case "resume":
            return ResumeOrder()
        case "stop":
            return StopOrder()
        case "volume":
            return VolumeOrder(_between(said["level"], 0, 1))
        case "chime":
            return ChimeOrder(str(said.get("sound", "")))
        case _:
            return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is meant")
    return value


def _between(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number is meant")
    if value != value:  # noqa: PLR0124 json reads NaN
        raise ValueError("a number is meant")
    return min(max(float(value), low), high)
