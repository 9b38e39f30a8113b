"""A session that takes a room over finds nothing on its way that only the one before wanted."""

import json

from orchestrator.conductor.preparation import prepare
from orchestrator.conductor.request import Mode
from orchestrator.devices.messages import Message
from orchestrator.scenes import library
from tests.conductor.wired import Wired

HOME = """
devices: {lamp: {kind: light, dialect: zigbee2mqtt, topic: lamp, base: zigbee2mqtt}}
rooms: {bedroom: {roles: {main: lamp}}}
"""
SCENE = """
scene: NAME
format: 1
title: NAME
roles: {main: {kind: light}}
looks: {low: {main: LOOK}}
steps: [{step: a, look: low, fade: FADE, lasts: 200s}]
"""


def scene(name: str, look: str, fade: str) -> str:
    return SCENE.replace("NAME", name).replace("LOOK", look).replace("FADE", fade)


def test_a_colour_that_the_successor_does_not_name_is_given_back_and_wanders_no_further() -> None:
    wired = Wired(HOME)
    wired.say(Message("lamp", '{"state":"ON","brightness":254,"color_mode":"color_temp","color_temp":200}'))
    wired.start(scene("one", "{brightness: 20%, temperature: 2200K}", "120s"))
    wired.until(30_000)
    before = len(wired.sent)
    second = library.read(scene("other", "{brightness: 50%}", "10s"), "scene.yaml")
    start = prepare(second, wired.home, "bedroom", {}, name="t")._replace(mode=Mode.RESTART)
    wired.conductor.start(start, wired.now)
    wired.until(100_000)
    after = [json.loads(message.payload) for _, message in wired.sent[before:] if message.topic == "lamp/set"]
    assert [wish["color_temp"] for wish in after if "color_temp" in wish][-1] == 200, after
    assert all(wish.get("color_temp", 200) <= 265 for wish in after), after
    assert [wish["brightness"] for wish in after if "brightness" in wish][-1] == 127
