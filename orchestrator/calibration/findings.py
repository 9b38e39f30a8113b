"""What follows from what a device said, or a person saw: keys for its entry of the home file, each with its reason."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from orchestrator.calibration.hearing import Hearing, Moved, TrialAnswer
from orchestrator.calibration.trial import Tried
from orchestrator.devices.abilities import DeviceCurve, FadeBy
from orchestrator.devices.settings import DeviceSettings
from orchestrator.fade import lightness, luminance
from orchestrator.units import SECOND, Ms, Percent

PATIENT: Ms = 10 * SECOND
"""How late a device may be that relax knows nothing of: what is sooner needs no word."""
_SPARE: Ms = 2 * SECOND
BRIGHT_ENOUGH = Percent(30.0)
"""Below this nobody can say what looks half as bright."""


class Finding(NamedTuple):
    """A key of the entry and its value, as they are written."""

    key: str
    value: str | bool
    why: str


class SeenByEye(NamedTuple):
    """What a person saw; None where nobody was asked, or knew it."""

    fade: Moved | None = None
    curve: DeviceCurve | None = None


def findings(
    settings: DeviceSettings, heard: Sequence[Hearing], seen: SeenByEye, answer_after: Ms | None
) -> list[Finding]:
    """What its entry should say, and does not. `answer_after` is how long it took to answer a question."""
    return [
        *_silence(settings, heard),
        *_lateness(settings, heard, answer_after),
        *_fade(settings, heard, seen),
        *_curve(settings, seen),
    ]


def halves(reference: Percent) -> tuple[Percent, Percent]:
    """The two levels of which one looks half as bright: for a lamp whose percent is lightness, and for one of light."""
    dark = luminance(lightness(reference / 100.0) / 2.0) * 100.0
    return Percent(round(reference / 2.0, 1)), Percent(round(max(dark, 0.5), 1))


def lateness(heard: Sequence[Hearing], answer_after: Ms | None) -> Ms:
    """How late its words were at most."""
    return max((answer_after or 0, *(each.late for each in heard)))


def _silence(settings: DeviceSettings, heard: Sequence[Hearing]) -> Iterator[Finding]:
    told = [each for each in heard if each.trial.tried is not Tried.WORDS]
    if settings.reports and told and all(each.answer is TrialAnswer.SILENT for each in told):
        yield Finding("reports", False, "it never said how it is: nobody waits for its answer then")
    if not settings.reports and any(each.answer is TrialAnswer.CONFIRMED for each in told):
        yield Finding("reports", True, "it does say how it is")


def _lateness(settings: DeviceSettings, heard: Sequence[Hearing], answer_after: Ms | None) -> Iterator[Finding]:
    late = lateness(heard, answer_after)
    settle = math.ceil((_SPARE + late * 1.5) / SECOND) * SECOND
    if settle > max(PATIENT, settings.settle or 0):
        yield Finding("settle", f"{settle // SECOND}s", f"its words come up to {late / SECOND:.1f} s late")


def _fade(settings: DeviceSettings, heard: Sequence[Hearing], seen: SeenByEye) -> Iterator[Finding]:
    faded = next((each for each in heard if each.trial.tried is Tried.FADE), None)
    if faded is None or settings.fade in (FadeBy.STEPPED, FadeBy.NONE):
        return
    if seen.fade is Moved.AT_ONCE:
        yield Finding("fade", FadeBy.STEPPED.value, "you saw it jump: relax makes its fades, step by step")
    elif seen.fade is None and faded.moved is Moved.AT_ONCE:
        why = "it was there at once, each time that it was asked on the way: relax makes its fades, step by step"
        yield Finding("fade", FadeBy.STEPPED.value, why)


def _curve(settings: DeviceSettings, seen: SeenByEye) -> Iterator[Finding]:
    if seen.curve is not None and seen.curve is not (settings.curve or DeviceCurve.PERCEPTUAL):
        yield Finding("curve", seen.curve.value, "by which of two steps looked half as bright")
