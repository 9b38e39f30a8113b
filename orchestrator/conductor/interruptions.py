"""What an interruption does to the session of a room, and what its end does: pause, announce, abort."""

from contextlib import suppress
from typing import TYPE_CHECKING

from orchestrator.conductor.aside import aside
from orchestrator.errors import Refused
from orchestrator.home.interruption import GoesOn, InterruptionModel
from orchestrator.scenes.timeline import Say
from orchestrator.session.commands import Interrupt, Resume, Tell
from orchestrator.session.state import Announce, Event, Status
from orchestrator.values import Attribute, Ms, Percent

if TYPE_CHECKING:
    from orchestrator.conductor.performance import Performance


def interrupt(performance: "Performance", name: str, interruption: InterruptionModel, now: Ms) -> None:
    """The doorbell, the phone, an alarm. A room that is being given back already is only aborted."""
    performance.advance(now)
    is_landing = performance.status is Status.LANDING
    if performance.is_over or (is_landing and interruption.do == "pause"):
        return
    if name in performance.breaks:
        performance.breaks.begin(name, interruption.goes_on or GoesOn(), now)
        return
    performance.note(Event.INTERRUPTED, now, name=name, do=interruption.do)
    language = performance.start.timeline.language
    text = interruption.words(language)
    said = aside(text, language) if text else None
    match interruption.do:
        case "abort":
            _abort(performance, name, said, now)
            return
        case "pause":
            _stand(performance, name, interruption, now)
    if said is not None:
        performance.handle(Tell(said), now)


def _stand(performance: "Performance", name: str, interruption: InterruptionModel, now: Ms) -> None:
    """Pause and light up. Where a person had paused before, they alone let it go on."""
    breaks = performance.breaks
    is_persons = breaks.is_persons or (performance.status is Status.PAUSED and not breaks)
    level = performance.measures.scene_value(Attribute.LEVEL, float(interruption.lit))
    assert isinstance(level, float)
    performance.handle(Interrupt(Percent(level)), now)
    breaks.begin(name, interruption.goes_on or GoesOn(), now)
    breaks.is_persons = is_persons


def _abort(performance: "Performance", name: str, said: Say | None, now: Ms) -> None:
    """At once, without the scene's words; what there is to say is said over it."""
    performance.abort(now)
    if said is not None:
        ident = f"{performance.start.name}-{name}"
        performance.note(Event.ANNOUNCED, now, id=ident, chapter=None, text=said.text)
        announce = Announce(now, ident, said.text, said.lasts, said.volume, said.rate, said.gap, said.beat)
        performance.say(announce, now)


def signal_over(performance: "Performance", name: str, now: Ms) -> None:
    """The signal of an interruption is off again."""
    performance.advance(now)
    if performance.breaks.signal_over(name):
        over(performance, [name], now)


def over(performance: "Performance", names: list[str], now: Ms) -> None:
    """What the session stood for is over: it goes on, unless it stands for something else as well."""
    for name in names:
        performance.note(Event.INTERRUPTION_OVER, now, name=name)
    if names and not performance.breaks and not performance.breaks.is_persons:
        with suppress(Refused):
            performance.handle(Resume(), now)


def notice_end(performance: "Performance", now: Ms) -> None:
    """Whoever lets the session go on, or ends it, ends what it stood for."""
    if performance.session is not None and performance.status is not Status.PAUSED and not performance.is_behind:
        for name in performance.breaks.clear():
            performance.note(Event.INTERRUPTION_OVER, now, name=name)
