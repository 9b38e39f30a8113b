"""`relax run`: a scene in a home of real devices."""

import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated, cast

import typer

from orchestrator.cli import options
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.cli.arguments import PlannedStart
    from orchestrator.cli.caution_door import CautionDoor
    from orchestrator.cli.client.client import Client
    from orchestrator.cli.client.daemon_address import DaemonAddress
    from orchestrator.cli.follow.remote_session import RemoteSession
    from orchestrator.integrations.outgoing import Reply
    from orchestrator.units import Ms

Standalone = Annotated[bool, typer.Option("--standalone", help="Play it in this process, at the home's broker.")]
Detach = Annotated[bool, typer.Option("--detach", help="Leave as soon as the daemon has begun; do not follow.")]
StartMode = Annotated[
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
    language: options.LanguageName = None,
    mode: StartMode = None,
    speed: options.Speed = "1",
    hold: options.HoldTime = None,
    detach: Detach = False,
    standalone: Standalone = False,
    cautions: options.ShowCautions = False,
    as_json: options.EventsAsJson = False,
) -> int:
    """Play a scene at home.

    Asks the daemon to, and follows it; Ctrl-C stops following and nothing else. With --standalone this process plays.
    """
    from orchestrator.cli.arguments import own_home, parse_hold, parse_parameters, parse_rate, planned_start
    from orchestrator.cli.caution_door import CautionDoor

    if standalone:
        from orchestrator.cli.interrupts import run_session

        _refuse(
            "The daemon's options do not go with --standalone",
            **{"--detach": detach, "--mode": mode, "--broker": broker},
        )

        def prepared(choices: list[str]) -> "PlannedStart":
            return planned_start(
                scene, own_home(home), room=room, given=choices, language=language, speed=speed, at_night=None
            )

        planned = prepared(list(given or ()))
        lines: tuple[str, ...] = ()
        if not as_json:
            door = CautionDoor.at_home(planned, parse_parameters(given))
            shown = _at_the_door(door, again=cautions)
            if shown is None:
                return 0
            lines, changed = shown
            if changed:
                planned = prepared([*(given or ()), *(f"{name}={value}" for name, value in changed.items())])
        return run_session(_play(planned, parse_hold(hold, None), lines, as_json=as_json))
    import asyncio

    from orchestrator.cli.client.daemon_address import daemon_address

    _refuse("It goes with --standalone only", **{"--hold": hold})
    if "/" in scene or scene.endswith((".yaml", ".yml")):
        raise UsageError(
            f"The daemon plays scenes by their names, not {scene}.",
            "Put the file into the folder `scenes` beside the home file, or say --standalone.",
        )
    command = {
        "command": "start",
        "scene": scene,
        "parameters": parse_parameters(given),
        "language": language,
        "mode": mode,
        "rate": parse_rate(speed) / 1000,
        "trigger": "cli",
    }
    asked = {key: value for key, value in command.items() if value is not None}
    where = daemon_address(home, broker)
    return asyncio.run(_ask(where, room, asked, detach=detach, as_json=as_json, cautions=cautions))


def _refuse(why: str, **given: object) -> None:
    """Raises UsageError for an option that is given where it means nothing."""
    for option, value in given.items():
        if value:
            raise UsageError(f"{option} makes no sense here.", f"{why}.")


def _at_the_door(door: "CautionDoor", *, again: bool) -> "tuple[tuple[str, ...], dict[str, object]] | None":
    """The lines that are to be shown, and what is chosen otherwise because of an answer; None: it does not begin.

    Whoever sits at a terminal is asked, where the list is shown whole.
    """
    from orchestrator.cli.seen_cautions import SeenCautions
    from orchestrator.daemon.settings import read_settings

    shown = door.lines(SeenCautions(read_settings().state_dir), again=again)
    if not (shown.is_whole and shown.lines and sys.stdin.isatty() and sys.stdout.isatty()):
        return shown.lines, {}
    changed = door.asked(input, print)
    return None if changed is None else ((), changed)


