"""What is secret or personal, taken out of messages: the same thing becomes the same stand-in wherever it stands.

Three ways to find it. By its *key*: what stands under `password`, `ssid`, `latitude`, `friendly_name` is somebody's.
By its *look*: MAC and IEEE addresses, IP addresses, serial numbers, e-mail, addresses of files, dates, long hexadecimal
or random texts. By having been *learnt*: each level of a topic that is no word of a protocol, and whatever stood under
such a key, is a name from then on, also in the middle of a text. What was learnt late stands earlier as well: scrub
everything once, and then again with `again()`.

Stand-ins keep their shape where something reads it: hexadecimal ones are as long as the original and count up from
zero, IP addresses are of the range for documents (RFC 5737), host names end in `.invalid` (RFC 2606).
"""

import ipaddress
import json
import re
from collections.abc import Iterable
from typing import Any

from orchestrator.recorder.keys import WORDS, is_identity, is_personal, is_topical

_LOOKS = re.compile(
    r"""
    (?P<pem>-----BEGIN[\s\S]*?-----END[^-]*-----)
    |(?P<colour>\#[0-9A-Fa-f]{6,8}(?![0-9A-Za-z]))
    |(?P<url>[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>{}\\]+)
    |(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    |(?P<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)
    |(?P<mac>[0-9A-Fa-f]{2}(?:[:._-][0-9A-Fa-f]{2}){5,7}|[0-9A-Fa-f]{4}[.][0-9A-Fa-f]{4}[.][0-9A-Fa-f]{4})
    |(?P<hex>0[xX][0-9A-Fa-f]{6,})
    |(?P<v4>(?<!\d)(?<!\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d))
    |(?P<v6>(?<![0-9A-Za-z:])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?:%\w+)?)
    |(?P<host>(?<![\w.-])[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.(?:local|lan|home|internal|localdomain|box|arpa)(?![\w-]))
    |(?P<bare>(?<![0-9A-Za-z])[0-9A-Fa-f]{6,}(?![0-9A-Za-z])|[0-9A-Fa-f]{12,})
    """,
    re.VERBOSE,
)
_RANDOM = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{16,}(?![0-9A-Za-z])|[0-9A-Za-z+/=_-]{24,}")
_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]")
_SEPARATORS = re.compile(r"[\s_-]+")
_LARGE = 10_000_000
"""Figures from here on are moments, counters or serial numbers; nothing that a device shows is as large."""
_SHORTEST_NAME = 3
_PART_OF_A_DEVICE = re.compile(r"(?:light|cct|rgb|rgbw|rgbcct|color|white|switch|relay|input|cover|em|pm1):\d{1,3}")
"""What Shelly calls the outputs and inputs of a device, wherever it says so: `light:0`."""
_DATE = "2000-01-01T00:00:00"


