"""`relax run`: a scene in a home of real devices."""

import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from orchestrator.cli.arguments import PlannedStart
    from orchestrator.values import Ms

Standalone = Annotated[bool, typer.Option("--standalone", help="Play it in this process, at the home's broker.")]
Detach = Annotated[bool, typer.Option("--detach", help="Leave as soon as the daemon has begun; do not follow.")]
Mode = Annotated[
    str | None,
    typer.Option("--mode", metavar="MODE", help="Where something is on: single (refused), restart, queued."),
]


def run(
    scene: options.SceneName,
    *,
    room: options.Room = None,
    given: options.Given = None,
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    language: options.Language = None,
    mode: Mode = None,
    speed: options.Speed = "1",
    hold: options.Hold = None,
    detach: Detach = False,
    standalone: Standalone = False,
    as_json: options.AsJson = False,
) -> int:
    """Play a scene at home.

    Asks the daemon to, and follows it; Ctrl-C stops following and nothing else. With --standalone this process plays.
    """
    from orchestrator.cli.arguments import choose, hold_of, own_home, parameters, rate_of

    if standalone:
        from orchestrator.cli.play.playing import played

        _refuse(
            "The daemon's options do not go with --standalone",
            **{"--detach": detach, "--mode": mode, "--broker": broker},
        )
        chosen = choose(scene, own_home(home), room=room, given=given, language=language, speed=speed, at_night=None)
        return played(_play(chosen, hold_of(hold, None), as_json=as_json))
    import asyncio

    from orchestrator.cli.play.starting import start
    from orchestrator.cli.steer.daemon_address import daemon_address

    _refuse("It goes with --standalone only", **{"--hold": hold})
    if "/" in scene or scene.endswith((".yaml", ".yml")):
        raise UsageError(
            f"The daemon plays scenes by their names, not {scene}.",
            "Put the file into the folder `scenes` beside the home file, or say --standalone.",
        )
    command = {
        "command": "start",
        "scene": scene,
        "parameters": parameters(given),
        "language": language,
        "mode": mode,
        "rate": rate_of(speed) / 1000,
        "trigger": "cli",
    }
    asked = {key: value for key, value in command.items() if value is not None}
    return asyncio.run(start(daemon_address(home, broker), room, asked, detach=detach, as_json=as_json))


def _refuse(why: str, **given: object) -> None:
    """Raises UsageError for an option that is given where it means nothing."""
    for option, value in given.items():
        if value:
            raise UsageError(f"{option} makes no sense here.", f"{why}.")


async def _play(chosen: "PlannedStart", hold: "Ms | None", *, as_json: bool) -> int:
    from orchestrator.cli.play.key_bindings import KEYS, press
    from orchestrator.cli.play.keys import Keys
    from orchestrator.cli.play.message_lines import MessageLines
    from orchestrator.cli.play.playing import Playing
    from orchestrator.cli.play.text_log import TextLog
    from orchestrator.daemon.broker import address_of
    from orchestrator.daemon.daemon import Daemon

    playing = Playing(chosen.start, chosen.home)
    face = (
        MessageLines(chosen.start, sys.stdout)
        if as_json
        else TextLog(chosen.start, chosen.home, lambda: playing.runner, sys.stdout)
    )
    async with AsyncExitStack() as stack:
        stack.enter_context(playing.signals())
        daemon = Daemon(
            chosen.home,
            address_of(chosen.home),
            client_id=f"relax-{chosen.start.room}",
            on_event=playing.record,
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
