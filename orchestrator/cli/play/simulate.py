"""`relax simulate`: the session on virtual time, without a network."""

from typing import TYPE_CHECKING

from orchestrator.cli import options

if TYPE_CHECKING:
    from orchestrator.cli.arguments import PlannedStart
    from orchestrator.conductor.rehearsal import Rehearsal


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
    as_json: options.MessagesAsJson = False,
) -> None:
    """Play a scene on virtual time.

    Says all that happens in a simulated home, at once. Touches no network.
    """
    from orchestrator.cli.arguments import parse_hold, planned_start
    from orchestrator.conductor.rehearsal import Rehearsal
    from orchestrator.simulator.faults import parse

    patience, faults = parse_hold(hold), parse(fault or ())
    planned = planned_start(scene, home, room=room, given=given, language=language, speed=speed, at_night=night)
    _play(planned, Rehearsal(planned.home, planned.start, hold=patience, faults=faults), as_json=as_json)


def _play(planned: "PlannedStart", rehearsal: "Rehearsal", *, as_json: bool) -> None:
    """Virtual time begins with the epoch: it has no day of its own, and nobody is shown one."""
    from datetime import UTC, datetime, timedelta

    from orchestrator.cli.follow.json_lines import MessageLines
    from orchestrator.cli.follow.renderer import FollowedEvent
    from orchestrator.cli.follow.session_summary import SessionSummary
    from orchestrator.cli.follow.text_renderer import played_text
    from orchestrator.cli.play.unsimulated import unsimulated_line
    from orchestrator.conductor.rehearsal import Sent
    from orchestrator.units import SECOND

    start = planned.start
    epoch = datetime.fromtimestamp(0, UTC)
    summary = SessionSummary(start.timeline.scene, start.room, start.name)
    renderer = (
        MessageLines()
        if as_json
        else played_text(start, planned.home, lambda: rehearsal.now, lambda: rehearsal.conductor.runner(start.room))
    )
    if line := unsimulated_line(rehearsal.simulated, planned.home, planned.home.cast_in(start.room)):
        renderer.told(line)
    for what in rehearsal.play():
        if isinstance(what, Sent):
            renderer.sent(what.at, what.message)
            continue
        event = FollowedEvent.played(what, epoch + timedelta(milliseconds=what.at))
        if event.concerns(start.room, start.name):
            summary.hear(event.event)
            renderer.happened(event)
    summary.seconds = rehearsal.now / SECOND
    renderer.ended(summary)
