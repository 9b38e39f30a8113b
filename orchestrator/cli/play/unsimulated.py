"""What a simulated home has to do without, in one line."""

from collections.abc import Iterable

from orchestrator.cli.event_text import device_title
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.simulator.home import SimulatedHome


def unsimulated_line(simulated: SimulatedHome, home: Home, among: Iterable[Device] | None = None) -> str | None:
    """The devices, of the whole home or only `among` these, that nobody can simulate; None where all can be."""
    wanted = {device.name for device in (home.devices.values() if among is None else among)}
    lacking = [home.devices[name] for name in simulated.unsimulated if name in wanted]
    if not lacking:
        return None
    named = ", ".join(f"{device_title(device.name, home)} ({device.settings.dialect})" for device in lacking)
    return f"Left out, because nobody has written how it is simulated: {named}."
