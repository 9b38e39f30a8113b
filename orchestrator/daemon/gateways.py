"""What of a home is reached otherwise than through its broker, and how."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from pathlib import Path
from typing import Final, Protocol

from orchestrator.devices.messages import Message
from orchestrator.devices.settings import DeviceSettings
from orchestrator.errors import HomeAssistantRefused
from orchestrator.hass.access import HassAccess, access
from orchestrator.hass.owed_volumes import OwedVolumes
from orchestrator.home.library import Home
from orchestrator.home.model import HomeAssistantModel

AT_NO_BROKER: Final = frozenset({"wyoming", "hass"})
"""The dialects whose devices a gateway reaches."""

OWED_VOLUMES: Final = "voices.json"
"""Beside the journal, while a player is as loud as its words."""


class Gateway(Protocol):
    """Carries the messages of some topics, both ways, as a broker carries those of all others."""

    def carries(self, topic: str, /) -> bool: ...

    def publish(self, messages: Iterable[Message], /) -> None:
        """Never waits, never raises."""
        ...

    def serve(self, on_message: Callable[[Message], None], /) -> AbstractAsyncContextManager[None]: ...


def gateways_of(
    home: Home, environment: Mapping[str, str] = os.environ, state_dir: Path | None = None
) -> Sequence[Gateway]:
    """Those that the devices of a home need. What makes one is loaded where one is needed.

    `state_dir`: where they keep what the next life has to give back; without it that is forgotten.
    """
    made: list[Gateway] = []
    if satellites := _settings(home, "wyoming"):
        made.append(import_module("orchestrator.wyoming.gateway").WyomingGateway(satellites))
    if own := _settings(home, "hass"):
        entities = [settings.entity for settings in own if hasattr(settings, "entity")]
        gateway = import_module("orchestrator.hass.gateway").HassGateway
        owed = OwedVolumes(state_dir / OWED_VOLUMES if state_dir is not None else None)
        made.append(gateway(entities, lambda: home_assistant_of(home, environment), owed))
    return made


def home_assistant_of(home: Home, environment: Mapping[str, str] = os.environ) -> HassAccess:
    """Where a home's Home Assistant is. Raises HomeAssistantRefused where no token is to be had."""
    told = home.model.home_assistant
    model = told if isinstance(told, HomeAssistantModel) else HomeAssistantModel()
    token = model.token
    if model.token_file is not None:
        file = Path(home.source).parent / Path(model.token_file).expanduser()
        try:
            token = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            message = f"The token of Home Assistant cannot be read from {file}: {str(why).lower()}."
            raise HomeAssistantRefused(message, "See `token_file` in the home file.") from None
    found = access(model.address, token, environment)
    if found is None:
        raise HomeAssistantRefused(
            "relax has no token for Home Assistant.",
            "Write `home_assistant: {address: …, token_file: …}` into the home file: docs/home-assistant.md.",
        )
    return found


def _settings(home: Home, dialect: str) -> list[DeviceSettings]:
    return [each.settings for each in home.devices.values() if each.settings.dialect == dialect]
