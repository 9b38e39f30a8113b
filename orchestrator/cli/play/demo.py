"""`relax demo`: a broker, a simulated home and the daemon in this process, and a picture of the room."""

import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from orchestrator.cli import options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.cli.arguments import PlannedStart
    from orchestrator.cli.play.playing import Playing
    from orchestrator.daemon.standalone import House
    from orchestrator.simulator.faults import Faults
    from orchestrator.values import Ms


def demo(
    scene: options.SceneName = "foot-massage",
    *,
    room: options.Room = None,
    given: options.Given = None,
    home: options.SimulatedHomeFile = None,
    language: options.Language = None,
    speed: options.Speed = "1",
    hold: options.Hold = None,
    fault: options.FaultTexts = None,
    port: options.Port = None,
    as_json: options.AsJson = False,
) -> int:
    """Play a scene in a simulated room.

    Over MQTT, through a broker of its own, with a picture of the room. Needs no devices and no set-up.
    """
    from orchestrator.cli.arguments import USUAL_HOLD, choose, hold_of
    from orchestrator.cli.play.playing import played
    from orchestrator.simulator.faults import parse

    chosen = choose(scene, home, room=room, given=given, language=language, speed=speed)
    is_watched = not as_json and _is_terminal()
    has_person = is_watched and sys.stdin.isatty() and chosen.start.rate == 1000
    patience = hold_of(hold, None if has_person else USUAL_HOLD)
    return played(_play(chosen, patience, parse(fault or ()), port, as_json=as_json, is_watched=is_watched))


def _is_terminal() -> bool:
    """Whether there is something that a picture can be drawn on."""
    import os

    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


async def _play(
    chosen: "PlannedStart",
    hold: "Ms | None",
    faults: "Mapping[str, Faults]",
    port: int | None,
    *,
    as_json: bool,
    is_watched: bool,
) -> int:
    from orchestrator.cli.play.message_lines import MessageLines
    from orchestrator.cli.play.playing import Playing
    from orchestrator.cli.play.text_log import TextLog
    from orchestrator.cli.play.unsimulated import unsimulated_line
    from orchestrator.daemon.standalone import house

    playing = Playing(chosen.start, chosen.home)
    async with AsyncExitStack() as stack:
        stack.enter_context(playing.signals())
        place = await stack.enter_async_context(
            house(chosen.home, port=port, faults=faults, on_note=playing.note, on_sent=playing.sent)
        )
        if line := unsimulated_line(place.devices.simulated, chosen.home, chosen.home.cast_in(chosen.start.room)):
            print(line, file=sys.stderr, flush=True)
        if is_watched:
            code = await _watched(playing, place, hold)
        elif as_json:
            code = await playing.play(place.daemon, MessageLines(chosen.start, sys.stdout), hold)
        else:
            log = TextLog(chosen.start, chosen.home, lambda: playing.runner, sys.stdout)
            code = await playing.play(place.daemon, log, hold)
        farewell = playing.farewell()
    print(farewell, file=sys.stderr if as_json else sys.stdout)
    return code


async def _watched(playing: "Playing", place: "House", hold: "Ms | None") -> int:
    from orchestrator.cli.play.keys import Keys
    from orchestrator.cli.play.live import Live

    with Live(playing, place) as live, Keys(live.press):
        if not await live.cautions():
            return 0
        code = await playing.play(place.daemon, live, hold)
        if code == 0:
            await live.farewell()
        return code
