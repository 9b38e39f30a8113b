"""What the devices of a home said while somebody listened: which answer, and of which nobody knows how they are."""

from collections.abc import Iterable, Iterator, Sequence

from orchestrator.cli.doctor.check_result import CheckResult, ok, warn
from orchestrator.cli.event_text import device_titles
from orchestrator.conductor.rates import bridge_rates
from orchestrator.daemon.gateways import AT_NO_BROKER
from orchestrator.devices.abilities import Kind
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import (
    AvailabilityReport,
    LightReport,
    Message,
    PlayerReport,
    RefusalReport,
    SwitchReport,
)
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.stage.questions import signs_of_life
from orchestrator.units import Ms

_SILENT_BY_NATURE = {Kind.BUTTON, Kind.SENSOR}
_ITS_ENTRY = "Sessions go on without, until its entry in the home file is right."
_STATES = (LightReport, SwitchReport, PlayerReport)


class DeviceAnswers:
    """Of the devices that say something of themselves: buttons speak when they are pressed, others are at no broker."""

    def __init__(self, home: Home | None) -> None:
        self._home = home
        self._devices = {name: device for name, device in (home.devices if home else {}).items() if _is_here(device)}
        self._online: dict[str, bool] = {}
        self._answered: set[str] = set()
        self._kept: set[str] = set()
        self._refused: dict[str, str] = {}

    def questions(self) -> list[tuple[Ms, str, Sequence[Message]]]:
        """When each device may be asked how it is, and how: no bridge more at a time than it takes."""
        rates = bridge_rates(self._home) if self._home is not None else {}
        return [(at, device.name, asked) for at, device, asked in signs_of_life(self._devices.values(), rates)]

    def has_answered(self, device: str) -> bool:
        """Whether it has spoken by itself meanwhile."""
        return device in self._answered

    def hear(self, message: Message) -> None:
        """A state that the broker had stored is no sign of life of a device that can be asked."""
        for device in self._devices.values():
            for report in device.dialect.decode(message):
                if isinstance(report, AvailabilityReport):
                    self._online[device.name] = report.online
                elif isinstance(report, RefusalReport):
                    self._refused[device.name] = report.why
                elif not message.retain:
                    self._answered.add(device.name)
                elif isinstance(report, _STATES) and not device.dialect.query():
                    self._kept.add(device.name)

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing more to wait for."""
        done = self._known | self._away | self._refused.keys()
        return not any(name not in done for name in self._expected)

    def results(self, within: float) -> Iterator[CheckResult]:
        """A line for each thing that there is to say, after so many seconds."""
        missing = [name for name in self._expected if name not in self._known and name not in self._away]
        for name, why in self._refused.items():
            yield warn("devices", f"{self._titles([name])} cannot be told anything: {why}.", _ITS_ENTRY)
        missing = [name for name in missing if name not in self._refused]
        silent = [name for name in missing if self._devices[name].dialect.query()]
        if away := [name for name in self._expected if name in self._away and name not in self._refused]:
            yield warn("devices", f"Offline: {self._titles(away)}.", "Sessions go on without.")
        if silent:
            yield warn(
                "devices",
                f"No answer within {within:.0f} s: {self._titles(silent)}.",
                "Are they switched on, and are their topics right?",
            )
        for name in missing:
            if name not in silent:
                yield self._unknown(self._devices[name])
        if self._expected and not away and not missing and not self._refused:
            yield ok("devices", self._all_well())

    def _unknown(self, device: Device) -> CheckResult:
        """One that cannot be asked, and of which the broker has kept nothing."""
        to_keep = DIALECTS[device.settings.dialect].to_keep
        known = f"{to_keep[:1].upper()}{to_keep[1:]}, or give" if to_keep else "Give"
        remedy = f"{known} its role a `fallback`: else it stays as a scene leaves it."
        how = "nobody knows how it is: it cannot be asked, and the broker has kept no word of that."
        if self._online.get(device.name):
            return warn("devices", f"{self._titles([device.name])} is there, but {how}", remedy)
        return warn("devices", f"{self._titles([device.name])}: {how}", f"Is its topic right? {remedy}")

    def _all_well(self) -> str:
        count, kept = len(self._expected), len(self._kept - self._answered)
        if count == 1:
            return "It cannot be asked; the broker has kept how it is." if kept else "It answers."
        if not kept:
            return f"All {count} answer."
        return f"All {count} answer, or the broker has kept how they are ({kept} cannot be asked)."

    @property
    def _expected(self) -> list[str]:
        return [name for name, device in self._devices.items() if _says_something(device)]

    @property
    def _away(self) -> set[str]:
        return {name for name, is_online in self._online.items() if not is_online}

    @property
    def _known(self) -> set[str]:
        """Those of which there is nothing more to hear. Of a voice alone it is enough that it is there."""
        voices = {name for name in self._online if set(self._devices[name].kinds) <= {Kind.VOICE}}
        return self._answered | self._kept | voices

    def _titles(self, names: Iterable[str]) -> str:
        return device_titles(names, self._home)


def _is_here(device: Device) -> bool:
    return device.settings.dialect not in AT_NO_BROKER and not set(device.kinds) <= _SILENT_BY_NATURE


def _says_something(device: Device) -> bool:
    """Whether it can be asked, or says how it is by itself, or what it can."""
    own = device.abilities
    if device.dialect.query():
        return True
    if any(part is not None and part.reports for part in (own.light, own.player, own.switch)):
        return True
    return own.voice is not None and not own.voice.told
