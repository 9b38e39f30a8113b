"""Devices that are played by another program: it reads what we print, and answers each line with a line."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orchestrator.cli.json_output import print_json_line
from orchestrator.devices.messages import Message
from orchestrator.errors import UsageError
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Colour


class OutsideDevices:
    """The other side of `simulate --outside`.

    A line with only `t`, each message to a device and each hand on one is answered by
    `{"say": [{"topic", "payload"}, …], "next": 3.4}`: what is said at once, and when the next will be, in seconds from
    the start (null or missing: never). Raises UsageError for an answer that is none.
    """

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        self._next: Ms | None = None

    def connected(self, now: Ms) -> list[Message]:
        return self._asked(now)

    def advance(self, now: Ms) -> list[Message]:
        if self._next is None or self._next > now:
            return []
        return self._asked(now)

    def receive(self, _message: Message, now: Ms, /) -> list[Message]:
        """The message was printed already, as every message is."""
        return self._answer(now)

    def turn(
        self,
        _name: str,
        now: Ms,
        *,
        level: Percent | None = None,
        colour: Colour | None = None,
        on: bool | None = None,
    ) -> list[Message]:
        """What is done to a device was printed already, too."""
        del level, colour, on
        return self._answer(now)

    def offline(self, _name: str, now: Ms, /) -> list[Message]:
        return self._answer(now)

    def online(self, _name: str, now: Ms, /) -> list[Message]:
        return self._answer(now)

    def next_deadline(self) -> Ms | None:
        return self._next

    def _asked(self, now: Ms) -> list[Message]:
        print_json_line({"t": now / SECOND})
        return self._answer(now)

    def _answer(self, now: Ms) -> list[Message]:
        line = self._read()
        try:
            answer = json.loads(line)
            due = answer.get("next")
            self._next = None if due is None else max(round(due * SECOND), now + 1)
            return list(_messages(answer.get("say", ())))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UsageError(
                f"--outside: {line.strip()[:80] or 'the end of the input'} is no answer.",
                'Answer each line with a line such as {"say": [{"topic": "lamp", "payload": {}}], "next": 3.4}.',
            ) from error


def _messages(said: list[Mapping[str, Any]]) -> Iterator[Message]:
    for each in said:
        payload = each["payload"]
        text = payload if isinstance(payload, str) else json.dumps(payload)
        yield Message(each["topic"], text, retain=bool(each.get("retain", False)))
