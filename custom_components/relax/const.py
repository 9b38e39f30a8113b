"""Names that several files share."""

from typing import Final

DOMAIN: Final = "relax"
MAKER: Final = "relax"
"""Who says in MQTT discovery that it made relax's own devices."""

CONF_BASE: Final = "base_topic"
CONF_AREAS: Final = "areas"
CONF_ENTITIES: Final = "entities"
CONF_LEFT_OUT: Final = "left_out"
CONF_VOICE: Final = "voice"
CONF_ADDRESSES: Final = "addresses"
"""In the entry's data: where each entity that was ever lent is found, by its id in the registry. A rename keeps it."""

DEFAULT_BASE: Final = "relax"

BY_AUTOMATION: Final = "automation"
"""Who starts a session through this integration was not shown the scene's cautions: the session says the first."""
