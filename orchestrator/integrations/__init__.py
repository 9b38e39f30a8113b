"""How others in the house speak with us: our own MQTT interface."""
