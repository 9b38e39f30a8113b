"""Zigbee2MQTT's converters take what we send to lamps of many makers: recorded, and asked again where they are.

To record: RELAX_ZIGBEE2MQTT names the folder where `.ci/run` installs the bridge;
`python -m tests.devices.test_zigbee2mqtt_verdict` writes the golden file of the version that is there.
"""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from orchestrator.devices.abilities import LightAbilities
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.dialects.zigbee2mqtt import Zigbee2Mqtt
from orchestrator.devices.messages import Message, SetLight
from orchestrator.units import OFF, Percent
from orchestrator.values import Colour, HueSaturation, Rgb, Temperature

FOLDER = Path(__file__).parent / "verdicts"
GOLDEN = FOLDER / "zigbee-herdsman-converters-26.105.0.json"
DIMMER, LAMP = [0, 3, 4, 5, 6, 8], [0, 3, 4, 5, 6, 8, 768]


class Model(NamedTuple):
    """A lamp as its radio is. `whites`: its coolest and warmest in mired, where it says that."""

    maker: str
    code: int
    name: str
    whites: tuple[int, int] | None = None
    endpoints: tuple[int, ...] = (1,)
    clusters: tuple[int, ...] = tuple(LAMP)
    capabilities: int = 31


MODELS = (
    Model("Signify Netherlands B.V.", 0x100B, "LCA001", (153, 500), (11,)),
    Model("Signify Netherlands B.V.", 0x100B, "LTA001", (153, 454), (11,), capabilities=16),
    Model("Signify Netherlands B.V.", 0x100B, "LWA001", None, (11,), tuple(DIMMER)),
    Model("Signify Netherlands B.V.", 0x100B, "LCX004", (153, 500), (11,)),
    Model("IKEA of Sweden", 0x117C, "TRADFRI bulb E27 WS opal 980lm", (250, 454), capabilities=16),
    Model("IKEA of Sweden", 0x117C, "TRADFRI bulb E27 CWS 806lm", (250, 454), capabilities=24),
    Model("IKEA of Sweden", 0x117C, "TRADFRI bulb E27 WW 806lm", None, clusters=tuple(DIMMER)),
    Model("OSRAM", 0xBBAA, "CLA60 RGBW Z3", (153, 526), (3,)),
    Model("OSRAM", 0xBBAA, "CLA60 TW OSRAM", (153, 370), (3,), capabilities=16),
    Model("innr", 0x1166, "RB 282 C", (153, 555)),
    Model("GLEDOPTO", 0x1189, "GL-C-008", (150, 500), (11, 13)),
    Model("_TZ3000_qd7hej8u", 0x1141, "TS0505B", (153, 500)),
    Model("_TZ3210_wdexaypg", 0x1141, "TS110E", None, (1, 2), tuple(DIMMER)),
    Model("Candeo", 0x1235, "C-ZB-LC20-RGB", None, (11,), capabilities=15),
    Model("Xiaomi", 0x115F, "lumi.light.aqcn02", (153, 370), capabilities=16),
    Model("MLI", 0x121B, "ZBT-ExtendedColor", (153, 556)),
    Model("OSRAM", 0xBBAA, "LIGHTIFY A19 RGBW", (152, 689), (3,)),
    Model("ROBB smarrt", 0x1224, "ROB_200-011-0", None, clusters=tuple(DIMMER)),
    Model("ICASA", 0x1224, "ICZB-R11D", None, clusters=tuple(DIMMER)),
    Model("3A Smart Home DE", 0x1037, "LXT56-LS27LX1.7", (153, 370), (11,)),
    Model("lk", 0x1168, "ZBT-CCTLight-GLS0108", (153, 370), capabilities=16),
    Model("Aurora", 0x1105, "RGBCXStrip50AU", (166, 400)),
    Model("Aurora", 0x1105, "TWGU10Bulb50AU", (166, 400), capabilities=16),
    Model("HEIMAN", 0x120B, "ColorLight", None),
    Model("lonsonho", 0x1268, "ZB-RGBCW", (153, 500)),
)
AMBER, WHITE = Rgb(255.0, 154.0, 60.0), Temperature(400.0)
CHANGES = (
    SetLight(Percent(50), None, 10_000),
    SetLight(Percent(30), WHITE, 10_000),
    SetLight(Percent(0.1), AMBER, 2_000),
    SetLight(None, AMBER, 300),
    SetLight(Percent(100), None, 0),
    SetLight(OFF, None, 5_000),
    SetLight(OFF, None, 0),
    SetLight(OFF, WHITE, 0),
    SetLight(Percent(20), HueSaturation(200.0, 70.0), 0),
)
"""What a session tells a lamp, and what one may have said of itself that is given back."""
Told = list[Any]


