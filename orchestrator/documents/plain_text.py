"""Texts of other people on a terminal: whatever is in them is shown, and nothing of it is obeyed."""

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What moves a cursor, rings, colours, or turns the order of letters; not the end of a line, and no tab."""
_ESCAPED = re.compile(r"\\u(?:00(?:0[0-8bBcCdDeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])|202[a-eA-E]|206[6-9])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\u00a0\u2000-\u200a\u3000]")
SHOWN = "\ufffd"


def printable(text: str) -> str:
    """The text with a mark in place of each character that a terminal would obey."""
    return _CONTROL.sub(SHOWN, text)


def printable_json(payload: str) -> str:
    """The same of a JSON payload, in whose texts such characters stand as escapes."""
    return printable(_ESCAPED.sub(SHOWN, payload))


def invisible(text: str) -> str | None:
    """The first character that nobody sees or that looks like a space and is none, as `U+200B`; None without."""
    found = _INVISIBLE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None
