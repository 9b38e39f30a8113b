"""A session as JSON Lines: what happened, or each message that was published; the last line is a summary."""

import json
import sys

from orchestrator.cli.follow.renderer import FollowedEvent
from orchestrator.cli.follow.session_summary import SessionSummary
from orchestrator.cli.json_output import print_json_line
from orchestrator.devices.messages import Message
from orchestrator.units import SECOND, Ms


class EventLines:
    """An event a line, as it is published, with its room."""

    def happened(self, event: FollowedEvent) -> None:
        print_json_line({"room": event.room, **event.published().model_dump(mode="json")})

    def told(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def ended(self, summary: SessionSummary) -> None:
        print_json_line({"summary": summary.as_json()})


class MessageLines:
    """A message a line; `sent` is a tap on what this process publishes."""

    def __init__(self) -> None:
        self._count = 0

    def sent(self, at: Ms, message: Message) -> None:
        self._count += 1
        print_json_line(
            {
                "t": at / SECOND,
                "topic": message.topic,
                "payload": payload_of(message.payload),
                "qos": message.qos,
                "retain": message.retain,
            }
        )

    def happened(self, event: FollowedEvent) -> None:
        """What happens shows in what is sent."""

    def told(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def ended(self, summary: SessionSummary) -> None:
        print_json_line(
            {
                "summary": {
                    "scene": summary.scene,
                    "room": summary.room,
                    "status": summary.ending,
                    "steps": summary.steps,
                    "announcements": summary.announcements,
                    "messages": self._count,
                    "seconds": summary.seconds,
                }
            }
        )


def payload_of(text: str) -> object:
    """A payload as the JSON object that it is, else as text."""
    if not text.startswith("{"):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text
