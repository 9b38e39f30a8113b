"""The way in and the ways out: versions, sentences, exit codes, and what it costs to be there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator import __version__
from orchestrator.cli.exit_codes import INTERRUPTED
from tests.cli.conftest import processor_seconds
from tests.conftest import LIMIT

ROOT = Path(__file__).parents[2]
BLIND = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("arguments", [("--version",), ("-V",), ("--version", "scenes")])
def test_it_says_its_version(relax, arguments):
    assert relax(*arguments) == (0, f"relax {__version__}\n", "")


def test_help_lists_what_there_is_and_nothing_else(relax, snapshot):
    done = relax("--help")
    assert done.code == 0
    assert done.out == snapshot


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("simulate", "foot-masage"), 2, "Did you mean foot-massage?"),
        (("simulate", "nowhere/at-all.yaml"), 2, "There is no scene file nowhere/at-all.yaml."),
        (("simulate", "foot-massage", "--room", "attic"), 2, "no room 'attic'"),
        (("simulate", "foot-massage", "--set", "feet=bth"), 2, "Did you mean 'both'?"),
        (("simulate", "foot-massage", "--set", "foot=left"), 2, "There are: "),
        (("simulate", "foot-massage", "--set", "soak=1h"), 2, "soak cannot be 1h."),
        (("simulate", "foot-massage", "--set", "bath"), 2, "Write --set name=value"),
        (("simulate", "box-breathing", "--language", "fr"), 2, "It speaks: en, de."),
        (("simulate", "foot-massage", "--speed", "0"), 2, "from 0.1 to 1000"),
        (("simulate", "foot-massage", "--speed", "nan"), 2, "from 0.1 to 1000"),
        (("simulate", "foot-massage", "--hold", "5"), 2, "write 90s"),
        (("simulate", "foot-massage", "--fault", "lamp=haunted"), 2, "There is no fault 'haunted'"),
        (("simulate", "foot-massage", "--fault", "moon=offline"), 2, "no simulated device 'moon'"),
        (("simulate", "foot-massage", "--home", "nowhere.yaml"), 2, "nowhere.yaml"),
        (("plan", "foot-massage", "--at", "9h"), 2, "after the end"),
        (("plan", "foot-massage", "--svg", "/nowhere/at-all.svg"), 1, "cannot be written"),
        (("run", "foot-massage"), 2, "--broker HOST:PORT"),
        (("run", "foot-massage", "--hold", "5s"), 2, "It goes with --standalone only."),
        (("run", "foot-massage", "--standalone", "--detach"), 2, "--detach makes no sense here."),
        (("run", "mine/evening.yaml"), 2, "beside the home file, or say --standalone"),
        (("status",), 2, "Say --home FILE"),
        (("status", "--broker", "nowhere:x"), 2, "Write host:port"),
        (("history", "--since", "yesterday"), 2, "Write it as 2026-11-01."),
        (("history", "--state-dir", "."), 1, "There is no journal"),
        (("api",), 2, "Say --asyncapi"),
        (("daemon", "--home", "nowhere.yaml"), 2, "nowhere.yaml"),
        (("daemon", "--log-format", "xml"), 2, "log_format"),
        (("run", "foot-massage", "--standalone"), 2, "--home FILE"),
        (("home", "check"), 2, "--home FILE"),
        (("simulator",), 2, "--home FILE"),
        (("scenes", "new", "Not A Name"), 2, "no name for a scene"),
    ],
)
def test_what_a_person_got_wrong_is_one_line_that_says_what_to_do(relax, arguments, code, says):
    done = relax(*arguments)
    assert done.code == code
    assert says in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""


@pytest.mark.parametrize("arguments", [("simulate",), ("dance",), ("simulate", "foot-massage", "--loud")])
def test_wrong_use_is_exit_2(relax, arguments):
    done = relax(*arguments)
    assert done.code == 2
    assert "Error: " in done.err


def test_a_fault_of_ours_is_a_sentence_and_no_traceback(relax, monkeypatch):
    monkeypatch.setattr("orchestrator.cli.arguments.planned_start", lambda *_, **__: 1 / 0)
    done = relax("simulate", "foot-massage")
    assert done.code == 1
    assert done.err.startswith("This is a fault of relax, not yours: ZeroDivisionError")
    assert "Traceback" not in done.err


def test_a_fault_of_ours_can_be_looked_into(relax, monkeypatch):
    monkeypatch.setenv("RELAX_DEBUG", "1")
    monkeypatch.setattr("orchestrator.cli.arguments.planned_start", lambda *_, **__: 1 / 0)
    assert "Traceback" in relax("simulate", "foot-massage").err


def test_a_reader_that_has_seen_enough_is_no_error(process):
    reader = process("simulate", "foot-massage", "--json")
    assert reader.stdout.readline()
    reader.stdout.close()
    assert reader.wait(timeout=LIMIT) == 0
    assert reader.stderr.read() == ""


def test_ctrl_c_before_there_is_a_room_is_quiet(relax, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("orchestrator.cli.arguments.planned_start", interrupted)
    assert relax("simulate", "foot-massage") == (INTERRUPTED, "", "")


def test_help_costs_no_more_than_two_and_a_half_times_typer():
    """Of the processor's time, in turns, so that whatever else the machine does falls on both; the quickest counts."""
    bare, ours = [], []
    for _ in range(7):
        bare.append(processor_seconds("-c", "import typer"))
        ours.append(processor_seconds("-m", "orchestrator", "--help"))
    assert min(ours) / min(bare) <= 2.5


def test_nothing_heavy_is_imported_for_help():
    heavy = {"pydantic", "rich", "jinja2", "paho", "yaml", "asyncio"}
    code = f"""
import sys
from orchestrator.cli.entry import main
try:
    main(["--help"])
except SystemExit:
    print({heavy!r} & set(sys.modules), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], env=BLIND, capture_output=True, text=True, check=True)
    assert done.stderr == "set()\n"


def test_the_version_needs_no_typer():
    code = """
import sys
from orchestrator.cli.entry import main
try:
    main(["--version"])
except SystemExit:
    print("typer" in sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], env=BLIND, capture_output=True, text=True, check=True)
    assert done.stderr == "False\n"
