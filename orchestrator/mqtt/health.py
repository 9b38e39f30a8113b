"""The health check of the container: is what runs here online, as the broker knows it?

`python -m orchestrator.mqtt.health` asks the broker at RELAX_HEALTH_BROKER (127.0.0.1:1883, or a URL) for the
status that is retained on RELAX_HEALTH_TOPIC (relax/status). Exit 0 where it is `online`; else 1, with one line that
says why.
"""

import asyncio
import os
import sys
import uuid

from orchestrator.devices.messages import Message
from orchestrator.documents.broker_url import broker_url
from orchestrator.errors import RelaxError
from orchestrator.mqtt.address import Address, Tls
from orchestrator.mqtt.connection import Connection

_WITHIN = 2.0
_NOTHING = "nothing"


async def status(address: Address, topic: str) -> str:
    """What the broker has on the topic; `nothing` where it has none.

    Raises `BrokerError` where there is no broker, TimeoutError where it does not answer.
    """
    said: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    sentinel = f"relax/health/{uuid.uuid4().hex}"

    def hear(message: Message) -> None:
        if not said.done():
            said.set_result(message.payload if message.topic == topic else _NOTHING)

    name = sentinel.rpartition("/")[2]
    async with Connection(address, client_id=name, subscriptions=[topic, sentinel], on_message=hear) as connection:
        await connection.first(_WITHIN)
        connection.publish([Message(sentinel, "")])  # comes back after everything that is retained
        async with asyncio.timeout(_WITHIN):
            return await said


def main() -> None:
    topic = os.environ.get("RELAX_HEALTH_TOPIC", "relax/status")
    try:
        at = broker_url(os.environ.get("RELAX_HEALTH_BROKER", "127.0.0.1:1883"))
        tls = Tls() if at.is_encrypted else None
        address = Address(at.host, at.port or 1883, at.username, at.password, tls, at.websocket)
        said = asyncio.run(status(address, topic))
    except (RelaxError, TimeoutError, ValueError) as error:
        sys.exit(str(error) or "The broker does not answer.")
    if said != "online":
        sys.exit(f"{topic} is {said}")


if __name__ == "__main__":
    main()
