"""What a key tells the session."""

from orchestrator.cli.play.playing import Playing
from orchestrator.commands import CommandSpec, Key, Stop, through

_GIVEN = {key: spec.given(door)() for spec, door in through(Key) for key in door.keys}


def _shown(spec: CommandSpec, door: Key) -> str:
    key = door.keys[0]
    return f"{'space' if key == ' ' else key} {door.label or spec.word}"


KEYS = " · ".join(_shown(spec, door) for spec, door in through(Key))


def press(key: str, playing: Playing) -> None:
    """Do what a key says; others do nothing."""
    command = _GIVEN.get(key.lower())
    if isinstance(command, Stop):
        playing.interrupt()  # pressed again, it gives up
    elif command is not None:
        playing.command(command)
