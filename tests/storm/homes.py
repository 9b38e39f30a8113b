"""The homes and scenes that the storm plays in: every kind of device that has a twin, and ways out of every kind."""

from functools import cache
from pathlib import Path

from orchestrator.daemon.scene_repository import SceneFile, SceneRepository
from orchestrator.home.library import Home, read
from orchestrator.scenes import library

GOLDEN = Path(__file__).parents[1] / "golden" / "scenes"
SHORT = ("short", "plain", "dusk", "minute")
"""Of a minute or two: most evenings play these."""
SHIPPED = ("foot-massage", "hand-massage", "neck-and-shoulders", "box-breathing", "evening-wind-down")

MINUTE = """
scene: minute
format: 1
languages: [en]
title: A minute
roles:
  main: {kind: light}
  glow: {kind: light, optional: true}
  music: {kind: player, optional: true}
  voice: {kind: voice, optional: true}
  scent: {kind: switch, optional: true}
looks:
  warm: {main: {brightness: 40%, temperature: 2500K}, glow: {brightness: 25%, color: "#ff9a3c"}}
  low: {main: {brightness: 15%, temperature: 2200K}, glow: off}
steps:
  - step: arrive
    look: warm
    fade: 4s
    music: {play: [calm], volume: 60%, fade: 4s}
    switch: {scent: on}
    say: Lean back.
    lasts: 6s
  - {step: ready, say: Say when., wait: {at_most: 12s, usually: 6s}}
  - step: strokes
    say: Slowly.
    count:
      times: 2
      parts: [{lasts: 3s, swell: up, say: Up}, {lasts: 3s, swell: down, say: Down}]
      swell: {main: 8%, music: 20%}
  - {step: sink, look: low, fade: 8s, switch: {scent: off}, music: {play: [rain], volume: 40%, fade: 3s}, lasts: 10s}
finish: {look: restore, fade: 4s, music: {stop: true, fade: 3s}, say: It is done.}
stopped: {look: restore, at_most: 30%, fade: 3s}
"""

_HEAD = """
home: {name}
format: 1
language: en
location: {{latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}}
music: {{calm: "http://example.invalid/calm", rain: "http://example.invalid/rain"}}
"""
_SMALL = """
devices:
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
rooms:
  den:
    roles: {main: lamp, music: speaker, voice: speaker}
    buttons: {remote: {toggle: pause, on: next, off: stop}}
interruptions:
  doorbell: {topic: house/bell, equals: ring, do: pause, goes_on: after 20s, say: {en: The doorbell., de: Es läutet.}}
"""
_HOUSE = """
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}
  linear: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/linear, curve: linear}
  ikea: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ikea, one_attribute_per_fade: true}
  strip:
    kind: light
    dialect: home_assistant
    command_topic: strip/command
    state_topic: strip/state
    availability_topic: strip/status
    supported_color_modes: [rgb]
  bulb:
    kind: light
    dialect: home_assistant
    command_topic: bulb/command
    state_topic: bulb/state
    availability_topic: bulb/status
    supported_color_modes: [color_temp]
    fade: stepped
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  burner: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/burner}
  desk: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/desk, base: other}
  left: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/left, base: other}
  right: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/right, base: other}
  shelf: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/shelf, base: other, members: [left, right]}
  radio: {kind: [player, voice], dialect: relax_speaker, topic: speakers/study}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
rooms:
  den:
    roles: {main: [ceiling, linear, ikea], glow: [strip, bulb], music: speaker, voice: speaker, scent: burner}
    limits: {volume: 80%, brightness: 95%}
    buttons: {remote: {toggle: pause, on: next, off: stop}}
  study:
    roles: {main: desk, glow: shelf, music: radio, voice: radio}
    limits: {volume: 80%}
    mode: queued
interruptions:
  doorbell: {topic: house/bell, equals: ring, do: pause, goes_on: after 20s, say: {en: The doorbell., de: Es läutet.}}
  phone: {topic: house/phone, equals: ringing, do: pause, light: 40%, goes_on: when over}
schedules:
  wind-down: {scene: minute, room: den, at: "22:15", days: [mon, tue, wed, thu, fri, sat, sun]}
"""
_FLAT = """
devices:
  paper:
    kind: light
    dialect: template
    set:
      topic: paper/set
      payload: "{{ {'state': state, 'brightness': brightness, 'transition': transition} | tojson }}"
    state: {topic: paper/state, payload: "{{ value }}"}
    available: {topic: paper/status}
  one: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/one}
  two: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/two}
  pair: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/pair, members: [one, two]}
  plug: {kind: switch, dialect: home_assistant, command_topic: plug/set, state_topic: plug/state}
  satellite: {kind: voice, dialect: hermes, site: flat}
  player: {kind: [player], dialect: relax_speaker, topic: speakers/flat}
  dial: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/dial}
rooms:
  flat:
    roles: {main: paper, glow: pair, music: player, voice: satellite, scent: plug}
    night: {from: "22:00", to: "07:00", brightness: 60%, music: 70%}
    buttons: {dial: {toggle: pause, on: next, off: stop}}
    mode: restart
"""
TEXTS = {
    "small": _HEAD.format(name="small") + _SMALL,
    "house": _HEAD.format(name="house") + _HOUSE,
    "flat": _HEAD.format(name="flat") + _FLAT,
}


def home(name: str) -> Home:
    """A home of the storm, read anew: dialects remember what devices have said, and a life begins with nothing."""
    return read(TEXTS[name], f"{name}.yaml")


@cache
def scenes() -> SceneRepository:
    """What the service can start: scenes of the golden evenings, a minute of all kinds of turns, the shipped ones."""
    found = [library.read(MINUTE, "minute.yaml")]
    found += [library.read((GOLDEN / f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml") for name in SHORT[:3]]
    found += [library.load(name) for name in SHIPPED]
    return SceneRepository({each.model.scene: SceneFile(Path(each.source), (), each, None) for each in found})
