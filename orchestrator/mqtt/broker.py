"""A broker for whoever has none: it listens on loopback, keeps nothing, and never outlives us.

Mosquitto where it is installed, else iotcore, which installs with pip (docs/decisions/0001-the-embedded-broker.md).
"""

import asyncio
import importlib.util
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from orchestrator.errors import RelaxError
from orchestrator.mqtt.address import Address

logger = logging.getLogger(__name__)

_READY_WITHIN = 10.0
_LOOK_EVERY = 0.01
_ATTEMPTS = 3
_LARGEST_PAYLOAD = 1024 * 1024

_MOSQUITTO = """\
listener {port} {host}
allow_anonymous true
persistence false
set_tcp_nodelay true
max_inflight_messages 0
max_queued_messages 0
connection_messages false
log_dest stderr
log_type error
log_type warning
"""

_IOTCORE = """\
import logging, sys
from iotcore import IotCoreBroker
logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
IotCoreBroker(listen=sys.argv[1], port=int(sys.argv[2]), max_payload_size=int(sys.argv[3])).run_forever()
"""

_TETHERED = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
"""Asks Linux to kill us when our parent dies, by whatever (PR_SET_PDEATHSIG), and becomes the program that is named."""


@asynccontextmanager
async def broker(port: int | None = None, host: str = "127.0.0.1") -> AsyncIterator[Address]:
    """Run a broker as a child process until the block is left. `port` None: any that is free.

    Raises `RelaxError` where no broker is installed, the port is taken, or the broker does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="relax-broker-") as folder:
        process, address = await _start(host, port, Path(folder))
        try:
            yield address
        finally:
            _end(process)


def mosquitto() -> str | None:
    """The mosquitto of this machine. Debian has it where only root looks."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/local/sbin:/usr/sbin:/opt/homebrew/sbin")


async def _start(host: str, port: int | None, folder: Path) -> tuple["subprocess.Popen[bytes]", Address]:
    """A port that is free now may be taken a moment later: then another is tried, unless this one was asked for."""
    for _ in range(_ATTEMPTS if port is None else 1):
        address = Address(host, _free_port(host, port or 0))
        process = _child(_command(address, folder), folder / "log")
        try:
            if await _is_ready(process, address):
                logger.info("A broker of our own listens at %s", address)
                return process, address
        except BaseException:
            _end(process)
            raise
        _end(process)
    said = (folder / "log").read_text(errors="replace").strip().splitlines()
    raise RelaxError(f"The broker did not start: {said[-1] if said else 'it said nothing'}.", "Try another port.")


def _free_port(host: str, port: int) -> int:
    """The port if it can be listened on; for 0 any that can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise RelaxError(
                f"No broker can listen at {Address(host, port)}: {reason.lower()}.",
                "If a broker runs there already, use it; else choose another port.",
            ) from error
        return int(probe.getsockname()[1])


def _command(address: Address, folder: Path) -> list[str]:
    if (program := mosquitto()) is not None:
        settings = folder / "mosquitto.conf"
        text = _MOSQUITTO.format(host=address.host, port=address.port)
        # Started by root it would change its user, and Linux then forgets the tether.
        settings.write_text(text + "user root\n" if os.geteuid() == 0 else text)
        return [program, "-c", str(settings)]
    if importlib.util.find_spec("iotcore") is not None:
        return [sys.executable, "-c", _IOTCORE, address.host, str(address.port), str(_LARGEST_PAYLOAD)]
    raise RelaxError(
        "No broker is installed.", "Install mosquitto, or `pip install iotcore`, or name a broker in the home file."
    )


def _child(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", "-c", _TETHERED, str(os.getpid()), *command]
    with log.open("wb") as output:
        # In a group of its own: Ctrl-C in the terminal is for us, who still have a room to give back.
        return subprocess.Popen(  # noqa: S603 ours
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0
        )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """At once: it keeps nothing that could be lost."""
    process.kill()
    process.wait()


async def _is_ready(process: "subprocess.Popen[bytes]", address: Address) -> bool:
    """Wait until it accepts connections; False if it ends before, or takes too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_READY_WITHIN):
            while process.poll() is None:
                if await _accepts(address):
                    return process.poll() is None
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_EVERY):
                        await asyncio.Event().wait()
    return False


async def _accepts(address: Address) -> bool:
    try:
        _, writer = await asyncio.open_connection(address.host, address.port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
