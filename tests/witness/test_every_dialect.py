"""A home with one device of every dialect plays the foot massage, and the witness of the far end finds nothing."""

import os
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.witness.homes import STATED, TOLD
from tests.witness.house import read_home
from tests.witness.judge import judge
from tests.witness.relax import simulate
from tests.witness.twins import Before

HOME = """
home: mixed
format: 1
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature], warmest: 2200K}
  strip: {kind: light, dialect: home_assistant, command_topic: esp/light/strip/command,
    state_topic: esp/light/strip/state, availability_topic: esp/status, supported_color_modes: [rgb]}
  row: {kind: light, dialect: home_assistant, schema: default, command_topic: row/set, state_topic: row/on,
    brightness_command_topic: row/level/set, brightness_state_topic: row/level, on_command_type: brightness,
    color_temp_command_topic: row/white/set, color_temp_state_topic: row/white, rgb_command_topic: row/rgb/set,
    rgb_state_topic: row/rgb}
  globe: {kind: light, dialect: tasmota, topic: globe, colors: [temperature, rgb], FADES}
  shelf: {kind: light, dialect: wled, topic: wled/shelf, colors: [rgb]}
  wall: {kind: light, dialect: shelly2, topic: shellydimmerg3-aabbccddeeff, colors: []}
  bulb: {kind: light, dialect: shelly2, topic: shellyduobulbg3-aabbccddeefe, component: "cct:0", colors: [temperature],
    warmest: 2700K, coolest: 6500K}
  hall: {kind: light, dialect: shelly1, topic: shellies/hall, colors: []}
  own: {kind: light, dialect: template, brightness_scale: 1000, warmest: 2000K, coolest: 6536K,
    set: {topic: t/own/set, TOLD}, state: {topic: t/own, STATED}}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  satellite: {kind: voice, dialect: hermes, site: den}
  sonos: {kind: [player, voice], dialect: sonos2mqtt, name: den}
  mopidy: {kind: player, dialect: mopidy, topic: mopidy, mixer: true}
  wyoming: {kind: voice, dialect: wyoming, host: 192.168.1.20, tts: {host: 192.168.1.5}}
  attic: {kind: light, dialect: homie, topic: homie/5/attic/light, version: 5,
    properties: {on: power, brightness: dimmer, temperature: white}}
  cellar: {kind: light, dialect: homie, topic: homie/cellar/light, version: 4,
    properties: {on: power, brightness: dimmer, color: rgb}}
  up: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/sofa/l1, colors: []}
  down: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/sofa/l2, colors: [temperature], warmest: 2200K}
  sofa: {kind: light, dialect: hass, entity: light.hue_sofa}
  cloud: {kind: light, dialect: hass, entity: light.cloud, fade: stepped}
  cast: {kind: player, dialect: hass, entity: media_player.cast}
  nest: {kind: voice, dialect: hass, entity: media_player.nest}
  diffuser: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/sockets/l1}
  kettle: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/sockets/l2}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
rooms:
  den:
    roles: {main: ceiling, glow: [up, down, strip, row, globe, shelf, wall, bulb, hall, attic, cellar,
      sofa, cloud, own],
      music: [speaker, mopidy],
      voice: satellite, scent: diffuser}
    buttons: {remote: {toggle: next}}
music: {calm: "http://music.example.invalid/calm.mp3", rain: "http://music.example.invalid/rain.mp3"}
"""
BEFORE: dict[str, Before] = {
    "ceiling": {"on": True, "units": 254, "mired": 250},
    "up": {"on": True, "units": 200},
    "down": {"on": False, "units": 30, "mired": 370},
    "kettle": {"on": True},
    "strip": {"on": True, "units": 120, "xy": (0.64, 0.33)},
    "row": {"on": True, "units": 150, "xy": (0.64, 0.33)},
    "globe": {"on": True, "units": 60, "mired": 370},
    "shelf": {"on": True, "units": 40, "xy": (0.45, 0.41)},
    "wall": {"on": False, "units": 80},
    "bulb": {"on": True, "units": 90, "mired": 300},
    "hall": {"on": True, "units": 35},
    "own": {"on": True, "units": 600, "mired": 250},
    "attic": {"on": True, "units": 70, "mired": 300},
    "cellar": {"on": False, "units": 50, "xy": (0.64, 0.33)},
    "sofa": {"on": True, "units": 200, "mired": 250},
    "cloud": {"on": True, "units": 90, "xy": (0.45, 0.41)},
    "cast": {"volume": 0.4},
    "speaker": {"volume": 0.3},
    "sonos": {"volume": 0.2},
    "mopidy": {"volume": 0.5},
}
MUSIC_AND_VOICE = [
    ("[speaker, mopidy]", "satellite"),
    ("[mopidy, sonos]", "wyoming"),
    ("sonos", "sonos"),
    ("cast", "nest"),
]
"""Who plays, and who speaks: each that can, once."""
TOPICS = {"zigbee2mqtt", "esp", "row", "cmnd", "wled", "shellies", "homie", "hass"}
"""What the topics of lamps begin with."""
SOUNDS = {
    "speaker": "speakers",
    "satellite": "hermes",
    "sonos": "sonos",
    "mopidy": "mopidy",
    "wyoming": "wyoming",
    "nest": "hass",
}


