"""Ctrl-C and its like: what they end, and how a command ends by them."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from orchestrator.cli.exit_codes import INTERRUPTED

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def on_interrupt(callback: Callable[[], object]) -> Iterator[None]:
    """Call back for each of `SIGNALS`, until the block is left. Raises RuntimeError outside of a loop."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, callback)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


@contextmanager
def while_asked() -> Iterator[None]:
    """While a person is waited for on standard input, Ctrl-C ends the command at once.

    A loop would only make a note of it, and look at that when the person has answered. Raises KeyboardInterrupt.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run_session(session: Coroutine[Any, Any, int]) -> int:
    """Run it. Its exit code, also where a signal cancelled it before it began. Raises what it raises."""
    try:
        return asyncio.run(session)
    except asyncio.CancelledError:
        return INTERRUPTED


def run_until_interrupted(service: Coroutine[Any, Any, None]) -> None:
    """Run until somebody wants it to end, by Ctrl-C or by SIGTERM; that is no failure. Raises what it raises."""
    # A shell starts what runs in the background deaf to SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt):
        asyncio.run(service)


async def for_ever() -> None:
    """Wait until cancelled. Raises CancelledError then."""
    await asyncio.get_running_loop().create_future()
