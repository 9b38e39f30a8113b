"""What one asks of relax in words, in a real Home Assistant: Assist, scripts, and the tools of a language model.

Whatever is asked, the answer is what happened. Nothing of it is shown to a model before somebody exposes it.
"""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import yaml

from orchestrator.devices.messages import Message
from orchestrator.scenes import library
from tests.conftest import LIMIT, Mosquitto, until
from tests.daemon.serving import House, house
from tests.system.home_assistant import Client, HomeAssistant, found
from tests.system.imported import HERE, IMPORTED

pytestmark = pytest.mark.timeout(1800)

SCRIPTS = ("relax_start", "relax_steer", "relax_what_now", "relax_how_long")
ROOMS = """
home: house
format: 1
broker: {{host: 127.0.0.1, port: {port}, username: relax, password: "${{RELAX_BROKER_PASSWORD}}"}}
devices:
  ceiling: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/ceiling, colors: [temperature]}}
  strip: {{kind: light, dialect: home_assistant, command_topic: strip/command, state_topic: strip/state,
    availability_topic: strip/status, supported_color_modes: [rgb]}}
rooms:
  den: {{title: Den, ready: tap the phone, roles: {{main: ceiling}}}}
  living-room: {{title: {{en: Living room, de: Wohnzimmer}}, roles: {{main: strip}}}}
location: {{latitude: 52.52, longitude: 13.40, timezone: Europe/Berlin}}
schedules:
  late: {{scene: odd, room: den, at: "{at}"}}
"""
TITLE = 'It is "so", {7} & it\'s 100 % <odd>'
ODD = """
scene: odd
format: 1
languages: [en]
title: 'It is "so", {7} & it''s 100 % <odd>'
roles: {main: {kind: light}}
parameters: {rounds: {whole: 3, min: 1, max: 9}}
cautions: ['Not where it "hurts", {or} burns.']
steps:
  - {step: lie, title: Lie down, wait: {at_most: 10min, usually: 5min}}
  - {step: rest, title: Rest, lasts: 5min}
stopped: {look: restore, fade: 100ms}
"""


class Case(NamedTuple):
    """Asked in a way, of something with words for it: what comes back begins so, and how the den stands then."""

    way: str
    what: str
    given: dict[str, Any]
    answer: str
    code: str | None = None
    den: str | None = None


