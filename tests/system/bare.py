"""The bare responder: at some moments it says something to itself over the broker, and notes how late it hears it.

`bare.py PORT MOMENTS` (milliseconds, as JSON): says `ready`, begins with a line on its standard input, and prints what
it noted. A process of its own, with nothing to do: what is late for it is late for the machine.
"""

import json
import socket
import sys
import time
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion


def tune(_client: mqtt.Client, _userdata: object, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def respond(port: int, moments: list[int]) -> list[float]:
    """Milliseconds from each moment to when it was heard."""
    late: list[float] = []
    subscribed: list[object] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_socket_open = tune
    client.on_subscribe = lambda *_: subscribed.append(True)

    def hear(_client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        late.append(time.monotonic() * 1000 - began - moments[int(message.payload)])

    client.on_message = hear
    client.connect("127.0.0.1", port)
    client.subscribe("bare")
    while not subscribed:
        client.loop(0.1)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic() * 1000
    for number, at in enumerate(moments):
        while (wait := began + at - time.monotonic() * 1000) > 0:
            client.loop(wait / 1000)
        client.publish("bare", str(number))
    while len(late) < len(moments):
        client.loop(0.1)
    return late


if __name__ == "__main__":
    print(json.dumps(respond(int(sys.argv[1]), json.loads(sys.argv[2]))))
