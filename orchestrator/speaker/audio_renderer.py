"""Mixes ahead of the output, in a thread of its own, so that the output's callback only hands over what is ready.

60 ms are mixed ahead, more where that was too few; what is slow (decoding, synthesis) is further
ahead by itself, in `Prefetched`.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from orchestrator.speaker.mixer import Mark, Mixer
from orchestrator.speaker.sound import Samples

AHEAD = 3
"""Blocks that are mixed ahead: `play` and `say` are heard that much later. One more each time that it was too few."""

MOST_AHEAD = 15

logger = logging.getLogger(__name__)


class AudioRenderer:
    """`pull` is the output's; everything else belongs to whoever gives orders. `deliver` is given what has been heard.

    `deliver` is called in the renderer's thread and must come back at once.
    """

    def __init__(self, mixer: Mixer, deliver: Callable[[Callable[[], None]], None]) -> None:
        self.latency = 0
        """Frames between `pull` and the ear: the output's."""
        self.played = 0
        """Frames that were pulled."""
        self.missed = 0
        """Frames that were not ready when they were pulled, and are heard as silence."""
        self._mixer = mixer
        self._deliver = deliver
        self._ready: deque[Samples] = deque()
        self._cut: Samples | None = None
        self._marks: list[Mark] = []
        self._deep = AHEAD
        self._lock = threading.Lock()
        self._wanted = threading.Condition()
        self._ends = False
        self._thread = threading.Thread(target=self._render, name="speaker renderer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        with self._wanted:
            self._ends = True
            self._wanted.notify()
        self._thread.join()
        self._mixer.close()

    @contextmanager
    def mixer(self) -> Iterator[Mixer]:
        """The mixer, between two blocks."""
        with self._lock:
            yield self._mixer

    def pull(self, frames: int) -> Samples:
        """The next frames, at once: silence where they are not ready."""
        out = np.zeros((frames, 2), np.float32)
        at = 0
        while at < frames:
            block = self._cut if self._cut is not None else self._ready.popleft() if self._ready else None
            if block is None:
                self.missed += frames - at
                self._deep = min(self._deep + 1, MOST_AHEAD)
                break
            part = block[: frames - at]
            out[at : at + len(part)] = part
            at += len(part)
            self._cut = block[len(part) :] if len(part) < len(block) else None
        self.played += at
        with self._wanted:
            self._wanted.notify()
        return out

    def _render(self) -> None:
        while True:
            with self._wanted:
                self._wanted.wait_for(lambda: self._ends or len(self._ready) < self._deep, timeout=0.02)
                if self._ends:
                    return
            try:
                while len(self._ready) < self._deep:
                    with self._lock:
                        self._ready.append(self._mixer.mix())
                        self._marks += self._mixer.marks
                        self._mixer.marks.clear()
            except Exception:
                logger.exception("Something went wrong in the mixer")
            self._tell()

    def _tell(self) -> None:
        heard = self.played - self.latency
        due = [mark for mark in self._marks if mark.frame <= heard]
        if due:
            self._marks = [mark for mark in self._marks if mark.frame > heard]
            for mark in sorted(due, key=lambda each: each.frame):
                self._deliver(mark.heard)
