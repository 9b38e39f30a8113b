"""The bare responder: paho, one thread, `select()` and a heap. It sends a score, and knows nothing else.

`bare.py HOST PORT FOLDER`: what `ours.py` does with the whole program, as little as can be.
"""

import heapq
import itertools
import json
import select
import socket
import sys
import time
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from account import Account


def main() -> None:
    host, port, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    score = json.loads((folder / "score.json").read_text())
    account = Account()
    due: list[tuple[float, int, str, str]] = []
    order = itertools.count()
    is_over = False

    def tune(_client: mqtt.Client, _userdata: object, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connected(client: mqtt.Client, *_: object) -> None:
        client.subscribe("bench/to/#")

    def subscribed(client: mqtt.Client, *_: object) -> None:
        client.publish("bench/ready")

    def hear(_client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        nonlocal is_over
        verb, _, room = message.topic.removeprefix("bench/to/").partition("/")
        if verb == "start":
            now = time.monotonic()
            for at, lamp, payload in score:
                heapq.heappush(due, (now + at / 1000, next(order), f"bench/lamp/{room}/{lamp}/set", payload))
        elif verb == "mark":
            account.mark()
        else:
            is_over = True

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.on_socket_open = tune
    client.on_connect = connected
    client.on_subscribe = subscribed
    client.on_message = hear
    client.connect(host, port)
    while not is_over:
        wait = max(due[0][0] - time.monotonic(), 0.0) if due else 1.0
        sock = client.socket()
        readable, _, _ = select.select([sock], [sock] if client.want_write() else [], [], min(wait, 1.0))
        if readable:
            client.loop_read()
        while due and due[0][0] <= time.monotonic():
            _, _, topic, payload = heapq.heappop(due)
            client.publish(topic, payload)
        if client.want_write():
            client.loop_write()
        client.loop_misc()
    client.disconnect()
    account.settle()


main()
