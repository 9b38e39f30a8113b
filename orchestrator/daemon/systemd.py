"""What systemd wants to hear of a service: that it is ready, that it lives, that it stops (sd_notify(3)).

Without systemd nothing is said. No library is needed: it is a datagram with a few words.
"""

import os
import socket
from collections.abc import Mapping

from orchestrator.units import Ms


class Systemd:
    """Speaks to whoever started us, if it listens."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._limit = environment.get("WATCHDOG_USEC", "")
        self._for = environment.get("WATCHDOG_PID", "")

    @property
    def watchdog(self) -> Ms | None:
        """How often a sign of life is expected at the latest; None where nobody watches."""
        if not self._limit.isdecimal() or self._for not in ("", str(os.getpid())):
            return None
        return int(self._limit) // 1000

    def ready(self, status: str) -> None:
        self._say(f"READY=1\nSTATUS={status}")

    def reloading(self, monotonic: Ms) -> None:
        """`monotonic` is the moment on the monotonic clock that systemd asks for."""
        self._say(f"RELOADING=1\nMONOTONIC_USEC={monotonic * 1000}")

    def alive(self) -> None:
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        self._say("STOPPING=1")

    def _say(self, words: str) -> None:
        """A supervisor that does not listen is no reason to stop."""
        if not self._address.startswith(("/", "@")):
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.setblocking(False)
            try:
                line.sendto(words.encode(), address)
            except OSError:
                return
