from pathlib import Path

import pytest

from orchestrator.errors import HomeError, Reason, Refused, UnknownRoom
from orchestrator.home import library
from orchestrator.home.casting import cast, ready_in
from orchestrator.home.library import load, read
from orchestrator.scenes.format.model import RoleModel

LIGHT, GLOW = RoleModel(kind="light"), RoleModel(kind="light", optional=True)
MUSIC, VOICE = RoleModel(kind="player", optional=True), RoleModel(kind="voice", optional=True)


def demo_home():
    return load(Path(library.__file__).with_name("demo.yaml"))


def home(roles, more="", devices=""):
    return read(
        f"""
home: flat
format: 1
devices:
  ceiling: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling}}
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
  both: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/both, members: [ceiling, lamp]}}
  plug: {{kind: switch, dialect: zigbee2mqtt, topic: zigbee2mqtt/plug}}
  remote: {{kind: button, dialect: zigbee2mqtt, topic: zigbee2mqtt/remote}}
{devices}
rooms:
  den:
    roles: {roles}
{more}
""",
        "flat.yaml",
    )


def test_roles_go_to_the_devices_of_the_room():
    casting = cast({"main": LIGHT, "glow": GLOW, "voice": VOICE}, "den", demo_home())
    assert casting.roles == {"main": ("ceiling",), "glow": ("lamp", "strip"), "voice": ("speaker",)}
    assert casting.uncast == ()


def test_optional_roles_that_nobody_plays_are_told():
    casting = cast({"main": LIGHT, "glow": GLOW, "voice": VOICE}, "den", home("{main: lamp}"))
    assert casting.roles == {"main": ("lamp",)}
    assert casting.uncast == ("glow", "voice")


def test_a_required_role_without_a_device_is_refused_with_what_to_write():
    with pytest.raises(Refused) as caught:
        cast({"main": LIGHT}, "den", home("{glow: lamp}"))
    assert caught.value.reason is Reason.ROLE_MISSING
    assert str(caught.value) == (
        "The scene needs a light for its role main, and the room den casts none. "
        "Write in flat.yaml: rooms: den: roles: main: ceiling; of that kind there are ceiling, lamp, both."
    )


def test_a_home_without_such_a_device_is_told_to_add_one():
    with pytest.raises(Refused, match=r"The home has no voice: add one under devices: in flat.yaml, then cast it"):
        cast({"main": LIGHT, "voice": RoleModel(kind="voice")}, "den", home("{main: lamp}"))


def test_a_device_of_the_wrong_kind_is_refused_even_for_an_optional_role():
    sentence = "The role music needs a player, but plug, which plays it in the room den, is a switch"
    with pytest.raises(Refused, match=sentence):
        cast({"main": LIGHT, "music": MUSIC}, "den", home("{main: lamp, music: plug}"))


def test_a_room_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UnknownRoom, match=r"The home flat has no room 'attic'. It has: den."):
        cast({"main": LIGHT}, "attic", home("{main: lamp}"))


def test_a_lamp_plays_one_light_role():
    with pytest.raises(HomeError) as caught:
        cast({"main": LIGHT, "glow": GLOW}, "den", home("{main: lamp, glow: [ceiling, lamp]}"))
    (fault,) = caught.value.faults
    assert fault.message == "`lamp` is cast as main and as glow; a lamp plays one role: take one away"
    assert (fault.source, fault.line) == ("flat.yaml", 13)


@pytest.mark.parametrize("roles", ["{main: both, glow: lamp}", "{main: [both, lamp]}"])
def test_a_group_and_its_member_are_not_both_cast(roles):
    with pytest.raises(HomeError) as caught:
        cast({"main": LIGHT, "glow": GLOW}, "den", home(roles))
    assert "`lamp` is lit by `both` (as main) and by `lamp`" in caught.value.faults[0].message


def test_a_role_that_the_scene_does_not_have_does_not_matter():
    assert cast({"main": LIGHT}, "den", home("{main: lamp, glow: lamp}")).roles == {"main": ("lamp",)}


def test_a_speaker_may_be_music_and_voice():
    casting = cast({"music": MUSIC, "voice": VOICE}, "den", demo_home())
    assert casting.roles == {"music": ("speaker",), "voice": ("speaker",)}


