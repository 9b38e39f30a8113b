"""What `relax devices show` says that a device can: no name of a field, and every number with its unit."""

import re
from dataclasses import fields

import pytest

from orchestrator.cli.home.ability_text import ability_lines, length_text
from orchestrator.devices.abilities import LightAbilities, PlayerAbilities, SwitchAbilities, VoiceAbilities
from orchestrator.home.device import Device
from tests.generated_docs import PAYLOADS, fixture_devices

DEVICES = [device for folder in sorted(PAYLOADS.iterdir()) for device in fixture_devices(folder.name)]
FIELDS = {
    each.name
    for part in (LightAbilities, PlayerAbilities, SwitchAbilities, VoiceAbilities)
    for each in fields(part)
    if "_" in each.name
}


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: f"{device.settings.dialect}-{device.name}")
def test_what_a_device_can_is_said_in_words_with_units(device: Device) -> None:
    lines = list(ability_lines(device))
    said = "\n".join(lines)
    assert not any(name in said for name in (*FIELDS, "True", "False", "mired"))
    assert re.findall(r"\d[\d.]*(?! ?(?:\d|\.|ms|s\b|min|h\b|K|%|levels|steps))", said) == []
    kinds = [line.removeprefix("as a ").removesuffix(":") for line in lines if line.startswith("as a ")]
    assert set(kinds) == {kind for kind in device.kinds if getattr(device.abilities, kind, None) is not None}


@pytest.mark.parametrize(
    ("length", "words"),
    [(0, "0 ms"), (250, "250 ms"), (1000, "1 s"), (65_500, "65.5 s"), (1_200_000, "20 min"), (6_553_000, "1.8 h")],
)
def test_a_length_is_in_a_unit_that_people_use(length: int, words: str) -> None:
    assert length_text(length) == words


def test_a_strip_that_cannot_be_asked_says_what_makes_it_known() -> None:
    strip = next(device for device in DEVICES if device.settings.dialect == "wled")
    assert "Retain MQTT messages" in "\n".join(ability_lines(strip))
