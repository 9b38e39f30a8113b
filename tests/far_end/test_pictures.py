"""How the card and the room's device look in a real Home Assistant: on phone and desk, in two languages, in the dark.

Each is looked at by a judge of words: nothing is unknown, missing or in the other language, and what ends a session is
seen without scrolling. The pictures are for people: RELAX_PICTURES names the folder in which they are kept, and
docs/integrations/home_assistant/pictures.md shows them.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.conftest import Mosquitto
from tests.far_end.browser import DESKTOP, PHONE, Page, Screen, chromium
from tests.far_end.real_zigbee.service import ROOM, Service
from tests.far_end.rehearsed_home import LIGHTS, PACKAGE, STAND_INS, played_on
from tests.system.home_assistant import Client, HomeAssistant, found

pytestmark = [pytest.mark.timeout(1800), pytest.mark.broker]

TOP = Path(__file__).parents[2]
CARD = TOP / "docs/integrations/home_assistant/dashboard.yaml"
SCENE = "foot-massage"
NEVER = ("unknown", "Unknown", "Unbekannt", "Entity not found", "Entität nicht gefunden", "Error", "undefined", "None")
"""What no person is to read on the card."""
READY = {"en": "press next", "de": "auf Weiter drücken"}
"""There is a way to say next, so a step waits for it."""
ROOMS = {"en": "Bedroom", "de": "Schlafzimmer"}


class Look(NamedTuple):
    """One picture: which page, in which light."""

    name: str
    screen: Screen
    is_dark: bool = False
    is_device: bool = False
    around: str = ""
    """What is in the middle of it, where that is not at the top."""


async def shelf(client: Client) -> None:
    """A dashboard with nothing but the card."""
    await client.ask(
        "lovelace/dashboards/create", url_path="relax-card", title="relax", mode="storage", show_in_sidebar=False
    )
    card = yaml.safe_load(CARD.read_text(encoding="utf-8"))
    view = {"title": "relax", "type": "masonry", "cards": [card]}
    await client.ask("lovelace/config/save", url_path="relax-card", config={"views": [view]})


async def device_of(client: Client) -> str:
    (entity,) = [each for each in await client.entities() if each["entity_id"] == f"select.relax_{ROOM}_scene"]
    return str(entity["device_id"])


class Photographer:
    """Looks at what there is now, and keeps it."""

    def __init__(self, page: Page, home: HomeAssistant, client: Client, language: str, folder: Path | None) -> None:
        self._page = page
        self._home = home
        self._client = client
        self._language = language
        self._folder = folder

    async def look(self, look: Look, *seen: str) -> list[str]:
        """Open it, wait for these words, judge what can be read, keep it: what is read there."""
        await self._page.show_on(look.screen, is_dark=look.is_dark, language=self._language)
        path = f"config/devices/device/{await device_of(self._client)}" if look.is_device else "relax-card/0"
        await self._page.open(f"{self._home.url}/{path}")
        for words in seen:
            await self._page.reads(words)
        if look.around:
            await self._page.wait_for(look.around)
        await asyncio.sleep(1.0)  # until what moves in has come to rest
        if self._folder is not None:
            name = f"{'device' if look.is_device else 'card'}-{look.name}-{self._language}{'-dark' * look.is_dark}"
            await self._page.picture(self._folder / f"{name}.png")
        read = await self._page.words()
        if not look.is_device:
            assert not [each for each in read if each in NEVER], f"{look.name}: {read}"
        return read

    async def is_announced(self) -> None:
        """Until the room is called as in this language, and nothing is left of another."""
        select, title = f"select.relax_{ROOM}_scene", ROOMS[self._language]
        scene = {"en": "Foot massage", "de": "Fußmassage"}[self._language]
        await self._client.wait_for(
            select, lambda state: title in state["attributes"].get("friendly_name", "") and state["state"] == scene
        )

    async def cautions(self) -> list[str]:
        """Those that the choice of the room carries, as soon as it does."""
        select = f"select.relax_{ROOM}_scene"
        await self._client.wait_for(select, lambda state: state["attributes"].get("cautions"))
        return list(self._client.states[select]["attributes"]["cautions"])

    async def say(self, entity: str, attribute: str | None = None) -> str:
        """What an entity of the room says, as soon as it says something."""
        entity = f"{entity.partition('.')[0]}.relax_{ROOM}_{entity.partition('.')[2]}"

        def said(state: dict[str, Any]) -> Any:
            return state["attributes"].get(attribute) if attribute else state["state"]

        await self._client.wait_for(entity, lambda state: said(state) not in ("", None, "unknown", "unavailable"))
        return str(said(self._client.states[entity]))


def home_of(language: str) -> dict[str, Any]:
    """The room with a title in the language of the home, and a wind-down every evening."""
    roles = {"main": ["ceiling", "cloud"], "glow": ["strip", "white"], "music": "music", "voice": "voice"}
    schedule = {"scene": "evening-wind-down", "room": ROOM, "at": "22:15"}
    return {
        "language": language,
        "rooms": {ROOM: {"title": ROOMS[language], "roles": roles, "ready": READY}},
        "schedules": {"wind-down": schedule},
    }


async def do(work: Callable[..., object], *given: object, **more: object) -> None:
    """What relax's end waits for, while Home Assistant's goes on."""
    await asyncio.to_thread(work, *given, **more)


async def until_it_waits(service: Service) -> None:
    """In the first step that a person ends."""

    def waits() -> bool:
        return (service.state.get("hold") or {}).get("for") == "person"

    for _ in range(6):
        await do(service.tell, "next")
        for _ in range(60):
            if waits():
                return
            await asyncio.sleep(0.5)
    raise AssertionError("no step waits for a person")


async def evening(service: Service, camera: Photographer, looks: dict[str, tuple[Look, ...]]) -> None:
    """A quiet room, a step that waits, one that runs, a start that is refused, and relax gone."""

    async def look(state: str, *seen: str) -> list[str]:
        """What is read on all of them."""
        return [words for each in looks[state] for words in await camera.look(each, *seen)]

    await do(service.until, lambda: not service.state.get("missing"), "all are there")
    service.publish(f"relax/rooms/{ROOM}/choose", SCENE)
    await camera.is_announced()
    await look("idle", await camera.say("select.scene"))
    cautions = await camera.cautions()
    await look("cautions", *cautions)
    await do(service.tell, "start", scene=SCENE)
    await until_it_waits(service)
    prompt = await camera.say("sensor.step", "prompt")
    await look("waiting", await camera.say("sensor.step"), prompt)
    await do(service.tell, "goto", step="strokes:left")
    await do(service.until, lambda: service.state.get("chapter") == "strokes:left", "it strokes")
    await asyncio.sleep(2.0)
    assert not set(cautions) & set(await look("running", await camera.say("sensor.step"))), "they were read before"
    await do(service.tell, "abort")
    await do(service.is_given_back)
    service.publish(
        f"relax/rooms/{ROOM}/command", '{"command": "start", "scene": "foot-massage", "parameters": {"rounds": 3}}'
    )
    await look("refused", await camera.say("sensor.last_problem"))
    await do(service.kill)
    await look("down")


LOOKS: dict[str, dict[str, tuple[Look, ...]]] = {
    "en": {
        "idle": (Look("idle-phone", PHONE), Look("idle-desktop", DESKTOP, is_device=True)),
        "cautions": (Look("cautions-phone", PHONE, around="Start"),),
        "waiting": (Look("waiting-phone", PHONE, is_dark=True),),
        "running": (Look("running-phone", PHONE), Look("running-desktop", DESKTOP, is_dark=True)),
        "refused": (Look("refused-phone", PHONE),),
        "down": (Look("down-desktop", DESKTOP, is_device=True),),
    },
    "de": {
        "idle": (Look("idle-desktop", DESKTOP),),
        "cautions": (Look("cautions-desktop", DESKTOP, is_dark=True, around="Start"),),
        "waiting": (Look("waiting-phone", PHONE),),
        "running": (Look("running-desktop", DESKTOP, is_dark=True, is_device=True),),
        "refused": (Look("refused-phone", PHONE, is_device=True, around="Letztes Problem"),),
        "down": (Look("down-phone", PHONE, is_dark=True),),
    },
}


async def test_whoever_looks_reads_what_is_so(mosquitto: Mosquitto, tmp_path: Path) -> None:
    kept = os.environ.get("RELAX_PICTURES")
    with found() as home:
        home.put("custom_components/rehearsed", STAND_INS)
        home.put("packages/rehearsed.yaml", PACKAGE)
        await asyncio.to_thread(home.start, mosquitto.port)
        async with home.client() as client, chromium() as page:
            await client.wait_for(LIGHTS["ceiling"], "on")
            await shelf(client)
            await page.show_on(DESKTOP)
            await page.open(home.url)
            await page.go("Trusted Networks", to="Settings")
            for language, looks in LOOKS.items():
                for area in await client.ask("config/area_registry/list"):  # what a former language has called it
                    await client.ask("config/area_registry/update", area_id=area["area_id"], name=ROOMS[language])
                folder = tmp_path / language
                folder.mkdir()
                camera = Photographer(page, home, client, language, Path(kept) if kept else None)
                with played_on(home, mosquitto.port, folder, **home_of(language)) as service:
                    await evening(service, camera, looks)
