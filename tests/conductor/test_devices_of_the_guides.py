"""Every lamp and switch of the guides' examples is played against what it is for, and is as it was afterwards."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestrator.commands import Stop
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import Message
from orchestrator.documents.document import read as read_document
from orchestrator.home.library import Home, read
from orchestrator.simulator.home import SimulatedHome
from orchestrator.units import SECOND, Percent
from tests.conductor.wired import HEAD, Wired
from tests.own_devices import HallLamp, TasmotaDimmer, WordPlug

HERE = Path(__file__).parents[2]
GUIDES = [HERE / "README.md", *sorted((HERE / "docs").rglob("*.md"))]
SCENE = """
scene: dim
format: 1
title: Dim
roles: {main: {kind: light, optional: true}, scent: {kind: switch, optional: true}}
looks: {low: {main: {brightness: 30%}}}
steps: [{step: a, look: low, switch: {scent: on}, fade: 2s, lasts: 5s}]
finish: {look: restore, fade: 4s}
"""


def examples() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """By guide and name: the devices of its piece, and its own entry."""
    found = {}
    for guide in GUIDES:
        for piece in re.findall(r"^```yaml\n(.*?)^```", guide.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
            data = read_document(piece, "guide").data
            devices: dict[str, Any] = (data.get("devices") if isinstance(data, dict) else None) or {}
            for name, entry in devices.items():
                found[f"{guide.stem}-{name}"] = (devices, entry)
    return found


EXAMPLES = examples()
OWN = {"paper_lamp": "Tasmota", "hall_lamp": "JSON", "salt_lamp": "words"}
"""What a device of templates is for; whoever adds one to a guide says so here, and writes what it is."""


def kinds_of(entry: dict[str, Any]) -> list[str]:
    """Some dialects know it by what the entry names."""
    return [str(kind) for kind in DIALECTS[entry["dialect"]].settings.model_validate(entry).kinds]


def those(kind: str) -> list[Any]:
    return [
        pytest.param(devices, name.partition("-")[2], id=name)
        for name, (devices, entry) in EXAMPLES.items()
        if kind in kinds_of(entry)
    ]


def wired(devices: dict[str, Any], roles: str, *answers: Any) -> Wired:
    home = yaml.safe_dump({"devices": devices}, allow_unicode=True)
    return Wired(f"{home}rooms: {{bedroom: {{roles: {{{roles}}}}}}}\n", *answers)


def place_of(devices: dict[str, Any]) -> Home:
    return read(HEAD + yaml.safe_dump({"devices": devices, "rooms": {"bedroom": {"roles": {}}}}), "guide")


def answers(home: SimulatedHome) -> Any:
    """What the devices of a simulated home say to a message, all at once."""
    now = iter(range(0, 10_000_000, 20))
    return lambda message: home.receive(message, moment := next(now)) + home.advance(moment + 20)


def play(room: Wired) -> None:
    room.start(SCENE)
    room.until(room.now + 4000)
    room.command(Stop())
    room.finish()


def test_every_device_of_templates_is_for_something() -> None:
    templates = {name.partition("-")[2] for name, (_, entry) in EXAMPLES.items() if entry["dialect"] == "template"}
    kinds = {name: kinds_of(entry) for name, (_, entry) in EXAMPLES.items()}
    assert len(kinds) > 20
    shown = {name.partition("-")[2] for name, kind in kinds.items() if kind in (["light"], ["switch"])}
    assert templates & shown == set(OWN)


@pytest.mark.parametrize("level", [0, 55])
@pytest.mark.parametrize(("devices", "name"), those("light"))
def test_a_lamp_is_as_it_was_off_or_on(devices: dict[str, Any], name: str, level: int) -> None:
    own: dict[str, TasmotaDimmer | HallLamp] = {
        "paper_lamp": TasmotaDimmer("paper", on=level > 0, dimmer=level or 50),
        "hall_lamp": HallLamp(on=level > 0, dim=level * 10 or 500),
    }
    if name in own:
        lamp = own[name]
        room = wired(devices, f"main: {name}", lamp)
        play(room)
        assert room.sent
        assert lamp.level == level
        return
    place = place_of(devices)
    home = SimulatedHome(place)
    room = wired(
        devices, f"main: {name}", lambda message: home.receive(message, room.now) + home.advance(room.now + 20)
    )
    members = place.devices[name].members or (name,)
    room.say(*home.connected(0))
    for member in members:
        room.say(*home.turn(member, 0, level=Percent(float(level))))
    room.until(SECOND)
    room.say(*home.advance(SECOND))  # a strip that has just spoken says nothing for a second
    play(room)
    assert room.sent
    shown = {lamp.name: lamp.level for lamp in home.lamps(room.now)}
    light = place.devices[name].abilities.light
    assert light is not None
    was = level if light.dimmable else min(level * 100, 100)
    assert [shown[member] for member in members] == pytest.approx([was] * len(members), abs=0.5)


@pytest.mark.parametrize("on", [False, True])
@pytest.mark.parametrize(("devices", "name"), those("switch"))
def test_a_switch_is_as_it_was(devices: dict[str, Any], name: str, *, on: bool) -> None:
    if name == "salt_lamp":
        plug = WordPlug("salt/power", "salt/state", on=on)
        room = wired(devices, f"scent: {name}", plug)
        room.say(plug.said)
        play(room)
        assert plug.on is on
        return
    place = place_of(devices)
    home = SimulatedHome(place)
    room = wired(
        devices, f"scent: {name}", lambda message: home.receive(message, room.now) + home.advance(room.now + 20)
    )
    room.say(*home.connected(0))
    room.say(*home.turn(name, 0, on=on))
    play(room)
    shown = {switch.name: switch.is_on for switch in home.switches()}
    reports = place.devices[name].dialect.abilities.switch
    assert reports is not None
    assert shown[name] is (on and reports.reports)


ONLY_A_LEVEL = """
devices:
  lamp:
    kind: light
    dialect: template
    set: {topic: paper/cmnd/Dimmer, payload: "{{ brightness }}"}
    state: {topic: paper/stat/RESULT, payload: "{{ value_json.Dimmer }}"}
    available: {topic: paper/tele/LWT, payload: "{{ value | lower }}"}
    segment: 500ms
