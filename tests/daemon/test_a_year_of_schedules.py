"""A year of all schedules of an example home on virtual time, each session planned, played and given back."""

# ruff: noqa: E501 - a schedule a line
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.rates import bridge_rates
from orchestrator.conductor.rehearsal import live
from orchestrator.daemon.plan_cache import PlanCache
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.scheduler import Scheduler
from orchestrator.daemon.session_starter import SessionStarter
from orchestrator.devices.messages import Message
from orchestrator.events.session import Landed
from orchestrator.home.library import Home, read
from orchestrator.home.programme import programme
from orchestrator.integrations.scheduling import Scheduling
from orchestrator.journal.history import history
from orchestrator.journal.journal import Journal
from orchestrator.schedules.recurrence import fires
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import Ms, Percent

HOME = """\
home: linden-street
format: 1
location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp, colors: [temperature]}
  reading: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/reading, colors: []}
rooms:
  bedroom: {roles: {main: lamp}}
  den: {roles: {main: reading}}
schedules:
  weekdays: {scene: box-breathing, room: bedroom, cron: "15 22 * * mon-thu", if: [idle, {topic: home/presence, equals: home}]}
  summer: {scene: box-breathing, room: den, sun: sunset+1h, not_after: "22:00", days: sun, months: jun-aug}
  feet: {scene: hand-massage, room: den, at: "20:30", days: fri, jitter: 10min, holidays: {country: DE, region: BE}, if: not_today}
  early: {scene: box-breathing, room: bedroom, ends_at: "06:30", every: 2 weeks, start: 2026-01-03, except: [{from: 12-24, to: 01-06}]}
  night: {scene: box-breathing, room: den, at: "02:30", between: [{from: 03-25, to: 03-31}, {from: 10-20, to: 10-31}]}
"""
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=BERLIN)
END = datetime(2027, 1, 1, tzinfo=BERLIN)


class Year:
    """The steward and the conductor, from deadline to deadline; everybody is home but on Tuesdays."""

    def __init__(self, home: Home, folder: Path) -> None:
        repository, errors = read_scenes(())
        assert not errors
        self.now: Ms = 0
        self.end: Ms = round((END - NEW_YEAR) / timedelta(milliseconds=1))
        self.conductor = Conductor(home, bridge_rates(home))
        self.simulated = SimulatedHome(home)
        self.journal = Journal(folder / "journal.db")
        self.journal.open(NEW_YEAR, 0)
        starter = SessionStarter(self.conductor, PlanCache(home), lambda: repository, self.journal, wall=self.wall)
        self.scheduler = Scheduler(home, self.conductor, starter, self.journal, Scheduling(), machine=ZoneInfo("UTC"))
        self.scheduler.open(NEW_YEAR)
        self.ends: list[tuple[str, str]] = []

    def wall(self) -> datetime:
        return (NEW_YEAR.astimezone(UTC) + timedelta(milliseconds=self.now)).astimezone(BERLIN)

    def next(self) -> Ms | None:
        due = (
            self.conductor.next_deadline(),
            self.simulated.next_deadline(),
            self.scheduler.due(self.now, self.wall()),
        )
        return min((moment for moment in due if moment is not None), default=None)

    def play(self) -> None:
        self.hear(self.simulated.connected(0))
        for name in ("lamp", "reading"):
            self.hear(self.simulated.turn(name, 0, level=Percent(80.0)))
        while (due := self.next()) is not None and due < self.end:
            self.now = max(self.now, due)
            is_home = "away" if self.wall().weekday() == 1 else "home"
            self.scheduler.hear(Message("home/presence", is_home), self.now)
            self.hear(live(self.simulated.advance(self.now)))
            self.conductor.advance(self.now)
            if self.scheduler.due(self.now, self.wall()) == self.now:
                self.scheduler.turn(self.now, self.wall())
            self.exchange()

    def hear(self, messages: list[Message]) -> None:
        for message in messages:
            self.conductor.receive(message, self.now)

    def exchange(self) -> None:
        while True:
            messages, notes = self.conductor.take()
            self.journal.write(self.conductor.entries(), self.now)
            for note in notes:
                self.journal.record(note)
                if isinstance(note.event, Landed):
                    self.ends.append((note.room, str(note.event.ending)))
                    self.scheduler.ended(note.event.session, note.event.ending, self.now)
            if not messages:
                return
            for message in messages:
                self.hear(live(self.simulated.receive(message, self.now)))


def test_a_year_of_schedules_begins_each_on_its_minute_and_gives_every_room_back(tmp_path: Path) -> None:
    home = read(HOME, "home.yaml")
    year = Year(home, tmp_path)
    year.play()
    sessions = history(year.journal, BERLIN).played
    year.journal.close()
    assert {ending for _, ending in year.ends} == {"finished"}
    # As it was, and in the den as the hand massage leaves its light.
    assert {round(lamp.level) for lamp in year.simulated.lamps(year.now)} == {80, 35}

    begun: dict[str, list[datetime]] = {name: [] for name in home.model.schedules}
    for each in sessions:
        begun[_owner(each.room, each.scene, each.started_at)].append(each.started_at.replace(microsecond=0))
    assert sum(map(len, begun.values())) == len(sessions) == len(year.ends)
    times = {name: [f"{one:%H:%M}" for one in each] for name, each in begun.items()}
    # Mondays, Wednesdays and Thursdays of 2026; on Tuesdays nobody is home.
    assert len(begun["weekdays"]) == 52 + 52 + 53
    assert set(times["weekdays"]) == {"22:15"}
    # Fridays without Good Friday, 1 May and the first two days of Christmas that are Fridays.
    assert len(begun["feet"]) == 52 - 3
    assert all("20:30" <= one <= "20:40" for one in times["feet"])
    # Sundays of June, July and August.
    assert len(begun["summer"]) == 13
    assert all(one <= "22:00" for one in times["summer"])
    # Every second Saturday, not at the turn of the year: it is over at half past six, whatever the clocks do.
    assert len(begun["early"]) == 25
    assert set(times["early"]) == {times["early"][0]}
    # 2:30 in the nights around both changes: once each, at three where the clocks skip it.
    assert len(begun["night"]) == 7 + 12
    assert sorted(set(times["night"])) == ["02:30", "03:00"]
    assert [f"{one:%d %b}" for one in begun["night"] if f"{one:%H:%M}" == "03:00"] == ["29 Mar"]

    schedules = programme(home, BERLIN)
    due = [outlook.at for outlook in _within(fires(schedules["feet"], NEW_YEAR))]
    assert due == [moment.astimezone(UTC) for moment in begun["feet"]]


def _within(outlooks):
    for outlook in outlooks:
        if outlook.at >= END:
            return
        yield outlook


def _owner(room: str, scene: str, at: datetime) -> str:
    if scene == "hand-massage":
        return "feet"
    if room == "bedroom":
        return "early" if at.hour < 12 else "weekdays"
    return "summer" if at.hour > 12 else "night"