def codec(listed: dict[str, Any], endpoint: str | None) -> Zigbee2Mqtt:
    """The lamp, once its bridge has said what it lists."""
    family = DIALECTS["zigbee2mqtt"]
    topic = "zigbee2mqtt/lamp" if endpoint is None else f"zigbee2mqtt/lamp/{endpoint}"
    entry = {"kind": "light", "dialect": "zigbee2mqtt", "topic": topic}
    lamp = family.codec("it", family.settings.model_validate(entry))
    assert isinstance(lamp, Zigbee2Mqtt)
    named = {str(number): {"name": name} for name, number in listed["endpoints"].items()}
    device = {"friendly_name": "lamp", "ieee_address": "0x1", "definition": listed, "endpoints": named}
    lamp.decode(Message("zigbee2mqtt/bridge/devices", json.dumps([device])))
    return lamp


def changes(light: LightAbilities) -> list[SetLight]:
    """As the stage tells a lamp: what comes nearest, and one after the other where it has to be."""
    found: list[SetLight] = []
    for level, colour, transition in CHANGES:
        told: Colour | None = None if colour is None else light.nearest(colour)
        if told is not None and transition and light.one_attribute_per_fade:
            found += [SetLight(None, told, 0), *([] if level is None else [SetLight(level, None, transition)])]
        elif level is not None or told is not None:
            found.append(SetLight(level, told, transition))
    return list(dict.fromkeys(found))


def told(listed: dict[str, Any]) -> list[Told]:
    """All that our dialect says to a model, with the verb and the endpoint."""
    found: list[Told] = []
    for expose in listed["exposes"]:
        endpoint = expose.get("endpoint")
        lamp = codec(listed, endpoint)
        assert lamp.abilities.light is not None
        messages = [message for change in changes(lamp.abilities.light) for message in lamp.encode(change)]
        said = (*messages, *lamp.query())
        found += [[each.topic.rpartition("/")[2], endpoint, json.loads(each.payload)] for each in said]
    return found


def question(model: Model, messages: list[Told]) -> dict[str, Any]:
    limits = ("colorTempPhysicalMin", "colorTempPhysicalMax")
    whites = {} if model.whites is None else dict(zip(limits, model.whites, strict=True))
    return {
        "modelID": model.name,
        "manufacturerName": model.maker,
        "manufacturerID": model.code,
        "softwareBuildID": "2.3.093",
        "endpoints": model.endpoints,
        "clusters": model.clusters,
        "attributes": {"colorCapabilities": model.capabilities, **whites},
        "told": messages,
    }


