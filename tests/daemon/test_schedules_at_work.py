"""Schedules in a service on a real broker: announced, judged, begun once, told; and what a restart makes of them."""

import json
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orchestrator.daemon import service
from orchestrator.daemon.clock import local_time
from orchestrator.devices.messages import Message
from orchestrator.home.library import load
from orchestrator.integrations.outgoing import ScheduleState
from orchestrator.journal.why import why
from tests.conftest import Mosquitto, until
from tests.daemon.serving import BRIEF, ENVIRONMENT, House, Process, client, devices, house, write_house

LOCATION = "location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}\n"
TONIGHT = datetime.fromisoformat("2026-11-27T22:14:59.900+01:00")
AHEAD = datetime.fromisoformat("2026-11-27T22:04:59.900+01:00")
BEFORE = timedelta(minutes=3)
"""From when a house begins to when something is due in it: however long it takes to begin, nothing is due yet."""
NIGHTLY = """\
schedules:
  late: {{scene: quiet, room: den, at: "22:15"{more}}}
"""


def nightly(more: str = "") -> str:
    return LOCATION + NIGHTLY.format(more=f", {more}" if more else "")


class Wall:
    """A clock on the wall that goes as ours does, and can be set."""

    def __init__(self, shows: datetime) -> None:
        self._ahead = shows - local_time()

    def __call__(self) -> datetime:
        return local_time() + self._ahead

    def set(self, shows: datetime) -> None:
        self._ahead = shows - local_time()


def strikes(place: House, wall: Wall, shows: datetime) -> None:
    """The clock on the wall comes to a moment; nobody waits for it."""
    wall.set(shows)
    place.service.look()


def state(place: House, name: str = "late") -> dict[str, Any]:
    told = [one.payload for one in place.client.heard if one.topic == f"relax/schedules/{name}/state"]
    return json.loads(told[-1]) if told else {}


def tell(place: House, payload: str, name: str = "late") -> None:
    place.client.connection.publish([Message(f"relax/schedules/{name}/command", payload)])


def replies(place: House, name: str = "late") -> list[dict[str, Any]]:
    return [json.loads(one.payload) for one in place.client.heard if one.topic == f"relax/schedules/{name}/reply"]


CAREFUL = """
scene: careful
format: 1
languages: [en, de]
title: {en: Careful, de: Vorsicht}
parameters: {bath: {flag: true}}
cautions:
  - {when: bath, text: {en: Warm water only., de: Nur warmes Wasser.}}
  - {en: Stop when it hurts., de: "Hör auf, wenn es wehtut."}
roles: {main: {kind: light}}
steps: [{step: rest, lasts: 5s}]
"""


async def test_a_schedule_tells_the_first_caution_of_what_it_will_begin(tmp_path: Path, mosquitto: Mosquitto) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "careful.yaml").write_text(CAREFUL)
    more = """language: de
schedules:
  wet: {{scene: careful, room: den, at: "04:05"}}
  dry: {{scene: careful, room: den, at: "04:35", set: {{bath: false}}}}
  none: {{scene: quiet, room: den, at: "05:05"}}
"""
    async with house(tmp_path, mosquitto, more=LOCATION + more.format()) as place:
        await until(lambda: all(state(place, name) for name in ("wet", "dry", "none")))
        told = {name: state(place, name)["caution"] for name in ("wet", "dry", "none")}
        assert told == {"wet": "Nur warmes Wasser.", "dry": "Hör auf, wenn es wehtut.", "none": None}


def spoken(place: House) -> list[str]:
    told = [json.loads(one.payload) for one in place.client.heard_of("speakers/den/set")]
    return [each["text"] for each in told if each.get("do") == "say"]


async def answered(place: House, payload: str, name: str = "late") -> dict[str, Any]:
    before = len(replies(place, name))
    tell(place, payload, name)
    await until(lambda: len(replies(place, name)) > before)
    await place.client.caught_up()  # how it stands now comes behind the reply
    return replies(place, name)[-1]


async def ended(place: House) -> None:
    """Whatever is on is over, and the room given back."""
    await place.client.ask("abort")
    await until(lambda: place.client.state()["status"] == "idle")
    await place.service.daemon.settled("den")


