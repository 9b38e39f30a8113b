"""Satellites that announce themselves are found, with a server that makes sound of words: on loopback."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from orchestrator.cli.home.satellite_search import announced_satellites
from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.devices.discovery.survey import Survey
from orchestrator.home.additions import known_as
from orchestrator.home.library import read
from orchestrator.home.proposal import proposed, proposed_devices, refusal
from orchestrator.home.writing import home_text
from orchestrator.wyoming.connection import Place
from tests.wyoming.servers import SatelliteServer, Server, SpeechServer, listening

LOOPBACK = ["127.0.0.1"]


@asynccontextmanager
async def announcing(*servers: Server) -> AsyncIterator[None]:
    """Servers that are there, and say so by mDNS."""
    zeroconf = pytest.importorskip("zeroconf")
    asynchronous = pytest.importorskip("zeroconf.asyncio")
    async with listening(*servers), asynchronous.AsyncZeroconf(interfaces=LOOPBACK) as network:
        for number, server in enumerate(servers):
            about = zeroconf.ServiceInfo(
                "_wyoming._tcp.local.",
                f"relax-test-{number}._wyoming._tcp.local.",
                addresses=[socket.inet_aton("127.0.0.1")],
                port=server.port,
                server="wyoming.local.",
            )
            await network.async_register_service(about)
        yield


async def test_a_satellite_is_found_with_the_server_that_makes_sound_of_words_for_it() -> None:
    satellite, speech = SatelliteServer(), SpeechServer()
    async with announcing(satellite), listening(speech):
        (found,) = await announced_satellites(2.0, LOOPBACK, usual=[Place("127.0.0.1", speech.port)])
    at = {"host": "127.0.0.1", "port": speech.port}
    assert found.entry == {
        "kind": "voice",
        "dialect": "wyoming",
        "host": "127.0.0.1",
        "port": satellite.port,
        "tts": at,
    }
    assert (found.title, found.proposed, dict(found.unknown)) == ("bedroom", (Kind.VOICE,), {})
    assert refusal(found.entry) == ""
    assert not satellite.events, "it was asked nothing but what it is"
    home = f"home: flat\nformat: 1\nrooms: {{den: {{roles: {{}}}}}}\ndevices:\n  talker: {dict(found.entry)}\n"
    other = home.replace(str(satellite.port), "10700")
    assert known_as(found, read(home, "home.yaml")) == "talker"
    assert known_as(found, read(other, "home.yaml")) is None


async def test_without_a_server_a_satellite_plays_nothing_and_the_file_says_what_lacks() -> None:
    satellite = SatelliteServer()
    async with announcing(satellite):
        (found,) = await announced_satellites(2.0, LOOPBACK, usual=[])
    assert found.proposed == ()
    assert "text-to-speech" in found.unknown["tts"]
    assert refusal(found.entry) == ""


def test_what_is_found_beside_the_broker_is_found_as_well() -> None:
    survey = Survey("relax-probe-1")
    entry = {"kind": "voice", "dialect": "wyoming", "host": "192.168.1.20", "tts": {"host": "192.168.1.5"}}
    satellite = FoundDevice(("wyoming:192.168.1.20:10700",), entry, "Bedroom", ("mDNS",))
    survey.add([satellite, replace(satellite, entry={**entry, "tts": {"host": "\0"}})])
    assert survey.found() == (satellite,)


@pytest.mark.parametrize("is_fed", [True, False])
def test_a_satellite_that_was_found_is_written_so_that_the_file_loads(is_fed: bool) -> None:
    entry = {"kind": "voice", "dialect": "wyoming", "host": "192.168.1.20", "tts": {"host": "192.168.1.5"}}
    lacks = {} if is_fed else {"tts": "no text-to-speech server was found: write where yours is"}
    plays = (Kind.VOICE,) if is_fed else ()
    satellite = FoundDevice(("wyoming:1",), entry, "Bedroom", ("mDNS",), proposed=plays, unknown=lacks)
    proposal = proposed(proposed_devices([satellite]), "bedroom")
    text = home_text("flat", "en", {"host": "127.0.0.1"}, proposal)
    home = read(text, "home.yaml")
    assert home.devices["bedroom"].settings.model_dump(exclude_unset=True)["host"] == "192.168.1.20"
    assert ("NOT KNOWN" in text) is not is_fed
    cast = {role for room in home.model.rooms.values() for role in room.roles}
    assert cast == ({"voice"} if is_fed else set())


async def test_a_server_alone_is_no_voice() -> None:
    async with announcing(SpeechServer()):
        assert await announced_satellites(2.0, LOOPBACK, usual=[]) == []
