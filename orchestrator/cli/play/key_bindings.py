"""What a key tells the session."""

from orchestrator.cli.follow.local_session import LocalSession
from orchestrator.session.commands import Back, Command, Extend, Next, Pause, Repeat, Resume, Skip
from orchestrator.session.state import Status
from orchestrator.values import MINUTE

KEYS = "space pause · n next · b back · r repeat · + 2 min more · s skip · q stop"
_COMMANDS: dict[str, Command] = {
    "n": Next(),
    "b": Back(),
    "r": Repeat(),
    "s": Skip(),
    "+": Extend(2 * MINUTE),
    "=": Extend(2 * MINUTE),  # the same key without Shift
}


def press(key: str, playing: LocalSession) -> None:
    """Do what a key says; others do nothing."""
    if key.lower() == "q":
        playing.interrupt()
    elif key == " ":
        runner = playing.runner
        is_paused = runner is not None and runner.status is Status.PAUSED
        playing.command(Resume() if is_paused else Pause())
    elif key.lower() in _COMMANDS:
        playing.command(_COMMANDS[key.lower()])
