"""What a shell may offer while somebody types. It says nothing where a file cannot be read."""

from contextlib import suppress


def scene_names(incomplete: str) -> list[str]:
    """The scenes of the catalogue that begin so."""
    from orchestrator.scenes.library import catalogue

    return [name for name in catalogue() if name.startswith(incomplete)]


def room_names(incomplete: str) -> list[str]:
    """The rooms of the home that would be used."""
    from orchestrator.cli.chosen import default_home, home_at
    from orchestrator.errors import RelaxError

    with suppress(RelaxError):
        return [name for name in home_at(default_home()).model.rooms if name.startswith(incomplete)]
    return []
