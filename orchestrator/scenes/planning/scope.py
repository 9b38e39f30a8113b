"""What a place in a scene can see while it is planned: parameters, phrases, loop values, the language, the pace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from orchestrator.documents.document import KeyPath
from orchestrator.documents.notation import Share, duration, offset
from orchestrator.languages.library import has_words, own_words
from orchestrator.scenes.format.model import DurationParameter, SceneModel
from orchestrator.scenes.format.templates import BadTemplate, evaluate, is_template, mentioned, render
from orchestrator.units import MINUTE, SECOND, Ms

TextMap: TypeAlias = str | dict[str, str]

MOST_VALUES = 500
SLOWEST, FASTEST = 0.1, 10.0
TRANSLATIONS = "translations"


class Ready(NamedTuple):
    """How a person says next in a room, while the hands can touch things and while they are oily; how they decline, and
    how they hear it again.

    None: nobody can then, and a step that waits goes on by itself. Empty: somebody can, and nobody knows the words.
    """

    free: TextMap | None
    oily: TextMap | None
    decline: TextMap | None = None
    """How they say no to all of it: the session ends."""

    again: TextMap | None = None
    """How they have the words of a step said again."""


class Unplannable(Exception):
    """A scene that cannot be planned with these parameters: where in it, and why."""

    def __init__(self, path: KeyPath, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class LoopTurn:
    """`loop` in templates: which turn of the innermost loop this is; `index` counts from 1."""

    first: bool
    last: bool
    index: int


class Phrase(dict[str, str]):
    """A phrase's words by value; a flag or a number finds its key as it is written: `{{ answer[bath] }}`."""

    def __missing__(self, value: object) -> str:
        key = str(value).lower() if isinstance(value, bool) else str(value)
        if key in self:
            return self[key]
        # No LookupError: Jinja would go on and look for an attribute of that name.
        raise ValueError(f"this phrase has no words for {key!r}")


class ToldWords:
    """What was read of a scene's texts while it was planned: where they stand, and what they came to."""

    __slots__ = ("_places", "_root", "paths", "room_words")

    def __init__(self, root: KeyPath = ()) -> None:
        """`root`: what goes before the paths of a translation (`in_translation`)."""
        self._root = root
        self.paths: set[KeyPath] = set()
        self.room_words: set[str] = set()
        """How people say next and no here: words that are the room's, not the scene's."""
        self._places: dict[str, dict[KeyPath, None]] = {}

    def note(self, path: KeyPath, place: KeyPath, text: str) -> None:
        """A text at a path came to this; `place` is where its language has it."""
        self.paths.add((*self._root, *path))
        self._places.setdefault(text, {})[(*self._root, *place)] = None

    def place_of(self, text: str, within: KeyPath) -> KeyPath:
        """Where the scene has what came to this text: in this part of it, where it is there; else anywhere."""
        within = within if within[: len(self._root)] == self._root else (*self._root, *within)
        places = [*self._places.get(text, ())]
        inside = (place for place in places if place[: len(within)] == within)
        return next(inside, places[0] if places else within)

    def without_room_words(self, text: str) -> str:
        """The text with one word in place of each that is the room's."""
        for words in sorted(self.room_words, key=len, reverse=True):
            text = text.replace(words, "next")
        return text


