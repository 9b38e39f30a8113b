"""`relax integrations`: how others in the house are told of the rooms."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.cli.json_output import print_json, print_json_line

if TYPE_CHECKING:
    from orchestrator.daemon.settings import Settings
    from orchestrator.devices.messages import Message
    from orchestrator.home.library import Home

integrations = typer.Typer(help="How others in the house are told of the rooms.", no_args_is_help=True)

Clear = Annotated[bool, typer.Option("--clear", help="Take what was announced from the broker, instead.")]


@integrations.callback()
def _group() -> None:
    """How others in the house are told of the rooms."""  # without this a group of one command is that command


@integrations.command("home-assistant")
def home_assistant(
    home: options.DaemonHome = None,
    broker: options.Broker = None,
    *,
    base: options.Base = None,
    state_dir: options.StateDir = None,
    clear: Clear = False,
    as_json: options.JsonData = False,
) -> int:
    """What Home Assistant is told: each room, below the topic on which it is announced."""
    import json

    from orchestrator.daemon.settings import read_settings

    if clear:
        return _clear(home, broker, base, as_json=as_json)
    from orchestrator.cli.arguments import home_at, own_home

    path = own_home(home)
    messages = _announced(home_at(path), read_settings({"home": path, "base": base, "state_dir": state_dir}))
    if as_json:
        found = [{"topic": message.topic, "payload": json.loads(message.payload)} for message in messages]
        print_json(found)
        return 0
    for message in messages:
        print(message.topic)
        print_json(json.loads(message.payload))
    if not messages:
        print(f"Home Assistant is told nothing: {path} says so under `home_assistant`.")
    return 0


def _announced(home: "Home", settings: "Settings") -> "list[Message]":
    """As the daemon would publish it, with what was chosen where there is a journal to say so."""
    from contextlib import suppress

    from orchestrator.daemon.scene_repository import read_scenes
    from orchestrator.errors import JournalError
    from orchestrator.integrations.choices import Choice, Choices
    from orchestrator.integrations.home_assistant import Announcements, room_of, summaries_of
    from orchestrator.journal.queries import chosen
    from orchestrator.journal.reader import Reader

    remembered: dict[str, Choice] = {}
    with suppress(JournalError), Reader(settings.journal) as journal:
        remembered = {each.room: Choice(each.scene, each.parameters) for each in chosen(journal)}
    repository, _ = read_scenes(settings.folders)
    choices, schedules = Choices(home, repository.models()), summaries_of(home)
    choices.recall(remembered)
    announcements = Announcements.of(home, settings.base)
    rooms = (room_of(home, name, choices, schedules) for name in home.model.rooms)
    hub = announcements.announce_hub(home.model.language)
    return [*hub, *(each for room in rooms for each in announcements.announce(room))]


def _clear(home: options.DaemonHome, broker: options.Broker, base: options.Base, *, as_json: bool) -> int:
    import asyncio

    from orchestrator.cli.client.daemon_address import daemon_address
    from orchestrator.cli.home.discovery_cleanup import cleared

    where = daemon_address(home, broker)
    topics = asyncio.run(cleared(where, base or where.base))
    if as_json:
        print_json_line({"cleared": topics})
        return 0
    for topic in topics:
        print(f"Cleared {topic}")
    if not topics:
        print(f"Nothing of ours is announced at {where.address}.")
    print(
        "A daemon announces its rooms again when it or Home Assistant starts, unless its home says"
        " `home_assistant: off`."
    )
    return 0
