"""A machine that slept is noticed once by each who has to know of it, whoever asks first."""

from orchestrator.daemon.clock import now
from orchestrator.daemon.suspend_detector import NAP, SuspendDetector
from orchestrator.units import SECOND


def test_who_hears_devices_and_who_sees_to_sessions_are_both_told_of_a_sleep_once() -> None:
    began, asleep = now(), 0
    detector = SuspendDetector(boot=lambda: began + asleep)
    asleep = 60 * SECOND
    assert detector.woke(began) >= 59 * SECOND
    assert detector.woke(began) == 0
    assert detector.slept(began) >= 59 * SECOND
    assert detector.slept(began) == 0


def test_a_nap_is_no_sleep() -> None:
    began, asleep = now(), 0
    detector = SuspendDetector(boot=lambda: began + asleep)
    asleep = NAP // 2
    assert detector.woke(began) == detector.slept(began) == 0
