"""Whoever asks for JSON gets JSON, also where a command can do nothing: of every command that takes `--json`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup

from orchestrator.cli.app import app
from orchestrator.cli.json_output import failure_record
from orchestrator.errors import Reason, Refused
from tests.cli.conftest import Done

Relax = Callable[..., Done]
NOBODY = "127.0.0.1:1"


def _commands(
    group: TyperGroup, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], TyperCommand | TyperGroup]]:
    for name, command in group.commands.items():
        assert isinstance(command, TyperCommand | TyperGroup)
        if any("--json" in option.opts for option in command.params):
            yield (*path, name), command
        if isinstance(command, TyperGroup):
            yield from _commands(command, (*path, name))


def _all_commands() -> dict[str, tuple[tuple[str, ...], TyperCommand | TyperGroup]]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {" ".join(path): (path, command) for path, command in _commands(group)}


COMMANDS = _all_commands()
CATALOGUE = {"scenes list", "languages list", "languages check"}
"""They read nothing of anybody's here, and have no way to fail."""


def _error(done: Done) -> dict[str, Any]:
    """What the last line of standard output, or all of it, says that it failed of."""
    said = json.loads(done.out)
    assert isinstance(said, dict)
    error = said["error"]
    assert isinstance(error, dict)
    return error


def test_every_command_that_speaks_json_is_looked_at() -> None:
    assert {"status", "stop", "owed", "owed pay", "run", "watch", "why", "trace", "plan", "devices test"} <= set(
        COMMANDS
    )


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - CATALOGUE))
def test_what_cannot_be_done_is_said_as_json(name: str, relax: Relax, tmp_path: Path, monkeypatch: Any) -> None:
    """A home file that is not there, a state folder with no journal in it."""
    monkeypatch.setenv("RELAX_STATE_DIR", str(tmp_path / "state"))
    path, command = COMMANDS[name]
    takes = {option for each in command.params for option in each.opts}
    needed = ["nix" for each in command.params if isinstance(each, TyperArgument) and each.required]
    where = ["--home", "nix.yaml"] if "--home" in takes else []
    if name == "home init":
        (tmp_path / "home.yaml").write_text("it is there already")
    done = relax(*path, *needed, *where, "--json")
    if done.code == 0 or "error" not in json.loads(done.out):
        # It looks a file over, or tells what it found: that is its answer.
        assert name in {"home check", "doctor", "schedules next"}, done
        return
    error = _error(done)
    assert error["message"]
    assert "hint" in error
    assert error["message"].splitlines()[0] in done.err, "and people read it where they always do"


@pytest.mark.parametrize(
    "wrong",
    [("trace", "--json"), ("stop", "--json", "--rom", "x"), ("devices", "record", "--json"), ("simulator", "--json")],
)
def test_wrong_use_is_said_as_json(wrong: tuple[str, ...], relax: Relax) -> None:
    done = relax(*wrong)
    assert done.code == 2
    assert _error(done)["message"] in done.err
    assert _error(done)["hint"]


def test_a_broker_where_nobody_answers_is_said_as_json(relax: Relax) -> None:
    done = relax("stop", "--broker", NOBODY, "--json")
    assert done.code == 3
    assert _error(done)["message"].startswith(f"No broker answers at {NOBODY}")


def test_where_the_house_said_no_its_word_for_that_is_there_too() -> None:
    refused = Refused(Reason.NOT_NOW, "Nothing is on.", "To start something: relax run SCENE")
    assert failure_record(refused) == {
        "error": {"code": "not_now", "message": "Nothing is on.", "hint": "To start something: relax run SCENE"}
    }


def test_without_json_nothing_is_on_standard_output(relax: Relax) -> None:
    done = relax("status", "--home", "nix.yaml")
    assert (done.code, done.out) == (2, "")


def test_what_stands_behind_two_dashes_is_no_option(relax: Relax) -> None:
    done = relax("plan", "--", "--json")
    assert (done.code, done.out) == (2, "")
