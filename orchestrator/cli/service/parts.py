"""`relax broker` and `relax simulator`: parts of a house to try things out with. Both run until Ctrl-C."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

Host = Annotated[str, typer.Option("--host", metavar="HOST", help="The address to listen at.")]
OwnHome = Annotated[
    Path | None, typer.Option("--home", metavar="FILE", help="The home file; else RELAX_HOME, else ./home.yaml.")
]


def broker(port: options.Port = 1883, host: Host = "127.0.0.1") -> None:
    """Run an MQTT broker.

    Until Ctrl-C. Anybody who reaches it may use it; it keeps nothing.
    """
    from orchestrator.mqtt.broker import broker as listening

    async def listen() -> None:
        async with listening(port, host) as address:
            print(f"A broker listens at {address}. Ctrl-C ends it.", flush=True)
            await _for_ever()

    _until_interrupted(listen())


def simulator(home: OwnHome = None, fault: options.FaultTexts = None) -> None:
    """Simulate the devices of a home.

    At the home's broker, until Ctrl-C.
    """
    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.cli.play.unsimulated import unsimulated_line
    from orchestrator.daemon.broker import address_of
    from orchestrator.daemon.daemon import FIRST_CONNECT
    from orchestrator.simulator.faults import parse
    from orchestrator.simulator.serve import SimulatorService

    place = home_at(own_home(home))
    service_at, faults = address_of(place), parse(fault or ())

    async def simulate() -> None:
        async with SimulatorService(place, service_at, faults) as service:
            await service.first(FIRST_CONNECT)
            there = len(place.devices) - len(service.simulated.unsimulated)
            print(f"{there} devices of {place.model.home} are at {service_at}. Ctrl-C ends it.", flush=True)
            if line := unsimulated_line(service.simulated, place):
                print(line, flush=True)
            await _for_ever()

    _until_interrupted(simulate())


async def _for_ever() -> None:
    import asyncio

    await asyncio.get_running_loop().create_future()


def _until_interrupted(coroutine: "Coroutine[Any, Any, None]") -> None:
    """Run until somebody wants it to end, by Ctrl-C or by SIGTERM; that is no failure."""
    import asyncio
    import signal
    from contextlib import suppress

    # A shell starts what runs in the background deaf to SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt):
        asyncio.run(coroutine)
