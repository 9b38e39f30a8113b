"""Where the daemon is to be found: at the broker of the home file, or at the one that is named."""

import os
from pathlib import Path
from typing import NamedTuple

from orchestrator.documents.broker_url import broker_url
from orchestrator.errors import UsageError
from orchestrator.home.library import Home
from orchestrator.mqtt.address import Address, Tls

USUAL_PORT = 1883


class DaemonAddress(NamedTuple):
    """A broker, the topic that all of ours begin with, and the home, where there is a file to know it from."""

    address: Address
    base: str
    home: Home | None


def daemon_address(home: Path | None, broker: str | None) -> DaemonAddress:
    """Where `--home` and `--broker` point to. Raises UsageError, HomeError."""
    from orchestrator.cli.arguments import default_home, home_at
    from orchestrator.daemon.broker import address_of
    from orchestrator.daemon.settings import read_settings

    base = read_settings({"home": home}).base
    if broker is not None:
        return DaemonAddress(address_at(broker), base, home_at(home) if home is not None else None)
    found = home or default_home()
    if found is None:
        raise UsageError(
            "Nothing says where the daemon is: no home file is named, and there is no home.yaml here.",
            "Say --home FILE or --broker HOST:PORT, or set RELAX_HOME.",
        )
    place = home_at(found)
    return DaemonAddress(address_of(place), base, place)


def address_at(text: str) -> Address:
    """A host, `host:port`, `user@host:port`, or a URL; the password is RELAX_BROKER_PASSWORD unless it stands there.

    Raises UsageError, which does not say the text again: it may hold a password.
    """
    try:
        found = broker_url(text)
    except ValueError as error:
        raise UsageError(f"--broker: {error}.", "Write host:port, such as broker.local:1883.") from None
    password = found.password
    if password is None and found.username is not None:
        password = os.environ.get("RELAX_BROKER_PASSWORD")
    tls = Tls() if found.is_encrypted else None
    return Address(found.host, found.port or USUAL_PORT, found.username, password, tls, found.websocket)
