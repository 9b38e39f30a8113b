"""Players of each family have the music of a foot massage, and get back what was on."""

import json

import pytest

HOME = """
home: music
format: 1
devices:
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
  player: {player}
  voice: {voice}
rooms:
  room: {{roles: {{main: lamp, music: player, voice: {speaks}}}}}
music: {{calm: "http://nas.local/calm.mp3"}}
"""
HERMES = "{kind: voice, dialect: hermes, site: room}"
HOMES = {
    "sonos2mqtt": HOME.format(
        player="{kind: [player, voice], dialect: sonos2mqtt, name: living-room}", voice=HERMES, speaks="player"
    ),
    "sonos2mqtt, a voice alone": HOME.format(
        player="{kind: player, dialect: sonos2mqtt, name: living-room, pause: false}",
        voice="{kind: voice, dialect: sonos2mqtt, name: kitchen, announce: replace}",
        speaks="voice",
    ),
    "mopidy": HOME.format(player="{kind: player, dialect: mopidy, mixer: true}", voice=HERMES, speaks="voice"),
    "mopidy, its queue": HOME.format(
        player="{kind: player, dialect: mopidy, plugin: mqtt-ng}", voice=HERMES, speaks="voice"
    ).replace("http://nas.local/calm.mp3", "queue"),
}


CANNOT_BE_ASKED = "mopidy"
"""What was on nobody knows, so nothing is given back: it is silent."""


@pytest.fixture(params=HOMES)
def home(request, tmp_path):
    written = tmp_path / f"{request.param}.yaml"
    written.write_text(HOMES[request.param])
    return written


def played(relax, home, *does):
    done = relax("simulate", "foot-massage", "--home", str(home), "--room", "room", "--json", "--heard", *does)
    assert done.code == 0
    *messages, last = (json.loads(line) for line in done.out.splitlines())
    events = [each["payload"] for each in messages if each.get("topic") == "relax/rooms/room/event"]
    return last["summary"], events


def test_the_foot_massage_plays_whole_and_no_music_looks_like_a_hand(relax, home):
    summary, events = played(relax, home)
    assert summary["status"] == "finished"
    wrong = {"overridden", "device_refused", "out_of_range", "device_silent", "device_missing", "announcement_lost"}
    assert {each["event"] for each in events} & wrong == set()
    (given,) = [each["details"] for each in events if each["event"] == "given_back"]
    expected = "lamp" if home.stem == CANNOT_BE_ASKED else "lamp, player"
    assert (given["given"], given["left"], given["owed"]) == (expected, "", "")


def test_a_volume_that_somebody_turns_is_theirs(relax, home):
    _, events = played(relax, home, "--do", "2:00=hand player 9%", "--do", "3:20=stop")
    assert [each["details"]["device"] for each in events if each["event"] == "overridden"] == ["player"]


def test_no_music_is_promised_where_the_home_has_none(relax, tmp_path):
    written = tmp_path / "quiet.yaml"
    written.write_text(HOMES["sonos2mqtt"].replace('{calm: "http://nas.local/calm.mp3"}', "{}"))
    done = relax("simulate", "foot-massage", "--home", str(written), "--room", "room")
    assert done.code == 0
    assert "the home has no music called favourite, calm, rain" in done.out
    assert "plays calm" not in done.out
    assert "music" not in done.out.replace("the home has no music called favourite, calm, rain", "").replace(
        "`music:`", ""
    )


def test_the_music_that_is_said_to_play_is_the_one_that_the_home_has(relax, tmp_path):
    written = tmp_path / "rainy.yaml"
    written.write_text(HOMES["sonos2mqtt"].replace("calm:", "rain:"))
    done = relax("simulate", "foot-massage", "--home", str(written), "--room", "room")
    assert "music plays rain" in done.out
    assert "calm" not in done.out


def test_a_home_file_that_is_looked_over_says_that_there_is_no_music_yet(relax, tmp_path):
    written = tmp_path / "quiet.yaml"
    written.write_text(HOMES["mopidy"].replace('{calm: "http://nas.local/calm.mp3"}', "{}"))
    assert "No music yet" in relax("home", "check", str(written)).out
    written.write_text(HOMES["mopidy"])
    assert "No music yet" not in relax("home", "check", str(written)).out
