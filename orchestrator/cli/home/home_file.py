"""`relax home init` and `relax home add`: a home file written, and what is new put into one."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.json_output import print_json
from orchestrator.cli.long_line import say

if TYPE_CHECKING:
    from orchestrator.cli.home.broker_search import FoundBroker
    from orchestrator.devices.discovery.found_device import FoundDevice, LeftOut
    from orchestrator.devices.discovery.survey import Survey
    from orchestrator.home.proposal import HomeProposal, ProposedDevice

NewFile = Annotated[
    Path, typer.Argument(metavar="[FILE]", help="The file to write; else ./home.yaml.", show_default=False)
]
OldFile = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The home file; else RELAX_HOME, else ./home.yaml.")
]
NoQuestions = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take what is proposed.")]
SomeRoom = Annotated[
    str | None, typer.Option("--room", metavar="ROOM", help="The room, where no name and no area says one.")
]
Listening = Annotated[
    float,
    typer.Option(
        "--seconds", metavar="N", min=0.5, max=600, help="How long to listen, 8 s by default.", show_default=False
    ),
]
AskDevices = Annotated[
    bool,
    typer.Option(
        "--ask-devices", help="Also read over HTTP what devices say of themselves there alone: WLED's /json/info."
    ),
]
HomeAssistantAt = Annotated[
    str | None,
    typer.Option(
        "--home-assistant",
        metavar="ADDRESS",
        help="Also what Home Assistant has there: http://homeassistant.local:8123. Its token is taken from"
        " RELAX_HOME_ASSISTANT_TOKEN, or asked for.",
    ),
]
LISTEN_SECONDS = 8.0
LEFT_OUT_SAID = 10
"""So many of what is left out are named."""


def init(
    file: NewFile = Path("home.yaml"),
    *,
    yes: NoQuestions = False,
    broker: options.Broker = None,
    room: SomeRoom = None,
    language: options.LanguageName = None,
    seconds: Listening = LISTEN_SECONDS,
    ask_devices: AskDevices = False,
    home_assistant: HomeAssistantAt = None,
    as_json: options.JsonData = False,
) -> int:
    """Write a home file with the devices that your broker has, and those of Home Assistant.

    Looks for the broker, listens for 8 s, asks which room you relax in and what is in it. It changes nothing at any
    device, and never writes over a file. With --json it asks nothing.
    """
    import asyncio
    import sys
    from functools import partial

    from orchestrator.cli.home.home_assistant_search import own_devices
    from orchestrator.cli.home.home_questions import questioned
    from orchestrator.home.proposal import proposed, proposed_devices

    may_ask = not yes and not as_json and sys.stdin.isatty()
    tell = partial(print, file=sys.stderr if as_json else sys.stdout, flush=True)
    _refuse_to_overwrite(file)
    own = asyncio.run(own_devices(home_assistant, may_ask=may_ask, tell=tell))
    found_broker, survey = asyncio.run(_heard(broker, seconds, tell, may_ask=may_ask, looks_up=ask_devices))
    survey.add(own.devices)
    devices = survey.found()
    if not devices:
        _nothing(found_broker, survey)
    proposal = proposed(proposed_devices(devices), room)
    if may_ask:
        proposal = questioned(proposal)
    keys = dict(survey.home_keys)
    if own.home_keys:
        keys["home_assistant"] = {**keys.get("home_assistant", {}), **own.home_keys}
    write_home(file, language or own_language(), found_broker, proposal, keys)
    if as_json:
        print_json(_as_data(file, proposal, survey.left_out()))
        return 0
    _summary(file, proposal, found_broker, survey.left_out(), has_new_token=own.has_new_token)
    _tell_unreadable(survey)
    return 0


def add(
    file: OldFile = None,
    *,
    seconds: Listening = LISTEN_SECONDS,
    ask_devices: AskDevices = False,
    as_json: options.JsonData = False,
) -> int:
    """Put devices that the home file does not have yet into it; every other letter stays as it was."""
    import asyncio
    import sys
    from functools import partial

    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.cli.home.home_assistant_search import devices_of
    from orchestrator.cli.home.listening import listened
    from orchestrator.cli.home_rewriting import home_text_of, rewrite
    from orchestrator.daemon.broker import address_of
    from orchestrator.home.additions import is_ignored, known_as
    from orchestrator.home.editing import with_entry, yaml_text
    from orchestrator.home.proposal import proposed_devices
    from orchestrator.home.writing import device_comments

    path = own_home(file)
    home = home_at(path)
    tell = partial(print, file=sys.stderr if as_json else sys.stdout, flush=True)
    tell(f"Listening for {seconds:g} s.")
    survey = asyncio.run(listened(address_of(home), seconds, tell, looks_up=ask_devices))
    survey.add(asyncio.run(devices_of(home, tell)))
    found = [each for each in survey.found() if not is_ignored(each, home)]
    known = {each.keys[0]: name for each in found if (name := known_as(each, home)) is not None}
    devices = proposed_devices(found, home.devices, known, [device.title for device in home.devices.values()])
    text = home_text_of(path)
    sound: list[ProposedDevice] = []
    left: dict[str, str] = {device.name: device.refused for device in devices if device.refused}
    for device in (device for device in devices if not device.refused):
        longer = with_entry(text, str(path), "devices", device.name, device.entry, list(device_comments(device)))
        if (fault := _fault_of(longer, path)) is None:
            text, sound = longer, [*sound, device]
        else:
            left[device.name] = fault
    if sound:
        rewrite(path, text)
    if as_json:
        print_json({"file": str(path), "added": [_device_data(device) for device in sound], "not_added": left})
        return 0
    for device in sound:
        print(f"  {device.name}: {device.title} ({' and '.join(device.found.kinds)})")
    for name, why in left.items():
        say(f"  not {name}: {why}")
    for key, value in survey.home_keys.items():
        if key not in home.model.model_fields_set:
            print(
                f"  Home Assistant is told below another topic than usual. Write into {path}: {key}: {yaml_text(value)}"
            )
    _tell_unreadable(survey)
    count = f"{len(sound)} new device{'s' if len(sound) != 1 else ''}" if sound else "Nothing new"
    print(f"{count} in {path}." + (" Cast them under `rooms:`, then: relax home check" if sound else ""))
    return 0


def write_home(
    file: Path, language: str, broker: "FoundBroker", proposal: "HomeProposal", keys: Mapping[str, object]
) -> None:
    """A new home file, and beside it what editors complete by. Raises UsageError, RelaxError."""
    from orchestrator.home.writing import home_text

    _write(file, _checked(home_text("home", language, broker.entry, proposal, keys), file))
    _write_schema(file.parent)


def _tell_unreadable(survey: "Survey") -> None:
    """Whose devices are missing here though it is there."""
    for each in survey.unreadable:
        print(f"  Nothing is known of the bridge {each.title}: {each.why}. Look at {each.announced_by}.")


def _fault_of(text: str, path: Path) -> str | None:
    """What would be wrong with a home file; None where nothing is. A device that cannot be added keeps no other out."""
    from orchestrator.errors import HomeError
    from orchestrator.home.library import read

    try:
        read(text, str(path))
    except HomeError as error:
        return str(error).splitlines()[0]
    return None


async def _heard(
    named: str | None, seconds: float, tell: "Callable[[str], None]", *, may_ask: bool, looks_up: bool
) -> "tuple[FoundBroker, Survey]":
    from orchestrator.cli.home.broker_search import broker_found
    from orchestrator.cli.home.listening import listened

    broker = await broker_found(named, tell, may_ask=may_ask)
    tell(f"Listening for {seconds:g} s.")
    return broker, await listened(broker.address, seconds, tell, looks_up=looks_up)


def _refuse_to_overwrite(file: Path) -> None:
    """Before anything is listened to or asked; also where nothing can be written. Raises UsageError."""
    from orchestrator.errors import UsageError

    if not file.parent.is_dir() or not os.access(file.parent, os.W_OK):
        what = "is not there" if not file.parent.exists() else "is no folder that can be written to"
        raise UsageError(f"{file} cannot be written: {file.parent} {what}.", "Name a file in a folder of yours.")

    if file.exists():
        hint = f"relax home add {file} puts new devices into it; or name another file."
        raise UsageError(f"{file} is there already, and stays as it is.", hint)


def _nothing(broker: "FoundBroker", survey: "Survey") -> None:
    """Raises RelaxError: nothing was found, and what may be the reason."""
    from orchestrator.errors import RelaxError

    left = "; ".join(f"{each.title}: {each.why}" for each in survey.left_out()[:3])
    hint = f"Left out: {left}." if left else "May this user read all topics? Are your devices on this broker?"
    raise RelaxError(f"No device that relax knows says anything at {broker.address}.", hint)


def _checked(text: str, file: Path) -> str:
    """The text, read once more as `relax home check` reads it. Raises HomeError, which is a fault of ours."""
    from orchestrator.cli.home.broker_search import PASSWORD
    from orchestrator.cli.home.home_assistant_search import TOKEN
    from orchestrator.home import library

    library.read(text, str(file), {PASSWORD: "", TOKEN: "known", **os.environ})
    return text


def _write(file: Path, text: str) -> None:
    """Raises UsageError, RelaxError."""
    from orchestrator.errors import RelaxError

    try:
        with file.open("x", encoding="utf-8") as paper:
            paper.write(text)
    except FileExistsError:
        _refuse_to_overwrite(file)
    except OSError as error:
        raise RelaxError(f"{file} cannot be written: {(error.strerror or str(error)).lower()}.") from error


def _write_schema(folder: Path) -> None:
    """What editors complete by; one that is there stays."""
    from contextlib import suppress

    from orchestrator.home.schema import schema
    from orchestrator.home.writing import SCHEMA_FILE

    with suppress(OSError), (folder / SCHEMA_FILE).open("x", encoding="utf-8") as paper:
        json.dump(schema(), paper, ensure_ascii=False, indent=1)
        paper.write("\n")


def own_language() -> str:
    """That of the terminal, where relax has words in it."""
    from orchestrator.languages.library import ENGLISH, known

    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    language = re.split("[._@]", named.lower())[0]
    return language if language in known() else ENGLISH


def _summary(
    file: Path,
    proposal: "HomeProposal",
    broker: "FoundBroker",
    left_out: "Sequence[LeftOut]",
    *,
    has_new_token: bool,
) -> None:
    from orchestrator.cli.home.broker_search import PASSWORD
    from orchestrator.cli.home.home_assistant_search import TOKEN

    sound = [device for device in proposal.devices if not device.refused]
    say(f"{file} is written: {_counted(sound)}.")
    for device in proposal.devices:
        if device.refused:
            say(f"  not used yet: {device.title}: {device.refused}")
    for each in left_out[:LEFT_OUT_SAID]:
        say(f"  left out: {each.title}: {each.why}")
    if len(left_out) > LEFT_OUT_SAID:
        say(f"  left out: {len(left_out) - LEFT_OUT_SAID} more; relax devices discover says which")
    shown = {device.name: device.shown for device in proposal.devices}
    for room in proposal.rooms:
        cast = "; ".join(
            f"{role}: {', '.join(shown[name] for name in ([names] if isinstance(names, str) else names))}"
            for role, names in room.roles.items()
        )
        say(f"  {room.name}: {cast or 'casts nothing yet'}")
    if proposal.nowhere:
        say(f"  in no room yet, so they play nowhere: {', '.join(shown[name] for name in proposal.nowhere)}")
        say(f"    cast them under `rooms:` in {file}; or remove that file, and begin anew with --room NAME")
    if unknown := [device.shown for device in sound if device.found.unknown]:
        say(f"  not all is known of: {', '.join(unknown)}; the file says what (NOT KNOWN)")
    if broker.has_new_password:
        print(f"The password is in no file. Before relax starts: read -rs {PASSWORD}; export {PASSWORD}")
    if has_new_token:
        print(f"The token is in no file. Before relax starts: read -rs {TOKEN}; export {TOKEN}")
    if any("music" in room.roles for room in proposal.rooms):
        say(no_music_line(file))
    if (command := _first_command(file, proposal)) is not None:
        print(f"Play: {command}")


def _first_command(file: Path, proposal: "HomeProposal") -> str | None:
    """What plays the foot massage in this home; None where no room has a main light."""
    playing = next((room.name for room in proposal.rooms if "main" in room.roles), None)
    if playing is None:
        return None
    where = f" --room {playing}" if len(proposal.rooms) > 1 else ""
    named = "" if file == Path("home.yaml") else f" --home {file}"
    return f"relax run foot-massage --standalone{where}{named}"


def _as_data(file: Path, proposal: "HomeProposal", left_out: "Sequence[LeftOut]") -> dict[str, object]:
    return {
        "file": str(file),
        "devices": [_device_data(device) for device in proposal.devices if not device.refused],
        "not_used": {device.title: device.refused for device in proposal.devices if device.refused},
        "left_out": [each._asdict() for each in left_out],
        "rooms": {room.name: dict(room.roles) for room in proposal.rooms},
        "in_no_room": list(proposal.nowhere),
        "play": _first_command(file, proposal),
    }


def _device_data(device: "ProposedDevice") -> dict[str, object]:
    """`unknown`: what nobody told, by the keys of its entry."""
    entry = {"name": device.name, "entry": dict(device.entry), "unknown": dict(device.found.unknown)}
    return {**entry, "announced_by": list(device.found.announced_by)}


def no_music_line(file: Path) -> str:
    """What to do where a room casts a player and the home has nothing for it to play."""
    return f"No music yet: write under `music:` in {file} what your player takes (an address), or it plays without."


def _counted(devices: "Sequence[ProposedDevice | FoundDevice]") -> str:
    return f"{len(devices)} device{'s' if len(devices) != 1 else ''}"