async def test_it_begins_on_its_minute_and_says_so(tmp_path: Path, mosquitto: Mosquitto) -> None:
    more = nightly().replace("scene: quiet", "scene: brief")
    wall = Wall(TONIGHT - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        await until(lambda: state(place))
        assert state(place)["next"] == "2026-11-27T22:15:00+01:00"
        assert state(place)["last"] is None
        ScheduleState.model_validate(state(place))
        strikes(place, wall, TONIGHT)
        await until(lambda: place.client.state()["status"] == "running")
        assert place.client.state()["trigger"] == "schedule"
        await until(lambda: state(place)["last"])
        assert state(place)["last"]["result"] == "started"
        assert state(place)["last"]["session"] == place.client.state()["id"]
        assert state(place)["next"] == "2026-11-28T22:15:00+01:00"
        await until(lambda: place.client.state()["status"] == "idle")
        assert place.client.state()["last"]["ending"] == "finished"


@pytest.mark.parametrize(
    ("said", "why_not"),
    [
        ([], ["home/presence has said nothing yet, and home is wanted."]),
        ([("home/presence", "away")], ["home/presence says away, and home is wanted."]),
        (
            [("home/presence", "home"), ("tv/state", '{"state": "playing"}')],
            ['tv/state says {"state": "playing"}, and {{ value_json.state != \'playing\' }} is wanted.'],
        ),
        ([("home/presence", "home"), ("tv/state", '{"state": "off"}')], []),
    ],
)
async def test_what_did_not_begin_says_why_with_the_value_that_it_saw(
    tmp_path: Path, mosquitto: Mosquitto, said: list[tuple[str, str]], why_not: list[str]
) -> None:
    conditions = (
        "if: [idle, {topic: home/presence, equals: home},"
        " {topic: tv/state, template: \"{{ value_json.state != 'playing' }}\"}]"
    )
    wall = Wall(TONIGHT - BEFORE)
    more = LOCATION + NIGHTLY.replace("{more}", "{0}").format(f", {conditions}")
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        await until(lambda: state(place))
        place.client.connection.publish([Message(topic, payload, retain=True) for topic, payload in said])
        await until(lambda: all(place.client.heard_of(topic) for topic, _ in said))
        await place.client.caught_up()
        strikes(place, wall, TONIGHT)
        await until(lambda: state(place)["last"])
        if why_not:
            assert state(place)["last"]["result"] == "unmet"
            assert all(sentence in state(place)["last"]["why"] for sentence in why_not)
            assert place.client.state()["status"] == "idle"
            (newest, *_) = why(place.journal)
            assert newest.sentence.startswith("late, due Fri 27 Nov 22:15, did not begin. ")
            assert all(sentence in newest.sentence for sentence in why_not)
        else:
            assert state(place)["last"]["result"] == "started"
            await ended(place)


async def test_a_machine_that_is_taken_to_another_zone_keeps_the_hours_of_its_wall(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = ["Europe/Berlin"]
    monkeypatch.setattr(service, "local_zone", lambda: ZoneInfo(zones[0]))
    more = NIGHTLY.format(more="")
    async with house(tmp_path, mosquitto, wall=Wall(AHEAD), more=more) as place:
        await until(lambda: state(place))
        assert state(place)["next"] == "2026-11-27T22:15:00+01:00"
        zones[0] = "America/New_York"
        place.service.look()
        await until(lambda: state(place)["next"] == "2026-11-27T22:15:00-05:00")
        assert state(place)["last"] is None


async def test_in_another_zone_it_still_knows_who_is_home(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = ["Europe/Berlin"]
    monkeypatch.setattr(service, "local_zone", lambda: ZoneInfo(zones[0]))
    wall = Wall(AHEAD)
    more = NIGHTLY.format(more=", if: {topic: home/presence, equals: home}")
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        await until(lambda: state(place))
        place.client.connection.publish([Message("home/presence", "home")])
        await until(lambda: place.client.heard_of("home/presence"))
        await place.client.caught_up()
        zones[0] = "Europe/Paris"
        place.service.look()
        strikes(place, wall, TONIGHT)
        await until(lambda: state(place)["last"])
        assert state(place)["last"]["result"] == "started"
        await ended(place)


async def test_what_is_not_said_because_it_would_not_begin_is_not_announced(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    more = nightly("announce: 10min, if: {topic: tv, equals: off}")
    wall = Wall(AHEAD - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        place.client.connection.publish([Message("tv", "playing", retain=True)])
        await until(lambda: place.client.heard_of("tv") and state(place))
        await place.client.caught_up()
        strikes(place, wall, AHEAD + timedelta(seconds=10))
        assert (await answered(place, "now"))["error"]["code"] == "not_now"
        assert state(place)["announced"] is False
        assert spoken(place) == []


async def test_a_schedule_that_cannot_be_played_is_said_when_it_is_read_and_when_it_is_due(
    tmp_path: Path, mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    more, wall = nightly().replace("scene: quiet", "scene: quite"), Wall(TONIGHT - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        assert "A schedule cannot be played as it is: " in caplog.text
        assert "There is no scene 'quite'. Did you mean quiet?" in caplog.text
        strikes(place, wall, TONIGHT)
        await until(lambda: state(place) and state(place)["last"])
        assert state(place)["last"]["result"] == "refused"
        assert state(place)["last"]["why"] == "There is no scene 'quite'. Did you mean quiet?"


async def test_a_calendar_that_changes_is_taken_up(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """By a process of its own: the file is watched with the home's."""
    begins = (local_time() + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{0:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
    frame = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{0}END:VCALENDAR\r\n"
    (tmp_path / "evenings.ics").write_text(frame.format(event.format(begins)))
    write_house(tmp_path, mosquitto.port, "schedules:\n  late: {scene: quiet, room: den, calendar: evenings.ics}\n")
    process = Process(tmp_path)
    async with client(mosquitto) as somebody:

        def following() -> str:
            told = [one.payload for one in somebody.heard_of("relax/schedules/late/state")]
            return str(json.loads(told[-1])["next"]) if told else ""

        process.start()
        await until(lambda: following().startswith(f"{begins:%Y-%m-%dT12:00}"))
        later = begins + timedelta(days=1)
        (tmp_path / "evenings.ics").write_text(frame.format(event.format(later)))
        await until(lambda: following().startswith(f"{later:%Y-%m-%dT12:00}"))
        assert process.end() == 0


async def test_a_broken_calendar_keeps_the_service_from_nothing_else_and_is_taken_up_when_it_is_mended(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    begins = (local_time() + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
    event = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART:{begins:%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
    whole = f"BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n"
    (tmp_path / "evenings.ics").write_text("<html>Please log in</html>")
    more = "  late: {scene: quiet, room: den, calendar: evenings.ics}\n"
    more += '  nightly: {scene: quiet, room: den, at: "22:15"}\n'
    write_house(tmp_path, mosquitto.port, f"schedules:\n{more}")
    process = Process(tmp_path)
    async with client(mosquitto) as somebody:

        def told(name: str = "late") -> dict[str, Any]:
            heard = [one.payload for one in somebody.heard_of(f"relax/schedules/{name}/state")]
            return json.loads(heard[-1]) if heard else {}

        process.start()
        try:
            await until(lambda: bool(told()) and bool(told("nightly")))
            assert told()["next"] is None
            assert told()["problem"].startswith("Its calendar evenings.ics is of no use: this is no iCalendar file")
            assert (told("nightly")["problem"], told("nightly")["next"] is not None) == (None, True)
            await until(lambda: process.says("late cannot begin before that is mended"))
            (tmp_path / "evenings.ics").write_text(whole)
            await until(lambda: str(told()["next"]).startswith(f"{begins:%Y-%m-%dT12:00}"))
            assert told()["problem"] is None
            somebody.connection.publish([Message("relax/schedules/late/command", "skip")])
            await until(lambda: told()["skipped"] is not None)
            (tmp_path / "evenings.ics").unlink()
            await until(lambda: told()["problem"] is not None)
            (tmp_path / "evenings.ics").write_text(whole)
            await until(lambda: told()["problem"] is None)
            assert told()["skipped"] is not None  # what was said of it still holds
            assert process.end() == 0
        finally:
            process.kill()


async def test_a_presence_of_ten_minutes_is_waited_for(tmp_path: Path, mosquitto: Mosquitto) -> None:
    more, wall = nightly("if: {topic: home/presence, equals: home, for: 10min}"), Wall(TONIGHT - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        place.client.connection.publish([Message("home/presence", "home", retain=True)])
        await place.client.caught_up()
        strikes(place, wall, TONIGHT)
        await until(lambda: state(place) and state(place)["last"])
        assert state(place)["last"]["result"] == "unmet"
        assert state(place)["last"]["why"].endswith("and 10 min is wanted.")


async def test_not_again_on_the_same_day(tmp_path: Path, mosquitto: Mosquitto) -> None:
    wall = Wall(TONIGHT - timedelta(hours=1))
    async with house(tmp_path, mosquitto, wall=wall, more=nightly("if: not_today")) as place:
        await place.client.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "1s"}})
        await until(lambda: place.client.state()["status"] == "running")
        await place.client.ask("abort")
        await until(lambda: place.client.state()["status"] == "idle")
        strikes(place, wall, TONIGHT)
        await until(lambda: state(place)["last"])
        assert state(place)["last"]["why"] == "It was played once today."
        strikes(place, wall, TONIGHT + timedelta(days=1))
        await until(lambda: state(place)["last"]["result"] == "started")
        await ended(place)


async def test_a_busy_room_is_said(tmp_path: Path, mosquitto: Mosquitto) -> None:
    wall = Wall(TONIGHT - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=nightly()) as place:
        await place.client.ask({"command": "start", "scene": "quiet", "parameters": {"rest": "10min"}})
        strikes(place, wall, TONIGHT)
        await until(lambda: state(place)["last"])
        assert state(place)["last"]["result"] == "refused"
        assert state(place)["last"]["why"].startswith("In den the scene quiet is on.")
        await ended(place)


ANNOUNCED = nightly("announce: 10min, set: {rest: 1s}")


async def test_it_is_announced_aloud_and_can_be_put_off_left_out_or_begun(tmp_path: Path, mosquitto: Mosquitto) -> None:
    wall = Wall(AHEAD - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=ANNOUNCED) as place:
        strikes(place, wall, AHEAD)
        await until(lambda: spoken(place))
        assert spoken(place) == ["Quiet begins in ten minutes."]
        await until(lambda: state(place)["announced"])
        assert (await answered(place, "later"))["ok"]
        assert state(place)["next"] == "2026-11-27T22:30:00+01:00"
        assert state(place)["postponed"] == "2026-11-27T22:15:00+01:00"
        await until(lambda: len(spoken(place)) == 2)
        assert spoken(place)[1].startswith("In 25 minutes, then.")
        assert (await answered(place, "skip"))["ok"]
        assert state(place)["skipped"] == "2026-11-27T22:15:00+01:00"
        assert state(place)["next"] == "2026-11-28T22:15:00+01:00"
        await until(lambda: spoken(place)[2:] == ["Not this time, then."])
        refused = await answered(place, "now")
        assert refused["error"]["code"] == "not_now"
        assert (await answered(place, "unskip"))["ok"]
        reply = await answered(place, '{"command": "now", "request_id": "n"}')
        assert reply["ok"]
        assert reply["session"]
        await until(lambda: place.client.state()["id"] == reply["session"])
        assert (await answered(place, '{"command": "now", "request_id": "n"}')) == reply
        assert state(place)["next"] == "2026-11-28T22:15:00+01:00"
        await ended(place)


async def test_a_button_of_the_room_leaves_it_out(tmp_path: Path, mosquitto: Mosquitto) -> None:
    path = write_house(tmp_path, mosquitto.port, ANNOUNCED)
    buttons = "scent: burner}, buttons: {remote: {toggle: now, hold: later, off: stop}}}"
    path.write_text(path.read_text().replace("scent: burner}}", buttons))
    wall = Wall(AHEAD - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=None) as place:
        strikes(place, wall, AHEAD)
        await until(lambda: spoken(place))
        assert spoken(place) == ["Quiet begins in ten minutes. Say or press: skip, later, or now."]
        place.simulator.press("remote", "off")
        await until(lambda: state(place)["skipped"])
        assert place.client.state()["status"] == "idle"


async def test_it_says_when_it_begins_as_far_ahead_as_one_asks(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto, wall=Wall(AHEAD - timedelta(hours=1)), more=nightly()) as place:
        await until(lambda: state(place))
        first = await answered(place, "times")
        assert (len(first["times"]), first["more"], first["times"][0]) == (40, True, state(place)["next"])
        asked = {"command": "times", "from": first["times"][-1], "to": "9999-01-01T00:00:00Z"}
        onward = await answered(place, json.dumps(asked))
        assert onward["times"][0] == first["times"][-1], "from a moment on"
        long_ago = {**asked, "from": "1999-01-01T00:00:00Z"}
        assert (await answered(place, json.dumps(long_ago)))["times"][0] == state(place)["next"], "none is past"
        assert (await answered(place, json.dumps({**asked, "to": asked["from"]})))["times"] == []
        wrong = await answered(place, json.dumps({**asked, "from": "tomorrow"}))
        assert wrong["error"]["code"] == "malformed"


@pytest.mark.parametrize(
    ("command", "told", "answer"),
    [
        ({"command": "stop"}, "skipped", "Not today, then."),
        ({"command": "pause"}, "postponed", "Later, then."),
        ({"command": "extend", "by": "20min"}, "postponed", "Later, then."),
    ],
)
async def test_a_command_for_the_room_means_what_is_announced_there(
    command: dict[str, str], told: str, answer: str, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    wall = Wall(AHEAD - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=ANNOUNCED) as place:
        refused = await place.client.ask(command)
        assert refused["error"]["code"] == "not_now"
        strikes(place, wall, AHEAD)
        await until(lambda: state(place)["announced"])
        said = await place.client.ask({**command, "answer": "en"})
        assert (said["ok"], said["answer"]) == (True, answer)
        await until(lambda: state(place)[told] is not None)


async def test_commands_are_refused_with_a_code_and_a_sentence(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with house(tmp_path, mosquitto, wall=Wall(AHEAD - timedelta(hours=1)), more=nightly()) as place:
        await until(lambda: state(place))
        for payload, name, code in [
            ("later", "late", "not_now"),
            ("unskip", "late", "not_now"),
            ("skpi", "late", "malformed"),
            ('{"command": "skip", "by": 1}', "late", "malformed"),
            ("skip", "latte", "unknown_schedule"),
        ]:
            reply = await answered(place, payload, name)
            assert reply["ok"] is False
            assert reply["error"]["code"] == code, reply
            assert reply["error"]["message"].endswith((".", "?")), reply
        assert place.client.state()["status"] == "idle"
        assert (await answered(place, "disable"))["ok"]
        assert state(place)["enabled"] is False
        assert state(place)["next"] is None
        assert (await answered(place, "run"))["session"]
        await until(lambda: place.client.state()["status"] == "running")
        await ended(place)


async def test_a_retained_command_is_refused(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with client(mosquitto) as somebody:
        somebody.connection.publish([Message("relax/schedules/late/command", "run", retain=True)])
        await until(lambda: somebody.heard_of("relax/schedules/late/command"))
        async with house(tmp_path, mosquitto, wall=Wall(AHEAD - timedelta(hours=1)), more=nightly()) as place:
            await until(lambda: replies(place))
            assert replies(place)[0]["error"]["code"] == "retained"
            assert place.client.state()["status"] == "idle"


async def test_a_schedule_that_is_gone_leaves_nothing_on_the_broker(tmp_path: Path, mosquitto: Mosquitto) -> None:
    wall = Wall(AHEAD)
    async with house(tmp_path, mosquitto, wall=wall, more=nightly()) as place:
        await until(lambda: state(place))
    async with house(tmp_path, mosquitto, wall=wall, more=nightly().replace("late", "early")) as place:
        await until(lambda: state(place, "early"))
        await until(lambda: [one.payload for one in place.client.heard_of("relax/schedules/late/state")][-1:] == [""])
    async with client(mosquitto) as somebody:
        await until(lambda: somebody.heard_of("relax/schedules/early/state"))
        assert somebody.heard_of("relax/schedules/late/state") == []


async def test_one_scene_after_the_other_and_none_after_a_stop(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """An evening of several scenes is one evening: a second one in this week may come."""
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "again.yaml").write_text(BRIEF.replace("scene: brief", "scene: again"))
    pieces = "[brief, {scene: again, set: {rest: 2s}}]"
    more = LOCATION + (
        f'schedules:\n  late: {{scene: {pieces}, room: den, at: "22:15", if: {{less_than: 2 this week}}}}\n'
    )
    wall = Wall(TONIGHT - BEFORE)
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        await until(lambda: state(place))
        strikes(place, wall, TONIGHT)
        await until(lambda: len(place.client.events("session_started")) == 2)
        assert [each["ending"] for each in (one["details"] for one in place.client.events("landed"))] == ["finished"]
        await until(lambda: len(place.client.events("landed")) == 2)
        strikes(place, wall, TONIGHT + timedelta(days=1))
        await until(lambda: len(place.client.events("session_started")) == 3)
        await until(lambda: place.client.state()["status"] == "running")
        await place.client.ask("stop")
        await until(lambda: place.client.state()["status"] == "idle")
        await until(lambda: state(place)["last"]["why"] == "brief was stopped: the rest was left out.")
        assert len(place.client.events("session_started")) == 3


async def test_a_sequence_goes_on_although_its_schedule_comes_due_meanwhile(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    more = LOCATION + 'schedules:\n  late: {scene: [brief, brief], room: den, at: "22:15"}\n'
    wall = Wall(TONIGHT - timedelta(minutes=1))
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        assert (await answered(place, "run"))["ok"]
        await until(lambda: place.client.state()["status"] == "running")
        strikes(place, wall, TONIGHT + timedelta(seconds=5))
        await until(lambda: state(place)["last"]["result"] == "refused")
        await until(lambda: len(place.client.events("session_started")) == 2)
        await ended(place)


# Restarts


@pytest.mark.parametrize(
    ("if_missed", "late", "result"),
    [("skip", 12, "missed"), ("run within 30min", 12, "started"), ("run within 30min", 40, "missed")],
)
async def test_a_service_that_was_away_over_the_time_runs_or_skips_it_once(
    tmp_path: Path, mosquitto: Mosquitto, if_missed: str, late: int, result: str
) -> None:
    """Also where it asks who is home: that is heard once it is back, and judged then."""
    more = nightly(f"if_missed: {if_missed}, set: {{rest: 1s}}, if: {{topic: home/presence, equals: home}}")
    async with house(tmp_path, mosquitto, wall=Wall(TONIGHT - timedelta(minutes=10)), more=more) as place:
        place.client.connection.publish([Message("home/presence", "home", retain=True)])
        await until(lambda: place.client.heard_of("home/presence") and state(place))
        await place.client.caught_up()
    wall = Wall(TONIGHT + timedelta(minutes=late))
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        place.service.look()
        await until(lambda: state(place) and state(place)["last"])
        assert state(place)["last"]["result"] == result
        assert state(place)["next"] == "2026-11-28T22:15:00+01:00"
        if result == "missed":
            assert "relax was not there when it was due" in state(place)["last"]["why"]
        else:
            await ended(place)
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        place.service.look()
        await until(lambda: state(place))
        assert place.client.events("session_started") == []
        assert state(place)["last"]["result"] == result


async def test_skips_and_switches_survive_a_restart(tmp_path: Path, mosquitto: Mosquitto) -> None:
    wall = Wall(TONIGHT - timedelta(hours=2))
    more = nightly() + '  early: {scene: quiet, room: den, at: "21:00"}\n'
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        await until(lambda: state(place) and state(place, "early"))
        await answered(place, "skip")
        await answered(place, "disable", "early")
    async with house(tmp_path, mosquitto, wall=wall, more=more) as place:
        await until(lambda: state(place) and state(place, "early"))
        assert state(place)["skipped"] == "2026-11-27T22:15:00+01:00"
        assert state(place, "early")["enabled"] is False


async def test_a_killed_service_that_missed_its_time_makes_up_for_it_once(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """A process of its own, killed before the time and started after it, three times."""
    began = local_time().astimezone().replace(microsecond=0)
    due = (began + timedelta(minutes=10)).replace(second=0)
    more = f'schedules:\n  soon: {{scene: quiet, room: den, at: "{due:%H:%M}", if_missed: run within 30min}}\n'
    path = write_house(tmp_path, mosquitto.port, more)
    process = Process(tmp_path)
    async with devices(load(path, ENVIRONMENT), mosquitto), client(mosquitto) as somebody:
        started: Callable[[], int] = lambda: len(somebody.events("session_started"))  # noqa: E731 - for `until`
        process.start()
        await until(lambda: somebody.heard_of("relax/schedules/soon/state"))
        process.kill()
        ahead = str((due - began).total_seconds() + 300)
        for _ in range(2):
            process.start(AHEAD=ahead)
            await until(lambda: started() == 1)
            await until(lambda: process.says("relax serves"))
            process.kill()
        process.start(AHEAD=ahead)
        await until(lambda: len(somebody.events("session_resumed")) >= 1)
        assert started() == 1
        assert process.end(signal.SIGTERM) == 0