class Scope:
    """The names of one place, and how texts, conditions and lengths are read with them."""

    __slots__ = ("_evaluated", "_lengths", "_ready", "_rendered", "language", "names", "pace", "told")

    def __init__(
        self,
        names: Mapping[str, object],
        language: str,
        lengths: frozenset[str] = frozenset(),
        pace: float = 1.0,
        *,
        ready: Ready,
        told: ToldWords | None = None,
    ) -> None:
        self.told = told or ToldWords()
        orders = (names.get(name) for name in ("ready", "decline", "again"))
        self.told.room_words |= {words for words in orders if isinstance(words, str) and words}
        self.names = names
        self.language = language
        self.pace = pace
        self._ready = ready
        self._lengths = lengths
        self._rendered: dict[str, str] = {}
        self._evaluated: dict[str, object] = {}

    @classmethod
    def of(
        cls, scene: SceneModel, parameters: Mapping[str, object], language: str, ready: Ready, root: KeyPath = ()
    ) -> "Scope":
        """The scope of a whole scene. `parameters` are names as templates see them. Raises Unplannable.

        `root`: what goes before its paths, where it is a translation.
        """
        lengths = frozenset(name for name, kind in scene.parameters.items() if isinstance(kind, DurationParameter))
        phrases = {
            name: Phrase(
                {value: in_language(text, language, ("phrases", name, value)) for value, text in words.items()}
            )
            for name, words in scene.phrases.items()
        }
        names = {**parameters, **phrases, "ready": _ready_words(ready.free, language, 0)}
        names |= {
            "decline": _order("decline", ready.decline, language),
            "again": _order("again", ready.again, language),
        }
        names |= {"language": language}
        scope = cls(names, language, lengths, ready=ready, told=ToldWords(root))
        scope.pace = scope.number(scene.pace, ("pace",), SLOWEST, FASTEST)
        return scope

    def within(self, **names: object) -> "Scope":
        """The same with more names."""
        inner = {**self.names, **names}
        return Scope(inner, self.language, self._lengths, self.pace, ready=self._ready, told=self.told)

    def says_next(self, *, oily: bool) -> bool:
        """Whether somebody can say next here."""
        return (self._ready.oily if oily else self._ready.free) is not None

    def before(self, left: Ms, *, oily: bool) -> "Scope":
        """The same, `left` ms before it goes on by itself: `ready` says that where nobody can say next."""
        ready = self._ready.oily if oily else self._ready.free
        if ready is not None and ready == self._ready.free:
            return self
        return self.within(ready=_ready_words(ready, self.language, left))

    def text(self, text: TextMap, path: KeyPath) -> str:
        """The words of a text in the session's language, templates filled in, on one line. Raises Unplannable."""
        words = in_language(text, self.language, path)
        place = path if isinstance(text, str) else (*path, self.language)
        if words not in self._rendered:
            try:
                self._rendered[words] = " ".join(render(words, self.names).split())
            except BadTemplate as error:
                raise Unplannable(place, str(error)) from None
        self.told.note(path, place, self._rendered[words])
        return self._rendered[words]

    def holds(self, expression: str | None, path: KeyPath) -> bool:
        """Whether a condition holds; none always does. Raises Unplannable."""
        return expression is None or bool(self._value(expression, path))

    def values(self, expression: str, path: KeyPath) -> list[Any]:
        """The values of a loop. Raises Unplannable."""
        values = self._value(expression, path)
        if not isinstance(values, list | tuple):
            raise Unplannable(path, f"expected a list such as ['left', 'right'], not {values!r}")
        if len(values) > MOST_VALUES:
            raise Unplannable(path, f"{len(values)} turns are too many; {MOST_VALUES} is the most")
        return list(values)

    def length(self, written: Ms | str, path: KeyPath) -> Ms:
        """A length, as it is written or computed. Raises Unplannable."""
        if not isinstance(written, str):
            return written
        found: Ms = self._notation(duration, written, path)
        return found

    def doing(self, written: Ms | str, path: KeyPath) -> Ms:
        """A length that follows the pace (2 is twice as fast), unless it comes from a duration parameter."""
        length = self.length(written, path)
        if isinstance(written, str) and self._mentioned(written, path) & self._lengths:
            return length
        return round(length / self.pace)

    def offset(self, written: Ms | Share | str, path: KeyPath) -> Ms | Share:
        """A moment or a share of the step. Raises Unplannable."""
        if not isinstance(written, str):
            return written
        found: Ms | Share = self._notation(offset, written, path)
        return found

    def side(self, written: str, path: KeyPath) -> str:
        """`left` or `right`, as it is written or computed. Raises Unplannable."""
        side = self.text(written, path)
        if side not in ("left", "right"):
            raise Unplannable(path, f"a side is `left` or `right`, not {side or 'nothing'}")
        return side

    def number(self, written: float | str, path: KeyPath, least: float, most: float) -> float:
        """A number, as it is written or computed, within bounds (included). Raises Unplannable."""
        try:
            value = float(self.text(written, path) if isinstance(written, str) else written)
        except ValueError:
            raise Unplannable(path, f"expected a number; {written} is none here") from None
        if not least <= value <= most:
            raise Unplannable(path, f"{value:g} is out of range: {least:g} to {most:g}")
        return value

    def _value(self, expression: str, path: KeyPath) -> object:
        if expression not in self._evaluated:
            try:
                self._evaluated[expression] = evaluate(expression, self.names)
            except BadTemplate as error:
                raise Unplannable(path, str(error)) from None
        return self._evaluated[expression]

    def _notation(self, read: Any, written: str, path: KeyPath) -> Any:
        said = self.text(written, path)
        try:
            return read(said)
        except ValueError as error:
            raise Unplannable(path, f"{written} is {said or 'nothing'} here: {error}") from None

    def _mentioned(self, written: str, path: KeyPath) -> frozenset[str]:
        try:
            return mentioned(written) if is_template(written) else frozenset()
        except BadTemplate as error:
            raise Unplannable(path, str(error)) from None


