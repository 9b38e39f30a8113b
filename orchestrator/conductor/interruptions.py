"""What an interruption does to the session of a room, and what its end does: pause, announce, abort."""

from contextlib import suppress
from typing import TYPE_CHECKING

from orchestrator.conductor.announcement import announcement
from orchestrator.errors import Refused
from orchestrator.events.interruption import Interrupted, InterruptionOver
from orchestrator.events.words import Announced
from orchestrator.home.interruption import GoesOn, InterruptionModel
from orchestrator.scenes.planning.timeline import Say
from orchestrator.session.commands import Interrupt, Resume, Tell
from orchestrator.session.outputs import Announce
from orchestrator.session.state import Status
from orchestrator.values import Attribute, Ms, Percent

if TYPE_CHECKING:
    from orchestrator.conductor.session_runner import SessionRunner


def interrupt(runner: "SessionRunner", name: str, interruption: InterruptionModel, now: Ms) -> None:
    """The doorbell, the phone, an alarm. A room that is being given back already is only aborted."""
    runner.advance(now)
    is_landing = runner.status is Status.LANDING
    if runner.is_over or (is_landing and interruption.do == "pause"):
        return
    if name in runner.active_interruptions:
        runner.active_interruptions.begin(name, interruption.goes_on or GoesOn(), now)
        return
    runner.record(Interrupted(name, interruption.do), now)
    language = runner.start.timeline.language
    text = interruption.words(language)
    said = announcement(text, language) if text else None
    match interruption.do:
        case "abort":
            _abort(runner, name, said, now)
            return
        case "pause":
            _stand(runner, name, interruption, now)
    if said is not None:
        runner.handle(Tell(said), now)


def _stand(runner: "SessionRunner", name: str, interruption: InterruptionModel, now: Ms) -> None:
    """Pause and light up. Where a person had paused before, they alone let it go on."""
    active_interruptions = runner.active_interruptions
    is_persons = active_interruptions.is_persons or (runner.status is Status.PAUSED and not active_interruptions)
    level = runner.scale.scene_value(Attribute.LEVEL, float(interruption.lit))
    assert isinstance(level, float)
    runner.handle(Interrupt(Percent(level)), now)
    active_interruptions.begin(name, interruption.goes_on or GoesOn(), now)
    active_interruptions.is_persons = is_persons


def _abort(runner: "SessionRunner", name: str, said: Say | None, now: Ms) -> None:
    """At once, without the scene's words; what there is to say is said over it."""
    runner.abort(now)
    if said is not None:
        ident = f"{runner.start.name}-{name}"
        runner.record(Announced(ident, None, said.text), now)
        announce = Announce(now, ident, said.text, said.lasts, said.volume, said.rate, said.gap, said.beat)
        runner.say(announce, now)


def signal_over(runner: "SessionRunner", name: str, now: Ms) -> None:
    """The signal of an interruption is off again."""
    runner.advance(now)
    if runner.active_interruptions.signal_over(name):
        over(runner, [name], now)


def over(runner: "SessionRunner", names: list[str], now: Ms) -> None:
    """What the session stood for is over: it goes on, unless it stands for something else as well."""
    for name in names:
        runner.record(InterruptionOver(name), now)
    if names and not runner.active_interruptions and not runner.active_interruptions.is_persons:
        with suppress(Refused):
            runner.handle(Resume(), now)


def notice_end(runner: "SessionRunner", now: Ms) -> None:
    """Whoever lets the session go on, or ends it, ends what it stood for."""
    if runner.session is not None and runner.status is not Status.PAUSED and not runner.is_behind:
        for name in runner.active_interruptions.clear():
            runner.record(InterruptionOver(name), now)
