"""The simulated person: says next when a step waits, after a while, where the room has something to say it with."""

from orchestrator.commands import Next
from orchestrator.conductor.conductor import Conductor
from orchestrator.units import Ms


class Person:
    """Answers the waits of one room `hold` ms of running time after they began; never with None."""

    def __init__(self, room: str, hold: Ms | None) -> None:
        self._room = room
        self._hold = hold

    def due(self, conductor: Conductor) -> Ms | None:
        """When the person will say next."""
        runner = conductor.runner(self._room)
        session = runner.session if runner is not None else None
        if self._hold is None or runner is None or session is None or session.waits_since is None:
            return None
        if session.chapter.wait is not None and not session.chapter.wait.is_answered:
            return None
        return session.waits_since + -(-self._hold * 1000 // runner.start.rate)

    def advance(self, conductor: Conductor, now: Ms) -> bool:
        """Say it, if it is time; whether it was."""
        due = self.due(conductor)
        if due is None or due > now:
            return False
        conductor.command(self._room, Next(), now)
        return True
