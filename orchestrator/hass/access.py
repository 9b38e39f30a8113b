"""Where Home Assistant is, and the token that it takes. The token is in no text that is made of this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from orchestrator.documents.home_assistant_url import websocket_url

USUAL: Final = "http://homeassistant.local:8123"
SUPERVISOR: Final = "ws://supervisor/core/websocket"
SUPERVISOR_TOKEN: Final = "SUPERVISOR_TOKEN"  # noqa: S105  # the name of a variable


@dataclass(frozen=True, slots=True)
class HassAccess:
    """`url` is that of its WebSocket API."""

    url: str
    token: str = field(repr=False)

    @property
    def place(self) -> str:
        """As a person knows it: host and port."""
        return urlsplit(self.url).netloc


def access(address: str | None, token: str | None, environment: Mapping[str, str]) -> HassAccess | None:
    """With the token that was given, else with Supervisor's inside an add-on; None where there is none."""
    if token:
        return HassAccess(websocket_url(address or USUAL), token)
    supervisors = environment.get(SUPERVISOR_TOKEN)
    return HassAccess(SUPERVISOR, supervisors) if supervisors and address is None else None
