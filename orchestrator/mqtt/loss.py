"""How a connection ended, and what may have been the reason."""

from typing import NamedTuple

NOT_AUTHORIZED = 135
TAKEN_OVER = 142
TOO_LARGE = 149
NO_RETAIN = 154
TOO_OFTEN = (150, 151)
"""Message rate too high, quota exceeded."""


class SentPacket(NamedTuple):
    """A packet of ours: its bytes, and the topic."""

    size: int = 0
    topic: str = ""


class Loss(NamedTuple):
    """`reason` in a few words. `code` is the broker's own (MQTT 5, 3.14.2.1), None where it said none.

    `largest` is the largest packet that had been sent by then.
    """

    reason: str
    code: int | None = None
    largest: SentPacket = SentPacket()
