"""What has been learnt of the devices of a home in the evenings that were played with them."""

from collections.abc import Iterator
from pathlib import Path

from orchestrator.cli.arguments import learnt_profiles
from orchestrator.cli.doctor.check_result import CheckResult, ok
from orchestrator.cli.event_text import device_title
from orchestrator.home.library import Home
from orchestrator.stage.accuracy import Accuracy, Scale
from orchestrator.stage.lateness import Lateness
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.units import SECOND
from orchestrator.values import Attribute

_PERCENT = Scale(100.0, 0.0)


def learnt_of_devices(journal: Path, home: Home | None) -> Iterator[CheckResult]:
    """How late and how exactly each device reports, as far as it is known."""
    if home is None:
        return
    for name, profile in learnt_profiles(journal, home).items():
        if said := " and ".join(_parts(profile)):
            yield ok("devices", f"{device_title(name, home)} {said}.")


def _parts(profile: ReportProfile) -> Iterator[str]:
    typical = Lateness(delays=profile.delays).typical
    if typical is not None:
        yield f"usually answers within {max(typical / SECOND, 0.1):.1f} s"
    accuracy = Accuracy(_PERCENT, profile.ratios.get(Attribute.LEVEL, ()))
    if accuracy.is_known:
        yield f"says {accuracy.gain:.2f} of the brightness that it is told"
