"""`relax doctor`: is everything there that a session needs, and does anything lie in wait?"""

from typing import TYPE_CHECKING

from orchestrator.cli import options
from orchestrator.cli.exit_codes import FAILED
from orchestrator.cli.json_output import print_json
from orchestrator.cli.long_line import say

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.cli.doctor.check_result import CheckResult
    from orchestrator.home.library import Home

_WORDS_BEGIN = 16
"""Columns before the words of a result."""


def doctor(
    home: options.DaemonHome = None,
    state_dir: options.StateDir = None,
    broker: options.Broker = None,
    as_json: options.JsonData = False,
) -> int:
    """Look over all that a session needs.

    Broker, devices, clock, disk, journal, scenes, schedules. It changes nothing.
    Exit code 1 where something fails; a warning is none.
    """
    import asyncio

    from orchestrator.cli.client.daemon_address import address_at
    from orchestrator.cli.doctor import host_checks
    from orchestrator.cli.doctor.broker_check import BrokerCheck
    from orchestrator.cli.doctor.check_result import Severity
    from orchestrator.cli.doctor.device_checks import learnt_of_devices
    from orchestrator.cli.doctor.home_assistant_check import check_home_assistant
    from orchestrator.cli.doctor.satellite_checks import check_satellites
    from orchestrator.cli.doctor.scene_checks import check_scenes, check_schedules
    from orchestrator.daemon.broker import address_of
    from orchestrator.daemon.clock import local_time
    from orchestrator.daemon.settings import read_settings

    settings = read_settings({"home": home, "state_dir": state_dir})
    results, place = _home(settings.home)
    address = address_at(broker) if broker is not None else address_of(place) if place is not None else None
    if address is not None:
        results += asyncio.run(BrokerCheck(address, settings.base, place).look())
    results += asyncio.run(check_satellites(place))
    results += asyncio.run(check_home_assistant(place))
    results += [host_checks.check_clock(local_time(), place), host_checks.check_disk(settings.state_dir)]
    results += [*host_checks.check_journal(settings.journal), *learnt_of_devices(settings.journal, place)]
    results += check_scenes(settings, place)
    results += check_schedules(settings, place, local_time())
    if as_json:
        print_json([result._asdict() for result in results])
    else:
        for result in results:
            say(result.line, _WORDS_BEGIN)
    return FAILED if any(result.verdict is Severity.FAIL for result in results) else 0


def _home(path: "Path") -> "tuple[list[CheckResult], Home | None]":
    from orchestrator.cli.doctor.check_result import fail, ok, warn
    from orchestrator.errors import HomeError
    from orchestrator.home.library import load

    if not path.exists():
        return [
            fail("home", f"There is no {path}.", "`relax home init` writes one; or say where it is: --home FILE")
        ], None
    try:
        place = load(path)
    except HomeError as error:
        return [fail("home", f"{fault}.".replace("..", "."), "") for fault in error.faults], None
    rooms = ", ".join(place.model.rooms)
    fine = ok("home", f"{path} is fine: {len(place.devices)} devices, {rooms}.")
    return [fine, *(warn("home", f"{fault}.".replace("..", "."), "") for fault in place.remarks)], place
