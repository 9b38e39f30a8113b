"""Each scene in each room: whether it can be played there, how long it takes, and how much of that is words."""

from collections.abc import Iterator
from datetime import datetime

from orchestrator.cli.doctor.check_result import CheckResult, fail, ok, warn
from orchestrator.cli.schedules.schedule_calendar import schedules_of
from orchestrator.cli.value_text import clock_text
from orchestrator.conductor.light_room import light_room
from orchestrator.conductor.preparation import prepare, programme_faults
from orchestrator.conductor.request import Start
from orchestrator.conductor.room_scale import RoomScale
from orchestrator.daemon.scene_repository import read_scenes
from orchestrator.daemon.settings import Settings
from orchestrator.errors import Refused, RelaxError
from orchestrator.home.library import Home
from orchestrator.scenes.checks.dose import Dose, most_light
from orchestrator.scenes.checks.melanopic import EVENING_LIMIT
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planning.timeline import Say, Timeline
from orchestrator.schedules.recurrence import next_fire


def check_scenes(settings: Settings, home: Home | None) -> Iterator[CheckResult]:
    """What can be started, as it would be started; without a home only whether the files are right."""
    repository, errors = read_scenes(settings.folders)
    for error in errors:
        for fault in error.faults:
            yield fail("scenes", f"{fault}.".replace("..", "."), "Mend it: relax scenes check says all of it.")
    found = [place.scene for place in repository.places.values() if place.scene is not None]
    if home is None:
        yield ok("scenes", f"{len(found)} can be read.")
        return
    for scene in found:
        for room in home.model.rooms:
            yield _in_room(scene, home, room)


def check_schedules(settings: Settings, home: Home | None, wall: datetime) -> Iterator[CheckResult]:
    """What begins by itself: whether it can, and when it does next. Raises RelaxError for files gone meanwhile."""
    if home is None or not home.model.schedules:
        return
    repository, _ = read_scenes(settings.folders)
    faults = programme_faults(home, repository.scene)
    for fault in faults:
        yield fail("schedules", f"{fault}.".replace("..", "."), "Mend it: relax home check says all of it.")
    if faults:
        return
    for name, schedule in schedules_of(home, settings).items():
        at = next_fire(schedule, wall).at
        if schedule.out_of_use:
            yield fail("schedules", f"{name} does not begin. {schedule.out_of_use}", "Mend or take out its calendar.")
        elif at is None:
            yield warn("schedules", f"{name} is never due, as it is written.", "Look at its days: docs/schedules.md.")
        else:
            yield ok("schedules", f"{name}: {at.astimezone(schedule.zone):%a %d %b %Y %H:%M}.")


def _in_room(scene: Scene, home: Home, room: str) -> CheckResult:
    name = f"{scene.model.scene} in {room}"
    try:
        start = prepare(scene, home, room, {}, name=room)
    except Refused as refused:
        return warn("scenes", f"{name} cannot be played: {refused.message}", refused.hint)
    except RelaxError as error:
        return fail("scenes", f"{name}: {error.message}", error.hint)
    usual = start.timeline.as_usual()
    words = f"{clock_text(_spoken(usual))} of it words" if start.voice in start.roles else "its words as captions"
    if start.unknown_music:
        words += f", no music (the home has none called {'; '.join(start.unknown_music)})"
    dose = _dose(start, home)
    if scene.model.time is not None and dose.lux > EVENING_LIMIT:
        sentence = f"{name}: {dose.lux:.0f} lx melanopic at the eye, {EVENING_LIMIT:.0f} is the most in the evening."
        hint = f"Measure: write `lux:` for its lamps. Else: relax scenes check {scene.model.scene} --room {room}."
        return warn("scenes", sentence, hint)
    light = f", {dose.lux:.1f} lx melanopic at most" if dose.lux else ""
    return ok("scenes", f"{name}: {clock_text(usual.lasts)}, {words}{light}.")


def _dose(start: Start, home: Home) -> Dose:
    """The most light at the eye, by day: at night it is less."""
    scale = RoomScale.of(home.model.rooms[start.room], at_night=False)
    return most_light(start.timeline, light_room(home, start.roles, scale))


def _spoken(timeline: Timeline) -> int:
    """The planned length of all that is said, in ms."""
    chapters = (*timeline.chapters, timeline.finish)
    return sum(cue.what.lasts for chapter in chapters for cue in chapter.cues if isinstance(cue.what, Say))
