"""Homes are read, their devices get their dialects, and every fault is said at its place, without secrets."""

# ruff: noqa: E501 - a table reads best with one case a line
from pathlib import Path

import jsonschema
import pytest

from orchestrator.devices.abilities import DeviceCurve, FadeBy, Kind
from orchestrator.documents import document
from orchestrator.errors import HomeError
from orchestrator.home import library
from orchestrator.home.model import RateModel
from orchestrator.home.schema import schema
from orchestrator.units import SECOND

SOUND = """\
home: example
format: 1
location: {latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}
broker: {host: 127.0.0.1, username: relax, password: "${SECRET}"}
bridges:
  zigbee2mqtt: {budget: 4/s, lamp: 1/s, groups: 8/9s}
devices:
  ceiling: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling}
  lamp: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp, title: Floor lamp}
  both: {kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/both, members: [ceiling, lamp]}
  speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/den}
  remote: {kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}
rooms:
  den:
    roles: {main: ceiling, glow: [lamp], music: speaker, voice: speaker}
    levels: {music: 35%, voice: 40%}
    limits: {volume: 60%, brightness: 90%, quiet: 20%}
    night: {from: "22:00", to: "07:00", music: 60%}
    fallback: {main: {brightness: 50%, temperature: 2700K}, glow: off}
    buttons: {remote: {toggle: pause}}
    events: [{topic: mat/action, equals: step, do: next}, {topic: kettle/power, above: 1000, for: 2s, do: pause}]
interruptions:
  doorbell: {topic: house/bell, equals: ring, do: pause, light: 40%, goes_on: after 2min, say: {en: The bell.}}
  smoke_alarm: {topic: house/smoke, template: "{{ value_json.smoke }}", rooms: [den], do: abort, light: full}
music:
  calm: {relax_speaker: "http://music.example.invalid/calm.mp3", default: calm}
paused_at_most: 30min
"""
ENVIRONMENT = {"SECRET": "hush-hush"}


def faults(text: str) -> list[str]:
    """Each fault as `line:column: message`."""
    with pytest.raises(HomeError) as refusal:
        library.read(text, "home.yaml", ENVIRONMENT)
    return [str(fault).removeprefix("home.yaml:") for fault in refusal.value.faults]


