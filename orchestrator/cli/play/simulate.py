"""`relax simulate`: the session on virtual time, without a network."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from orchestrator.cli.arguments import PlannedStart
    from orchestrator.cli.follow.recording_lines import RecordingLines
    from orchestrator.cli.play.outside_devices import OutsideDevices
    from orchestrator.conductor.rehearsal import Commanded, Done, Rehearsal, Rehearsed
    from orchestrator.home.library import Home
    from orchestrator.units import Ms

Deeds = Annotated[
    list[str] | None,
    typer.Option(
        "--do",
        metavar="TIME=WHAT",
        help="What a person does, and when: 3:20=stop, '3:20=hand lamp 40%', 3:20=restart. May be repeated.",
    ),
]
JournalFolder = Annotated[
    Path | None,
    typer.Option("--journal", metavar="DIR", help="Keep the journal of this simulation there, in a folder of its own."),
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
    journal: JournalFolder = None,
    state_dir: options.StateDir = None,
) -> None:
    """Play a scene on virtual time.

    Says all that happens in a simulated home, at once. Touches no network. A voice takes as long as the journal of
    --state-dir has learnt.
    """
    from orchestrator.cli.arguments import learnt_timings, parse_hold, parse_parameters, planned_start
    from orchestrator.conductor.deeds import Restart
    from orchestrator.conductor.preparation import declared
    from orchestrator.conductor.rehearsal import Rehearsal
    from orchestrator.simulator.faults import parse

    patience, faults = parse_hold(hold), parse(fault or ())
    devices = _outside_devices() if outside else None
    timings = learnt_timings(state_dir) if state_dir is not None else declared
    planned = planned_start(
        scene, home, room=room, given=given, language=language, speed=speed, at_night=night, timings=timings
    )
    commands, deeds = _timed(do, planned.home) if do else ([], [])
    with ExitStack() as stack:
        memory = None
        if journal is not None or any(isinstance(each.deed, Restart) for each in deeds):
            from orchestrator.daemon.rehearsal_journal import RehearsalJournal

            given_values = parse_parameters(given)
            memory = stack.enter_context(
                RehearsalJournal(
                    _journal_file(journal, stack),
                    planned.home,
                    planned.scene,
                    planned.start,
                    given_values,
                    timings=timings,
                )
            )
        rehearsal = Rehearsal(
            planned.home,
            planned.start,
            hold=patience,
            faults=faults,
            commands=commands,
            devices=devices,
            deeds=deeds,
            memory=memory,
        )
        _play(planned, rehearsal, as_json=as_json, is_recorded=heard or outside)


def _journal_file(folder: Path | None, stack: ExitStack) -> Path:
    """In a folder of its own, or one that goes with the stack. Raises UsageError for one that has a journal."""
    from tempfile import TemporaryDirectory

    from orchestrator.daemon.settings import JOURNAL
    from orchestrator.errors import UsageError

    place = folder or Path(stack.enter_context(TemporaryDirectory(prefix="relax-simulate-")))
    if (place / JOURNAL).exists():
        raise UsageError(
            f"There is a journal in {place} already.", "A simulation keeps its own: name a folder that is new."
        )
    place.mkdir(parents=True, exist_ok=True)
    return place / JOURNAL


def _timed(texts: list[str], home: "Home") -> "tuple[list[Commanded], list[Done]]":
    from orchestrator.cli.play.timed_deeds import timed

    return timed(texts, home)


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
    from orchestrator.conductor.rehearsal import Commanded, Done, Heard, Sent
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
        if isinstance(what, Heard | Commanded | Done):
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
    from orchestrator.conductor.rehearsal import Commanded, Done, Heard

    recording.stands(what.at)
    if isinstance(what, Heard):
        recording.heard(what.at, what.message)
    elif isinstance(what, Commanded):
        recording.commanded(what)
    elif isinstance(what, Done):
        recording.done(what)
