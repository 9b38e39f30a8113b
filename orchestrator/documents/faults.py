"""What pydantic found wrong, as sentences for the person who wrote the file: what is wrong, and what was expected."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from orchestrator.documents.alternatives import is_alternative
from orchestrator.documents.document import Document, KeyPath
from orchestrator.documents.notation import DEVICE_NAME, IDENTIFIER, LANGUAGE, NAME, TOPIC_BASE
from orchestrator.documents.plain_text import invisible
from orchestrator.errors import Fault

_SHAPES = {
    NAME: "expected a name: small letters, digits and `_`, a letter first",
    IDENTIFIER: "expected a name: small letters, digits and `-`",
    DEVICE_NAME: "expected a name: small letters from a to z, digits, `-` and `_` (people see its `title`)",
    TOPIC_BASE: "expected the beginning of a topic such as relax or home/relax, without + and #",
    LANGUAGE: "expected a language such as en or de",
}
_KINDS = {
    "string_type": "expected a text",
    "list_type": "expected a list",
    "tuple_type": "expected a list",
    "dict_type": "expected a map of keys and values",
    "model_type": "expected a map of keys and values",
    "bool_type": "expected `true` or `false`",
    "bool_parsing": "expected `true` or `false`",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "too_short": "this is empty; expected at least one",
    "string_too_short": "this is empty",
}


_GERMAN = str.maketrans(dict[str, str | int | None]({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))


class Flaw(NamedTuple):
    """A fault that knows its path, and not yet its line.

    `at_key`: it is the key that is wrong, not its value. `lacks`: something is not there beside it or in it, which
    cannot be said for sure where other things there are wrong as well.
    """

    path: KeyPath
    message: str
    at_key: bool = False
    lacks: bool = False

    def is_moot(self, path: KeyPath, aside: AbstractSet[KeyPath]) -> bool:
        """True where what was set aside may be why; `path` is its own in the file."""
        if any(path[: len(wrong)] == wrong for wrong in aside):
            return True
        return self.lacks and any(wrong[:-1] in (path, path[:-1]) for wrong in aside)


def near(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The end of a sentence about an unknown word: the nearest known one, else all of them, else `otherwise`."""
    words = sorted(known)
    if guess := nearest(word, words):
        return f"; did you mean `{guess}`?"
    if words and len(words) <= 20:
        return f"; known are {listed(words)}"
    return f"; {otherwise}" if otherwise else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    words = list(known)
    found = get_close_matches(word, words, n=1, cutoff=0.65)
    return found[0] if found else next((other for other in words if sorted(other) == sorted(word)), None)


def listed(words: Iterable[str]) -> str:
    """Words in a row: `a`, `b` and `c`."""
    marked = [f"`{word}`" for word in words]
    return " and ".join(filter(None, [", ".join(marked[:-1]), *marked[-1:]]))


def shape_faults(
    model: type[BaseModel], error: ValidationError, document: Document, at: KeyPath = (), called: str = ""
) -> dict[KeyPath, Fault]:
    """What pydantic found in the data at a path (of a thing that is `called` so), by path.

    What the document itself found faulty is not said again; nor is a missing key that stands there misspelt.
    """
    faults: dict[KeyPath, Fault] = {}
    guessed: set[KeyPath] = set()
    for detail in sorted(_meant(error, document.at(at)), key=lambda detail: detail["type"] == "missing"):
        path = (*at, *path_of(detail, document.at(at)))
        if path in guessed or path in faults or _is_said(path, document.faulty):
            continue
        if detail["type"] == "extra_forbidden":
            word, home = str(path[-1]), holder(model, detail["loc"][:-1])
            if guess := nearest(word, keys_of(home)):
                guessed.add((*path[:-1], guess))
            message = unknown_key(word, home, called if home is model else "")
            faults[path] = document.fault(path, message, at_key=True)
        else:
            faults[path] = document.fault(path, sentence(detail), at_key=_is_of_key(detail, path))
    return faults


def _meant(error: ValidationError, data: Any) -> list[ErrorDetails]:
    """The errors, and of those that a union has for all its alternatives only the one that got furthest."""
    meant: dict[KeyPath | int, ErrorDetails] = {}
    for index, detail in enumerate(error.errors(include_url=False)):
        union = next((spot for spot, is_label in enumerate(_labels(detail, data)) if is_label), None)
        key: KeyPath | int = index if union is None else detail["loc"][:union]
        if key not in meant or len(path_of(detail, data)) > len(path_of(meant[key], data)):
            meant[key] = detail
    return list(meant.values())


def _labels(detail: ErrorDetails, data: Any) -> list[bool]:
    """For each part of an error's place whether it is pydantic's label of an alternative, no key of the data."""
    labels, last = [], len(detail["loc"]) - 1
    for spot, part in enumerate(detail["loc"]):
        there = part in data if isinstance(data, dict) else isinstance(data, list) and isinstance(part, int)
        label = not there and not is_alternative(part) and not (spot == last and detail["type"] == "missing")
        labels.append(label)
        if there and not is_alternative(part):
            data = data[part] if not isinstance(part, int) or part < len(data) else None
    return labels


