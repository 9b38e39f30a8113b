"""What announces itself in the network by mDNS."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

SECONDS = 2.0
"""How long is listened at most: who is there has answered by then."""


class AnnouncedService(NamedTuple):
    """One service at one of its addresses."""

    host: str
    port: int


async def services_announced(
    service: str, interfaces: Sequence[str] | None = None, seconds: float = SECONDS
) -> list[AnnouncedService]:
    """Who offers a service such as `_mqtt._tcp`, in these networks, else in all; nobody where there is no zeroconf."""
    try:
        from zeroconf import InterfaceChoice, ServiceStateChange
        from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf
    except ImportError:
        return []
    full = f"{service}.local."
    names: list[str] = []

    def heard(name: str, state_change: ServiceStateChange, **_: object) -> None:
        if state_change is ServiceStateChange.Added:
            names.append(name)

    found: list[AnnouncedService] = []
    with suppress(OSError):
        async with AsyncZeroconf(interfaces=list(interfaces) if interfaces else InterfaceChoice.All) as network:
            browser = AsyncServiceBrowser(network.zeroconf, full, handlers=[heard])
            with suppress(TimeoutError):
                async with asyncio.timeout(min(seconds, SECONDS)):
                    await asyncio.Event().wait()
            await browser.async_cancel()
            for name in names:
                about = AsyncServiceInfo(full, name)
                if await about.async_request(network.zeroconf, 1000) and about.port:
                    found += (AnnouncedService(host, about.port) for host in about.parsed_addresses())
    return found
