"""The slips of the pen that YAML punishes, in words for the person who made them."""

import re

import yaml

from orchestrator.errors import Fault

_COLOUR = re.compile(r"""[:,\[]\s+\#[0-9a-fA-F]{3,8}\b""")
_TEMPLATE = re.compile(r"[:\-,\[]\s+\{\{")

_TAB = "a tab; YAML is indented with spaces"
_SLIPS = (
    (
        "mapping values are not allowed",
        "a text with a colon in it needs quotes around it, or the line is indented wrongly",
    ),
    ("found character '\\t'", _TAB),
    ("found a tab character", _TAB),
    ("found character that cannot start any token", "a text cannot begin with this character; put quotes around it"),
    ("block sequence entries are not allowed", "a list begins on its own line below the key: `- …`"),
    ("expected ',' or '}'", "a `{ … }` is not closed, or a text in it needs quotes"),
    ("expected ',' or ']'", "a `[ … ]` is not closed, or a text in it needs quotes"),
    ("unexpected end of stream", "a quote is opened and never closed"),
    ("unexpected document separator", "a quote is opened and never closed"),
    ("unknown escape character", "a backslash means something inside double quotes; use single quotes, or write \\\\"),
    ("undefined alias", "a text that begins with `*` needs quotes around it"),
    ("duplicate anchor", "this anchor (`&`) stands here twice"),
    ("expected a single document", "a second document begins here (`---`); a file holds one"),
    ("another document", "a second document begins here (`---`); a file holds one"),
    ("could not find expected ':'", "a key without a colon after it, or a text over several lines that needs quotes"),
    ("did not find expected key", "this line does not belong to what stands above it: check indentation and quotes"),
    ("expected <block end>", "this line does not belong to what stands above it: check indentation and quotes"),
    ("expected the node content", "a value is missing, or a text needs quotes around it"),
    ("did not find expected node content", "a value is missing, or a text needs quotes around it"),
    ("expected alphabetic or numeric character", "a text that begins with `&` or `*` needs quotes around it"),
    ("invalid leading UTF-8", "this is no text in UTF-8"),
    ("tag", "a text that begins with `!` needs quotes around it (YAML tags are not used here)"),
    ("nesting", "this lies too many levels deep"),
)


def explained(error: yaml.MarkedYAMLError, text: str, source: str) -> Fault:
    """What the parser's error means, and what to do about it."""
    problem = f"{error.problem or ''} {error.context or ''}"
    lines = text.splitlines()
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    nearby = [lines[line] for mark in marks for line in (mark.line, mark.line - 1) if 0 <= line < len(lines)]
    meaning = next((words for sign, words in _SLIPS if sign in problem), f"this is no YAML ({problem.strip()})")
    if any(line.lstrip(" ").startswith("\t") for line in nearby):
        meaning = _TAB
    # What is never closed is seen pages later; the place to look at is where it was opened.
    mark = marks[-1] if "closed" in meaning and marks and marks[0].line != marks[-1].line else next(iter(marks), None)
    hint = next((found for found in map(quoting_hint, nearby) if found), "")
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Fault(source, line, column, f"{meaning}{hint}")


def quoting_hint(line: str) -> str:
    """What in a line is read as something else because quotes are missing; empty where nothing is."""
    if _COLOUR.search(line):
        return '; a colour needs quotes, else it is a comment: "#ff9a3c"'
    if _TEMPLATE.search(line):
        return '; a template needs quotes: "{{ … }}"'
    return ""
