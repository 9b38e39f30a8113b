"""`relax demo`: a broker, a simulated home and the daemon in this process, and a picture of the room."""

import sys
from contextlib import AsyncExitStack
from enum import Enum, auto
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.cli.arguments import PlannedStart
    from orchestrator.cli.caution_door import CautionLines
    from orchestrator.cli.follow.local_session import LocalSession
    from orchestrator.daemon.standalone import House
    from orchestrator.simulator.faults import Faults
    from orchestrator.units import Ms

Messages = Annotated[bool, typer.Option("--messages", help="Each message that is sent, as one JSON object a line.")]


class _Output(Enum):
    """How a demo is shown."""

    PICTURE = auto()
    TEXT = auto()
    EVENTS = auto()
    MESSAGES = auto()


def demo(
    scene: options.SceneName = "foot-massage",
    *,
    room: options.Room = None,
    given: options.Given = None,
    home: options.SimulatedHomeFile = None,
    language: options.LanguageName = None,
    speed: options.Speed = "1",
    hold: options.HoldTime = None,
    fault: options.FaultTexts = None,
    port: options.Port = None,
    cautions: options.ShowCautions = False,
    as_json: options.EventsAsJson = False,
    messages: Messages = False,
) -> int:
    """Play a scene in a simulated room.

    Over MQTT, through a broker of its own, with a picture of the room. Needs no devices and no set-up.
    """
    from orchestrator.cli.arguments import USUAL_HOLD, parse_hold, parse_parameters, planned_start
    from orchestrator.cli.caution_door import CautionDoor
    from orchestrator.cli.interrupts import run_session
    from orchestrator.cli.seen_cautions import SeenCautions
    from orchestrator.daemon.settings import read_settings
    from orchestrator.simulator.faults import parse

    planned = planned_start(scene, home, room=room, given=given, language=language, speed=speed)
    is_watched = not (as_json or messages) and _is_terminal()
    has_person = is_watched and sys.stdin.isatty() and planned.start.rate == 1000
    patience = parse_hold(hold, None if has_person else USUAL_HOLD)
    how = (
        _Output.PICTURE if is_watched else _Output.MESSAGES if messages else _Output.EVENTS if as_json else _Output.TEXT
    )
    shown = None
    if how in (_Output.PICTURE, _Output.TEXT):
        door = CautionDoor.at_home(planned, parse_parameters(given))
        shown = door.lines(SeenCautions(read_settings().state_dir), again=cautions)
    return run_session(_play(planned, patience, parse(fault or ()), port, how, shown))


def _is_terminal() -> bool:
    """Whether there is something that a picture can be drawn on."""
    import os

    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


async def _play(
    planned: "PlannedStart",
    hold: "Ms | None",
    faults: "Mapping[str, Faults]",
    port: int | None,
    output: _Output,
    cautions: "CautionLines | None",
) -> int:
    from orchestrator.cli.follow.json_lines import EventLines, MessageLines
    from orchestrator.cli.follow.local_session import LocalSession
    from orchestrator.cli.follow.text_renderer import played_text
    from orchestrator.cli.play.unsimulated import unsimulated_line
    from orchestrator.daemon.standalone import house

    session = LocalSession(planned.start, planned.home, is_simulated=True)
    async with AsyncExitStack() as stack:
        stack.enter_context(session.signals())
        place = await stack.enter_async_context(
            house(planned.home, port=port, faults=faults, on_event=session.record, on_sent=session.sent)
        )
        room = planned.home.cast_in(planned.start.room)
        if line := unsimulated_line(place.devices.simulated, planned.home, room):
            print(line, file=sys.stderr, flush=True)
        match output:
            case _Output.PICTURE:
                code = await _watched(session, place, hold, cautions)
            case _Output.MESSAGES:
                lines = MessageLines()
                code = await session.play(place.daemon, lines, hold, lines.sent)
            case _Output.EVENTS:
                code = await session.play(place.daemon, EventLines(), hold)
            case _Output.TEXT:
                known = () if cautions is None else cautions.lines
                text = played_text(planned.start, planned.home, session.elapsed, lambda: session.runner, known)
                code = await session.play(place.daemon, text, hold, text.sent)
        farewell = session.farewell()
    print(farewell, file=sys.stderr if output in (_Output.MESSAGES, _Output.EVENTS) else sys.stdout)
    return code


async def _watched(session: "LocalSession", place: "House", hold: "Ms | None", cautions: "CautionLines | None") -> int:
    from orchestrator.cli.live_view.live_view import LiveView
    from orchestrator.cli.play.key_bindings import KEYS, press
    from orchestrator.cli.play.keyboard import Keyboard

    with LiveView(session, place, KEYS, lambda key: press(key, session)) as live, Keyboard(live.press):
        if cautions is not None and not await live.cautions(cautions):
            return 0
        code = await session.play(place.daemon, live, hold)
        if code == 0:
            await live.farewell()
        return code