_first = library.load(next(iter(library.catalogue()))).model.title
FIRST_BEGINS = f"{_first['en'] if isinstance(_first, dict) else _first} begins."
"""The scene that is chosen for a room in which nobody has chosen one."""
SILENT = "relax does not answer: is it running?"
STORY = [
    # Nothing is on.
    Case("script", "relax_what_now", {"room": "den"}, "Nothing is on.", den="idle"),
    Case("script", "relax_what_now", {}, "Which room? There are: Den, Living room.", "unknown_room"),
    Case("script", "relax_how_long", {"room": "den", "language": "de"}, "Gerade läuft nichts."),
    Case("script", "relax_steer", {"command": "next", "room": "den"}, "Nothing is on", "not_now"),
    Case(
        "script",
        "relax_start",
        {"scene": "flying", "room": "den"},
        "There is no scene 'flying'",
        "unknown_scene",
        "idle",
    ),
    Case(
        "script", "relax_start", {"scene": "odd", "room": "cellar"}, "relax has no room called cellar.", "unknown_room"
    ),
    Case(
        "script",
        "relax_start",
        {"scene": "odd", "room": "den", "parameters": {"sides": 3}},
        "",
        "bad_parameter",
        "idle",
    ),
    Case(
        "tool", "relax_start", {"scene": "odd", "room": "Kitchen"}, "relax has no room called Kitchen.", "unknown_room"
    ),
    Case(
        "tool", "relax_start", {"scene": "foot massages", "room": "den"}, "There is no scene", "unknown_scene", "idle"
    ),
    Case("intent", "RelaxStart", {"scene": "odd", "language": "en"}, "Which room?", den="idle"),
    Case(
        "intent",
        "RelaxStart",
        {"scene": "odd", "area": "Kitchen", "language": "de"},
        "relax hat kein Zimmer",
        den="idle",
    ),
    Case("intent", "RelaxDo", {"command": "stop", "area": "Den", "language": "en"}, "Nothing is on.", den="idle"),
    Case("say", "start the foot massage in the kitchen", {}, "relax has no room called Kitchen.", den="idle"),
    Case("say", "what now in the den", {}, "Nothing is on."),
    Case("say", "was jetzt im Den", {"language": "de"}, "Gerade läuft nichts."),
    # A title in words, with what templates and JSON are made of.
    Case(
        "script",
        "relax_start",
        {"scene": TITLE.upper(), "room": "the den"},
        f'{TITLE} begins. Not where it "hurts", {{or}} burns.',
        den="holding",
    ),
    Case("script", "relax_start", {"scene": "quiet", "room": "den"}, "", "room_busy", "holding"),
    Case("tool", "relax_what_now", {}, "Lie down. When you are ready, tap the phone.", den="holding"),
    Case("tool", "relax_how_long", {"room": "den"}, 'It is "so"'),
    Case("tool", "relax_steer", {"command": "pause", "room": "Snug"}, "Paused.", den="paused"),
    Case("script", "relax_steer", {"command": "next"}, "We go on.", den="holding"),
    Case("tool", "relax_steer", {"command": "next"}, "Rest.", den="running"),
    Case("tool", "relax_steer", {"command": "extend", "by": "90s"}, "One minute and 30 seconds more.", den="running"),
    Case("tool", "relax_steer", {"command": "volume", "level": 30, "room": "den"}, "", "not_now", "running"),
    Case("say", "pause the session", {}, "Paused.", den="paused"),
    Case("say", "weiter", {"language": "de"}, "Es geht weiter.", den="running"),
    Case("say", "how long does the session take in the snug", {}, 'It is "so"'),
    # Short words, while it is on.
    Case("say", "hold on", {}, "Paused.", den="paused"),
    Case("say", "bin wieder da", {"language": "de"}, "Es geht weiter.", den="running"),
    Case("say", "five more minutes", {}, "Five minutes more.", den="running"),
    Case("say", "kannst du zehn Minuten dranhängen", {"language": "de"}, "Zehn Minuten mehr.", den="running"),
    Case("say", "louder", {}, "No music plays in this session.", den="running"),
    Case("say", "wie lange noch", {"language": "de"}, 'It is "so"'),
    Case("say", "that's enough", {}, "We stop here.", den="idle"),
    # No scene: what was chosen.
    Case("tool", "relax_start", {"room": "Living room"}, FIRST_BEGINS, den="idle"),
    Case("tool", "relax_steer", {"command": "stop"}, "We stop here.", den="idle"),
    # What a scene lets one choose, and what it does not.
    Case(
        "say",
        "start the hand massage in the den without oil for ten minutes",
        {},
        "Hand massage begins. It takes its usual",
    ),
    Case("intent", "RelaxDo", {"command": "stop", "area": "Den", "language": "en"}, "We stop here.", den="idle"),
]
DEAD = [
    Case("say", "start the foot massage in the den", {}, SILENT),
    Case("say", "nächster Schritt im Den", {"language": "de"}, "relax antwortet nicht: Läuft es?"),
    Case("script", "relax_start", {"scene": "odd", "room": "den"}, SILENT, "no_answer"),
    Case("script", "relax_what_now", {"room": "den"}, SILENT, "no_answer"),
    Case("tool", "relax_start", {"scene": "odd", "room": "Snug"}, SILENT, "no_answer"),
    Case("intent", "RelaxDo", {"command": "stop", "area": "Den", "language": "en"}, SILENT),
]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.kill()


