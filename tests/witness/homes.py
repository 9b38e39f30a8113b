"""The homes in which the witness listens: each dialect, fade, scale, curve and voice, and one with hardly anything."""

import re
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from tests.witness.house import House, read_home
from tests.witness.twins import Before

MUSIC = """
music:
  calm: http://music.example.invalid/calm.mp3
  rain: http://music.example.invalid/rain.mp3
"""
REMOTE = "remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}"
BUTTONS = "buttons: {remote: {toggle: next}}"


class Home(NamedTuple):
    """`before` is how its devices are when a session begins; `hold` how long its person takes to say next."""

    name: str
    text: str
    before: dict[str, Before]
    hold: str = "5s"
    night: bool = False

    @property
    def lamps(self) -> list[str]:
        """The lamps that are cast and say how they are."""
        house = House(read_home(self.text), self.before)
        cast = re.findall(r"[\w-]+", next(line for line in self.text.splitlines() if line.strip().startswith("roles:")))
        named = {member for name in cast if name in house.twins for member in house.members(name)}
        return [
            name for name, lamp in house.lamps.items() if name in named and lamp.reports and not lamp.before.get("mute")
        ]

    @property
    def path(self) -> Path:
        """Its home file."""
        path = _folder() / f"{self.name}.yaml"
        if not path.exists():
            path.write_text(self.text)
        return path


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="relax-witness-"))


def _home(
    name: str,
    devices: str,
    roles: str,
    before: dict[str, Before],
    *,
    room: str = "",
    button: bool = True,
    top: str = "",
    night: bool = False,
) -> Home:
    """Devices and what else stands in the room, a line each."""
    listed = "".join(f"  {line.strip()}\n" for line in [*devices.strip().splitlines(), *([REMOTE] if button else [])])
    more = "".join(f"    {line.strip()}\n" for line in [*room.strip().splitlines(), *([BUTTONS] if button else [])])
    text = f"home: {name}\nformat: 1\n{top}devices:\n{listed}rooms:\n  den:\n    roles: {roles}\n{more}{MUSIC}"
    return Home(name, text, before, "5s" if button else "never", night)


TOLD = "payload: \"{{ {'on': on, 'dim': brightness, 'ct': mired, 'ms': (transition * 1000) | int} | tojson }}\""
STATED = "payload: \"{{ {'state': value_json.on, 'brightness': value_json.dim, 'mired': value_json.ct} | tojson }}\""
SPOKEN = "payload: \"{{ {'text': text, 'ref': id, 'volume': volume, 'rate': rate, 'gap': gap} | tojson }}\""
BULB = "{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/"
SPEAKER = "speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}"
BRIGHT: Before = {"on": True, "units": 254, "mired": 250}
WARM: Before = {"on": True, "units": 120, "mired": 370}
RED: Before = {"on": True, "units": 180, "xy": (0.70, 0.30)}
TURNED_RED: Before = {**RED, "was": {"on": True, "units": 180, "mired": 300}}
BLUE: Before = {"on": True, "units": 90, "xy": (0.16, 0.07)}
DARK: Before = {"on": False, "units": 254, "mired": 370}
DARK_RED: Before = {"on": False, "units": 200, "xy": (0.70, 0.30)}
KEEPS: Before = {**DARK, "takes_while_off": True}
QUIET: Before = {"volume": 0.3}
LOUD: Before = {"volume": 0.85}