class Scrubber:
    """Remembers what stands for what. `words` are kept in topics, beside those of the protocols."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = WORDS | {word.casefold() for word in words}
        self._known: set[str] = set()
        self._names: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._learnt: re.Pattern[str] | None = None

    def again(self) -> "Scrubber":
        """One that knows all names that this one knows, and counts from the beginning."""
        other = Scrubber(self._words)
        other._known = set(self._known)
        return other

    def learn(self, name: str) -> None:
        """Take a text for a name (or a secret): it is replaced wherever it stands."""
        word = _spaced(name)
        if len(word) >= _SHORTEST_NAME and not self._is_nobodys(word) and word not in self._known:
            self._known.add(word)
            self._learnt = None

    def name(self, text: str) -> str:
        """The stand-in for a whole text that is somebody's; what is empty or a word of a protocol stays."""
        word = _spaced(text)
        if not word or self._is_nobodys(word) or text in self._names.values():
            return text
        self.learn(text)
        return self._names.setdefault(word, f"name-{len(self._names) + 1}")

    def topic(self, topic: str) -> str:
        """A topic, level by level: words of protocols and small figures stay."""
        return "/".join(level if self._is_plain(level) else self.name(level) for level in topic.split("/"))

    def text(self, text: str, *, identity: bool = False) -> str:
        """A text without names that were learnt and without what looks secret.

        `identity`: it says what a device is, which may be called as people call their lamps (`hue`).
        """
        return self._looked(text if identity else self._without_names(text), identity=identity)

    def payload(self, payload: str) -> str:
        """A payload: JSON value by value, all else as a text."""
        try:
            read = json.loads(payload)
        except (ValueError, RecursionError):
            return self.text(payload)
        if not isinstance(read, dict | list):
            return self.text(payload)
        return json.dumps(self.value(read), ensure_ascii=False, separators=(",", ":"))

    def value(self, value: Any, key: str = "", *, personal: bool = False) -> Any:
        """A JSON value that stands under a key; all of it is `personal` where what it stands in is."""
        personal = (personal or is_personal(key)) and not is_identity(key)
        match value:
            case dict():
                inside = personal and key != "sn"  # a serial number at Home Assistant, sensors at Tasmota
                return {self.text(name): self.value(each, name, personal=inside) for name, each in value.items()}
            case list():
                return [self.value(each, key, personal=personal) for each in value]
            case str() if is_topical(key) and "/" in value:
                return self.topic(value)
            case str() if personal:
                return self.name(value)
            case str():
                return self.text(value, identity=is_identity(key))
            case bool() | None:
                return value
            case int() | float():
                return 0 if personal or not abs(value) < _LARGE else value
        return None

    def definition(self, value: Any, key: str = "") -> Any:
        """What a bridge's own library says of a model: its names are those of features, and nobody's."""
        match value:
            case dict():
                return {name: self.definition(each, name) for name, each in value.items()}
            case list():
                return [self.definition(each, key) for each in value]
            case str():
                return self._looked(value, identity=is_identity(key))
        return value

    def _is_nobodys(self, word: str) -> bool:
        return word in self._words or _PART_OF_A_DEVICE.fullmatch(word) is not None

    def _is_plain(self, level: str) -> bool:
        return level.casefold() in self._words or not level or (level.isdigit() and len(level) < _SHORTEST_NAME)

    def _without_names(self, text: str) -> str:
        if self._learnt is None:
            known = sorted(self._known, key=lambda name: (-len(name), name))
            spelt = (r"[\s_-]+".join(re.escape(part) for part in name.split(" ")) for name in known)
            self._learnt = re.compile(
                rf"(?<![^\W_])(?:{'|'.join(spelt)})(?![^\W_])" if known else r"(?!)", re.IGNORECASE
            )
        return self._learnt.sub(lambda found: self.name(found[0]), text)

    def _looked(self, text: str, *, identity: bool) -> str:
        looked = _LOOKS.sub(lambda found: self._stand_in(found, identity=identity), text)
        if identity:
            return looked
        return _RANDOM.sub(lambda found: f"text-{self._number(found[0])}" if _is_random(found[0]) else found[0], looked)

    def _stand_in(self, found: re.Match[str], *, identity: bool) -> str:
        whole, kind = found[0], found.lastgroup
        if kind == "colour" or (identity and not _is_certain(kind, whole)):
            return whole
        match kind:
            case "pem":
                return "certificate"
            case "date":
                return _DATE
            case "url":
                return f"http://address-{self._number(whole)}.example.invalid/"
            case "email":
                return f"person-{self._number(whole)}@example.invalid"
            case "host":
                return f"host-{self._number(whole)}.example.invalid"
            case "v4":
                return f"192.0.2.{self._number(whole) % 255}"
            case "v6" if _is_v6(whole):
                return f"2001:db8::{self._number(whole)}"
            case "v6":
                return ":".join(self._looked(part, identity=identity) for part in whole.split(":"))
            case _:
                return self._counted(whole) if any(sign.isdigit() for sign in whole) else whole

    def _counted(self, whole: str) -> str:
        """As long as it was, with what stood between its digits; the figure is the same however it is spelt."""
        prefix = whole[:2] if whole[:2].lower() == "0x" else ""
        rest = whole[len(prefix) :]
        digits = "".join(_HEX_DIGITS.findall(rest))
        counted = iter(f"{self._number(digits):0{len(digits)}}"[-len(digits) :])
        return prefix + _HEX_DIGITS.sub(lambda _: next(counted), rest)

    def _number(self, thing: str) -> int:
        return self._numbers.setdefault(thing.casefold(), len(self._numbers) + 1)


def _spaced(name: str) -> str:
    """The same name, however its words are put together."""
    return _SEPARATORS.sub(" ", name.strip()).casefold()


def _is_certain(kind: str | None, whole: str) -> bool:
    """Whether it is what it looks like, where type numbers and versions stand."""
    if kind == "bare":
        return len(whole) in (12, 16) and not whole.isdigit() and any(sign.isdigit() for sign in whole)
    return kind in ("pem", "url", "email", "mac", "hex", "host")


def _is_v6(text: str) -> bool:
    try:
        return len(text) > len("::1") and ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


def _is_random(text: str) -> bool:
    """A word of a language has no figures in it, the name of an action few, and no capitals among them."""
    figures, capitals = sum(sign.isdigit() for sign in text), sum(sign.isupper() for sign in text)
    letters = sum(sign.isalpha() for sign in text)
    return figures >= 3 and letters >= 3 and (text.isalnum() or 0 < capitals < letters)
