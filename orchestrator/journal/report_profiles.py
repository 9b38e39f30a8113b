"""What a journal knows of how late and how exactly the devices of a home report."""

from contextlib import suppress

from orchestrator.home.library import Home
from orchestrator.journal.codec import profile_of
from orchestrator.journal.reader import Readable
from orchestrator.stage.report_profile import ReportProfile


def report_profiles(journal: Readable, home: Home) -> dict[str, ReportProfile]:
    """By device, of those that are still reached as they were then. A row that makes no sense is passed over."""
    profiles: dict[str, ReportProfile] = {}
    for name, fingerprint, delays, ratios in journal.read(
        "SELECT device, fingerprint, delays, ratios FROM report_profiles"
    ):
        if name in home.devices and home.fingerprint(name) == fingerprint:
            with suppress(ValueError, TypeError, AttributeError, OverflowError, RecursionError):
                profiles[name] = profile_of(delays, ratios)
    return profiles