def in_translation(language: str) -> KeyPath:
    """What goes before the path of a value in the scene that a translation made: it stands in that one's file."""
    return (TRANSLATIONS, language)


def in_language(text: TextMap, language: str, path: KeyPath) -> str:
    """The words of a text in a language. Raises Unplannable."""
    if isinstance(text, str):
        return text
    if language not in text:
        raise Unplannable(path, f"there are no words in `{language}`; there are in {', '.join(text)}")
    return text[language]


class NoWords:
    """What nobody can say in a session's language: a text that wants it cannot be planned."""

    def __init__(self, name: str, language: str) -> None:
        self._name = name
        self._language = language

    def __str__(self) -> str:
        raise ValueError(
            f"there are no words in `{self._language}` for `{self._name}`: write them in the room "
            f'(`{self._name}: {{{self._language}: "…"}}`), or a file of that language (docs/languages.md)'
        )


def ready_of(ready: "Ready | TextMap | None") -> Ready:
    """What is known of a room as it is planned for; where nothing is, people say it."""
    if isinstance(ready, Ready):
        return ready
    said: TextMap = {} if ready is None else ready
    return Ready(said, said, {}, {})


def _ready_words(ready: TextMap | None, language: str, left: Ms) -> str | NoWords:
    """How a person says next, as an order: the room's way, else that it goes on by itself."""
    if written := _written(ready, language):
        return written
    if not has_words(language):
        return NoWords("ready", language)
    own = own_words(language)
    if ready is not None:
        return own.model.ready.voice
    length = _as_people_say(left)
    return own.fill(own.model.ready.alone, length=length) if length else own.model.ready.alone_soon


def _order(name: Literal["decline", "again"], words: TextMap | None, language: str) -> str | NoWords:
    """How a person says no to all of it, or hears it again; empty where nobody can."""
    if words is None:
        return ""
    if written := _written(words, language):
        return written
    if not has_words(language):
        return NoWords(name, language)
    own = own_words(language).model
    return own.decline.voice if name == "decline" else own.again.voice


def _written(words: TextMap | None, language: str) -> str | None:
    """The room's own words in a language, if it has any."""
    if words is None or isinstance(words, str):
        return words
    return words.get(language) or words.get(language.partition("-")[0])


def _as_people_say(length: Ms) -> Ms:
    """Rounded as people say lengths: to 5 s below a minute, to half a minute below five, to minutes above."""
    grain = 5 * SECOND if length < MINUTE else MINUTE // 2 if length < 5 * MINUTE else MINUTE
    return (max(length, 0) + grain // 2) // grain * grain
