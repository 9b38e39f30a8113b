"""`relax simulate`: the session on virtual time, without a network."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from orchestrator.cli.arguments import PlannedStart
    from orchestrator.cli.follow.recording_lines import RecordingLines
    from orchestrator.cli.play.outside_devices import OutsideDevices
    from orchestrator.conductor.rehearsal import Commanded, Rehearsal, Rehearsed
    from orchestrator.units import Ms

Deeds = Annotated[
    list[str] | None,
    typer.Option(
        "--do", metavar="TIME=COMMAND", help="What a person tells the room, and when: 3:20=stop. May be repeated."
    ),
]
IsHeard = Annotated[
    bool, typer.Option("--heard", help="With --json: what devices, the person and our own interface say, too.")
]
IsOutside = Annotated[
    bool,
    typer.Option(
        "--outside", help="With --heard, and devices are played by whoever reads: a line of JSON answers each line."
    ),
]


def simulate(
    scene: options.SceneName,
    *,
    room: options.Room = None,
    given: options.Given = None,
    home: options.SimulatedHomeFile = None,
    language: options.LanguageName = None,
    speed: options.Speed = "1",
    hold: options.HoldTime = None,
    fault: options.FaultTexts = None,
    night: options.AtNight = False,
    do: Deeds = None,
    as_json: options.MessagesAsJson = False,
    heard: IsHeard = False,
    outside: IsOutside = False,
) -> None:
    """Play a scene on virtual time.

    Says all that happens in a simulated home, at once. Touches no network.
    """
    from orchestrator.cli.arguments import parse_hold, planned_start
    from orchestrator.conductor.rehearsal import Rehearsal
    from orchestrator.simulator.faults import parse

    patience, faults, commands = parse_hold(hold), parse(fault or ()), _commands(do) if do else []
    devices = _outside_devices() if outside else None
    planned = planned_start(scene, home, room=room, given=given, language=language, speed=speed, at_night=night)
    rehearsal = Rehearsal(planned.home, planned.start, hold=patience, faults=faults, commands=commands, devices=devices)
    _play(planned, rehearsal, as_json=as_json, is_recorded=heard or outside)


def _commands(texts: list[str]) -> "list[Commanded]":
    from orchestrator.cli.play.timed_commands import commands_at

    return commands_at(texts)


def _outside_devices() -> "OutsideDevices":
    import sys

    from orchestrator.cli.play.outside_devices import OutsideDevices

    return OutsideDevices(sys.stdin.readline)


def _recording(planned: "PlannedStart", rehearsal: "Rehearsal", wall: "Callable[[Ms], datetime]") -> "RecordingLines":
    from orchestrator.cli.follow.recording_lines import RecordingLines

    room = planned.start.room
    return RecordingLines(room, lambda: rehearsal.conductor.runner(room), wall)


def _play(planned: "PlannedStart", rehearsal: "Rehearsal", *, as_json: bool, is_recorded: bool) -> None:
    """Virtual time begins with the epoch: it has no day of its own, and nobody is shown one."""
    from datetime import UTC, datetime, timedelta

    from orchestrator.cli.follow.json_lines import MessageLines
    from orchestrator.cli.follow.renderer import FollowedEvent
    from orchestrator.cli.follow.session_summary import SessionSummary
    from orchestrator.cli.follow.text_renderer import played_text
    from orchestrator.cli.play.unsimulated import unsimulated_line
    from orchestrator.conductor.rehearsal import Commanded, Heard, Sent
    from orchestrator.units import SECOND, Ms

    start = planned.start
    epoch = datetime.fromtimestamp(0, UTC)
    summary = SessionSummary(start.timeline.scene, start.room, start.name)

    def wall(moment: Ms) -> datetime:
        return epoch + timedelta(milliseconds=moment)

    recording = _recording(planned, rehearsal, wall) if is_recorded else None
    renderer = (
        recording or MessageLines()
        if as_json or is_recorded
        else played_text(start, planned.home, lambda: rehearsal.now, lambda: rehearsal.conductor.runner(start.room))
    )
    if line := unsimulated_line(rehearsal.simulated, planned.home, planned.home.cast_in(start.room)):
        renderer.told(line)
    for what in rehearsal.play():
        if recording is not None:
            _record(recording, what)
        if isinstance(what, Sent):
            renderer.sent(what.at, what.message)
            continue
        if isinstance(what, Heard | Commanded):
            if isinstance(what, Commanded) and what.refused is not None:
                renderer.told(f"{what.refused}")
            continue
        event = FollowedEvent.played(what, wall(what.at))
        if event.concerns(start.room, start.name):
            summary.hear(event.event)
            renderer.happened(event)
    summary.seconds = rehearsal.now / SECOND
    renderer.ended(summary)


def _record(recording: "RecordingLines", what: "Rehearsed") -> None:
    """What a listener at the broker hears besides our messages and events."""
    from orchestrator.conductor.rehearsal import Commanded, Heard

    recording.stands(what.at)
    if isinstance(what, Heard):
        recording.heard(what.at, what.message)
    elif isinstance(what, Commanded):
        recording.commanded(what)
