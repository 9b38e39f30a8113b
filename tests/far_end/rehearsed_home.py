"""A home of lamps, a switch, players and a voice that only a real Home Assistant has, and somebody who looks on there.

`tests/system/stand_ins/rehearsed` is their integration.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.far_end.real_zigbee.service import ROOM, Service
from tests.system.home_assistant import Client, HomeAssistant

STAND_INS = Path(__file__).parents[1] / "system/stand_ins/rehearsed"
PACKAGE = "rehearsed:\nassist_pipeline:\n"
MAIN, GLOW = ("ceiling", "cloud"), ("strip", "white")
LIGHTS = {name: f"light.rehearsed_{name}" for name in (*MAIN, *GLOW)}
MUSIC, SECOND, SCENT = "media_player.announcing", "media_player.plain", "switch.rehearsed_burner"
KEPT = ("brightness", "color_mode", "color_temp_kelvin", "rgb_color", "effect", "volume_level", "media_content_id")
"""What is compared of an entity; a white by its temperature, a colour as the eye sees it."""
OF_THIS_INSTALLATION = (
    "Skipping pip installation",
    "FFmpeg",
    "ffmpeg",
    "We found a custom integration",
    "integration: rehearsed",
)
"""What stands in its log at WARNING whatever happens."""
T = TypeVar("T")


class Watcher:
    """Somebody at Home Assistant, in a thread of their own: sees every state, and can do something."""

    def __init__(self, ha: HomeAssistant) -> None:
        self._ha = ha
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._client: Client | None = None
        self._context: Any = None

    def __enter__(self) -> Self:
        self._thread.start()
        self.look()
        return self

    def __exit__(self, *_: object) -> None:
        self.look_away()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def look(self) -> None:
        self._context = self._ha.client()
        self._client = self._do(self._context.__aenter__())

    def look_away(self) -> None:
        if self._client is not None:
            self._client = None
            self._do(self._context.__aexit__(None, None, None))

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @property
    def client(self) -> Client:
        assert self._client is not None
        return self._client

    def call(self, service: str, entity: str, **data: Any) -> None:
        self._do(self.client.call(service, entity, **data))

    def wait_for(self, entity: str, state: Any) -> None:
        self._do(self.client.wait_for(entity, state))

    def shown(self) -> dict[str, Mapping[str, Any]]:
        """What everything shows now."""
        found: dict[str, Mapping[str, Any]] = {}
        for entity, state in sorted(self.client.states.items()):
            if entity in (*LIGHTS.values(), MUSIC, SECOND, SCENT):
                shows = {"state": state["state"], **{key: state["attributes"].get(key) for key in KEPT}}
                is_white = shows["color_mode"] == "color_temp"
                found[entity] = {**shows, "rgb_color": None} if is_white else shows
        return found

    def changes(self, entity: str) -> list[dict[str, Any]]:
        """Its states since it is looked at, in order."""
        heard = (each["data"] for each in self.client.events if each.get("event_type") == "state_changed")
        return [each["new_state"] for each in heard if each["entity_id"] == entity and each["new_state"]]


def home(address: str, **more: Any) -> dict[str, Any]:
    """Nothing but what its entities are called: what they can they say themselves. `more` are keys of the file."""
    devices = {name: {"dialect": "hass", "entity": entity} for name, entity in LIGHTS.items()}
    devices |= {"music": {"dialect": "hass", "entity": MUSIC}, "burner": {"dialect": "hass", "entity": SCENT}}
    devices["voice"] = {"dialect": "hass", "entity": SECOND, "kind": "voice"}
    roles = {"main": list(MAIN), "glow": list(GLOW), "music": "music", "voice": "voice", "scent": "burner"}
    return {
        "home": "real",
        "format": 1,
        "home_assistant": {"address": address, "token_file": "token"},
        "devices": devices,
        "rooms": {ROOM: {"roles": roles}},
        "music": {"calm": "http://127.0.0.1/calm.mp3"},
        **more,
    }


@contextmanager
def played_on(ha: HomeAssistant, port: int, folder: Path, **more: Any) -> Iterator[Service]:
    """relax in service for it, with the token that Home Assistant was set up with."""
    (folder / "token").write_text((ha.config / "token").read_text())
    with Service(folder, home(ha.url, **more), port) as service:
        yield service


def begin(service: Service, scene: str, **given: Any) -> None:
    """As soon as everything is there."""
    service.until(lambda: not service.state.get("missing"), "all are there")
    service.tell("start", scene=scene, **given)


def reaches(service: Service, step: str) -> None:
    service.until(lambda: any(each["details"]["chapter"] == step for each in service.told("step_started")), step)
