"""What a Homie node says belongs together: a value and what it is a value of, a lamp and whether it is on."""

import json

import pytest
from pydantic import ValidationError

from orchestrator.devices.dialects.homie import Homie, HomieSettings
from orchestrator.devices.messages import LightAbilitiesReport, LightReport, Message, SetLight
from orchestrator.units import Percent
from orchestrator.values import HueSaturation, Rgb, Temperature, Xy

NODE = "homie/5/lamp-1/light"


def lamp(version=5, topic=NODE, **properties):
    entry = {"kind": "light", "dialect": "homie", "topic": topic, "version": version, "properties": properties}
    return Homie("lamp", HomieSettings.model_validate(entry))


def value(id_, payload, *, retain=False, node=NODE):
    return Message(f"{node}/{id_}", payload, retain=retain)


def description(**properties):
    payload = json.dumps({"homie": "5.0", "nodes": {"light": {"properties": properties}}})
    return Message("homie/5/lamp-1/$description", payload, retain=True)


def told(codec, change):
    return [(each.topic.removeprefix(f"{NODE}/").removesuffix("/set"), each.payload) for each in codec.encode(change)]


def test_a_value_that_was_heard_before_its_range_is_read_anew():
    codec = lamp(brightness="dim")
    assert codec.decode(value("dim", "51", retain=True)) == (LightReport(Percent(51.0)),)
    assert codec.decode(value("dim", "204", retain=True)) == ()
    reports = codec.decode(description(dim={"datatype": "integer", "format": "0:255", "unit": "%"}))
    assert reports == (LightReport(Percent(80.0)),)
    assert told(codec, SetLight(Percent(20.0), None)) == [("dim", "51")]
    assert codec.decode(description(dim={"datatype": "integer", "format": "0:255", "unit": "%"})) == ()


@pytest.mark.parametrize(
    ("about", "white", "says"),
    [
        ({"format": "153:400", "unit": "MK⁻¹"}, "370", Temperature(370.0)),
        ({"format": "153:400"}, "370", Temperature(370.0)),
        ({"format": "2500:6500", "unit": "K"}, "2703", Temperature.of_kelvin(2703)),
    ],
)
def test_whites_are_in_what_the_lamp_says_that_they_are_in(about, white, says):
    codec = lamp(brightness="dim", temperature="ct")
    (report,) = codec.decode(description(ct={"datatype": "integer", **about}))
    assert isinstance(report, LightAbilitiesReport)
    assert report.light.warmest == 400.0
    assert told(codec, SetLight(None, Temperature(370.0))) == [("ct", white)]
    assert told(codec, SetLight(None, Temperature(454.0))) == [("ct", "400" if white == "370" else "2500")]
    assert codec.decode(value("ct", white)) == (LightReport(colour=says),)


def test_version_4_says_the_same_attribute_by_attribute():
    node = "homie/lamp/light"
    codec = lamp(4, node, brightness="dim", color="rgb")
    for attribute, text in (("$format", "0:1"), ("$datatype", "float")):
        codec.decode(value(f"dim/{attribute}", text, retain=True, node=node))
    codec.decode(value("rgb/$format", "hsv", retain=True, node=node))
    orange = HueSaturation(30.0, 80.0)
    assert [each.payload for each in codec.encode(SetLight(Percent(12.34), orange))] == ["30,80,100", "0.1234"]
    assert codec.decode(value("dim", "0.25", node=node)) == (LightReport(Percent(25.0)),)
    assert codec.decode(value("rgb", "30,80,100", node=node)) == (LightReport(colour=orange),)


def test_colours_are_told_in_a_form_that_the_lamp_has_and_where_it_can_in_that_of_its_own_words():
    codec = lamp(on="on", color="c", brightness="dim")
    codec.decode(description(c={"datatype": "color", "format": "hsv,xyz"}))
    assert told(codec, SetLight(None, Rgb(255.0, 0.0, 0.0)))[0] == ("c", "hsv,0,100,100")
    assert told(codec, SetLight(None, Xy(0.4, 0.35)))[0] == ("c", "xyz,0.4000,0.3500")


