"""The dialects that relax speaks: one module each, one line each."""

from collections.abc import Mapping

from orchestrator.devices.dialects import (
    hermes,
    home_assistant,
    homie,
    mopidy,
    relax_speaker,
    shelly1,
    shelly2,
    sonos2mqtt,
    tasmota,
    template,
    wled,
    zigbee2mqtt,
)
from orchestrator.devices.family import Family

_FAMILIES = (
    zigbee2mqtt.FAMILY,
    home_assistant.FAMILY,
    relax_speaker.FAMILY,
    hermes.FAMILY,
    tasmota.FAMILY,
    shelly2.FAMILY,
    shelly1.FAMILY,
    wled.FAMILY,
    sonos2mqtt.FAMILY,
    mopidy.FAMILY,
    homie.FAMILY,
    template.FAMILY,
)

DIALECTS: Mapping[str, Family] = {family.name: family for family in _FAMILIES}
