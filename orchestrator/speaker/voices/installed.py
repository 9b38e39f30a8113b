"""The voices of this computer: every entry point of the group `relax.voices`, called without arguments, gives one."""

from importlib.metadata import entry_points

from orchestrator.errors import UsageError
from orchestrator.speaker.voices.voice import Voice

GROUP = "relax.voices"
NONE = "none"


def names() -> list[str]:
    return sorted(each.name for each in entry_points(group=GROUP))


def find(name: str | None = None) -> Voice | None:
    """The voice of that name, else the first; None where there is none, or `none` is asked for. Raises UsageError."""
    if name == NONE:
        return None
    there = names()
    if name is not None and name not in there:
        raise UsageError(
            f"There is no voice {name} here: there is {', '.join(there) or 'none'}.", "Say another --voice."
        )
    if not there:
        return None
    (found,) = entry_points(group=GROUP, name=name or there[0])
    voice: Voice = found.load()()
    return voice
