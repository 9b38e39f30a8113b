"""What panels show: told when it changes, every five seconds while it counts down, and never what they would refuse."""

import json
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from orchestrator.commands import MusicVolume, Pause, Resume, Stop
from orchestrator.home.library import read
from orchestrator.integrations.display import EVERY, Shown, choice_of, display
from orchestrator.integrations.outgoing import ChoiceModel, Display
from orchestrator.integrations.presence import is_there
from orchestrator.scenes.format.parameters import resolve
from orchestrator.session.state import HoldFor, Status
from orchestrator.stage.stage import Stage
from orchestrator.units import Percent
from tests.conductor.evening import HOME, Evening, Unplug
from tests.integrations.home_assistant.cases import EVERYTHING
from tests.integrations.test_room_state import TIMELINE, WALL

NOTHING = ChoiceModel()


class Panel:
    """Somebody who looks ten times a second."""

    def __init__(self, rate=1000):
        self.evening = Evening(TIMELINE, rate=rate)
        self.shown = Shown(Display(), 0)
        self.told: list[tuple[int, Display]] = []
        self.look()

    def look(self):
        now = self.evening.now
        runner = self.evening.conductor.runner("room")
        shown = self.shown.next(display(runner, NOTHING, now, WALL + timedelta(milliseconds=now)), now)
        if shown is not None:
            self.shown = shown
            self.told.append((now, shown.display))

    def until(self, moment):
        while self.evening.now < moment:
            self.evening.until(min(self.evening.now + 100, moment))
            self.look()

    @property
    def display(self):
        return self.shown.display


def test_an_idle_room_shows_what_it_would_start():
    here = display(None, choice_of(EVERYTHING, resolve(EVERYTHING, {"bath": False}), "de"), 0, WALL)
    assert (here.status, here.progress, here.remaining, here.ends_at) == (Status.IDLE, 0, 0, None)
    assert here.choice.title == "Alles {% auf %} einmal"
    assert here.choice.parameters["bath"] is False
    assert here.choice.parameters["soak"] == 600.0


def test_the_cautions_that_apply_are_shown_and_fit_what_a_recorder_keeps():
    values = resolve(EVERYTHING, {"bath": False})
    assert choice_of(EVERYTHING, values, "de").cautions == ["Wasch die Füße.", "Hör auf, wenn es wehtut."]
    many = EVERYTHING.model_copy(update={"cautions": ["ü" * 3000] * 200})
    kept = json.dumps(choice_of(many, values, "de").cautions, ensure_ascii=False).encode()
    assert len(kept) < 15_000, "16 KiB with the rest of its attributes"


def test_a_session_shows_what_is_on():
    display_publisher = Panel()
    display_publisher.until(40_000)
    here = display_publisher.display
    assert (here.status, here.scene, here.title, here.step) == (Status.RUNNING, "small", "Small", "Dim")
    assert (here.number, here.of, here.steps) == (1, 3, ["Dim", "Wash", "Rest"])
    assert (here.instructions, here.session, here.volume) == ("Sit down.", "s", 50)


def test_it_counts_down_in_fives():
    display_publisher = Panel()
    display_publisher.until(60_000)
    moments = [at for at, here in display_publisher.told if here.status is Status.RUNNING and here.step == "Dim"][1:]
    gaps = [after - before for before, after in pairwise(moments)]
    assert gaps
    assert set(gaps) == {EVERY}
    remaining = [here.remaining for _, here in display_publisher.told[-5:]]
    assert remaining == sorted(remaining, reverse=True)
    progress = [here.progress for _, here in display_publisher.told]
    assert progress == sorted(progress)


def test_the_end_stays_where_it_is():
    display_publisher = Panel()
    display_publisher.until(75_000)
    assert len({here.ends_at for _, here in display_publisher.told if here.step == "Dim"}) <= 2


def test_a_paused_room_stands_still_and_nobody_knows_its_end():
    display_publisher = Panel()
    display_publisher.until(30_000)
    display_publisher.evening.act(Pause())
    display_publisher.look()
    assert (display_publisher.display.status, display_publisher.display.ends_at) == (Status.PAUSED, None)
    told = len(display_publisher.told)
    display_publisher.until(60_000)
    assert len(display_publisher.told) == told
    display_publisher.evening.act(Resume())
    display_publisher.look()
    assert display_publisher.display.ends_at is not None


def test_what_changes_in_kind_is_told_at_once():
    display_publisher = Panel()
    display_publisher.until(31_000)
    told = len(display_publisher.told)
    display_publisher.evening.act(MusicVolume(Percent(30.0)))
    display_publisher.look()
    assert (len(display_publisher.told), display_publisher.display.volume) == (told + 1, 30)


def test_a_step_that_waits_says_what_to_press_and_a_pause_that_it_waits():
    panel = Panel()
    while panel.display.hold is not HoldFor.PERSON:
        assert panel.display.prompt == ""
        panel.until(panel.evening.now + 1000)
    assert panel.display.prompt == "Press Next when you are ready."
    panel.evening.act(Pause())
    panel.look()
    assert panel.display.prompt.startswith("It waits for you")


def test_at_twice_the_speed_it_takes_half_as_long_by_the_clock():
    slow, fast = Panel(), Panel(2000)
    slow.until(12_000)
    fast.until(12_000)
    assert fast.display.remaining == pytest.approx(slow.display.remaining / 2, abs=6)


def test_after_the_end_it_is_idle_again():
    display_publisher = Panel()
    display_publisher.until(30_000)
    display_publisher.evening.act(Stop())
    display_publisher.until(60_000)
    assert display_publisher.display == Display()


def test_what_is_published_is_what_the_model_says():
    display_publisher = Panel()
    display_publisher.until(100_000)
    for _, here in display_publisher.told:
        again = json.loads(here.payload())
        assert Display.model_validate_json(here.payload()) == here
        assert again["ends_at"] is None or datetime.fromisoformat(again["ends_at"]).tzinfo is not None


def test_a_room_is_there_until_every_device_that_it_casts_is_known_to_be_away():
    evening = Evening(TIMELINE)
    cast = [device.name for device in HOME.cast_in("room")]
    for name in ("strip", "bulb"):
        evening.act(Unplug(name))
    evening.until(evening.now + 1000)
    assert is_there(HOME, "room", evening.conductor.stage)
    for name in cast:
        evening.act(Unplug(name))
    evening.until(evening.now + 1000)
    away = all(evening.conductor.stage.is_away(name) for name in cast)
    assert is_there(HOME, "room", evening.conductor.stage) is not away


def test_a_group_is_away_with_its_members_and_a_room_without_devices_is_there():
    home = read(
        "home: h\nformat: 1\ndevices:\n"
        "  lamp: {kind: light, dialect: zigbee2mqtt, topic: z/lamp}\n"
        "  both: {kind: light, dialect: zigbee2mqtt, topic: z/both, members: [lamp]}\n"
        "rooms: {den: {roles: {main: both}}, attic: {roles: {}}}",
        "home.yaml",
    )
    stage = Stage(home.devices.values(), {})
    assert is_there(home, "den", stage)
    stage._devices["lamp"].is_online = False
    assert not is_there(home, "den", stage)
    assert is_there(home, "attic", stage)
