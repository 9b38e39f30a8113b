"""What the bridges of a home take, from its file."""

from orchestrator.home.library import Home
from orchestrator.stage.budget import BridgeRates, Rate


def bridge_rates(home: Home) -> dict[str, BridgeRates]:
    """By base topic; a bridge that the file does not name has the defaults."""
    return {
        name: BridgeRates(*(Rate(rate.count, rate.per) for rate in (model.budget, model.lamp, model.groups)))
        for name, model in home.model.bridges.items()
    }