@pytest.mark.parametrize(
    ("more", "language", "free", "oily"),
    [
        ("    ready: 'say: next'", "de", "say: next", "say: next"),
        ("    ready: {en: 'say: next', de: 'sag: weiter'}", "de", "sag: weiter", "sag: weiter"),
        ("    ready: {en: 'say: next', de: 'sag: weiter'}", "de-AT", "sag: weiter", "sag: weiter"),
        ("    ready: {en: 'say: next'}", "de", None, None),
        ("    buttons: {remote: {toggle: next}}", "en", "press the big button", "press the big button"),
        ("    buttons: {remote: {toggle: next}}", "de", "drück die große Taste", "drück die große Taste"),
        ("    buttons: {remote: {toggle: pause}}", "en", None, None),
        ("    buttons: {remote: {}}", "en", None, "press the big button"),
        ("    sites: bedside", "en", "say: next", "say: next"),
        ("    sites: [bedside, shelf]", "de", "sag: weiter", "sag: weiter"),
        ("    buttons: {remote: {toggle: next}}\n    sites: bedside", "en", *["press the big button"] * 2),
        ("    events: [{topic: pedal, equals: down, do: next}]", "en", "give the sign", "give the sign"),
        ("    events: [{topic: pedal, equals: down}]", "de", None, "gib das Zeichen"),
        ("    events: [{topic: pedal, equals: down, do: pause}]", "de", None, None),
        ("", "en", None, None),
        ("", "fr", None, None),
    ],
)
def test_a_person_is_told_how_to_say_next_here_and_only_where_somebody_can(more, language, free, oily):
    place = home("{main: lamp}", more)
    assert ready_in(place.model.rooms["den"], place, language)[:2] == (free, oily)


@pytest.mark.parametrize(
    ("more", "language", "decline"),
    [
        ("    decline: 'wave twice'", "de", "wave twice"),
        ("    decline: {en: 'wave twice', de: 'wink zweimal'}", "de-AT", "wink zweimal"),
        ("    decline: {en: 'wave twice'}\n    sites: bedside", "de", "sag: stopp"),
        ("    buttons: {remote: {toggle_double: stop}}", "en", "press the button twice"),
        ("    buttons: {remote: {toggle_hold: stop}}", "de", "halt die Taste gedrückt"),
        ("    buttons: {remote: {off: next, arrow_left_long: abort}}", "en", "hold the button down"),
        ("    buttons: {remote: {hold: abort, off: stop}}", "en", "press the stop button"),
        ("    buttons: {remote: {toggle: next}}", "en", None),
        ("    buttons: {remote: {}}", "en", None),
        ("    sites: bedside", "en", "say: stop"),
        ("    sites: bedside\n    ready: 'say: next'", "en", "say: stop"),
        ("    events: [{topic: pedal, equals: down, do: stop}]", "en", "give the sign to stop"),
        ("    events: [{topic: pedal, equals: down, do: next}]", "en", None),
        ("", "en", None),
    ],
)
def test_a_person_is_told_how_to_say_no_here_and_only_where_somebody_can(more, language, decline):
    place = home("{main: lamp}", more)
    assert ready_in(place.model.rooms["den"], place, language).decline == decline


@pytest.mark.parametrize(
    ("more", "language", "again"),
    [
        ("    sites: bedside", "en", "say: repeat"),
        ("    sites: bedside\n    buttons: {remote: {left: repeat}}", "de-AT", "sag: noch einmal"),
        ("    buttons: {remote: {left: repeat, off: stop}}", "en", "press the button for repeat"),
        ("    events: [{topic: pedal, equals: down, do: repeat}]", "de", "gib das Zeichen zum Wiederholen"),
        ("    buttons: {remote: {toggle: next}}", "en", None),
        ("    buttons: {remote: {}}", "en", None),
        ("", "en", None),
    ],
)
def test_a_person_is_told_how_to_hear_it_again_and_only_where_somebody_can(more, language, again):
    place = home("{main: lamp}", more)
    assert ready_in(place.model.rooms["den"], place, language).again == again


def test_the_home_that_comes_with_relax_casts_every_role_of_the_catalogue():
    place = demo_home()
    roles = {"main": LIGHT, "glow": GLOW, "music": MUSIC, "voice": VOICE, "scent": RoleModel(kind="switch")}
    assert cast(roles, "den", place).uncast == ()
    assert set(place.model.music) == {"calm", "rain"}
