"""The storm notices what it is there for: each fault is put into the service, and found by its kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.device_wants import DeviceWants
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.daemon.service import Service
from orchestrator.devices.messages import Message
from orchestrator.journal.journal import Journal
from orchestrator.stage.stage import Stage
from tests.storm.crashes import SCRIPT, every_cut
from tests.storm.evening import Deed, Evening
from tests.storm.shrink import shrunk
from tests.storm.world import World

START = Deed(5_000, "start", "minute", {"room": "den"})
QUIET = Evening(1, "small", {"lamp": {"level": 80}, "speaker": {"volume": 50}}, {}, (START,), is_calm=True)
HAND_AT, BOOTED = 23_000, 3_600_000
HAND = QUIET.with_deeds((START, Deed(HAND_AT, "hand", "lamp", {"level": 5})))
KILLED = QUIET.with_deeds((START, Deed(30_000, "kill", "", {"back": 3000})))
AGAIN = QUIET.with_deeds(
    (START, Deed(30_000, "command", "stop", {"room": "den"}), Deed(90_000, "kill", "", {"back": 3000}))
)


@contextmanager
def put_in(place: Any, name: str, instead: Any) -> Iterator[None]:
    with patch.object(place, name, instead):
        yield


def nothing(*_args: Any, **_named: Any) -> list[Any]:
    return []


def forgets(kinds: tuple[str, ...]) -> Any:
    """A journal that does not write entries of these kinds."""
    write = Journal.write

    def writes(self: Journal, entries: Any, now: int) -> None:
        write(self, [entry for entry in entries if type(entry).__name__ not in kinds], now)

    return writes


def brighter(self: DeviceWants, *args: Any) -> Any:
    want = _want(self, *args)
    return want._replace(fade=want.fade._replace(target=100.0)) if isinstance(want.fade.target, float) else want


def elsewhere(_self: DeviceWants, _attribute: Any, _back: Any, fade: Any, *_rest: Any) -> Any:
    return fade._replace(target=33.0) if isinstance(fade.target, float) else fade


def deaf(self: Stage, message: Message, now: int) -> None:
    """From the hand on nothing is heard of the lamp, for ten seconds."""
    if not (message.topic.endswith("/lamp") and HAND_AT <= now - BOOTED < HAND_AT + 10_000):
        _receive(self, message, now)


_want, _receive = DeviceWants._want, Stage.receive


def kinds(evening: Evening) -> set[str]:
    return {finding.kind for finding in World(evening).play().watcher.findings}


def test_an_undisturbed_evening_and_those_of_the_faults_are_right() -> None:
    for evening in (QUIET, HAND, KILLED, AGAIN):
        assert kinds(evening) == set()


@pytest.mark.parametrize(
    ("evening", "fault", "kind"),
    [
        pytest.param(QUIET, (Stage, "settle", nothing), "debt for ever", id="what is owed is never closed"),
        pytest.param(QUIET, (DeviceWants, "_way_back", elsewhere), "room left wrong", id="another way back"),
        pytest.param(
            QUIET, (DeviceWants, "_way_back", elsewhere), "promise broken", id="another way back is called given"
        ),
        pytest.param(QUIET, (DeviceWants, "_want", brighter), "flash", id="a lamp that is told too much"),
        pytest.param(HAND, (Stage, "receive", deaf), "person overridden", id="no hand is seen"),
        pytest.param(KILLED, (Journal, "write", forgets(("Owed",))), "debt lost", id="debts that are not written"),
        pytest.param(AGAIN, (Journal, "write", forgets(("Ended",))), "never ends", id="ends that are not written"),
        pytest.param(QUIET, (SessionRunner, "hear", nothing), "debt for ever", id="payments that are not written"),
        pytest.param(QUIET, (Service, "_ended", lambda *_: 1 / 0), "stumbles", id="a service that stumbles"),
    ],
)
def test_a_fault_is_found(evening: Evening, fault: tuple[Any, str, Any], kind: str) -> None:
    with put_in(*fault):
        assert kind in kinds(evening)


def test_a_debt_that_is_written_after_the_message_is_found_at_a_crash_point() -> None:
    """The messages go first, and the journal hears of it in the next turn."""
    entries = Conductor.entries
    late: list[Any] = []

    def too_late(self: Conductor) -> list[Any]:
        now, late[:] = list(late), entries(self)
        return now

    with put_in(Conductor, "entries", too_late):
        found = every_cut(SCRIPT, range(60, 75))
    assert any("debt lost" in finding for cut in found for finding in cut.findings)


def test_a_failure_is_made_short() -> None:
    long = replace(
        KILLED,
        deeds=(*KILLED.deeds, *(Deed(at, "command", "repeat", {"room": "den"}) for at in range(9_000, 28_000, 3_000))),
        ends_with="stop",
        latency=30,
    )
    with put_in(Journal, "write", forgets(("Owed",))):
        short = shrunk(long, "debt lost")
        assert "debt lost" in kinds(short)
    assert [deed.what for deed in short.deeds] in (["start", "kill"], ["start"])
    assert short.ends_with == ""


def test_a_failure_is_made_short_only_for_so_long() -> None:
    with put_in(Journal, "write", forgets(("Owed",))):
        assert shrunk(KILLED, "debt lost", seconds=0.0) == KILLED
