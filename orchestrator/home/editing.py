"""A schedule or a device put into the text of a home file, or taken out of it: every other letter stays as it was.

People write these files, with comments and in an order of their own. So lines are put in and taken out; nothing is
written anew, and what comes of it is read again before anybody keeps it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import yaml

from orchestrator.documents import document
from orchestrator.documents.document import Document
from orchestrator.errors import HomeError, UsageError

_PLAIN = re.compile(r"[A-Za-z][\w+./-]*( [\w+./-]+)*|\d+(K|%|m?s)")
_WORDS = ("true", "false", "null")
_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"(?:^|\s+)(#.*\s*)", re.DOTALL)


class _Section(NamedTuple):
    """A key of a home such as `schedules`, and what it has."""

    key: yaml.Node
    value: yaml.MappingNode


def added(text: str, source: str, name: str, keys: Mapping[str, object]) -> str:
    """The text with one schedule more. Raises HomeError for a file that cannot be read, UsageError."""
    schedules = _section(_read(text, source), "schedules")
    if schedules is not None and name in {key.value for key, _ in schedules.value.value}:
        raise UsageError(f"There is a schedule {name} already.", f"Remove it first: relax schedules remove {name}")
    return with_entry(text, source, "schedules", name, keys)


def with_entry(
    text: str, source: str, section: str, name: str, keys: Mapping[str, object], comments: Sequence[str] = ()
) -> str:
    """The text with an entry more under a key of the home, which is made where it is not there; comments above it.

    Raises HomeError for a file that cannot be read, UsageError for a section in which no rule says where to write.
    """
    there, end = _section(_read(text, source), section), _line_end(text)
    if there is None:
        gap = "" if text.endswith(("\n", "\r")) or not text else end
        return f"{text}{gap}{end}{section}:{end}{_commented(comments, '  ', end)}{entry_text(name, keys, '  ', end)}"
    pairs = there.value.value
    lines = text.splitlines(keepends=True)
    if there.value.flow_style:
        brace = there.value.end_mark
        _on_one_line(there.value, source, f"Write {name} into them by hand, before the brace in line {brace.line + 1}.")
        return _with_flow(text, _offset(lines, brace) - 1, f"{name}: {_flow(keys)}", is_first=not pairs)
    column = pairs[0][0].start_mark.column
    after = _after_its_comments(lines, _last_line(there.value) + 1, column)
    if not lines[after - 1].endswith(("\n", "\r")):
        lines[after - 1] += end
    indent = " " * column
    lines.insert(after, _commented(comments, indent, end) + entry_text(name, keys, indent, end))
    return "".join(lines)


def with_keys(text: str, source: str, section: str, name: str, keys: Mapping[str, object]) -> str:
    """The text with keys of an entry that is there: what has a value gets the new one, others come at its end.

    Raises HomeError for a file that cannot be read, UsageError for an entry of which no rule says where to write.
    """
    for key, value in keys.items():
        text = _with_key(text, source, section, name, key, yaml_text(value))
    return text


def _with_key(text: str, source: str, section: str, name: str, key: str, value: str) -> str:
    there = _section(_read(text, source), section)
    pairs = there.value.value if there is not None else []
    head, entry = next(((head, node) for head, node in pairs if head.value == name), (None, None))
    if head is None or not isinstance(entry, yaml.MappingNode) or not entry.value or not _follows(entry, head):
        raise UsageError(f"{source} has no entry {name} of its own under {section}.", f"Write there: {key}: {value}")
    lines = text.splitlines(keepends=True)
    old = next((node for own, node in entry.value if own.value == key), None)
    if isinstance(old, yaml.ScalarNode):
        return text[: _offset(lines, old.start_mark)] + value + text[_offset(lines, old.end_mark) :]
    last_key, last = entry.value[-1]
    if not _follows(last, last_key):  # an alias: what it means stands elsewhere
        last = last_key
    if entry.flow_style:
        if last is last_key:
            raise UsageError(f"The entry {name} of {source} ends in an alias.", f"Write there: {key}: {value}")
        end = _offset(lines, last.end_mark)
        return f"{text[:end]}, {key}: {value}{text[end:]}"
    place = _last_line(last) + 1
    if not lines[place - 1].endswith(("\n", "\r")):
        lines[place - 1] += _line_end(text)
    lines.insert(place, f"{' ' * last_key.start_mark.column}{key}: {value}{_line_end(text)}")
    return "".join(lines)


def _follows(value: yaml.Node, key: yaml.Node) -> bool:
    """Whether a value stands behind its key: that of an alias stands where it was named."""
    return bool(value.start_mark.index >= key.end_mark.index)


def removed(text: str, source: str, name: str) -> str:
    """The text without a schedule. Raises HomeError for a file that cannot be read, UsageError for an unknown name."""
    schedules = _section(_read(text, source), "schedules")
    pairs = schedules.value.value if schedules is not None else []
    found = next((place for place, (key, _) in enumerate(pairs) if key.value == name), None)
    if found is None or schedules is None:
        known = ", ".join(key.value for key, _ in pairs) or "none"
        raise UsageError(f"{source} has no schedule {name!r}.", f"There are: {known}.")
    lines = text.splitlines(keepends=True)
    key, value = pairs[found]
    if schedules.value.flow_style:
        _on_one_line(schedules.value, source, f"Take {name} out by hand: it begins in line {key.start_mark.line + 1}.")
        return _without_flow(text, lines, schedules.value, found)
    first, last = key.start_mark.line, _last_line(value)
    if len(pairs) == 1:
        head = schedules.key.start_mark.line
        return "".join([*lines[:head], *_comments(lines, schedules.key, first), *lines[last + 1 :]])
    return "".join([*lines[:first], *lines[last + 1 :]])


def _read(text: str, source: str) -> Document:
    paper = document.read(text, source)
    if paper.faults or not isinstance(paper.data, dict):
        raise HomeError(paper.faults or (paper.fault((), "expected a home: keys such as `home: my-home`"),))
    if isinstance(paper.root, yaml.MappingNode) and paper.root.flow_style:
        raise UsageError(f"{source} is one line in braces.", "Write into it by hand.")
    return paper


def _section(paper: Document, name: str) -> _Section | None:
    pairs = paper.root.value if isinstance(paper.root, yaml.MappingNode) else []
    return next(
        (_Section(key, value) for key, value in pairs if key.value == name and isinstance(value, yaml.MappingNode)),
        None,
    )


def _line_end(text: str) -> str:
    """How the lines of a text end; that of the first counts."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def _on_one_line(node: yaml.MappingNode, source: str, what_to_do: str) -> None:
    """Braces over several lines can have comments anywhere, which no rule puts right. Raises UsageError."""
    if node.start_mark.line != node.end_mark.line:
        raise UsageError(f"The schedules of {source} are in braces over several lines.", what_to_do)


