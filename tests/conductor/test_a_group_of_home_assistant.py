"""A group of Home Assistant's lights is told where a look is the same for all, and split when one lamp is touched."""

import json
from collections.abc import Iterator

from orchestrator.devices.messages import Message
from orchestrator.events.device import GivenBack, Overridden
from tests.conductor.wired import Wired

LAMP = "kind: light, dialect: home_assistant, supported_color_modes: [brightness]"
HOME = f"""
devices:
  left: {{{LAMP}, command_topic: hub/left/set, state_topic: hub/left}}
  right: {{{LAMP}, command_topic: hub/right/set, state_topic: hub/right}}
  both: {{{LAMP}, command_topic: hub/both/set, state_topic: hub/both, members: [left, right]}}
rooms: {{bedroom: {{roles: {{main: both}}}}}}
"""
SCENE = """
scene: steps
format: 1
title: Steps
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 20%}}, high: {main: {brightness: 60%}}, mid: {main: {brightness: 40%}}}
steps:
  - {step: a, look: low, fade: 2s, lasts: 20s}
  - {step: b, look: high, fade: 2s, lasts: 20s}
  - {step: c, look: mid, fade: 2s, lasts: 20s}
finish: {look: restore, fade: 2s}
"""


def hub(message: Message) -> Iterator[Message]:
    """Each lamp says what it goes to, also where its group was told."""
    told = message.topic.split("/")[1]
    wish = json.loads(message.payload)
    said = json.dumps({"state": wish["state"], **({"brightness": wish["brightness"]} if "brightness" in wish else {})})
    for name in ("left", "right") if told == "both" else (told,):
        yield Message(f"hub/{name}", said)


def test_it_is_told_together_and_split_again_when_one_is_touched() -> None:
    wired = Wired(HOME, hub)
    wired.say(Message("hub/left", '{"state": "ON", "brightness": 200}'))
    wired.say(Message("hub/right", '{"state": "ON", "brightness": 80}'))
    wired.start(SCENE)
    wired.until(25_000)
    together = [at for at, message in wired.sent if message.topic == "hub/both/set"]
    assert together
    assert not [at for at, message in wired.sent if message.topic == "hub/left/set" and at > 10_000]
    wired.say(Message("hub/left", '{"state": "ON", "brightness": 12}'))
    wired.finish()
    touched = [event.device for event in wired.told(Overridden)]
    assert touched == ["left"]
    after = [message.topic for at, message in wired.sent if at > 25_000]
    assert set(after) == {"hub/right/set"}
    assert json.loads(wired.payloads("hub/right/set")[-1])["brightness"] == 80
    given = wired.told(GivenBack)[-1]
    assert (given.given, given.left) == (("right",), ("left",))
