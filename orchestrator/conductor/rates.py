"""What the bridges of a home take, from its file."""

from typing import Final

from orchestrator.home.library import Home
from orchestrator.stage.budget import BridgeRates, Rate
from orchestrator.units import SECOND

_HASS: Final = "hass"
"""The bridge of Home Assistant's own devices, as their dialect names it."""
HOME_ASSISTANT: Final = BridgeRates(Rate(40, SECOND), Rate(3, SECOND), Rate(40, SECOND))
"""It takes thousands; a lamp in a cloud takes a third of a second for each."""


def bridge_rates(home: Home) -> dict[str, BridgeRates]:
    """By base topic; a bridge that the file does not name has the defaults."""
    rates = {_HASS: HOME_ASSISTANT}
    for name, model in home.model.bridges.items():
        written = {key: Rate(rate.count, rate.per) for key, rate in model if key in model.model_fields_set}
        usual = rates.get(name, BridgeRates())
        rates[name] = BridgeRates(
            written.get("budget", usual.bridge), written.get("lamp", usual.lamp), written.get("groups", usual.groups)
        )
    return rates
