"""`relax plan`: a scene as a timeline, before it is played."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.json_output import print_json, print_json_line

if TYPE_CHECKING:
    from orchestrator.conductor.request import Start
    from orchestrator.scenes.checks.dose import Dose
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
    night: options.AtNight = False,
    svg: Svg = None,
    at: AtMoment = None,
    state_dir: options.StateDir = None,
    as_json: options.JsonData = False,
) -> None:
    """Show a scene as a timeline.

    As a table, as JSON, as a picture, or the room at one moment. In a room of a home its voice takes as long as the
    journal of the service has learnt.
    """
    from orchestrator.cli.arguments import parse_moment
    from orchestrator.cli.scenes import timeline_text

    timeline, shown, dose, start = _planned(scene, room, given, home, language, state_dir, night=night)
    if svg is not None:
        _draw(shown, svg)
    elif at is not None:
        moment = timeline_text.room_at(shown, parse_moment(at))
        if as_json:
            print_json_line(moment.as_json())
        else:
            moment.show()
    elif as_json:
        light = timeline_text.light_as_json(timeline, dose)
        print_json(timeline_text.timeline_as_json(timeline, start) | light)
    else:
        timeline_text.show_timeline(shown, dose)


def _planned(
    scene: str,
    room: str | None,
    given: list[str] | None,
    home: Path | None,
    language: str | None,
    state_dir: Path | None,
    *,
    night: bool,
) -> "tuple[Timeline, Timeline, Dose, Start | None]":
    """As it starts in a room of a home, if one is named, with its light; else for every role, as the scene is written.

    Once in the scene's own percent, and once as it is shown: at night with levels as lamps are told them, in the
    built-in home where none is named.
    """
    from orchestrator.cli.arguments import learnt_timings, own_folders, own_home, parse_parameters, planned_start
    from orchestrator.conductor.light_room import light_room
    from orchestrator.conductor.room_scale import RoomScale
    from orchestrator.scenes import library
    from orchestrator.scenes.checks.dose import most_light
    from orchestrator.scenes.planning import planner

    if home is not None or room is not None or night:
        path = own_home(home) if home is not None or room is not None else None
        timings = learnt_timings(state_dir)
        planned = planned_start(scene, path, room=room, given=given, language=language, at_night=night, timings=timings)
        start = planned.start
        scale = RoomScale.of(
            planned.home.model.rooms[start.room], at_night=night, needs_light=start.timeline.needs_light
        )
        dose = most_light(start.timeline, light_room(planned.home, start.roles, scale))
        return start.timeline, scale.lit(start.timeline) if night else start.timeline, dose, start
    document = library.load(scene, own_folders())
    timeline = planner.plan(document.model, parse_parameters(given), language, fault=document.fault)
    return timeline, timeline, most_light(timeline), None


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
