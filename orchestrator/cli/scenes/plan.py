"""`relax plan`: a scene as a timeline, before it is played."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.json_output import print_json, print_json_line

if TYPE_CHECKING:
    from orchestrator.conductor.request import Start
    from orchestrator.scenes.planning.timeline import Timeline

Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw it into a file; `-` is standard output.")]
AtMoment = Annotated[str | None, typer.Option("--at", metavar="3:20", help="The room at this moment, waits as usual.")]


def plan(
    scene: options.SceneName,
    *,
    room: options.Room = None,
    given: options.Given = None,
    home: options.HomeFile = None,
    language: options.LanguageName = None,
    svg: Svg = None,
    at: AtMoment = None,
    as_json: options.JsonData = False,
) -> None:
    """Show a scene as a timeline.

    As a table, as JSON, as a picture, or the room at one moment.
    """
    from orchestrator.cli.arguments import parse_moment
    from orchestrator.cli.scenes import timeline_text

    timeline, start = _planned(scene, room, given, home, language)
    if svg is not None:
        _draw(timeline, svg)
    elif at is not None:
        moment = timeline_text.room_at(timeline, parse_moment(at))
        if as_json:
            print_json_line(moment.as_json())
        else:
            moment.show()
    elif as_json:
        print_json(timeline_text.timeline_as_json(timeline, start))
    else:
        timeline_text.show_timeline(timeline)


def _planned(
    scene: str, room: str | None, given: list[str] | None, home: Path | None, language: str | None
) -> tuple["Timeline", "Start | None"]:
    """As it starts in a room of a home, if one is named; else for every role, as the scene is written."""
    from orchestrator.cli.arguments import own_home, parse_parameters, planned_start
    from orchestrator.scenes import library
    from orchestrator.scenes.planning import planner

    if home is not None or room is not None:
        start = planned_start(scene, own_home(home), room=room, given=given, language=language).start
        return start.timeline, start
    document = library.load(scene)
    values = parse_parameters(given)
    return planner.plan(document.model, values, language, place=document.place, source=document.source), None


def _draw(timeline: "Timeline", path: Path) -> None:
    from orchestrator.errors import RelaxError
    from orchestrator.scenes.pictures.preview import svg

    picture = svg(timeline)
    if str(path) == "-":
        print(picture)
        return
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise RelaxError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from error
    print(f"{timeline.title} is drawn in {path}.")
