"""The shortest evening that still fails the same way: what is not needed for it is dropped."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from time import monotonic

from orchestrator.units import Ms
from tests.storm.evening import Deed, Evening, differences
from tests.storm.radio import FINE
from tests.storm.watcher import Finding
from tests.storm.world import World

TRIES = 250
_QUIET_WALL = "2026-06-14T13:00:00+02:00"
_USUAL: Ms = 4


def fails(evening: Evening) -> list[Finding]:
    """What is found when an evening is played; whatever is raised is found as well."""
    try:
        return World(evening).play().watcher.findings
    except Exception as error:  # noqa: BLE001 a fault of whoever is tried, or of the storm: both are to be seen
        return [Finding("raised", "", f"{type(error).__name__}: {error}", 0)]


def shrunk(evening: Evening, kind: str, tries: int = TRIES, seconds: float = inf) -> Evening:
    """Fails in the same kind, and needs all that is in it, as far as so many tries in so many seconds show."""
    left, end = tries, monotonic() + seconds

    def is_enough() -> bool:
        return left <= 0 or monotonic() >= end

    def is_same(shorter: Evening) -> bool:
        nonlocal left
        left -= 1
        return any(finding.kind == kind for finding in fails(shorter))

    found = True
    while found and not is_enough():
        found = False
        for shorter in _shorter(evening):
            if is_enough():
                break
            if is_same(shorter):
                evening, found = shorter, True
                break
    return evening


def _shorter(evening: Evening) -> Iterator[Evening]:
    """Each a little shorter or simpler, the boldest first."""
    deeds = evening.deeds
    size = len(deeds) // 2
    while size:
        for start in range(0, len(deeds), size):
            yield evening.with_deeds((*deeds[:start], *deeds[start + size :]))
        size //= 2
    if evening.radios:
        yield replace(evening, radios={})
        for device in evening.radios:
            yield replace(evening, radios={name: each for name, each in evening.radios.items() if name != device})
    if evening.ends_with:
        yield replace(evening, ends_with="")
    if evening.wall != _QUIET_WALL:
        yield replace(evening, wall=_QUIET_WALL)
    if evening.latency != _USUAL:
        yield replace(evening, latency=_USUAL)
    for device, radio in evening.radios.items():
        for name in differences(radio) if len(differences(radio)) > 1 else ():
            simpler = replace(radio, **{name: getattr(FINE, name)})
            yield replace(evening, radios={**evening.radios, device: simpler})
    for number, deed in enumerate(deeds):
        for simpler_deed in _simpler(deed):
            yield evening.with_deeds((*deeds[:number], simpler_deed, *deeds[number + 1 :]))
    for device in evening.before:
        yield replace(evening, before={name: to for name, to in evening.before.items() if name != device})


def _simpler(deed: Deed) -> Iterator[Deed]:
    if deed.what == "start" and deed.about not in ("minute", "plain"):
        yield replace(deed, about="minute", how={k: v for k, v in deed.how.items() if k != "rate"})
    if "point" in deed.how:
        yield replace(deed, how={k: v for k, v in deed.how.items() if k != "point"})
    if "mode" in deed.how:
        yield replace(deed, how={k: v for k, v in deed.how.items() if k != "mode"})
