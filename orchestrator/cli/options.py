"""The options that several commands take, worded once."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from orchestrator.cli.completion import room_names, scene_names

SCENE_HELP = "A scene of the catalogue, or the path of a scene file."

SceneName: TypeAlias = Annotated[str, typer.Argument(metavar="SCENE", help=SCENE_HELP, autocompletion=scene_names)]
Room: TypeAlias = Annotated[
    str | None, typer.Option("--room", metavar="ROOM", help="The room of the home.", autocompletion=room_names)
]
Given: TypeAlias = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Choose a parameter of the scene; repeat it.")
]
LanguageName: TypeAlias = Annotated[
    str | None, typer.Option("--language", metavar="LANG", help="The language of the words, such as en or de.")
]
HomeFile: TypeAlias = Annotated[Path | None, typer.Option("--home", metavar="FILE", help="The home file.")]
DaemonHome: TypeAlias = Annotated[
    Path | None,
    typer.Option("--home", metavar="FILE", help="The home file, for its broker; else RELAX_HOME, else ./home.yaml."),
]
Broker: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--broker", metavar="HOST:PORT", help="The broker, where no home file is at hand; [USER@]HOST:PORT or URL."
    ),
]
Base: TypeAlias = Annotated[
    str | None, typer.Option("--base", metavar="TOPIC", help="What all our topics begin with; by default relax.")
]
StateDir: TypeAlias = Annotated[
    Path | None, typer.Option("--state-dir", metavar="DIR", help="Where the journal is; else RELAX_STATE_DIR.")
]
SimulatedHomeFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--home", metavar="FILE", help="Simulate this home; without it the built-in one with its room den."),
]
AtNight: TypeAlias = Annotated[
    bool, typer.Option("--night", help="As at night, whatever the clock says: by the room's own `night`.")
]
Speed: TypeAlias = Annotated[str, typer.Option("--speed", metavar="X", help="How many times faster, 0.1 to 1000.")]
HoldTime: TypeAlias = Annotated[
    str | None,
    typer.Option("--hold", metavar="TIME", help="How long a simulated person takes to say next; `never` waits it out."),
]
FaultTexts: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--fault", metavar="DEVICE=FAULT", help="Let a device misbehave: lamp=offline, lamp=late_echo:800 …"),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
ShowCautions: TypeAlias = Annotated[
    bool, typer.Option("--cautions", help="Show the cautions of the scene again, whole, before it begins.")
]
EventsAsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="What happens, as it is published: one JSON object a line, and a summary.")
]
MessagesAsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Each message that is sent, as one JSON object a line, and a summary.")
]
JsonData: TypeAlias = Annotated[bool, typer.Option("--json", help="As JSON.")]
Port: TypeAlias = Annotated[
    int | None, typer.Option("--port", metavar="PORT", min=1, max=65535, help="Where the broker listens.")
]