rooms: {bedroom: {roles: {main: lamp}}}
"""
"""As the guide had it once: people have copied it."""


def test_a_tasmota_that_was_off_is_off_afterwards_with_the_entry_that_the_guide_had() -> None:
    lamp = TasmotaDimmer("paper", on=False, dimmer=50)
    room = Wired(ONLY_A_LEVEL, lamp)
    room.say(*lamp(Message("paper/cmnd/State", "")))
    play(room)
    assert not lamp.on


@pytest.mark.parametrize("entry", [ONLY_A_LEVEL, "the guide's"])
def test_a_tasmota_that_a_hand_switched_off_stays_off(entry: str) -> None:
    lamp = TasmotaDimmer("paper", on=True, dimmer=50)
    devices = EXAMPLES["home-paper_lamp"][0]
    room = Wired(ONLY_A_LEVEL, lamp) if entry == ONLY_A_LEVEL else wired(devices, "main: paper_lamp", lamp)
    room.say(*lamp(Message("paper/cmnd/State", "")))
    room.start(SCENE)
    room.until(4500)
    room.say(*lamp.switched(on=False))
    room.finish()
    assert not lamp.on


@pytest.mark.parametrize(
    ("payload", "warns"),
    [
        ("{{ value_json.Dimmer }}", True),
        ("{{ value_json['Dimmer'] }}", True),
        ("{{ (value_json.bri / 2.55) | round }}", True),
        ("{{ {'brightness': value_json.Dimmer} | tojson }}", True),
        ("{{ value_json.Dimmer if value_json.POWER == 'ON' else 0 }}", False),
        ("{{ {'state': value_json.on, 'brightness': value_json.dim} | tojson }}", False),
        ("{{ value_json.state }}", False),
        ("{{ value }}", False),
    ],
)
def test_a_state_that_cannot_say_off_is_warned_of(payload: str, *, warns: bool) -> None:
    home = read(HEAD + ONLY_A_LEVEL.replace("{{ value_json.Dimmer }}", payload), "house.yaml")
    assert [(remark.line, "lamp" in remark.message) for remark in home.remarks] == ([(9, True)] if warns else [])


def test_no_example_of_a_guide_is_warned_of() -> None:
    for devices, _ in EXAMPLES.values():
        assert place_of(devices).remarks == []
