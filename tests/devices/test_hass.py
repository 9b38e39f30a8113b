"""What the codec of Home Assistant's devices remembers: what a player calls what it plays, presses, effects, groups."""

import json
from typing import Any

import pytest

from orchestrator.devices.dialects.hass import Hass, HassSettings
from orchestrator.devices.messages import (
    ButtonReport,
    Change,
    Message,
    Play,
    PlayerReport,
    Report,
    SetLight,
    StopMusic,
)
from orchestrator.home.library import read
from orchestrator.units import Percent
from orchestrator.values import Rgb

CAN = 1 | 4 | 256 | 512 | 2048 | 4096 | 262_144
"""Pause, volume, turn off, play media, source, stop, repeat."""
CALM = "media-source://media_source/local/calm.mp3"
SIGNED = "http://192.168.1.5:8123/media/local/calm.mp3?authSig=x"


class Device:
    def __init__(self, entity: str, **more: Any) -> None:
        self.codec = Hass("one", HassSettings.model_validate({"dialect": "hass", "entity": entity, **more}))
        self._topic = f"hass/{entity}"

    def says(self, word: str, **attributes: Any) -> list[Report]:
        payload = json.dumps({"state": word, "attributes": attributes})
        return list(self.codec.decode(Message(f"{self._topic}/state", payload)))

    def plays(self, word: str, **attributes: Any) -> str | None:
        said = self.says(word, supported_features=CAN, **attributes)
        return next((each.playing for each in said if isinstance(each, PlayerReport)), None)

    def told(self, change: Change) -> list[str]:
        """The services that are called, with what is said to them."""
        calls = [json.loads(message.payload) for message in self.codec.encode(change)]
        return [" ".join([call["service"], *map(str, call["service_data"].values())]) for call in calls]


def test_what_a_player_calls_what_it_was_told_to_play_is_that() -> None:
    player = Device("media_player.den")
    player.plays("playing", media_content_id="spotify:track:1", media_content_type="music", repeat="one")
    player.told(Play(CALM))
    assert player.plays("playing", media_content_id="spotify:track:1", media_content_type="music") == "spotify:track:1"
    assert player.plays("buffering") == CALM
    assert player.plays("playing", media_content_id=SIGNED, media_content_type="music") == CALM
    assert player.plays("paused", media_content_id=SIGNED, media_content_type="music") == CALM
    assert player.plays("playing", media_content_id="http://other", media_content_type="music") == "http://other"
    assert player.plays("idle") == ""


def test_a_player_repeats_our_music_and_what_was_on_before_as_that_did() -> None:
    player = Device("media_player.den")
    player.plays("playing", media_content_id="spotify:track:1", media_content_type="music", repeat="off")
    assert player.told(Play(CALM)) == ["repeat_set one", f"play_media {CALM} music"]
    player.plays("playing", media_content_id=SIGNED, media_content_type="music", repeat="one")
    assert player.told(StopMusic()) == ["media_stop", "repeat_set off"]
    player.plays("idle", repeat="off")
    assert player.told(Play("spotify:track:1")) == ["play_media spotify:track:1 music"]
    player.plays("playing", media_content_id="radio:7", media_content_type="music", repeat="off")
    player.told(Play(CALM))
    assert player.told(Play("radio:7")) == ["play_media radio:7 music"], "of the next session as well"


def test_a_player_that_was_off_is_off_again() -> None:
    player = Device("media_player.den")
    player.plays("off", repeat="one")
    player.told(Play(CALM))
    player.plays("playing", media_content_id=SIGNED, media_content_type="music", repeat="one")
    assert player.told(StopMusic()) == ["media_stop", "turn_off"]


def test_a_source_is_given_back_as_one() -> None:
    player = Device("media_player.den")
    assert player.plays("on", source="TV") == "source:TV"
    player.told(Play(CALM))
    assert player.told(Play("source:TV")) == ["select_source TV"]


