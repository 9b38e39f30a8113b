"""relax from outside: its command line, called in this process; the devices are the witness's own."""

import gc
import io
import json
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from tests.witness.house import House, read_home
from tests.witness.recording import Recording, first_states, of_lines
from tests.witness.twins import Before, Said

ROOT = Path(__file__).parents[2]
DEMO_HOME = ROOT / "orchestrator" / "home" / "demo.yaml"


class RelaxFailed(AssertionError):
    """It said no, or broke: the arguments, its exit code and what it said."""


class _Outside:
    """What relax prints to and reads from while the witness plays the devices."""

    encoding = "utf-8"

    def __init__(self, house: House) -> None:
        self.lines: list[dict[str, Any]] = []
        self._house = house
        self._started = False

    # relax writes

    def write(self, text: str) -> int:
        if text != "\n":
            self.lines.append(json.loads(text))
        return len(text)

    def flush(self) -> None:
        """Everything is there at once."""

    def isatty(self) -> bool:
        return False

    # relax asks

    def readline(self) -> str:
        line = self.lines[-1]
        t = line["t"]
        if "does" in line:
            said = self._house.do(t, line)
        elif "topic" in line:
            said = self._house.receive(t, line["topic"], line["payload"])
        elif self._started:
            said = self._house.advance(t)
        else:
            self._started, said = True, self._house.connected()
        return json.dumps({"say": [_message(each) for each in said], "next": self._house.due()})


def simulate(
    scene: str,
    home: Path,
    *,
    room: str | None = None,
    settings: tuple[str, ...] = (),
    language: str | None = None,
    do: tuple[str, ...] = (),
    hold: str | None = None,
    before: dict[str, Before] | None = None,
    more: tuple[str, ...] = (),
    name: str = "",
    is_simulated: bool = False,
    is_learnt: bool = False,
) -> Recording:
    """A session on virtual time, in which the witness plays the devices, or relax itself. Raises RelaxFailed.

    `is_learnt`: its voice was heard through a whole session before.
    """
    started = _start_arguments(scene, home, room, settings, language)
    document = read_home(home)
    outside = _Outside(House(document, before))
    deeds = [part for each in do for part in ("--do", each)]
    mode = "--heard" if is_simulated else "--outside"
    given = ["simulate", *started, *deeds, *(("--hold", hold) if hold else ()), mode, *more]
    with TemporaryDirectory(prefix="relax-witness-") as folder:
        if is_learnt:
            called([*given, "--journal", f"{folder}/learnt"], _Outside(House(document, before)))
            given, more = [*given, "--state-dir", f"{folder}/learnt"], (*more, "--state-dir", f"{folder}/learnt")
        called(given, outside)
        plan = plan_of(scene, home, room=room, settings=settings, language=language, more=more)
    more = more[:-2] if is_learnt else more
    label = {
        "scene": scene if "/" not in scene else Path(scene).stem,
        "settings": " ".join(
            [*settings, *([language] if language else []), *([f"hold {hold}"] if hold else []), *more]
        ),
        "home": name or home.stem,
        "do": " ".join(do),
        "voice": "a voice that is known" if is_learnt else "",
    }
    if is_simulated:
        before = first_states(outside.lines, document)
    return of_lines(outside.lines, label=label, plan=plan, home=document, before=before)


def plan_of(
    scene: str,
    home: Path,
    *,
    room: str | None = None,
    settings: tuple[str, ...] = (),
    language: str | None = None,
    more: tuple[str, ...] = (),
) -> dict[str, Any]:
    return _plan(tuple(_start_arguments(scene, home, room, settings, language)), more)


@lru_cache(maxsize=512)
def _plan(started: tuple[str, ...], more: tuple[str, ...]) -> dict[str, Any]:
    printed = io.StringIO()
    called(["plan", *started, "--json", *more], printed)
    plan: dict[str, Any] = json.loads(printed.getvalue())
    return plan


@lru_cache
def can(command: str, option: str) -> bool:
    """Whether a command has an option."""
    printed = io.StringIO()
    called([command, "--help"], printed)
    return option in printed.getvalue()


def called(arguments: list[str], out: object) -> None:
    """Call relax, which prints to `out` and reads from it. Raises RelaxFailed where its exit code is not 0."""
    from orchestrator.cli.entry import main

    errors = io.StringIO()
    threshold = gc.get_threshold()
    try:
        with patch.multiple(sys, stdin=out, stdout=out, stderr=errors):
            main(arguments)
    except SystemExit as left:
        if left.code != 0:
            raise RelaxFailed(f"relax {' '.join(arguments)}: exit {left.code}: {errors.getvalue().strip()}") from None
    finally:
        gc.set_threshold(*threshold)


def _start_arguments(
    scene: str, home: Path, room: str | None, settings: tuple[str, ...], language: str | None
) -> list[str]:
    given = [part for each in settings for part in ("--set", each)]
    spoken = ["--language", language] if language else []
    return [scene, "--home", str(home), *(["--room", room] if room else []), *given, *spoken]


def _message(said: Said) -> dict[str, Any]:
    return {"topic": said.topic, "payload": said.payload, "retain": said.retain}
