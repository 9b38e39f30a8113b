"""Recorded homes at a real broker: they retain what they retained, say the rest again and again, and answer."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from orchestrator.devices.messages import Message
from tests.devices.discovery.homes import SOURCE, RecordedHome

AGAIN = 0.3
"""Seconds after which whatever is not retained is said once more."""


@contextmanager
def at_broker(port: int, *homes: RecordedHome) -> Iterator[list[Message]]:
    """The homes at a broker; what is published to topics of theirs by others is in the list."""
    asked: list[Message] = []
    with _client(port) as client:
        said = [message for home in homes for message in home.said]
        answers = {question[0] for home in homes for question in home.answers}

        def heard(_client: object, _data: object, message: mqtt.MQTTMessage) -> None:
            question = Message(message.topic, message.payload.decode())
            asked.append(question)
            for home in homes:
                for answer in home.answer(question):
                    client.publish(answer.topic.replace(SOURCE, _source(question)), answer.payload)

        client.on_message = heard
        for topic in sorted(answers):
            client.subscribe(topic)
        for message in said:
            if message.retain:
                client.publish(message.topic, message.payload, 1, retain=True).wait_for_publish()
        over = threading.Event()
        again = threading.Thread(target=_repeat, args=(client, said, over))
        again.start()
        try:
            yield asked
        finally:
            over.set()
            again.join()


def _source(question: Message) -> str:
    """Below which topic the answer is wanted."""
    return question.payload.partition('"src":"')[2].partition('"')[0]


def _repeat(client: mqtt.Client, said: list[Message], over: threading.Event) -> None:
    while not over.wait(AGAIN):
        for message in said:
            if not message.retain:
                client.publish(message.topic, message.payload)


@contextmanager
def listener(port: int) -> Iterator[list[str]]:
    """All topics to which anything is published from now on."""
    topics: list[str] = []
    ready = threading.Event()
    with _client(port) as client:
        client.on_message = lambda _client, _data, message: None if message.retain else topics.append(message.topic)
        client.on_subscribe = lambda *_: ready.set()
        client.subscribe("#")
        assert ready.wait(60)
        yield topics


def retained(port: int, count: int, form: Callable[[int], tuple[str, str]]) -> None:
    """So many retained topics, of whatever kind."""
    with _client(port) as client:
        last = None
        for number in range(count):
            topic, payload = form(number)
            last = client.publish(topic, payload, 1, retain=True)
        assert last is not None
        last.wait_for_publish()


@contextmanager
def _client(port: int) -> Iterator[mqtt.Client]:
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()
