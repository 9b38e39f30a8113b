"""`relax run`: a scene in a home of real devices."""

import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.errors import BrokerUnreachable

if TYPE_CHECKING:
    from orchestrator.cli.chosen import Chosen
    from orchestrator.home.model import HomeModel
    from orchestrator.mqtt.address import Address
    from orchestrator.values import Ms

Standalone = Annotated[bool, typer.Option("--standalone", help="Play it in this process, at the home's broker.")]


def run(
    scene: options.SceneName,
    *,
    room: options.Room = None,
    given: options.Given = None,
    home: options.HomeFile = None,
    language: options.Language = None,
    speed: options.Speed = "1",
    hold: options.Hold = None,
    standalone: Standalone = False,
    as_json: options.AsJson = False,
) -> int:
    """Play a scene at home.

    The home file is --home, else RELAX_HOME, else ./home.yaml.
    """
    from orchestrator.cli.chosen import choose, hold_of, own_home
    from orchestrator.cli.playing import played

    if not standalone:
        raise BrokerUnreachable("This version has no daemon to ask.", "Say --standalone: then it plays right here.")
    chosen = choose(scene, own_home(home), room=room, given=given, language=language, speed=speed, at_night=None)
    return played(_play(chosen, hold_of(hold, None), as_json=as_json))


async def _play(chosen: "Chosen", hold: "Ms | None", *, as_json: bool) -> int:
    from orchestrator.cli.bindings import KEYS, press
    from orchestrator.cli.keys import Keys
    from orchestrator.cli.lines import JsonLines
    from orchestrator.cli.log import Log
    from orchestrator.cli.playing import Playing
    from orchestrator.daemon.daemon import Daemon

    playing = Playing(chosen.start, chosen.home)
    face = (
        JsonLines(chosen.start, sys.stdout)
        if as_json
        else Log(chosen.start, chosen.home, lambda: playing.performance, sys.stdout)
    )
    async with AsyncExitStack() as stack:
        stack.enter_context(playing.signals())
        daemon = Daemon(
            chosen.home,
            address_of(chosen.home.model, chosen.home.source),
            client_id=f"relax-{chosen.start.room}",
            on_note=playing.note,
            on_sent=playing.sent,
        )
        await stack.enter_async_context(daemon)
        if not as_json and sys.stdin.isatty() and sys.stdout.isatty():
            print(f"{KEYS}\n")
            stack.enter_context(Keys(lambda key: press(key, playing)))
        code = await playing.play(daemon, face, hold)
        farewell = playing.farewell()
    print(farewell, file=sys.stderr if as_json else sys.stdout)
    return code


def address_of(home: "HomeModel", source: str) -> "Address":
    """The home's broker; certificate files lie beside the home file."""
    from pathlib import Path

    from orchestrator.home.model import TlsModel
    from orchestrator.mqtt.address import Address, Tls

    broker, tls = home.broker, None
    if isinstance(broker.tls, TlsModel):
        files = (broker.tls.ca, broker.tls.certificate, broker.tls.key)
        ca, certificate, key = (Path(source).parent / file if file is not None else None for file in files)
        tls = Tls(ca, certificate, key, insecure=broker.tls.insecure)
    elif broker.tls:
        tls = Tls()
    return Address(broker.host, broker.port, broker.username, broker.password, tls)
