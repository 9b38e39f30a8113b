"""A room of one family's lamps plays the foot massage, and everything is given back as it was."""

import json
from typing import Any

import pytest

TASMOTA = """
home: tasmota
format: 1
devices:
  lamp: {kind: light, dialect: tasmota, topic: lamp, set_options: [117]}
  strip: {kind: light, dialect: tasmota, topic: home/strip, full_topic: "%topic%/%prefix%/", colors: [rgb]}
  spot: {kind: light, dialect: tasmota, topic: spot, colors: [temperature], set_options: [20, 117]}
  plain: {kind: light, dialect: tasmota, topic: plain, dimmer: none}
  burner: {kind: switch, dialect: tasmota, topic: burner}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/room}
rooms:
  room: {roles: {main: lamp, glow: [strip, spot], accent: plain, music: speaker, voice: speaker, warmth: burner}}
music: {calm: http://nas.local/calm.mp3}
"""
WLED = """
home: wled
format: 1
devices:
  lamp: {kind: light, dialect: wled, topic: wled/0455f0}
  strip: {kind: light, dialect: wled, topic: shelf, colors: []}
  spot: {kind: light, dialect: wled, topic: wled/ddeeff}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/room}
rooms:
  room: {roles: {main: lamp, glow: [strip, spot], music: speaker, voice: speaker}}
music: {calm: http://nas.local/calm.mp3}
"""
HOMIE = """
home: homie
format: 1
devices:
  lamp:
    {kind: light, dialect: homie, topic: homie/5/lamp/light, version: 5,
     properties: {on: power, brightness: dim, temperature: ct, color: color}}
  strip: {kind: light, dialect: homie, topic: homie/strip/led, version: 4, properties: {color: color}}
  spot:
    {kind: light, dialect: homie, topic: ebus/5/spot/light, version: 5, properties: {brightness: dim, temperature: ct}}
  plain: {kind: light, dialect: homie, topic: homie/plain/led, version: 4, properties: {on: power}}
  burner: {kind: switch, dialect: homie, topic: homie/5/plug/relay, version: 5, properties: {on: state}}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/room}
rooms:
  room: {roles: {main: lamp, glow: [strip, spot], accent: plain, music: speaker, voice: speaker, warmth: burner}}
music: {calm: http://nas.local/calm.mp3}
"""
HOMES = {
    "homie": (HOMIE, ("homie/5/lamp/light/dim",), ("homie/5/lamp/light/dim/set", "homie/strip/led/color/set")),
    "tasmota": (TASMOTA, ("tele/lamp/STATE", "stat/lamp/RESULT"), ("cmnd/lamp/Backlog", "home/strip/cmnd/Backlog")),
    "wled": (WLED, ("wled/0455f0/v",), ("wled/0455f0/api", "shelf/api")),
}
"""By family: a home, where a lamp of it says how it is, and where its lamps are commanded."""


@pytest.fixture(params=HOMES)
def family(request, tmp_path):
    text, said, commanded = HOMES[request.param]
    home = tmp_path / "home.yaml"
    home.write_text(text)
    return home, said, commanded


def played(relax, home, *does):
    done = relax("simulate", "foot-massage", "--home", str(home), "--room", "room", "--json", "--heard", *does)
    assert done.code == 0
    *messages, last = (json.loads(line) for line in done.out.splitlines())
    events = [each["payload"] for each in messages if each.get("topic") == "relax/rooms/room/event"]
    return messages, last["summary"], events


def of(events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [each["details"] for each in events if each["event"] == name]


def test_the_foot_massage_plays_whole_and_nothing_of_its_lamps_looks_like_a_hand(relax, family):
    home, _, commanded = family
    messages, summary, events = played(relax, home)
    assert summary["status"] == "finished"
    assert set(commanded) <= {each.get("topic") for each in messages}
    assert {each["event"] for each in events} & {
        "overridden",
        "device_refused",
        "out_of_range",
        "device_silent",
    } == set()
    assert {(each["left"], each["owed"]) for each in of(events, "given_back")} == {("", "")}


def test_a_stop_gives_every_lamp_back_as_it_was(relax, family):
    home, said, _ = family
    messages, _, events = played(relax, home, "--do", "3:20=stop")
    given = ", ".join(each["given"] for each in of(events, "given_back")).split(", ")
    assert {"lamp", "strip", "spot", "speaker"} <= set(given)
    states = [each["payload"] for each in messages if each.get("topic") in said and each.get("from") == "home"]
    assert len(states) > 5
    assert states[-1] == states[0]


def test_a_lamp_that_somebody_turns_off_and_on_at_the_wall_is_theirs(relax, family):
    home, _, _ = family
    hands = ("--do", "2:00=hand lamp 0%", "--do", "2:20=hand lamp 66%")
    _, _, events = played(relax, home, *hands, "--do", "3:20=stop")
    assert [each["device"] for each in of(events, "overridden")] == ["lamp"]
    left = [each["left"] for each in of(events, "given_back")]
    assert left[0] == "lamp"
