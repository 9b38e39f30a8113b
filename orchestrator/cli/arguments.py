"""What a person chose on the command line, made into what the house works with."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from orchestrator.conductor.preparation import Timings, declared, is_night, prepare, the_room
from orchestrator.conductor.request import Start
from orchestrator.documents.notation import duration
from orchestrator.errors import HomeError, SceneError, UsageError
from orchestrator.home import library as homes
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.scenes import library as scenes
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planning.voice_timing import VoiceTiming
from orchestrator.stage.report_profile import ReportProfile
from orchestrator.units import Ms

DEMO = Path(homes.__file__).with_name("demo.yaml")
USUAL_HOLD: Ms = 5000


class PlannedStart(NamedTuple):
    """A scene, ready to start in a room of a home."""

    scene: Scene
    home: Home
    start: Start


def planned_start(
    scene: str,
    home: Path | None,
    *,
    room: str | None,
    given: Iterable[str] | None,
    language: str | None,
    speed: str = "1",
    at_night: bool | None = False,
    timings: Timings = declared,
) -> PlannedStart:
    """Read, cast, plan. Without a home the built-in one.

    `timings` says what is known of the room's voice. `at_night` None: as the clock says; True: by the room's own night,
    which it has to have.

    Raises UsageError, HomeError, Refused; SceneError with every fault of the scene, not only the first.
    """
    rate, values = parse_rate(speed), parse_parameters(given)
    place = home_at(home)
    document = scenes.load(scene, own_folders(home), language or place.model.language)
    where = the_room(place, room)
    if at_night is None:
        at_night = is_night_now(place, where)
    elif at_night:
        has_night(place, where)
    try:
        start = prepare(
            document,
            place,
            where,
            values,
            name=f"{where}-1",
            language=language,
            rate=rate,
            at_night=at_night,
            timings=timings,
        )
    except SceneError:
        from orchestrator.scenes.checks.trial import trial

        if faults := trial(document):
            raise SceneError(tuple(faults)) from None
        raise
    return PlannedStart(document, place, start)


def learnt_timings(state_dir: Path | None) -> Timings:
    """What the journal of the service has learnt of voices; what they declare where there is none that can be read."""
    from orchestrator.daemon.settings import read_settings
    from orchestrator.errors import JournalError

    file = read_settings({"state_dir": state_dir}).journal
    if not file.exists():
        return declared

    def timing(device: Device, language: str) -> VoiceTiming:
        from orchestrator.journal.reader import Reader
        from orchestrator.journal.speech import timing_of

        voice = device.abilities.voice
        try:
            with Reader(file) as journal:
                return declared(device, language) if voice is None else timing_of(journal, device.name, language, voice)
        except JournalError:
            return declared(device, language)

    return timing


def learnt_profiles(journal: Path, home: Home) -> dict[str, ReportProfile]:
    """What the journal of the service has learnt of how late and how exactly devices report; nothing without one."""
    from orchestrator.errors import JournalError
    from orchestrator.journal.reader import Reader
    from orchestrator.journal.report_profiles import report_profiles

    try:
        with Reader(journal) as reader:
            return report_profiles(reader, home)
    except (JournalError, OSError):
        return {}


def home_at(path: Path | None) -> Home:
    """The home of a file, else the built-in one. Raises HomeError."""
    return homes.load(path or DEMO)


def with_playable_schedules(home: Home, path: Path) -> Home:
    """The same home, once the scenes of its schedules are found, cast and planned. Raises HomeError."""
    if home.model.schedules:
        from orchestrator.conductor.preparation import programme_faults
        from orchestrator.daemon.scene_repository import read_scenes
        from orchestrator.daemon.settings import read_settings

        repository, _ = read_scenes(read_settings({"home": path}).folders)
        if faults := programme_faults(home, repository.scene):
            raise HomeError(tuple(faults))
    return home


def default_home() -> Path | None:
    """The home file that is meant where none is named: RELAX_HOME, else ./home.yaml where it is."""
    if named := os.environ.get("RELAX_HOME"):
        return Path(named)
    here = Path("home.yaml")
    return here if here.is_file() else None


def own_folders(home: Path | None = None) -> tuple[Path, ...]:
    """Where a person's own scenes are: `scenes` beside the home file that is meant, and what the settings name.

    The service looks there as well. None where there is neither. Raises UsageError where the settings cannot be read.
    """
    meant = home or default_home()
    if meant is None and not any(os.environ.get(name) for name in ("RELAX_SCENES", "RELAX_CONFIG")):
        return ()
    from orchestrator.daemon.settings import read_settings

    return read_settings({"home": meant}).folders


def own_home(path: Path | None) -> Path:
    """The person's home file. Raises UsageError where there is none."""
    found = path or default_home()
    if found is None:
        raise UsageError(
            "No home file is named, and there is no home.yaml here.",
            "`relax home init` writes one. Or say --home FILE, or set RELAX_HOME; `relax demo` needs none.",
        )
    return found


def parse_parameters(texts: Iterable[str] | None) -> dict[str, object]:
    """What was `--set`, by name; the last one counts. Raises UsageError."""
    values: dict[str, object] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set {text} names no value.", "Write --set name=value, such as --set feet=left.")
        values[name.strip()] = value.strip()
    return values


def parse_rate(speed: str) -> int:
    """Thousandths of a speed from 0.1 to 1000. Raises UsageError."""
    try:
        rate = float(speed)
    except ValueError:
        rate = 0.0
    if not 0.1 <= rate <= 1000:
        raise UsageError(f"--speed {speed} cannot be.", "It is a number from 0.1 to 1000.")
    return round(rate * 1000)


def parse_hold(text: str | None, usual: Ms | None = USUAL_HOLD) -> Ms | None:
    """How long the simulated person takes to say next; None for never. Raises UsageError."""
    if text is None:
        return usual
    if text.strip() == "never":
        return None
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(f"--hold: {error}.", "Or `never`, which waits it out.") from None


def parse_moment(text: str) -> Ms:
    """The moment of `--at 3:20`. Raises UsageError."""
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(f"--at: {error}.") from None


def has_night(home: Home, room: str) -> None:
    """Raises UsageError for a room that is at night as it is by day."""
    from orchestrator.home.casting import room_of

    if room_of(home, room).night is None:
        hint = 'Write one there: night: {from: "22:00", to: "07:00", brightness: 50%}; see docs/home.md.'
        raise UsageError(f"The room {room} of {home.source} has no `night`.", hint)


def is_night_now(home: Home, room: str) -> bool:
    """Whether it is night in a room by its own `night`, as the clock says."""
    from orchestrator.daemon.clock import local_time, local_zone
    from orchestrator.home.casting import room_of
    from orchestrator.home.programme import zone_of

    return is_night(room_of(home, room).night, local_time().astimezone(zone_of(home, local_zone())).time())
