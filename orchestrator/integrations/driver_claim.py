"""Who drives a home: one relax at a time, whatever its base topic.

A driver keeps its claim at the broker, retained, and answers whoever asks. Of two the one that connected later gives
way; a claim alone is no proof, since it outlives whoever was cut off.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestrator.devices.messages import Message

ROOT: Final = "relax-drivers"
"""The same for every base topic: two that do not share one still share the lamps."""


class DriverKind(StrEnum):
    """What drives."""

    SERVICE = "service"
    RUN = "run"


class DriverClaim(BaseModel):
    """Who says that it drives: `driver` is the same through restarts of one service, `since` when it connected."""

    model_config = ConfigDict(frozen=True)

    driver: str
    kind: DriverKind
    base: str
    since: datetime
    asks: bool = False
    """Nothing is driven yet: somebody would like to know whether it may."""
    only_asks: bool = False
    """Nor will be: somebody would like to know who drives."""

    def is_before(self, other: "DriverClaim") -> bool:
        """True where of the two this one goes on."""
        return (self.since, self.driver) < (other.since, other.driver)


class ClaimTopics:
    """The topics of one home, and what one driver says and hears on them."""

    def __init__(self, home: str) -> None:
        self._claim = f"{ROOT}/{home}/claim"
        self._ask = f"{ROOT}/{home}/ask"
        self._answer = f"{ROOT}/{home}/answer"

    def subscriptions(self) -> list[str]:
        return [self._claim, self._ask, self._answer]

    def is_ours(self, topic: str) -> bool:
        return topic in (self._claim, self._ask, self._answer)

    def claimed(self, own: DriverClaim) -> list[Message]:
        """What a driver says as it connects: whoever was there before answers."""
        payload = own.model_dump_json(exclude_defaults=True)
        return [Message(self._claim, payload, retain=True), Message(self._ask, payload)]

    def released(self) -> list[Message]:
        """What it says as it leaves in order."""
        return [Message(self._claim, "", retain=True)]

    def question(self, own: DriverClaim) -> Message:
        """What somebody asks who would like to drive."""
        return Message(self._ask, own.model_copy(update={"asks": True}).model_dump_json(exclude_defaults=True))

    def stored(self, message: Message) -> DriverClaim | None:
        """A claim that the broker has kept. Its driver may be gone."""
        return _read(message) if message.topic == self._claim and message.retain else None

    def answered(self, message: Message) -> DriverClaim | None:
        """The claim of a driver that is there."""
        return _read(message) if message.topic == self._answer else None

    def is_own_question(self, message: Message, own: DriverClaim) -> bool:
        asked = _read(message) if message.topic == self._ask else None
        return asked is not None and asked.driver == own.driver

    def replies(self, message: Message, own: DriverClaim) -> list[Message]:
        """What a driver answers to a message: its claim, which it renews where another has overwritten it."""
        other = _read(message)
        if other is None or other.driver == own.driver or message.retain or message.topic == self._answer:
            return []
        payload = own.model_dump_json(exclude_defaults=True)
        if message.topic == self._claim:
            return [Message(self._claim, payload, retain=True)] if own.is_before(other) else []
        return [Message(self._answer, payload)]

    def begins(self, message: Message) -> str | None:
        """The driver that would like to drive, or has just begun to; None for all other messages."""
        is_one = message.topic in (self._claim, self._ask) and not message.retain
        claim = _read(message) if is_one else None
        return claim.driver if claim is not None and not claim.only_asks else None

    def rival(self, message: Message, own: DriverClaim) -> DriverClaim | None:
        """Another driver to which we give way."""
        other = self.answered(message)
        return other if other is not None and other.driver != own.driver and other.is_before(own) else None


def _read(message: Message) -> DriverClaim | None:
    try:
        return DriverClaim.model_validate_json(message.payload)
    except ValidationError:
        return None
