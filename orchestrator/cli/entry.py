"""Where `relax` begins and ends: every error as a sentence, every way out with its exit code.

Nothing is imported here before it is needed: what a command line costs before it does anything is felt each time.
"""

import gc
import os
import sys
from collections.abc import Sequence

from orchestrator import __version__
from orchestrator.cli.exit_codes import FAILED, INTERRUPTED
from orchestrator.cli.other_signs import allow_any_output

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
        return _said(str(error), error.exit_code)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _unread()
    except SystemExit as left:  # typer takes a broken pipe for a failure
        if isinstance(left.__context__, BrokenPipeError):
            return _unread()
        raise
    except Exception as error:  # noqa: BLE001 the last place where a sentence can be made of it
        return _unexpected(error)
    return code if isinstance(code, int) else 0


def _unread() -> int:
    """Whoever reads has seen enough: no error. Python flushes once more as it ends, into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ is not None else 1)
    return 0


def _unexpected(error: Exception) -> int:
    """Wrong use, which typer words; else something that is nobody's fault but ours."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if callable(show) and isinstance(code, int):
        show()
        return code
    if os.environ.get("RELAX_DEBUG"):
        import traceback

        traceback.print_exception(error)
    sentence = f"This is a fault of relax, not yours: {type(error).__name__}: {error}."
    return _said(f"{sentence} With RELAX_DEBUG=1 it tells more; please report that.", FAILED)


def _said(sentence: str, code: int) -> int:
    from orchestrator.documents.plain_text import printable

    print(printable(sentence), file=sys.stderr)
    return code