WRONG = [
    ("home: example", "home: My Home", "1:7: expected a name: small letters, digits and `-`"),
    ("format: 1", "format: one", "2:9: expected `1`"),
    ("timezone: Europe/Berlin", "timezone: Europe/Berln", "3:57: there is no time zone `Europe/Berln`; did you mean `Europe/Berlin`?"),
    ("latitude: 52.52", "latitude: 152.5", "3:22: 152.5 is too large: expected at most 90"),
    ("host: 127.0.0.1", "prot: 1883", "4:10: `prot` is no key of a broker; did you mean `port`?"),
    ("host: 127.0.0.1", "port: 70000", "4:16: 70000 is too large: expected at most 65535"),
    ("host: 127.0.0.1", "tls: yes", "4:15: expected `true`, or a map such as {ca: ca.pem}"),
    ("${SECRET}", "${SECRTE}", "4:54: the environment has no variable `SECRTE`"),
    ('password: "${SECRET}"', "password: 12345", "4:54: expected a text; put quotes around it"),
    ("budget: 4/s", "budget: four", "6:25: expected a rate such as 4/s or 8/9s"),
    ("lamp: 1/s", "lamp: 0/s", "6:36: 0/s is out of range"),
    ("dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling", "dialect: zigbe2mqtt, topic: x", "8:35: there is no dialect `zigbe2mqtt`; did you mean `zigbee2mqtt`?"),
    ("dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling", "topic: zigbee2mqtt/ceiling", "8:12: `dialect` is missing: `"),
    ("dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling", "dailect: zigbee2mqtt, topic: x", "8:26: `dailect` is no key of a device; did you mean `dialect`?"),
    ("topic: zigbee2mqtt/ceiling", "tpoic: zigbee2mqtt/ceiling", "8:48: `tpoic` is no key of a zigbee2mqtt device; did you mean `topic`?"),
    (", topic: zigbee2mqtt/ceiling", "", "8:12: `topic` is missing"),
    ("topic: zigbee2mqtt/ceiling", "topic: zigbee2mqtt/+", "8:55: 'zigbee2mqtt/+' is a filter for many topics"),
    ("topic: zigbee2mqtt/lamp", "topic: zigbee2mqtt/ceiling", "9:52: `ceiling` has this topic already"),
    ("ceiling: {kind: light", "ceiling: {kind: lihgt", "8:19: expected `light` or `player`"),
    ("ceiling: {kind: light", "ceiling: {kind: voice", "8:19: this dialect has no voice"),
    ("title: Floor lamp", "max: 150%", "9:75: expected a percentage such as 10%, at most 100%"),
    ("members: [ceiling, lamp]", "members: [ceiling, lmap]", "10:89: there is no device `lmap`; did you mean `lamp`?"),
    ("members: [ceiling, lamp]", "members: [both]", "10:80: a group is no member of itself"),
    ("members: [ceiling, lamp]", "members: [speaker]", "10:80: `speaker` is a player and voice, the group a light"),
    ("main: ceiling", "main: celing", "15:19: there is no device `celing`; did you mean `ceiling`?"),
    ("glow: [lamp]", "glow: [lamp, lampp]", "15:41: there is no device `lampp`; did you mean `lamp`?"),
    ("glow: [lamp]", "glow: remote", "15:34: `remote` is a button; it plays no role"),
    ("levels: {music: 35%", "levels: {musik: 35%", "16:14: `musik` is no key of `levels`; did you mean `music`?"),
    ("volume: 60%", "volume: 160%", "17:22: 160% is more than all: 100% is the most"),
    ('from: "22:00"', 'from: "25:00"', '18:19: expected a time of day such as "22:00"'),
    ('to: "07:00"', 'to: "22:00"', "18:32: this night is over when it begins"),
    ("glow: off", "gloom: off", "19:61: the room casts no role `gloom`"),
    ("temperature: 2700K", 'temperature: 2700K, color: "#ffffff"', "19:60: a lamp has either a `temperature` or a `color`"),
    ("remote: {toggle", "remot: {toggle", "20:15: there is no device `remot`; did you mean `remote`?"),
    ("remote: {toggle", "lamp: {toggle", "20:15: `lamp` is a light, no button"),
    ("toggle: pause", "toggle: paws", "20:32: expected `pause` or `resume`"),
    ("equals: step, do: next", "equals: step, do: nxt", "21:52: expected `pause` or `resume`"),
    ("equals: step, do: next", "eqals: step, do: next", "21:34: `eqals` is no key of an event; did you mean `equals`?"),
    ("equals: step, do: next", "do: next", "21:14: what has to be so? Write `equals`, `above`, `below` or `template`"),
    ("topic: mat/action", "topic: mat/#", "21:22: 'mat/#' is a filter for many topics"),
    ("topic: mat/action", "topic: zigbee2mqtt/remote/action", "21:22: `remote` says this under `buttons` already"),
    ("topic: mat/action, ", "", "21:14: `topic` is missing"),
    ("for: 2s", "for: 2", "21:99: 2 of what? Write the unit: '2s' or '2min'"),
    ("doorbell:", "Doorbell:", "23:3: expected a name: small letters, digits and `_`"),
    ("do: pause, light", "do: stop, light", "23:51: expected `pause` or `announce` or `abort`"),
    ("light: 40%", "light: 0.4", "23:65: expected a percentage; did you mean 40%?"),
    ("after 2min", "after a while", "23:79: 'a while' is no length; write 90s"),
    ("after 2min", "sometime", "23:79: expected `after 2min`, `when over` or `never`"),
    ("after 2min", "after 10ms", "23:79: after 10ms: a second is the least"),
    ("{{ value_json.smoke }}", "{{ vlaue }}", "24:47: no such name here: vlaue"),
    ("rooms: [den]", "rooms: [denn]", "24:81: there is no room `denn`; did you mean `den`?"),
    ("rooms: [den]", "rooms: []", "24:80: this is empty; expected at least one"),
    ("light: full", "light: 0%", "24:16: `abort` leaves the lights on"),
    ("light: full", "goes_on: never", "24:16: only a session that is paused goes on"),
    ("do: abort, light: full", "do: announce", "24:16: what is to be said? `announce` needs `say`"),
    ("do: abort, light: full", "do: announce, say: Smoke., light: 40%", "24:16: `announce` leaves the light alone"),
    ("do: abort, light: full", "do: pause, when_idle: true", "24:16: only `abort` lights a room in which nothing is on"),
    ("{relax_speaker:", "{relax_speeker:", "26:10: there is no dialect `relax_speeker`; did you mean `relax_speaker`?"),
    ("paused_at_most: 30min", "paused_at_most: 30", "27:17: 30 of what? Write the unit: '30s' or '30min'"),
    ("home: example\n", "", "1:1: `home` is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WRONG, ids=[expected for *_, expected in WRONG])
def test_a_wrong_home_gets_its_fault_at_its_place(old: str, new: str, expected: str) -> None:
    assert old in SOUND
    first, *others = faults(SOUND.replace(old, new, 1))
    assert first.startswith(expected)
    assert others == []


def test_a_sound_home_is_read() -> None:
    home = library.read(SOUND, "home.yaml", ENVIRONMENT)
    assert list(home.devices) == ["ceiling", "lamp", "both", "speaker", "remote"]
    assert home.devices["speaker"].kinds == (Kind.PLAYER, Kind.VOICE)
    assert home.devices["lamp"].title == "Floor lamp"
    assert home.devices["both"].physical() == ("ceiling", "lamp")
    assert home.devices["ceiling"].abilities.light is not None
    assert home.model.bridges["zigbee2mqtt"].groups == RateModel(8, 9 * SECOND)
    assert home.place(("rooms", "den", "roles", "main")) == (15, 19)


def test_the_built_in_home_is_sound() -> None:
    path = Path(library.__file__).with_name("demo.yaml")
    assert "den" in library.load(path).model.rooms


def test_a_password_comes_from_the_environment_and_is_never_shown() -> None:
    home = library.read(SOUND, "home.yaml", ENVIRONMENT)
    assert home.model.brokers[0].password == "hush-hush"
    assert "hush-hush" not in repr(home) + str(home)
    with pytest.raises(HomeError) as refusal:
        library.read(SOUND.replace("host: 127.0.0.1", "host: 5"), "home.yaml", ENVIRONMENT)
    assert "hush-hush" not in str(refusal.value)


def test_only_the_brokers_secrets_are_filled_in() -> None:
    home = library.read(SOUND.replace("title: Floor lamp", 'title: "${SECRET}"'), "home.yaml", ENVIRONMENT)
    assert home.devices["lamp"].title == "${SECRET}"


def test_all_faults_come_at_once_in_the_order_of_their_places() -> None:
    text = (
        SOUND.replace("toggle: pause", "toggle: paws")
        .replace("main: ceiling", "main: celing")
        .replace("topic: zigbee2mqtt/lamp", "topic: '#'")
        .replace("format: 1", "format: 2")
    )
    assert [fault.split(": ")[0] for fault in faults(text)] == ["2:9", "9:52", "15:19", "20:32"]


def test_a_faulty_device_is_not_called_missing() -> None:
    assert len(faults(SOUND.replace("topic: zigbee2mqtt/ceiling", "topic: a/+"))) == 1


def test_a_home_that_is_not_there_is_said() -> None:
    with pytest.raises(HomeError, match="cannot be read: No such file"):
        library.load("nowhere.yaml")


@pytest.mark.parametrize("text", ["", "home", "[]", "\t"])
def test_what_is_no_home_at_all_is_refused(text: str) -> None:
    assert len(faults(text)) == 1


def test_the_schema_takes_the_sound_home_and_knows_each_dialects_keys() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    assert validator.is_valid(document.read(SOUND, "home.yaml").data)
    assert not validator.is_valid(document.read(SOUND.replace("topic: zigbee2mqtt/lamp", "tpoic: x"), "").data)
    assert not validator.is_valid(document.read(SOUND.replace("relax_speaker, topic", "relax_speeker, topic"), "").data)


def test_what_a_group_says_of_its_lamps_holds_for_those_that_say_nothing_of_it_themselves() -> None:
    text = SOUND.replace(
        "members: [ceiling, lamp]}", "members: [ceiling, lamp], curve: linear, fade: stepped, min: 5%}"
    )
    text = text.replace("title: Floor lamp}", "title: Floor lamp, curve: squared, max: 80%}")
    devices = library.read(text, "home.yaml", ENVIRONMENT).devices
    ceiling, lamp = (devices[name].abilities.light for name in ("ceiling", "lamp"))
    assert ceiling is not None
    assert lamp is not None
    assert (ceiling.curve, ceiling.fade, ceiling.least) == (DeviceCurve.LINEAR, FadeBy.STEPPED, 5.0)
    assert (lamp.curve, lamp.fade, lamp.least, lamp.most) == (DeviceCurve.SQUARED, FadeBy.STEPPED, 0.0, 80.0)
    assert ceiling.segment == lamp.segment == 250
