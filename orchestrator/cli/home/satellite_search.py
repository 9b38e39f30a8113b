"""Wyoming satellites, which no broker knows: they announce themselves by mDNS, and are asked what they are.

A satellite has no voice of its own, so a text-to-speech server is looked for as well: among those that announce
themselves, and where Piper usually is. Only `describe` is sent, which changes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from orchestrator.cli.home.mdns import services_announced
from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects.wyoming import PIPER, SATELLITE
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.errors import WyomingError
from orchestrator.wyoming.connection import Place, described
from orchestrator.wyoming.synthesis import voices

SERVICE = "_wyoming._tcp"
_ANSWERS_WITHIN = 2.0
_USUAL = (Place("127.0.0.1", PIPER), Place("homeassistant.local", PIPER))
_NO_SERVER = "no text-to-speech server was found: write where yours is"


async def announced_satellites(
    seconds: float, interfaces: Sequence[str] | None = None, usual: Sequence[Place] = _USUAL
) -> list[FoundDevice]:
    """The satellites in these networks, else in all but this machine's own, where tests and not satellites are.

    `usual`: where a text-to-speech server may be as well.
    """
    heard = dict.fromkeys(Place(*each) for each in await services_announced(SERVICE, interfaces, seconds))
    places = [place for place in heard if interfaces or not ip_address(place.host).is_loopback]
    told = {place: about for place, about in await _told(places) if about}
    satellites = {place: _part(about, "satellite") for place, about in told.items() if _part(about, "satellite")}
    if not satellites:
        return []
    beside = [Place(place.host, PIPER) for place in satellites]
    asked = [*told.items(), *await _told([place for place in (*beside, *usual) if place not in told])]
    server = next((place for place, about in asked if dict(voices(about))), None)
    return [_found(place, about, server) for place, about in satellites.items()]


async def _told(places: Sequence[Place]) -> list[tuple[Place, Mapping[str, Any]]]:
    """What each says that it is; nothing where nobody answers."""
    return list(zip(places, await asyncio.gather(*(_about(place) for place in places)), strict=True))


async def _about(place: Place) -> Mapping[str, Any]:
    try:
        return (await described(place, _ANSWERS_WITHIN)).data
    except WyomingError:
        return {}


def _part(about: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = about.get(key)
    return value if isinstance(value, dict) else {}


def _found(place: Place, about: Mapping[str, Any], server: Place | None) -> FoundDevice:
    name, area = about.get("name"), about.get("area")
    at = server or Place(place.host, PIPER)
    entry: dict[str, Any] = {"kind": "voice", "dialect": "wyoming", "host": place.host}
    entry |= {"port": place.port} if place.port != SATELLITE else {}
    entry["tts"] = {"host": at.host, **({"port": at.port} if at.port != PIPER else {})}
    return FoundDevice(
        (f"wyoming:{place}",),
        entry,
        name if isinstance(name, str) and name else "Satellite",
        (f"{SERVICE} by mDNS",),
        area=area if isinstance(area, str) and area else None,
        model="Wyoming satellite",
        proposed=(Kind.VOICE,) if server is not None else (),
        unknown={} if server is not None else {"tts": _NO_SERVER},
        remarks=("one that Home Assistant has hears nobody else: docs/home.md, wyoming",),
    )
