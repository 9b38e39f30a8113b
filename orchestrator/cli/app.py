"""The commands of relax. Each lives in a file of its own and imports what it needs when it is called."""

from typing import Annotated

import typer

from orchestrator.cli.homes.devices import devices
from orchestrator.cli.homes.doctor import doctor
from orchestrator.cli.homes.home import home
from orchestrator.cli.homes.integrations import integrations
from orchestrator.cli.look_back.history import history, trace, why
from orchestrator.cli.plan.plan import plan
from orchestrator.cli.plan.scenes import scenes
from orchestrator.cli.plan.schedules import schedules
from orchestrator.cli.play.demo import demo
from orchestrator.cli.play.run import run
from orchestrator.cli.play.simulate import simulate
from orchestrator.cli.service.api import api
from orchestrator.cli.service.daemon import daemon
from orchestrator.cli.service.parts import broker, simulator
from orchestrator.cli.steer.control import PLAIN, extend, give_back, goto, plain, status, volume, watch

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
for word, about in PLAIN.items():
    app.command(word)(plain(word, about))
for command in (extend, goto, volume, give_back, watch, daemon, history, trace, why):
    app.command(command.__name__.replace("_", "-"))(command)
app.command()(simulate)
app.command()(plan)
app.add_typer(scenes, name="scenes")
app.add_typer(home, name="home")
app.add_typer(devices, name="devices")
app.add_typer(schedules, name="schedules")
app.add_typer(integrations, name="integrations")
app.command()(broker)
app.command()(simulator)
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
