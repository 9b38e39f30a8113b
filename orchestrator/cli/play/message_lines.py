"""A session as JSON, one object a line: each message that relax publishes, and a summary at the end."""

import json
import sys
from typing import IO, Any

from orchestrator.cli.play.session_summary import SessionSummary
from orchestrator.conductor.request import Start
from orchestrator.devices.messages import Message
from orchestrator.events.event import EventRecord
from orchestrator.values import Ms


class MessageLines:
    """Writes to a stream. Moments are real milliseconds since the start command."""

    def __init__(self, start: Start, out: IO[str]) -> None:
        self._account = SessionSummary(start)
        self._out = out

    def sent(self, at: Ms, message: Message) -> None:
        self._account.messages += 1
        self._print(
            {
                "t": at / 1000,
                "topic": message.topic,
                "payload": payload_of(message.payload),
                "qos": message.qos,
                "retain": message.retain,
            }
        )

    def happened(self, at: Ms, record: EventRecord) -> None:
        del at
        self._account.hear(record)

    def told(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def ended(self, at: Ms) -> None:
        self._print({"summary": self._account.summary(at)})

    def _print(self, record: dict[str, Any]) -> None:
        self._out.write(json.dumps(record, ensure_ascii=False) + "\n")
        self._out.flush()


def payload_of(text: str) -> object:
    """A payload as the JSON object that it is, else as text."""
    if not text.startswith("{"):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text