def _comments(lines: list[str], head: yaml.Node, end: int) -> list[str]:
    """The comments from behind a key up to a line, each on a line of its own."""
    line, column = lines[head.end_mark.line], head.end_mark.column
    beside = _COMMENT.search(line[column:])
    first = [line[: head.start_mark.column] + beside[1]] if beside else []
    return first + [each for each in lines[head.end_mark.line + 1 : end] if each.lstrip().startswith("#")]


def _after_its_comments(lines: list[str], line: int, column: int) -> int:
    """The line behind the comments that stand deeper than a column: they are the last entry's."""
    while line < len(lines) and _COMMENT.match(lines[line]) and lines[line][: column + 1].isspace():
        line += 1
    return line


def _last_line(node: yaml.Node) -> int:
    """The last line that belongs to a node; what only follows it, comments and empty lines, does not."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(node, yaml.MappingNode) else last)
    end: int = node.end_mark.line
    return end - 1 if node.end_mark.column == 0 and end > node.start_mark.line else end


def _with_flow(text: str, brace: int, entry: str, *, is_first: bool) -> str:
    """Put in before the closing brace; a comma may stand there already."""
    before = text[:brace].rstrip()
    between = "" if is_first else " " if before.endswith(",") else ", "
    return f"{before}{between}{entry}{text[brace:]}"


def _without_flow(text: str, lines: list[str], schedules: yaml.MappingNode, place: int) -> str:
    pairs = schedules.value
    key, value = pairs[place]
    begin, end = _offset(lines, key.start_mark), _offset(lines, value.end_mark)
    if place + 1 < len(pairs):
        end = _offset(lines, pairs[place + 1][0].start_mark)
    elif place:
        begin = _offset(lines, pairs[place - 1][1].end_mark)
    else:  # a comma behind the only one goes with it
        end = _offset(lines, schedules.end_mark) - 1
    return text[:begin] + text[end:]


def _offset(lines: list[str], mark: yaml.Mark) -> int:
    return sum(len(line) for line in lines[: mark.line]) + int(mark.column)


def _commented(comments: Sequence[str], indent: str, end: str) -> str:
    return "".join(f"{indent}# {line}{end}" for line in comments)


def entry_text(name: str, keys: Mapping[str, object], indent: str, end: str) -> str:
    """An entry in block style, a key a line."""
    body = "".join(f"{indent}  {key}: {yaml_text(value)}{end}" for key, value in keys.items())
    return f"{indent}{name}:{end}{body}"


def _flow(keys: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{key}: {yaml_text(value)}" for key, value in keys.items()) + "}"


def yaml_text(value: object) -> str:
    """As a person would write it: quotes only where they are needed."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list():
            return "[" + ", ".join(yaml_text(each) for each in value) + "]"
        case dict():
            return _flow({str(key): each for key, each in value.items()})
        case _:
            text = str(value)
            is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
            return text if is_plain else json.dumps(text, ensure_ascii=False)
