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


def daemon(
    home: options.DaemonHome = None,
    *,
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
    return run_service(read_settings(flags))
