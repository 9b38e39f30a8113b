"""What hatasmota, Home Assistant's library, makes of announcements, wishes and states. Prints the golden file.

    pip install --ignore-requires-python hatasmota==0.10.2     (somewhere else: nothing of ours needs it)
    python tests/devices/verdicts/tasmota.py < tests/devices/verdicts/tasmota-questions.json > …/hatasmota-0.10.2.json

It knows nothing of relax, so that it runs where relax is not installed.
"""

import asyncio
import json
import sys
from importlib.metadata import version
from types import SimpleNamespace

from hatasmota import discovery
from hatasmota.mqtt import TasmotaMQTTClient


class Client:
    """Where the library publishes and listens."""

    def __init__(self):
        self.sent, self.heard = [], {}
        self.as_theirs = TasmotaMQTTClient(self.publish, self.subscribe, self.unsubscribe)

    async def publish(self, topic, payload, qos, retain):
        self.sent.append([topic, str(payload)])

    async def subscribe(self, state, topics):
        self.heard = {each["topic"]: each["msg_callback"] for each in topics.values()}
        return {}

    async def unsubscribe(self, state):
        return {}


def entities(config):
    """Its lights and switches, with their number, as the library makes them of an announcement."""
    found = [("light", *each) for each in discovery.get_light_entities(config)]
    found += [("switch", *each) for each in discovery.get_switch_entities(config)]
    return [(kind, hashed[3], made) for kind, made, hashed in found if made is not None]


async def said(entity, client, messages):
    """What the library tells Home Assistant when messages come."""
    told = []
    entity.set_on_state_callback(lambda state, **rest: told.append([state, rest.get("attributes", {})]))
    await entity.subscribe_topics()
    for topic, payload in messages:
        if (take := client.heard.get(topic)) is not None:
            message = SimpleNamespace(topic=topic, payload=payload)
            done = take(message)
            if asyncio.iscoroutine(done):
                await done
    return told


async def wished(entity, client, wishes):
    """The messages that a wish becomes, after a state in which the lamp is at 100 %."""
    answers = []
    for state, attributes in wishes:
        client.sent.clear()
        await entity.set_state(state, dict(attributes))
        answers.append(list(client.sent))
    return answers


async def verdict(question):
    try:
        config = discovery.TasmotaDiscoveryMsg(question["announced"])
    except ValueError as error:
        return {"refused": str(error)}
    answers = []
    for kind, number, made_of in entities(config):
        client = Client()
        entity = discovery.get_entity(made_of, client.as_theirs)
        about = {
            name: getattr(made_of, name)
            for name in ("command_topic", "dimmer_cmd", "light_type", "min_mireds", "max_mireds", "fade_fixed_duration")
            if hasattr(made_of, name)
        }
        told = await said(entity, client, question["said"])
        wishes = question["wishes"] if kind == "light" and hasattr(made_of, "light_type") else []
        sent = await wished(entity, client, wishes)
        answers.append({"kind": kind, "number": number, "about": about, "told": told, "sent": sent})
    return {"entities": answers}


if __name__ == "__main__":
    questions = json.load(sys.stdin)
    result = {
        "oracle": f"hatasmota {version('hatasmota')}",
        "verdicts": {name: asyncio.run(verdict(question)) for name, question in questions.items()},
    }
    json.dump(result, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
