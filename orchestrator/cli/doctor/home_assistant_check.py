"""Whether Home Assistant lets relax in, where a home has devices of its own there; and whether it has them."""

from orchestrator.cli.doctor.check_result import CheckResult, ok, warn
from orchestrator.daemon.gateways import home_assistant_of
from orchestrator.devices.dialects.hass import HassSettings
from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.devices.discovery.hass import HassInventory
from orchestrator.errors import HomeAssistantError
from orchestrator.hass.inventory import inventory
from orchestrator.home.library import Home


async def check_home_assistant(home: Home | None) -> list[CheckResult]:
    """One result for the connection, one for each entity that is not there."""
    own = [] if home is None else [each for each in home.devices.values() if isinstance(each.settings, HassSettings)]
    if home is None or not own:
        return []
    try:
        found = await inventory(home_assistant_of(home))
    except HomeAssistantError as error:
        return [warn("devices", error.message, error.hint)]
    results = [ok("devices", f"Home Assistant {found.version} lets relax in.")]
    for device in own:
        assert isinstance(device.settings, HassSettings)
        if (trouble := _trouble(device.settings.entity, found)) is not None:
            results.append(warn("devices", f"{device.title}: {trouble[0]}", trouble[1]))
    return results


def _trouble(entity: str, found: HassInventory) -> tuple[str, str] | None:
    state: EntityState | None = found.states.get(entity)
    if state is None:
        return f"Home Assistant has no {entity}.", "Was it renamed? See Settings, Devices, Entities."
    if state.word == "unavailable":
        return f"{entity} is unavailable there.", "Has it power, and works its integration?"
    return None
