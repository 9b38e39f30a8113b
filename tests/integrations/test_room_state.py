"""The state of a room: told when it changes, and a client that counts on by itself is right in between."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.commands import Back, Extend, MusicVolume, Next, Pause, Repeat, Resume, Stop
from orchestrator.events.session import Ending
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import Last, SessionState
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Cue, Hands, Move, Say, Timeline, Wait
from orchestrator.units import Percent
from tests.conductor.evening import Evening, Find, Lose, Plug, Turn, Unplug
from tests.conftest import FEW
from tests.session.timelines import MAIN, VOLUME, landing, timelines

WALL = datetime(2026, 11, 23, 22, 15, tzinfo=UTC)
TIMELINE = Timeline(
    "small",
    "Small",
    "en",
    (
        Chapter(
            "dim",
            "Dim",
            4000,
            60_000,
            None,
            (
                Cue(0, Anchor.START, Move(MAIN, 20.0, 60_000)),
                Cue(0, Anchor.START, Move(VOLUME, 50.0)),
                Cue(0, Anchor.START, Say("Sit down.", 4000)),
            ),
        ),
        Chapter("wash", "Wash", 0, 0, Wait(120_000, 30_000), (), hands=Hands.OILY),
        Chapter("rest", "Rest", 0, 40_000, None, ()),
    ),
    landing("finish", 6000),
    landing("stopped", 3000),
    landing("lost", 3000),
)


class Watcher:
    """Somebody who looks at the room ten times a second, and somebody else who only hears what is published."""

    def __init__(self, timeline=TIMELINE, rate=1000):
        self.evening = Evening(timeline, rate=rate)
        self.interface = Interface(["room"])
        self.told = []

    def wall(self):
        return WALL + timedelta(milliseconds=self.evening.now)

    def look(self):
        runner = self.evening.conductor.runner("room")
        messages = self.interface.session("room", runner, self.evening.now, self.wall())
        self.told += messages
        return messages

    def until(self, moment):
        while self.evening.now < moment:
            self.evening.until(min(self.evening.now + 100, moment))
            self.look()

    def state(self):
        return json.loads(self.told[-1].payload)

    def counted(self):
        """Where a client believes the session to be."""
        state = self.state()
        if state["position"] is None or state["status"] == "paused":
            return state["position"], state["remaining"]
        passed = (self.wall() - datetime.fromisoformat(state["position_at"])).total_seconds() * state["rate"]
        return state["position"] + passed, None if state["hold"] else state["remaining"] - passed

    def check(self):
        """The client is right."""
        runner = self.evening.conductor.runner("room")
        assert runner is not None
        view = runner.view(self.evening.now)
        if runner.is_over or view is None:
            assert self.state()["status"] in ("idle", "starting")
            return
        position, remaining = self.counted()
        assert position == pytest.approx(view.position / 1000, abs=0.6)
        assert remaining is None or remaining == pytest.approx(view.remaining / 1000, abs=0.6)
        assert (self.state()["chapter"], self.state()["status"]) == (view.chapter, view.status)


def test_an_idle_room_says_so():
    (message,) = Interface(["den"]).session("den", None, 0, WALL)
    assert (message.topic, message.retain) == ("relax/rooms/den/session", True)
    state = json.loads(message.payload)
    assert state.pop("status") == "idle"
    assert not any(state.values())


def test_a_session_tells_how_it_stands():
    watcher = Watcher()
    watcher.until(40_000)
    assert watcher.state() | {"position": 0, "position_at": 0, "remaining": 0} == {
        "status": "running",
        "id": "s",
        "scene": "small",
        "title": "Small",
        "language": "en",
        "chapter": "dim",
        "step": "Dim",
        "number": 1,
        "of": 3,
        "position": 0,
        "position_at": 0,
        "remaining": 0,
        "hold": None,
        "hands": "free",
        "rate": 1.0,
        "leaves": None,
        "trigger": "cli",
        "missing": [],
        "overridden": {},
        "owed": watcher.state()["owed"],
        "unanswered": [],
        "outstanding": [],
        "problem": None,
        "problem_since": None,
        "refused": None,
        "last": None,
    }
    assert "ceiling" in watcher.state()["owed"]
    assert watcher.state()["position_at"].startswith("2026-11-23T22:15:1")


def test_nobody_ticks():
    watcher = Watcher()
    watcher.until(20_000)
    before = len(watcher.told)
    watcher.until(70_000)
    assert len(watcher.told) == before
    watcher.check()


def test_a_wait_says_for_whom_and_how_long():
    watcher = Watcher()
    watcher.until(80_000)
    state = watcher.state()
    assert (state["status"], state["chapter"], state["hands"]) == ("holding", "wash", "oily")
    assert state["hold"]["for"] == "person"
    began = datetime.fromisoformat(state["position_at"])
    assert datetime.fromisoformat(state["hold"]["until"]) - began == pytest.approx(
        timedelta(minutes=2), abs=timedelta(seconds=1)
    )
    told = len(watcher.told)
    watcher.until(180_000)
    assert len(watcher.told) == told


def test_what_moves_the_end_is_told():
    watcher = Watcher()
    watcher.until(30_000)
    told = len(watcher.told)
    remaining = watcher.counted()[1]
    watcher.evening.act(Extend(120_000))
    watcher.look()
    assert len(watcher.told) == told + 1
    assert watcher.counted()[1] == pytest.approx(remaining + 120, abs=0.1)


def test_a_pause_stands_and_going_on_goes_on():
    watcher = Watcher()
    watcher.until(30_000)
    watcher.evening.act(Pause())
    watcher.look()
    assert watcher.state()["status"] == "paused"
    told, position = len(watcher.told), watcher.state()["position"]
    watcher.until(60_000)
    assert len(watcher.told) == told
    watcher.evening.act(Resume())
    watcher.look()
    assert watcher.state()["status"] != "paused"
    assert watcher.state()["position"] == pytest.approx(position, abs=0.1)


def test_what_people_and_plugs_do_is_told():
    watcher = Watcher()
    watcher.until(40_000)
    watcher.evening.act(Turn("ceiling", 90.0))
    watcher.evening.act(Unplug("strip"))
    watcher.until(41_000)
    assert watcher.state()["overridden"] == {"ceiling": ["level"]}
    assert watcher.state()["missing"] == ["strip"]


def test_the_end_is_told_with_how_it_ended_and_stays_so():
    watcher = Watcher()
    watcher.until(30_000)
    watcher.evening.act(Stop())
    watcher.until(60_000)
    assert watcher.state()["status"] == "idle"
    last = Last(session="s", scene="small", ending=Ending.STOPPED, ended_at=WALL)
    runner = watcher.evening.conductor.runner("room")
    (message,) = watcher.interface.session("room", runner, watcher.evening.now, watcher.wall(), last)
    assert json.loads(message.payload)["last"] == {
        "session": "s",
        "scene": "small",
        "ending": "stopped",
        "ended_at": "2026-11-23T22:15:00Z",
    }
    assert watcher.look() == []
    watcher.interface.forget()
    (again,) = watcher.look()
    assert again == message


def test_a_wall_clock_that_was_set_is_told():
    watcher = Watcher()
    watcher.until(30_000)
    runner = watcher.evening.conductor.runner("room")
    told = watcher.interface.session("room", runner, watcher.evening.now, watcher.wall() - timedelta(hours=1))
    assert json.loads(told[0].payload)["position_at"].startswith("2026-11-23T21:15")


def test_what_is_published_is_what_the_model_says():
    watcher = Watcher()
    watcher.until(90_000)
    for message in watcher.told:
        assert SessionState.model_validate_json(message.payload).payload() == message.payload


acts = st.sampled_from(
    [
        Pause(),
        Resume(),
        Next(),
        Back(),
        Repeat(),
        Extend(60_000),
        MusicVolume(Percent(40.0)),
        Stop(),
        Turn("ceiling", 33.0),
        Unplug("strip"),
        Plug("strip"),
        Unplug("speaker"),
        Plug("speaker"),
        Lose(),
        Find(),
    ]
)


@FEW
@given(
    timelines(),
    st.lists(st.tuples(st.integers(0, 20_000), acts), max_size=8),
    st.sampled_from([1000, 500, 4000]),
)
def test_whoever_counts_on_is_right_whatever_happens(timeline, story, rate):
    watcher = Watcher(timeline, rate)
    for pause, act in story:
        end = watcher.evening.now + pause
        while watcher.evening.now < end:
            watcher.evening.until(min(watcher.evening.now + 500, end))
            watcher.look()
            watcher.check()
        watcher.evening.act(act)
        watcher.look()
        watcher.check()