def test_a_lamp_comes_on_as_it_is_to_be_and_is_told_so_until_it_says_that_it_is_on():
    codec = lamp(on="on", brightness="dim")
    on = [("dim", "5"), ("on", "true")]
    assert told(codec, SetLight(Percent(5.0), None)) == on
    codec.decode(value("on", "false"))
    assert codec.decode(value("dim", "5")) == (LightReport(remembered=Percent(5.0)),)
    assert told(codec, SetLight(Percent(5.0), None)) == on
    assert codec.decode(value("on", "true")) == (LightReport(Percent(5.0)),)
    assert told(codec, SetLight(Percent(6.0), None)) == [("dim", "6")]
    assert codec.decode(value("on", "false")) == (LightReport(Percent(0.0), remembered=Percent(5.0)),)


@pytest.mark.parametrize("says", [("on", "false"), ("dim", "5")], ids=lambda one: one[0])
def test_what_a_lamp_that_is_off_goes_back_to_is_known_in_whatever_order_the_broker_has_kept_it(says):
    codec, kept = lamp(on="on", brightness="dim"), {"on": "false", "dim": "5"}
    (first,) = [id_ for id_ in kept if id_ != says[0]]
    codec.decode(value(first, kept[first], retain=True))
    assert codec.decode(value(*says, retain=True)) == (LightReport(Percent(0.0), remembered=Percent(5.0)),)


def test_a_lamp_whose_brightness_is_its_colour_keeps_its_colour_however_dark_it_gets():
    codec, orange = lamp(color="c"), Rgb(255.0, 154.0, 60.0)
    assert told(codec, SetLight(Percent(50.0), orange)) == [("c", "rgb,128,77,30")]
    for level, written in ((3.0, "rgb,8,5,2"), (0.4, "rgb,1,1,0"), (40.0, "rgb,102,62,24")):
        assert told(codec, SetLight(Percent(level), None)) == [("c", written)]
        (report,) = codec.decode(value("c", written))
        assert report.colour == orange
    assert codec.decode(value("c", "rgb,0,0,200"))[0].colour == Rgb(0.0, 0.0, 255.0), "somebody has set it"
    assert told(codec, SetLight(Percent(50.0), None)) == [("c", "rgb,0,0,128")]


def test_of_a_white_and_a_colour_that_the_broker_has_kept_the_colour_is_meant_where_it_is_another():
    blue, warm = Rgb(0.0, 0.0, 255.0), Temperature.of_kelvin(2700)
    codec = lamp(on="on", brightness="dim", temperature="ct", color="c")
    codec.decode(value("ct", "2700", retain=True))
    assert codec.decode(value("c", "rgb,0,0,255", retain=True)) == (LightReport(colour=blue),)
    assert codec.decode(value("ct", "2700", retain=True)) == (LightReport(colour=blue),)
    assert codec.decode(value("ct", "2700")) == (LightReport(colour=warm),), "who speaks now is meant"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"topic": "homie/lamp-1/light"}, "like homie/5/lamp-1/light"),
        ({"topic": "homie/7/lamp-1/light"}, "is it version 4"),
        ({"properties": {"temperature": "ct"}}, "needs `on`, `brightness` or `color`"),
        ({"kind": "switch", "properties": {"color": "c"}}, "a switch needs `on`"),
        ({"colors": ["rgb"], "properties": {"on": "power"}}, "rgb needs properties with `color`"),
        ({"properties": {"on": "light/power"}}, "expected the id of a property"),
    ],
)
def test_an_entry_that_cannot_work_says_why(entry, says):
    whole = {"kind": "light", "dialect": "homie", "topic": NODE, "version": 5, "properties": {"on": "on"}}
    with pytest.raises(ValidationError, match=says):
        HomieSettings.model_validate(whole | entry)
