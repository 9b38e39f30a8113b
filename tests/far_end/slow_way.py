"""A broker that is far away: a way to it that takes its time in both directions."""

import queue
import socket
import threading
import time
from contextlib import suppress
from typing import Self

_LARGEST = 65_536


class SlowWay:
    """Use it in `with`: who connects to `port` reaches the broker, each byte `seconds` later, either way."""

    def __init__(self, to_port: int, seconds: float) -> None:
        self._to_port = to_port
        self._seconds = seconds
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._sockets: list[socket.socket] = [self._listener]
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._sockets:
            _shut(each)
        for thread in self._threads:
            thread.join()
        for each in self._sockets:
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port))
                for each in (near, far):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets += (near, far)
                for one, other in ((near, far), (far, near)):
                    self._carry(one, other)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        ways = [
            threading.Thread(target=self._take, args=(one, under_way)),
            threading.Thread(target=self._bring, args=(other, under_way)),
        ]
        self._threads += ways
        for thread in ways:
            thread.start()

    def _take(self, one: socket.socket, under_way: "queue.SimpleQueue[tuple[float, bytes]]") -> None:
        data = b"."
        while data:
            try:
                data = one.recv(_LARGEST)
            except OSError:
                data = b""
            under_way.put((time.monotonic() + self._seconds, data))

    def _bring(self, other: socket.socket, under_way: "queue.SimpleQueue[tuple[float, bytes]]") -> None:
        while True:
            due, data = under_way.get()
            time.sleep(max(due - time.monotonic(), 0.0))
            if not data:
                _shut(other)
                return
            with suppress(OSError):
                other.sendall(data)


def _shut(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
