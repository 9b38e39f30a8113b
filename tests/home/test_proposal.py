"""Devices that were found become a home: names, rooms, roles. What nobody knows to be safe plays nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from orchestrator.devices.abilities import Kind
from orchestrator.devices.discovery.found_device import FoundDevice
from orchestrator.home.proposal import HomeProposal, proposed, proposed_devices, with_room
from orchestrator.home.room_words import room_called, room_in


def lamp(title: str, *colours: str, area: str | None = None, **keys: Any) -> FoundDevice:
    entry = {"kind": "light", "dialect": "zigbee2mqtt", "topic": f"zigbee2mqtt/{title}", "colors": list(colours)}
    told = {"proposed": (Kind.LIGHT,), **keys}
    return FoundDevice((f"zigbee2mqtt:{title}",), entry, title, ("zigbee2mqtt/bridge/devices",), area=area, **told)


def voice(title: str, area: str | None = None) -> FoundDevice:
    entry = {"kind": "voice", "dialect": "hermes", "site": title}
    return FoundDevice((f"hermes:{title}",), entry, title, ("hermes/tts/say",), area=area, proposed=(Kind.VOICE,))


def remote(title: str) -> FoundDevice:
    entry = {"kind": "button", "dialect": "zigbee2mqtt", "topic": f"zigbee2mqtt/{title}"}
    return FoundDevice((f"{title} action",), entry, title, ("zigbee2mqtt/bridge/devices",), proposed=(Kind.BUTTON,))


def home(*found: FoundDevice, room: str | None = None) -> HomeProposal:
    return proposed(proposed_devices(found), room)


def roles(proposal: HomeProposal) -> dict[str, dict[str, Any]]:
    return {room.name: dict(room.roles) for room in proposal.rooms}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("bedroom_ceiling", "bedroom"),
        ("Wohnzimmerlampe", "living"),
        ("Living Room/strip", "living"),
        ("ceilingBedroom", "bedroom"),
        ("Küche Decke", "kitchen"),
        ("kitchen2", "kitchen"),
        ("den_lamp", "den"),
        ("garden", "garden"),
        ("hidden lamp", None),
        ("badge", None),
        ("challenge", None),
        ("", None),
    ],
)
def test_a_name_speaks_of_a_room(name: str, key: str | None) -> None:
    found = room_in(name)
    assert (found.key if found is not None else None) == key


def test_what_stands_beside_a_bed_is_in_the_bedroom_unless_a_room_is_named() -> None:
    assert room_in("Nachttisch links") == ("bedroom", "Schlafzimmer")
    assert room_in("Bett rechts") == ("bedroom", "Schlafzimmer")
    assert room_in("bedrock lamp") is None
    assert room_in("bedside_lamp") == ("bedroom", "Bedroom")
    assert room_in("Nachttischlampe Kinderzimmer") == ("child", "Kinderzimmer")
    assert room_in("bedside", "zigbee2mqtt/attic/bedside") == ("attic", "Attic")


def test_an_area_is_a_room_whatever_it_is_called_and_one_in_two_languages() -> None:
    assert room_called("Nook").key == "nook"
    assert room_called("Schlafzimmer").key == room_called("Bedroom").key
    proposal = home(lamp("ceiling", "temperature", area="Schlafzimmer"), voice("bedroom"))
    assert roles(proposal) == {"schlafzimmer": {"main": "ceiling", "voice": "bedroom"}}


def test_an_area_counts_before_a_name() -> None:
    assert list(roles(home(lamp("kitchen lamp", area="Attic")))) == ["attic"]


def test_a_floor_gives_way_to_the_room_on_it() -> None:
    entry = {"kind": "light", "dialect": "zigbee2mqtt", "topic": "zigbee2mqtt/upstairs/bedroom/ceiling", "colors": []}
    device = FoundDevice(("x",), entry, "ceiling", ("x",), area="upstairs", proposed=(Kind.LIGHT,))
    assert list(roles(home(device))) == ["bedroom"]


def test_the_lamp_to_see_by_is_the_main_one_and_all_others_glow() -> None:
    proposal = home(
        lamp("bedroom strip", "rgb"), lamp("bedroom ceiling", "temperature"), lamp("bedroom shelf", "temperature")
    )
    assert roles(proposal) == {"bedroom": {"main": "bedroom_ceiling", "glow": ["bedroom_strip", "bedroom_shelf"]}}


def test_where_nobody_names_a_room_everything_is_in_one() -> None:
    proposal = home(lamp("one", "temperature"), lamp("two"), voice("satellite"), remote("knob"), room="studio")
    assert roles(proposal) == {"studio": {"main": "one", "glow": "two", "voice": "satellite"}}
    assert proposal.rooms[0].buttons == ("knob",)
    assert proposal.nowhere == ()


def test_what_is_in_no_room_plays_nowhere_but_a_voice_does_where_there_is_one_room() -> None:
    one = home(lamp("bedroom"), lamp("desk"), voice("satellite"))
    assert roles(one) == {"bedroom": {"main": "bedroom", "voice": "satellite"}}
    assert one.nowhere == ("desk",)
    two = home(lamp("bedroom"), lamp("kitchen"), voice("satellite"))
    assert roles(two) == {"bedroom": {"main": "bedroom"}, "kitchen": {"main": "kitchen"}}
    assert two.nowhere == ("satellite",)


def test_who_says_a_room_means_it_for_all_of_which_nobody_says_it() -> None:
    devices = lamp("bedroom"), lamp("desk"), voice("satellite")
    same = home(*devices, room="Bedroom")
    assert roles(same) == {"bedroom": {"main": "bedroom", "glow": "desk", "voice": "satellite"}}
    other = home(*devices, room="Studio")
    assert roles(other) == {"bedroom": {"main": "bedroom"}, "studio": {"main": "desk", "voice": "satellite"}}
    assert (same.nowhere, other.nowhere) == ((), ())


def titles(*found: FoundDevice, of_home: Sequence[str] = ()) -> list[str]:
    return [device.title for device in proposed_devices(found, titles=of_home)]


def test_no_two_devices_are_called_alike() -> None:
    alike = lamp("bedroom"), voice("Bedroom"), lamp("desk")
    assert titles(*alike) == ["bedroom (light)", "Bedroom (voice)", "desk"]
    assert [device.name for device in proposed_devices(alike)] == ["bedroom_light", "bedroom_voice", "desk"]
    same = lamp("bedroom", model="Bulb"), replace(lamp("bedroom", model="Strip"), keys=("other",))
    assert titles(*same) == ["bedroom (Bulb)", "bedroom (Strip)"]
    entry = {**lamp("x").entry, "topic": "attic/bedroom"}
    addresses = lamp("bedroom"), replace(lamp("bedroom"), keys=("other",), entry=entry)
    assert titles(*addresses) == ["bedroom (zigbee2mqtt/bedroom)", "bedroom (attic/bedroom)"]


def test_what_is_new_is_called_otherwise_than_what_the_home_has() -> None:
    assert titles(lamp("bedroom"), of_home=["Bedroom"]) == ["bedroom (light)"]


def test_what_is_proposed_for_nothing_plays_nothing() -> None:
    assert roles(home(lamp("bedroom status led", proposed=()))) == {"home": {}}


def test_a_device_that_relax_cannot_use_plays_nothing_and_says_why() -> None:
    strange = lamp("bedroom")
    unspoken = {**strange.entry, "dialect": "smoke-signals"}
    odd = {**strange.entry, "warmest": "very"}
    for entry, words in ((unspoken, "does not speak `smoke-signals` yet"), (odd, "warmest")):
        device = FoundDevice(strange.keys, entry, "bedroom", ("x",), proposed=(Kind.LIGHT,))
        proposal = home(device)
        assert words in proposal.devices[0].refused
        assert roles(proposal) == {"home": {}}


def test_names_are_of_small_letters_and_no_two_are_alike() -> None:
    devices = proposed_devices([lamp("Tür-Lampe"), lamp("Tür Lampe"), lamp("Лампа"), lamp("lamp")], taken=["lamp"])
    assert [device.name for device in devices] == ["tuer_lampe", "tuer_lampe_2", "device", "lamp_2"]


def test_a_name_that_says_nothing_is_shown_with_its_title() -> None:
    devices = proposed_devices([lamp("Лампа"), lamp("灯"), lamp("desk")])
    assert [device.shown for device in devices] == ["device (Лампа)", "device_2 (灯)", "desk"]


def test_a_group_has_the_names_of_its_members() -> None:
    one, two = lamp("one", area="Den"), lamp("two", area="Den")
    both = lamp("all", area="Den", members=(one.keys[0], two.keys[0]), proposed=())
    devices = proposed_devices([both, one, two])
    assert (devices[0].name, devices[0].entry["members"]) == ("den_all", ["one", "two"])


def test_a_group_has_the_names_that_its_members_have_in_the_home_already() -> None:
    one, two = lamp("one"), lamp("two")
    both = lamp("both", members=(one.keys[0], two.keys[0]), proposed=())
    devices = proposed_devices([both, one, two], ["by_hand"], {one.keys[0]: "by_hand"})
    assert [device.name for device in devices] == ["both", "two"]
    assert devices[0].entry["members"] == ["by_hand", "two"]
    assert "colors" not in devices[0].entry, "it would hold for the lamp that somebody wrote down"


def test_a_room_that_is_chosen_has_what_is_chosen_and_no_other_room_has_it() -> None:
    proposal = home(lamp("bedroom"), lamp("kitchen", "temperature"), lamp("desk"), voice("bedroom voice"))
    chosen = with_room(proposal, "Sleeping nook", ["kitchen", "desk"])
    assert roles(chosen) == {
        "sleeping-nook": {"main": "kitchen", "glow": "desk"},
        "bedroom": {"main": "bedroom", "voice": "bedroom_voice"},
    }
    assert chosen.rooms[0].title == "Sleeping nook"
    again = with_room(proposal, "Bedroom", ["desk"])
    assert roles(again) == {"bedroom": {"main": "desk"}, "kitchen": {"main": "kitchen"}}
    assert again.nowhere == ("bedroom", "bedroom_voice")