class Massage(NamedTuple):
    """One way to play it. `is_simulated`: on relax's own twins, else on the witness's devices."""

    music: str
    voice: str
    do: tuple[str, ...]
    fades: str
    is_simulated: bool

    def __str__(self) -> str:
        ends = "stopped" if self.do else "to its end"
        fades = "by itself" if "117" in self.fades else "by steps"
        return f"{self.voice}, {ends}, {fades}, {'own twins' if self.is_simulated else 'devices of the witness'}"


DEEDS: tuple[tuple[str, ...], ...] = ((), ("9:00=stop",))
FADES = ("set_options: [117]", "set_options: []")
WHOLE = [
    Massage(music, voice, do, fades, is_simulated)
    for (music, voice), do, fades, is_simulated in product(MUSIC_AND_VOICE, DEEDS, FADES, (False, True))
]
PART = [
    Massage(music, voice, do, FADES[(number + len(do)) % 2], bool(number % 2))
    for (number, (music, voice)), do in product(enumerate(MUSIC_AND_VOICE), DEEDS)
]
"""Each pair of two ways is in one of them, but for what only one sound has."""


@pytest.mark.parametrize("massage", WHOLE if os.environ.get("RELAX_MASSAGES") == "all" else PART, ids=str)
def test_a_home_of_every_dialect_plays_and_a_person_finds_nothing(massage: Massage, tmp_path: Path) -> None:
    home = tmp_path / "mixed.yaml"
    text = HOME.replace("FADES", massage.fades).replace("TOLD", TOLD).replace("STATED", STATED)
    text = text.replace("music: [speaker, mopidy]", f"music: {massage.music}")
    text = text.replace("voice: satellite", f"voice: {massage.voice}")
    if massage.is_simulated:
        text = text.replace(", own]", "]")  # how that one thinks only the witness knows
    home.write_text(text)
    recording = simulate(
        "foot-massage", home, hold="5s", before=BEFORE, do=massage.do, is_simulated=massage.is_simulated
    )
    assert not [str(finding) for finding in judge(recording)]
    told = {line.topic.split("/")[0] for line in recording.lines if line.origin == "relax"}
    sounds = f"{massage.music} {massage.voice}"
    assert told >= TOPICS | {topic for name, topic in SOUNDS.items() if name in sounds}
    assert massage.is_simulated or "t" in told


def test_every_dialect_is_there() -> None:
    """The words of the table of dialects in the guide."""
    guide = (Path(__file__).parents[2] / "docs/home.md").read_text(encoding="utf-8")
    table = guide.partition("\n## Dialects")[2].partition("\n###")[0]
    listed = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    text = HOME.replace("FADES", "fade: stepped").replace("TOLD", TOLD).replace("STATED", STATED)
    here = {entry["dialect"] for entry in read_home(text)["devices"].values()}
    assert here == listed
