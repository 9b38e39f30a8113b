"""`relax api`: what the daemon says and understands, as a document for machines."""

from typing import Annotated

import typer

from orchestrator.cli import options
from orchestrator.errors import UsageError

AsyncApi = Annotated[bool, typer.Option("--asyncapi", help="The MQTT interface, as an AsyncAPI 3 document.")]


def api(asyncapi: AsyncApi = False, base: options.Base = None) -> None:
    """The MQTT interface as a document."""
    if not asyncapi:
        raise UsageError("What is the document to be?", "Say --asyncapi")
    from orchestrator.daemon.settings import read_settings
    from orchestrator.integrations.asyncapi import text

    print(text(read_settings({"base": base}).base), end="")
