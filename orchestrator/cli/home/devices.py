"""`relax devices`: the devices of the home, one by one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.completion import device_names
from orchestrator.cli.home.device_tables import discover, list_devices, show
from orchestrator.cli.home.device_test import try_out
from orchestrator.cli.json_output import concerns_its_device, print_json

if TYPE_CHECKING:
    from orchestrator.errors import RelaxError
    from orchestrator.recorder.fixture import Fixture
    from orchestrator.recorder.recorder import Recording

PAYLOADS = Path("tests/devices/payloads")
"""Where fixtures are, seen from the top of the repository."""

devices = typer.Typer(help="The devices of the home, one by one.", no_args_is_help=True)

devices.command("list")(list_devices)
devices.command()(discover)
devices.command()(show)
devices.command("test")(try_out)

NamedDevice = Annotated[
    str, typer.Argument(metavar="NAME", help="A device of the home file.", autocompletion=device_names)
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="The file to write; else one in this folder, at the top of the repository among its fixtures.",
    ),
]
ExerciseOption = Annotated[
    bool,
    typer.Option("--exercise", help="Ask it for one of each change that it can, gently, and give back what it had."),
]
SecondsOption = Annotated[float, typer.Option("--seconds", metavar="N", min=0.1, max=600, help="How long to listen.")]
VendorOption = Annotated[
    str, typer.Option("--vendor", metavar="TEXT", help="Who made it, where nobody on the broker says so.")
]
ModelOption = Annotated[
    str, typer.Option("--model", metavar="TEXT", help="What it is, where nobody on the broker says so.")
]
FirmwareOption = Annotated[
    str, typer.Option("--firmware", metavar="TEXT", help="Which version it runs, where nobody on the broker says so.")
]


@devices.command()
@concerns_its_device
def record(
    name: NamedDevice,
    *,
    home: options.DaemonHome = None,
    output: OutputOption = None,
    exercise: ExerciseOption = False,
    seconds: SecondsOption = 5.0,
    vendor: VendorOption = "",
    model: ModelOption = "",
    firmware: FirmwareOption = "",
    as_json: options.JsonData = False,
) -> int:
    """Write down what a device says, as a test fixture.

    Asks it how it is, listens, and takes out what is secret or personal: addresses, names, serial numbers, places.
    Without --exercise it changes nothing. Exit code 1 where the device says nothing.
    """
    import asyncio
    import sys
    from functools import partial

    from orchestrator import __version__
    from orchestrator.cli.arguments import home_at, own_home
    from orchestrator.daemon.broker import address_of
    from orchestrator.daemon.clock import local_time
    from orchestrator.daemon.gateways import AT_NO_BROKER
    from orchestrator.daemon.settings import read_settings
    from orchestrator.devices.abilities import Kind
    from orchestrator.documents.faults import near
    from orchestrator.errors import RelaxError, UsageError
    from orchestrator.recorder.description import Description
    from orchestrator.recorder.fixture import fixture
    from orchestrator.recorder.recorder import BETWEEN, Recorder

    path = own_home(home)
    place = home_at(path)
    device = place.devices.get(name)
    if device is None:
        guess = near(name, place.devices)
        raise UsageError(f"{path} has no device `{name}`{guess}{'' if guess.endswith('?') else '.'}")
    if device.settings.dialect in AT_NO_BROKER:
        raise UsageError(
            f"{device.title} is at no broker: there is nothing to write down.",
            "relax doctor says whether it can be reached.",
        )
    if output is not None and output.exists():
        raise UsageError(f"{output} is there already, and is not written over.", "Name another file.")
    tell = partial(print, file=sys.stderr if as_json else sys.stdout, flush=True)
    tell(f"Listening to {device.title} for {seconds:g} s{': press it' if Kind.BUTTON in device.kinds else ''}.")
    recorder = Recorder(place, device, address_of(place), read_settings({"home": path}).base, between=BETWEEN)
    recording = asyncio.run(recorder.record(seconds, exercise=exercise))
    if not recording.says_something:
        raise _silence(recording, exercise=exercise)
    how = f"relax {__version__} devices record{' --exercise' if exercise else ''}, {local_time():%Y-%m-%d}"
    made = fixture(recording, place, how, Description(vendor, model, firmware))
    file = output or _free(made)
    try:
        with file.open("x", encoding="utf-8") as paper:
            paper.write(made.text())
    except OSError as error:
        raise RelaxError(f"{file} cannot be written: {(error.strerror or str(error)).lower()}.") from error
    if as_json:
        print_json(_as_data(name, recording, made, file))
    else:
        _told(recording, made, file)
    return 0


def _as_data(name: str, recording: "Recording", made: "Fixture", file: Path) -> dict[str, object]:
    return {
        "device": name,
        "file": str(file),
        "about": made.content["device"],
        "messages": len(made.content["decode"]),
        "changes": len(made.content["encode"]),
        "lost": made.lost,
        "untried": list(recording.exercised.untried),
        "given_back": recording.exercised.is_as_before,
    }


def _silence(recording: "Recording", *, exercise: bool) -> "RelaxError":
    from orchestrator.devices.abilities import Kind
    from orchestrator.errors import RelaxError

    title = recording.device.title
    if recording.is_there is False:
        sentence = f"{title} is offline. Switch it on, and try again."
    elif Kind.BUTTON in recording.device.kinds:
        sentence = f"{title} said nothing. Press it while this listens; --seconds 30 gives you time."
    elif Kind.VOICE in recording.device.kinds and not exercise:
        sentence = f"{title} said nothing. A voice speaks when it is spoken to: --exercise lets it count to two."
    else:
        sentence = f"{title} said nothing. Is it switched on, and are its topics right? `relax doctor` looks."
    return RelaxError(sentence, "No file was written.")


def _free(made: "Fixture") -> Path:
    """A file that is not there yet: among the fixtures in a checkout, else in this folder."""
    folder = PAYLOADS / made.dialect
    if PAYLOADS.is_dir():
        folder.mkdir(exist_ok=True)
        stem = folder / made.name
    else:
        stem = Path(f"{made.dialect}-{made.name}")
    names = (stem.with_name(f"{stem.name}{again}.json") for again in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _told(recording: "Recording", made: "Fixture", file: Path) -> None:
    import sys

    device = recording.device
    told = {key: value for key, value in made.content["device"].items() if key != "recorded"}
    print(f"{device.title}: {', '.join(map(str, told.values())) or 'nobody says what it is'}.")
    counts = f"{len(made.content['decode'])} different messages, {len(made.content['encode'])} changes"
    print(f"Wrote {file}: {counts}.")
    print("Names, addresses, numbers and places are taken out. Look it over before you give it away all the same.")
    if "model" not in told:
        print("Say what it is with --vendor, --model and --firmware, and it stands in the table of devices.")
    if made.lost:
        print(f"Left out, because they mean less without what was taken out: {made.lost}.", file=sys.stderr)
    if recording.exercised.untried:
        print(
            f"Not tried, because it does not say how it is: {', '.join(recording.exercised.untried)}.", file=sys.stderr
        )
    if not recording.exercised.is_as_before:
        print(f"{device.title} does not say that it is as it was before: look at it.", file=sys.stderr)
