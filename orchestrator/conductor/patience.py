"""How long devices are waited for that are asked how they are, when a session begins (rule 15)."""

from orchestrator.stage.questions import ANSWER
from orchestrator.stage.stage import Stage
from orchestrator.units import SECOND, Ms

AT_MOST: Ms = 5 * SECOND


class Patience:
    """Of one home. `round_trip`: what the broker takes to bring a message of ours back to us."""

    def __init__(self, stage: Stage) -> None:
        self.round_trip: Ms = 0
        self._stage = stage
        self._answered: set[str] = set()
        self._waited: set[str] = set()

    @property
    def of_all(self) -> Ms:
        """How long a session waits for its devices before it begins."""
        return min(ANSWER + self.round_trip, AT_MOST)

    def is_for(self, device: str, started: Ms, now: Ms) -> bool:
        """Whether a device is waited for beyond that: it can be asked, and has neither answered yet nor failed to.

        So is one whose bridge was too busy for it to be asked all in time.
        """
        staged = self._stage.staged(device)
        return staged.reports and staged.can_ask and now < self.until(device, started)

    def until(self, device: str, started: Ms) -> Ms:
        """So long a device is waited for, of a session that began then."""
        staged, answer_by = self._stage.staged(device), self._stage.answer_by(device)
        is_new = not (staged.has_answered or device in self._answered or device in self._waited)
        return max(started + AT_MOST if is_new else started, answer_by + self.round_trip if answer_by else started)

    def answered(self, device: str) -> None:
        self._answered.add(device)

    def is_over(self, device: str) -> None:
        """It has had all of it, and has not answered: it is not waited for like that again."""
        self._waited.add(device)
