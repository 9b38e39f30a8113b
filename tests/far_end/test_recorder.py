"""What an evening leaves in Home Assistant's recorder and log, read from its own database.

Of a stepped fade nothing but what the lamp itself did; of an evening of 25 minutes less than 400 rows; no warning.

The evening is played ten times as fast. Most rows come of what happens in it, and are as many at any speed. Three
follow the clock, and so pass over figures here: the minutes that remain, the progress, and the music's volume while it
fades. Of these as many are counted as there can be at most: one a minute, one a percent.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Mosquitto
from tests.far_end.rehearsed_home import (
    LIGHTS,
    MUSIC,
    OF_THIS_INSTALLATION,
    PACKAGE,
    SCENT,
    SECOND,
    STAND_INS,
    Watcher,
    begin,
    played_on,
)
from tests.system.home_assistant import HomeAssistant, found

pytestmark = [pytest.mark.timeout(1800), pytest.mark.broker]

SCENE, MINUTES, SPEED = "evening-wind-down", 25, 10.0
MOST_ROWS = 400
BY_THE_CLOCK = {
    "sensor.relax_den_remaining": MINUTES + 1,
    "sensor.relax_den_progress": 101,
    "number.relax_den_volume": 101,
}
"""How many rows of each there can be at most."""
THEIR_OWN = (*LIGHTS.values(), MUSIC, SECOND, SCENT, "tts.rehearsed_voice")
"""What these do is recorded as theirs, whoever tells them."""
DATABASE = "home-assistant_v2.db"
RECORDER = "recorder:\n  commit_interval: 1\n"
ECHO = """
template:
  - sensor:
      - name: Echo
        unique_id: echo
        state: "{{ state_attr('light.rehearsed_cloud', 'brightness') }}"
"""
"""Somebody who makes a row of each step of a lamp: what the judge has to notice."""
FADE = """
scene: fade
format: 1
languages: [en]
title: One long fade
roles: {main: {kind: light}}
looks:
  low: {main: {brightness: 10%, temperature: 2200K}}
steps: [{step: sink, look: low, fade: 1min, lasts: 70s}]
finish: {look: restore, fade: 1s}
"""


def rows(ha: HomeAssistant, since: float) -> Counter[str]:
    """How many states of each entity its recorder has written since a moment."""
    asked = (
        "SELECT states_meta.entity_id, COUNT(*) FROM states JOIN states_meta USING (metadata_id)"
        " WHERE last_updated_ts > ? GROUP BY states_meta.entity_id"
    )
    with closing(sqlite3.connect(f"file:{ha.config / DATABASE}?mode=ro", uri=True)) as database:
        return Counter(dict(database.execute(asked, (since,)).fetchall()))


def newest(ha: HomeAssistant) -> float:
    """The moment of the last row, by its own clock."""
    with closing(sqlite3.connect(f"file:{ha.config / DATABASE}?mode=ro", uri=True)) as database:
        return float(database.execute("SELECT COALESCE(MAX(last_updated_ts), 0) FROM states").fetchone()[0])


def beyond_own(counted: Mapping[str, int]) -> dict[str, int]:
    return {entity: count for entity, count in counted.items() if entity not in THEIR_OWN}


def in_real_time(counted: Mapping[str, int]) -> int:
    """How many rows there are at most where it is played at speed 1."""
    others = beyond_own(counted)
    return sum(others.values()) + sum(most - others.get(name, 0) for name, most in BY_THE_CLOCK.items())


@pytest.fixture
def ha(mosquitto: Mosquitto) -> Iterator[HomeAssistant]:
    with found() as home:
        for file in home.config.glob(f"{DATABASE}*"):
            file.unlink()
        home.put("custom_components/rehearsed", STAND_INS)
        home.put("packages/rehearsed.yaml", PACKAGE)
        home.put("packages/recorder.yaml", RECORDER)
        home.put("packages/echo.yaml", ECHO)
        home.start(mosquitto.port)
        yield home


def test_an_evening_is_less_than_400_rows_and_no_warning(
    ha: HomeAssistant, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    with Watcher(ha) as watcher, played_on(ha, mosquitto.port, tmp_path) as service:
        watcher.wait_for(LIGHTS["ceiling"], lambda now: now["state"] == "on")
        watcher.wait_for("select.relax_den_scene", lambda now: now["state"] != "unavailable")
        service.until(lambda: not service.state.get("missing"), "all are there")
        threading.Event().wait(3.0)
        since = newest(ha)
        begin(service, SCENE, parameters={"length": f"{MINUTES}min"}, rate=SPEED)
        service.is_given_back()
        threading.Event().wait(3.0)
        counted = rows(ha, since)
    counted.pop("sensor.echo", None)
    print(f"{in_real_time(counted)} rows at most, of them counted: {dict(sorted(beyond_own(counted).items()))}")
    print(f"their own: {[(each, counted[each]) for each in THEIR_OWN]}")
    assert counted["sensor.relax_den_step"] > 3, "the recorder records"
    assert in_real_time(counted) < MOST_ROWS
    assert all(counted[name] <= most for name, most in BY_THE_CLOCK.items())
    assert not [each for each in ha.complaints("") if not any(word in each for word in OF_THIS_INSTALLATION)]


def test_a_stepped_fade_is_the_rows_of_its_lamp_and_no_others(
    ha: HomeAssistant, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes" / "fade.yaml").write_text(FADE)
    cloud = LIGHTS["cloud"]
    with Watcher(ha) as watcher, played_on(ha, mosquitto.port, tmp_path) as service:
        watcher.wait_for(cloud, lambda now: now["state"] == "on")
        begin(service, "fade")
        service.until(lambda: service.told("step_started"), "it fades")
        threading.Event().wait(5.0)
        since, told = newest(ha), watcher.client.attribute(cloud, "told")
        threading.Event().wait(40.0)
        told = watcher.client.attribute(cloud, "told") - told
        threading.Event().wait(2.0)
        counted = rows(ha, since)
        service.tell("abort")
        service.is_given_back()
    echo = counted.pop("sensor.echo", 0)
    by_the_clock = {name: count for name, count in beyond_own(counted).items() if name in BY_THE_CLOCK}
    print(f"{counted[cloud]} rows of the lamp, which was told {told} times; beside it {beyond_own(counted)}")
    assert told > 20, "it is faded in steps"
    assert counted[cloud] <= told + 6, "two seconds more are in the database than were counted"
    assert beyond_own(counted) == by_the_clock, "nobody else has a row of it"
    assert by_the_clock.get("sensor.relax_den_remaining", 0) <= 2
    assert echo > 10, "and somebody who does make one is noticed"
