"""What a Home Assistant has: its entities with their states, its devices, its areas. Asked once; nothing is changed."""

import asyncio
from collections.abc import Mapping
from typing import Any

from orchestrator.devices.dialects.hass.entity_state import EntityState
from orchestrator.devices.discovery.hass import HassInventory
from orchestrator.errors import HomeAssistantError
from orchestrator.hass.access import HassAccess
from orchestrator.hass.connection import HassConnection


async def inventory(access: HassAccess) -> HassInventory:
    """Raises HomeAssistantError."""
    connection = await HassConnection.open(access)
    serving = asyncio.create_task(connection.serve(), name="hass lists")
    try:
        states = _listed(await connection.answer("get_states"))
        entities, devices, areas = [
            _listed(await connection.answer(f"config/{what}_registry/list")) for what in ("entity", "device", "area")
        ]
        return HassInventory(
            connection.version,
            dict(_state(each) for each in states),
            entities,
            devices,
            areas,
            await _engines(connection),
        )
    finally:
        serving.cancel()
        await asyncio.wait([serving])
        await connection.close()


async def _engines(connection: HassConnection) -> list[str]:
    """None where it has no text-to-speech."""
    try:
        listed = await connection.answer("tts/engine/list")
    except HomeAssistantError:
        return []
    providers = listed.get("providers") if isinstance(listed, dict) else None
    names = [each.get("engine_id") for each in _listed(providers)]
    return [name for name in names if isinstance(name, str) and name.startswith("tts.")]


def _listed(result: Any) -> list[Mapping[str, Any]]:
    return [each for each in result if isinstance(each, dict)] if isinstance(result, list) else []


def _state(said: Mapping[str, Any]) -> tuple[str, EntityState]:
    attributes = said.get("attributes")
    state = EntityState(str(said.get("state")), attributes if isinstance(attributes, dict) else {})
    return str(said.get("entity_id")), state
