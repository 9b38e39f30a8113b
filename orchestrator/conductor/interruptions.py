"""The interruptions that a session stands for: what breaks in on it, whether a person paused it, when it goes on.

| what happens | a session that plays | one that stands | one that lands |
| --- | --- | --- | --- |
| *pause* breaks in | stands, lit | stands for that as well; again: counts anew | nothing |
| *announce* breaks in | speaks | speaks | speaks |
| *abort* breaks in | ends | ends | ends |
| a person pauses | stands | stands until a person lets it go on | |
| the last one is over | | goes on, unless a person had paused it | |
| it goes on, or ends | | all are over | |

Pure: it says what is to be done, and its runner does it.
"""

from typing import TypeAlias

from orchestrator.commands import Abort, Resume
from orchestrator.conductor.announcement import announcement
from orchestrator.events.event import RoomEvent
from orchestrator.events.interruption import Interrupted, InterruptionOver
from orchestrator.events.words import Announced
from orchestrator.home.interruption import InterruptionModel, ResumeWhen
from orchestrator.scenes.planning.timeline import Say
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, VoiceTiming
from orchestrator.session.commands import Interrupt, Tell
from orchestrator.session.outputs import Announce
from orchestrator.session.state import Status
from orchestrator.units import Ms, Percent

Action: TypeAlias = Interrupt | Tell | Resume | Abort | Announce | RoomEvent
"""What is to be done, in order: tell the session something, say something past it, record that something happened."""


class Interruptions:
    """Of one session. Moments are real."""

    def __init__(self, session: str, language: str, timing: VoiceTiming = AS_PLANNED) -> None:
        self._session = session
        self._language = language
        self._timing = timing
        self._until: dict[str, Ms | None] = {}
        self._ends_with_signal: set[str] = set()
        self._is_persons = False

    @property
    def is_empty(self) -> bool:
        """True while it stands for none."""
        return not self._until

    @property
    def due(self) -> Ms | None:
        """When the next is over by itself."""
        return min((until for until in self._until.values() if until is not None), default=None)

    def interrupt(
        self, name: str, interruption: InterruptionModel, light: Percent, status: Status, now: Ms
    ) -> list[Action]:
        """The doorbell, the phone, an alarm: one breaks in on a session of this status.

        `light` is how bright a room is to be that stands for it, as a scene says it.
        """
        if status is Status.LANDING and interruption.do == "pause":
            return []
        if name in self._until:
            self._stand_for(name, interruption, now)
            return []
        actions: list[Action] = [Interrupted(name, interruption.do)]
        said = self._said(interruption)
        if interruption.do == "abort":
            actions.append(Abort())
            if said is not None:
                # A session that was aborted says nothing more: this is said past it.
                ident = f"{self._session}-{name}"
                actions.append(Announced(ident, None, said.text))
                how = (said.volume, said.rate, said.gap, said.beat)
                actions.append(Announce(now, ident, said.text, said.lasts, *how, language=said.language))
            return actions
        if interruption.do == "pause":
            self._is_persons = self._is_persons or (status is Status.PAUSED and self.is_empty)
            self._stand_for(name, interruption, now)
            actions.append(Interrupt(light))
        if said is not None:
            actions.append(Tell(said))
        return actions

    def _said(self, interruption: InterruptionModel) -> Say | None:
        """In the session's language where there are words in it, else in that of the words."""
        words = interruption.words(self._language)
        return announcement(words.text, words.language, timing=self._timing) if words is not None else None

    def _stand_for(self, name: str, interruption: InterruptionModel, now: Ms) -> None:
        goes_on = interruption.goes_on or ResumeWhen()
        self._until[name] = now + goes_on.after if goes_on.after is not None else None
        if goes_on.when_over:
            self._ends_with_signal.add(name)

    def paused(self) -> None:
        """A person has paused the session: where it stands, it stands for them as well."""
        self._is_persons = self._is_persons or not self.is_empty

    def signal_over(self, name: str) -> list[Action]:
        """The signal of one is off again."""
        return self._over([name]) if name in self._ends_with_signal else []

    def pass_due(self, now: Ms) -> list[Action]:
        """Those that are over by now."""
        return self._over([name for name, until in self._until.items() if until is not None and until <= now])

    def _over(self, names: list[str]) -> list[Action]:
        """The session goes on, unless it stands for something else as well."""
        for name in names:
            self._until.pop(name, None)
            self._ends_with_signal.discard(name)
        over: list[Action] = [InterruptionOver(name) for name in names]
        if names and self.is_empty:
            if not self._is_persons:
                over.append(Resume())
            self._is_persons = False
        return over

    def gone_on(self) -> list[Action]:
        """The session does not stand any more, whoever let it go on or ended it: all are over."""
        over: list[Action] = [InterruptionOver(name) for name in self._until]
        self._until.clear()
        self._ends_with_signal.clear()
        self._is_persons = False
        return over