@pytest.fixture(scope="module")
def home(broker: Mosquitto) -> Iterator[HomeAssistant]:
    with found() as home:
        home.put("custom_components/rehearsed", HERE / "stand_ins/rehearsed")
        for language in ("en", "de"):
            for name in ("relax", "relax_scenes"):
                home.put(f"custom_sentences/{language}/{name}.yaml", IMPORTED / f"sentences/{language}/{name}.yaml")
            home.put(f"packages/relax_words_{language}.yaml", IMPORTED / f"session_words/{language}.yaml")
        home.put("packages/relax.yaml", IMPORTED / "relax.yaml")
        home.put("packages/rest.yaml", yaml.safe_dump({"rehearsed": None, "conversation": None}))
        broker.start()
        home.start(broker.port)
        yield home


def in_half_a_day() -> str:
    """When nothing of ours is due by itself."""
    return f"{datetime.now(ZoneInfo('Europe/Berlin')) + timedelta(hours=12):%H:%M}"


@asynccontextmanager
async def both(home: HomeAssistant, broker: Mosquitto, folder: Path) -> AsyncIterator[tuple[House, Client]]:
    """relax with its two rooms, which Home Assistant knows; the den's area is called Snug as well."""
    (folder / "scenes").mkdir(exist_ok=True)
    (folder / "scenes" / "odd.yaml").write_text(ODD)
    async with home.client() as client, house(folder, broker, text=ROOMS.replace("{at}", in_half_a_day())) as place:
        for room in ("den", "living_room"):
            await client.wait_for(f"sensor.relax_{room}_status", "idle")
        (den,) = [area for area in await client.ask("config/area_registry/list") if area["name"] == "Den"]
        await client.ask("config/area_registry/update", area_id=den["area_id"], aliases=["Snug"])
        yield place, client


