"""Devices that are asked whether they are there: no bridge faster than it takes it, all else at once."""

from orchestrator.home.library import read
from orchestrator.stage.budget import BridgeRates, Rate
from orchestrator.stage.questions import signs_of_life


def test_the_lamps_of_a_bridge_are_asked_in_turn_and_one_thing_each():
    lamps = [f"  l{n}: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/l{n}}}" for n in range(14)]
    others = ["  far: {kind: light, dialect: zigbee2mqtt, topic: attic/far}"]
    others += ["  strip: {kind: light, dialect: tasmota, topic: strip}"]
    rooms = "rooms: {den: {roles: {main: l0}}}"
    home = read("\n".join(["home: h", "format: 1", "devices:", *lamps, *others, rooms]), "h.yaml")
    plan = [(at, device.name, len(asked)) for at, device, asked in signs_of_life(home.devices.values(), {})]
    by_name = {name: at for at, name, _ in plan}
    assert [by_name[f"l{n}"] for n in range(14)] == [0] * 4 + [1000] * 4 + [2000] * 4 + [3000] * 2
    assert (by_name["far"], by_name["strip"]) == (0, 0)
    assert all(asked == 1 for _, name, asked in plan if name.startswith("l"))
    slow = {"zigbee2mqtt": BridgeRates(bridge=Rate(1, 2000))}
    assert max(at for at, *_ in signs_of_life(home.devices.values(), slow)) == 26_000
