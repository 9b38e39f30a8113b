"""`relax broker`: an MQTT broker to try things out with, until Ctrl-C."""

from typing import Annotated

import typer

from orchestrator.cli import options

Host = Annotated[str, typer.Option("--host", metavar="HOST", help="The address to listen at.")]


def broker(port: options.Port = 1883, host: Host = "127.0.0.1") -> None:
    """Run an MQTT broker.

    Until Ctrl-C. Anybody who reaches it may use it; it keeps nothing.
    """
    from orchestrator.cli.interrupts import for_ever, run_until_interrupted
    from orchestrator.mqtt.broker import broker as listening

    async def listen() -> None:
        async with listening(port, host) as address:
            print(f"A broker listens at {address}. Ctrl-C ends it.", flush=True)
            await for_ever()

    run_until_interrupted(listen())
