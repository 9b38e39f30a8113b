"""Where `relax` begins and ends: every error as a sentence, every way out with its exit code.

Nothing is imported here before it is needed: what a command line costs before it does anything is felt each time.
"""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from orchestrator import __version__
from orchestrator.cli.exit_codes import INTERRUPTED
from orchestrator.cli.other_signs import allow_any_output

if TYPE_CHECKING:
    from orchestrator.errors import RelaxError

YOUNG = 200_000
"""How many objects are made before Python looks for rubbish among them.

Its own 700 has it look through all that is being loaded, several times and for nothing: a tenth of `relax simulate`.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says. Raises SystemExit with its exit code, and nothing else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):
        print(f"relax {__version__}")
        sys.exit(0)
    gc.set_threshold(YOUNG)
    allow_any_output()
    sys.exit(_done(given))


def _done(arguments: list[str]) -> int:
    # Looking for plugins of pydantic reads the metadata of every installed package: 20 ms for nothing.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from orchestrator.cli.app import app
    from orchestrator.errors import RelaxError

    try:
        code = app(arguments, prog_name="relax", standalone_mode=False)
        sys.stdout.flush()
    except RelaxError as error:
        return _explained(error, arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _unread()
    except SystemExit as left:  # typer takes a broken pipe for a failure
        if isinstance(left.__context__, BrokenPipeError):
            return _unread()
        raise
    except Exception as error:  # noqa: BLE001 the last place where a sentence can be made of it
        return _unexpected(error, arguments)
    return code if isinstance(code, int) else 0


def _unread() -> int:
    """Whoever reads has seen enough: no error. Python flushes once more as it ends, into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ is not None else 1)
    return 0


def _explained(error: "RelaxError", arguments: list[str]) -> int:
    """What relax can explain: as a sentence, and as JSON where that was asked for."""
    if _speaks_json(arguments):
        from orchestrator.cli.json_output import failure_record, print_json_line

        try:
            print_json_line(failure_record(error))
        except BrokenPipeError:
            _unread()
    return _said(str(error), error.exit_code)


def _speaks_json(arguments: list[str]) -> bool:
    """Whether the command line says `--json`, and not as a word behind `--`."""
    ends = arguments.index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:ends]


def _unexpected(error: Exception, arguments: list[str]) -> int:
    """Wrong use, which typer words; else something that is nobody's fault but ours."""
    from orchestrator.errors import RelaxError

    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if callable(show) and isinstance(code, int):
        if _speaks_json(arguments):
            _wrong_use_as_json(error)
        show()
        return code
    if os.environ.get("RELAX_DEBUG"):
        import traceback

        traceback.print_exception(error)
    sentence = f"This is a fault of relax, not yours: {type(error).__name__}: {error}."
    return _explained(RelaxError(sentence, "With RELAX_DEBUG=1 it tells more; please report that."), arguments)


def _wrong_use_as_json(error: Exception) -> None:
    from orchestrator.cli.json_output import failure_record, print_json_line
    from orchestrator.errors import UsageError

    context, words = getattr(error, "ctx", None), getattr(error, "format_message", None)
    hint = f"{context.command_path} --help says what there is." if context is not None else ""
    with suppress(BrokenPipeError):
        print_json_line(failure_record(UsageError(words() if callable(words) else str(error), hint)))


def _said(sentence: str, code: int) -> int:
    from orchestrator.documents.plain_text import printable

    print(printable(sentence), file=sys.stderr)
    return code