HOMES = {
    home.name: home
    for home in (
        _home(
            "zigbee",
            f"""ceiling: {BULB}ceiling, colors: [temperature], warmest: 2200K, coolest: 6500K}}
            lamp: {BULB}lamp, warmest: 2000K}}
            shelf: {BULB}shelf}}
            {SPEAKER}
            diffuser: {{kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/diffuser}}""",
            "{main: ceiling, glow: [lamp, shelf], music: speaker, voice: speaker, scent: diffuser}",
            {"ceiling": BRIGHT, "lamp": RED, "shelf": DARK_RED, "speaker": QUIET},
            room="""levels: {music: 35%, voice: 40%}
            limits: {volume: 60%, brightness: 90%, quiet: 20%}""",
        ),
        _home("one-lamp", f"lamp: {BULB}lamp}}", "{main: lamp}", {"lamp": WARM}, button=False),
        _home(
            "no-button",
            f"""lamp: {BULB}lamp, warmest: 2000K}}
            {SPEAKER}""",
            "{main: lamp, music: speaker, voice: speaker}",
            {"lamp": KEEPS, "speaker": {"volume": 0.3, "playing": "http://radio.example.invalid/news"}},
            button=False,
        ),
        _home(
            "home-assistant",
            f"""ceiling: {{kind: light, dialect: home_assistant, command_topic: ha/ceiling/set, state_topic: ha/ceiling,
              supported_color_modes: [color_temp], color_temp_kelvin: true, min_kelvin: 2000, max_kelvin: 6500}}
            strip: {{kind: light, dialect: home_assistant, command_topic: ha/strip/set, state_topic: ha/strip,
              availability_topic: ha/strip/status, supported_color_modes: [xy]}}
            {SPEAKER}
            satellite: {{kind: voice, dialect: hermes, site: den}}
            fan: {{kind: switch, dialect: home_assistant, command_topic: ha/fan/set, state_topic: ha/fan}}""".replace(
                ",\n              ", ", "
            ),
            "{main: ceiling, glow: strip, music: speaker, voice: satellite, scent: fan}",
            {"ceiling": {"on": True, "units": 255, "mired": 200}, "strip": {**RED, "units": 255}, "speaker": LOUD,
             "fan": {"on": True}},
        ),
        _home(
            "stepped",
            f"""ceiling: {{kind: light, dialect: home_assistant, command_topic: ha/ceiling/set, state_topic: ha/ceiling,
              transition: false, brightness_scale: 100}}
            strip: {BULB}strip, fade: stepped}}
            {SPEAKER}""".replace(",\n              ", ", "),
            "{main: ceiling, glow: strip, music: speaker, voice: speaker}",
            {"ceiling": {"on": True, "units": 80, "mired": 250}, "strip": WARM, "speaker": QUIET},
        ),
        _home(
            "templates",
            """ceiling: {kind: light, dialect: template, brightness_scale: 1000, warmest: 2000K, coolest: 6536K,
              set: {topic: t/ceiling/set, TOLD},
              state: {topic: t/ceiling, STATED}}
            lamp: {kind: light, dialect: template, brightness_scale: 100, segment: 500ms,
              set: {topic: t/lamp/set, payload: "{{ {'on': on, 'dim': brightness} | tojson }}"},
              state: {topic: t/lamp, payload: "{{ {'state': value_json.on, 'brightness': value_json.dim} | tojson }}"}}
            radio: {kind: [player, voice], dialect: template, volume_scale: 30,
              play: {topic: t/radio/play, payload: "{{ uri }}"}, stop: {topic: t/radio/stop, payload: now},
              volume: {topic: t/radio/volume, payload: "{{ volume }}"},
              say: {topic: t/radio/say, SPOKEN},
              done: {topic: t/radio/done, payload: "{{ value_json.ref }}"}}""".replace(",\n              ", ", ")
            .replace("TOLD", TOLD)
            .replace("STATED", STATED)
            .replace("SPOKEN", SPOKEN),
            "{main: ceiling, glow: lamp, music: radio, voice: radio}",
            {"ceiling": {"on": True, "units": 900, "mired": 250}, "lamp": {"on": True, "units": 100}, "radio": QUIET},
            room="fallback: {music: {volume: 30%}}",
        ),
        _home(
            "curves",
            f"""ceiling: {BULB}ceiling, curve: linear, min: 4%, max: 80%}}
            lamp: {BULB}lamp, curve: squared}}
            strip: {{kind: light, dialect: home_assistant, command_topic: ha/strip/set, state_topic: ha/strip,
              curve: linear, supported_color_modes: [rgb]}}
            {SPEAKER}""".replace(",\n              ", ", "),
            "{main: ceiling, glow: [lamp, strip], music: speaker, voice: speaker}",
            {"ceiling": {**WARM, "units": 60}, "lamp": WARM, "strip": {"on": True, "units": 100, "xy": (0.5, 0.4)},
             "speaker": QUIET},
        ),
        _home(
            "jumps",
            f"""ceiling: {BULB}ceiling, fade: none}}
            {SPEAKER}""",
            "{main: ceiling, music: speaker, voice: speaker}",
            {"ceiling": WARM, "speaker": {**QUIET, "done": False}},
        ),
        _home(
            "group",
            f"""left: {BULB}left, colors: [temperature], one_attribute_per_fade: true}}
            right: {BULB}right, colors: [temperature], one_attribute_per_fade: true}}
            both: {BULB}both, colors: [temperature], members: [left, right], one_attribute_per_fade: true}}
            {SPEAKER}""",
            "{main: both, music: speaker, voice: speaker}",
            {"left": WARM, "right": BRIGHT, "speaker": QUIET},
        ),
        _home(
            "plain-bulbs",
            f"""ceiling: {BULB}ceiling, colors: []}}
            lamp: {BULB}lamp, colors: [temperature]}}
            {SPEAKER}""",
            "{main: ceiling, glow: lamp, music: speaker, voice: speaker}",
            {"ceiling": {"on": True, "units": 254}, "lamp": DARK, "speaker": {**QUIET, "takes": 0.8}},
        ),
        _home(
            "many",
            "".join(f"l{number}: {BULB}l{number}, warmest: 2000K}}\n" for number in range(6)) + SPEAKER,
            "{main: l0, glow: [l1, l2, l3, l4, l5], music: speaker, voice: speaker}",
            {**{f"l{number}": [BRIGHT, WARM, RED, BLUE, DARK, DARK_RED][number] for number in range(6)},
             "speaker": {**QUIET, "takes": 1.25}},
        ),
        _home(
            "night",
            f"""ceiling: {BULB}ceiling, warmest: 2000K}}
            lamp: {BULB}lamp}}
            {SPEAKER}""",
            "{main: ceiling, glow: lamp, music: speaker, voice: speaker}",
            {"ceiling": {**WARM, "units": 60}, "lamp": DARK, "speaker": {**QUIET, "ducks": True}},
            room="""night: {from: "22:00", to: "07:00", music: 60%, voice: 70%, brightness: 50%}
            limits: {volume: 50%, brightness: 80%}""",
            night=True,
        ),
        _home(
            "turned",
            f"""lamp: {BULB}lamp}}
            strip: {{kind: light, dialect: home_assistant, command_topic: ha/strip/set, state_topic: ha/strip}}
            {SPEAKER}""",
            "{main: lamp, glow: strip, music: speaker, voice: speaker}",
            {
                "lamp": TURNED_RED,
                "strip": {**TURNED_RED, "units": 200},
                "speaker": QUIET,
            },
        ),
        _home(
            "by-name",
            """attic: {kind: light, dialect: homie, topic: homie/5/attic/light, version: 5,
              properties: {on: power, brightness: dimmer, temperature: white}}
            cellar: {kind: light, dialect: homie, topic: homie/cellar/light, version: 4,
              properties: {on: power, brightness: dimmer, color: rgb}}
            sonos: {kind: [player, voice], dialect: sonos2mqtt, name: den}
            mopidy: {kind: player, dialect: mopidy, topic: mopidy, mixer: true}
            voice: {kind: voice, dialect: relax_speaker, topic: speakers/den}""".replace(
                ",\n              ", ", "
            ),
            "{main: attic, glow: cellar, music: [sonos, mopidy], voice: voice}",
            {"attic": {"on": True, "units": 70, "mired": 300}, "cellar": {"on": False, "units": 50, "xy": (0.64, 0.33)},
             "sonos": {"volume": 0.2}, "mopidy": {"volume": 0.5}},
        ),
        _home(
            "unknown",
            f"""lamp: {BULB}lamp}}
            strip: {{kind: light, dialect: home_assistant, command_topic: ha/strip/set, state_topic: ha/strip}}
            {SPEAKER}""",
            "{main: lamp, glow: strip, music: speaker, voice: speaker}",
            {"lamp": {**WARM, "mute": True}, "strip": {"on": True, "units": 128, "mired": 300},
             "speaker": {"volume": 0.35, "says_volume": 35}},
        ),
    )
}  # fmt: skip
