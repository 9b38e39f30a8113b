"""`relax daemon`: the service that serves a home."""

from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli import options

OwnScenes = Annotated[
    list[Path] | None,
    typer.Option("--scenes", metavar="DIR", help="A folder with scenes of your own; repeat it."),
]

LogFormat = Annotated[str | None, typer.Option("--log-format", metavar="FORMAT", help="text or json.")]
LogLevel = Annotated[str | None, typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error.")]

FindHome = Annotated[
    bool,
    typer.Option(
        "--find-home",
        envvar="RELAX_FIND_HOME",
        help="Where the home file is not there: wait for devices at the broker, and write it.",
    ),
]


def daemon(
    home: options.DaemonHome = None,
    *,
    find_home: FindHome = False,
    broker: options.Broker = None,
    state_dir: options.StateDir = None,
    scenes: OwnScenes = None,
    base: options.Base = None,
    log_format: LogFormat = None,
    log_level: LogLevel = None,
) -> int:
    """Serve a home, until a signal ends it.

    Ctrl-C gives the rooms back first; SIGTERM leaves sessions for the next start; SIGHUP reads the files again.
    """
    from orchestrator.daemon.service_runner import run_service
    from orchestrator.daemon.settings import read_settings

    flags = {
        "home": home,
        "state_dir": state_dir,
        "scenes": tuple(scenes) if scenes else None,
        "base": base,
        "log_format": log_format,
        "log_level": log_level,
    }
    settings = read_settings(flags)
    if find_home:
        from orchestrator.cli.service.first_home import wait_for_first_home

        wait_for_first_home(settings, broker)
    elif not settings.home.exists():
        from orchestrator.errors import UsageError

        hint = (
            f"relax home init {settings.home} writes one; with --find-home it is written as soon as there are devices."
        )
        raise UsageError(f"The home file {settings.home} is not there.", hint)
    return run_service(settings)
