"""`relax devices test`: a device tried out, and what the home file should say of it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli import options
from orchestrator.cli.completion import device_names
from orchestrator.cli.json_output import concerns_its_device, print_json

if TYPE_CHECKING:
    import asyncio

    from orchestrator.calibration.findings import Finding
    from orchestrator.calibration.hearing import Hearing
    from orchestrator.cli.home.calibrator import Calibration, Calibrator
    from orchestrator.home.device import Device
    from orchestrator.home.library import Home

TestedDevice = Annotated[
    str, typer.Argument(metavar="NAME", help="A device of the home file.", autocompletion=device_names)
]
WriteOption = Annotated[
    bool, typer.Option("--yes", "-y", help="Write what follows into the home file, without asking.")
]
IsOption = Annotated[
    str | None,
    typer.Option("--is", metavar="LEVEL", help="How bright a lamp is now that does not say it: 40%, or off."),
]


@concerns_its_device
def try_out(
    name: TestedDevice,
    *,
    home: options.DaemonHome = None,
    yes: WriteOption = False,
    now: IsOption = None,
    as_json: options.JsonData = False,
) -> int:
    """Try a device out, gently, and give it back as it was.

    It gets darker, fades, takes its colours, says a word, as far as it can. What it confirms is said, and what the home
    file should therefore say of it; that is shown, and written if you say so. Refused while a session has the device.
    Exit code 1 where it is offline, does nothing of it, or does not say that it is as it was.
    """
    from orchestrator.calibration.findings import findings
    from orchestrator.cli.arguments import home_at, own_home

    path = own_home(home)
    place = home_at(path)
    device = _testable(place, name, path)
    is_asked = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    calibrator = _calibrator(place, path, device, now, is_asked=is_asked, as_json=as_json)
    if not as_json:
        print(f"Trying {device.title} ({device.settings.dialect}) out; Ctrl-C gives it back.", flush=True)
    outcome = _run(calibrator)
    found = findings(device.settings, outcome.heard, outcome.seen, outcome.answer_after)
    told = sys.stderr if as_json else sys.stdout
    if not as_json:
        _tell(device, outcome, found)
    is_written = bool(found) and _written(path, name, found, yes=yes, is_asked=is_asked, told=told)
    if as_json:
        print_json(_as_data(device, outcome, found, is_written=is_written))
    return 1 if outcome.given_back is False or _is_refused(outcome) else 0


def _is_refused(outcome: "Calibration") -> bool:
    """Whether it did nothing of what it was told, and somebody says why."""
    from orchestrator.calibration.hearing import TrialAnswer

    return bool(outcome.refusals) and all(each.answer is TrialAnswer.SILENT for each in outcome.heard)


def _testable(place: "Home", name: str, path: Path) -> "Device":
    """Raises UsageError."""
    from orchestrator.devices.abilities import Kind
    from orchestrator.documents.faults import near
    from orchestrator.errors import UsageError

    device = place.devices.get(name)
    if device is None:
        guess = near(name, place.devices)
        raise UsageError(f"{path} has no device `{name}`{guess}{'' if guess.endswith('?') else '.'}")
    if device.members:
        members = " or ".join(device.members)
        raise UsageError(
            f"{device.title} is a group: each of its lamps is as it is itself.", f"Test {members}; the group follows."
        )
    if set(device.kinds) <= {Kind.SENSOR, Kind.BUTTON}:
        hint = f"relax devices record {name} --seconds 30 listens to it."
        raise UsageError(f"{device.title} is told nothing, so there is nothing to try.", hint)
    return device


def _calibrator(
    place: "Home", path: Path, device: "Device", now: str | None, *, is_asked: bool, as_json: bool
) -> "Calibrator":
    """Raises UsageError."""
    from orchestrator.cli.home.calibrator import Calibrator, level_in_words
    from orchestrator.daemon.broker import address_of
    from orchestrator.daemon.settings import read_settings
    from orchestrator.errors import UsageError

    level = level_in_words(now) if now is not None else None
    if now is not None and level is None:
        raise UsageError(f"--is {now} is no level.", "Write --is 40% or --is off.")
    return Calibrator(
        place,
        device,
        address_of(place),
        read_settings({"home": path}).base,
        said=level,
        ask=_ask if is_asked else None,
        tell=_ignore if as_json else _tell_trial,
        warn=_warn,
    )


def _run(calibrator: "Calibrator") -> "Calibration":
    """Ctrl-C and its like end the trials; a second one leaves the device as it is. Raises what `run` raises."""
    import asyncio

    from orchestrator.cli.interrupts import on_interrupt

    async def run() -> "Calibration":
        task = asyncio.current_task()
        assert task is not None
        with on_interrupt(task.cancel):
            return await calibrator.run()

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _ask(question: str, answers: Sequence[str]) -> str:
    """What a person types, while everything else goes on; asked again where it is none of the answers."""
    import asyncio

    from orchestrator.errors import UsageError

    loop = asyncio.get_running_loop()
    while True:
        print(f"{question}: ", end="", flush=True)
        typed: asyncio.Future[str] = loop.create_future()
        loop.add_reader(sys.stdin.fileno(), _typed, typed)
        try:
            line = await typed
        finally:
            loop.remove_reader(sys.stdin.fileno())
        if not line:
            raise UsageError("The questions were not answered.", "In a pipe nothing is asked.")
        if not answers or line.strip().lower() in answers:
            return line.strip().lower()


def _typed(line: "asyncio.Future[str]") -> None:
    if not line.done():
        line.set_result(sys.stdin.readline())


def _ignore(_heard: "Hearing") -> None:
    """As JSON everything comes at once."""


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _tell_trial(heard: "Hearing") -> None:
    from orchestrator.calibration.hearing import Moved, TrialAnswer
    from orchestrator.calibration.trial import Tried

    match heard.answer:
        case TrialAnswer.CONFIRMED:
            words = f"confirmed after {heard.seconds:.1f} s"
        case TrialAnswer.OTHER:
            words = f"not confirmed: it says {heard.shown() or 'something else'}"
        case TrialAnswer.SILENT:
            words = "it says nothing"
    if heard.trial.tried is Tried.FADE:
        words += {
            Moved.GRADUALLY: "; it was heard on its way",
            Moved.AT_ONCE: "; it was there at once",
            Moved.UNKNOWN: "; it does not say how it gets there",
        }[heard.moved]
    print(f"  {heard.trial.about:24} {words}", flush=True)


def _tell(device: "Device", outcome: "Calibration", found: "Sequence[Finding]") -> None:
    from orchestrator.calibration.trial import comes_on_dim, untried

    was = outcome.was.text()
    back = {
        True: "it says that it is as it was",
        False: "NOT CONFIRMED, look at it: it was",
        None: "told, as it never says it,",
    }[outcome.given_back]
    if was or not outcome.given_back:  # a voice has nothing to give back
        print(f"  {'given back':24} {back}{f': {was}' if was and outcome.given_back else f' {was}' if was else ''}")
    if comes_on_dim(device.abilities, outcome.was, [each.trial.tried for each in outcome.heard]):
        print(
            "It comes on as dim the next time: how bright it was before it was off it cannot be told while it is off."
        )
    if left := untried(device.abilities, outcome.was):
        print(f"Not tried, because it does not say how it is: {', '.join(left)}.")
    for why in outcome.refusals:
        print(f"It was refused: {why}")
    if not found and not _is_refused(outcome):
        print("Nothing follows for the home file: relax knows this device as it is.")
    for each in found:
        print(f"{each.key}: {_yaml(each.value)}   # {each.why}")


def _written(path: Path, name: str, found: "Sequence[Finding]", *, yes: bool, is_asked: bool, told: Any) -> bool:
    """Shown first; whether it was written then."""
    from difflib import unified_diff

    from orchestrator.cli.home_rewriting import home_text_of, rewrite
    from orchestrator.home.editing import with_keys

    before = home_text_of(path)
    after = with_keys(before, str(path), "devices", name, {each.key: each.value for each in found})
    difference = unified_diff(before.splitlines(), after.splitlines(), str(path), str(path), lineterm="", n=1)
    print("\n".join(difference), file=told)
    if not yes and is_asked:
        print(f"Write this into {path}? [y/N]: ", end="", flush=True)
        yes = sys.stdin.readline().strip().lower() in ("y", "yes")
    if not yes:
        print(f"{path} stays as it is." + ("" if is_asked else " With --yes this is written into it."), file=told)
        return False
    rewrite(path, after)
    print(f"Written into {path}.", file=told)
    return True


def _yaml(value: str | bool) -> str:
    from orchestrator.home.editing import yaml_text

    return yaml_text(value)


def _as_data(
    device: "Device", outcome: "Calibration", found: "Sequence[Finding]", *, is_written: bool
) -> Mapping[str, Any]:
    from orchestrator.calibration.trial import comes_on_dim, untried

    return {
        "device": device.name,
        "was": outcome.was.text(),
        "answers_after": _seconds(outcome.answer_after),
        "tried": [
            {
                "what": each.trial.tried.value,
                "about": each.trial.about,
                "answer": each.answer.value,
                "seconds": each.seconds,
                "says": each.shown(),
                "moved": each.moved.value if each.trial.from_level is not None and each.trial.length else None,
            }
            for each in outcome.heard
        ],
        "untried": untried(device.abilities, outcome.was),
        "refused": list(outcome.refusals),
        "sets": {each.key: each.value for each in found},
        "because": {each.key: each.why for each in found},
        "given_back": outcome.given_back,
        "comes_on_dim": comes_on_dim(device.abilities, outcome.was, [each.trial.tried for each in outcome.heard]),
        "written": is_written,
    }


def _seconds(length: int | None) -> float | None:
    return None if length is None else round(length / 1000, 3)
