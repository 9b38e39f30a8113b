"""`relax simulate`: the session on virtual time, without a network."""

import sys
from typing import TYPE_CHECKING

from orchestrator.cli import options

if TYPE_CHECKING:
    from orchestrator.conductor.session_runner import SessionRunner


def simulate(
    scene: options.SceneName,
    *,
    room: options.Room = None,
    given: options.Given = None,
    home: options.SimulatedHomeFile = None,
    language: options.Language = None,
    speed: options.Speed = "1",
    hold: options.Hold = None,
    fault: options.FaultTexts = None,
    as_json: options.AsJson = False,
) -> None:
    """Play a scene on virtual time.

    Says all that happens in a simulated home, at once. Touches no network.
    """
    from orchestrator.cli.arguments import choose, hold_of
    from orchestrator.cli.play.message_lines import MessageLines
    from orchestrator.cli.play.text_log import TextLog
    from orchestrator.cli.play.unsimulated import unsimulated_line
    from orchestrator.conductor.rehearsal import Rehearsal, Sent
    from orchestrator.simulator.faults import parse

    patience, faults = hold_of(hold), parse(fault or ())
    chosen = choose(scene, home, room=room, given=given, language=language, speed=speed)
    rehearsal = Rehearsal(chosen.home, chosen.start, hold=patience, faults=faults)

    def looking() -> "SessionRunner | None":
        return rehearsal.conductor.runner(chosen.start.room)

    face = (
        MessageLines(chosen.start, sys.stdout) if as_json else TextLog(chosen.start, chosen.home, looking, sys.stdout)
    )
    if line := unsimulated_line(rehearsal.simulated, chosen.home, chosen.home.cast_in(chosen.start.room)):
        face.told(line)
    for what in rehearsal.play():
        if isinstance(what, Sent):
            face.sent(what.at, what.message)
        else:
            face.happened(what.at, what)
    face.ended(rehearsal.now)
