"""What a Tasmota device says of itself at run time is used: its outputs, its colours, its SetOptions, its words."""

import json

import pytest
from pydantic import ValidationError

from orchestrator.devices.abilities import ColourMode, DeviceCurve, FadeBy
from orchestrator.devices.dialects.tasmota import Tasmota, TasmotaSettings
from orchestrator.devices.messages import (
    AvailabilityReport,
    LightAbilitiesReport,
    LightReport,
    Message,
    SetLight,
    SetSwitch,
    SwitchReport,
)
from orchestrator.units import Percent
from orchestrator.values import HueSaturation, Temperature

BOTH = ColourMode.TEMPERATURE | ColourMode.RGB


def codec(**entry):
    settings = {"kind": "light", "dialect": "tasmota", "topic": "lamp"} | entry
    return Tasmota("lamp", TasmotaSettings.model_validate(settings))


def config(**said):
    """What an announcement has in all versions; the first light of eight outputs, RGB and both whites."""
    usual = {
        "mac": "02A4E069201C", "hn": "lamp-1234", "t": "lamp", "ft": "%prefix%/%topic%/",
        "tp": ["cmnd", "stat", "tele"], "rl": [2, 0, 0, 0, 0, 0, 0, 0], "lt_st": 5, "lk": 1, "ty": 0, "md": "H801",
        "so": {"20": 0, "68": 0, "82": 0}, "state": ["OFF", "ON", "TOGGLE", "HOLD"],
        "ofln": "Offline", "onln": "Online",
    }  # fmt: skip
    return Message("tasmota/discovery/02A4E069201C/config", json.dumps(usual | said), retain=True)


def told(lamp, **said):
    (report,) = lamp.decode(config(**said))
    assert isinstance(report, LightAbilitiesReport)
    assert report.light == lamp.abilities.light
    return report.light


def backlog(lamp, change):
    (message,) = lamp.encode(change)
    return message.topic, message.payload


@pytest.mark.parametrize(
    ("subtype", "colours"),
    [(1, ColourMode.NONE), (2, ColourMode.TEMPERATURE), (3, ColourMode.RGB), (4, ColourMode.RGB)],
)
def test_a_lamp_has_the_colours_that_it_says(subtype, colours):
    assert told(codec(), lt_st=subtype).colours == colours


def test_what_it_says_is_nothing_new_where_it_was_taken_for_that():
    assert codec().decode(config()) == ()


def test_what_stands_in_the_home_file_is_kept_within_what_it_says():
    assert told(codec(colors=["temperature", "rgb"]), lt_st=2).colours == ColourMode.TEMPERATURE
    assert codec(colors=["rgb"]).decode(config()) == ()


def test_a_fade_of_a_fixed_time_is_its_own_and_all_others_are_made_in_steps():
    assert codec().abilities.light.fade is FadeBy.STEPPED
    light = told(codec(), so={"117": 1})
    assert (light.fade, light.longest_fade, light.off_fade) == (FadeBy.NATIVE, 20_000, True)


def test_the_home_file_goes_before_what_it_says_of_its_options():
    assert codec(set_options=[117]).decode(config(so={"117": 0})) == ()


@pytest.mark.parametrize("model", [{"ty": 1}, {"md": "WS2812 strip"}])
def test_a_dimmer_that_cannot_fade_is_not_asked_to(model):
    assert codec(set_options=[]).abilities.light.fade is FadeBy.STEPPED
    lamp = codec()
    lamp.decode(config(so={"117": 1}, **model))
    assert lamp.abilities.light.fade is FadeBy.STEPPED


def test_the_shorter_range_of_whites_is_kept_to():
    light = told(codec(), so={"82": 1})
    assert (light.coolest, light.warmest) == (200.0, 380.0)


def test_a_lamp_that_stays_off_when_it_is_dimmed_is_turned_on_as_well_and_keeps_a_level_in_the_dark():
    lamp = codec()
    light = told(lamp, so={"20": 1})
    assert light.level_while_off
    assert light.colour_while_off
    assert backlog(lamp, SetLight(Percent(20.0), None))[1].endswith("NoDelay;Dimmer 20;NoDelay;Power1 ON")


def test_a_light_of_several_channels_is_the_first_of_them_and_has_no_colour():
    lamp = codec()
    assert told(lamp, rl=[1, 2, 2, 2], so={"68": 1}).colours == ColourMode.NONE
    assert backlog(lamp, SetLight(Percent(20.0), None))[1].endswith("Channel2 20")
    (report,) = lamp.decode(Message("stat/lamp/RESULT", '{"POWER2":"ON","Channel2":20,"POWER3":"ON","Channel3":90}'))
    assert report == LightReport(Percent(20.0))


def test_white_and_colour_that_are_two_lights_are_dimmed_apart():
    colour, white = codec(), codec(output=2)
    assert told(colour, rl=[2, 2], lk=0).colours == ColourMode.RGB
    assert told(white, rl=[2, 2], lk=0).colours == ColourMode.TEMPERATURE
    change = SetLight(Percent(20.0), HueSaturation(33.0, 88.0).rgb)
    assert "Dimmer1 20" in backlog(colour, change)[1]
    assert backlog(colour, change)[1].endswith("=")
    assert backlog(white, SetLight(Percent(20.0), Temperature(300.0)))[1].endswith("CT 300")
    said = Message(
        "stat/lamp/RESULT",
        '{"POWER1":"ON","Dimmer1":40,"POWER2":"ON","Dimmer2":24,"Color":"66391F2B12","HSBColor":"22,69,40","CT":258}',
    )
    assert colour.decode(said) == (LightReport(Percent(40.0), HueSaturation(22.0, 69.0)),)
    assert white.decode(said) == (LightReport(Percent(24.0), Temperature(258.0)),)


