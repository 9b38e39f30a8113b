"""What was announced at a broker, found and taken away."""

import asyncio
import secrets

from orchestrator.cli.client.daemon_address import DaemonAddress
from orchestrator.devices.messages import Message
from orchestrator.errors import BrokerUnreachable
from orchestrator.home.model import HomeAssistantModel
from orchestrator.integrations.home_assistant import Announcements
from orchestrator.mqtt.connection import Connection

ANSWER_WITHIN_SECONDS = 5.0
"""Seconds that the broker has."""


async def cleared(where: DaemonAddress, base: str) -> list[str]:
    """The topics on which a daemon with this base topic had announced rooms to Home Assistant; they are empty now.

    Raises BrokerError.
    """
    wanted = where.home.model.home_assistant if where.home is not None else HomeAssistantModel()
    announcements = Announcements(base, wanted.prefix if isinstance(wanted, HomeAssistantModel) else None)
    found: dict[str, Message] = {}
    name = f"relax-clearing-{secrets.token_hex(8)}"
    has_all = asyncio.Event()

    def receive(message: Message) -> None:
        if message.topic == name:
            has_all.set()
        found.update((each.topic, each) for each in announcements.found(message))

    connection = Connection(
        where.address, client_id=name, subscriptions=[*announcements.subscriptions(), name], on_message=receive
    )
    async with connection:
        await connection.first(ANSWER_WITHIN_SECONDS)
        await _echoed(connection, name, has_all, where)
        connection.publish(found.values())
        has_all.clear()
        await _echoed(connection, name, has_all, where)
    return sorted(found)


async def _echoed(connection: Connection, topic: str, heard: asyncio.Event, where: DaemonAddress) -> None:
    """What the broker had stored comes before what we say after that; so does what we said before."""
    connection.publish([Message(topic, "")])
    try:
        async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
            await heard.wait()
    except TimeoutError:
        raise BrokerUnreachable(f"The broker at {where.address} does not answer.") from None
