"""What was done besides commands: hands on devices, devices that vanish and return, restarts of relax, a morning."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.witness.recording import Recording

FOREVER = float("inf")
TOLD_ON = 10.0
"""Seconds after which a lamp that is on its way is told on, whoever touched it without a trace."""
REJOINS = 3.0
"""Seconds in which a device is where the room is that was handed back."""
RETURNS = 10.0
"""Seconds in which one is that has returned: a lamp comes back at full, and nobody wants to see it leap from there."""


class Hand(NamedTuple):
    """Somebody at a device: `attribute` is level, colour, volume or on; `until`: when it was handed back, if it was.

    `is_traceless`: what it was told before may make it say the same, and nothing shows that relax knew of it.
    """

    t: float
    device: str
    attribute: str
    value: Any
    until: float
    is_traceless: bool = False


class Gone(NamedTuple):
    """relax was killed, and played again (or gave back) from a moment on; never, where it did not."""

    killed: float
    due: float
    resumed: float


class Disturbances:
    """Of one recording, on the clock on the wall."""

    def __init__(self, recording: Recording) -> None:
        self.hands = list(_hands(recording))
        self.gone = list(_gone(recording))
        self.morning = next((t for t, _ in recording.deeds("morning")), FOREVER)
        self._absences: dict[str, list[tuple[float, float]]] = {}
        for t, deed in recording.deeds("offline", "online"):
            absences = self._absences.setdefault(deed["device"], [])
            if deed["does"] == "offline":
                absences.append((t, FOREVER))
            elif absences:
                absences[-1] = absences[-1][0], t

    def overlook(self, is_traceless: Callable[[Hand], bool]) -> None:
        """Those without a trace: the lamp is told on, and given back as it was before the session."""
        self.hands = [
            each._replace(is_traceless=True, until=min(each.until, each.t + TOLD_ON)) if is_traceless(each) else each
            for each in self.hands
        ]

    def absences(self, device: str) -> list[tuple[float, float]]:
        """From when to when it was not reached."""
        return self._absences.get(device, [])

    def is_restless(self, device: str, attribute: str, t: float, late: float, noticed: float) -> bool:
        """Whether it need not be where the room is: it is somebody's, not reached, or nobody tells it anything.

        `noticed`: seconds until it shows that it has returned.
        """
        return (
            any(each.t <= t <= each.until + REJOINS + late for each in self._of(device, attribute))
            or any(start <= t <= end + noticed + RETURNS + late for start, end in self.absences(device))
            or self.is_gone(t, late)
        )

    def is_gone(self, t: float, late: float = 0.0) -> bool:
        """Whether nobody is there to tell anything, or has been for no longer than that."""
        return any(each.killed <= t <= each.resumed + late for each in self.gone)

    def is_by_hand(self, device: str, attribute: str, t: float) -> bool:
        """Whether somebody has had it in hand, up to a moment, and may have it still."""
        return any(each.t <= t + 0.1 for each in self._of(device, attribute))

    def is_set_after(self, device: str, attribute: str, t: float) -> bool:
        """Whether somebody has set it since, and so it is as they have."""
        return any(each.t >= t and not each.is_traceless for each in self._of(device, attribute))

    def is_left(self, device: str) -> bool:
        """Whether something of it is a person's at the end. A volume is, and yet it is known how loud it should be."""
        own = (
            each
            for each in self.hands
            if each.device == device and each.attribute != "volume" and not each.is_traceless
        )
        return any(each.until == FOREVER for each in own)

    def _of(self, device: str, attribute: str) -> list[Hand]:
        return [each for each in self.hands if each.device == device and each.attribute == attribute]


def _hands(recording: Recording) -> list[Hand]:
    back = [
        (line.t, line.payload.get("device"))
        for line in recording.lines
        if line.origin == "person" and isinstance(line.payload, dict) and line.payload.get("command") == "give_back"
    ]
    hands = []
    for t, deed in recording.deeds("hand"):
        device = deed["device"]
        is_light = "light" in recording.home["devices"][device]["kind"]
        until = min((moment for moment, name in back if name in (device, None) and moment > t), default=FOREVER)
        for key in ("level", "colour", "on"):
            if key in deed:
                attribute = "volume" if key == "level" and not is_light else key
                hands.append(Hand(t, device, attribute, deed[key], until))
    return hands


def _gone(recording: Recording) -> list[Gone]:
    gone = []
    for t, deed in recording.deeds("restart"):
        due = t + float(deed["away"])
        began = (moment for moment, _ in recording.events("step_started", "landing") if moment >= due - 0.001)
        gone.append(Gone(t, due, next(began, FOREVER)))
    return gone