async def _play(planned: "PlannedStart", hold: "Ms | None", cautions: "Sequence[str]", *, as_json: bool) -> int:
    """In this process. What the service has learnt of the devices holds here as well."""
    from orchestrator.cli.arguments import learnt_profiles
    from orchestrator.cli.follow.json_lines import EventLines
    from orchestrator.cli.follow.local_session import LocalSession
    from orchestrator.cli.follow.text_renderer import played_text
    from orchestrator.cli.play.key_bindings import KEYS, press
    from orchestrator.cli.play.keyboard import Keyboard
    from orchestrator.daemon.broker import address_of
    from orchestrator.daemon.daemon import Daemon
    from orchestrator.daemon.driver import SingleDriver, refuse_second, taken
    from orchestrator.daemon.gateways import gateways_of
    from orchestrator.daemon.settings import read_settings

    session = LocalSession(planned.start, planned.home)
    address, name = address_of(planned.home), planned.home.model.home
    driver = SingleDriver(name)
    await refuse_second(address, name, driver.claim)
    async with AsyncExitStack() as stack:
        stack.enter_context(session.signals())
        daemon = Daemon(
            planned.home,
            address,
            client_id=f"relax-{planned.start.room}-{driver.claim.driver[:8]}",
            subscriptions=driver.subscriptions(),
            on_event=session.record,
            on_sent=session.sent,
            on_message=driver.hear,
            on_connected=driver.connected,
            will=driver.released,
            gateways=gateways_of(planned.home),
        )
        driver.publish = daemon.publish
        daemon.conductor.stage.acquaint(learnt_profiles(read_settings().journal, planned.home))
        await stack.enter_async_context(daemon)
        await driver.settled()
        if driver.rival is not None:
            raise taken(name, address, driver.rival)
        if as_json:
            code = await session.play(daemon, EventLines(), hold)
        else:
            if sys.stdin.isatty() and sys.stdout.isatty():
                print(f"{KEYS}\n")
                stack.enter_context(Keyboard(lambda key: press(key, session)))
            text = played_text(planned.start, planned.home, session.elapsed, lambda: session.runner, cautions)
            code = await session.play(daemon, text, hold, text.sent)
        farewell = session.farewell()
    print(farewell, file=sys.stderr if as_json else sys.stdout)
    return code


async def _ask(
    where: "DaemonAddress",
    room: str | None,
    command: "Mapping[str, object]",
    *,
    detach: bool,
    as_json: bool,
    cautions: bool,
) -> int:
    """In the service: ask for it, and follow unless `detach`. Raises BrokerError, Refused, UsageError."""
    from orchestrator.cli.client.client import Client
    from orchestrator.cli.client.status_text import caution_door, the_room_to_start_in
    from orchestrator.cli.follow.remote_session import RemoteSession
    from orchestrator.cli.interrupts import on_interrupt

    async with Client(where) as client:
        place, scene = the_room_to_start_in(client, room), str(command["scene"])
        given = cast("Mapping[str, object]", command["parameters"])
        door = None if as_json else caution_door(client, scene, given, command.get("language"))
        if door is not None:
            shown = _at_the_door(door, again=cautions)
            if shown is None:
                return 0
            lines, changed = shown
            print("".join(f"{line}\n" for line in lines), end="", flush=True)
            command = {**command, "parameters": {**given, **changed}}
        with on_interrupt(client.leave):
            reply = await client.ask(place, command)
            if detach:
                await client.settle()
                _say_begun(client, place, reply, scene, as_json=as_json)
                return 0
            if reply.queued and not as_json:
                print(f"{scene} waits until {place} is free.", flush=True)
            return await _follow(RemoteSession(client, place, reply.session or "", scene), as_json=as_json)


async def _follow(session: "RemoteSession", *, as_json: bool) -> int:
    from orchestrator.cli.follow.json_lines import EventLines

    if as_json:
        return await session.follow(EventLines())
    if not sys.stdout.isatty():
        from orchestrator.cli.follow.text_renderer import followed_text

        return await session.follow(followed_text(session.client))
    from orchestrator.cli.follow.progress_bar import ProgressBar

    with ProgressBar(session.client, session.room) as bar:
        return await session.follow(bar)


def _say_begun(client: "Client", room: str, reply: "Reply", scene: str, *, as_json: bool) -> None:
    from orchestrator.cli.client.status_text import status_line
    from orchestrator.cli.json_output import print_json_line
    from orchestrator.daemon.clock import local_time

    if as_json:
        print_json_line({"room": room, "scene": scene, "session": reply.session, "queued": bool(reply.queued)})
    elif reply.queued:
        print(f"{room}: {scene} waits until the room is free.")
    else:
        print(status_line(room, client.states[room], local_time()))
