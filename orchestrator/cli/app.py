"""The commands of relax. Each lives in a file of its own and imports what it needs when it is called.

The docstring of a command is its help. What it cannot do it raises, as a RelaxError: `entry` makes the sentence of it.
"""

from typing import Annotated

import typer

from orchestrator.cli.doctor.doctor import doctor
from orchestrator.cli.home.devices import devices
from orchestrator.cli.home.home import home
from orchestrator.cli.home.integrations import integrations
from orchestrator.cli.journal.history import history
from orchestrator.cli.journal.trace import trace
from orchestrator.cli.journal.why import why
from orchestrator.cli.play.demo import demo
from orchestrator.cli.play.run import run
from orchestrator.cli.play.simulate import simulate
from orchestrator.cli.scenes.languages import languages
from orchestrator.cli.scenes.plan import plan
from orchestrator.cli.scenes.scenes import scenes
from orchestrator.cli.schedules.schedules import schedules
from orchestrator.cli.service.api import api
from orchestrator.cli.service.broker import broker
from orchestrator.cli.service.daemon import daemon
from orchestrator.cli.service.simulator import simulator
from orchestrator.cli.service.speaker import speaker
from orchestrator.cli.steer.control import commands, status, watch
from orchestrator.cli.steer.owed import owed

app = typer.Typer(
    name="relax",
    help="Guided relaxation at home: a scene plays in a room, over MQTT.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(demo)
app.command()(run)
app.command()(status)
for word, tell in commands():
    app.command(word)(tell)
for command in (watch, daemon, history, trace, why):
    app.command()(command)
app.command()(simulate)
app.command()(plan)
app.add_typer(owed, name="owed")
app.add_typer(scenes, name="scenes")
app.add_typer(languages, name="languages")
app.add_typer(home, name="home")
app.add_typer(devices, name="devices")
app.add_typer(schedules, name="schedules")
app.add_typer(integrations, name="integrations")
app.command()(broker)
app.command()(simulator)
app.command()(speaker)
app.command()(doctor)
app.command()(api)


@app.callback()
def relax(
    *,
    version: Annotated[bool, typer.Option("--version", "-V", help="Say the version and leave.")] = False,
) -> None:
    if version:
        from orchestrator import __version__

        print(f"relax {__version__}")
        raise typer.Exit