def asked(messages: list[list[Told]]) -> dict[str, Any]:
    """What the converters say of this; skips where they are not."""
    folder = os.environ.get("RELAX_ZIGBEE2MQTT")
    if folder is None:
        pytest.skip("no Zigbee2MQTT: install it as .ci/run does, and set RELAX_ZIGBEE2MQTT to its folder")
    questions = [question(model, each) for model, each in zip(MODELS, messages, strict=True)]
    answer = subprocess.run(
        [f"{folder}/node/node_modules/.bin/node", str(FOLDER / "zigbee2mqtt.cjs")],
        input=json.dumps(questions),
        env={**os.environ, "Z2M": f"{folder}/bridge"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    verdict: dict[str, Any] = json.loads(answer.stdout)
    return verdict


@cache
def golden() -> dict[str, Any]:
    verdict: dict[str, Any] = json.loads(GOLDEN.read_text())
    return verdict


def recorded() -> list[Any]:
    models = golden()["models"] if GOLDEN.exists() else []
    return [pytest.param(each, id=f"{each['listed']['vendor']} {each['listed']['model']}") for each in models]


def test_they_are_lamps_of_many_makers() -> None:
    makers = {each["listed"]["vendor"] for each in golden()["models"]}
    assert len(golden()["models"]) == len(MODELS) >= 20
    assert len(makers) >= 12


@pytest.mark.parametrize("model", recorded())
def test_what_we_tell_a_lamp_is_what_was_judged(model: dict[str, Any]) -> None:
    assert told(model["listed"]) == [each["told"] for each in model["answers"]]


@pytest.mark.parametrize("model", recorded())
def test_its_converter_takes_all_of_it(model: dict[str, Any]) -> None:
    assert not [each for each in model["answers"] if "errors" in each]


@pytest.mark.parametrize("model", recorded())
def test_every_message_becomes_a_frame_and_no_level_jumps_beside_a_colour(model: dict[str, Any]) -> None:
    for answer in model["answers"]:
        (verb, _, message), frames = answer["told"], answer["frames"]
        assert frames, message
        for command, given in frames if verb == "set" else ():
            if message.get("transition") and "transtime" in given:
                assert given["transtime"] > 0, (message, command)


@pytest.mark.parametrize("model", recorded())
def test_what_is_told_costs_what_the_air_carries(model: dict[str, Any]) -> None:
    """No more frames than the budget counts, for a change that is one message."""
    for expose in model["listed"]["exposes"]:
        endpoint = expose.get("endpoint")
        lamp = codec(model["listed"], endpoint)
        assert lamp.abilities.light is not None
        frames = {json.dumps(each["told"]): each["frames"] for each in model["answers"]}
        for change in changes(lamp.abilities.light):
            messages = [["set", endpoint, json.loads(message.payload)] for message in lamp.encode(change)]
            commands = [each for message in messages for each in frames[json.dumps(message)] if each[0] != "read"]
            assert len(commands) <= lamp.cost(change), (change, commands)


@pytest.mark.parametrize("model", recorded())
def test_a_lamp_is_asked_for_whatever_colour_it_may_have(model: dict[str, Any]) -> None:
    """One answer to one question: a lamp of whites and colours is not asked for either alone."""
    reads = {"color_temp": "colorTemperature", "color_xy": "currentX", "color_hs": "currentSaturation"}
    for expose in model["listed"]["exposes"]:
        asked = [each["frames"] for each in model["answers"] if each["told"][:2] == ["get", expose.get("endpoint")]]
        read = {attribute for frames in asked for _, *attributes in frames for attribute in attributes}
        wanted = {reads[each["name"]] for each in expose["features"] if each["name"] in reads}
        assert read >= {"currentLevel", "onOff", *wanted}


def test_the_converters_still_say_so() -> None:
    """RELAX_ZIGBEE2MQTT names a folder with the bridge; without one the verdict that was recorded stands."""
    messages = [[answer["told"] for answer in model["answers"]] for model in golden()["models"]]
    verdict = asked(messages)
    for model, each in zip(verdict["models"], messages, strict=True):
        model["answers"] = [{"told": told, **answer} for told, answer in zip(each, model["answers"], strict=True)]
    if verdict["oracle"] == golden()["oracle"]:
        assert verdict == golden()
    assert not [answer for model in verdict["models"] for answer in model["answers"] if "errors" in answer]


def _record() -> None:
    listed = [model["listed"] for model in asked([[] for _ in MODELS])["models"]]
    messages = [told(each) for each in listed]
    verdict = asked(messages)
    for model, each in zip(verdict["models"], messages, strict=True):
        model["answers"] = [{"told": said, **answer} for said, answer in zip(each, model["answers"], strict=True)]
    lines = ",\n".join(f"  {json.dumps(model)}" for model in verdict["models"])
    name = verdict["oracle"].replace(" ", "-")
    (FOLDER / f"{name}.json").write_text(f'{{"oracle": {json.dumps(verdict["oracle"])}, "models": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    _record()