@pytest.mark.parametrize("entity", ["button.bell", "input_button.bell", "binary_sensor.bell", "event.bell"])
def test_a_press_is_another_state_than_the_one_before(entity: str) -> None:
    bell = Device(entity)

    def pressed(word: str) -> list[Report]:
        return [each for each in bell.says(word, event_type="on") if isinstance(each, ButtonReport)]

    assert pressed("2026-11-22T20:00:00+00:00") == []
    assert len(pressed("2026-11-22T20:00:01+00:00")) == 1
    assert pressed("2026-11-22T20:00:01+00:00") == []
    assert pressed("unavailable") == []
    assert pressed("2026-11-22T20:00:05+00:00") == [], "it may have been pressed long ago"
    assert len(pressed("2026-11-22T20:00:06+00:00")) == 1
    bell.codec.decode(Message(f"hass/{entity}/status", "offline"))
    assert pressed("2026-11-22T20:00:09+00:00") == []


def test_the_first_press_of_all_is_one() -> None:
    dial = Device("event.dial")
    assert len(dial.says("unknown", event_type=None)) == 1
    assert dial.says("2026-11-22T20:00:01+00:00", event_type="press")[1:] == [ButtonReport("press")]


def test_an_effect_ends_with_a_colour_and_comes_back_with_its_own() -> None:
    strip = Device("light.strip")
    can = {"supported_color_modes": ["rgb"], "supported_features": 36, "effect_list": ["off", "candle"]}
    strip.says("on", **can, brightness=128, color_mode="rgb", rgb_color=[255, 120, 0], effect="candle")
    assert strip.told(SetLight(Percent(30.0), Rgb(0.0, 0.0, 255.0))) == ["turn_on 76 [0, 0, 255] off 0"]
    strip.says("on", **can, brightness=76, color_mode="rgb", rgb_color=[0, 0, 255], effect="off")
    assert strip.told(SetLight(Percent(30.0), Rgb(0.0, 255.0, 0.0))) == ["turn_on 76 [0, 255, 0] 0"]
    assert strip.told(SetLight(Percent(50.0), Rgb(255.0, 120.0, 0.0))) == ["turn_on 128 [255, 120, 0] candle 0"]


def test_a_lamp_without_a_transition_is_never_told_one() -> None:
    cloud = Device("light.cloud")
    cloud.says("on", supported_color_modes=["brightness"], supported_features=0, brightness=10, color_mode="brightness")
    assert cloud.told(SetLight(Percent(30.0), None, 5000)) == ["turn_on 76"]
    assert cloud.told(SetLight(Percent(0.0), None, 5000)) == ["turn_off"]


def test_the_members_of_a_group_are_devices_of_the_home_where_all_of_them_are_in_it() -> None:
    home = read(
        """
home: h
format: 1
devices:
  both: {dialect: hass, entity: light.both}
  one: {dialect: hass, entity: light.one}
  two: {dialect: hass, entity: light.two}
rooms: {den: {roles: {main: both}}}
""",
        "home.yaml",
    )
    state = {"state": "on", "attributes": {"entity_id": ["light.one", "light.two"], "brightness": 9}}
    home.devices["both"].dialect.decode(Message("hass/light.both/state", json.dumps(state)))
    assert home.devices["both"].members == ("one", "two")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"entity": "hue_sofa"}, "expected an entity id"),
        ({"entity": "climate.den"}, "can be no light"),
        ({"entity": "light.a", "kind": "voice"}, "can be no voice"),
        ({"entity": "media_player.a", "kind": "voice", "tts": "light.a"}, "expected an entity such as tts.piper"),
        ({"entity": "assist_satellite.a", "tts": "tts.piper"}, "leave `tts` and `voice` away"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(entry: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why.replace("`", ".")):
        HassSettings.model_validate({"dialect": "hass", **entry})


def test_what_a_device_is_says_its_domain() -> None:
    kinds = {
        "light.a": "light", "switch.a": "switch", "fan.a": "switch", "media_player.a": "player",
        "assist_satellite.a": "voice", "event.a": "button", "binary_sensor.a": "button",
    }  # fmt: skip
    made = {entity: HassSettings.model_validate({"dialect": "hass", "entity": entity}).kinds for entity in kinds}
    assert {entity: str(kind) for entity, (kind,) in made.items()} == kinds
