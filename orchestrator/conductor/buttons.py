"""What a room's buttons mean: the words of the home file as commands, and any press while the hands are oily."""

from collections.abc import Mapping

from orchestrator.commands import ButtonDoor, Proceed, RoomCommand, through
from orchestrator.conductor.edge_detection import BOUNCE
from orchestrator.stage.heard import Pressed
from orchestrator.units import SECOND, Ms

ONE_PRESS: Ms = SECOND
"""What a button says so soon after it said something else is the same finger: `press`, `hold`, `hold`; `single`,
`double`."""

OILY = Proceed()
"""What a press means that nobody has mapped, while the hands are oily."""
_COMMANDS = {spec.word: spec.given(door)() for spec, door in through(ButtonDoor)}
_ENDS = frozenset({"release", "released", "stop", "clear"})
"""Words for the end of a press, alone or in what an action says: `release_1_and_3`, `hold_released`."""
_HALVES = ("btn_up", "btn_down")
"""The raw halves of a press, beside which the button says the whole press as well."""


def command_of(word: str) -> RoomCommand | None:
    """The command of a word of the home file. None where it means nothing to a session."""
    return _COMMANDS.get(word)


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
