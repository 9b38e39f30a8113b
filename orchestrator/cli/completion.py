"""What a shell may offer while somebody types. It says nothing where a file cannot be read."""

from contextlib import suppress


def scene_names(incomplete: str) -> list[str]:
    """The scenes of the catalogue that begin so."""
    from orchestrator.cli.arguments import own_folders
    from orchestrator.errors import RelaxError
    from orchestrator.scenes.library import catalogue

    with suppress(RelaxError):
        return [name for name in catalogue(own_folders()) if name.startswith(incomplete)]
    return []


def room_names(incomplete: str) -> list[str]:
    """The rooms of the home that would be used."""
    from orchestrator.cli.arguments import default_home, home_at
    from orchestrator.errors import RelaxError

    with suppress(RelaxError):
        return [name for name in home_at(default_home()).model.rooms if name.startswith(incomplete)]
    return []


def device_names(incomplete: str) -> list[str]:
    """The devices of the home that would be used."""
    from orchestrator.cli.arguments import default_home, home_at
    from orchestrator.errors import RelaxError

    with suppress(RelaxError):
        return [name for name in home_at(default_home()).devices if name.startswith(incomplete)]
    return []


def schedule_names(incomplete: str) -> list[str]:
    """The schedules of the home that would be used."""
    from orchestrator.cli.arguments import default_home, home_at
    from orchestrator.errors import RelaxError

    with suppress(RelaxError):
        return [name for name in home_at(default_home()).model.schedules if name.startswith(incomplete)]
    return []


def step_names(incomplete: str) -> list[str]:
    """The steps of what is on now, as far as the daemon's own catalogue is ours as well."""
    import asyncio

    from orchestrator.errors import RelaxError

    with suppress(RelaxError):
        return [name for name in asyncio.run(_steps_now()) if name.startswith(incomplete)]
    return []


async def _steps_now() -> list[str]:
    from orchestrator.cli.arguments import own_folders
    from orchestrator.cli.client.client import Client
    from orchestrator.cli.client.daemon_address import daemon_address
    from orchestrator.scenes.format.model import StepModel
    from orchestrator.scenes.format.tree import nodes
    from orchestrator.scenes.library import load

    async with Client(daemon_address(None, None)) as client:
        scenes = dict.fromkeys(state.scene for state in client.states.values() if state.scene is not None)
    found = (node for scene in scenes for _, node in nodes(load(scene, own_folders()).model))
    return list(dict.fromkeys(node.step for node in found if isinstance(node, StepModel)))