def test_a_relay_behind_the_light_is_found_by_what_it_is():
    plug = codec(kind="switch")
    assert plug.decode(config(rl=[2, 1, 1, 1])) == ()
    assert plug.encode(SetSwitch(True)) == (Message("cmnd/lamp/Power2", "ON"),)
    assert plug.decode(Message("stat/lamp/RESULT", '{"POWER2":"OFF"}')) == (SwitchReport(False),)
    assert plug.decode(Message("stat/lamp/RESULT", '{"POWER1":"OFF"}')) == ()


def test_a_light_on_a_relay_is_only_on_or_off():
    light = told(codec(), rl=[1, 0], lt_st=0)
    assert (light.dimmable, light.fade, light.colours) == (False, FadeBy.NONE, ColourMode.NONE)


def test_a_device_that_speaks_its_own_words_is_understood():
    lamp = codec()
    lamp.decode(config(state=["AUS", "AN", "UM", "HALTEN"], ofln="weg", onln="da"))
    assert lamp.decode(Message("stat/lamp/RESULT", '{"POWER":"AUS"}')) == (LightReport(Percent(0.0)),)
    assert lamp.decode(Message("tele/lamp/LWT", "da", retain=True)) == (AvailabilityReport(True),)


@pytest.mark.parametrize("form", ["%topic%/%prefix%/", "home/%prefix%/%hostname%/", "%prefix%/%id%"])
def test_another_device_is_told_from_it_by_its_topics(form):
    assert codec().decode(config(ft=form, lt_st=1)) == ()


def test_host_name_and_id_in_its_topics_are_what_stands_there():
    lamp = codec(full_topic="home/%prefix%/%topic%/69201C")
    assert told(lamp, ft="home/%prefix%/%topic%/%id%/", lt_st=1).colours == ColourMode.NONE


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"t":"lamp"}', '{"t":"lamp","ft":"%prefix%/%topic%/","tp":[]}'])
def test_an_announcement_that_is_none_changes_nothing(broken):
    lamp = codec()
    assert lamp.decode(Message("tasmota/discovery/02A4E069201C/config", broken, retain=True)) == ()
    assert lamp.abilities == codec().abilities


def test_an_announcement_of_an_old_version_lacks_what_is_taken_as_not_set():
    assert codec().decode(config(so={}, ty=None, state=None, ofln=None)) == ()


def test_a_lamp_that_is_switched_on_at_the_wall_is_as_its_dimmer_stood():
    lamp = codec()
    on = Message("stat/lamp/RESULT", '{"POWER":"ON"}')
    assert lamp.decode(on) == ()
    lamp.decode(Message("stat/lamp/RESULT", '{"POWER":"OFF","Dimmer":35}'))
    assert lamp.decode(on) == (LightReport(Percent(35.0)),)


def test_a_lamp_whose_table_is_off_is_dimmed_by_its_photons_unless_the_home_file_knows_better():
    state = Message("tele/lamp/STATE", '{"POWER":"ON","Dimmer":35,"LedTable":"OFF"}')
    report, _ = codec().decode(state)
    assert report.light.curve is DeviceCurve.LINEAR
    assert codec(curve="squared").decode(state) == (LightReport(Percent(35.0)),)


def test_it_is_heard_under_any_commands_name_and_when_it_comes_up():
    """With `SetOption4 1` an answer is on `stat/lamp/DIMMER` and not on `stat/lamp/RESULT`."""
    topics = codec(full_topic="%topic%/%prefix%/", prefixes=["cmnd", "stat", "mele"]).topics
    assert topics == (
        "lamp/stat/+",
        "lamp/mele/STATE",
        "lamp/mele/LWT",
        "lamp/mele/INFO1",
        "tasmota/discovery/+/config",
    )


def test_its_button_needs_no_announcement():
    assert "tasmota/discovery/+/config" not in codec(kind="button").topics


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"full_topic": "lights/%topic%/"}, "needs %prefix% and %topic%"),
        ({"full_topic": "%prefix%/%hostname%/%topic%/"}, "write out what"),
        ({"full_topic": "%prefix%/%topic%/#"}, "stand for many"),
        ({"output": 0}, "greater than or equal to 1"),
        ({"dimmer": "Brightness"}, "should match pattern"),
        ({"kind": "player"}, "this dialect has no player"),
        ({"set_options": [300]}, "less than or equal to 255"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(entry, says):
    with pytest.raises(ValidationError, match=says):
        codec(**entry)


def test_a_fade_of_its_own_that_would_be_too_short_is_told():
    entry = {"kind": "light", "dialect": "tasmota", "topic": "lamp", "fade": "native"}
    assert TasmotaSettings.model_validate(entry | {"set_options": [117]}).remarks() == []
    (remark,) = TasmotaSettings.model_validate(entry | {"set_options": []}).remarks()
    assert remark.key == "fade"