def _is_of_key(detail: ErrorDetails, path: KeyPath) -> bool:
    """True where a key of a map is wrong, and not what stands there."""
    return detail["loc"][-1:] == ("[key]",) != path[-1:]


def _is_said(path: KeyPath, faulty: AbstractSet[KeyPath]) -> bool:
    """True where a fault of the document lies at a path, above it, or just below it."""
    return any(path[: len(wrong)] == wrong or wrong[:-1] == path for wrong in faulty)


def path_of(detail: ErrorDetails, data: Any) -> KeyPath:
    """Where in the data an error is: its place without the labels of alternatives."""
    parts = zip(detail["loc"], _labels(detail, data), strict=True)
    return tuple(part for part, label in parts if not label and not is_alternative(part))


def sentence(detail: ErrorDetails) -> str:
    """One error in our words."""
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "missing":
        return f"`{detail['loc'][-1]}` is missing"
    if kind == "value_error":
        return str(context["error"])
    if kind in {"literal_error", "enum"}:
        words = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
        guess = nearest(given, words) if isinstance(given, str) else None
        return f"expected {' or '.join(f'`{word}`' for word in words)}{f'; did you mean `{guess}`?' if guess else ''}"
    if kind == "string_pattern_mismatch":
        return _misshapen(str(given), context["pattern"], is_new=detail["loc"][-1:] == ("[key]",))
    if kind == "string_too_long":
        return f"this is longer than {context['max_length']} letters"
    if kind == "string_type" and isinstance(given, bool | int | float):
        return "expected a text; put quotes around it"
    if kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        bound = f"{next(iter(context.values())):g}"
        return (
            f"{given} is too {'small' if kind.startswith('greater') else 'large'}: expected "
            + {
                "greater_than": f"more than {bound}",
                "greater_than_equal": f"at least {bound}",
                "less_than": f"less than {bound}",
                "less_than_equal": f"at most {bound}",
            }[kind]
        )
    return _KINDS.get(kind) or detail["msg"].replace("Input should be", "expected")


def _misshapen(given: str, pattern: str, *, is_new: bool) -> str:
    """What to say of a word that cannot stand here; where it names something new, with one that could."""
    wanted = _SHAPES.get(pattern, "this cannot stand here")
    if hidden := invisible(given):
        return f"{wanted}; there is a character in it that nobody sees ({hidden})"
    would_do = next((each for each in _spelt(given) if is_new and re.fullmatch(pattern, each)), None)
    return f"{wanted}; `{would_do}` would do" if would_do is not None else wanted


def _spelt(word: str) -> Iterator[str]:
    """A word in ways in which names can be written."""
    german = word.lower().translate(_GERMAN)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", german) if not unicodedata.combining(sign))
    for joint in ("-", "_"):
        yield re.sub(r"[^a-z0-9]+", joint, plain).strip(joint)


def unknown_key(word: str, model: type[BaseModel] | None, called: str = "") -> str:
    """What to say of a key that a model does not have; `called` is what people call such a thing."""
    if model is None:
        return f"`{word}` is not known here"
    known = keys_of(model)
    guess = nearest(word, known)
    end = f"; did you mean `{guess}`?" if guess else f"; it takes {listed(known)}"
    return f"`{word}` is no key of {called or noun(model)}{end}"


def noun(model: type[BaseModel]) -> str:
    """What a person calls what a model describes: a step, a light look, `levels`."""
    words = re.findall(r"[A-Z][a-z]*", model.__name__.removesuffix("Model").removesuffix("Settings")) or ["this"]
    name = " ".join(words).lower()
    if name.endswith("s"):
        return f"`{name}`"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def keys_of(model: type[BaseModel] | None) -> list[str]:
    """The keys as they are written."""
    return [] if model is None else [field.alias or name for name, field in model.model_fields.items()]


def holder(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model at a place that pydantic names, alternatives included; None where there is none."""
    annotation: Any = model
    for part in loc:
        annotation = _below(annotation, part)
    return next(
        (each for each in _unwrapped(annotation) if isinstance(each, type) and issubclass(each, BaseModel)), None
    )


def _below(annotation: Any, part: int | str) -> Any:
    """What stands under a key, an index or the name of an alternative."""
    if is_alternative(part):  # one within another: the first that was found is the thing itself
        return next(_unwrapped(annotation, part), annotation)
    for each in _unwrapped(annotation):
        if getattr(each, "__name__", None) == part:
            return each
        if isinstance(each, type) and issubclass(each, BaseModel):
            fields = each.model_fields.items()
            return next((field.annotation for name, field in fields if part in (name, field.alias)), None)
        if get_origin(each) in (list, dict):
            return get_args(each)[-1]
    return None


def _unwrapped(annotation: Any, tag: int | str | None = None) -> Iterator[Any]:
    """The types that an annotation stands for, its alternatives one after the other; only the tagged one, if asked."""
    if get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from _unwrapped(each, tag)
    elif get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        tags = [note.tag for note in notes if isinstance(note, Tag)]
        yield from _unwrapped(inner, None if tag in tags else tag)
    elif tag is None:
        yield annotation
