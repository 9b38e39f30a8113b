"""What a topic has to say for something to be so: somebody is home, no film is on, the doorbell rings.

Pure: payloads and moments come in. Who wrote the test down (`equals`, `above`, a template) is the home file's business.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.units import Ms


@dataclass(frozen=True, slots=True)
class Signal:
    """A topic and the test of its payloads. `wanted` says the test in words: `home`, `above 5`.

    `holds` never raises: a payload that cannot be judged does not pass. `lasting` is how long it has to be so.
    """

    topic: str
    wanted: str
    holds: Callable[[str], bool]
    lasting: Ms = 0


class Seen(NamedTuple):
    """How a signal stands at a moment: `value` is the last payload, None where nothing was heard yet.

    `held` is how long the test has been passed, None where it is not.
    """

    value: str | None
    held: Ms | None
    is_on: bool


class Watch:
    """Follows one signal. Moments are milliseconds of one clock that never goes back."""

    def __init__(self, signal: Signal) -> None:
        self.signal = signal
        self._value: str | None = None
        self._since: Ms | None = None

    @property
    def has_spoken(self) -> bool:
        return self._value is not None

    def take(self, payload: str, now: Ms) -> None:
        """A message on the topic."""
        self._value = payload
        if not self.signal.holds(payload):
            self._since = None
        elif self._since is None:
            self._since = now

    def seen(self, now: Ms) -> Seen:
        held = None if self._since is None else now - self._since
        return Seen(self._value, held, held is not None and held >= self.signal.lasting)

    @property
    def due(self) -> Ms | None:
        """The moment from which the test will have been passed for long enough; None while it is not passed."""
        return None if self._since is None else self._since + self.signal.lasting
