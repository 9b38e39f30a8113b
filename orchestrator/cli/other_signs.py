"""Output that is not UTF-8: what it has no sign for is written in others, and never ends a session."""

import codecs
import sys
from io import TextIOWrapper

HANDLER = "relax.other_signs"
_SIGNS = {
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u2013\u2014\u2212\u2500\u2501", "-"),
    **dict.fromkeys("\u2022\u00b7\u25cf", "*"),
    **dict.fromkeys("\u00d7\u2717\u2715", "x"),
    "\u2026": "...",
    "\u2192": "->",
    "\u2190": "<-",
    "\u2713": "+",
    "\u25cb": "o",
    "\u2502": "|",
    "\u20ac": "EUR",
    "\u00e4": "ae",
    "\u00f6": "oe",
    "\u00fc": "ue",
    "\u00df": "ss",
    "\u00c4": "Ae",
    "\u00d6": "Oe",
    "\u00dc": "Ue",
}


def allow_any_output() -> None:
    """Have both outputs take every text."""
    codecs.register_error(HANDLER, _in_other_signs)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _in_other_signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_SIGNS.get(sign, "?") for sign in text), error.end
