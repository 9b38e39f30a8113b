"""What is owed is on the disk before the room is touched; a disk that takes long holds nobody up for long."""

import threading

from orchestrator.daemon.disk_sync import DiskSync
from tests.conftest import LIMIT


def test_what_was_committed_is_on_the_disk_when_now_returns() -> None:
    synced: list[str] = []
    disk = DiskSync(lambda: synced.append("done"))
    disk.now()
    assert synced == ["done"]
    disk.close()


def test_a_disk_that_takes_long_is_not_waited_for_and_gets_there_all_the_same() -> None:
    goes_on, synced = threading.Event(), []

    def slow() -> None:
        assert goes_on.wait(LIMIT)
        synced.append("done")

    disk = DiskSync(slow)
    disk.now()
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
