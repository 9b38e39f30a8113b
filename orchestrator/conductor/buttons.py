"""What a room's buttons mean: the words of the home file as commands."""

from orchestrator.session.commands import Abort, Back, Command, Extend, Next, Pause, Repeat, Resume, Skip, Stop
from orchestrator.session.state import Status
from orchestrator.values import MINUTE

_PLAIN: dict[str, Command] = {
    "resume": Resume(),
    "next": Next(),
    "back": Back(),
    "repeat": Repeat(),
    "skip": Skip(),
    "extend": Extend(2 * MINUTE),
    "stop": Stop(),
    "abort": Abort(),
}
WORDS = ("pause", *_PLAIN)


def command_of(word: str, status: Status) -> Command | None:
    """The command of a word; `pause` goes on where the session is paused already. None where it means nothing."""
    if word == "pause":
        return Resume() if status is Status.PAUSED else Pause()
    return _PLAIN.get(word)
