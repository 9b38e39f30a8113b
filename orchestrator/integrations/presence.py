"""Whether anything could be played in a room."""

from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.stage.stage import Stage


def is_there(home: Home, room: str, stage: Stage) -> bool:
    """False where every device that the room casts is known to be away; a group is away with all its members."""
    cast = home.cast_in(room)
    return not cast or any(not _is_away(device, stage) for device in cast)


def _is_away(device: Device, stage: Stage) -> bool:
    members = device.members
    return stage.is_away(device.name) or (bool(members) and all(stage.is_away(name) for name in members))
