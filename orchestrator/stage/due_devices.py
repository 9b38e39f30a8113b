"""Which devices are to be told or looked after, and when: a heap of moments, never a scan of all devices."""

import heapq
from collections.abc import Mapping

from orchestrator.stage.staged_device import StagedDevice, earliest
from orchestrator.units import Ms


class DueDevices:
    """The devices of a stage by the moment at which each is due next."""

    def __init__(self, devices: Mapping[str, StagedDevice]) -> None:
        self.is_connected = True
        """Whether there is a broker: without one nobody can be told anything."""
        self._devices = devices
        self._heap: list[tuple[Ms, int, str]] = []
        self._entries = 0

    def next_deadline(self) -> Ms | None:
        """When something is due; None while nothing is, or nobody could hear it."""
        while self._heap and self._heap[0][0] != self._next(self._devices[self._heap[0][2]]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def call(self, one: StagedDevice, now: Ms) -> None:
        """It is to be told something as soon as may be."""
        if one.is_online is False or not self.is_connected:
            return
        if one.due is None or one.due > now:
            if one.due is None or one.since > now:
                one.since = now
            one.due = now
        self.enter(one)

    def enter(self, one: StagedDevice) -> None:
        """Note anew when it is due: to be called whenever that may have changed."""
        moment = self._next(one)
        if moment is not None:
            self._entries += 1
            heapq.heappush(self._heap, (moment, self._entries, one.name))

    def take(self, now: Ms) -> list[StagedDevice]:
        """Those that are due by now, in the order of their moments; each has to be entered again."""
        due: dict[str, StagedDevice] = {}
        while (deadline := self.next_deadline()) is not None and deadline <= now:
            one = self._devices[heapq.heappop(self._heap)[2]]
            due[one.name] = one
        return list(due.values())

    def _next(self, one: StagedDevice) -> Ms | None:
        doubts_at = one.doubts_at if self.is_connected and one.is_online is not False else None
        return earliest(one.due, one.silent_at, one.waits_until, doubts_at)
