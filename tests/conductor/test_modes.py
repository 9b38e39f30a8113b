"""One session a room: what a second start does, and who gives back what."""

import pytest

from orchestrator.commands import Stop
from orchestrator.conductor.journal_entries import Begun, Ended, Entered, Owed, Settled
from orchestrator.conductor.request import Mode, Start
from orchestrator.errors import Reason, Refused
from orchestrator.events.device import GivenBack
from orchestrator.events.session import Landed, SessionStarted
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Move, Timeline
from orchestrator.session.state import Status
from tests.conductor.evening import Evening
from tests.session.timelines import GLOW, MAIN, MUSIC, landing

ROLES = {"main": ("ceiling", "linear", "ikea"), "glow": ("strip", "bulb"), "music": ("speaker",)}


def scene(name: str, *moves: Move, lasts: int = 60_000) -> Timeline:
    used = {move.track for move in moves}
    chapter = Chapter(name, name, 0, lasts, None, tuple(Cue(0, Anchor.START, move) for move in moves))
    ways_out = (landing(way, 3000) for way in ("finish", "stopped", "lost"))
    finish, stopped, lost = (
        way._replace(cues=tuple(cue for cue in way.cues if isinstance(cue.what, Move) and cue.what.track in used))
        for way in ways_out
    )
    return Timeline(name, name, "en", (chapter,), finish, stopped, lost)


FIRST = scene("first", Move(MAIN, 20.0, 5000), Move(GLOW, 40.0, 5000))
SECOND = scene("second", Move(MAIN, 50.0, 5000))


def start(name: str, timeline: Timeline, mode: Mode = Mode.SINGLE, **more: object) -> Start:
    roles = {role: ROLES[role] for role in dict.fromkeys(track.role for track in (MAIN, GLOW, MUSIC))}
    return Start(name, "room", timeline, roles, "voice", mode=mode, **more)  # type: ignore[arg-type]


def evening() -> Evening:
    one = Evening(FIRST)
    one.until(20_000)
    return one


def test_a_room_that_is_busy_refuses_and_goes_on() -> None:
    one = evening()
    with pytest.raises(Refused) as refusal:
        one.conductor.start(start("t", SECOND), one.now)
    assert refusal.value.reason is Reason.ROOM_BUSY
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.start.name == "s"


def test_a_successor_gives_back_what_was_before_its_predecessor() -> None:
    one = evening()
    one.conductor.start(start("t", SECOND, Mode.RESTART), one.now)
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)


def test_what_the_successor_does_not_use_is_given_back_at_once() -> None:
    one = evening()
    only_main = start("t", SECOND, Mode.RESTART)._replace(roles={"main": ROLES["main"]})
    one.conductor.start(only_main, one.now)
    one.until(one.now + 8000)
    assert one.state()["strip"] == pytest.approx(0.0)
    assert one.state()["ceiling"] == pytest.approx(50.0, abs=1)


def test_a_queued_session_begins_when_the_room_is_free_and_the_room_is_given_back_after_it() -> None:
    one = evening()
    assert one.conductor.start(start("t", SECOND, Mode.QUEUED), one.now) is False
    one.until(200_000)
    assert [event.session for event in one.told(SessionStarted)] == ["s", "t"]
    assert one.state() == pytest.approx(one.before, abs=0.5)


def test_no_more_than_three_wait_and_none_longer_than_half_an_hour() -> None:
    one = Evening(scene("long", Move(MAIN, 20.0, 5000), lasts=3_600_000))
    for number in range(3):
        one.conductor.start(start(f"q{number}", SECOND, Mode.QUEUED), one.now)
    with pytest.raises(Refused, match="wait already"):
        one.conductor.start(start("q3", SECOND, Mode.QUEUED), one.now)
    one.until(one.now + 1_800_001)
    assert len(one.events("queue_dropped")) == 3


def test_a_start_while_landing_takes_over() -> None:
    one = evening()
    one.act(Stop())
    one.conductor.start(start("t", SECOND), one.now)
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)


def test_a_device_in_use_elsewhere_is_done_without_where_it_may_be() -> None:
    one = evening()
    other = one.conductor._rooms["room"]
    one.conductor._rooms["other"] = other
    del one.conductor._rooms["room"]
    other.start = other.start._replace(room="other")
    with pytest.raises(Refused) as refusal:
        one.conductor.start(start("t", SECOND), one.now)
    assert refusal.value.reason is Reason.DEVICE_BUSY


# The four races of Home Assistant's scripts: core#49247, #113089, #115325, #116247.


def test_the_new_run_is_there_before_the_old_one_is_stopped() -> None:
    one = evening()
    one.conductor.start(start("t", SECOND, Mode.RESTART), one.now)
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.start.name == "t"
    assert runner.status is Status.RUNNING
    assert one.conductor.next_deadline() is not None


def test_stopping_a_run_that_has_not_begun_returns_and_lands() -> None:
    one = Evening(FIRST, latency=400)
    one.conductor.stage.lost()
    one.conductor.stage.connected(one.now)
    one.play([])
    one.conductor.start(start("t", SECOND), one.now)
    one.act(Stop())
    one.play([])
    assert one.told(Landed)[-1].ending == "stopped"


def test_no_step_slips_through_after_a_stop() -> None:
    one = evening()
    one.act(Stop())
    steps = len(one.events("step_started"))
    one.play([])
    assert len(one.events("step_started")) == steps


def test_two_starts_at_once_leave_exactly_one_session() -> None:
    one = evening()
    one.conductor.start(start("t", SECOND, Mode.RESTART), one.now)
    one.conductor.start(start("u", FIRST, Mode.RESTART), one.now)
    runner = one.conductor.runner("room")
    assert runner is not None
    assert runner.start.name == "u"
    one.play([])
    assert one.state() == pytest.approx(one.before, abs=0.5)
    assert one.conductor.stage.debts == []


def test_the_ledger_tells_what_is_owed_before_it_is_sent_and_when_it_is_paid() -> None:
    one = Evening(FIRST)
    first = one.conductor.entries()
    assert isinstance(first[0], Begun)
    assert {entry.debt.device for entry in first if isinstance(entry, Owed)} == {*ROLES["main"], *ROLES["glow"]}
    assert [entry.chapter for entry in first if isinstance(entry, Entered)] == ["first"]
    one.play([])
    rest = one.conductor.entries()
    assert {entry.device for entry in rest if isinstance(entry, Settled)} >= {*ROLES["main"], *ROLES["glow"]}
    assert [str(entry.ending) for entry in rest if isinstance(entry, Ended)] == ["finished"]


def test_after_landing_one_line_says_what_was_given_back() -> None:
    one = evening().play([])
    [given] = one.told(GivenBack)
    assert "ceiling" in given.given