def post(home: HomeAssistant, path: str, body: dict[str, Any]) -> Any:
    token = (home.config / "token").read_text().strip()
    request = urllib.request.Request(
        f"{home.url}{path}",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from None


async def answered(case: Case, home: HomeAssistant, client: Client) -> dict[str, Any]:
    """The answer, and the code where it was refused and somebody can see that."""
    match case.way:
        case "intent":
            said = await asyncio.to_thread(post, home, "/api/intent/handle", {"name": case.what, "data": case.given})
            return {"answer": said["speech"]["plain"]["speech"]}
        case "say":
            said = await client.ask("conversation/process", **{"text": case.what, "language": "en", **case.given})
            return {"answer": said["response"]["speech"]["plain"]["speech"]}
        case "script":
            said = await client.ask(
                "call_service", domain="script", service=case.what, service_data=case.given, return_response=True
            )
            return dict(said["response"])
        case _:
            used = {"tool": f"script__{case.what}", "arguments": case.given}
            said = await client.ask(
                "call_service", domain="rehearsed", service="use_tool", service_data=used, return_response=True
            )
            assert "error" not in said["response"], said["response"]
            return dict(said["response"]["result"]["result"])


async def judge(case: Case, home: HomeAssistant, client: Client) -> None:
    said = await answered(case, home, client)
    assert str(said["answer"]).startswith(case.answer), (case, said)
    assert said["answer"], case
    if case.way in ("script", "tool"):
        assert (said["code"], said["ok"]) == (case.code, case.code is None), (case, said)
        if case.what == "relax_start" and case.code is None:
            assert said["caution"], (case, said)


async def seen(client: Client, place: House, case: Case) -> None:
    """In relax; and Home Assistant knows of it, which says where something is on."""
    den = str(case.den)
    try:
        await until(lambda: place.client.state("den")["status"] == den)
    except AssertionError:
        raise AssertionError(f"{case}, but {place.client.state('den')}") from None
    there = {"holding": ("running", "waiting")}.get(den, (den,))
    await client.wait_for("sensor.relax_den_status", lambda state: state["state"] in there)
    if den != "idle":
        await client.wait_for("automation.relax_words_en", "on")
        await client.wait_for("automation.relax_words_de", "on")


async def test_nothing_is_shown_to_a_model_unasked_and_a_script_when_it_is_exposed(
    home: HomeAssistant, broker: Mosquitto, tmp_path: Path
) -> None:
    async with both(home, broker, tmp_path) as (_, client):
        assert not await tools(client)
        await expose(client)
        assert set(await tools(client)) == {f"script__{name}" for name in SCRIPTS}


async def tools(client: Client) -> list[str]:
    said = await client.ask("call_service", domain="rehearsed", service="tools", service_data={}, return_response=True)
    return [name for name in said["response"]["tools"] if "relax" in name.lower()]


async def expose(client: Client) -> None:
    scripts = [f"script.{name}" for name in SCRIPTS]
    await client.ask("homeassistant/expose_entity", assistants=["conversation"], entity_ids=scripts, should_expose=True)


async def test_whatever_is_asked_the_answer_is_what_happened(
    home: HomeAssistant, broker: Mosquitto, tmp_path: Path
) -> None:
    async with both(home, broker, tmp_path) as (place, client):
        await client.ask("config/area_registry/create", name="Kitchen")
        await expose(client)
        for case in STORY:
            await judge(case, home, client)
            if case.den is not None:
                await seen(client, place, case)
            if case.answer == FIRST_BEGINS:
                await client.wait_for("sensor.relax_living_room_status", lambda state: state["state"] != "idle")
            if case.answer.endswith("stop here."):
                await until(lambda: place.client.state("living-room")["status"] == "idle")
    async with home.client() as client:
        await client.wait_for("sensor.relax_den_status", "unavailable")
        await asyncio.gather(*(judge(case, home, client) for case in DEAD))  # each waits three seconds
    assert [line for line in home.complaints() if "custom integration rehearsed" not in line] == []


SAID: list[tuple[str, str, str, dict[str, Any]]] = [
    ("en", "start the foot massage", "RelaxStart", {"scene": "foot-massage"}),
    ("en", "start the evening wind down", "RelaxStart", {"scene": "evening-wind-down"}),
    ("en", "start box breathing in the living room", "RelaxStart", {"scene": "box-breathing", "area": "Living room"}),
    ("en", "box breathing for five minutes", "RelaxStart", {"scene": "box-breathing", "minutes": 5}),
    ("en", "foot massage only the left foot", "RelaxStart", {"scene": "foot-massage", "choice": "feet=left"}),
    ("en", "next step", "RelaxDo", {"command": "next"}),
    ("en", "go back one step", "RelaxDo", {"command": "back"}),
    ("en", "pause the massage", "RelaxDo", {"command": "pause"}),
    ("en", "stop the foot massage", "RelaxDo", {"command": "stop"}),
    ("en", "stop the session in the snug", "RelaxDo", {"command": "stop", "area": "Snug"}),
    ("en", "how long does the session take", "RelaxHowLong", {}),
    ("de", "starte die Fußmassage", "RelaxStart", {"scene": "foot-massage"}),
    ("de", "starte die Handmassage im Snug", "RelaxStart", {"scene": "hand-massage", "area": "Snug"}),
    ("de", "nächster Schritt", "RelaxDo", {"command": "next"}),
    ("de", "einen Schritt zurück", "RelaxDo", {"command": "back"}),
    ("de", "beende die Massage", "RelaxDo", {"command": "stop"}),
    ("de", "Massage beenden", "RelaxDo", {"command": "stop"}),
    ("de", "wie lange dauert die Massage noch", "RelaxHowLong", {}),
]
SHORT = [
    ("en", "stop", "stop"),
    ("en", "done", "next"),
    ("en", "five more minutes", "extend"),
    ("en", "what now", "what_now"),
    ("de", "stopp", "stop"),
    ("de", "hör auf", "stop"),
    ("de", "nochmal", "repeat"),
    ("de", "bin fertig", "next"),
    ("de", "noch fünf Minuten", "extend"),
    ("de", "was nun", "what_now"),
]


async def test_short_words_are_ours_only_while_something_is_on(
    home: HomeAssistant, broker: Mosquitto, tmp_path: Path
) -> None:
    """A sentence that an automation waits for is shown without an intent."""

    async def taken() -> list[bool]:
        found = []
        for language, sentence, _ in SHORT:
            (result,) = (
                await client.ask("conversation/agent/homeassistant/debug", sentences=[sentence], language=language)
            )["results"]
            name = (result or {}).get("intent", {}).get("name", "") if (result or {}).get("match") else ""
            assert not name.startswith("Relax"), sentence
            found.append(result is not None and "intent" not in result)
        return found

    async with both(home, broker, tmp_path) as (place, client):
        await client.wait_for("automation.relax_words_de", "off")
        assert not any(await taken())
        place.client.tell({"command": "start", "scene": "odd"})
        await client.wait_for("automation.relax_words_de", "on")
        assert all(await taken())
        # In another room they are not the session's.
        devices = {
            each["name"]: each["id"]
            for each in await client.ask("config/device_registry/list")
            if each["name"] in ("Relax Den", "Relax Living room")
        }
        word = {"word": "pause", "sentence": "pause", "language": "en"}
        there = Case("script", "relax_said", {**word, "device": devices["Relax Living room"]}, "", "not_here")
        here = Case("script", "relax_said", {**word, "device": devices["Relax Den"]}, "Paused.")
        assert (await answered(there, home, client))["code"] == "not_here"
        assert place.client.state("den")["status"] == "holding"
        assert (await answered(here, home, client))["answer"] == "Paused."
        place.client.tell({"command": "stop"})
        await client.wait_for("automation.relax_words_de", "off")
        await client.wait_for("automation.relax_words_en", "off")


@pytest.mark.parametrize(
    ("language", "sentence", "answer", "told"),
    [
        ("en", "no not today", "Not today, then.", "skipped"),
        ("de", "jetzt noch nicht frag mich nachher nochmal", "Dann später.", "postponed"),
    ],
)
async def test_what_is_announced_is_answered_in_words(
    language: str, sentence: str, answer: str, told: str, home: HomeAssistant, broker: Mosquitto, tmp_path: Path
) -> None:
    async with both(home, broker, tmp_path) as (place, client):
        await client.wait_for(f"automation.relax_words_{language}", "off")
        place.client.connection.publish([Message("relax/schedules/late/command", "announce")])
        await client.wait_for(f"automation.relax_words_{language}", "on")
        said = await answered(Case("say", sentence, {"language": language}, answer), home, client)
        assert said["answer"] == answer
        state = "relax/schedules/late/state"
        await until(lambda: json.loads([one.payload for one in place.client.heard if one.topic == state][-1])[told])


async def test_the_sentences_are_understood_by_assist(home: HomeAssistant, broker: Mosquitto, tmp_path: Path) -> None:
    """By the conversation agent of Home Assistant itself; areas by their names and aliases."""
    async with both(home, broker, tmp_path) as (_, client):
        for language in ("en", "de"):
            await client.wait_for(f"automation.relax_words_{language}", "off")
        for language, sentence, intent, slots in SAID:
            (found,) = (
                await client.ask("conversation/agent/homeassistant/debug", sentences=[sentence], language=language)
            )["results"]
            assert found is not None, sentence
            assert found["intent"]["name"] == intent, sentence
            understood = {name: slot["value"] for name, slot in found["details"].items()}
            assert understood.items() >= {"language": language, **slots}.items(), sentence


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_scene_that_ships_can_be_said(language: str) -> None:
    scenes = yaml.safe_load((IMPORTED / f"sentences/{language}/relax_scenes.yaml").read_text())["lists"]["relax_scene"]
    assert {value["out"] for value in scenes["values"]} == set(library.catalogue())


def test_there_are_enough_cases() -> None:
    assert len(STORY) + len(DEAD) >= 30
    assert {case.way for case in STORY} == {case.way for case in DEAD} == {"say", "script", "tool", "intent"}
