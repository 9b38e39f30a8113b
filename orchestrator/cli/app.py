"""The commands of relax. Each lives in a file of its own and imports what it needs when it is called."""

from typing import Annotated

import typer

from orchestrator.cli.api import api
from orchestrator.cli.control import PLAIN, extend, give_back, goto, plain, status, volume, watch
from orchestrator.cli.demo import demo
from orchestrator.cli.doctor import doctor
from orchestrator.cli.home import home
from orchestrator.cli.integrations import integrations
from orchestrator.cli.parts import broker, simulator
from orchestrator.cli.past import history, trace, why
from orchestrator.cli.plan import plan
from orchestrator.cli.run import run
from orchestrator.cli.scenes import scenes
from orchestrator.cli.schedules import schedules
from orchestrator.cli.service import daemon
from orchestrator.cli.simulate import simulate

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
