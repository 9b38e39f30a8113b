"""What a room's buttons mean: the words of the home file as commands, and any press while the hands are oily."""

from collections.abc import Mapping

from orchestrator.conductor.edge_detection import BOUNCE
from orchestrator.session.commands import Abort, Back, Command, Extend, Next, Pause, Repeat, Resume, Skip, Stop
from orchestrator.session.state import Status
from orchestrator.stage.heard import Pressed
from orchestrator.values import MINUTE, SECOND, Ms

ONE_PRESS: Ms = SECOND
"""What a button says so soon after it said something else is the same finger: `press`, `hold`, `hold`; `single`,
`double`."""

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
_ENDS = frozenset({"release", "released", "stop", "clear"})
"""Words for the end of a press, alone or in what an action says: `release_1_and_3`, `hold_released`."""
_HALVES = ("btn_up", "btn_down")
"""The raw halves of a press, beside which the button says the whole press as well."""


def command_of(word: str, status: Status) -> Command | None:
    """The command of a word; `pause` goes on where the session is paused already. None where it means nothing."""
    if word == "pause":
        return Resume() if status is Status.PAUSED else Pause()
    return _PLAIN.get(word)


def oily(status: Status) -> str:
    """What a press means that nobody has mapped, while the hands are oily: go on, in the step or to the next."""
    return "resume" if status is Status.PAUSED else "next"


def counts_alone(action: str, mapped: Mapping[str, str]) -> bool:
    """True where an action that is not mapped is a press by itself.

    The end of a press is none, and neither is the first half of what is mapped: `on_press` before `on_press_release`,
    `press_1` before `release_1`.
    """
    said = action.casefold()
    if said in _HALVES or not _ENDS.isdisjoint(said.split("_")):
        return False
    return f"{action}_release" not in mapped and action.replace("press", "release") not in mapped


class Presses:
    """What was pressed just now. Moments never go back."""

    def __init__(self) -> None:
        self._fresh: dict[Pressed, Ms] = {}
        self._down: dict[str, Ms] = {}

    def bounces(self, pressed: Pressed, now: Ms) -> bool:
        """Take a press; True where it is the same once more: contacts bounce, and Zigbee2MQTT has two topics for it."""
        fresh = {press: at for press, at in self._fresh.items() if now - at < BOUNCE}
        self._fresh = {**fresh, pressed: now}
        return pressed in fresh

    def begins(self, pressed: Pressed, now: Ms) -> bool:
        """Whether a finger came down, and not only stayed there or was lifted. To be asked once for each press."""
        if not counts_alone(pressed.action, {}):
            self._down.pop(pressed.device, None)
            return False
        before = self._down.get(pressed.device)
        self._down[pressed.device] = now
        return before is None or now - before >= ONE_PRESS
