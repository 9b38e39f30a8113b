"""What a key tells the session."""

from orchestrator.cli.follow.local_session import LocalSession
from orchestrator.commands import CommandSpec, KeyDoor, Stop, through

_GIVEN = {key: spec.given(door)() for spec, door in through(KeyDoor) for key in door.keys}


def _shown(spec: CommandSpec, door: KeyDoor) -> str:
    key = door.keys[0]
    return f"{'space' if key == ' ' else key} {door.label or spec.word}"


KEYS = " · ".join(_shown(spec, door) for spec, door in through(KeyDoor))


def press(key: str, playing: LocalSession) -> None:
    """Do what a key says; others do nothing."""
    command = _GIVEN.get(key.lower())
    if isinstance(command, Stop):
        playing.interrupt()  # pressed again, it gives up
    elif command is not None:
        playing.command(command)
