"""What helps whoever looks for a fault, without what is secret or nobody's business."""

import re
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.core import HomeAssistant

from . import RelaxConfigEntry

_SECRET: Final = frozenset(
    {"password", "token", "username", "playing", "uri", "url", "location", "text", "media_content_id"}
)
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: RelaxConfigEntry) -> dict[str, Any]:
    """The entry, what relax said last, and what is lent with how it is said to be."""
    del hass
    client, lender = entry.runtime_data.client, entry.runtime_data.lender
    lent = [
        {
            "entity": each.lent.entity_id,
            "address": each.branch.address,
            "area": each.lent.area,
            "announced": each.announcement(),
            "is_there": each.state is not None,
            "refusal": each.refusal,
        }
        for each in lender.lent.values()
    ]
    found = {
        "entry": {"data": dict(entry.data), "options": dict(entry.options)},
        "online": client.is_online,
        "rooms": client.sessions,
        "schedules": client.schedules,
        "scenes": [scene.get("scene") for scene in client.scenes],
        "lent": lent,
    }
    told: dict[str, Any] = _without_addresses(async_redact_data(found, _SECRET))
    return told


def _without_addresses(value: Any) -> Any:
    """An address of the network may have a name and a password in it."""
    if isinstance(value, str):
        return _ADDRESS.sub(REDACTED, value)
    if isinstance(value, dict):
        return {key: _without_addresses(each) for key, each in value.items()}
    return [_without_addresses(each) for each in value] if isinstance(value, list | tuple) else value
