"""Homie, conventions 4 and 5: lamps and switches whose properties have topics of their own, in any domain.

Homie has no word for a lamp and none for a fade: the home file says which properties of a node are the lamp's, and
relax makes the steps. Ranges, units and forms of colour are taken from what the device says of itself. All is retained,
so nothing is asked.
"""

from orchestrator.devices.dialects.homie.codec import Homie
from orchestrator.devices.dialects.homie.settings import HomieSettings
from orchestrator.devices.family import Family

__all__ = ["FAMILY", "Homie", "HomieSettings"]

FAMILY = Family("homie", HomieSettings, Homie)
