"""The way to Home Assistant's own devices, over its WebSocket API: the gateway of the dialect `hass`."""
