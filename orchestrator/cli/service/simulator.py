"""`relax simulator`: the devices of a home, simulated, until Ctrl-C."""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli import options

OwnHome = Annotated[
    Path | None, typer.Option("--home", metavar="FILE", help="The home file; else RELAX_HOME, else ./home.yaml.")
]


def simulator(home: OwnHome = None, fault: options.FaultTexts = None) -> None:
    """Simulate the devices of a home.

    At the home's broker, until Ctrl-C.
    """
    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.cli.interrupts import for_ever, run_until_interrupted
    from orchestrator.cli.play.unsimulated import unsimulated_line
    from orchestrator.daemon.broker import address_of
    from orchestrator.mqtt.connection import FIRST_CONNECT
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
            await for_ever()

    run_until_interrupted(simulate())
