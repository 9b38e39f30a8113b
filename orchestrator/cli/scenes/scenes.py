"""`relax scenes`: the catalogue, and help for whoever writes a scene."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.exit_codes import FAILED, FAULTY
from orchestrator.cli.json_output import print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.cli.scenes.scene_check import CheckedRoom

scenes = typer.Typer(help="The catalogue of scenes, and help for whoever writes one.", no_args_is_help=True)

Paths = Annotated[list[str] | None, typer.Argument(metavar="[SCENE]...", help="Names, files or folders; else all.")]
StrictCheck = Annotated[bool, typer.Option("--strict", help="Warnings count as a failure (exit 1).")]
NewName = Annotated[str, typer.Argument(metavar="NAME", help="Its name: small letters, digits and `-`.")]


@scenes.command("list")
def list_scenes(as_json: options.JsonData = False) -> None:
    """The scenes that there are."""
    from orchestrator.cli.arguments import own_folders
    from orchestrator.cli.scenes.catalogue_entry import entry
    from orchestrator.errors import SceneError
    from orchestrator.scenes.library import catalogue, load

    entries = []
    for name, path in catalogue(own_folders()).items():
        try:
            scene = load(path, own_folders())
            entries.append(entry(scene))
            if scene.faults:
                typer.echo(f"{name} has a translation with faults: `relax scenes check {name}` says which.", err=True)
        except SceneError:
            typer.echo(f"{name} has faults and cannot be played: `relax scenes check {name}` says which.", err=True)
    if as_json:
        print_json([each.as_json() for each in entries])
        return
    from orchestrator.cli.terminal import page, text_table

    rows = [(each.name, each.title, each.length, each.spoken, ", ".join(each.roles)) for each in entries]
    page().print(text_table(("scene", "title", "length", "languages", "roles"), rows, right=(2,)))
    if any(each.unread for each in entries):
        page().print("* No person whose language it is has read it yet.")


@scenes.command()
def show(scene: options.SceneName, language: options.LanguageName = None, as_json: options.JsonData = False) -> None:
    """One scene: what to mind, choose and have.

    Its examples say how to call it.
    """
    from orchestrator.cli.arguments import own_folders
    from orchestrator.cli.scenes.catalogue_entry import entry
    from orchestrator.scenes.library import load

    one = entry(load(scene, own_folders()), language)
    if as_json:
        print_json(one.as_json())
    else:
        one.show()


@scenes.command()
def check(
    paths: Paths = None,
    *,
    home: options.HomeFile = None,
    room: options.Room = None,
    night: options.AtNight = False,
    language: options.LanguageName = None,
    strict: StrictCheck = False,
    as_json: options.JsonData = False,
) -> int:
    """Look scenes over: faults and warnings.

    Each with its place. Faults make exit code 2, warnings none (1 with --strict). In the rooms of a home their light is
    that of its lamps, and scenes that its schedules begin after sunset are of the evening.
    """
    from orchestrator.cli.scenes.scene_check import check_scene, files_of, folders_of

    rooms = _rooms(home, room, night=night)
    verdicts = [
        check_scene(file, where, language=language, folders=folders_of(paths or ()))
        for file in files_of(paths or ())
        for where in rooms
    ]
    if as_json:
        print_json([each.as_json() for each in verdicts])
    else:
        for each in verdicts:
            print(*each.lines, sep="\n", file=sys.stderr if each.faults else sys.stdout)
    if any(each.faults for each in verdicts):
        return FAULTY
    return FAILED if strict and any(each.warnings for each in verdicts) else 0


def _rooms(home: Path | None, room: str | None, *, night: bool) -> "Sequence[CheckedRoom | None]":
    """The rooms of a home, or the one that is named; an ordinary one where there is neither home, room nor night."""
    if home is None and room is None and not night:
        return [None]
    from orchestrator.cli.arguments import has_night, home_at, own_home
    from orchestrator.cli.scenes.scene_check import CheckedRoom
    from orchestrator.cli.schedules.evening_schedules import evening_starts
    from orchestrator.home.casting import room_of

    place = home_at(own_home(home) if home is not None or room is not None else None)
    found: list[CheckedRoom] = []
    for name in [room] if room is not None else place.model.rooms:
        room_of(place, name)
        if night:
            has_night(place, name)
        evenings = {start.choice.scene: start.schedule for start in evening_starts(place) if start.room == name}
        found.append(CheckedRoom(place, name, night, evenings))
    return found


@scenes.command()
def schema() -> None:
    """The JSON Schema of scene files, for editors."""
    from orchestrator.scenes.format.schema import schema

    print_json(schema())


@scenes.command("sentences")
def list_sentences(language: options.LanguageName = None) -> None:
    """What your scenes are called, for Home Assistant's Assist: a file for its custom sentences.

    Titles and aliases, in English unless said.
    """
    from orchestrator.cli.arguments import own_folders
    from orchestrator.errors import SceneError
    from orchestrator.integrations.spoken_scenes import assist_scenes
    from orchestrator.scenes.library import catalogue, load

    models = []
    for name, path in catalogue(own_folders()).items():
        try:
            models.append(load(path).model)
        except SceneError:
            typer.echo(f"{name} has faults and is left out: `relax scenes check {name}` says which.", err=True)
    typer.echo(assist_scenes(models, language or "en"), nl=False)


@scenes.command()
def new(name: NewName) -> None:
    """Write a small scene into NAME.yaml, to start from."""
    import re

    from orchestrator.cli.scenes.scene_template import SEED
    from orchestrator.documents.notation import IDENTIFIER
    from orchestrator.errors import RelaxError, UsageError

    if not re.fullmatch(IDENTIFIER, name):
        raise UsageError(f"{name!r} is no name for a scene.", "Use small letters, digits and `-`, such as my-evening.")
    path = Path(f"{name}.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(SEED.replace("NAME", name))
    except FileExistsError:
        raise UsageError(f"{path} is there already, and stays as it is.", "Choose another name.") from None
    except OSError as error:
        raise RelaxError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from error
    print(f"{path} is written. Change it, then: relax scenes check {path}; relax demo {path}")
