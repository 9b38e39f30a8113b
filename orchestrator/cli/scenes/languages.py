"""`relax languages`: what relax itself can say, and in which languages."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.exit_codes import FAULTY
from orchestrator.cli.json_output import print_json
from orchestrator.errors import Fault

languages = typer.Typer(help="The languages of relax's own words, and help for whoever adds one.", no_args_is_help=True)

Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="Files of languages; else all.")]

READ_BY = {"person": "a person", "model": "no person yet"}


@languages.command("list")
def list_languages(as_json: options.JsonData = False) -> None:
    """The languages that relax itself speaks, and who has read its words."""
    from orchestrator.errors import LanguageError
    from orchestrator.languages.library import known, load

    found = []
    for name, path in known().items():
        try:
            found.append(load(path))
        except LanguageError:
            typer.echo(f"{name} has faults, and is not spoken: `relax languages check` says which.", err=True)
    if as_json:
        print_json([{"language": each.language, "name": each.name, "read_by": each.read_by} for each in found])
        return
    from orchestrator.cli.terminal import page, text_table

    rows = [(each.language, each.name, READ_BY[each.read_by]) for each in found]
    page().print(text_table(("language", "name", "read by"), rows))


@languages.command()
def check(files: Files = None, as_json: options.JsonData = False) -> int:
    """Look files of languages over: every word that lacks or cannot be said, with its place. Exit code 2 for faults."""
    from orchestrator.errors import LanguageError
    from orchestrator.languages.library import known, load

    verdicts: list[tuple[Path, str, tuple[Fault, ...]]] = []
    for path in files or known().values():
        try:
            verdicts.append((path, f"{load(path).name}: fine", ()))
        except LanguageError as error:
            verdicts.append((path, "", error.faults))
    if as_json:
        print_json([
            {"source": str(path), "faults": [fault._asdict() for fault in faults]} for path, _, faults in verdicts
        ])  # fmt: skip
    else:
        for _, fine, faults in verdicts:
            for line in map(str, faults):
                print(line, file=sys.stderr)
            if fine:
                print(fine)
    return FAULTY if any(faults for *_, faults in verdicts) else 0
