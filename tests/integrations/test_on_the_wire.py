"""The interface behind a real broker: whatever comes as bytes, each payload gets its answer, and nothing breaks."""

import json
import random

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from orchestrator.devices.messages import Message
from orchestrator.errors import Refused
from orchestrator.integrations.interface import Interface
from orchestrator.mqtt.connection import Connection
from tests.conftest import LIMIT, until

CHANCE = random.Random(20)
PIECES = (
    b'{"command"',
    b":",
    b'"next"',
    b"[" * 50,
    b"9" * 400,
    b"\xff\xfe",
    b'"../../x"',
    b"\0",
    b"}",
    b"\xf0\x9f",
    b"+/#",
)


class Answerer(Connection):
    """Says `ok` to all that it understands, and why not to all else."""

    def __init__(self, address):
        self.interface = Interface(["den"])
        self.asked = []
        super().__init__(
            address, client_id="answerer", subscriptions=self.interface.subscriptions(), on_message=self.answer
        )

    def answer(self, message):
        asked = self.interface.asked(message)
        if asked is None:
            return
        self.asked.append(asked)
        if isinstance(asked.request, Refused):
            self.publish(self.interface.refused(asked, asked.request))
        else:
            self.publish(self.interface.accepted(asked, "den-1"))


class Asker:
    """A client that sends bytes, in a thread of its own."""

    def __init__(self, port, *topics):
        self.heard: list[MQTTMessage] = []
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = lambda _client, _userdata, message: self.heard.append(message)
        self._client.connect("127.0.0.1", port)
        for topic in topics:
            self._client.subscribe(topic)

    def __enter__(self):
        self._client.loop_start()
        return self

    def __exit__(self, *_):
        self._client.disconnect()
        self._client.loop_stop()

    def ask(self, topic, payload, **properties):
        wanted = Properties(PacketTypes.PUBLISH)
        for name, value in properties.items():
            setattr(wanted, name, value)
        self._client.publish(topic, payload, properties=wanted)


def hostile():
    kind = CHANCE.randrange(3)
    if kind == 0:
        return CHANCE.randbytes(CHANCE.randrange(300))
    if kind == 1:
        return b"".join(CHANCE.choices(PIECES, k=CHANCE.randrange(1, 12)))
    return b"{" * CHANCE.randrange(20_000)


async def test_five_thousand_hostile_payloads_are_five_thousand_answers(mosquitto):
    async with Answerer(mosquitto.address) as answerer:
        await answerer.first(LIMIT)
        with Asker(mosquitto.port, "relax/rooms/+/reply") as asker:
            for _ in range(5000):
                asker.ask(f"relax/rooms/{CHANCE.choice(['den', 'den', '..', 'x' * 500])}/command", hostile())
            await until(lambda: len(asker.heard) >= 5000)
            assert answerer.is_connected
            replies = [json.loads(message.payload) for message in asker.heard]
            asker.ask("relax/rooms/den/command", b"next")
            await until(lambda: len(asker.heard) > 5000)
    assert {reply["error"]["code"] for reply in replies if not reply["ok"]} == {"malformed", "unknown_room"}
    assert json.loads(asker.heard[-1].payload) == {"ok": True, "session": "den-1"}


async def test_who_asks_with_a_response_topic_is_answered_there(mosquitto):
    async with Answerer(mosquitto.address) as answerer:
        await answerer.first(LIMIT)
        with Asker(mosquitto.port, "relax/reply/me") as asker:
            asker.ask("relax/rooms/den/command", b"next", ResponseTopic="relax/reply/me", CorrelationData=b"\x00\xff")
            await until(lambda: asker.heard)
    assert asker.heard[0].properties.CorrelationData == b"\x00\xff"
    assert json.loads(asker.heard[0].payload)["ok"]


async def test_a_stored_command_is_refused_and_a_stored_state_of_no_room_is_cleared(mosquitto):
    stored = [
        Message("relax/rooms/den/command", "next", retain=True),
        Message("relax/rooms/attic/session", "{}", retain=True),
    ]
    async with Connection(mosquitto.address, client_id="before", on_message=lambda _message: None) as before:
        await before.first(LIMIT)
        before.publish(stored)
    cleared = []
    interface = Interface(["den"])
    async with Connection(
        mosquitto.address,
        client_id="after",
        subscriptions=interface.subscriptions(),
        on_message=lambda message: cleared.append((message.topic, interface.leftover(message), message)),
    ) as after:
        await after.first(LIMIT)
        await until(lambda: len(cleared) == 2)
    found = {topic: (leftover, message) for topic, leftover, message in cleared}
    assert found["relax/rooms/attic/session"][0][-1] == Message("relax/rooms/attic/session", "", retain=True)
    asked = interface.asked(found["relax/rooms/den/command"][1])
    assert asked is not None
    assert isinstance(asked.request, Refused)
    assert asked.request.reason == "retained"
