"""The service's log: on standard error, as lines for people or as JSON for machines.

What is about a session says so: `logger.info(…, extra=about(room, session))`.
"""

import json
import logging
import sys
from typing import TextIO

from orchestrator.documents.plain_text import printable

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def about(room: str | None = None, session: str | None = None) -> dict[str, str]:
    """What a record is about, for `extra=`."""
    return {key: value for key, value in (("room", room), ("session", session)) if value is not None}


def set_up(log_format: str, level: str, stream: TextIO | None = None) -> logging.Handler:
    """Let everything of ours be logged; give the handler to `take_down` when it is over."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else LineFormatter())
    logger = logging.getLogger("orchestrator")
    logger.setLevel(_LEVELS[level])
    logger.addHandler(handler)
    return handler


def take_down(handler: logging.Handler) -> None:
    """Undo `set_up`."""
    logger = logging.getLogger("orchestrator")
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


class LineFormatter(logging.Formatter):
    """A line a record. Without a time of day: whoever keeps lines writes it down (the system's journal, Docker)."""

    def format(self, record: logging.LogRecord) -> str:
        subject = _subject(record)
        about_it = f"[{' '.join(subject.values())}] " if subject else ""
        text = printable(f"{record.levelname.lower()}: {about_it}{record.getMessage()}")
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class JsonFormatter(logging.Formatter):
    """A JSON object a record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03}",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **_subject(record),
            "from": record.name,
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _subject(record: logging.LogRecord) -> dict[str, str]:
    return {key: str(getattr(record, key)) for key in ("room", "session") if hasattr(record, key)}
