"""What was answered lately: a request that comes twice is answered twice and acted on once (rule 27)."""

from collections import OrderedDict
from typing import Generic, TypeVar

REMEMBERED = 32

T = TypeVar("T")


class ReplyCache(Generic[T]):
    """The last answers of one room, by request id."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, T] = OrderedDict()

    def find(self, request_id: str | None) -> T | None:
        """The answer that was given; None where there was none, or it is long ago."""
        return self._given.get(request_id) if request_id is not None else None

    def remember(self, request_id: str | None, answer: T) -> None:
        if request_id is None:
            return
        self._given[request_id] = answer
        self._given.move_to_end(request_id)
        while len(self._given) > REMEMBERED:
            self._given.popitem(last=False)
