"""A schedule put into the text of a home file, or taken out of it: every other letter stays as it was.

People write these files, with comments and in an order of their own. So lines are put in and taken out; nothing is
written anew, and what comes of it is read again before anybody keeps it.
"""

import json
import re
from collections.abc import Mapping

import yaml

from orchestrator.errors import HomeError, UsageError
from orchestrator.scenes import document
from orchestrator.scenes.document import Document

_PLAIN = re.compile(r"[A-Za-z][\w+./-]*( [\w+./-]+)*")
_WORDS = ("true", "false", "null")


def added(text: str, source: str, name: str, keys: Mapping[str, object]) -> str:
    """The text with one schedule more. Raises HomeError for a file that cannot be read, UsageError."""
    paper = _read(text, source)
    schedules = _schedules(paper)
    if isinstance(schedules, yaml.MappingNode) and name in {key.value for key, _ in schedules.value}:
        raise UsageError(f"There is a schedule {name} already.", f"Remove it first: relax schedules remove {name}")
    if not isinstance(schedules, yaml.MappingNode):
        end = "" if text.endswith("\n") or not text else "\n"
        return f"{text}{end}\nschedules:\n{_entry(name, keys, '  ')}"
    lines = text.splitlines(keepends=True)
    if schedules.flow_style:
        offset = _offset(lines, schedules.end_mark) - 1
        comma = ", " if schedules.value else ""
        return f"{text[:offset].rstrip()}{comma}{name}: {_flow(keys)}{text[offset:]}"
    first, _ = schedules.value[0]
    after = _last_line(schedules) + 1
    if not lines[after - 1].endswith("\n"):
        lines[after - 1] += "\n"
    lines.insert(after, _entry(name, keys, " " * first.start_mark.column))
    return "".join(lines)


def removed(text: str, source: str, name: str) -> str:
    """The text without a schedule. Raises HomeError for a file that cannot be read, UsageError for an unknown name."""
    schedules = _schedules(_read(text, source))
    pairs = schedules.value if isinstance(schedules, yaml.MappingNode) else []
    found = next((place for place, (key, _) in enumerate(pairs) if key.value == name), None)
    if found is None or schedules is None:
        known = ", ".join(key.value for key, _ in pairs) or "none"
        raise UsageError(f"{source} has no schedule {name!r}.", f"There are: {known}.")
    lines = text.splitlines(keepends=True)
    key, value = pairs[found]
    if isinstance(schedules, yaml.CollectionNode) and schedules.flow_style:
        return _without_flow(text, lines, pairs, found)
    first, last = key.start_mark.line, _last_line(value)
    if len(pairs) == 1:
        first = next(line for line in range(first, -1, -1) if lines[line].startswith("schedules"))
        kept = [line for line in lines[first + 1 : key.start_mark.line] if line.lstrip().startswith("#")]
        return "".join([*lines[:first], *kept, *lines[last + 1 :]])
    return "".join([*lines[:first], *lines[last + 1 :]])


def _read(text: str, source: str) -> Document:
    paper = document.read(text, source)
    if paper.faults or not isinstance(paper.data, dict):
        raise HomeError(paper.faults or (paper.fault((), "expected a home: keys such as `home: my-home`"),))
    if isinstance(paper.root, yaml.MappingNode) and paper.root.flow_style:
        raise UsageError(f"{source} is one line in braces.", "Write the schedule into it by hand.")
    return paper


def _schedules(paper: Document) -> yaml.Node | None:
    pairs = paper.root.value if isinstance(paper.root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == "schedules"), None)


def _last_line(node: yaml.Node) -> int:
    """The last line that belongs to a node; what only follows it, comments and empty lines, does not."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(node, yaml.MappingNode) else last)
    end: int = node.end_mark.line
    return end - 1 if node.end_mark.column == 0 and end > node.start_mark.line else end


def _without_flow(text: str, lines: list[str], pairs: list[tuple[yaml.Node, yaml.Node]], place: int) -> str:
    key, value = pairs[place]
    begin, end = _offset(lines, key.start_mark), _offset(lines, value.end_mark)
    if place + 1 < len(pairs):
        end = _offset(lines, pairs[place + 1][0].start_mark)
    elif place:
        begin = _offset(lines, pairs[place - 1][1].end_mark)
    return text[:begin] + text[end:]


def _offset(lines: list[str], mark: yaml.Mark) -> int:
    return sum(len(line) for line in lines[: mark.line]) + int(mark.column)


def _entry(name: str, keys: Mapping[str, object], indent: str) -> str:
    body = "".join(f"{indent}  {key}: {_value(value)}\n" for key, value in keys.items())
    return f"{indent}{name}:\n{body}"


def _flow(keys: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in keys.items()) + "}"


def _value(value: object) -> str:
    """As a person would write it: quotes only where they are needed."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list():
            return "[" + ", ".join(_value(each) for each in value) + "]"
        case dict():
            return _flow({str(key): each for key, each in value.items()})
        case _:
            text = str(value)
            is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
            return text if is_plain else json.dumps(text, ensure_ascii=False)
