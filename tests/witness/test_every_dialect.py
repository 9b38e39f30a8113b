"""A home with one device of every dialect plays the foot massage, and the witness of the far end finds nothing."""

from pathlib import Path

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
  sofa: {kind: light, dialect: hass, entity: light.hue_sofa}
  cloud: {kind: light, dialect: hass, entity: light.cloud, fade: stepped}
  cast: {kind: player, dialect: hass, entity: media_player.cast}
  nest: {kind: voice, dialect: hass, entity: media_player.nest}
  diffuser: {kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/diffuser}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
rooms:
  den:
    roles: {main: ceiling, glow: [strip, row, globe, shelf, wall, bulb, hall, attic, cellar,
      sofa, cloud, own],
      music: [speaker, mopidy],
      voice: satellite, scent: diffuser}
    buttons: {remote: {toggle: next}}
music: {calm: "http://music.example.invalid/calm.mp3", rain: "http://music.example.invalid/rain.mp3"}
"""
BEFORE: dict[str, Before] = {
    "ceiling": {"on": True, "units": 254, "mired": 250},
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


@pytest.mark.parametrize(("music", "voice"), MUSIC_AND_VOICE, ids=[voice for _, voice in MUSIC_AND_VOICE])
@pytest.mark.parametrize("do", [(), ("9:00=stop",)], ids=["to its end", "stopped"])
@pytest.mark.parametrize("fades", ["set_options: [117]", "set_options: []"], ids=["by itself", "by steps"])
@pytest.mark.parametrize("is_simulated", [False, True], ids=["its own devices", "those of relax"])
def test_a_home_of_every_dialect_plays_and_a_person_finds_nothing(
    fades: str, do: tuple[str, ...], is_simulated: bool, music: str, voice: str, tmp_path: Path
) -> None:
    home = tmp_path / "mixed.yaml"
    text = HOME.replace("FADES", fades).replace("TOLD", TOLD).replace("STATED", STATED)
    text = text.replace("music: [speaker, mopidy]", f"music: {music}").replace("voice: satellite", f"voice: {voice}")
    home.write_text(text.replace(", own]", "]") if is_simulated else text)  # how that one thinks only the witness knows
    recording = simulate("foot-massage", home, hold="5s", before=BEFORE, do=do, is_simulated=is_simulated)
    assert not [str(finding) for finding in judge(recording)]
    told = {line.topic.split("/")[0] for line in recording.lines if line.origin == "relax"}
    assert told >= TOPICS | {topic for name, topic in SOUNDS.items() if name in f"{music} {voice}"}
    assert is_simulated or "t" in told


def test_every_dialect_is_there() -> None:
    """The words of the table of dialects in the guide."""
    guide = (Path(__file__).parents[2] / "docs/home.md").read_text(encoding="utf-8")
    table = guide.partition("\n## Dialects")[2].partition("\n###")[0]
    listed = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    text = HOME.replace("FADES", "fade: stepped").replace("TOLD", TOLD).replace("STATED", STATED)
    here = {entry["dialect"] for entry in read_home(text)["devices"].values()}
    assert here == listed
