"""Whether the satellites of a home, which no broker reaches, can be spoken through."""

from orchestrator.cli.doctor.check_result import CheckResult, ok, warn
from orchestrator.cli.event_text import device_title
from orchestrator.devices.dialects.wyoming import WyomingSettings
from orchestrator.errors import WyomingError
from orchestrator.home.library import Home
from orchestrator.wyoming.gateway import look_at


async def check_satellites(home: Home | None) -> list[CheckResult]:
    """One result for each. A service that speaks through one just now has it: it is then said that another has."""
    if home is None:
        return []
    results = []
    for device in home.devices.values():
        if isinstance(device.settings, WyomingSettings):
            try:
                await look_at(device.settings)
            except WyomingError as error:
                results.append(
                    warn("devices", f"{device_title(device.name, home)} cannot speak: {error.message}", error.hint)
                )
            else:
                results.append(ok("devices", f"{device_title(device.name, home)} can speak."))
    return results
