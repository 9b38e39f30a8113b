"""What lights and music are on their way to, as far as that is news: `main 45 %, 2700 K in 0:40`."""

from collections.abc import Callable, Container

from orchestrator.cli.value_text import ORDER, clock_text, value_text
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.fade import Fade
from orchestrator.units import SECOND
from orchestrator.values import Track, Value


class TrackChanges:
    """Looks at a session that this process plays; `runner` gives it, None before there is one."""

    def __init__(self, runner: Callable[[], SessionRunner | None]) -> None:
        self._runner = runner
        self._shown: dict[Track, Value] = {}

    def latest(self) -> str:
        """What has changed since the last call, by roles; empty for nothing. In a count, where all swells, nothing."""
        runner = self._runner()
        session = runner.session if runner is not None else None
        if session is None or session.chapter.counted:
            return ""
        changed: dict[str, list[tuple[Track, Fade]]] = {}
        backs = session.backs
        for track, fade in session.fades.items():
            if self._shown.get(track) != fade.target:
                self._shown[track] = fade.target
                changed.setdefault(track.role, []).append((track, fade))
        return " · ".join(_change(role, fades, backs) for role, fades in changed.items())


def _change(role: str, fades: list[tuple[Track, Fade]], backs: Container[Track]) -> str:
    """`main 45 %, 2700 K in 0:40`, `glow as before in 0:05`."""
    in_order = sorted(fades, key=lambda pair: ORDER.index(pair[0].attribute))
    values = ", ".join(
        dict.fromkeys("as before" if track in backs else value_text(track, fade.target) for track, fade in in_order)
    )
    longest = max(fade.end - fade.start for _, fade in fades)
    return f"{role} {values}{f' in {clock_text(longest)}' if longest >= SECOND else ''}"
