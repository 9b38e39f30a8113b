"""What happens in rooms, whoever started what there, until somebody has seen enough."""

from orchestrator.cli.client.client import Client, News
from orchestrator.cli.client.status_text import state_as_json
from orchestrator.cli.follow.json_lines import EventLines
from orchestrator.cli.follow.remote_session import presence_text
from orchestrator.cli.follow.renderer import FollowedEvent, Renderer
from orchestrator.cli.follow.text_renderer import followed_text
from orchestrator.cli.interrupts import on_interrupt
from orchestrator.cli.json_output import print_json_line
from orchestrator.integrations.outgoing import EventMessage, SessionState


async def watch_rooms(client: Client, room: str | None, *, as_json: bool) -> None:
    """Show the events of a room, or of all, until the client leaves. Raises OSError where nobody reads any more.

    As JSON how the rooms stand, and whether the daemon is there, are objects as well.
    """
    names_rooms = room is None and len(client.states) > 1
    renderer: Renderer = EventLines() if as_json else followed_text(client, names_rooms=names_rooms)
    with on_interrupt(client.leave):
        while (news := await client.next()) is not None:
            if room is None or news.room in ("", room):
                _show(news, renderer, as_json=as_json)


def _show(news: News, renderer: Renderer, *, as_json: bool) -> None:
    match news.what:
        case EventMessage():
            renderer.happened(FollowedEvent.received(news.room, news.what))
        case bool() if as_json:
            print_json_line({"online": news.what})
        case bool():
            renderer.told(presence_text(is_online=news.what))
        case SessionState() if as_json:
            print_json_line({"room": news.room, "session": state_as_json(news.what)})
        case SessionState():
            pass
