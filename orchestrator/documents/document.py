"""A YAML text as data, with the place of every value: what scene and home files are read with.

YAML 1.2's core types, softened: only `true` and `false` are booleans (`on`, `off`, `yes`, `no` are words), `1:30` is a
text, every key is a text, and nothing may be empty. Keys that come twice, tags, numbers that no home can mean, and
texts that grow without end through their anchors are faults.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import yaml

from orchestrator.documents.slips import explained, quoting_hint
from orchestrator.errors import Fault

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value is: keys and indices from the top, such as `("steps", 3, "say", "en")`."""

LARGEST_TEXT = 256 * 1024
DEEPEST = 32
MOST_VALUES = 50_000
LARGEST_NUMBER = 1e12

_WHOLE = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STRANGE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser; the other, slower and otherwise the same, where PyYAML was built without libyaml."""

_ANY_TAG = "a text that begins with `!` needs quotes around it (YAML tags are not used here)"
_TAGS = {
    "!secret": '`!secret` is Home Assistant\'s; write "${NAME}" and set NAME in the environment of relax',
    "!include": "`!include` is Home Assistant's; write what is in that file here",
    "!env_var": '`!env_var` is Home Assistant\'s; write "${NAME}"',
}

_TEXT, _NOTHING, _FLAG, _NUMBER, _LIST, _MAP = "text", "nothing", "flag", "number", "list", "map"


class DocumentPlace(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """Data and the faults that its text has as YAML. `data` is None where the text could not be read at all."""

    source: str
    text: str = field(repr=False)
    data: Any = field(repr=False)
    faults: tuple[Fault, ...] = ()
    faulty: frozenset[KeyPath] = frozenset()
    """Paths that a fault in `faults` already speaks of."""

    @cached_property
    def root(self) -> yaml.Node | None:
        """The nodes, which know their places. Composed when somebody asks for a place: they take more than all else."""
        return yaml.compose(self.text, Loader=_Loader) if self.data is not None else None

    def at(self, path: KeyPath) -> Any:
        """The data at a path that is there."""
        data = self.data
        for part in path:
            data = data[part]
        return data

    def place(self, path: KeyPath) -> DocumentPlace:
        """The place of the value at a path, or of its nearest parent that is there."""
        node = self.root
        for part in path:
            below = _below(node, part)
            if below is None:
                break
            node = below
        return DocumentPlace(1, 1) if node is None else _place(node)

    def place_of_key(self, path: KeyPath) -> DocumentPlace:
        """The place of the last key in a path; of the value where that is in a list or not there."""
        *above, last = path
        node = self.root
        for part in above:
            node = _below(node, part)
        if isinstance(node, yaml.MappingNode):
            for key, _ in _pairs(node):
                if key.value == last:
                    return _place(key)
        return self.place(path)

    def fault(self, path: KeyPath, message: str, *, at_key: bool = False) -> Fault:
        """A fault at a path."""
        return Fault(self.source, *(self.place_of_key(path) if at_key else self.place(path)), message)


def read(text: str, source: str) -> Document:
    """The document that a text is. Never raises for what a person wrote: that is in `faults`."""
    text = text.removeprefix("\ufeff")
    if flaw := _unreadable(text, source):
        return Document(source, text, None, (flaw,))
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return Document(source, text, None, (explained(error, text, source),))
    except _TooMuch as limit:
        return Document(source, text, None, (Fault(source, *limit.place, limit.message),))
    if root is None:
        return Document(source, text, None, (Fault(source, 0, 0, "the file is empty"),))
    reading = _Reading(source, text.splitlines())
    try:
        data = reading.value(root, ())
    except _TooMuch as limit:
        return Document(source, text, None, (*reading.faults, Fault(source, *limit.place, limit.message)))
    return Document(source, text, data, tuple(reading.faults), frozenset(reading.faulty))


def opened(path: Path) -> str | Fault:
    """The text of a file, or why it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_TEXT:
            return Fault(str(path), 0, 0, f"the file is larger than {LARGEST_TEXT // 1024} KiB")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        return Fault(str(path), 0, 0, f"the file cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        return Fault(str(path), error.object[: error.start].count(b"\n") + 1, 1, "this is no text in UTF-8")


def _unreadable(text: str, source: str) -> Fault | None:
    """What keeps a text from being parsed at all."""
    if len(text) > LARGEST_TEXT:
        return Fault(source, 0, 0, f"the file is larger than {LARGEST_TEXT // 1024} KiB")
    if strange := _UNPRINTABLE.search(text):
        line, column = text.count("\n", 0, strange.start()), strange.start() - text.rfind("\n", 0, strange.start())
        message = f"there is a character that is no text (U+{ord(strange[0]):04X}); remove it"
        return Fault(source, line + 1, column, message)
    return None


class _TooMuch(Exception):
    """The document is deeper or longer than any that a person writes."""

    def __init__(self, place: DocumentPlace, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


class _Loader(_Parser):  # type: ignore[misc]
    """Composes nodes only; what a plain scalar is, is ours to say. A tag of the file's own shows as any other name."""

    depth = 0

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return _kind(value) if implicit[0] else _TEXT
        return _LIST if kind is yaml.SequenceNode else _MAP

    def descend_resolver(self, current_node: yaml.Node | None, current_index: Any) -> None:  # noqa: ARG002 - PyYAML's signature
        self.depth += 1
        if self.depth > DEEPEST and current_node is not None:
            raise _TooMuch(_place(current_node), f"this lies more than {DEEPEST} levels deep")

    def ascend_resolver(self) -> None:
        self.depth -= 1


def _kind(plain: str) -> str:
    """What an unquoted scalar is."""
    if plain in {"", "~", "null", "Null", "NULL"}:
        return _NOTHING
    if plain in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return _FLAG
    if plain[0] in "-+.0123456789" and (_FLOAT.fullmatch(plain) or _ENDLESS.fullmatch(plain)):
        return _NUMBER
    return _TEXT


@dataclass
class _Reading:
    """Turns nodes into data and gathers faults on the way."""

    source: str
    lines: list[str]
    faults: list[Fault] = field(default_factory=list)
    faulty: set[KeyPath] = field(default_factory=set)
    values: int = 0

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        self.values += 1
        if self.values > MOST_VALUES:
            raise _TooMuch(_place(node), f"more than {MOST_VALUES} values; do anchors (&) hold one another?")
        if len(path) > DEEPEST:
            raise _TooMuch(_place(node), f"this lies more than {DEEPEST} levels deep; does an anchor (&) hold itself?")
        if isinstance(node, yaml.MappingNode) and node.tag == _MAP:
            return self.map(node, path)
        if node.tag == _LIST:
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if node.tag == _TEXT:
            return self.text(node, path)
        return self.scalar(node, path)

    def text(self, node: yaml.Node, path: KeyPath) -> str:
        """A text as it stands there; what an escape puts into it is held to the same as the rest."""
        text = str(node.value)
        if strange := _STRANGE.search(text):
            self.refuse(
                node, path, f"there is a character in this that is no text (U+{ord(strange[0]):04X}); remove it"
            )
            return _STRANGE.sub("\ufffd", text)
        return text

    def map(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        first: dict[str, DocumentPlace] = {}
        own = {id(key) for key, _ in node.value}
        for key, value in _pairs(node):
            if _is_merge(key):
                self.refuse(key, (*path, "<<"), "`<<` takes in the keys of an anchor above, such as `<<: *lamp`")
                continue
            if not isinstance(key, yaml.ScalarNode):
                self.refuse(key, path, 'a key has to be a word; a template needs quotes around it: "{{ … }}"')
                continue
            name = self.text(key, (*path, str(key.value)))
            below = (*path, name)
            if name in first and id(key) not in own:
                continue  # what is taken in yields to what stands here
            if name in first:
                self.refuse(key, below, f"`{name}` stands here twice (first in line {first[name].line})")
                continue
            first[name] = _place(key)
            if value.tag == _NOTHING:
                self.refuse(key, below, self.no_value(node, key, value))
                result[name] = None
            else:
                result[name] = self.value(value, below)
        return result

    def no_value(self, node: yaml.MappingNode, key: yaml.Node, value: yaml.Node) -> str:
        """What to say of a key without a value: mostly a text with a comma, or a colour without quotes."""
        if value.value:
            return f"`{key.value}` is `{value.value}`, which means nothing here; leave it out or give it a value"
        if node.flow_style and key is not node.value[0][0]:
            whole = f'"…, {key.value}"'
            return f"`{key.value}` has no value; if it belongs to the text before the comma, quote it: {whole}"
        return f"`{key.value}` has no value{quoting_hint(self.lines[key.start_mark.line])}"

    def scalar(self, node: yaml.Node, path: KeyPath) -> Any:
        """What is written without quotes and is no text."""
        if node.tag == _FLAG:
            return node.value.lower() == "true"
        if node.tag == _NUMBER:
            return self.number(node, path)
        if node.tag == _NOTHING:
            return self.refuse(node, path, "there is nothing here; give it a value or leave it out")
        return self.refuse(node, path, _TAGS.get(node.tag, _ANY_TAG))

    def number(self, node: yaml.Node, path: KeyPath) -> int | float | None:
        if _ENDLESS.fullmatch(node.value) or len(node.value) > 40 or abs(float(node.value)) > LARGEST_NUMBER:
            self.refuse(node, path, "this is no number that can be used here")
            return None
        return int(node.value) if _WHOLE.fullmatch(node.value) else float(node.value)

    def refuse(self, node: yaml.Node, path: KeyPath, message: str) -> None:
        self.faults.append(Fault(self.source, *_place(node), message))
        self.faulty.add(path)


def _place(node: yaml.Node) -> DocumentPlace:
    return DocumentPlace(node.start_mark.line + 1, node.start_mark.column + 1)


def _below(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    """The node one step down, or None."""
    return next((value for name, value in _children(node) if name == part), None)


def _is_merge(key: yaml.Node) -> bool:
    """Whether a key takes in the keys of another map: YAML 1.1's `<<`, which people know and every editor offers."""
    return isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The keys and values of a map, its own first; then what it takes in, each map once, however they hold one another.

    A `<<` that takes in what is no map comes out as a pair of its own.
    """
    seen: set[int] = set()
    waiting: list[yaml.MappingNode] = [node]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        taken: list[yaml.MappingNode] = []
        for key, value in current.value:
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            if _is_merge(key) and all(isinstance(source, yaml.MappingNode) for source in sources):
                taken += sources
            else:
                yield key, value
        waiting += reversed(taken)


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in _pairs(node) if isinstance(key, yaml.ScalarNode))
    elif isinstance(node, yaml.SequenceNode):
        yield from enumerate(node.value)
