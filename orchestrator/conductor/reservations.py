"""Which session plays with which device: one at a time, a group counting its members (rule 24)."""

from collections.abc import Mapping

from orchestrator.conductor.request import Start
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.errors import Reason, Refused
from orchestrator.home.device import Device


class Reservations:
    """Of the devices of one home."""

    def __init__(self, devices: Mapping[str, Device]) -> None:
        self._devices = devices
        self._reservations: dict[str, SessionRunner] = {}

    def take(self, runner: SessionRunner) -> None:
        """From now on these devices are a session's."""
        for device in runner.devices:
            self._reservations.update(dict.fromkeys(self._busy_with(device), runner))

    def elsewhere(self, device: str, room: str) -> SessionRunner | None:
        """The session of another room that plays with a device."""
        runners = (self._reservations.get(name) for name in self._busy_with(device))
        others = (runner for runner in runners if runner is not None and not runner.is_over)
        return next((runner for runner in others if runner.start.room != room), None)

    def without_busy(self, start: Start) -> Start:
        """The same without optional roles whose devices are in use elsewhere. Raises Refused for the others."""
        roles = dict(start.roles)
        for role, cast in start.roles.items():
            try:
                for device in cast:
                    self._refuse_if_busy(device, start.room)
            except Refused:
                if role not in start.optional:
                    raise
                del roles[role]
        return start._replace(roles=roles)

    def _refuse_if_busy(self, device: str, room: str) -> None:
        runner = self.elsewhere(device, room)
        if runner is not None:
            raise Refused(Reason.DEVICE_BUSY, f"{device} is in use by the session in {runner.start.room}.")

    def _busy_with(self, device: str) -> tuple[str, ...]:
        """A group is busy with its members, and they with it."""
        return (device, *self._devices[device].members)
