"""A line of words that may be longer than the terminal is wide."""

import shutil
import sys

_FURTHER_IN = 2


def say(line: str, hanging: int | None = None) -> None:
    """Print a line; in a terminal its words go on below, `hanging` columns in, and none is cut in two.

    Else two further in than it begins. Not for what somebody copies: a command stays in one line.
    """
    if not sys.stdout.isatty():
        print(line, flush=True)
        return
    import textwrap

    width = shutil.get_terminal_size().columns
    inside = len(line) - len(line.lstrip()) + _FURTHER_IN if hanging is None else hanging
    below = " " * min(inside, width // 2)
    print(
        textwrap.fill(line, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False), flush=True
    )
