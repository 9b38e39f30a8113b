"""Reading announcements, which are anybody's: what is not as it should be is nothing, never an error."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from orchestrator.devices.abilities import Kind
from orchestrator.devices.announcement import DEEPEST_PREFIX

LONGEST = 120
"""Characters of a name."""
MOST = 2000
"""Things that one family keeps of a kind. No home has as many; whoever fills a broker gets no further."""
BASES = tuple("/".join("+" * levels) for levels in range(1, DEEPEST_PREFIX + 1))
"""Filters for what somebody has put before all topics of theirs: `attic`, `home/attic`, `home/attic/zigbee`."""
Kept = TypeVar("Kept")

_NO_LAMP = re.compile(
    r"status|indicator|back.?light|matrix|display|screen|on.?board|built.?in|diagnos|activity|night.?vision"
    r"|heat|boiler|oven|sauna|pump|lock|garage|door|gate|valve|siren|alarm|fan\b|cover|shutter|blind|motor|relay.?led",
    re.IGNORECASE,
)
_HARDWARE = re.compile(r"[0-9a-f]{12}|[0-9a-f]{16}")
_SEPARATORS = str.maketrans("", "", ":-")
_HEX_12 = re.compile(r"[0-9a-f]{12}$")


def text(value: object) -> str:
    """A word or a sentence, without what nobody sees or no file takes; empty for what is none."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value[:LONGEST]).split())


def topic(value: object) -> str:
    """A topic that something can be published to, as it stands; empty for what is none."""
    if not isinstance(value, str) or not value or len(value) > 512 or value.endswith("/"):
        return ""
    return "" if any(sign in "+#" or not sign.isprintable() for sign in value) else value


def parsed(payload: str) -> Any:
    """The JSON value of a payload; None for what is none."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def mapping(value: object) -> Mapping[str, Any]:
    """A JSON object, empty for what is none."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """The JSON objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """The words in a list; one word stands for itself."""
    listed = value if isinstance(value, list) else [value]
    return [word for each in listed if (word := text(each))]


def is_true(value: object) -> bool:
    """Also where it is a word, as some announce it."""
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes", "on"))


def whole(value: object) -> int:
    """A whole number, 0 for what is none."""
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int) and abs(value) < 1_000_000_000 else 0


def kelvin(mired: float) -> str:
    """As a home file has it."""
    return f"{round(1_000_000 / mired)}K"


def mac(value: object) -> str:
    """Twelve hex digits in lower case; empty for what has none."""
    match = _HEX_12.search(text(value).lower().replace(":", "").replace("-", ""))
    return match[0] if match else ""


def hardware(*addresses: object) -> tuple[str, ...]:
    """Addresses of hardware as hex digits in lower case: 12 of a network, 16 of a Zigbee radio; others are none."""
    plain = (text(each).lower().removeprefix("0x").translate(_SEPARATORS) for each in addresses)
    return tuple(dict.fromkeys(each for each in plain if _HARDWARE.fullmatch(each)))


def light_role(*names: str) -> tuple[Kind, ...]:
    """A lamp may be given a light's role unless one of its names says that it is no lamp of a room."""
    return () if any(_NO_LAMP.search(name) for name in names) else (Kind.LIGHT,)


def keep(kept: dict[str, Kept], key: str, value: Kept) -> None:
    """Remember the newest of a key, of so many keys at most."""
    if key in kept or len(kept) < MOST:
        kept[key] = value


def matches(topic_filter: str, name: str) -> bool:
    """Whether a topic is one that a filter with + and # asks for."""
    wanted, levels = topic_filter.split("/"), name.split("/")
    if wanted[-1] == "#":
        return len(levels) >= len(wanted) - 1 and _alike(wanted[:-1], levels)
    return len(wanted) == len(levels) and _alike(wanted, levels)


def _alike(wanted: Iterable[str], levels: Iterable[str]) -> bool:
    return all(ours in ("+", theirs) for ours, theirs in zip(wanted, levels, strict=False))
