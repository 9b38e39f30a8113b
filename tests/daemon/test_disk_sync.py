"""What is owed is on its way to the disk before the room is touched; a disk that takes long holds nobody up."""

import threading

from orchestrator.daemon.disk_sync import DiskSync
from tests.conftest import LIMIT


def test_what_was_committed_is_on_the_disk_when_it_closes_and_nobody_waits_before() -> None:
    goes_on, synced = threading.Event(), []

    def slow() -> None:
        assert goes_on.wait(LIMIT)
        synced.append("done")

    disk = DiskSync(slow)
    disk.soon()
    assert synced == []
    goes_on.set()
    disk.close()
    assert synced == ["done"]


def test_many_commits_while_a_disk_is_busy_are_one_more_sync() -> None:
    goes_on, begun, synced = threading.Event(), threading.Event(), []

    def slow() -> None:
        begun.set()
        assert goes_on.wait(LIMIT)
        synced.append("done")

    disk = DiskSync(slow)
    disk.soon()
    assert begun.wait(LIMIT)
    for _ in range(20):
        disk.soon()
    goes_on.set()
    disk.close()
    assert synced == ["done", "done"]
