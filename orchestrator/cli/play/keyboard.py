"""Single keys from the terminal, without echo and without Enter. The terminal is as before when the block is left."""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

_ARROWS = {"\x1b[C": "n", "\x1bOC": "n", "\x1b[D": "b", "\x1bOD": "b"}


class Keyboard:
    """Calls `pressed` with each key, in the loop. Does nothing where standard input is no terminal.

    Raises RuntimeError on entry outside of a loop.
    """

    def __init__(self, pressed: Callable[[str], None]) -> None:
        self._pressed = pressed
        self._before: list[Any] | None = None
        self._input = -1

    def __enter__(self) -> Self:
        if sys.stdin.isatty():
            self._input = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._input)
            tty.setcbreak(self._input, termios.TCSADRAIN)
            settings = termios.tcgetattr(self._input)
            settings[6][termios.VSUSP] = b"\0"
            termios.tcsetattr(self._input, termios.TCSADRAIN, settings)
            asyncio.get_running_loop().add_reader(self._input, self._read)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            asyncio.get_running_loop().remove_reader(self._input)
            termios.tcsetattr(self._input, termios.TCSADRAIN, self._before)

    def _read(self) -> None:
        try:
            typed = os.read(self._input, 64).decode(errors="ignore")
        except OSError:
            typed = ""
        if not typed:  # the terminal is gone
            asyncio.get_running_loop().remove_reader(self._input)
        elif typed.startswith("\x1b"):
            if typed in _ARROWS:
                self._pressed(_ARROWS[typed])
        else:
            for key in typed:
                self._pressed(key)
