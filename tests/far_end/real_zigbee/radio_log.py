"""What the radio of the real bridge saw of a session, judged: the lamps as before, no frame too many, no fade lost.

Pure. An entry is a line of `frames.jsonl`: a frame (`lamp` or `group`, `command`, `payload`), a command that a lamp
ignored, or how lamps are (`shows`).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Entry = Mapping[str, Any]
Shown = Mapping[str, Mapping[str, int]]
"""By lamp: `on`, `level` (1 to 254), `mode` and what that mode goes by."""

COMMANDS = ("on", "off", "toggle", "stop", "stopWithOnOff")
WINDOW = 9.9
"""Seconds. A busy machine brings the messages of one second late, and those of the next are then near to them."""
A_SECOND = 4
IN_THE_WINDOW = 11 * A_SECOND
GROUPS_IN_9_SECONDS = 8
TOGETHER = 0.15
"""Seconds within which two frames come of one message."""
HALF = 0.5
_FADES = 5
"""Tenths of a second; what is shorter some converters make of nothing."""
_LEVEL, _MIRED, _PLACE, _HUE, _SATURATION = 2, 2, 260, 600, 4
"""By so much a value may differ that a bridge rounds on its way there and back."""


def shown(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """How each lamp is after these entries."""
    seen: dict[str, dict[str, int]] = {}
    for entry in entries:
        seen |= entry.get("shows", {})
    return seen


def is_command(entry: Entry) -> bool:
    """Whether a frame tells a lamp or a group something; all else asks or settles."""
    command = entry.get("command", "")
    return "oveTo" in command or command in COMMANDS


def left_otherwise(before: Shown, after: Shown) -> list[str]:
    """What is not as it was, or as it was to be: of what `before` says of each.

    A lamp that was out is out again, whatever it remembers of its level.
    """
    return [f"{name}: {why}" for name, was in before.items() for why in _differences(was, after[name])]


def _differences(was: Mapping[str, int], now: Mapping[str, int]) -> Iterator[str]:
    if was["on"] != now["on"]:
        yield f"{'on' if now['on'] else 'off'}, it was {'on' if was['on'] else 'off'}"
        return
    if was["on"] and "level" in was and abs(was["level"] - now["level"]) > _LEVEL:
        yield f"level {now['level']}, it was {was['level']}"
    if "mode" not in was:
        return
    if was["mode"] != now["mode"]:
        yield f"colour mode {now['mode']}, it was {was['mode']}"
        return
    allowed = {0: {"hue": _HUE, "saturation": _SATURATION}, 1: {"x": _PLACE, "y": _PLACE}, 2: {"mired": _MIRED}}
    for key, most in allowed[was["mode"]].items():
        if abs(was[key] - now[key]) > most:
            yield f"{key} {now[key]}, it was {was[key]}"


def most_at_once(entries: Iterable[Entry], window: float = WINDOW, *, groups: bool = False) -> int:
    """The most commands that the air carried in any window of so many seconds; only those to groups."""
    return _most((entry for entry in entries if is_command(entry) and ("group" in entry or not groups)), window)


def most_asked_and_told(entries: Iterable[Entry], window: float = WINDOW) -> int:
    """The same with the questions."""
    return _most((entry for entry in entries if is_command(entry) or entry.get("command") == "read"), window)


def _most(entries: Iterable[Entry], window: float) -> int:
    recent: deque[float] = deque()
    most = 0
    for entry in entries:
        recent.append(entry["t"])
        while recent[0] <= entry["t"] - window:
            recent.popleft()
        most = max(most, len(recent))
    return most


class Jump(NamedTuple):
    """A level that a lamp was told to take at once, in a message whose colour fades."""

    t: float
    lamp: str
    level: int


def jumps_in_fades(entries: Iterable[Entry]) -> list[Jump]:
    """What a bridge makes of level and colour in one message to a lamp that cannot fade both."""
    found, jumps = [], {}
    for entry in entries:
        command, lamp = entry.get("command", ""), str(entry.get("lamp", entry.get("group")))
        if not is_command(entry):
            continue
        time = entry["payload"].get("transtime", 0)
        if command.startswith("moveToLevel"):
            jumps[lamp] = entry if time == 0 else None
        elif time >= _FADES and (jump := jumps.pop(lamp, None)) is not None and entry["t"] - jump["t"] <= TOGETHER:
            found.append(Jump(jump["t"], lamp, jump["payload"]["level"]))
    return found


def ignored(entries: Iterable[Entry]) -> list[str]:
    """What lamps did not take, since they were on their way."""
    return [f"{entry['lamp']}: {entry['ignored']}" for entry in entries if "ignored" in entry]


def refused(entries: Iterable[Entry]) -> list[str]:
    """What could not be put into a frame."""
    return [f"{entry['lamp']}: {entry['refused']}" for entry in entries if "refused" in entry]


def largest_steps(entries: Iterable[Entry]) -> dict[str, int]:
    """By lamp, how far its level went in any half second at most; off is 0."""
    most: dict[str, int] = {}
    recent: dict[str, deque[tuple[float, int]]] = {}
    for entry in entries:
        for name, state in entry.get("shows", {}).items():
            level = state["level"] if state["on"] else 0
            window = recent.setdefault(name, deque())
            while len(window) > 1 and window[1][0] <= entry["t"] - HALF:
                window.popleft()
            most[name] = max([most.get(name, 0), *(abs(level - earlier) for _, earlier in window)])
            window.append((entry["t"], level))
    return most


def figures(entries: Sequence[Entry]) -> dict[str, Any]:
    """What there is to measure."""
    steps = largest_steps(entries)
    return {
        "commands": sum(map(is_command, entries)),
        "in ten seconds": most_at_once(entries),
        "jumps beside a colour": len(jumps_in_fades(entries)),
        "ignored": len(ignored(entries)),
        "largest steps": dict(sorted(steps.items(), key=lambda each: -each[1])),
    }
