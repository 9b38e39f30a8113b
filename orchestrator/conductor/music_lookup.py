"""What a scene's `play` means in this home: its names as addresses that a player understands."""

from orchestrator.home.model import HomeModel
from orchestrator.values import Playing


def look_up(playing: Playing, device: str, home: HomeModel) -> Playing | None:
    """The address of the first name that the home has for this player; None where it has none of them.

    `music:` of the home file gives an address for each dialect, or one for all; a name may be an address itself.
    """
    if not playing.names:
        return playing
    dialect = str(home.devices.get(device, {}).get("dialect", ""))
    for name in playing.names:
        entry = home.music.get(name)
        address = entry.get(dialect) or entry.get("default") if isinstance(entry, dict) else entry
        if address is None and "://" in name:
            address = name
        if address is not None:
            return Playing((address,), playing.paused)
    return None
