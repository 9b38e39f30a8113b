"""The bare responder: paho, one thread, `select()` and a heap. It sends a reply and a score, and knows nothing else.

`bare.py HOST PORT FOLDER`: what the daemon does with the whole program, as little as can be.
"""

import heapq
import itertools
import json
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from account import Account
from paho.mqtt.enums import CallbackAPIVersion


def respond(host: str, port: int, folder: Path) -> None:
    score = json.loads((folder / "score.json").read_text())
    due: list[tuple[float, int, str, str]] = []
    order = itertools.count()

    def tune(_client: mqtt.Client, _userdata: object, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connected(client: mqtt.Client, *_: object) -> None:
        client.subscribe("relax/rooms/+/command")

    def subscribed(client: mqtt.Client, *_: object) -> None:
        client.publish("relax/status", "online")

    def hear(client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        name = message.topic.split("/")[2]
        request, room = json.loads(message.payload), name.removeprefix("room-")
        now = time.monotonic()
        for at, lamp, payload in score:
            heapq.heappush(due, (now + at / 1000, next(order), f"bench/lamp/{room}/{lamp}/set", payload))
        client.publish(f"relax/rooms/{name}/reply", json.dumps({"request_id": request["request_id"], "ok": True}))

    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_socket_open = tune
    client.on_connect = connected
    client.on_subscribe = subscribed
    client.on_message = hear
    client.connect(host, port)
    while True:
        wait = max(due[0][0] - time.monotonic(), 0.0) if due else 1.0
        sock = client.socket()
        assert sock is not None
        readable, _, _ = select.select([sock], [sock] if client.want_write() else [], [], min(wait, 1.0))
        if readable:
            client.loop_read()
        while due and due[0][0] <= time.monotonic():
            _, _, topic, payload = heapq.heappop(due)
            client.publish(topic, payload)
        if client.want_write():
            client.loop_write()
        client.loop_misc()


account = Account()
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
try:
    respond(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
finally:
    account.settle()
