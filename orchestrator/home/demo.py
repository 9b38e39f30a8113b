"""The home that comes with relax, for whoever has named none: its room is `den`."""

from importlib import resources

from orchestrator.home.library import Home, read

SOURCE = "demo.yaml (comes with relax)"


def demo_home() -> Home:
    """Read the packaged file."""
    text = resources.files("orchestrator.home").joinpath("demo.yaml").read_text(encoding="utf-8")
    return read(text, SOURCE, environment={})
