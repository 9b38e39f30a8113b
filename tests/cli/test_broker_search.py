"""A broker that announces itself is found: with the library for that, on loopback."""

import socket

import pytest

from orchestrator.cli.home.broker_search import announced_brokers
from orchestrator.mqtt.address import Address

LOOPBACK = ["127.0.0.1"]


async def test_a_broker_that_announces_itself_is_found() -> None:
    zeroconf = pytest.importorskip("zeroconf")
    asynchronous = pytest.importorskip("zeroconf.asyncio")
    about = zeroconf.ServiceInfo(
        "_mqtt._tcp.local.",
        "broker._mqtt._tcp.local.",
        addresses=[socket.inet_aton("127.0.0.1")],
        port=18899,
        server="broker.local.",
    )
    async with asynchronous.AsyncZeroconf(interfaces=LOOPBACK) as network:
        await network.async_register_service(about)
        assert await announced_brokers(LOOPBACK) == [Address("127.0.0.1", 18899)]
